# SPDX-License-Identifier: AGPL-3.0-or-later
"""Judging what the service signed about one act: receipts, and the head that comes with a conflict.

A receipt counts only if a service key of the directory signed it and every field names this act. Anything else
is forged or misdelivered and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from client.crypto import dsse
from client.domain.ids import MemberId, Moment
from client.domain.outbox import OtherVote, OutboxItem, OutboxKind, OutboxState
from client.errors import ContentMismatch, SignatureInvalid
from client.protocol import codec
from client.protocol.live import Heard
from client.protocol.messages import (
    CommentReceipt,
    LogHead,
    Receipt,
    ReceiptStatus,
    SessionReceipt,
    SignedTime,
    VoteHead,
)

T = TypeVar("T", Receipt, CommentReceipt, SessionReceipt, VoteHead, SignedTime, LogHead)

_LIMIT = codec.MAX_RECEIPT * 4 // 3 + codec.MAX_SMALL


@dataclass(frozen=True, slots=True)
class Accepted:
    """A verified receipt.

    Attributes:
        state: ``RECEIPTED`` or ``LATE``.
        received: The service's time.
    """

    state: OutboxState
    received: Moment


def accept(envelope: bytes, item: OutboxItem, *, member: MemberId, services: Mapping[str, str]) -> Accepted:
    """The receipt of ``item``.

    Raises:
        SignatureInvalid, FormatRefused: Not signed by a service, or not a receipt.
        ContentMismatch: A receipt of another act, member or poll.
    """
    if item.kind is OutboxKind.COMMENT:
        comment = signed(envelope, CommentReceipt, services=services)
        if comment.statement != item.statement or comment.member != member:
            raise ContentMismatch(f"receipt for another act than {item.n}")
        return Accepted(OutboxState.RECEIPTED, comment.received_at)
    if item.kind is OutboxKind.SESSION:
        heard = signed(envelope, SessionReceipt, services=services)
        if heard.statement != item.statement or heard.session != item.subject or heard.member != member:
            raise ContentMismatch(f"receipt for another act than {item.n}")
        return Accepted(OutboxState.LATE if heard.status is Heard.LATE else OutboxState.RECEIPTED, heard.received_at)
    receipt = signed(envelope, Receipt, services=services)
    if receipt.vote != item.statement or receipt.poll != item.subject or receipt.member != member:
        raise ContentMismatch(f"receipt for another act than {item.n}")
    late = receipt.status is ReceiptStatus.LATE
    return Accepted(OutboxState.LATE if late else OutboxState.RECEIPTED, receipt.received_at)


def head_of(envelope: bytes, item: OutboxItem, *, member: MemberId, services: Mapping[str, str]) -> OtherVote:
    """Which vote stands for the member in the poll of ``item``.

    Raises:
        Untrusted: Not the service's word on this member and poll.
    """
    head = signed(envelope, VoteHead, services=services)
    if head.poll != item.subject or head.member != member:
        raise ContentMismatch(f"head for another poll than that of {item.n}")
    return OtherVote(head.head, head.device, head.received_at)


def signed(envelope: bytes, kind: type[T], *, services: Mapping[str, str]) -> T:
    """A small object signed by the service that it names in ``by``.

    Raises:
        SignatureInvalid, FormatRefused: It is not.
    """
    opened = dsse.open_(envelope, services, limit=_LIMIT)
    value = codec.decode(opened.payload, kind, limit=codec.MAX_RECEIPT)
    if value.by != opened.keyid:
        raise SignatureInvalid(f"signed by {opened.keyid}, says {value.by}")
    return value

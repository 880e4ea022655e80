# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session on the wire: the publisher's plan, the service's state, a member's act, the receipt for it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import DeviceId, Hash, ItemId, MemberId, Moment, PackId, SessionId
from client.domain.live import ActText as ActWords
from client.domain.live import Plan, Room, SessionAct
from client.protocol.live import Heard
from client.protocol.messages.answers import LogPosition
from client.protocol.messages.base import KeyId, Number, Signed
from client.protocol.messages.statements import SealedFor


class SessionPlan(Signed, frozen=True, tag="ecab.session-plan/1"):
    """How a session is to run, signed by the publisher; ``version`` grows with every change of the agenda."""

    session: SessionId
    pack: PackId
    version: Annotated[int, Meta(ge=1, le=999_999)]
    plan: Plan


class SessionState(Signed, frozen=True, tag="ecab.session-state/1"):
    """The service's signed word on a session.

    Attributes:
        version: Place in the audit chain up to which it speaks; a client refuses an older one.
        plan: Hash of the plan in force.
    """

    session: SessionId
    version: Number
    plan: Hash
    room: Room
    at: Moment
    by: KeyId


class SessionStatement(Signed, frozen=True, tag="ecab.session-act/1"):
    """A member's act: what it is in the open, its words sealed to the secretariat's readers (empty without words)."""

    session: SessionId
    pack: PackId
    member: MemberId
    device: DeviceId
    n: Number
    prev: Hash | None
    act: SessionAct
    text: Annotated[tuple[SealedFor, ...], Meta(max_length=16)]
    made: Moment
    nonce: Annotated[bytes, Meta(min_length=12, max_length=32)]


class SessionActText(Signed, frozen=True, tag="ecab.session-text/1"):
    """What a reader finds when opening an act's words."""

    words: ActWords


class SessionReceipt(Signed, frozen=True, tag="ecab.session-receipt/1"):
    """The service's signed promise about one act."""

    statement: Hash
    session: SessionId
    member: MemberId
    status: Heard
    received_at: Moment
    log: LogPosition
    by: KeyId


class Conclusion(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.conclusion/1"):
    """An item's conclusion, sealed under the pack's scope key with ``names.conclusion_context``."""

    session: SessionId
    item: ItemId
    text: Annotated[str, Meta(min_length=1, max_length=40_000)]
    at: Moment

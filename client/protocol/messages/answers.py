# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service signs: receipts, heads, closing lists, the audit chain and the time."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ballot import VoteMode
from client.domain.ids import ChoiceCode, CommentId, DeviceId, Hash, MemberId, Moment, PollId, QuestionId, RuleSetId
from client.protocol.messages.base import KeyId, Number, Signed


class LogPosition(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the service's append-only hash chain."""

    index: Number
    head: Hash


class ReceiptStatus(Enum):
    """What became of a vote."""

    COUNTED = "counted"
    LATE = "late"


class Receipt(Signed, frozen=True, tag="ecab.receipt/1"):
    """The service's signed promise about one vote; it leaves only after the commit."""

    vote: Hash
    poll: PollId
    member: MemberId
    status: ReceiptStatus
    received_at: Moment
    log: LogPosition
    by: KeyId


class CommentReceipt(Signed, frozen=True, tag="ecab.comment-receipt/1"):
    """The service's signed promise about one comment."""

    statement: Hash
    comment: CommentId
    member: MemberId
    received_at: Moment
    log: LogPosition
    by: KeyId


class VoteHead(Signed, frozen=True, tag="ecab.vote-head/1"):
    """The service's signed word on a member's current vote; travels with a 409."""

    poll: PollId
    member: MemberId
    head: Hash
    device: DeviceId
    received_at: Moment
    by: KeyId


class CountedVote(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a closing list."""

    member: MemberId
    vote: Hash
    mode: VoteMode


class ClosingList(Signed, frozen=True, tag="ecab.closing/1"):
    """All counted votes and the totals at closing, signed; every client looks for its own hash in it.

    Attributes:
        present: Members who counted to the quorum at closing, for a vote in session; None for an opinion ballot
            and for a vote whose session the service did not run.
        tie: Choice of the member who breaks ties, by question, if that member voted.
        void: The papers changed under the ballot: it decides nothing.
    """

    poll: PollId
    poll_def: Hash
    closed: Moment
    counted: Annotated[tuple[CountedVote, ...], Meta(max_length=2_000)]
    late: Annotated[tuple[CountedVote, ...], Meta(max_length=2_000)]
    totals: dict[QuestionId, dict[ChoiceCode, Number]]
    eligible: Number
    rules: RuleSetId
    present: Number | None
    tie: dict[QuestionId, ChoiceCode]
    void: bool
    log: LogPosition
    by: KeyId


class CertifiedResult(Signed, frozen=True, tag="ecab.certified/1"):
    """The result the secretariat certified after closing, by the service: late votes admitted, and all totals.

    Attributes:
        closing: Hash of the closing list it rests on.
        admitted: Late votes that the secretary admitted (``LatePolicy.SECRETARY_DECIDES``); empty otherwise.
        ruling: The choice by which a tie was ruled on where the rules could not decide it, by question.
    """

    poll: PollId
    poll_def: Hash
    closing: Hash
    admitted: Annotated[tuple[CountedVote, ...], Meta(max_length=2_000)]
    totals: dict[QuestionId, dict[ChoiceCode, Number]]
    ruling: dict[QuestionId, ChoiceCode]
    at: Moment
    log: LogPosition
    by: KeyId


class LogHead(Signed, frozen=True, tag="ecab.log-head/1"):
    """The signed head of the audit chain."""

    index: Number
    head: Hash
    at: Moment
    by: KeyId


class SignedTime(Signed, frozen=True, tag="ecab.time/1"):
    """The service's signed clock."""

    now: Moment
    by: KeyId

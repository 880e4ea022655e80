# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public half of a poll: its definition by the publisher and its state by the service."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ballot import MAX_CHOICES, MAX_QUESTIONS, BallotKind, Choice, LatePolicy, PollBlock, ServicePollState
from client.domain.ids import Hash, ItemId, MemberId, Moment, PackId, PollId, QuestionId, RuleSetId
from client.protocol.messages.base import KeyId, Signed


class PollQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """One question by the salted hash of its wording (``names.wording_hash``)."""

    id: QuestionId
    text: Hash
    choices: Annotated[tuple[Choice, ...], Meta(min_length=2, max_length=MAX_CHOICES)]


class PollDefinition(Signed, frozen=True, tag="ecab.poll/1"):
    """The public half of a poll, signed by the publisher: the service can run it and cannot read it.

    Attributes:
        openers: Who may open, extend and close it from a device of their own.
        tie_breaker: Whose side decides a tie under the rules it names; None where nobody's does.
    """

    poll: PollId
    kind: BallotKind
    pack: PackId
    item: ItemId | None
    questions: Annotated[tuple[PollQuestion, ...], Meta(min_length=1, max_length=MAX_QUESTIONS)]
    eligible: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=2_000)]
    opens: Moment
    closes: Moment | None
    openers: tuple[MemberId, ...]
    tie_breaker: MemberId | None
    revote: bool
    late: LatePolicy
    rules: RuleSetId


class MemberAnswered(Signed, frozen=True, tag="ecab.answered/1"):
    """The service's signed word, to a member's aide, on whether a vote of the member stands; never what it says."""

    poll: PollId
    poll_def: Hash
    member: MemberId
    answered: bool
    at: Moment
    by: KeyId


class PollStatus(Signed, frozen=True, tag="ecab.poll-status/1"):
    """The service's signed word on where a poll stands at ``at``; ``block`` says why it takes no votes, if so."""

    poll: PollId
    poll_def: Hash
    state: ServicePollState
    opened: Moment | None
    closes: Moment | None
    closed: Moment | None
    block: PollBlock | None
    at: Moment
    by: KeyId

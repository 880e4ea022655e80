# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots: what is asked, what may be answered, and the life of a poll on both ends.

Choices are data: stable codes with labels in both languages, never constants of the program (product.md,
section 2). Not voting, silence and "cast here, not yet received" are three things and never merge.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta, Struct

from client.domain.ids import (
    ChoiceCode,
    Hash,
    ItemId,
    MemberId,
    Moment,
    PackId,
    PaperId,
    PollId,
    QuestionId,
    RuleSetId,
)
from client.domain.session import Title

MAX_QUESTIONS = 40
MAX_CHOICES = 12
MAX_OPTIONS = 12
MAX_LINKS = 12
MAX_HOLDERS = 60
MAX_NOTE = 20_000
"""Characters of a member's written opinion."""


Holders = Annotated[tuple[Title, ...], Meta(max_length=MAX_HOLDERS)]
"""Agencies that hold one option."""


class BallotKind(Enum):
    """Opinion ballots run between sessions; session votes are opened and closed in the room."""

    OPINION = "opinion"
    SESSION = "session"


class NoteRule(Enum):
    """Whether a choice needs words."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class VoteMode(Enum):
    """In the room, or absent with approval; counted together and shown apart."""

    IN_ROOM = "in_room"
    ABSENT_APPROVED = "absent_approved"


class LatePolicy(Enum):
    """What becomes of a vote received after closing."""

    NOT_COUNTED = "not_counted"
    SECRETARY_DECIDES = "secretary_decides"


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """One possible answer."""

    code: ChoiceCode
    vi: Title
    en: Title
    note: NoteRule = NoteRule.OPTIONAL


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """One answered question."""

    q: QuestionId
    choice: ChoiceCode
    note: Annotated[str, Meta(max_length=MAX_NOTE)] | None = None


class PageLink(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a paper; ``page`` counts from 0."""

    paper: PaperId
    page: Annotated[int, Meta(ge=0, lt=20_000)]


class OpenIssue(Struct, frozen=True, forbid_unknown_fields=True):
    """A remaining difference (vấn đề còn ý kiến khác nhau) and the options on the table.

    Attributes:
        text: What is still open.
        options: The options, in the order of the submission.
        held_by: Who holds which: agencies, at the place of their option; may be shorter than ``options``.
        pages: Where the papers speak about it.
    """

    text: Title
    options: Annotated[tuple[Title, ...], Meta(max_length=MAX_OPTIONS)] = ()
    held_by: Annotated[tuple[Holders, ...], Meta(max_length=MAX_OPTIONS)] = ()
    pages: Annotated[tuple[PageLink, ...], Meta(max_length=MAX_LINKS)] = ()

    @property
    def positions(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each option with those who hold it."""
        holders = (*self.held_by, *((),) * len(self.options))
        return tuple(zip(self.options, holders, strict=False))


class PollState(Enum):
    """The poll as the client knows it (protocol.md, section 10)."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    RESULT_VERIFIED = "result_verified"
    RESULT_DISPUTED = "result_disputed"


class ServicePollState(Enum):
    """The poll as the service keeps it; forward only."""

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    CERTIFIED = "certified"


SERVICE_TRANSITIONS: Final[dict[ServicePollState, frozenset[ServicePollState]]] = {
    ServicePollState.DRAFT: frozenset({ServicePollState.PUBLISHED}),
    ServicePollState.PUBLISHED: frozenset({ServicePollState.OPEN}),
    ServicePollState.OPEN: frozenset({ServicePollState.CLOSED}),
    ServicePollState.CLOSED: frozenset({ServicePollState.CERTIFIED}),
    ServicePollState.CERTIFIED: frozenset(),
}


class PollBlock(Enum):
    """Why a poll does not take votes although nothing else is in its way."""

    NO_QUORUM = "no_quorum"
    DEVICES_AWAY = "devices_away"
    PAPERS_CHANGED = "papers_changed"


class AnswerProblem(Enum):
    """Why a set of answers cannot be signed yet."""

    MISSING = "missing"
    UNKNOWN_CHOICE = "unknown_choice"
    NOTE_REQUIRED = "note_required"
    NOTE_NOT_ALLOWED = "note_not_allowed"
    UNKNOWN_QUESTION = "unknown_question"
    TWICE = "twice"


def check_answers(
    choices: dict[QuestionId, tuple[Choice, ...]], answers: tuple[Answer, ...]
) -> dict[QuestionId, AnswerProblem]:
    """What stands between these answers and a signature; empty when they are complete.

    Args:
        choices: The questions of the poll and what may be answered to each.
        answers: What the member chose so far.
    """
    problems: dict[QuestionId, AnswerProblem] = {}
    seen: set[QuestionId] = set()
    for answer in answers:
        if answer.q in seen:
            problems[answer.q] = AnswerProblem.TWICE
            continue
        seen.add(answer.q)
        if answer.q not in choices:
            problems[answer.q] = AnswerProblem.UNKNOWN_QUESTION
            continue
        problem = _check_one(choices[answer.q], answer)
        if problem is not None:
            problems[answer.q] = problem
    for question in choices:
        if question not in seen:
            problems[question] = AnswerProblem.MISSING
    return problems


def _check_one(choices: tuple[Choice, ...], answer: Answer) -> AnswerProblem | None:
    choice = next((c for c in choices if c.code == answer.choice), None)
    written = bool(answer.note and answer.note.strip())
    if choice is None:
        return AnswerProblem.UNKNOWN_CHOICE
    if choice.note is NoteRule.REQUIRED and not written:
        return AnswerProblem.NOTE_REQUIRED
    if choice.note is NoteRule.NONE and written:
        return AnswerProblem.NOTE_NOT_ALLOWED
    return None


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question with its wording, as shown to the member."""

    id: QuestionId
    text: Title
    choices: Annotated[tuple[Choice, ...], Meta(min_length=2, max_length=MAX_CHOICES)]


class Served(Struct, frozen=True, forbid_unknown_fields=True):
    """A member whose aide holds this device: whether a vote of theirs stands, never what it says."""

    member: MemberId
    answered: bool


class Poll(Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot as the device keeps it: the signed definition joined with its sealed wording.

    Attributes:
        definition: Hash of the signed definition; a vote names it.
        pack, rev: The pack revision whose manifest carried the wording.
        eligible: Whether *this* member may vote in it.
        state: What the service last said under signature; ``PUBLISHED`` shows as announced.
        basis: The rule set's article references, for the sentence under the buttons.
        block: Why it takes no votes although it is open or could be (no quorum, devices away, papers changed).
        certified: The secretariat has certified the result; late votes it admitted are counted in it.
        admitted: A late vote of this member was admitted.
        openers: Members who may open, extend and close it.
        served: On an aide's device, the eligible members the aide serves.
    """

    id: PollId
    kind: BallotKind
    definition: Hash
    pack: PackId
    rev: int
    item: ItemId | None
    title: Title
    summary: str
    questions: tuple[Question, ...]
    issues: tuple[OpenIssue, ...]
    eligible: bool
    opens: Moment
    closes: Moment | None
    revote: bool
    late: LatePolicy
    rules: RuleSetId
    state: PollState
    closed: Moment | None = None
    basis: tuple[Title, ...] = ()
    block: PollBlock | None = None
    certified: bool = False
    admitted: bool = False
    openers: tuple[MemberId, ...] = ()
    served: tuple[Served, ...] = ()

    @property
    def silent(self) -> tuple[MemberId, ...]:
        """Members this device's aide serves, of whom no vote stands."""
        return tuple(each.member for each in self.served if not each.answered)


class WhyNot(Enum):
    """Why a ballot cannot be cast now; an unavailable ballot always says one of these."""

    NOT_ELIGIBLE = "not_eligible"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    ALREADY_CAST = "already_cast"
    WAITING = "waiting"
    DEVICE_REVOKED = "device_revoked"
    NO_QUORUM = "no_quorum"
    DEVICES_AWAY = "devices_away"
    PAPERS_CHANGED = "papers_changed"
    SUBSTITUTE = "substitute"
    NOT_PRESENT = "not_present"
    LEFT = "left"
    ABSENCE_NOT_APPROVED = "absence_not_approved"
    ABSENT_VOTE_NOT_ALLOWED = "absent_vote_not_allowed"


def why_not(
    poll: Poll, *, cast: bool, waiting: bool, active: bool, now: Moment, in_room: WhyNot | None = None
) -> WhyNot | None:
    """The reason the ballot is not available, or None when it is.

    A local clock past the closing time does not close a ballot: the service's receipt time decides lateness,
    and the member is told so before signing (product.md, section 2).

    Args:
        poll: The ballot.
        cast: A vote of this member has a receipt.
        waiting: A vote of this member is saved and not yet answered.
        active: The directory lists this device as active.
        now: The estimate of present time.
        in_room: What the live session has against it (``live_view.room_says``), for a vote in session.
    """
    early = poll.state is PollState.ANNOUNCED and not (poll.kind is BallotKind.OPINION and poll.opens <= now)
    reasons = (
        (not active, WhyNot.DEVICE_REVOKED),
        (not poll.eligible and in_room is WhyNot.SUBSTITUTE, WhyNot.SUBSTITUTE),
        (not poll.eligible, WhyNot.NOT_ELIGIBLE),
        (poll.block is PollBlock.PAPERS_CHANGED, WhyNot.PAPERS_CHANGED),
        (poll.state in _ENDED, WhyNot.CLOSED),
        (waiting, WhyNot.WAITING),
        (cast and not poll.revote, WhyNot.ALREADY_CAST),
        (poll.block is PollBlock.DEVICES_AWAY, WhyNot.DEVICES_AWAY),
        (poll.block is PollBlock.NO_QUORUM, WhyNot.NO_QUORUM),
        (in_room in _SAID_BEFORE_OPENING, in_room),
        (early, WhyNot.NOT_OPEN),
        (in_room is not None, in_room),
    )
    return next((reason for holds, reason in reasons if holds), None)


_SAID_BEFORE_OPENING: Final = frozenset({WhyNot.NO_QUORUM, WhyNot.DEVICES_AWAY})
_ENDED: Final = frozenset({PollState.CLOSED, PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED})

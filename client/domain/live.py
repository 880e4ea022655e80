# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session as values: roll, agenda in progress, speakers, open polls, and what a member may do in it.

A ``Room`` is what everybody in the room may know; the service publishes it signed and versioned, the device keeps
it joined with its plan as ``LiveSession``. How a room changes is decided in ``client.protocol.live``; what one
member sees of it in ``client.domain.live_view``. No text a member wrote is in here: words are sealed to the
secretariat, a conclusion is a reference to a sealed blob.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta, Struct

from client.domain.ballot import PollBlock, ServicePollState
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
    SessionId,
)
from client.domain.session import Title

MAX_ROLL: Final = 2_000
MAX_ITEMS: Final = 200
MAX_QUEUE: Final = 1_000
MAX_ACT_TEXT: Final = 20_000
"""Characters of a reason or an opinion."""

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
PageNumber = Annotated[int, Meta(ge=0, lt=20_000)]
"""Counts from 0."""


class SessionPhase(Enum):
    """Where the session stands; arrows in ``client.protocol.live.ARROWS``."""

    SCHEDULED = "scheduled"
    ROLL_CALL = "roll_call"
    IN_SESSION = "in_session"
    PAUSED = "paused"
    CLOSED = "closed"


class Presence(Enum):
    """What is known of one member's presence.

    ``CHECKED_IN`` is the member's own word and counts for nothing until the secretary confirms it; ``ABSENT_ASKED``
    waits for a decision; ``ABSENT`` has no consent. Whoever is present stays so until the secretary says otherwise.
    """

    UNKNOWN = "unknown"
    WILL_ATTEND = "will_attend"
    CHECKED_IN = "checked_in"
    PRESENT = "present"
    REMOTE = "remote"
    ABSENT_ASKED = "absent_asked"
    ABSENT_APPROVED = "absent_approved"
    ABSENT = "absent"
    LEFT = "left"


class Approver(Enum):
    """Who consented to an absence, or refused it."""

    PRIME_MINISTER = "prime_minister"
    SECRETARIAT = "secretariat"


class RollEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the roll.

    Attributes:
        since: When it became so; None while nothing was said.
        start, end: The absence, where only a part of the session is meant.
        decided_by: Who consented to the absence or refused it.
        substitute: Somebody presents the member's opinion (without a ballot).
        substitute_member: That person, if the directory lists them.
        remote: The member said to attend from elsewhere.
    """

    member: MemberId
    presence: Presence = Presence.UNKNOWN
    since: Moment | None = None
    start: Moment | None = None
    end: Moment | None = None
    decided_by: Approver | None = None
    substitute: bool = False
    substitute_member: MemberId | None = None
    remote: bool = False

    def is_away(self, at: Moment) -> bool:
        """Whether an absence, once consented to, covers this moment; one without an interval covers the session."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


class ItemState(Enum):
    """An agenda item on its way; ``PASSED`` was agreed without debate."""

    WAITING = "waiting"
    CURRENT = "current"
    DONE = "done"
    PASSED = "passed"


class ConclusionRef(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an item's conclusion is: a blob sealed under the pack's scope key (``names.conclusion_context``)."""

    blob: Hash
    size: Annotated[int, Meta(ge=1, le=256 * 1024)]
    epoch: Count
    recorded: Moment


class ItemProgress(Struct, frozen=True, forbid_unknown_fields=True):
    """One agenda item in the session.

    Attributes:
        spent_s: Seconds spent on it in finished stretches.
        since: Start of the stretch that is running; only of the current item.
        first: When it was first taken up.
        spoken: Who was given the floor on it, in order, each once.
    """

    id: ItemId
    state: ItemState = ItemState.WAITING
    first: Moment | None = None
    since: Moment | None = None
    spent_s: Count = 0
    spoken: Annotated[tuple[MemberId, ...], Meta(max_length=MAX_ROLL)] = ()
    conclusion: ConclusionRef | None = None


class PagePointer(Struct, frozen=True, forbid_unknown_fields=True):
    """What the presenter shows; members may follow it, nobody's page is ever taken."""

    paper: PaperId
    page: PageNumber


class QueuedSpeaker(Struct, frozen=True, forbid_unknown_fields=True):
    """One request to speak, in the order of receipt."""

    member: MemberId
    item: ItemId
    since: Moment


class CurrentSpeaker(Struct, frozen=True, forbid_unknown_fields=True):
    """Who has the floor; ``allotted_s`` is a limit for the clock on the wall, not a cut."""

    member: MemberId
    item: ItemId | None
    since: Moment
    allotted_s: Count | None = None


class PollLive(Struct, frozen=True, forbid_unknown_fields=True):
    """A session vote as everybody sees it now; figures are provisional until the signed closing list.

    Attributes:
        in_room, absent: Members whose vote stands, shown apart.
        totals: By question and choice; empty where the rules keep them back until closing.
        block: Why it takes no votes at the moment.
    """

    poll: PollId
    item: ItemId | None
    state: ServicePollState
    opened: Moment | None
    closes: Moment | None
    closed: Moment | None
    eligible: Count
    in_room: Count
    absent: Count
    totals: dict[QuestionId, dict[ChoiceCode, Count]]
    block: PollBlock | None = None


class Position(Enum):
    """What a member says about an item beforehand."""

    NO_OBJECTION = "no_objection"
    OBJECTION = "objection"
    OTHER_OPINION = "other_opinion"
    WISH_TO_SPEAK = "wish_to_speak"


class ItemPositions(Struct, frozen=True, forbid_unknown_fields=True):
    """How many members took which position; who did is known to the secretariat only."""

    item: ItemId
    counts: dict[Position, Count]


class Room(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that everybody in the room may know.

    Attributes:
        present, needed: Members who count to the quorum, and how many it takes.
        pages: The presenter's page; None when nothing is shown.
        away: "Cất thiết bị": devices are put away, screens lock.
        queue: Requests to speak, the next one first.
        speaker: Who has the floor.
    """

    phase: SessionPhase = SessionPhase.SCHEDULED
    started: Moment | None = None
    ended: Moment | None = None
    roll: Annotated[tuple[RollEntry, ...], Meta(max_length=MAX_ROLL)] = ()
    present: Count = 0
    needed: Count = 0
    items: Annotated[tuple[ItemProgress, ...], Meta(max_length=MAX_ITEMS)] = ()
    current: ItemId | None = None
    pages: PagePointer | None = None
    away: bool = False
    queue: Annotated[tuple[QueuedSpeaker, ...], Meta(max_length=MAX_QUEUE)] = ()
    speaker: CurrentSpeaker | None = None
    polls: Annotated[tuple[PollLive, ...], Meta(max_length=100)] = ()
    positions: Annotated[tuple[ItemPositions, ...], Meta(max_length=MAX_ITEMS)] = ()


class PlannedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One agenda item as planned; its title is sealed in the pack's manifest.

    Attributes:
        minutes: Planned length.
        chair: Who chairs it, where that is not the session's chair.
        guests: Guests with a device who may ask to speak on it.
        away: Devices are put away while it is current (graded papers).
    """

    id: ItemId
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)] | None = None
    chair: MemberId | None = None
    guests: Annotated[tuple[MemberId, ...], Meta(max_length=100)] = ()
    away: bool = False


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """How a session is to run; signed by the publisher, readable by the service, without one word of content.

    Attributes:
        members: All members of the body: the quorum is a share of these.
        chair: Who chairs.
        operators: Who may run the session from a device of their own, besides the secretariat's tool.
        rules: The rule set it runs under.
    """

    starts: Moment
    members: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=MAX_ROLL)]
    chair: MemberId | None
    operators: Annotated[tuple[MemberId, ...], Meta(max_length=100)]
    rules: RuleSetId
    items: Annotated[tuple[PlannedItem, ...], Meta(max_length=MAX_ITEMS)]


class LiveSession(Struct, frozen=True, forbid_unknown_fields=True):
    """A session as the device keeps it: the plan and the newest verified state.

    Attributes:
        version: Of the state; an older one is never believed again.
        plan_hash, plan_version: Of the signed plan that the state names.
        at: The service's time when it signed the state.
    """

    session: SessionId
    pack: PackId
    version: int
    plan_hash: Hash
    plan_version: int
    plan: Plan
    room: Room
    at: Moment


class ItemConclusion(Struct, frozen=True, forbid_unknown_fields=True):
    """An item's conclusion in clear, as the device keeps it after opening the sealed blob."""

    session: SessionId
    item: ItemId
    text: str
    at: Moment


# -- what a member does in it ---------------------------------------------------------------------------------


class ConfirmAttendance(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="attend"):
    """The member will attend; also takes back an absence that was asked for."""

    remote: bool = False


class CheckIn(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="check_in"):
    """The member says to be here, during the roll call or later; counts once the secretary confirms it."""

    remote: bool = False


class DeclareAbsence(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="absence"):
    """Ask to be absent; the reason is sealed. ``start`` and ``end`` are None for the whole session."""

    start: Moment | None = None
    end: Moment | None = None


class NameSubstitute(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="substitute"):
    """Who presents the absent member's opinion, without a ballot; name and hand-over sheet are sealed.

    Attributes:
        member: That person, if the directory lists them.
    """

    member: MemberId | None = None


class TakePosition(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="position"):
    """A position on one item; the newest one received stands."""

    item: ItemId
    position: Position


class RequestToSpeak(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="speak"):
    """Ask for the floor on an item, before or during the session."""

    item: ItemId


class WithdrawRequest(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="withdraw"):
    """Take the request on an item back."""

    item: ItemId


SessionAct = (
    ConfirmAttendance | CheckIn | DeclareAbsence | NameSubstitute | TakePosition | RequestToSpeak | WithdrawRequest
)


class ActText(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The sealed words of an act; ``page`` counts from 0.

    Attributes:
        text: Reason, opinion, topic or hand-over sheet.
        person: A substitute's name and office.
        paper, page, quote: The passage it is about.
    """

    text: Annotated[str, Meta(max_length=MAX_ACT_TEXT)] = ""
    person: Title = ""
    paper: PaperId | None = None
    page: PageNumber | None = None
    quote: Annotated[str, Meta(max_length=4_000)] = ""


class SessionDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """An act before it is signed, and how the outbox keeps it for the screens."""

    session: SessionId
    pack: PackId
    act: SessionAct
    text: ActText | None = None


class DraftProblem(Enum):
    """Why an act cannot be signed yet."""

    REASON_MISSING = "reason_missing"
    PERSON_MISSING = "person_missing"
    OPINION_MISSING = "opinion_missing"
    INTERVAL = "interval"


def check_draft(draft: SessionDraft) -> DraftProblem | None:
    """What stands between an act and a signature; None when it is complete."""
    act, text = draft.act, draft.text or ActText()
    if isinstance(act, DeclareAbsence):
        if not text.text.strip():
            return DraftProblem.REASON_MISSING
        if act.start is not None and act.end is not None and act.end <= act.start:
            return DraftProblem.INTERVAL
    if isinstance(act, NameSubstitute) and not text.person.strip():
        return DraftProblem.PERSON_MISSING
    if isinstance(act, TakePosition) and act.position is Position.OTHER_OPINION and not text.text.strip():
        return DraftProblem.OPINION_MISSING
    return None

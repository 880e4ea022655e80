# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one member sees of a live session: the service's signed room joined with the acts that wait here.

Pure. An act that is only saved here never looks as if the room knew it: each carries its own ``Standing``. Nothing
here decides about time: a speaker's clock is arithmetic on the estimate of present time.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from msgspec import Struct

from client.clock import Millis, from_rfc3339
from client.domain.ballot import Poll, PollBlock, VoteMode, WhyNot
from client.domain.ids import ItemId, MemberId, Moment, PollId
from client.domain.live import (
    CheckIn,
    ConfirmAttendance,
    DeclareAbsence,
    ItemProgress,
    ItemState,
    LiveSession,
    NameSubstitute,
    PlannedItem,
    PollLive,
    Position,
    Presence,
    RequestToSpeak,
    RollEntry,
    SessionDraft,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.domain.outbox import OutboxItem, OutboxState, Standing, standing


class MyAct(Struct, frozen=True):
    """One act of this member from this device, with the one sentence that is true of it."""

    item: OutboxItem
    draft: SessionDraft
    standing: Standing

    @property
    def waits(self) -> bool:
        """Whether the service has not answered it yet."""
        return self.item.state in {OutboxState.QUEUED, OutboxState.SUSPENDED}


class Floor(Enum):
    """Where a member stands on the way to the floor, for one item."""

    NOT_ASKED = "not_asked"
    ASKING = "asking"
    """The request is saved here and not answered yet."""
    QUEUED = "queued"
    LEAVING = "leaving"
    """The withdrawal is saved here and not answered yet; the place is still there."""
    SPEAKING = "speaking"
    """ "Đến lượt đồng chí"."""


class ItemView(Struct, frozen=True):
    """One agenda item as this member sees it.

    Attributes:
        position: The position that stands: the newest that was not refused, late or withdrawn.
        act: The act that carries it.
        floor: Where the member stands on the way to the floor.
        place: In the item's queue, from 1; 0 when not in it.
        waiting: How many wait for the floor on this item.
        counts: Positions of all members, without names.
        passable: Every member took "no objection": it can pass without debate.
        spent_s: Seconds spent so far, including the running stretch.
    """

    progress: ItemProgress
    planned: PlannedItem | None
    position: Position | None
    act: MyAct | None
    floor: Floor
    place: int
    waiting: int
    counts: dict[Position, int]
    passable: bool
    spent_s: int


class SessionView(Struct, frozen=True):
    """A live session as one member's screens show it.

    Attributes:
        me: This member's line of the roll; None for guests and aides.
        attendance: The newest act on attendance or absence, with its standing.
        substitute: The newest naming of a substitute.
        my_turn: This member has the floor.
        speaker_left_s: Seconds left to the speaker; negative over time; None without a limit or a speaker.
        locked: Devices are put away: the screen locks, no ballot on the device.
        short_by: Members missing to a quorum; 0 when there is one.
        acts: All acts of this member from this device, oldest first.
    """

    live: LiveSession
    me: RollEntry | None
    attendance: MyAct | None
    substitute: MyAct | None
    items: tuple[ItemView, ...]
    my_turn: bool
    speaker_left_s: int | None
    locked: bool
    short_by: int
    acts: tuple[MyAct, ...]

    def item(self, ident: ItemId | None) -> ItemView | None:
        """One item; None when it is not on the agenda."""
        return next((each for each in self.items if each.progress.id == ident), None)

    @property
    def current(self) -> ItemView | None:
        """The item being discussed."""
        return self.item(self.live.room.current)


_DEAD: Final = frozenset({OutboxState.REFUSED, OutboxState.WITHDRAWN, OutboxState.LATE, OutboxState.DRAFT})


def session_view(
    live: LiveSession, acts: Sequence[tuple[OutboxItem, SessionDraft]], *, member: MemberId, now: Millis
) -> SessionView:
    """Join a session with this device's acts in it.

    Args:
        live: The newest verified state.
        acts: This device's acts in the session, by statement number.
        member: Whose device it is.
        now: The estimate of present time.
    """
    room = live.room
    mine = tuple(MyAct(item, draft, standing(item)) for item, draft in acts)
    alive = [act for act in mine if act.item.state not in _DEAD]
    planned = {item.id: item for item in live.plan.items}
    counts = {each.item: each.counts for each in room.positions}
    items = tuple(
        _item_view(live, item, planned.get(item.id), counts.get(item.id, {}), alive, member=member, now=now)
        for item in room.items
    )
    speaker = room.speaker
    left = None
    if speaker is not None and speaker.allotted_s is not None:
        left = speaker.allotted_s - _seconds(from_rfc3339(speaker.since), now)
    return SessionView(
        live=live,
        me=next((entry for entry in room.roll if entry.member == member), None),
        attendance=_newest(alive, ConfirmAttendance, CheckIn, DeclareAbsence),
        substitute=_newest(alive, NameSubstitute),
        items=items,
        my_turn=speaker is not None and speaker.member == member,
        speaker_left_s=left,
        locked=room.away and room.phase in {SessionPhase.IN_SESSION, SessionPhase.PAUSED},
        short_by=max(0, room.needed - room.present),
        acts=mine,
    )


def _item_view(
    live: LiveSession,
    item: ItemProgress,
    planned: PlannedItem | None,
    counts: dict[Position, int],
    alive: Sequence[MyAct],
    *,
    member: MemberId,
    now: Millis,
) -> ItemView:
    room = live.room
    about = [act for act in alive if getattr(act.draft.act, "item", None) == item.id]
    taken = next((act for act in reversed(about) if isinstance(act.draft.act, TakePosition)), None)
    position = taken.draft.act.position if taken and isinstance(taken.draft.act, TakePosition) else None
    queue = [each.member for each in room.queue if each.item == item.id]
    place = queue.index(member) + 1 if member in queue else 0
    speaker = room.speaker
    speaking = speaker is not None and (speaker.member, speaker.item) == (member, item.id)
    running = 0 if item.since is None else _seconds(from_rfc3339(item.since), now)
    return ItemView(
        progress=item,
        planned=planned,
        position=position,
        act=taken,
        floor=Floor.SPEAKING if speaking else _floor(about, queued=place > 0),
        place=place,
        waiting=len(queue),
        counts=dict(counts),
        passable=item.state is ItemState.WAITING and counts.get(Position.NO_OBJECTION, 0) == len(live.plan.members),
        spent_s=item.spent_s + running,
    )


def _floor(about: Sequence[MyAct], *, queued: bool) -> Floor:
    """From what waits here and what the room says; the newest waiting wish wins."""
    for act in reversed(about):
        if not act.waits:
            continue
        wish = act.draft.act
        if isinstance(wish, WithdrawRequest):
            return Floor.LEAVING if queued else Floor.NOT_ASKED
        speaks = isinstance(wish, TakePosition) and wish.position is Position.WISH_TO_SPEAK
        if isinstance(wish, RequestToSpeak) or speaks:
            return Floor.QUEUED if queued else Floor.ASKING
    return Floor.QUEUED if queued else Floor.NOT_ASKED


def _newest(alive: Sequence[MyAct], *kinds: type) -> MyAct | None:
    return next((act for act in reversed(alive) if isinstance(act.draft.act, kinds)), None)


def _seconds(since: Millis, now: Millis) -> int:
    return max(0, now - since) // 1000


def speak_why_not(view: SessionView, item: ItemId) -> SpeakWhyNot | None:
    """Why the member cannot ask for the floor on an item now; None when that is possible."""
    found = view.item(item)
    if view.live.room.phase is SessionPhase.CLOSED:
        return SpeakWhyNot.CLOSED
    if found is None or found.progress.state in {ItemState.DONE, ItemState.PASSED}:
        return SpeakWhyNot.ITEM_DONE
    if view.locked:
        return SpeakWhyNot.DEVICES_AWAY
    if found.floor is not Floor.NOT_ASKED:
        return SpeakWhyNot.ASKED
    return None


class SpeakWhyNot(Enum):
    """Why a request to speak is not possible."""

    CLOSED = "closed"
    ITEM_DONE = "item_done"
    DEVICES_AWAY = "devices_away"
    ASKED = "asked"


# -- votes in session -----------------------------------------------------------------------------------------


def poll_live(live: LiveSession | None, poll: PollId) -> PollLive | None:
    """The provisional figures of a vote in session."""
    return None if live is None else next((each for each in live.room.polls if each.poll == poll), None)


def vote_mode(live: LiveSession | None, member: MemberId) -> VoteMode:
    """How a vote of this member would be marked: absent with consent, or in the room."""
    entry = None if live is None else next((each for each in live.room.roll if each.member == member), None)
    absent = entry is not None and entry.presence is Presence.ABSENT_APPROVED
    return VoteMode.ABSENT_APPROVED if absent else VoteMode.IN_ROOM


def room_says(
    live: LiveSession | None, poll: Poll, member: MemberId, *, absent_vote: bool = True, now: Moment | None = None
) -> WhyNot | None:
    """What the live session has against a vote of this member in ``poll``; None when nothing, or when none is known.

    Args:
        live: The session the poll belongs to.
        poll: A vote in session.
        member: Who would vote.
        absent_vote: Whether the poll's rules let absent members vote.
        now: The estimate of present time, for an absence of a part of the session; None leaves that to the service.
    """
    if live is None:
        return None
    room, shown = live.room, poll_live(live, poll.id)
    entry = next((each for each in room.roll if each.member == member), None)
    reasons = (
        (any(each.substitute_member == member for each in room.roll), WhyNot.SUBSTITUTE),
        (room.away and room.phase is SessionPhase.IN_SESSION, WhyNot.DEVICES_AWAY),
        (shown is not None and shown.block is PollBlock.NO_QUORUM, WhyNot.NO_QUORUM),
        (entry is not None, None if entry is None else _presence_says(entry, absent_vote=absent_vote, now=now)),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _presence_says(entry: RollEntry, *, absent_vote: bool, now: Moment | None) -> WhyNot | None:
    match entry.presence:
        case Presence.PRESENT | Presence.REMOTE:
            return None
        case Presence.ABSENT_APPROVED if not absent_vote:
            return WhyNot.ABSENT_VOTE_NOT_ALLOWED
        case Presence.ABSENT_APPROVED:
            return None if now is None or entry.is_away(now) else WhyNot.NOT_PRESENT
        case Presence.ABSENT_ASKED | Presence.ABSENT:
            return WhyNot.ABSENCE_NOT_APPROVED
        case Presence.LEFT:
            return WhyNot.LEFT
        case _:
            return WhyNot.NOT_PRESENT

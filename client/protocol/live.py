# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session as a state machine: one table of phases, pure functions from state and act to state.

Both ends stand on it: the service applies commands and members' acts with it, the secretariat's tool and the client
ask it what is possible. Nothing here reads a clock, a store or a signature. Rules:

1. A command is possible in the phases ``ARROWS`` lists for it and nowhere else; a closed session stays closed.
2. A session begins only with a quorum (``needed``), and only the secretary's word makes a member count to it.
3. A member's act that comes too late (the session closed, its item done) changes nothing and is told as late.
4. Who left or is absent keeps no place in the queue; a place once taken is kept over pauses and new roll calls.
5. Acts that repeat what is so already change nothing: every act may arrive twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from msgspec import Struct, structs

from client.clock import from_rfc3339
from client.domain.ids import ItemId, MemberId, Moment
from client.domain.live import (
    CheckIn,
    ConfirmAttendance,
    CurrentSpeaker,
    DeclareAbsence,
    ItemPositions,
    ItemProgress,
    ItemState,
    NameSubstitute,
    Plan,
    Position,
    Presence,
    QueuedSpeaker,
    RequestToSpeak,
    RollEntry,
    Room,
    SessionAct,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.domain.rules import RuleSet, quorum_size
from client.protocol import live_commands as do
from client.protocol.live_commands import SessionCommand

_ALIVE: Final = tuple(phase for phase in SessionPhase if phase is not SessionPhase.CLOSED)


def _stay(*phases: SessionPhase) -> dict[SessionPhase, SessionPhase]:
    return {phase: phase for phase in phases}


def _to(target: SessionPhase, *phases: SessionPhase) -> dict[SessionPhase, SessionPhase]:
    return dict.fromkeys(phases, target)


ARROWS: Final[dict[type, dict[SessionPhase, SessionPhase]]] = {
    do.CallRoll: _to(SessionPhase.ROLL_CALL, SessionPhase.SCHEDULED, SessionPhase.IN_SESSION, SessionPhase.PAUSED),
    do.MarkPresence: _stay(*_ALIVE),
    do.ConfirmCheckIns: _stay(*_ALIVE),
    do.DecideAbsence: _stay(*_ALIVE),
    do.BeginSession: _to(SessionPhase.IN_SESSION, SessionPhase.ROLL_CALL, SessionPhase.PAUSED),
    do.PauseSession: _to(SessionPhase.PAUSED, SessionPhase.IN_SESSION),
    do.GoToItem: _stay(SessionPhase.IN_SESSION),
    do.ShowPage: _stay(SessionPhase.IN_SESSION),
    do.CallSpeaker: _stay(SessionPhase.IN_SESSION),
    do.EndSpeech: _stay(SessionPhase.IN_SESSION, SessionPhase.PAUSED),
    do.DropRequest: _stay(*_ALIVE),
    do.PutAway: _stay(SessionPhase.IN_SESSION, SessionPhase.PAUSED),
    do.ConcludeItem: _stay(SessionPhase.IN_SESSION, SessionPhase.PAUSED),
    do.CloseSession: _to(SessionPhase.CLOSED, *_ALIVE),
}
"""Command -> phase it is possible in -> phase after it."""


class LiveProblem(Enum):
    """Why a command or an act is refused."""

    PHASE = "phase"
    NO_QUORUM = "no_quorum"
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_ITEM = "unknown_item"
    NOBODY_WAITS = "nobody_waits"
    NOT_INVITED = "not_invited"


class Hall(Struct, frozen=True):
    """What the service keeps of a session: the room, and who took which position.

    ``room.polls`` and ``room.positions`` are empty here; they are filled in when the room is published.
    """

    room: Room
    positions: tuple[tuple[MemberId, ItemId, Position], ...] = ()


class Heard(Enum):
    """What became of a member's act."""

    RECORDED = "recorded"
    LATE = "late"


def opening(plan: Plan, rules: RuleSet) -> Hall:
    """A session nobody has touched yet."""
    return Hall(
        Room(
            roll=tuple(RollEntry(member) for member in plan.members),
            needed=quorum_size(rules, len(plan.members)),
            items=tuple(ItemProgress(item.id) for item in plan.items),
        )
    )


def replan(hall: Hall, plan: Plan, rules: RuleSet) -> Hall:
    """The same session under a changed agenda: what happened stays, new items and members join, order follows.

    An item that is current, done or concluded is kept even when the new plan no longer lists it.
    """
    room = hall.room
    roll = {entry.member: entry for entry in room.roll}
    items = {item.id: item for item in room.items}
    planned = [items.get(item.id, ItemProgress(item.id)) for item in plan.items]
    listed = {item.id for item in plan.items}
    kept = [item for item in room.items if item.id not in listed and item.first is not None]
    return structs.replace(
        hall,
        room=_counted(
            structs.replace(
                room,
                roll=tuple(roll.get(member, RollEntry(member)) for member in plan.members),
                needed=quorum_size(rules, len(plan.members)),
                items=(*kept, *planned),
                queue=tuple(each for each in room.queue if each.item in listed),
            ),
            rules,
        ),
    )


def published_positions(hall: Hall) -> tuple[ItemPositions, ...]:
    """Figures without names, by item in the order of the agenda."""
    found: list[ItemPositions] = []
    for item in hall.room.items:
        counts: dict[Position, int] = {}
        for _, about, position in hall.positions:
            if about == item.id:
                counts[position] = counts.get(position, 0) + 1
        if counts:
            found.append(ItemPositions(item.id, {each: counts[each] for each in Position if each in counts}))
    return tuple(found)


# -- commands -------------------------------------------------------------------------------------------------


def apply(plan: Plan, rules: RuleSet, hall: Hall, command: SessionCommand, at: Moment) -> Hall | LiveProblem:
    """What a command makes of a session, or why not.

    Args:
        plan: The plan in force.
        rules: The rule set it names.
        hall: The session now.
        command: What the chair or the secretariat asks.
        at: The service's time.
    """
    room = hall.room
    phase = ARROWS[type(command)].get(room.phase)
    if phase is None:
        return LiveProblem.PHASE
    changed = _changed(plan, room, command, at)
    if isinstance(changed, LiveProblem):
        return changed
    changed = _counted(structs.replace(changed, phase=phase), rules)
    if isinstance(command, do.BeginSession) and changed.present < changed.needed:
        return LiveProblem.NO_QUORUM
    return structs.replace(hall, room=changed)


def _changed(plan: Plan, room: Room, command: SessionCommand, at: Moment) -> Room | LiveProblem:
    match command:
        case do.MarkPresence() | do.ConfirmCheckIns() | do.DecideAbsence():
            return _roll(room, command, at)
        case do.GoToItem() | do.ConcludeItem():
            return _agenda(plan, room, command, at)
        case do.CallSpeaker() | do.EndSpeech() | do.DropRequest():
            return _floor(room, command, at)
        case _:
            return _sitting(room, command, at)


def _sitting(
    room: Room,
    command: do.CallRoll | do.PauseSession | do.BeginSession | do.ShowPage | do.PutAway | do.CloseSession,
    at: Moment,
) -> Room:
    match command:
        case do.BeginSession():
            changes: dict[str, object] = {"started": room.started or at}
        case do.ShowPage(pages=pages):
            changes = {"pages": pages}
        case do.PutAway(away=away):
            changes = {"away": away, "pages": None if away else room.pages}
        case do.CallRoll() | do.PauseSession():
            changes = {"pages": None}
        case do.CloseSession():
            items = tuple(_stopped(item, at) for item in room.items)
            changes = {"items": items, "ended": at, "current": None, "pages": None, "away": False}
            changes |= {"speaker": None, "queue": ()}
    return structs.replace(room, **changes)


def _roll(
    room: Room, command: do.MarkPresence | do.ConfirmCheckIns | do.DecideAbsence, at: Moment
) -> Room | LiveProblem:
    roll = {entry.member: entry for entry in room.roll}
    if isinstance(command, do.MarkPresence):
        if any(mark.member not in roll for mark in command.marks):
            return LiveProblem.UNKNOWN_MEMBER
        for mark in command.marks:
            roll[mark.member] = structs.replace(
                roll[mark.member], presence=mark.presence, since=at, remote=mark.presence is Presence.REMOTE
            )
    elif isinstance(command, do.ConfirmCheckIns):
        for member, entry in roll.items():
            if entry.presence is Presence.CHECKED_IN:
                here = Presence.REMOTE if entry.remote else Presence.PRESENT
                roll[member] = structs.replace(entry, presence=here, since=at)
    else:
        if command.member not in roll:
            return LiveProblem.UNKNOWN_MEMBER
        presence = Presence.ABSENT_APPROVED if command.approved else Presence.ABSENT
        entry = roll[command.member]
        roll[command.member] = structs.replace(entry, presence=presence, since=at, decided_by=command.by)
    gone = {entry.member for entry in roll.values() if entry.presence in _AWAY and not entry.substitute}
    return structs.replace(
        room, roll=tuple(roll.values()), queue=tuple(each for each in room.queue if each.member not in gone)
    )


_HERE: Final = frozenset({Presence.PRESENT, Presence.REMOTE})
_AWAY: Final = frozenset({Presence.ABSENT, Presence.ABSENT_APPROVED, Presence.LEFT})


def _agenda(plan: Plan, room: Room, command: do.GoToItem | do.ConcludeItem, at: Moment) -> Room | LiveProblem:
    items = {item.id: item for item in room.items}
    if command.item not in items:
        return LiveProblem.UNKNOWN_ITEM
    if isinstance(command, do.GoToItem):
        if room.current == command.item:
            return room
        if room.current is not None:
            items[room.current] = _stopped(items[room.current], at)
        item = items[command.item]
        items[command.item] = structs.replace(item, state=ItemState.CURRENT, first=item.first or at, since=at)
        away = any(each.away for each in plan.items if each.id == command.item)
        return structs.replace(
            room, items=tuple(items.values()), current=command.item, pages=None, away=away, speaker=None
        )
    item = _stopped(items[command.item], at)
    state = ItemState.PASSED if command.without_debate else ItemState.DONE
    items[command.item] = structs.replace(item, state=state, conclusion=command.conclusion or item.conclusion)
    was_current = room.current == command.item
    return structs.replace(
        room,
        items=tuple(items.values()),
        current=None if was_current else room.current,
        pages=None if was_current else room.pages,
        away=room.away and not was_current,
        speaker=None if was_current else room.speaker,
        queue=tuple(each for each in room.queue if each.item != command.item),
    )


def _stopped(item: ItemProgress, at: Moment) -> ItemProgress:
    if item.since is None:
        return item
    spent = item.spent_s + max(0, from_rfc3339(at) - from_rfc3339(item.since)) // 1000
    return structs.replace(item, state=ItemState.DONE, since=None, spent_s=spent)


def _floor(room: Room, command: do.CallSpeaker | do.EndSpeech | do.DropRequest, at: Moment) -> Room | LiveProblem:
    if isinstance(command, do.EndSpeech):
        return structs.replace(room, speaker=None)
    if isinstance(command, do.DropRequest):
        return _dequeued(room, command.member, command.item)
    waiting = [each for each in room.queue if each.item == room.current]
    member = command.member or (waiting[0].member if waiting else None)
    if member is None:
        return LiveProblem.NOBODY_WAITS
    speaker = CurrentSpeaker(member, room.current, at, command.allotted_s)
    queue = tuple(each for each in room.queue if (each.member, each.item) != (member, room.current))
    items = tuple(_heard(item, member) if item.id == room.current else item for item in room.items)
    return structs.replace(room, speaker=speaker, queue=queue, items=items)


def _heard(item: ItemProgress, member: MemberId) -> ItemProgress:
    return item if member in item.spoken else structs.replace(item, spoken=(*item.spoken, member))


def _counted(room: Room, rules: RuleSet) -> Room:
    here = _HERE if rules.remote_counts_to_quorum else {Presence.PRESENT}
    return structs.replace(room, present=sum(entry.presence in here for entry in room.roll))


# -- members' acts --------------------------------------------------------------------------------------------


def receive(plan: Plan, hall: Hall, member: MemberId, act: SessionAct, at: Moment) -> tuple[Hall, Heard] | LiveProblem:
    """What a member's act makes of a session.

    Args:
        plan: The plan in force.
        hall: The session now.
        member: Whose act it is.
        act: What it says.
        at: The service's time.
    """
    if hall.room.phase is SessionPhase.CLOSED:
        return hall, Heard.LATE
    if isinstance(act, TakePosition | RequestToSpeak | WithdrawRequest):
        return _about_item(plan, hall, member, act, at)
    if member not in plan.members:
        return LiveProblem.NOT_INVITED
    entry = next(each for each in hall.room.roll if each.member == member)
    changed = _attendance(hall.room.phase, entry, act, at)
    roll = tuple(changed if each.member == member else each for each in hall.room.roll)
    return structs.replace(hall, room=structs.replace(hall.room, roll=roll)), Heard.RECORDED


def _attendance(
    phase: SessionPhase,
    entry: RollEntry,
    act: ConfirmAttendance | CheckIn | DeclareAbsence | NameSubstitute,
    at: Moment,
) -> RollEntry:
    match act:
        case NameSubstitute(member=substitute):
            return structs.replace(entry, substitute=True, substitute_member=substitute)
        case DeclareAbsence(start=start, end=end):
            if entry.presence is Presence.ABSENT_APPROVED and (entry.start, entry.end) == (start, end):
                return entry
            if entry.presence in _HERE:  # of a member who is here only the interval is noted
                return structs.replace(entry, start=start, end=end, decided_by=None)
            return structs.replace(
                entry, presence=Presence.ABSENT_ASKED, since=at, start=start, end=end, decided_by=None
            )
        case ConfirmAttendance(remote=remote) | CheckIn(remote=remote):
            if entry.presence in _HERE:
                return entry  # the secretary's word stands
            here = isinstance(act, CheckIn) and phase is not SessionPhase.SCHEDULED
            presence = Presence.CHECKED_IN if here else Presence.WILL_ATTEND
            return RollEntry(entry.member, presence, at, remote=remote)


def _about_item(
    plan: Plan, hall: Hall, member: MemberId, act: TakePosition | RequestToSpeak | WithdrawRequest, at: Moment
) -> tuple[Hall, Heard] | LiveProblem:
    room = hall.room
    item = next((each for each in room.items if each.id == act.item), None)
    if item is None:
        return LiveProblem.UNKNOWN_ITEM
    if not _may_speak(plan, room, member, act.item) or (isinstance(act, TakePosition) and member not in plan.members):
        return LiveProblem.NOT_INVITED
    if item.state in {ItemState.DONE, ItemState.PASSED}:
        return hall, Heard.LATE
    match act:
        case WithdrawRequest():
            return structs.replace(hall, room=_dequeued(room, member, act.item)), Heard.RECORDED
        case RequestToSpeak():
            return structs.replace(hall, room=_queued(room, member, act.item, at)), Heard.RECORDED
        case TakePosition(position=position):
            others = [each for each in hall.positions if each[:2] != (member, act.item)]
            wish = position is Position.WISH_TO_SPEAK
            wished = (member, act.item, Position.WISH_TO_SPEAK) in hall.positions
            if wish:
                room = _queued(room, member, act.item, at)
            elif wished:
                room = _dequeued(room, member, act.item)
            return Hall(room, (*others, (member, act.item, position))), Heard.RECORDED


def _may_speak(plan: Plan, room: Room, member: MemberId, item: ItemId) -> bool:
    guests: Iterable[MemberId] = next((each.guests for each in plan.items if each.id == item), ())
    substitutes = {entry.substitute_member for entry in room.roll}
    return member in plan.members or member in guests or member in substitutes


def _queued(room: Room, member: MemberId, item: ItemId, at: Moment) -> Room:
    speaking = room.speaker is not None and (room.speaker.member, room.speaker.item) == (member, item)
    if speaking or any((each.member, each.item) == (member, item) for each in room.queue):
        return room
    return structs.replace(room, queue=(*room.queue, QueuedSpeaker(member, item, at)))


def _dequeued(room: Room, member: MemberId, item: ItemId) -> Room:
    return structs.replace(room, queue=tuple(each for each in room.queue if (each.member, each.item) != (member, item)))

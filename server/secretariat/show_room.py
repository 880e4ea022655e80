# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session for people, as lines: where it stands, who is here, who waits, what is voted on, what members asked.

Pure: a verified view in, lines out; no colours, no cursor, so that the same lines serve a terminal, a log and a test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from client.clock import from_rfc3339
from client.domain.ballot import PollBlock, ServicePollState
from client.domain.live import (
    CheckIn,
    ConfirmAttendance,
    DeclareAbsence,
    ItemState,
    NameSubstitute,
    Position,
    Presence,
    RequestToSpeak,
    SessionAct,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.errors import Text
from server.secretariat import show
from server.secretariat.console import Options
from server.secretariat.room import ReadAct, RoomView

PHASES: Final = {
    SessionPhase.SCHEDULED: Text("Chưa họp", "Not begun"),
    SessionPhase.ROLL_CALL: Text("Đang điểm danh", "Roll call"),
    SessionPhase.IN_SESSION: Text("Đang họp", "In session"),
    SessionPhase.PAUSED: Text("Tạm nghỉ", "Paused"),
    SessionPhase.CLOSED: Text("Đã bế mạc", "Closed"),
}
PRESENCES: Final = {
    Presence.UNKNOWN: Text("chưa rõ", "not known"),
    Presence.WILL_ATTEND: Text("sẽ dự", "will attend"),
    Presence.CHECKED_IN: Text("tự điểm danh, chờ xác nhận", "checked in, to be confirmed"),
    Presence.PRESENT: Text("có mặt", "present"),
    Presence.REMOTE: Text("dự từ xa", "remote"),
    Presence.ABSENT_ASKED: Text("xin vắng, chờ ý kiến", "asks to be absent"),
    Presence.ABSENT_APPROVED: Text("vắng, được đồng ý", "absent with consent"),
    Presence.ABSENT: Text("vắng", "absent"),
    Presence.LEFT: Text("đã rời họp", "has left"),
}
ITEMS: Final = {
    ItemState.WAITING: Text("chờ", "waiting"),
    ItemState.CURRENT: Text("đang xét", "current"),
    ItemState.DONE: Text("xong", "done"),
    ItemState.PASSED: Text("thông qua không thảo luận", "passed without debate"),
}
BLOCKS: Final = {
    PollBlock.NO_QUORUM: Text("KHÓA: không đủ thành viên", "LOCKED: no quorum"),
    PollBlock.DEVICES_AWAY: Text("KHÓA: đang cất thiết bị", "LOCKED: devices away"),
    PollBlock.PAPERS_CHANGED: Text("HỦY: tài liệu đã đổi", "VOID: papers changed"),
}
POSITIONS: Final = {
    Position.NO_OBJECTION: Text("không có ý kiến", "no objection"),
    Position.OBJECTION: Text("không đồng ý", "objects"),
    Position.OTHER_OPINION: Text("có ý kiến khác", "other opinion"),
    Position.WISH_TO_SPEAK: Text("đăng ký phát biểu", "wishes to speak"),
}
_POLLS: Final = {
    ServicePollState.DRAFT: Text("nháp", "draft"),
    ServicePollState.PUBLISHED: Text("chưa mở", "not open"),
    ServicePollState.OPEN: Text("đang mở", "open"),
    ServicePollState.CLOSED: Text("đã đóng", "closed"),
    ServicePollState.CERTIFIED: Text("đã xác nhận", "certified"),
}


def view(found: RoomView, options: Options) -> Iterator[str]:
    """Where a session stands."""
    room, lang = found.room, options.lang
    head = f"{found.title} · {PHASES[room.phase].of(lang)}"
    yield head + (options.say(" · CẤT THIẾT BỊ", " · DEVICES AWAY") if room.away else "")
    enough = room.present >= room.needed
    yield (
        options.say("Có mặt", "Present")
        + f" {room.present}/{len(room.roll)} "
        + (
            options.say(f"(đủ, cần {room.needed})", f"(a quorum, {room.needed} needed)")
            if enough
            else options.say(f"(CHƯA ĐỦ, cần {room.needed})", f"(NO QUORUM, {room.needed} needed)")
        )
    )
    yield from _others(found, options)
    yield from _agenda(found, options)
    yield from _speakers(found, options)
    yield from _votes(found, options)
    if found.dry_run:
        yield options.say("Chạy thử: chưa gửi gì.", "Dry run: nothing was sent.")


def _others(found: RoomView, options: Options) -> Iterator[str]:
    """Whoever is neither simply here nor simply unknown."""
    quiet = {Presence.PRESENT, Presence.UNKNOWN, Presence.WILL_ATTEND}
    for entry in found.room.roll:
        if entry.presence not in quiet:
            name = found.members.get(entry.member, entry.member)
            more = options.say(" · có người dự thay", " · a substitute attends") if entry.substitute else ""
            yield f"  {name}: {PRESENCES[entry.presence].of(options.lang)}{more}"


def _agenda(found: RoomView, options: Options) -> Iterator[str]:
    planned = {item.id: item.minutes for item in found.plan.items}
    counts = {each.item: each.counts for each in found.room.positions}
    for number, item in enumerate(found.room.items, 1):
        spent = item.spent_s
        if item.since is not None:
            spent += max(0, from_rfc3339(found.at) - from_rfc3339(item.since)) // 1000
        sign = ">" if item.state is ItemState.CURRENT else " "
        title = found.titles.get(item.id, item.id)
        minutes = planned.get(item.id)
        plan = "" if minutes is None else f"/{minutes:02d}:00"
        yield f"{sign}{number:2d}. {title} · {ITEMS[item.state].of(options.lang)} · {clock(spent)}{plan}"
        said = [f"{POSITIONS[position].of(options.lang)} {n}" for position, n in counts.get(item.id, {}).items()]
        if said and item.state in {ItemState.WAITING, ItemState.CURRENT}:
            yield "      " + ", ".join(said)


def _speakers(found: RoomView, options: Options) -> Iterator[str]:
    room = found.room
    if room.speaker is not None:
        name = found.members.get(room.speaker.member, room.speaker.member)
        spoken = max(0, from_rfc3339(found.at) - from_rfc3339(room.speaker.since)) // 1000
        limit = "" if room.speaker.allotted_s is None else f"/{clock(room.speaker.allotted_s)}"
        yield options.say("Đang phát biểu", "Speaking") + f": {name} {clock(spoken)}{limit}"
    waiting = [each for each in room.queue if each.item == room.current or room.current is None]
    if waiting:
        names = ", ".join(found.members.get(each.member, each.member) for each in waiting)
        yield options.say("Chờ phát biểu", "Waiting to speak") + f": {names}"


def _votes(found: RoomView, options: Options) -> Iterator[str]:
    for poll in found.room.polls:
        title = found.poll_titles.get(poll.poll, poll.poll)
        done = poll.in_room + poll.absent
        yield (
            options.say("Biểu quyết", "Vote")
            + f" {title}: {_POLLS[poll.state].of(options.lang)} · "
            + options.say(
                f"{done}/{poll.eligible} phiếu ({poll.in_room} tại phòng, {poll.absent} vắng mặt)",
                f"{done} of {poll.eligible} votes ({poll.in_room} in the room, {poll.absent} absent)",
            )
        )
        if poll.state is ServicePollState.OPEN and poll.closes is not None:
            left = max(0, from_rfc3339(poll.closes) - from_rfc3339(found.at)) // 1000
            yield "    " + options.say(f"còn {clock(left)}", f"{clock(left)} left")
        if poll.block is not None:
            yield f"    {BLOCKS[poll.block].of(options.lang)}"
        for counts in poll.totals.values():
            yield (
                "    "
                + ", ".join(f"{code} {n}" for code, n in counts.items())
                + options.say(" (tạm tính)", " (provisional)")
            )


def acts(found: Iterable[ReadAct], options: Options) -> Iterator[str]:
    """What members asked, oldest first."""
    for act in found:
        who = act.name or act.member or "?"
        when = show.local(act.made) if act.made else ""
        if act.problem or act.act is None:
            yield f"! {when} {who}: {act.problem}"
            continue
        yield f"{when} {who}: {act_words(act.act, options)}"
        if act.words is not None:
            if act.words.person:
                yield f"    {act.words.person}"
            if act.words.quote:
                yield f"    “{act.words.quote}”"
            if act.words.text:
                yield f"    {act.words.text}"


def act_words(act: SessionAct, options: Options) -> str:
    """One act in a few words."""
    about = getattr(act, "item", "")
    words = _ACTS[type(act)].of(options.lang)
    if isinstance(act, TakePosition):
        words = POSITIONS[act.position].of(options.lang)
    if isinstance(act, DeclareAbsence) and act.start and act.end:
        about = f"{show.local(act.start)} - {show.local(act.end)}"
    if isinstance(act, ConfirmAttendance | CheckIn) and act.remote:
        about = PRESENCES[Presence.REMOTE].of(options.lang)
    return f"{words} · {about}" if about else words


_ACTS: Final[dict[type, Text]] = {
    ConfirmAttendance: Text("sẽ dự họp", "will attend"),
    CheckIn: Text("đã có mặt", "is here"),
    DeclareAbsence: Text("xin vắng", "asks to be absent"),
    NameSubstitute: Text("cử người dự thay", "names a substitute"),
    TakePosition: Text("cho ý kiến", "takes a position"),
    RequestToSpeak: Text("đăng ký phát biểu", "asks to speak"),
    WithdrawRequest: Text("rút đăng ký phát biểu", "withdraws the request"),
}


def clock(seconds: int) -> str:
    """``07:05``; over an hour ``1:07:05``."""
    hours, rest = divmod(seconds, 3600)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return f"{hours}:{text}" if hours else text

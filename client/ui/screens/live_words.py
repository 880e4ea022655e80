# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences of the live session. What may be said of a signed act is not here but in ``ui.words``."""

from __future__ import annotations

from collections.abc import Mapping

from client.domain.ids import MemberId
from client.domain.live import (
    Approver,
    CheckIn,
    ConfirmAttendance,
    DeclareAbsence,
    ItemState,
    NameSubstitute,
    Position,
    Presence,
    RequestToSpeak,
    RollEntry,
    SessionAct,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.domain.live_view import Floor, ItemView, SessionView, SpeakWhyNot
from client.domain.people import Person
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.live import LiveNow
from client.ui.people_words import name_of
from client.ui.theme.tokens import Tone

POSITIONS = (Position.NO_OBJECTION, Position.OBJECTION, Position.OTHER_OPINION, Position.WISH_TO_SPEAK)


def phase_words(phase: SessionPhase) -> str:
    """Where the session stands."""
    return {
        SessionPhase.SCHEDULED: tr("Chưa khai mạc"),
        SessionPhase.ROLL_CALL: tr("Đang điểm danh"),
        SessionPhase.IN_SESSION: tr("Đang họp"),
        SessionPhase.PAUSED: tr("Tạm nghỉ"),
        SessionPhase.CLOSED: tr("Đã kết thúc"),
    }[phase]


def bar_title(now: LiveNow) -> str:
    """``Nội dung 2/5 – Dự thảo Nghị định …``, or what happens instead."""
    room = now.live.room
    if room.phase is SessionPhase.ROLL_CALL:
        return quorum_sentence(now.view)
    if now.item is None:
        return tr("Chưa vào nội dung nào")
    return tr("Nội dung {n}/{all} – {title}").format(n=now.number, all=len(now.session.agenda), title=now.item.title)


def page_label(now: LiveNow) -> str:
    """What the presenter shows: ``Tờ trình, trang 7``."""
    if now.page is None:
        return ""
    title = words.paper_kind(now.page.paper.kind)
    return tr("{title}, trang {n}").format(title=title, n=now.page.page + 1)


def floor_sentence(item: ItemView | None) -> str:
    """Where the member stands on the way to the floor; empty when nowhere."""
    if item is None or item.floor is Floor.NOT_ASKED:
        return ""
    if item.floor is Floor.ASKING:
        return tr("Đăng ký phát biểu đã lưu trên máy, chờ tiếp nhận")
    if item.floor is Floor.LEAVING:
        return tr("Đang rút đăng ký phát biểu")
    if item.floor is Floor.SPEAKING:
        return tr("Đến lượt đồng chí phát biểu")
    ahead = item.place - 1
    place = tr("Thứ tự phát biểu của đồng chí: {n}").format(n=item.place)
    return words.joined((place, tr("{n} người trước").format(n=ahead) if ahead else tr("tiếp theo là đồng chí")))


def speaker_sentence(now: LiveNow, people: Mapping[MemberId, Person], left_s: int | None) -> str:
    """Who has the floor and how long still; empty when nobody has."""
    speaker = now.live.room.speaker
    if speaker is None or now.view.my_turn:
        return ""
    name = name_of(speaker.member, people)
    if left_s is None:
        return tr("Đang phát biểu: {name}").format(name=name)
    return tr("Đang phát biểu: {name} ({time})").format(name=name, time=speech_time(left_s))


def speech_time(left_s: int) -> str:
    """``còn 02:10`` or ``quá 00:15``."""
    if left_s >= 0:
        return tr("còn {clock}").format(clock=formats.countdown(left_s))
    return tr("quá {clock}").format(clock=formats.countdown(-left_s))


def speak_why_not_sentence(reason: SpeakWhyNot) -> str:
    """Why the floor cannot be asked for."""
    return {
        SpeakWhyNot.CLOSED: tr("Phiên họp đã kết thúc."),
        SpeakWhyNot.ITEM_DONE: tr("Nội dung này đã xong."),
        SpeakWhyNot.DEVICES_AWAY: tr("Phiên họp đang cất thiết bị."),
        SpeakWhyNot.ASKED: tr("Đồng chí đã đăng ký phát biểu."),
    }[reason]


def position_words(position: Position) -> str:
    """A position on an item."""
    return {
        Position.NO_OBJECTION: tr("Không có ý kiến"),
        Position.OBJECTION: tr("Không nhất trí"),
        Position.OTHER_OPINION: tr("Có ý kiến khác"),
        Position.WISH_TO_SPEAK: tr("Đăng ký phát biểu"),
    }[position]


def position_hint(position: Position) -> str:
    """What a position asks for or leads to."""
    return {
        Position.NO_OBJECTION: tr("Nội dung có thể thông qua không cần thảo luận"),
        Position.OBJECTION: tr("Nên nêu lý do"),
        Position.OTHER_OPINION: tr("Cần ghi nội dung"),
        Position.WISH_TO_SPEAK: tr("Vào danh sách phát biểu"),
    }[position]


def item_state_words(state: ItemState) -> str:
    """Where an item stands; empty while it waits."""
    return {
        ItemState.WAITING: "",
        ItemState.CURRENT: tr("Đang trình bày"),
        ItemState.DONE: tr("Đã xong"),
        ItemState.PASSED: tr("Thông qua, không thảo luận"),
    }[state]


def item_state_tone(state: ItemState) -> Tone:
    """How that is coloured."""
    return {ItemState.CURRENT: Tone.LIVE, ItemState.DONE: Tone.NEUTRAL, ItemState.PASSED: Tone.OK}.get(
        state, Tone.NEUTRAL
    )


def time_spent(view: ItemView) -> str:
    """``12 phút / 40 phút``: spent against planned; empty before it was taken up."""
    if not view.spent_s:
        return ""
    spent = tr("{n} phút").format(n=view.spent_s // 60)
    if view.planned is None or view.planned.minutes is None:
        return tr("đã dùng {time}").format(time=spent)
    planned = tr("{n} phút").format(n=view.planned.minutes)
    return tr("đã dùng {time}/{planned}").format(time=spent, planned=planned)


def presence_words(presence: Presence) -> str:
    """What is known of somebody's presence."""
    return {
        Presence.UNKNOWN: tr("Chưa xác nhận"),
        Presence.WILL_ATTEND: tr("Sẽ dự họp"),
        Presence.CHECKED_IN: tr("Đã báo có mặt, chờ Thư ký xác nhận"),
        Presence.PRESENT: tr("Có mặt"),
        Presence.REMOTE: tr("Dự trực tuyến"),
        Presence.ABSENT_ASKED: tr("Xin vắng, chờ đồng ý"),
        Presence.ABSENT_APPROVED: tr("Vắng, đã được đồng ý"),
        Presence.ABSENT: tr("Vắng, chưa được đồng ý"),
        Presence.LEFT: tr("Đã rời phiên họp"),
    }[presence]


def presence_tone(presence: Presence) -> Tone:
    """How that is coloured."""
    if presence in {Presence.PRESENT, Presence.REMOTE}:
        return Tone.OK
    if presence in {Presence.CHECKED_IN, Presence.ABSENT_ASKED}:
        return Tone.WARNING
    return Tone.DANGER if presence is Presence.ABSENT else Tone.NEUTRAL


def presence_icon(presence: Presence) -> str:
    """Its icon."""
    if presence in {Presence.PRESENT, Presence.REMOTE}:
        return "check"
    return "clock" if presence in {Presence.CHECKED_IN, Presence.ABSENT_ASKED} else "person"


def absence_note(entry: RollEntry) -> str:
    """From when to when, who consented, who stands in."""
    parts = []
    if entry.start is not None or entry.end is not None:
        first = formats.short_moment(entry.start) if entry.start else "…"
        last = formats.short_moment(entry.end) if entry.end else "…"
        parts.append(tr("từ {first} đến {last}").format(first=first, last=last))
    if entry.decided_by is not None:
        parts.append(
            {
                Approver.PRIME_MINISTER: tr("Thủ tướng quyết định"),
                Approver.SECRETARIAT: tr("Văn phòng Chính phủ quyết định"),
            }[entry.decided_by]
        )
    if entry.substitute:
        parts.append(tr("có người dự thay, không biểu quyết"))
    return words.joined(parts)


def quorum_sentence(view: SessionView) -> str:
    """``Có mặt 18/27, đủ số thành viên để họp (cần 18)``."""
    room, members = view.live.room, len(view.live.plan.members)
    if view.short_by:
        return tr("Có mặt {n}/{all}, còn thiếu {short} thành viên để đủ điều kiện họp (cần {needed})").format(
            n=room.present, all=members, short=view.short_by, needed=room.needed
        )
    return tr("Có mặt {n}/{all}, đủ số thành viên để họp (cần {needed})").format(
        n=room.present, all=members, needed=room.needed
    )


def act_words(act: SessionAct) -> str:
    """What an act in a session was."""
    if isinstance(act, TakePosition):
        return tr("Ý kiến về nội dung: {position}").format(position=position_words(act.position))
    return {
        RequestToSpeak: tr("Đăng ký phát biểu"),
        WithdrawRequest: tr("Rút đăng ký phát biểu"),
        DeclareAbsence: tr("Báo vắng mặt"),
        NameSubstitute: tr("Cử người dự thay"),
        CheckIn: tr("Báo có mặt"),
        ConfirmAttendance: tr("Xác nhận dự họp"),
    }[type(act)]

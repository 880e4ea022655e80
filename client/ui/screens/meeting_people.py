# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who takes part: my own attendance with what I may do about it, the quorum, and the roll in its official order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.ids import MemberId
from client.domain.live import RollEntry
from client.domain.live_view import MyAct, SessionView
from client.domain.people import Person
from client.ui import words
from client.ui.i18n import tr
from client.ui.models.live import attendance_of
from client.ui.people_words import name_of
from client.ui.screens.live_words import (
    absence_note,
    phase_words,
    presence_icon,
    presence_tone,
    presence_words,
    quorum_sentence,
)
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.layouts import FlowLayout, Part
from client.ui.widgets.list_rows import Row
from client.ui.widgets.text import Label


class AttendanceCard(Card):
    """My line of the roll.

    Attributes:
        confirm_wanted, check_in_wanted, absence_wanted, substitute_wanted: See the buttons.
    """

    confirm_wanted = Signal()
    check_in_wanted = Signal()
    absence_wanted = Signal()
    substitute_wanted = Signal()

    def __init__(self, view: SessionView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        me = view.me
        self.column.addWidget(Label(tr("Việc dự họp của đồng chí"), "heading"))
        if me is None:
            self.column.addWidget(Label(tr("Đồng chí không có trong thành phần của phiên họp này."), "note"))
            return
        chips = FlowLayout()
        chips.addWidget(Chip(presence_words(me.presence), presence_tone(me.presence), presence_icon(me.presence)))
        for act in (view.attendance, view.substitute):
            if act is not None:
                chips.addWidget(act_chip(act))
        self.column.addLayout(chips)
        if note := absence_note(me):
            self.column.addWidget(Label(note, "note"))
        self._add_words(tr("Lý do: {text}"), view.attendance)
        self._add_substitute(view.substitute)
        allowed, flow = attendance_of(view), FlowLayout()
        for may, text, icon, signal in (
            (allowed.confirm, tr("Xác nhận dự họp"), "check", self.confirm_wanted),
            (allowed.check_in, tr("Tôi có mặt"), "check", self.check_in_wanted),
            (allowed.absence, tr("Báo vắng mặt"), "person", self.absence_wanted),
            (allowed.substitute, tr("Cử người dự thay"), "people", self.substitute_wanted),
        ):
            if may:
                button = Button(text, icon)
                button.clicked.connect(signal)
                flow.addWidget(button)
        if flow.count():
            self.column.addLayout(flow)

    def _add_words(self, form: str, act: MyAct | None) -> None:
        if act is not None and act.draft.text is not None and act.draft.text.text:
            self.column.addWidget(Label(form.format(text=act.draft.text.text)))

    def _add_substitute(self, act: MyAct | None) -> None:
        if act is None or act.draft.text is None:
            return
        self.column.addWidget(Label(tr("Người dự thay: {name}").format(name=act.draft.text.person), "strong"))
        self._add_words(tr("Nội dung bàn giao: {text}"), act)
        self.column.addWidget(Label(tr("Người dự thay trình bày ý kiến, không biểu quyết."), "note"))


def people_parts(view: SessionView, people: Mapping[MemberId, Person], *, attendance: Part, me: MemberId) -> list[Part]:
    """The tab: my card, the quorum, the roll; each line is a part, so that a long roll is built in slices."""
    text = quorum_sentence(view)
    tone = Tone.WARNING if view.short_by else Tone.OK
    phase = phase_words(view.live.room.phase)
    parts = [
        attendance,
        Part("quorum", (text, tone), partial(Banner, text, tone, "people")),
        Part("roll", phase, partial(Label, tr("Danh sách thành viên"), "heading")),
    ]
    for index, entry in enumerate(view.live.room.roll):
        name = name_of(entry.member, people)
        if entry.member == me:
            name = tr("{name} (đồng chí)").format(name=name)
        build = partial(roll_row, entry, name, first=index == 0)
        parts.append(Part(("roll", entry.member), (entry, name, index == 0), build))
    return parts


def roll_row(entry: RollEntry, name: str, *, first: bool) -> Row:
    """One line of the roll."""
    chip = Chip(presence_words(entry.presence), presence_tone(entry.presence), presence_icon(entry.presence))
    return Row(name, absence_note(entry), trailing=(chip,), opens=False, first=first)


def no_people() -> EmptyState:
    """The service has no session yet."""
    note = tr("Danh sách hiện ra khi Thư ký mở phiên họp trên hệ thống.")
    return EmptyState("people", tr("Chưa có danh sách thành phần"), note)


def act_chip(act: MyAct) -> Chip:
    """The one sentence that is true of an act."""
    return Chip(
        words.standing_sentence(act.standing, act.item),
        words.standing_tone(act.standing),
        words.standing_icon(act.standing),
    )

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The home screen as a month: the grid, and under it what stands on the chosen day."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.clock import Clock
from client.ui import formats, words
from client.ui.i18n import tr
from client.ui.models.diary import Entry, EntryKind, month_days, months_later
from client.ui.models.home import vietnam_day
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.card import CardButton
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn, hbox
from client.ui.widgets.month import Mark, MonthGrid
from client.ui.widgets.text import Label


class MonthPane(QWidget):
    """A month; arrows turn it, "Hôm nay" returns.

    Attributes:
        opened: ``Entry`` that was pressed.
        export_wanted: The entries to be written as a calendar file.
    """

    opened = Signal(object)
    export_wanted = Signal(object)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entries: tuple[Entry, ...] = ()
        self.chosen = self.today
        self.month = self.today.replace(day=1)
        self.title = Label("", "heading", wrap=False)
        self.before = ToolButton("chevron_left", tr("Tháng trước"))
        self.after = ToolButton("chevron_right", tr("Tháng sau"))
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self.now_button = Button(tr("Hôm nay"), variant="plain")
        self.now_button.clicked.connect(lambda: self.choose(self.today))
        self.grid = MonthGrid()
        self.grid.chosen.connect(self._on_chosen)
        self.grid.turned.connect(self.turn)
        self.list = ScrollColumn()
        top = QVBoxLayout()
        top.setContentsMargins(EDGE, 0, EDGE, GAP)
        top.setSpacing(GAP)
        top.addLayout(hbox(self.before, self.title, self.after, None, self.now_button, spacing=GAP // 2))
        top.addWidget(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self.list, 1)

    @property
    def today(self) -> date:
        """The day it is in Việt Nam."""
        return vietnam_day(self._clock.now())

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Draw; the chosen day stays chosen."""
        self._entries = entries
        self._draw()

    def choose(self, day: date) -> None:
        """Show a day and the month it is in."""
        self.chosen, self.month = day, day.replace(day=1)
        self._draw()

    def turn(self, months: int) -> None:
        """Some months on; the first day of it is chosen, or today if it is in it."""
        first = months_later(self.month, months)
        self.choose(self.today if self.today.replace(day=1) == first else first)

    def _on_chosen(self, day: date) -> None:
        self.choose(day)
        self.grid.focus_day(day)

    def _draw(self) -> None:
        self.title.setText(formats.month_name(self.month))
        marks: dict[date, list[Mark]] = {}
        for entry in self._entries:
            marks.setdefault(entry.day, []).append(mark_of(entry))
        days = month_days(self.month)
        self.grid.show_month(days, marks, month=self.month, today=self.today, chosen=self.chosen)
        self.list.show_parts(self._parts())

    def _parts(self) -> list[Part]:
        found = [entry for entry in self._entries if entry.day == self.chosen]
        head = f"{formats.weekday(self.chosen)}, {formats.short_day(self.chosen)}"
        parts = [Part("day", self.chosen, partial(Label, head, "strong"))]
        parts += [Part(entry.ident, entry, partial(self._card, entry)) for entry in found]
        if not found:
            parts.append(Part("nothing", None, partial(Label, tr("Không có phiên họp hay hạn nào."), "note")))
        ahead = tuple(entry for entry in self._entries if entry.ends >= self._clock.now())
        if ahead:
            parts.append(Part("export", len(ahead), partial(self._export_row, ahead)))
        return parts

    def _card(self, entry: Entry) -> EntryCard:
        card = EntryCard(entry)
        card.activated.connect(lambda: self.opened.emit(entry))
        return card

    def _export_row(self, entries: tuple[Entry, ...]) -> QWidget:
        row = QWidget()
        flow = FlowLayout(row)
        button = Button(tr("Xuất lịch ({n} mục, .ics)").format(n=len(entries)), "calendar")
        button.clicked.connect(lambda: self.export_wanted.emit(entries))
        flow.addWidget(button)
        return row


class EntryCard(CardButton):
    """One entry of a day."""

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        when = entry_time(entry)
        super().__init__(f"{mark_of(entry).text}. {entry.title}. {when}", parent)
        self.entry = entry
        self.column.addWidget(Label(words.joined((mark_of(entry).text, when)), "note"))
        self.column.addWidget(Label(entry.title, "strong"))


def mark_of(entry: Entry) -> Mark:
    """How an entry is marked in the grid."""
    if entry.kind is EntryKind.DEADLINE:
        return Mark("vote", tr("Hạn gửi ý kiến"))
    if entry.kind is EntryKind.COMMENTS:
        return Mark("comment", tr("Hạn góp ý"))
    return Mark("session", tr("Phiên họp"))


def entry_time(entry: Entry) -> str:
    """``08:00–11:00``, or the one time of a deadline."""
    first, last = (formats.clock_time(formats.local(at)) for at in (entry.starts, entry.ends))
    return first if entry.kind is not EntryKind.SESSION else f"{first}–{last}"

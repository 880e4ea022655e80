# SPDX-License-Identifier: AGPL-3.0-or-later
"""The travel check: until when, look at everything, say plainly whether the device is ready and what is left to do."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.clock import Millis, to_rfc3339
from client.domain.ids import Moment, PackId, PollId
from client.domain.travel import Check, Finding, Level, Step, TravelReport
from client.errors import EcabinetError
from client.store.changes import Topic
from client.ui import formats
from client.ui.announce import announce
from client.ui.bridge import Bridge
from client.ui.context import AppContext, RunningCheck
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.models.reads import pack_paper, read_names
from client.ui.navigator import Navigator, Travel
from client.ui.screen import Screen
from client.ui.screens import travel_words
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn, hbox, wrapped
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.text import Label

DAYS: Final = (1, 3, 7, 14)
_LONGEST: Final = 60
_NAMED: Final = 5
"""Papers that a finding names; more are counted."""


class TravelScreen(Screen[Travel]):
    """Choose when the trip ends, check, read the result."""

    TOPICS = frozenset({Topic.PACKS, Topic.POLLS})
    _moved = Signal(int, int)
    """From the checking thread to this one."""

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("travel_screen")
        self.setAccessibleName(tr("Sẵn sàng ngoại tuyến"))
        self.days = 3
        self.report: TravelReport | None = None
        self._check: RunningCheck | None = None
        self._pack: PackId | None = None
        self._names: dict[str, str] = {}
        self.header = Header(tr("Sẵn sàng ngoại tuyến"), with_back=True)
        self.header.back.connect(navigator.back)
        self.trip = _TripCard()
        self.trip.chosen.connect(self._choose_days)
        self.trip.start_button.clicked.connect(self.start)
        self.trip.stop_button.clicked.connect(self.cancel)
        self.list = ScrollColumn()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self._moved.connect(self.trip.show_progress)
        self._choose_days(self.days)

    def enter(self, route: Travel) -> None:
        """Show it for a pack or for everything; a result about something else goes."""
        if route.pack != self._pack:
            self.cancel()
            self._pack, self.report = route.pack, None
        super().enter(route)

    def leave(self) -> None:
        """Nobody looks any more."""
        self.cancel()

    def refresh(self) -> None:
        """Read the names that the result needs."""
        self._choose_days(self.days)
        self.tasks.run(read_names(self.ctx.record), self._name)

    @property
    def ends(self) -> Moment:
        """The last moment of the trip's last day, Việt Nam time."""
        day = formats.local(self.ctx.clock.now()).date() + timedelta(days=self.days)
        last = datetime.combine(day, time.max, formats.VIETNAM)
        return Moment(to_rfc3339(Millis(int(last.timestamp() * 1000))))

    def start(self) -> None:
        """Begin the check."""
        only = None if self._pack is None else frozenset({self._pack})
        self.report = None
        self.trip.set_running(running=True)
        self._draw()
        assert self.ctx.travel is not None
        check = self.ctx.travel.start(self.ends, only, self._moved.emit)
        self._check = check
        self.tasks.run(
            check.report,
            lambda report: self._done(check, report),
            lambda error: self._failed(check, error),
            owner=self,
        )

    def cancel(self) -> None:
        """End the check after the paper in hand; there is no half result."""
        if self._check is not None:
            self._check.cancel()
            self._check = None
            self.trip.set_running(running=False)

    def _choose_days(self, days: int) -> None:
        self.days = max(0, min(days, _LONGEST))
        if self.report is not None and self.report.ends != self.ends:
            self.report = None
        self.trip.show_end(self.days, self.ends)
        self._draw()

    def _done(self, check: RunningCheck, report: TravelReport | None) -> None:
        if check is not self._check:
            return
        self._check = None
        self.trip.set_running(running=False)
        self.report = report
        self._draw()
        if report is not None:
            announce(self, _summary(report))

    def _failed(self, check: RunningCheck, error: EcabinetError) -> None:
        if check is self._check:
            self._check = None
            self.trip.set_running(running=False)
            self.trip.trouble.set(f"{error_title(error)}. {error_next_step(error)} [{error.code}]", Tone.DANGER)

    def _name(self, names: dict[str, str]) -> None:
        self._names = names
        self._draw()

    def _draw(self) -> None:
        parts = [Part("trip", None, lambda: self.trip)]
        report = self.report
        if report is not None:
            parts.append(Part("summary", report, lambda: _summary_banner(report)))
            parts += [self._part(check, report.of(check)) for check in Check if report.of(check)]
        self.list.show_parts(parts)

    def _part(self, check: Check, found: tuple[Finding, ...]) -> Part:
        return Part(check, (found, self._names), lambda: self._card(found))

    def _card(self, found: tuple[Finding, ...]) -> Card:
        card = Card()
        worst = max(found, key=lambda finding: list(Level).index(finding.level)).level
        title = Label(travel_words.heading(found[0].check), "heading")
        card.column.addLayout(hbox(title, None, Chip(travel_words.verdict(worst), travel_words.tone(worst))))
        for finding in found:
            self._tell(card, finding)
        for step in Step:
            if step is not Step.NOTHING and any(finding.step is step for finding in found):
                card.column.addWidget(Label(travel_words.next_step(step), "note"))
        if any(finding.step is Step.SYNC for finding in found):
            button = Button(tr("Đồng bộ ngay"), "sync")
            button.clicked.connect(lambda: self.ctx.engine.poke("member"))
            card.column.addLayout(hbox(button, None))
        return card

    def _tell(self, card: Card, finding: Finding) -> None:
        about = finding.poll or (finding.pack if self._pack is None else None)
        if about is not None and about in self._names:
            card.column.addWidget(Label(self._names[about], "strong"))
        card.column.addWidget(Label(travel_words.sentence(finding)))
        for paper in finding.papers[:_NAMED]:
            card.column.addWidget(Label(f"– {self._names.get(pack_paper(finding.pack, paper), paper)}", "note"))
        if len(finding.papers) > _NAMED:
            rest = len(finding.papers) - _NAMED
            card.column.addWidget(Label(tr("và {n} tài liệu khác").format(n=rest), "note"))
        if finding.step is Step.VOTE and finding.poll is not None:
            poll = PollId(finding.poll)
            button = Button(tr("Mở phiếu"), "vote")
            button.clicked.connect(lambda: self.navigator.open_ballot(poll))
            card.column.addLayout(hbox(button, None))


class _TripCard(Card):
    """When the trip ends, start, progress, stop.

    Attributes:
        chosen: Number of days from today.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days = 0
        self.column.addWidget(Label(tr("Chuyến đi kết thúc khi nào?"), "heading"))
        names = {1: tr("Ngày mai"), 3: tr("3 ngày"), 7: tr("1 tuần"), 14: tr("2 tuần")}
        self.presets = {days: Button(names[days]) for days in DAYS}
        for days, preset in self.presets.items():
            preset.clicked.connect(lambda _checked=False, days=days: self.chosen.emit(days))
        self.less = Button("", "remove")
        self.less.setAccessibleName(tr("Sớm hơn một ngày"))
        self.less.clicked.connect(lambda: self.chosen.emit(self._days - 1))
        self.more = Button("", "add")
        self.more.setAccessibleName(tr("Muộn hơn một ngày"))
        self.more.clicked.connect(lambda: self.chosen.emit(self._days + 1))
        self.column.addLayout(wrapped(*self.presets.values(), self.less, self.more))
        self.end = Label("", "strong")
        self.column.addWidget(self.end)
        note = tr("Máy đọc lại từng tài liệu, hiển thị thử trang đầu, và xem phiếu nào đóng trong thời gian đó.")
        self.column.addWidget(Label(note, "note"))
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.line = ProgressLine()
        self.progress = Label("", "note")
        self.column.addWidget(self.line)
        self.column.addWidget(self.progress)
        self.start_button = Button(tr("Kiểm tra"), "check_circle", variant="primary")
        self.stop_button = Button(tr("Dừng"), "close")
        self.column.addLayout(hbox(self.start_button, self.stop_button, None))
        self.column.setSpacing(GAP + 4)
        self.setContentsMargins(0, 0, 0, EDGE // 4)
        self.set_running(running=False)

    def show_end(self, days: int, ends: Moment) -> None:
        """Say in full until when."""
        self._days = days
        at = formats.local(ends)
        text = tr("Đến hết {weekday}, ngày {day}")
        self.end.setText(text.format(weekday=formats.weekday(at), day=formats.short_day(at)))
        self.less.setEnabled(days > 0)
        self.more.setEnabled(days < _LONGEST)

    def set_running(self, *, running: bool) -> None:
        """Show start or progress."""
        for widget in (self.line, self.progress, self.stop_button):
            widget.setVisible(running)
        self.start_button.setVisible(not running)
        for widget in (*self.presets.values(), self.less, self.more):
            widget.setEnabled(not running)
        if running:
            self.trouble.set("")
            self.show_progress(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """How many papers were looked at."""
        self.line.set(done, total)
        self.progress.setText(tr("Đã kiểm tra {n}/{all} tài liệu").format(n=done, all=total))


def _summary(report: TravelReport) -> str:
    ends = formats.local(report.ends)
    day = f"{formats.weekday(ends)}, {formats.short_day(ends)}"
    if report.ready:
        return tr("Sẵn sàng ngoại tuyến đến hết {day}.").format(day=day)
    bad = sum(finding.level is Level.BAD for finding in report.findings)
    return tr("Chưa sẵn sàng đến hết {day}: {n} việc cần xử lý.").format(day=day, n=bad)


def _summary_banner(report: TravelReport) -> Banner:
    looked = tr("Đã kiểm tra {n} tài liệu lúc {at}.").format(n=report.papers, at=formats.short_moment(report.checked))
    return Banner(f"{_summary(report)} {looked}", Tone.OK if report.ready else Tone.DANGER)

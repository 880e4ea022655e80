# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home: my meetings and what awaits me. On a wide window the chosen meeting stands beside the list."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from client.domain.comments_due import CommentsDue
from client.domain.ids import PackId
from client.domain.projection import BallotView
from client.domain.session import SessionKind
from client.store.changes import Topic
from client.sync.events import Connectivity, PackProgress, SyncFinished, SyncStarted
from client.ui import formats, words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.diary import Entry, EntryKind, entries_of
from client.ui.models.home import HomeView, PackCard, PackShown, is_due
from client.ui.models.reads import read_home
from client.ui.navigator import Home, Meeting, Navigator, Travel
from client.ui.screen import Screen
from client.ui.screens.calendar_sheet import CalendarSheet
from client.ui.screens.home_month import MonthPane
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.meeting_reading import plan_sentence
from client.ui.shortcuts import SEARCH_KEYS
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.ballot_row import ballot_part
from client.ui.widgets.button import Button
from client.ui.widgets.card import CardButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.comments_card import CommentsDueCard
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.home_search import HomeSearch
from client.ui.widgets.layouts import Part, ScrollColumn, hbox, wrapped
from client.ui.widgets.list_rows import Section
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label


class Way(Enum):
    """How home is shown."""

    LIST = "list"
    MONTH = "month"


WIDE: Final = 1100
"""From this width on, at 100 % text, the meeting stands beside the list."""
_LIST: Final = 448
_MINUTE_MS: Final = 60_000


class SessionsScreen(Screen[Home]):
    """The list of meetings and ballots that await an answer."""

    TOPICS = frozenset(
        {Topic.PACKS, Topic.POLLS, Topic.OUTBOX, Topic.READING, Topic.COMMENTS, Topic.LIVE, Topic.SHARED}
    )

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("sessions_screen")
        self.setAccessibleName(tr("Phiên họp của tôi"))
        self._view: HomeView | None = None
        self._chosen: PackId | None = None
        self._over_open = False
        self.header = Header(tr("Phiên họp của tôi"), ctx.bodies.name if ctx.bodies is not None else "")
        self.sync_button = Button(tr("Đồng bộ ngay"), "sync", variant="plain")
        self.sync_button.clicked.connect(self._sync)
        self.header.row.addWidget(self.sync_button)
        self.views = Segmented(tr("Cách xem"), ((Way.LIST, tr("Danh sách")), (Way.MONTH, tr("Lịch tháng"))), Way.LIST)
        self.views.chosen.connect(self._draw)
        self.search = HomeSearch()
        self.search.wanted.connect(navigator.open_search)
        for keys in SEARCH_KEYS:
            QShortcut(QKeySequence(keys), self, self.search.begin)
        self.list = ScrollColumn()
        self.month = MonthPane(ctx.clock)
        self.month.opened.connect(self._open_entry)
        self.month.export_wanted.connect(self._export)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.month)
        switch = hbox(self.views, None)
        switch.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.header)
        left.addWidget(self.search)
        left.addLayout(switch)
        left.addWidget(self.stack, 1)
        self.panel = MeetingPanel(ctx, tasks, navigator, with_back=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left, 1)
        row.addWidget(self.panel, 1)
        self.panel.hide()
        self._minute = QTimer(self)
        self._minute.timeout.connect(self._tick)
        bridge.engine_event.connect(self._on_engine)

    @property
    def wide(self) -> bool:
        """Whether the meeting stands beside the list."""
        return self.width() >= WIDE * tokens().measures.percent / 100

    @property
    def _beside(self) -> bool:
        """Whether the meeting is shown beside the list, also while this screen is out of sight."""
        return not self.panel.isHidden()

    def enter(self, route: Home) -> None:
        """Show the list; time left is kept true by the minute."""
        super().enter(route)
        self._minute.start(_MINUTE_MS)

    def leave(self) -> None:
        """No ticking while out of sight."""
        self._minute.stop()

    def refresh(self) -> None:
        """Read all cards again."""
        status = self.ctx.engine.status()
        self.sync_button.setVisible(status.online is Connectivity.ONLINE and status.error is None)
        self.tasks.run(read_home(self.ctx.record, self.ctx.clock, self.ctx.viewer), self._show)
        if self._beside:
            self.panel.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two."""
        super().resizeEvent(event)
        self._arrange()

    def _tick(self) -> None:
        self._draw()
        self.refresh()

    def _show(self, view: HomeView) -> None:
        if view == self._view:
            return
        self._view = view
        known = {card.pack for card in (*view.packs, *view.over)}
        if self._chosen not in known:
            self._chosen = view.packs[0].pack if view.packs else None
        self._arrange()
        self._draw()

    def _arrange(self) -> None:
        beside = self.wide and self._chosen is not None
        if beside:
            self._left.setFixedWidth(tokens().measures.target(_LIST))
        else:
            self._left.setMinimumWidth(0)
            self._left.setMaximumWidth(16_777_215)
        if beside and self._chosen is not None and (not self._beside or self.panel.pack != self._chosen):
            self.panel.show_pack(self._chosen)
        if self._beside != beside:
            self.panel.setVisible(beside)
            self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        if self.views.value is Way.MONTH:
            self.month.show_entries(entries_of(self._view))
            self.stack.setCurrentWidget(self.month)
        else:
            self.list.show_parts(self._parts(self._view))
            self.stack.setCurrentWidget(self.list)

    def _parts(self, view: HomeView) -> list[Part]:
        if not view.all and not view.due and not view.comments and not view.missed and not view.to_remind:
            waiting = bool(view.unnamed) or self.ctx.engine.status().working
            return [Part("nothing", waiting, lambda: self._nothing(receiving=waiting))]
        asked, missed, signed = self._awaited(view)
        changed = [card for card in view.packs if card.shown is PackShown.CHANGED and not card.live]
        rest = [card for card in view.packs if card not in changed and not card.live]
        ahead = [card for card in rest if card.session.kind is not SessionKind.OPINION]
        dossiers = [card for card in rest if card not in ahead]
        parts = [self._part(card) for card in view.packs if card.live]
        parts += self._group("asked", tr("Chờ đồng chí cho ý kiến ({n})"), asked)
        remind = [self._ballot(one) for one in view.to_remind]
        parts += self._group("remind", tr("Cần nhắc lãnh đạo ({n})"), remind)
        parts += self._group("missed", tr("Đã quá hạn ({n})"), missed)
        parts += self._group("signed", tr("Đã ký, chờ biên nhận ({n})"), signed)
        parts += self._group("changed", tr("Tài liệu có thay đổi ({n})"), [self._part(one) for one in changed])
        parts += self._group("ahead", tr("Sắp tới ({n})"), [self._part(one) for one in ahead])
        if not self.ctx.practice:
            parts.append(Part("travel", None, self._travel_button))
        parts += self._group("dossiers", tr("Hồ sơ lấy ý kiến ({n})"), [self._part(one) for one in dossiers])
        if view.over:
            parts.append(Part("over", (len(view.over), self._over_open), lambda: self._over_button(len(view.over))))
        if self._over_open:
            parts += [self._part(card) for card in view.over]
        return parts

    def _awaited(self, view: HomeView) -> tuple[list[Part], list[Part], list[Part]]:
        """Ballots and comments by deadline: those that await the member, were missed, and await a receipt."""
        due = [(v.poll.closes or "9", self._ballot(v)) for v in view.due if is_due(v)]
        due += [(c.until, self._comments(c)) for c in view.comments if c.waiting is None and not c.over]
        missed = [(v.poll.closed or "", self._ballot(v)) for v in view.missed]
        missed += [(c.until, self._comments(c)) for c in view.comments if c.waiting is None and c.over]
        signed = [(v.poll.closes or "9", self._ballot(v)) for v in view.due if not is_due(v)]
        signed += [(c.until, self._comments(c)) for c in view.comments if c.waiting is not None]
        return _by_time(due), _by_time(missed)[::-1], _by_time(signed)

    @staticmethod
    def _group(key: str, title: str, parts: list[Part]) -> list[Part]:
        """Parts under their heading; nothing where there are none."""
        text = title.format(n=len(parts))
        return [Part(("group", key), text, partial(Section, text)), *parts] if parts else []

    def _ballot(self, view: BallotView) -> Part:
        return ballot_part(view, self.ctx.clock, self.navigator)

    def _comments(self, due: CommentsDue) -> Part:
        def build() -> CommentsDueCard:
            card = CommentsDueCard(due, self.ctx.clock)
            card.activated.connect(lambda: self._choose(due.pack, comments=True))
            return card

        return Part(("comments", due.pack), (due, formats.until(due.until, self.ctx.clock)), build)

    def _open_entry(self, entry: Entry) -> None:
        if entry.poll is not None:
            self.navigator.open_ballot(entry.poll)
        else:
            self._choose(entry.pack, comments=entry.kind is EntryKind.COMMENTS)

    def _export(self, entries: tuple[Entry, ...]) -> None:
        CalendarSheet(entries, self.ctx.clock, self.tasks, self).open()

    def _travel_button(self) -> Button:
        button = Button(tr("Kiểm tra trước khi đi xa"), "offline", variant="plain")
        button.setStyleSheet("text-align: left;")
        button.clicked.connect(lambda: self.navigator.go(Travel()))
        return button

    def _over_button(self, count: int) -> Button:
        text = tr("Đã kết thúc ({n})").format(n=count)
        toggle = Button(text, "chevron_down" if self._over_open else "chevron_right", variant="plain")
        toggle.setStyleSheet("text-align: left;")
        toggle.clicked.connect(self._toggle_over)
        return toggle

    def _toggle_over(self) -> None:
        self._over_open = not self._over_open
        self._draw()

    def _part(self, card: PackCard) -> Part:
        selected = self._beside and card.pack == self._chosen
        return Part(card.pack, (card, selected), lambda: self._card(card, selected=selected))

    def _card(self, card: PackCard, *, selected: bool) -> MeetingCard:
        button = MeetingCard(card)
        button.set_selected(selected)
        button.activated.connect(lambda: self._choose(card.pack))
        return button

    def _choose(self, pack: PackId, *, comments: bool = False) -> None:
        self._chosen = pack
        if not self.wide:
            self.navigator.go(Meeting(pack, comments=comments))
            return
        self.panel.show_pack(pack)
        if comments:
            self.panel.show_tab(Tab.COMMENTS)
        self._draw()

    def _nothing(self, *, receiving: bool) -> EmptyState:
        if receiving:
            return EmptyState("download", tr("Đang nhận bộ tài liệu"), tr("Danh sách hiện ra khi tải xong phần đầu."))
        state = EmptyState(
            "session",
            tr("Chưa có phiên họp nào"),
            tr("Khi Văn phòng Chính phủ gửi hồ sơ, phiên họp sẽ hiện ở đây."),
            tr("Đồng bộ ngay"),
        )
        if state.button is not None:
            state.button.clicked.connect(self._sync)
        return state

    def _sync(self) -> None:
        self.sync_button.setEnabled(False)
        self.ctx.engine.poke("member")

    def _on_engine(self, event: object) -> None:
        self.panel.on_engine(event)
        if isinstance(event, SyncStarted | SyncFinished):
            working = isinstance(event, SyncStarted)
            self.sync_button.setEnabled(not working)
            self.sync_button.setText(tr("Đang đồng bộ…") if working else tr("Đồng bộ ngay"))
        if isinstance(event, SyncFinished | PackProgress) and self.isVisible() and not self._soon.isActive():
            self._soon.start()


def _by_time(found: list[tuple[str, Part]]) -> list[Part]:
    return [part for _, part in sorted(found, key=lambda each: each[0])]


class MeetingCard(CardButton):
    """One meeting: title, time, state in words, how much was read."""

    def __init__(self, card: PackCard, parent: QWidget | None = None) -> None:
        chips = meeting_chips(card)
        session = card.session
        read = tr("{n}/{all} tài liệu đã đọc").format(n=card.count.read, all=card.count.papers)
        super().__init__(". ".join([session.title, *(chip.text for chip in chips), read]), parent)
        self.column.addWidget(Label(session.title, "heading"))
        self.column.addWidget(Label(words.joined((formats.long_moment(session.starts), session.place)), "note"))
        self.column.addLayout(wrapped(*chips))
        if card.shown is PackShown.FETCHING:
            self.column.addWidget(ProgressLine(card.share, 100))
        if card.count.papers:
            self.column.addWidget(Label(read, "small"))
        if card.plan is not None:
            self.column.addWidget(Label(plan_sentence(card.plan), "small"))


def meeting_chips(card: PackCard) -> list[Chip]:
    """State of a meeting and of its pack, in words."""
    chips = [Chip(tr("Đang họp"), Tone.LIVE)] if card.live else []
    states = {
        PackShown.NOT_FETCHED: (tr("Chưa tải"), Tone.NEUTRAL, "download"),
        PackShown.FETCHING: (tr("Đang tải {n} %").format(n=card.share), Tone.INFO, "download"),
        PackShown.PAUSED: (tr("Đã tạm dừng tải, được {n} %").format(n=card.share), Tone.NEUTRAL, "download"),
        PackShown.TAKEN_OFF: (tr("Không lưu trên máy này"), Tone.NEUTRAL, "offline"),
        PackShown.READY: (tr("Đã tải đủ"), Tone.OK, "check"),
        PackShown.CHANGED: (tr("Tài liệu có thay đổi"), Tone.WARNING, "document_changed"),
        PackShown.BLOCKED: (tr("Không dùng được ({code})").format(code=card.reason), Tone.DANGER, "error"),
        PackShown.WITHDRAWN: (tr("Đã thu hồi"), Tone.NEUTRAL, "remove"),
    }
    text, tone, icon_name = states[card.shown]
    chips.append(Chip(text, tone, icon_name))
    return chips

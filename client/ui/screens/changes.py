# SPDX-License-Identifier: AGPL-3.0-or-later
"""Có gì thay đổi: changed passages one after another, old and new side by side; and notes that must be placed.

Reads only; the one thing it writes is the member's decision about a note, which can be undone. Nothing is decided
here about where notes belong: the store has the suggestions (``client/carry.py``).
"""

from __future__ import annotations

import html
from enum import Enum

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from client.clock import to_rfc3339
from client.domain.annotation import Annotation
from client.domain.ids import Moment
from client.store import carry, page_words
from client.store.carry import Carried, CarryState
from client.store.changes import Topic
from client.store.replaced import Replaced, replaced
from client.ui import words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Changes, Navigator
from client.ui.screen import Screen
from client.ui.screens import changes_words as say
from client.ui.screens.changes_panes import TwoVersions
from client.ui.screens.reader_edits import new_mark_id
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import hbox, swap
from client.ui.widgets.page_pad import PagePad
from client.ui.widgets.segmented import Tabs
from client.ui.widgets.text import Label
from client.viewer.changes import Change, Summary, unpack_summary


class Tab(Enum):
    """What is gone through."""

    CHANGES = "changes"
    NOTES = "notes"


class ChangesScreen(Screen[Changes]):
    """See the module."""

    TOPICS = frozenset({Topic.PACKS, Topic.PAPERS, Topic.ANNOTATIONS, Topic.SEARCH})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("changes_screen")
        self.setAccessibleName(tr("Có gì thay đổi"))
        self.found: Replaced | None = None
        self.summary: Summary | None = None
        self._at = {Tab.CHANGES: 0, Tab.NOTES: 0}
        self._targets: tuple[Annotation, ...] = ()
        self.header = Header(with_back=True)
        self.header.back.connect(navigator.back)
        self.open_button = Button(tr("Mở bản mới"), "book_open", variant="plain")
        self.open_button.clicked.connect(self._open_new)
        self.header.row.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        self.tabs = Tabs(
            tr("Xem gì"),
            ((Tab.CHANGES, tr("Thay đổi")), (Tab.NOTES, tr("Cần kiểm tra vị trí"))),
            Tab.CHANGES,
        )
        self.tabs.chosen.connect(self._draw)
        self.chip = Chip("")
        self.sentence = Label("")
        self.sentence.setTextFormat(Qt.TextFormat.RichText)
        self.panes = TwoVersions(ctx, tasks)
        self.count = Label("", "strong", wrap=False)
        self.before_button = ToolButton("chevron_up", tr("Chỗ trước"))
        self.next_button = ToolButton("chevron_down", tr("Chỗ sau"))
        self.keep_button = Button(tr("Giữ ở bản cũ"), "document")
        self.page_button = Button(tr("Chọn trang khác"), "edit")
        self.move_button = Button(tr("Chuyển đến đây"), "check", variant="primary")
        self.stack = QStackedWidget()
        self.message: QWidget = QWidget()
        self._build()
        self.before_button.clicked.connect(lambda: self.step(-1))
        self.next_button.clicked.connect(lambda: self.step(1))
        self.keep_button.clicked.connect(lambda: self._decide(()))
        self.move_button.clicked.connect(lambda: self._decide(self._targets))
        self.page_button.clicked.connect(self._ask_page)
        self.bridge.render_event.connect(self.panes.take)
        for key, by in ((Qt.Key.Key_F7, -1), (Qt.Key.Key_F8, 1)):
            QShortcut(
                QKeySequence(key),
                self,
                lambda by=by: self.step(by),
                context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
            )

    def _build(self) -> None:
        tab_line = QHBoxLayout()
        tab_line.setContentsMargins(EDGE, 0, EDGE, GAP)
        tab_line.addWidget(self.tabs)
        said = hbox(self.chip, spacing=GAP * 2)
        said.addWidget(self.sentence, 1)
        buttons = (self.keep_button, self.page_button, self.move_button)
        self._way = hbox(self.before_button, self.count, self.next_button, None)
        self._choice = hbox(None)
        for button in buttons:
            self._choice.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._bottom = hbox()
        self._bottom.addLayout(self._way)
        self._bottom.addLayout(self._choice)
        body = QWidget()
        body.setProperty("part", "plain")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        inner.setSpacing(GAP)
        inner.addLayout(said)
        inner.addWidget(self.panes, 1)
        inner.addLayout(self._bottom)
        self.stack.addWidget(body)
        self.stack.addWidget(self.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(tab_line)
        column.addWidget(self.stack, 1)

    # -- life ----------------------------------------------------------------------------------------------

    def enter(self, route: Changes) -> None:
        """Another paper begins at its first change, or at its first doubt if that was asked for."""
        if self.route is None or (route.pack, route.paper) != (self.route.pack, self.route.paper):
            self._at = {Tab.CHANGES: 0, Tab.NOTES: 0}
            self.found = self.summary = None
        self.tabs.choose(Tab.NOTES if route.doubts else Tab.CHANGES)
        if self.found is not None:
            self._draw()
        super().enter(route)

    def leave(self) -> None:
        """The render process forgets both versions."""
        self.panes.versions.close()

    def refresh(self) -> None:
        """Read again."""
        route = self.route
        if route is not None:
            self.tasks.run(
                self.ctx.record.read(lambda conn: replaced(conn, route.pack, route.paper)), self._learn, owner=self
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The choices stand under the way through them where there is no room beside it, and under one another."""
        super().resizeEvent(event)
        room = self.width() - 2 * EDGE
        choice = sum(
            button.sizeHint().width() + GAP for button in (self.keep_button, self.page_button, self.move_button)
        )
        way = self._way.minimumSize().width()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._bottom.setDirection(across if way + choice <= room else down)
        self._choice.setDirection(across if choice <= room else down)

    def heading(self) -> str:
        """The paper's title once it is known."""
        return self.header.title.text() or self.accessibleName()

    def _learn(self, found: Replaced | None) -> None:
        if found is None or self.route is None or found.current.id != self.route.paper:
            self.found = None
            self._draw()
            return
        base, plain = found.base.plain if found.base is not None else None, found.current.plain
        if base is None or plain is None:
            self._show(found, None)
            return
        self.tasks.run(
            self.ctx.papers.read(lambda conn: page_words.comparison(conn, base, plain)),
            lambda kept: self._show(found, None if kept is None else unpack_summary(kept)),
            owner=self,
        )

    def _show(self, found: Replaced, summary: Summary | None) -> None:
        if (found, summary) == (self.found, self.summary):
            return
        self.found, self.summary = found, summary
        self.header.set(words.paper_title(found.current), say.versions_note(found))
        count = len(summary.changes) if summary is not None else 0
        self.tabs.set_text(Tab.CHANGES, _counted(tr("Thay đổi"), count))
        self.tabs.set_text(Tab.NOTES, _counted(tr("Cần kiểm tra vị trí"), len(found.doubts)))
        self._draw()

    # -- going through -------------------------------------------------------------------------------------

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is gone through on the first tab."""
        return self.summary.changes if self.summary is not None else ()

    @property
    def doubts(self) -> tuple[Carried, ...]:
        """What is gone through on the second."""
        return self.found.doubts if self.found is not None else ()

    def step(self, by: int) -> None:
        """The next place or the one before; round at the ends."""
        places = len(self.changes) if self.tabs.value is Tab.CHANGES else len(self.doubts)
        if places:
            self._at[self.tabs.value] = (self._at[self.tabs.value] + by) % places
            self._draw()
            self.navigator.announce(self.sentence.accessibleName())

    def _draw(self) -> None:
        tab = self.tabs.value
        places = len(self.changes) if tab is Tab.CHANGES else len(self.doubts)
        for button in (self.keep_button, self.page_button, self.move_button):
            button.setVisible(tab is Tab.NOTES)
        if not places:
            self._say_nothing(tab)
            return
        self._at[tab] = min(self._at[tab], places - 1)
        self.stack.setCurrentIndex(0)
        self.count.setText(tr("{at} / {count}").format(at=self._at[tab] + 1, count=places))
        if tab is Tab.CHANGES:
            self._draw_change(self.changes[self._at[tab]])
        else:
            self._draw_doubt(self.doubts[self._at[tab]])

    def _draw_change(self, change: Change) -> None:
        found = self.found
        assert found is not None
        self.chip.set(*say.kind_chip(change.kind))
        self.sentence.setText(say.change_html(change))
        self.sentence.setAccessibleName(say.change_spoken(change))
        old, new = _captions(found)
        self.panes.old.show_place(found.base, old, change.old_page, bands=change.old_rects)
        self.panes.new.show_place(found.current, new, change.new_page, bands=change.new_rects)

    def _draw_doubt(self, one: Carried) -> None:
        found = self.found
        assert found is not None
        text = words.joined((say.mark_name(one.source), say.doubt_sentence(one.doubt)))
        self.chip.set(tr("Cần kiểm tra vị trí"), Tone.WARNING, "warning")
        self.sentence.setText(html.escape(text))
        self.sentence.setAccessibleName(text)
        self._targets = one.targets
        if one.state is CarryState.REOPENED:
            self._targets = tuple(msgspec.structs.replace(mark, id=new_mark_id()) for mark in one.targets)
        version = found.version(one.source.plain)
        old = tr("Chỗ cũ") if version is None else tr("Chỗ cũ, bản {n}").format(n=version.version)
        self.panes.old.show_place(version, old, one.source.page, marks=(one.source,))
        self._draw_targets()

    def _draw_targets(self) -> None:
        assert self.found is not None
        first = self._targets[0]
        marks = tuple(mark for mark in self._targets if mark.page == first.page)
        self.panes.new.show_place(self.found.current, tr("Chỗ mới gợi ý"), first.page, marks=marks)

    def _say_nothing(self, tab: Tab) -> None:
        self.message = swap(self.stack, self.message, self._empty(tab))

    def _empty(self, tab: Tab) -> EmptyState:
        if tab is Tab.NOTES:
            return EmptyState(
                "check_circle",
                tr("Không có ghi chú nào cần kiểm tra"),
                tr("Ghi chú ở bản cũ đã được chuyển sang bản mới cùng đoạn văn."),
            )
        if self.found is not None and self.found.base is None:
            return EmptyState("document", tr("Đây là bản đầu tiên"), tr("Chưa có bản cũ để so sánh."))
        if self.found is None or self.summary is None:
            return EmptyState("sync", tr("Đang so sánh hai bản"), tr("Kết quả sẽ tự hiện ra. Bản mới đọc được ngay."))
        return EmptyState(
            "check_circle", tr("Nội dung không thay đổi"), tr("Hai bản có cùng lời văn; trình bày có thể khác.")
        )

    # -- deciding ------------------------------------------------------------------------------------------

    def _ask_page(self) -> None:
        if self.panes.new.page_count:
            pad = PagePad(self.panes.new.page_count, self)
            pad.chosen.connect(self._move_to)
            pad.open()

    def _move_to(self, page: int) -> None:
        first = self._targets[0].page
        self._targets = tuple(msgspec.structs.replace(mark, page=page) for mark in self._targets if mark.page == first)
        self._draw_targets()

    def _decide(self, targets: tuple[Annotation, ...]) -> None:
        doubts = self.doubts
        if not doubts:
            return
        one = doubts[self._at[Tab.NOTES]]
        future = self.ctx.record.write(lambda conn: carry.decide(conn, one.source.id, one.plain, targets))
        text = tr("Đã chuyển ghi chú.") if targets else tr("Đã giữ ghi chú ở bản cũ.")
        self.tasks.run(future, lambda _: self._decided(one, text), owner=self)

    def _decided(self, one: Carried, text: str) -> None:
        at = Moment(to_rfc3339(self.ctx.clock.now()))
        self.navigator.offer_undo(text, lambda: self.ctx.record.write(lambda conn: carry.reopen(conn, one, at)))
        self.refresh()

    def _open_new(self) -> None:
        if self.route is not None:
            self.navigator.open_paper(self.route.pack, self.route.paper, self.panes.new.page if self.changes else None)


def _counted(text: str, count: int) -> str:
    return f"{text} ({count})" if count else text


def _captions(found: Replaced) -> tuple[str, str]:
    before = tr("Bản {n}").format(n=found.base.version) if found.base is not None else ""
    return before, tr("Bản {n}").format(n=found.current.version)

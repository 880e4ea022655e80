# SPDX-License-Identifier: AGPL-3.0-or-later
"""All papers on this device, by meeting; all, the unread, or the changed ones."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.store.changes import Topic
from client.ui import formats
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.home import PackCard
from client.ui.models.meeting import PaperView
from client.ui.models.reads import PackPapers, read_papers
from client.ui.navigator import Navigator, Notes, Papers
from client.ui.screen import Screen
from client.ui.tasks import Tasks
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label


class Show(Enum):
    """Which papers are listed."""

    ALL = "all"
    UNREAD = "unread"
    CHANGED = "changed"


class PapersScreen(Screen[Papers]):
    """A list of papers that opens them."""

    TOPICS = frozenset({Topic.PACKS, Topic.READING})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("papers_screen")
        self.setAccessibleName(tr("Tài liệu"))
        self._view: tuple[PackPapers, ...] | None = None
        self.show_what = Segmented(
            tr("Hiện"),
            ((Show.ALL, tr("Tất cả")), (Show.UNREAD, tr("Chưa đọc")), (Show.CHANGED, tr("Có thay đổi"))),
            Show.ALL,
        )
        self.show_what.chosen.connect(self._draw)
        self.list = ScrollColumn()
        line = QHBoxLayout()
        line.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        line.addWidget(self.show_what)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        header = Header(tr("Tài liệu"))
        self.notes_button = Button(tr("Ghi chú của tôi"), "note", variant="plain")
        self.notes_button.clicked.connect(lambda: navigator.go(Notes()))
        header.row.addWidget(self.notes_button)
        column.addWidget(header)
        column.addLayout(line)
        column.addWidget(self.list, 1)

    def refresh(self) -> None:
        """Read all packs again."""
        self.tasks.run(read_papers(self.ctx.record, self.ctx.clock), self._show)

    def _show(self, view: tuple[PackPapers, ...]) -> None:
        if view != self._view:
            self._view = view
            self._draw()

    def _draw(self) -> None:
        if self._view is None:
            return
        parts = []
        for pack in self._view:
            papers = tuple(paper for item in pack.items for paper in item.papers if self._wanted(paper))
            if papers:
                parts.append(self._part(pack.card, papers))
        self.list.show_parts(parts or [Part("nothing", self.show_what.value, self._nothing)])

    def _part(self, card: PackCard, papers: tuple[PaperView, ...]) -> Part:
        return Part(card.pack, (card.session, papers), lambda: self._card(card, papers))

    def _card(self, card: PackCard, papers: tuple[PaperView, ...]) -> Card:
        made = Card()
        made.column.addWidget(Label(card.session.title, "heading"))
        made.column.addWidget(Label(formats.long_moment(card.session.starts), "note"))
        for paper in papers:
            row = PaperRow(paper)
            row.activated.connect(lambda paper=paper.paper.id: self.navigator.open_paper(card.pack, paper))
            made.column.addWidget(row)
        return made

    def _wanted(self, paper: PaperView) -> bool:
        if self.show_what.value is Show.UNREAD:
            return paper.paper.can_open and paper.seen < paper.paper.pages
        return self.show_what.value is Show.ALL or paper.changed

    def _nothing(self) -> EmptyState:
        if self.show_what.value is Show.ALL:
            return EmptyState("papers", tr("Chưa có tài liệu"), tr("Tài liệu được tải về khi có mạng."))
        return EmptyState("check_circle", tr("Không có tài liệu nào"), tr("Chọn Tất cả để xem mọi tài liệu."))

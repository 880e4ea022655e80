# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full-text search in all papers on the device, accents optional, grouped by paper.

The field has no key hooks and no completion, so that Vietnamese input methods work; a query runs 250 ms after
the last change and only the newest answer is drawn.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.domain.ids import Hash, PackId
from client.domain.paper import PaperVersion
from client.store import search
from client.store.changes import Topic
from client.ui import words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.reads import PackPapers, read_papers
from client.ui.navigator import Navigator, Search
from client.ui.screen import Screen
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import ToolButton
from client.ui.widgets.card import Card
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.list_rows import Row
from client.ui.widgets.text import Label

DEBOUNCE_MS: Final = 250
SHORTEST: Final = 2
"""Characters below which nothing is asked."""
_PER_PAPER: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is."""

    pack: PackId
    session: str
    paper: PaperVersion


class SearchScreen(Screen[Search]):
    """A field and its results."""

    TOPICS = frozenset({Topic.PACKS, Topic.SEARCH})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("search_screen")
        self.setAccessibleName(tr("Tìm kiếm"))
        self._places: dict[Hash, Place] = {}
        self._asked = ""
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Nội dung cần tìm"))
        self.field.setPlaceholderText(tr("Tìm trong mọi tài liệu, có dấu hoặc không dấu"))
        self.field.setMinimumHeight(tokens().measures.tool)
        self.count = Label("", "note")
        self.list = ScrollColumn()
        line = QHBoxLayout()
        line.setContentsMargins(EDGE, 0, EDGE, GAP)
        line.setSpacing(GAP)
        line.addWidget(self.field, 1)
        self.clear_button = ToolButton("close", tr("Xóa nội dung tìm"))
        self.clear_button.clicked.connect(self._clear)
        line.addWidget(self.clear_button)
        note = QHBoxLayout()
        note.setContentsMargins(EDGE, 0, EDGE, GAP)
        note.addWidget(self.count, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Header(tr("Tìm kiếm")))
        column.addLayout(line)
        column.addLayout(note)
        column.addWidget(self.list, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask)
        self.field.textChanged.connect(self._pause.start)

    def enter(self, route: Search) -> None:
        """Show the field, with the route's query if it has one."""
        if route.query:
            self.field.setText(route.query)
        super().enter(route)
        self.field.setFocus()

    def refresh(self) -> None:
        """Learn again which papers there are, then ask again."""
        self.tasks.run(read_papers(self.ctx.record, self.ctx.clock), self._learn)

    def _clear(self) -> None:
        self.field.clear()
        self.field.setFocus()

    def _learn(self, packs: tuple[PackPapers, ...]) -> None:
        self._places = {
            paper.paper.plain: Place(pack.card.pack, pack.card.session.title, paper.paper)
            for pack in packs
            for item in pack.items
            for paper in item.papers
            if paper.paper.plain is not None and paper.openable
        }
        self._ask()

    def _ask(self) -> None:
        query = self.field.text().strip()
        self._asked = query
        if len(query) < SHORTEST:
            self.count.setText("")
            self.list.show_parts([Part("hint", None, hint)])
            return
        within = tuple(self._places)
        future = self.ctx.papers.read(lambda c: search.search(c, query, within=within))
        self.tasks.run(future, lambda hits: self._show(query, hits), owner=self)

    def _show(self, query: str, hits: tuple[search.Hit, ...]) -> None:
        if query != self._asked:
            return
        by_paper: dict[Hash, list[search.Hit]] = {}
        for hit in hits:
            if hit.plain in self._places:
                by_paper.setdefault(hit.plain, []).append(hit)
        total = sum(map(len, by_paper.values()))
        text = tr("{n} trang trong {m} tài liệu").format(n=total, m=len(by_paper)) if total else ""
        self.count.setText(text)
        self.navigator.announce(text or tr("Không tìm thấy"))
        parts = [self._part(plain, found) for plain, found in by_paper.items()]
        self.list.show_parts(parts or [Part("nothing", query, lambda: not_found(query))])

    def _part(self, plain: Hash, hits: list[search.Hit]) -> Part:
        place = self._places[plain]
        return Part(plain, (place, tuple(hits)), lambda: self._card(place, hits))

    def _card(self, place: Place, hits: list[search.Hit]) -> Card:
        card = Card()
        card.column.addWidget(Label(words.paper_title(place.paper), "heading"))
        card.column.addWidget(Label(place.session, "note"))
        for hit in sorted(hits[:_PER_PAPER], key=lambda hit: hit.page):
            row = HitRow(hit)
            row.activated.connect(lambda page=hit.page: self.navigator.open_paper(place.pack, place.paper.id, page))
            card.column.addWidget(row)
        if len(hits) > _PER_PAPER:
            more = tr("và {n} trang khác").format(n=len(hits) - _PER_PAPER)
            card.column.addWidget(Label(more, "small"))
        return card


def hint() -> EmptyState:
    """Before anything was asked."""
    return EmptyState(
        "search",
        tr("Tìm trong toàn bộ tài liệu trên máy"),
        tr("Không cần mạng. Gõ có dấu hoặc không dấu: “nghi dinh” cũng tìm được “nghị định”."),
    )


def not_found(query: str) -> EmptyState:
    """Nothing matches."""
    return EmptyState(
        "search",
        tr("Không tìm thấy “{query}”").format(query=query),
        tr("Thử ít từ hơn. Văn bản quét chưa nhận dạng chữ thì không tìm được."),
    )


class HitRow(Row):
    """One page: its number and the text around the match, the match marked."""

    def __init__(self, hit: search.Hit, parent: QWidget | None = None) -> None:
        plain = hit.snippet.replace(search.BEGIN, "").replace(search.END, "")
        super().__init__(plain, icon_name="document", parent=parent)
        self.setAccessibleName(tr("Trang {n}: {text}").format(n=hit.page + 1, text=plain))
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setText(
            f"<b>{html.escape(tr('Trang {n}').format(n=hit.page + 1))}</b>&nbsp;&nbsp; {marked(hit.snippet)}"
        )


def marked(snippet: str) -> str:
    """The snippet as HTML: escaped, matches on the colour of a marker pen."""
    colours = tokens().colours
    begin = f'<span style="background-color:{colours.mark};color:{colours.ink};font-weight:600">'
    return html.escape(snippet).replace(search.BEGIN, begin).replace(search.END, "</span>")

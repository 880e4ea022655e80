# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full-text search in papers, notes, comments and sessions on the device, accents optional, grouped by paper.

The field has no key hooks and no completion, so that Vietnamese input methods work; a query runs 250 ms after
the last change and only the newest answer is drawn.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from client.domain.ids import Hash, PackId, PaperId
from client.domain.paper import PaperVersion
from client.store import search, search_record
from client.store.changes import Topic
from client.store.search_record import RecordHit, Where
from client.ui import words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.reads import PackPapers, read_papers
from client.ui.navigator import Changes, Meeting, Navigator, Paper, Search
from client.ui.screen import Screen
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn
from client.ui.widgets.list_rows import Row
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.text import Label

DEBOUNCE_MS: Final = 250
SHORTEST: Final = 2
"""Characters below which nothing is asked."""
_PER_PAPER: Final = 4
_PER_GROUP: Final = 20
"""Notes and sessions shown at most."""


class Scope(Enum):
    """Where to look."""

    HERE = "here"
    ALL = "all"


class Kind(Enum):
    """What to look in."""

    PAPERS = "papers"
    NOTES = "notes"
    SESSIONS = "sessions"


_KIND_OF: Final = {Where.NOTE: Kind.NOTES, Where.COMMENT: Kind.NOTES, Where.SESSION: Kind.SESSIONS}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is."""

    pack: PackId
    session: str
    paper: PaperVersion


class SearchScreen(Screen[Search]):
    """A field and its results."""

    TOPICS = frozenset({Topic.PACKS, Topic.SEARCH, Topic.ANNOTATIONS, Topic.COMMENTS, Topic.SHARED})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("search_screen")
        self.setAccessibleName(tr("Tìm kiếm"))
        self._places: dict[Hash, Place] = {}
        self._sessions: dict[PackId, str] = {}
        self._titles: dict[PaperId, str] = {}
        self._asked = ""
        self._pages: tuple[search.Hit, ...] = ()
        self._records: tuple[RecordHit, ...] = ()
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Nội dung cần tìm"))
        self.field.setPlaceholderText(tr("Tìm trong tài liệu, ghi chú, phiên họp; có dấu hoặc không dấu"))
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
        column.insertLayout(2, self._filters())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(DEBOUNCE_MS)
        self._pause.timeout.connect(self._ask)
        self.field.textChanged.connect(self._pause.start)

    def _filters(self) -> QHBoxLayout:
        """What to look in, and where."""
        flow = FlowLayout()
        self.kinds: dict[Kind, Button] = {}
        for kind, text in (
            (Kind.PAPERS, tr("Tài liệu")),
            (Kind.NOTES, tr("Ghi chú, góp ý")),
            (Kind.SESSIONS, tr("Phiên họp")),
        ):
            button = Button(text, variant="segment")
            button.setCheckable(True)
            button.setChecked(True)
            button.toggled.connect(self._draw)
            self.kinds[kind] = button
            flow.addWidget(button)
        self.scope = Segmented(
            tr("Tìm ở đâu"), ((Scope.HERE, tr("Phiên này")), (Scope.ALL, tr("Tất cả phiên"))), Scope.ALL
        )
        self.scope.chosen.connect(self._ask)
        self.scope.hide()
        apart = QWidget()
        apart.setFixedSize(GAP * 2, 1)
        flow.addWidget(apart)
        flow.addWidget(self.scope)
        line = QHBoxLayout()
        line.setContentsMargins(EDGE, 0, EDGE, GAP)
        line.addLayout(flow, 1)
        return line

    def enter(self, route: Search) -> None:
        """Show the field, with the route's query if it has one."""
        self.scope.setVisible(route.pack is not None)
        if route.pack is None:
            self.scope.choose(Scope.ALL)
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
        everything = [(pack, paper) for pack in packs for item in pack.items for paper in item.papers]
        self._sessions = {pack.card.pack: pack.card.session.title for pack in packs}
        self._titles = {paper.paper.id: words.paper_title(paper.paper) for _, paper in everything}
        self._places = {
            paper.paper.plain: Place(pack.card.pack, pack.card.session.title, paper.paper)
            for pack, paper in everything
            if paper.paper.plain is not None and paper.openable
        }
        self._ask()

    @property
    def _here(self) -> PackId | None:
        """The only session to look in, if so chosen."""
        chosen = self.scope.value is Scope.HERE and self.route is not None
        return self.route.pack if chosen and self.route is not None else None

    def _ask(self) -> None:
        query = self.field.text().strip()
        self._asked = query
        if len(query) < SHORTEST:
            self.count.setText("")
            self.list.show_parts([Part("hint", None, hint)])
            return
        here = self._here
        within = tuple(plain for plain, place in self._places.items() if here in {None, place.pack})
        packs = None if here is None else (here,)
        self.tasks.run(
            self.ctx.papers.read(lambda c: search.search(c, query, within=within)),
            lambda pages: self._ask_record(query, packs, pages),
            owner=self,
        )

    def _ask_record(self, query: str, packs: tuple[PackId, ...] | None, pages: tuple[search.Hit, ...]) -> None:
        if query == self._asked:
            future = self.ctx.record.read(lambda c: search_record.search_record(c, query, within=packs))
            self.tasks.run(future, lambda records: self._show(query, pages, records), owner=self)

    def _show(self, query: str, pages: tuple[search.Hit, ...], records: tuple[RecordHit, ...]) -> None:
        if query != self._asked:
            return
        self._pages, self._records = pages, records
        self._draw()

    def _draw(self) -> None:
        if len(self._asked) < SHORTEST:
            return
        by_paper: dict[Hash, list[search.Hit]] = {}
        for hit in self._pages if self.kinds[Kind.PAPERS].isChecked() else ():
            if hit.plain in self._places:
                by_paper.setdefault(hit.plain, []).append(hit)
        records = [hit for hit in self._records if self.kinds[_KIND_OF[hit.where]].isChecked()]
        text = said(by_paper, records)
        self.count.setText(text)
        self.navigator.announce(text or tr("Không tìm thấy"))
        parts = [self._part(plain, found) for plain, found in by_paper.items()]
        for kind in (Kind.NOTES, Kind.SESSIONS):
            mine = tuple(hit for hit in records if _KIND_OF[hit.where] is kind)
            if mine:
                parts.append(Part(kind, mine, partial(self._record_card, kind, mine)))
        query = self._asked
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
            row.activated.connect(lambda page=hit.page: self._open(place, page))
            card.column.addWidget(row)
        if len(hits) > _PER_PAPER:
            more = tr("và {n} trang khác").format(n=len(hits) - _PER_PAPER)
            card.column.addWidget(Label(more, "small"))
        return card

    def _open(self, place: Place, page: int) -> None:
        self.navigator.go(Paper(place.pack, place.paper.id, page, self._asked))

    def _record_card(self, kind: Kind, hits: tuple[RecordHit, ...]) -> Card:
        card = Card()
        card.column.addWidget(Label(tr("Ghi chú, góp ý") if kind is Kind.NOTES else tr("Phiên họp"), "heading"))
        for hit in hits[:_PER_GROUP]:
            row = RecordRow(hit, self._where(hit))
            row.activated.connect(lambda hit=hit: self._open_record(hit))
            card.column.addWidget(row)
        return card

    def _where(self, hit: RecordHit) -> str:
        place = [self._titles.get(hit.paper, "") if hit.paper is not None else ""]
        if hit.page is not None:
            place.append(tr("trang {n}").format(n=hit.page + 1))
        place.append(self._sessions.get(hit.pack, ""))
        return words.joined([part for part in place if part])

    def _open_record(self, hit: RecordHit) -> None:
        if hit.paper is None:
            self.navigator.go(Meeting(hit.pack))
        elif hit.where is Where.NOTE and hit.plain not in self._places:
            self.navigator.go(Changes(hit.pack, hit.paper, doubts=True))
        else:
            self.navigator.open_paper(hit.pack, hit.paper, hit.page)


def said(by_paper: dict[Hash, list[search.Hit]], records: list[RecordHit]) -> str:
    """How much was found, and what of it may be wrong; empty for nothing."""
    pages = sum(map(len, by_paper.values()))
    found = []
    if pages:
        found.append(tr("{n} trang trong {m} tài liệu").format(n=pages, m=len(by_paper)))
    if records:
        found.append(tr("{n} mục trong ghi chú và phiên họp").format(n=len(records)))
    read = sum(hit.recognised for hits in by_paper.values() for hit in hits)
    if read:
        found.append(tr("{n} kết quả từ văn bản quét (nhận dạng tự động, có thể sai)").format(n=read))
    return words.joined(found)


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
        if hit.recognised:
            self.line.addWidget(Chip(tr("Văn bản quét"), Tone.WARNING))
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setText(
            f"<b>{html.escape(tr('Trang {n}').format(n=hit.page + 1))}</b>&nbsp;&nbsp; {marked(hit.snippet)}"
        )


class RecordRow(Row):
    """One note, comment, session or item: where it is and the text around the match."""

    _ICONS: Final = {Where.NOTE: "note", Where.COMMENT: "comment", Where.SESSION: "session"}

    def __init__(self, hit: RecordHit, where: str, parent: QWidget | None = None) -> None:
        plain = hit.snippet.replace(search.BEGIN, "").replace(search.END, "")
        super().__init__(plain, where, icon_name=self._ICONS[hit.where], parent=parent)
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setText(marked(hit.snippet))


def marked(snippet: str) -> str:
    """The snippet as HTML: escaped, matches on the colour of a marker pen."""
    colours = tokens().colours
    begin = f'<span style="background-color:{colours.mark};color:{colours.ink};font-weight:600">'
    return html.escape(snippet).replace(search.BEGIN, begin).replace(search.END, "</span>")

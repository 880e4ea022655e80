# SPDX-License-Identifier: AGPL-3.0-or-later
"""Following references: a tap on "Điều 5 khoản 2" or "39/2022/NĐ-CP" goes there, within the pack, with a way back.

Within the paper the reader's own history leads back; to another paper, the window's. What is not in the pack is said,
never looked for elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from client.domain.ids import PaperId
from client.domain.pack import PackRevision
from client.domain.paper import PaperKind, PaperVersion
from client.store import packs, page_words
from client.store.page_words import PageWords
from client.ui import navigator as places
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.paper_links import FileTarget, paper_meant
from client.ui.screens.reader_loading import Found
from client.ui.tasks import Tasks
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.ui.words import joined, paper_title
from client.viewer.citations import Citation, Spot, citation_at, find_citations, find_place, same_number
from client.viewer.document_state import Place
from client.viewer.geometry import PagePoint
from client.viewer.highlight import nearest_word
from client.viewer.page_words import unpack_words
from client.viewer.view.page_canvas import PageCanvas

REACH_PT = 6.0
"""A finger this near a word means it."""


class CitationFollower(QObject):
    """Follows references of one canvas to other places and papers.

    Args:
        found: The paper that is open, if any.

    Attributes:
        missed: The address of a link to a file that is no paper of the pack.
    """

    missed = Signal(str)

    def __init__(
        self,
        ctx: AppContext,
        tasks: Tasks,
        navigator: places.Navigator,
        canvas: PageCanvas,
        found: Callable[[], Found | None],
    ) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._navigator, self._canvas = ctx, tasks, navigator, canvas
        self._found = found

    def follow_at(self, place: PagePoint) -> None:
        """A tap on the page; anything but a reference is passed over."""
        words = self._canvas.words_of(place.page)
        if self._found() is None or not words:
            return
        index = nearest_word(words, (place.x, place.y))
        word = words[index]
        near = (
            word.x0 - REACH_PT <= place.x <= word.x1 + REACH_PT and word.y0 - REACH_PT <= place.y <= word.y1 + REACH_PT
        )
        wanted = citation_at(words, index) if near else None
        if wanted is not None:
            self.follow(wanted)

    def follow(self, wanted: Citation) -> None:
        """Go where a reference leads."""
        found = self._found()
        if found is None:
            return
        if not wanted.number or same_number(wanted.number, found.paper.number):
            if wanted.article or wanted.annex:
                self._look(found.paper, wanted)
            return
        pack = found.pack
        self._tasks.run(
            self._ctx.record.read(lambda conn: packs.readable(conn, pack)),
            lambda revision: self._among(revision.papers if revision is not None else (), wanted),
            owner=self,
        )

    def follow_file(self, target: FileTarget, uri: str) -> None:
        """Go to the paper of the pack that a file's name means, at the link's page."""
        found = self._found()
        if found is None:
            return
        pack = found.pack

        def go(revision: PackRevision | None) -> None:
            here = [one for one in (revision.papers if revision is not None else ()) if one.plain and not one.is_stub]
            paper = paper_meant(here, target.name)
            if paper is None:
                self.missed.emit(uri)
            elif paper.id == found.paper.id:
                self._canvas.go_to_page(target.page or 0)
            else:
                self._go(paper.id, Spot(target.page, 0.0) if target.page is not None else None, paper_title(paper))

        self._tasks.run(self._ctx.record.read(lambda conn: packs.readable(conn, pack)), go, owner=self)

    def _among(self, papers: Sequence[PaperVersion], wanted: Citation) -> None:
        paper = paper_for(papers, wanted)
        if paper is None or paper.plain is None or paper.is_stub:
            self._say(tr("{what} không có trong hồ sơ phiên họp này.").format(what=wanted.number))
        elif wanted.article or wanted.annex:
            self._look(paper, wanted)
        else:
            self._go(paper.id, None, paper_title(paper))

    def _look(self, paper: PaperVersion, wanted: Citation) -> None:
        """Find the heading among the words of a paper: read on the store's thread, looked through on another."""
        plain = paper.plain
        assert plain is not None
        self._tasks.run(
            self._ctx.papers.read(lambda conn: page_words.of_paper(conn, plain)),
            lambda kept: self._tasks.call(
                lambda: place_in(kept, wanted), lambda spot: self._arrive(paper, wanted, spot), owner=self
            ),
            owner=self,
        )

    def _arrive(self, paper: PaperVersion, wanted: Citation, spot: Spot | None) -> None:
        found = self._found()
        if found is None:
            return
        if paper.id != found.paper.id:
            self._go(paper.id, spot, paper_title(paper))
        elif spot is None:
            self._say(tr("Không thấy {what} trong tài liệu này.").format(what=named(wanted)))
        else:
            self._canvas.go_to(Place(spot.page, 0.0, max(0.0, spot.y - 24)))
            self._navigator.announce(joined((named(wanted), tr("Trang {n}").format(n=spot.page + 1))))

    def _say(self, text: str) -> None:
        sheet = Sheet(tr("Không đi đến được"), self._canvas)
        sheet.column.addWidget(Label(text))
        sheet.add_button(tr("Đóng"), variant="primary").clicked.connect(sheet.accept)
        sheet.open()

    def _go(self, paper: PaperId, spot: Spot | None, title: str) -> None:
        found = self._found()
        if found is not None:
            self._navigator.open_paper(found.pack, paper, spot.page if spot is not None else None)
            self._navigator.announce(title)


def paper_for(papers: Sequence[PaperVersion], wanted: Citation) -> PaperVersion | None:
    """The paper a number means: the one that has it, else the only one whose title names it; annexes come last."""
    for paper in papers:
        if same_number(paper.number, wanted.number):
            return paper
    named_in = [
        paper for paper in papers if any(same_number(one.number, wanted.number) for one in find_citations(paper.title))
    ]
    named_in.sort(key=lambda paper: paper.kind is PaperKind.ANNEX)
    return named_in[0] if named_in else None


def place_in(kept: dict[int, PageWords], wanted: Citation) -> Spot | None:
    """The heading's place among the stored words of a paper."""
    count = max(kept, default=-1) + 1
    return find_place([unpack_words(kept[page].words) if page in kept else () for page in range(count)], wanted)


def named(wanted: Citation) -> str:
    """A reference in words."""
    if wanted.annex:
        return tr("Phụ lục {n}").format(n=wanted.annex)
    parts = [
        tr("điểm {n}").format(n=wanted.point) if wanted.point else "",
        tr("khoản {n}").format(n=wanted.clause) if wanted.clause else "",
        tr("Điều {n}").format(n=wanted.article) if wanted.article else "",
    ]
    return " ".join(part for part in parts if part)

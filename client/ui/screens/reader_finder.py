# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins the find bar, the search index and the page view: a page with a hit is shown with its places marked.

Pages that have the words in a row are shown; only where there is none, those that have each of them somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from client.domain.ids import Hash
from client.store import search
from client.store.search import BEGIN, END, Hit
from client.ui.context import AppContext
from client.ui.screens.reader_find import FindBar, places
from client.ui.tasks import Tasks
from client.viewer.messages import TextPage
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.scene import Band

LIMIT = 500
"""Pages with hits that are listed at most."""


def side_by_side(hits: Iterable[Hit], words: int) -> tuple[Hit, ...]:
    """Hits that have all the words in a row: a Vietnamese word is two syllables, and each alone is everywhere."""
    return tuple(
        hit for hit in hits if any(len(run.partition(END)[0].split()) >= words for run in hit.snippet.split(BEGIN)[1:])
    )


class Finder(QObject):
    """Search in the open paper.

    Args:
        button: Says whether the bar is out.
    """

    def __init__(
        self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas, bar: FindBar, button: QAbstractButton
    ) -> None:
        super().__init__(bar)
        self._button = button
        self._ctx, self._tasks, self._canvas, self._bar = ctx, tasks, canvas, bar
        self._plain: Hash | None = None
        self._query = ""
        self._pages: list[int] = []
        self._at = -1
        bar.asked.connect(self.ask)
        bar.step.connect(self.step)
        bar.closed.connect(self.close)

    @property
    def pages(self) -> tuple[int, ...]:
        """Pages with hits, in order."""
        return tuple(self._pages)

    def begin(self, plain: Hash | None) -> None:
        """Another paper, or none."""
        self._plain = plain
        self.close()

    def open(self, text: str = "") -> None:
        """Show the bar while a paper is open; with ``text``, look for that."""
        if self._plain is not None:
            self._button.setChecked(True)
            self._bar.open(text)

    def toggle(self) -> None:
        """Show the bar, or put it away."""
        if self._bar.isVisible():
            self.close()
        else:
            self.open()

    def close(self) -> None:
        """Hide the bar and the marks."""
        self._button.setChecked(False)
        self._query, self._pages, self._at = "", [], -1
        self._bar.hide()
        self._bar.say(0, 0)
        self._canvas.set_hits(())
        if self._plain is not None:
            self._canvas.setFocus()

    def ask(self, query: str) -> None:
        """Look for ``query``."""
        self._query = query
        plain = self._plain
        if plain is None or not query:
            self._show(query, ())
            return
        future = self._ctx.papers.read(lambda conn: search.search(conn, query, within=(plain,), limit=LIMIT))
        self._tasks.run(future, lambda hits: self._show(query, hits), owner=self)

    def step(self, by: int) -> None:
        """The next page with a hit (1) or the one before (-1); round at the ends."""
        if self._pages:
            self._at = (self._at + by) % len(self._pages)
            self._go()

    def _show(self, query: str, hits: tuple[Hit, ...]) -> None:
        if query != self._query:
            return
        wanted = side_by_side(hits, len(query.split())) or hits
        self._pages = sorted({hit.page for hit in wanted if hit.page < self._canvas.page_count})
        self._at = next((at for at, page in enumerate(self._pages) if page >= self._canvas.page), 0)
        self._bar.say(0, 0)
        self._canvas.set_hits(())
        if self._pages:
            self._go()

    def _go(self) -> None:
        page, query, plain = self._pages[self._at], self._query, self._plain
        assert plain is not None
        self._bar.say(self._at + 1, len(self._pages))
        self._tasks.run(
            self._ctx.render.text(plain, page),
            lambda text: self._mark(page, query, text),
            lambda _error: self._canvas.go_to_page(page),
            owner=self,
        )

    def _mark(self, page: int, query: str, text: TextPage) -> None:
        if query != self._query or not self._pages or self._pages[self._at] != page:
            return
        style = self._canvas.scene.style
        bands = [Band(page, rects, style.hit) for rects in places(text.words, query)]
        self._canvas.set_hits(bands, 0 if bands else -1)
        if bands:
            self._canvas.reveal(page, bands[0].rects[0].y0)
        else:
            self._canvas.go_to_page(page)

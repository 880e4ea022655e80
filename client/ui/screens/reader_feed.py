# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the render process knows of the open paper beside pictures: words of a page, table of contents, small pages."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from client.domain.ids import Hash
from client.ui.context import AppContext
from client.ui.tasks import Tasks
from client.viewer.messages import Outline, TextPage
from client.viewer.view.page_canvas import PageCanvas


class PageFeed(QObject):
    """Serves one canvas.

    Attributes:
        outline: The table of contents came: a tuple of ``OutlineEntry``, empty for a paper without one.
    """

    outline = Signal(object)

    def __init__(self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._canvas = ctx, tasks, canvas
        self._plain: Hash | None = None
        canvas.words_wanted.connect(self._fetch_words)

    def begin(self, plain: Hash | None) -> None:
        """Another paper, or none."""
        self._plain = plain
        if plain is not None:
            self._fetch_outline(plain)

    def small_picture(self, page: int) -> QImage | None:
        """A page's small picture; asked for the first time."""
        pictures, sheet = self._canvas.pictures, self._canvas.sheet
        return None if pictures is None or sheet is None else pictures.want_small(sheet, page, night=False)

    def _fetch_words(self, page: int) -> None:
        plain = self._plain
        if plain is None:
            return

        def show(text: TextPage) -> None:
            if self._plain == plain:
                self._canvas.set_words(page, text.words)

        # without words the highlighter draws a free band, which is what a page that cannot be read has anyway
        self._tasks.run(self._ctx.render.text(plain, page), show, lambda _error: None, owner=self)

    def _fetch_outline(self, plain: Hash) -> None:
        def show(outline: Outline) -> None:
            if self._plain == plain:
                self.outline.emit(outline.entries)

        self._tasks.run(self._ctx.render.outline(plain), show, lambda _error: self.outline.emit(()), owner=self)

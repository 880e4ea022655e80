# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chế độ chữ lớn: a page's words as running text in large type, where the text layer is good enough for it.

What is shown is the file's own words and nothing else; pictures, tables and marks are on the page itself, one press
away. A page whose text layer would mislead says so instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QTextCursor
from PySide6.QtWidgets import QFrame, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from client.domain.ids import Hash
from client.errors import EcabinetError
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.fonts import font
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.layouts import hbox
from client.ui.widgets.text import Label
from client.viewer.messages import TextPage
from client.viewer.reflow import paragraphs, reads_well
from client.viewer.view.page_canvas import PageCanvas

SIZES_PX: Final = (20, 24, 28)


class _Stamped(QTextBrowser):
    """Text under the same watermark as the pages."""

    def __init__(self, stamp: Callable[[], QPixmap | None]) -> None:
        super().__init__()
        self._stamp = stamp

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, then member and time over it."""
        super().paintEvent(event)
        tile = self._stamp()
        if tile is not None:
            painter = QPainter(self.viewport())
            painter.drawTiledPixmap(self.viewport().rect(), tile)
            painter.end()


class LargePage(QFrame):
    """The text of one page, with its size, and the way to the next.

    Args:
        stamp: The watermark of the moment.
    """

    def __init__(self, stamp: Callable[[], QPixmap | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._size = 1
        self._paragraphs: tuple[str, ...] = ()
        self.smaller = ToolButton("zoom_out", tr("Chữ nhỏ hơn"))
        self.larger = ToolButton("zoom_in", tr("Chữ to hơn"))
        self.before = ToolButton("chevron_left", tr("Trang trước"))
        self.after = ToolButton("chevron_right", tr("Trang sau"))
        self.close_button = Button(tr("Về trang tài liệu"), "document", variant="plain")
        self.number = Label("", "note", wrap=False)
        self.text = _Stamped(stamp)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.text.setAccessibleName(tr("Nội dung trang, chữ lớn"))
        head = hbox(self.smaller, self.larger, None, self.before, self.number, self.after, None, self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self.smaller.clicked.connect(lambda: self._resize(-1))
        self.larger.clicked.connect(lambda: self._resize(1))
        self._resize(0)

    def show_page(self, page: int, count: int, text: tuple[str, ...]) -> None:
        """Show paragraphs; none says why."""
        self.number.setText(tr("Trang {n} / {count}").format(n=page + 1, count=count))
        self.before.setEnabled(page > 0)
        self.after.setEnabled(page + 1 < count)
        self._paragraphs = text
        self._fill()

    def _resize(self, by: int) -> None:
        self._size = min(max(self._size + by, 0), len(SIZES_PX) - 1)
        self.smaller.setEnabled(self._size > 0)
        self.larger.setEnabled(self._size < len(SIZES_PX) - 1)
        self._fill()

    def _fill(self) -> None:
        shown = self._paragraphs or (tr("Trang này không có lớp chữ đủ tốt. Xin xem trang tài liệu."),)
        self.text.clear()
        self.text.document().setDefaultFont(font(SIZES_PX[self._size]))
        self.text.document().setDocumentMargin(GAP * 2)
        cursor = QTextCursor(self.text.document())
        style = cursor.blockFormat()
        style.setLineHeight(140, 1)  # 1 is QTextBlockFormat.ProportionalHeight
        style.setBottomMargin(SIZES_PX[self._size] * 0.6)
        for number, one in enumerate(shown):
            if number:
                cursor.insertBlock()
            cursor.setBlockFormat(style)
            cursor.insertText(one)
        self.text.verticalScrollBar().setValue(0)


class LargeText(QObject):
    """Follows one canvas.

    Args:
        stack: Shows the canvas; shows the large page instead while it is wanted.
        button: Says whether it is wanted.
    """

    def __init__(
        self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas, stack: QStackedWidget, button: ToolButton
    ) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._canvas, self._stack, self.button = ctx, tasks, canvas, stack, button
        self._page: LargePage | None = None
        self._plain: Hash | None = None
        button.clicked.connect(self.toggle)
        canvas.page_changed.connect(lambda _page: self._fetch())

    @property
    def page(self) -> LargePage:
        """The large page, made when it is first wanted."""
        if self._page is None:
            canvas = self._canvas
            self._page = LargePage(lambda: canvas.scene.stamp)
            self._page.close_button.clicked.connect(lambda: self.toggle(on=False))
            self._page.before.clicked.connect(lambda: canvas.go_to_page(canvas.page - 1))
            self._page.after.clicked.connect(lambda: canvas.go_to_page(canvas.page + 1))
            self._stack.addWidget(self._page)
        return self._page

    @property
    def shown(self) -> bool:
        """Whether large type is on screen."""
        return self._page is not None and self._stack.currentWidget() is self._page

    def begin(self, plain: Hash | None) -> None:
        """Another paper, or none."""
        self._plain = plain
        self.button.setChecked(False)

    def toggle(self, on: bool) -> None:
        """Large type, or the page itself."""
        on = on and self._plain is not None
        self.button.setChecked(on)
        self._stack.setCurrentWidget(self.page if on else self._canvas)
        if on:
            self._fetch()
        else:
            self._canvas.setFocus()

    def _fetch(self) -> None:
        plain, number = self._plain, self._canvas.page
        if plain is None or not self.shown:
            return

        def show(text: TextPage) -> None:
            if self._plain == plain and self._canvas.page == number:
                good = paragraphs(text.words) if reads_well(text.words) else ()
                self.page.show_page(number, self._canvas.page_count, good)

        def fail(error: EcabinetError) -> None:
            self.page.show_page(number, self._canvas.page_count, (error_title(error),))

        self._tasks.run(self._ctx.render.text(plain, number), show, fail, owner=self)

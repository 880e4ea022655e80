# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the reader's parts stand: title above, notices, panel beside the page, tools at the bottom edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from client.ui.screens.reader_header import ReaderHeader
from client.ui.theme.tokens import GAP
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import hbox
from client.ui.widgets.page_looks import LookBar


class Bars:
    """Bars that float over a reader's page; at most one at the bottom edge, one under the title.

    Args:
        screen: The reader.
        tools: Stands at the bottom edge; bars keep above it.
        looks: Opens under ``header``; ``looks_button`` is pressed while it is out.
        above: Bars over the tools, as wide as the window.
        picker: Stands over the tool it belongs to.
    """

    def __init__(
        self, screen: QWidget, *, header: ReaderHeader, tools: QWidget, looks: LookBar, above: Sequence[QWidget],
        picker: QWidget,
    ) -> None:  # fmt: skip
        self._screen, self._header, self._tools = screen, header, tools
        self._looks, self._above, self._picker = looks, above, picker

    def hide(self, *_: object) -> None:
        """The page was touched."""
        for bar in (self._picker, self._looks, self._above[0]):
            bar.hide()
        self._header.looks_button.setChecked(False)

    def toggle_looks(self) -> None:
        """Show how pages are shown, or put it away."""
        shown = self._looks.isVisible()
        self.hide()
        if not shown:
            width = self._screen.width()
            self._looks.offer(width - GAP, self._header.height() + GAP // 2, width - 2 * GAP)
            self._header.looks_button.setChecked(True)

    def place(self) -> None:
        """The window has another size."""
        floor, width = self._tools.y() - GAP, self._screen.width() - 4 * GAP
        for bar in self._above:
            height = max(bar.sizeHint().height(), bar.heightForWidth(width))
            bar.setGeometry(GAP * 2, floor - height, width, height)


def add_button(banner: Banner, text: str, slot: Callable[[], object]) -> Button:
    """What to do about a notice."""
    button = Button(text)
    button.clicked.connect(slot)
    banner.buttons.addWidget(button)
    return button


def lay_out(
    screen: QWidget,
    *,
    top: QWidget,
    notices: Sequence[QWidget],
    panel: QWidget,
    page: QWidget,
    bottom: QWidget,
    left: bool,
) -> None:
    """Put the parts of a reader in their places; ``left`` mirrors panel and page for the left hand."""
    body = hbox(panel)
    body.addWidget(page, 1)
    body.setContentsMargins(GAP, 0, GAP, 0)
    if left:
        body.setDirection(QBoxLayout.Direction.RightToLeft)
    column = QVBoxLayout(screen)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(top)
    between = QVBoxLayout()
    between.setContentsMargins(GAP, 0, GAP, GAP // 2)
    between.setSpacing(GAP // 2)
    for notice in notices:
        between.addWidget(notice)
    column.addLayout(between)
    column.addLayout(body, 1)
    edge = QVBoxLayout()
    edge.setContentsMargins(GAP, GAP, GAP, GAP)
    edge.addWidget(bottom)
    column.addLayout(edge)

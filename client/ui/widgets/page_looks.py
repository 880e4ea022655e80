# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cách xem: how pages are laid out, sized and coloured, in one bar under the reader's title."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from client.ui.theme.tokens import GAP
from client.ui.widgets.layouts import FlowLayout


class LookBar(QFrame):
    """Rows of buttons; each row wraps where the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP, GAP, GAP, GAP)
        self._column.setSpacing(GAP)
        self._corner: tuple[int, int, int] | None = None
        self.hide()

    def add_row(self, widgets: Iterable[QWidget]) -> None:
        """One more row."""
        row = FlowLayout()
        for widget in widgets:
            row.addWidget(widget)
        self._column.addLayout(row)

    def offer(self, right: int, top: int, most: int) -> None:
        """Show the bar with its upper right corner there, at most ``most`` pixels wide."""
        self._corner = (right, top, most)
        self._place()
        self.show()
        self.raise_()

    def event(self, event: QEvent) -> bool:
        """A button's words changed: other widths, perhaps another row."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return done

    def _place(self) -> None:
        if self._corner is not None:
            right, top, most = self._corner
            width = min(most, self.sizeHint().width())
            height = max(self.minimumSizeHint().height(), self.heightForWidth(width))
            self.setGeometry(right - width, top, width, height)

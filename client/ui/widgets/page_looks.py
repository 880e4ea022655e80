# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cách xem: how pages are laid out, sized and coloured, in one bar under the reader's title."""

from __future__ import annotations

from collections.abc import Iterable

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
        self.hide()

    def add_row(self, widgets: Iterable[QWidget]) -> None:
        """One more row."""
        row = FlowLayout()
        for widget in widgets:
            row.addWidget(widget)
        self._column.addLayout(row)

    def offer(self, right: int, top: int, most: int) -> None:
        """Show the bar with its upper right corner there, at most ``most`` pixels wide."""
        width = min(most, self.sizeHint().width())
        self.setGeometry(right - width, top, width, max(self.minimumSizeHint().height(), self.heightForWidth(width)))
        self.show()
        self.raise_()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A thin progress bar: how much of a pack is here, how much of it was read."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.theme.apply import tokens

_HEIGHT = 8


class ProgressLine(QWidget):
    """A bar of ``done`` out of ``total``; the words beside it say the same."""

    def __init__(self, done: int = 0, total: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set(done, total)

    def set(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""
        self._share = min(1.0, done / total) if total else 0.0
        self.setAccessibleName(f"{self._share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        """Any width, 8 px high."""
        return QSize(160, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track and bar."""
        c = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for colour, share in ((c.hairline, 1.0), (c.primary, self._share)):
            if share:
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(QRectF(0, 0, self.width() * share, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()

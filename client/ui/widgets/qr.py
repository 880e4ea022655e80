# SPDX-License-Identifier: AGPL-3.0-or-later
"""A QR code on screen: always dark on white with its quiet zone, whatever the theme, because readers need that."""

from __future__ import annotations

import segno
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.theme.tokens import CODE

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


class QrCode(QWidget):
    """Shows one code.

    Args:
        says: What it is, for screen readers.
        side: Pixels.
    """

    def __init__(self, says: str, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._rows: tuple[bytes, ...] = ()
        self.setAccessibleName(says)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def modules(self) -> int:
        """Modules along one side of what is shown; 0 for nothing."""
        return len(self._rows)

    def show_text(self, text: str) -> None:
        """Show ``text``."""
        self._rows = tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Whole pixels for each module: blurred edges read badly."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(CODE.ground))
        if self._rows:
            step = max(1, self._side // (self.modules + 2 * QUIET))
            start = (self._side - step * self.modules) // 2
            for y, row in enumerate(self._rows):
                for x, dark in enumerate(row):
                    if dark:
                        painter.fillRect(QRectF(start + x * step, start + y * step, step, step), QColor(CODE.ink))
        painter.end()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A switch: on or off, told by position and words as well as colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from client.ui.i18n import tr
from client.ui.theme.apply import tokens

_WIDTH, _HEIGHT = 52, 30


class Switch(QAbstractButton):
    """A checkable switch; ``toggled`` as of any button."""

    def __init__(self, name: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._tell)
        self._tell(on)

    def sizeHint(self) -> QSize:
        """Touchable: 48 px and more."""
        side = tokens().measures.touch
        return QSize(max(_WIDTH + 8, side), side)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, knob, focus ring."""
        c = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF((self.width() - _WIDTH) / 2, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
        on = self.isChecked()
        ink = c.primary if on else c.border
        if not self.isEnabled():
            ink = c.disabled
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.primary), 2))
            painter.drawRoundedRect(track.adjusted(-4, -4, 4, 4), _HEIGHT / 2 + 4, _HEIGHT / 2 + 4)
        painter.setPen(QPen(QColor(ink), 2))
        painter.setBrush(QColor(ink if on else c.field))
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        radius = _HEIGHT / 2 - 6
        x = track.right() - 6 - 2 * radius if on else track.left() + 6
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.on_primary if on else ink))
        painter.drawEllipse(QRectF(x, track.center().y() - radius, 2 * radius, 2 * radius))
        painter.end()

    def _tell(self, on: bool) -> None:
        self.setAccessibleDescription(tr("Bật") if on else tr("Tắt"))

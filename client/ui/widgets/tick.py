# SPDX-License-Identifier: AGPL-3.0-or-later
"""A box to tick with words that wrap; the words can be touched as well as the box."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.icons import pixmap
from client.ui.widgets.layouts import hbox
from client.ui.widgets.text import Label

_SIDE: Final = 24


class _Box(QCheckBox):
    """The box, drawn from the tokens: the style's own has no frame that shows on a dark ground."""

    def sizeHint(self) -> QSize:
        """To be touched."""
        side = tokens().measures.touch
        return QSize(side, side)

    def hitButton(self, place: QPoint) -> bool:
        """All of it."""
        return self.rect().contains(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame, filled with a tick when it is on; a ring around it while it has the focus."""
        c = tokens().colours
        frame = QRectF(0, 0, _SIDE, _SIDE)
        frame.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.primary), 2))
            painter.drawRoundedRect(frame.adjusted(-4, -4, 4, 4), 6, 6)
        edge = c.primary if self.isChecked() else c.border
        painter.setPen(QPen(QColor(edge if self.isEnabled() else c.disabled), 2))
        painter.setBrush(QColor(c.primary) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 4, 4)
        if self.isChecked():
            sign = pixmap("check", c.on_primary, _SIDE, ratio=self.devicePixelRatioF())
            painter.drawPixmap(frame.topLeft(), sign)
        painter.end()


class Tick(QWidget):
    """One box.

    Attributes:
        toggled: Whether it is ticked now.
    """

    toggled = Signal(bool)

    def __init__(self, text: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        side = tokens().measures.touch
        self.box = _Box()
        self.box.setAccessibleName(text)
        self.box.setChecked(on)
        self.box.setMinimumSize(side, side)
        self.box.toggled.connect(self.toggled)
        self.words = Label(text)
        row = hbox(self.box, self.words, parent=self)
        row.setStretch(1, 1)
        self.setMinimumHeight(side)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def on(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def click(self) -> None:
        """As a finger does."""
        self.box.click()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The words tick too."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.setFocus()
            self.box.click()
        super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken, so that the release comes here."""
        event.accept()

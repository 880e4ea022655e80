# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main places of the program: at the left edge in landscape, at the bottom in portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QSizePolicy, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.icons import pixmap
from client.ui.theme.tokens import GAP, RADIUS

_WIDTH: Final = 108
_HEIGHT: Final = 76
_MANY: Final = 99
_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


@dataclass(frozen=True, slots=True)
class RailItem:
    """One place.

    Attributes:
        key: What ``chosen`` carries.
        icon_name: File in ``resources/icons``.
        text: The words under the icon.
        last: Stands at the far end (settings).
    """

    key: str
    icon_name: str
    text: str
    last: bool = False


class RailButton(QAbstractButton):
    """Icon over words, a count in the corner."""

    def __init__(self, item: RailItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        self._count = 0
        self._by_keyboard = False
        self.setText(item.text)
        self.setCheckable(True)
        self.setAccessibleName(item.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def nextCheckState(self) -> None:
        """Pressing does not check: the workspace marks the place once it is shown."""

    def set_count(self, count: int) -> None:
        """How many things wait there; 0 shows nothing."""
        self._count = count
        self.setAccessibleName(f"{self.item.text}, {count}" if count else self.item.text)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring is drawn only for who moves by keyboard."""
        self._by_keyboard = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground when chosen, icon, words, count."""
        c, m = tokens().colours, tokens().measures
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        chosen = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or self.isDown():
            painter.setBrush(QColor(c.selected))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        if self.hasFocus() and self._by_keyboard:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(c.primary), 2))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        ink = c.primary if chosen else c.secondary
        words = font(m.small, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        line = QFontMetrics(words).height()
        top = (self.height() - m.icon - 4 - line) // 2
        x = (self.width() - m.icon) // 2
        painter.drawPixmap(x, top, pixmap(self.item.icon_name, ink, m.icon, self.devicePixelRatioF()))
        painter.setFont(words)
        painter.setPen(QColor(ink if chosen else c.ink))
        painter.drawText(0, top + m.icon + 4, self.width(), line, int(Qt.AlignmentFlag.AlignHCenter), self.text())
        if self._count:
            self._paint_count(painter, x + m.icon - 6, top - 6)
        painter.end()

    def _paint_count(self, painter: QPainter, x: int, y: int) -> None:
        c, m = tokens().colours, tokens().measures
        text = str(self._count) if self._count <= _MANY else f"{_MANY}+"
        small = font(m.text(13), QFont.Weight.Bold)
        height = m.text(20)
        width = max(height, QFontMetrics(small).horizontalAdvance(text) + 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.live.ground))
        painter.drawRoundedRect(QRectF(x, y, width, height), height / 2, height / 2)
        painter.setPen(QColor(c.live.ink))
        painter.setFont(small)
        painter.drawText(x, y, width, height, int(Qt.AlignmentFlag.AlignCenter), text)


class Rail(QWidget):
    """The places, one of them current.

    Attributes:
        chosen: Key of the place that was pressed.
    """

    chosen = Signal(str)

    def __init__(self, items: Sequence[RailItem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons = {item.key: RailButton(item, self) for item in items}
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setSpacing(4)
        self._row.setContentsMargins(6, GAP, 6, GAP)
        for key, button in self._buttons.items():
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
        self.set_vertical(True)

    def set_vertical(self, vertical: bool) -> None:
        """Stand at the left edge or lie at the bottom."""
        while self._row.takeAt(0) is not None:
            pass
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(down if vertical else across)
        m = tokens().measures
        width, height = m.target(_WIDTH), m.target(_HEIGHT)
        for button in self._buttons.values():
            if vertical:
                if button.item.last:
                    self._row.addStretch(1)
                button.setFixedSize(width, height)
                self._row.addWidget(button)
            else:
                button.setMinimumSize(m.touch, height)
                button.setMaximumSize(16_777_215, height)
                button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                self._row.addWidget(button, 1)
        if vertical:
            self.setFixedWidth(width + 12)
            self.setMaximumHeight(16_777_215)
            self.setMinimumHeight(0)
        else:
            self.setFixedHeight(height + 2 * GAP)
            self.setMaximumWidth(16_777_215)
            self.setMinimumWidth(0)

    def set_current(self, key: str | None) -> None:
        """Mark the place we are in; None for none of them."""
        for known, button in self._buttons.items():
            button.setChecked(known == key)

    def set_count(self, key: str, count: int) -> None:
        """How many things wait in a place."""
        self._buttons[key].set_count(count)

    def button(self, key: str) -> RailButton:
        """The button of a place."""
        return self._buttons[key]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One possible answer as a large radio button: 64 px, label wraps, what it needs at the right or underneath.

A real radio button to screen readers and the keyboard; only its looks are its own. Nothing in here decides which
one is chosen.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.tokens import PAD, RADIUS

_GAP: Final = 14
_WRAP: Final = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)


class ChoiceButton(QRadioButton):
    """One choice of a question.

    Args:
        label: The choice's words, from the ballot.
        hint: What it asks for; quieter.
    """

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, parent)
        self._hint = hint
        self._heights: dict[int, int] = {}
        self.setAccessibleName(f"{label}. {hint}" if hint else label)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(tokens().measures.choice)

    def hitButton(self, pos: QPoint) -> bool:
        """The whole frame can be pressed, not only the circle."""
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:
        """The label wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all words at ``width``, never less than a choice's height."""
        if width not in self._heights:  # layouts ask again and again
            label, hint = self._rects(width)
            bottom = max(label.bottom(), hint.bottom()) + 1
            self._heights[width] = max(tokens().measures.choice, bottom + PAD)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        """Comfortable width, one line."""
        width = tokens().measures.text(360)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow: words wrap."""
        return QSize(tokens().measures.text(160), tokens().measures.choice)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame, circle, label, what it needs."""
        c = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, enabled = self.isChecked(), self.isEnabled()
        ink = c.ink if enabled else c.disabled
        edge = c.primary if checked or self.hasFocus() else c.border
        width = 3 if self.hasFocus() else 2
        painter.setPen(QPen(QColor(edge if enabled else c.hairline), width))
        painter.setBrush(QColor(c.selected if checked or self.isDown() else c.field))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        label, hint = self._rects(self.width())
        lowest = max(label.bottom(), hint.bottom()) + 1
        down = max(0, (self.height() - lowest - PAD) // 2)
        label.translate(0, down)
        hint.translate(0, down)
        self._paint_circle(painter, checked=checked, colour=(c.primary if checked else c.border) if enabled else ink)
        painter.setPen(QColor(ink))
        painter.setFont(self._label_font())
        painter.drawText(label, _WRAP, self.text())
        if self._hint:
            painter.setPen(QColor(c.secondary if enabled else c.disabled))
            painter.setFont(font(tokens().measures.note))
            painter.drawText(hint, _WRAP, self._hint)
        painter.end()

    def _paint_circle(self, painter: QPainter, *, checked: bool, colour: str) -> None:
        side = tokens().measures.icon
        circle = QRectF(PAD, (self.height() - side) / 2, side, side).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(QColor(colour), 2))
        painter.setBrush(QColor(tokens().colours.field))
        painter.drawEllipse(circle)
        if checked:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            inner = side * 0.24
            painter.drawEllipse(circle.adjusted(inner, inner, -inner, -inner))

    def _label_font(self) -> QFont:
        return font(tokens().measures.heading, QFont.Weight.DemiBold)

    def _rects(self, width: int) -> tuple[QRect, QRect]:
        """Where label and hint stand when the frame is ``width`` wide and as low as it can be."""
        left = PAD + tokens().measures.icon + _GAP
        room = max(width - left - PAD, 40)
        label_metrics, hint_metrics = QFontMetrics(self._label_font()), QFontMetrics(font(tokens().measures.note))
        one_line = label_metrics.horizontalAdvance(self.text()) + 2
        hint_width = hint_metrics.horizontalAdvance(self._hint) + 2 if self._hint else 0
        beside = bool(self._hint) and one_line + _GAP + hint_width <= room
        label_room = room - (hint_width + _GAP if beside else 0)
        label = label_metrics.boundingRect(QRect(left, PAD, label_room, 10_000), _WRAP, self.text())
        label.setWidth(label_room)
        if not self._hint:
            return label, QRect(left, PAD, 0, 0)
        if beside:
            height = hint_metrics.height()
            middle = label.center().y() - height // 2 + 1
            return label, QRect(left + room - hint_width, middle, hint_width, height)
        hint = hint_metrics.boundingRect(QRect(left, label.bottom() + 3, room, 10_000), _WRAP, self._hint)
        hint.setWidth(room)
        return label, hint

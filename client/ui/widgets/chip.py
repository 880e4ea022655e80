# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chips: a state in words with an icon on a ground of its tone. State is never colour alone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.theme.icons import pixmap
from client.ui.theme.tokens import RADIUS_SMALL, Tone

_PAD, _GAP = 10, 6
_ICONS = {
    Tone.NEUTRAL: "",
    Tone.INFO: "info",
    Tone.OK: "check",
    Tone.WARNING: "warning",
    Tone.DANGER: "error",
    Tone.LIVE: "live",
    Tone.PRACTICE: "edit",
}


class Chip(QWidget):
    """A short state such as "Đang họp"; not a button.

    Args:
        text: The state in words.
        tone: What it means.
        icon_name: Instead of the tone's own icon; ``None`` for that, ``""`` for no icon.
    """

    def __init__(
        self, text: str, tone: Tone = Tone.NEUTRAL, icon_name: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._tone, self._icon = "", tone, ""
        self.set(text, tone, icon_name)

    @property
    def text(self) -> str:
        """The words shown."""
        return self._text

    @property
    def tone(self) -> Tone:
        """What it means."""
        return self._tone

    def set(self, text: str, tone: Tone = Tone.NEUTRAL, icon_name: str | None = None) -> None:
        """Show another state."""
        self._text, self._tone = text, tone
        self._icon = _ICONS[tone] if icon_name is None else icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for icon and words on one line."""
        self.ensurePolished()
        measure = self._metrics_font()
        width = self._advance(measure) + 2 * _PAD + (self._side() + _GAP if self._icon else 0)
        return QSize(width, round(tokens().measures.small * 1.35) + 10)

    def minimumSizeHint(self) -> QSize:
        """The same: a chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, icon, words."""
        pair = tokens().colours.tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.ground))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_SMALL, RADIUS_SMALL)
        x = _PAD
        if self._icon:
            side = self._side()
            painter.drawPixmap(
                x, (self.height() - side) // 2, pixmap(self._icon, pair.ink, side, self.devicePixelRatioF())
            )
            x += side + _GAP
        painter.setPen(QColor(pair.ink))
        painter.setFont(self._metrics_font())
        painter.drawText(
            x,
            0,
            self.width() - x,
            self.height(),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            self._text,
        )
        painter.end()

    def _metrics_font(self) -> QFont:
        return font(tokens().measures.small, QFont.Weight.DemiBold)

    def _advance(self, made: QFont) -> int:
        return QFontMetrics(made).horizontalAdvance(self._text) + 1

    def _side(self) -> int:
        return tokens().measures.text(18)

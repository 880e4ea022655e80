# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's name and the time across every page: whoever photographs the screen signs the picture.

One small transparent picture is made per text and laid over pages like tiles, so it costs a blend, not text
layout, at each repaint.
"""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from client.viewer.view.style import CanvasStyle

ANGLE: Final = -30.0
GAP_PX: Final = 150
DAY: Final = 2.5
NIGHT: Final = 4.5
"""How much stronger than the style's share the middle grey is on white and on dark pages."""
_MIDDLE_GREY: Final = "#808080"
"""Seen on white and on dark pages alike."""


def watermark(text: str, style: CanvasStyle, ratio: float, *, night: bool = False) -> QPixmap | None:
    """The tile for ``text``; None for none."""
    if not text:
        return None
    font = QFont(style.family)
    font.setPixelSize(round((style.text_px + 2) * ratio))
    font.setWeight(QFont.Weight.DemiBold)
    width = QFontMetricsF(font).horizontalAdvance(text)
    slope = math.radians(-ANGLE)
    tile = QPixmap(round(width * math.cos(slope) + GAP_PX * ratio), round(width * math.sin(slope) + GAP_PX * ratio))
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    colour = QColor(_MIDDLE_GREY)
    colour.setAlphaF(min(1.0, style.watermark_share * (NIGHT if night else DAY)))
    painter.setPen(colour)
    painter.translate(GAP_PX * ratio / 3, tile.height() - GAP_PX * ratio / 3)
    painter.rotate(ANGLE)
    painter.drawText(QPointF(0, 0), text)
    painter.end()
    return tile


def paint_watermark(painter: QPainter, tile: QPixmap, page: QRect, dirty: QRect) -> None:
    """Over ``page``, only where it is ``dirty`` (view pixels); the pattern moves with the page."""
    area = page & dirty
    if not area.isEmpty():
        painter.drawTiledPixmap(area, tile, area.topLeft() - page.topLeft())

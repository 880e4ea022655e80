# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stored stroke as Qt paths in page points: computed once, drawn at any scale.

A stroke with pressure is cut into runs of nearly equal nib width; each run is one path, so drawing costs a few
calls instead of one for every sample. Round caps hide the joints.
"""

from __future__ import annotations

from array import array
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from client.domain.annotation import InkStroke
from client.viewer.ink import bounds, segments, unpack_points

NIB_STEP: Final = 0.12
"""Share of the pen's width by which a run's nib may differ from the piece it draws."""
_DOT: Final = 0.01


class StrokeShape:
    """One stroke ready to draw and to hit.

    Attributes:
        box: What it may touch, page points.
        pieces: See ``client.viewer.ink.segments``; for the eraser.
        runs: Nib width in points and path.
    """

    __slots__ = ("box", "colour", "pieces", "runs")

    def __init__(self, stroke: InkStroke) -> None:
        points = unpack_points(stroke.points)
        rect = bounds(points, stroke.width)
        self.box = QRectF(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)
        self.pieces = segments(points, stroke.width)
        self.colour = stroke.colour
        self.runs = _runs(self.pieces, stroke.width * NIB_STEP)


def _runs(pieces: array[float], tolerance: float) -> list[tuple[float, QPainterPath]]:
    runs: list[tuple[float, QPainterPath]] = []
    nib = float("-inf")
    path = QPainterPath()
    flat = iter(pieces)
    for x0, y0, x1, y1, width in zip(flat, flat, flat, flat, flat, strict=True):
        if abs(width - nib) > tolerance:
            nib = width
            path = QPainterPath()
            path.moveTo(x0, y0)
            runs.append((nib, path))
        if x0 == x1 and y0 == y1:
            path.lineTo(x1 + _DOT, y1)  # Qt draws no cap on a line without length
        else:
            path.lineTo(x1, y1)
    return runs


def ink_pen(colour: QColor, nib: float) -> QPen:
    """Round everywhere."""
    return QPen(colour, nib, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def paint_shape(painter: QPainter, shape: StrokeShape, colour: QColor) -> None:
    """Draw on a painter whose unit is the page point."""
    for nib, path in shape.runs:
        painter.strokePath(path, ink_pen(colour, nib))

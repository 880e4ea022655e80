# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stored stroke as Qt paths in page points: computed once, drawn at any scale, drawn in parts.

A stroke with pressure is cut into runs of nearly equal nib width; each run is one path, so drawing costs a few
calls instead of one for every sample. Round caps hide the joints. Long runs are cut too: whoever repaints a few
points of a page-long line, or looks whether an eraser touches it, pays for those points only.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from client.domain.annotation import InkStroke
from client.viewer.ink import crosses, packed_bounds, segments, unpack_points

NIB_STEP: Final = 0.12
"""Share of the pen's width by which a run's nib may differ from the piece it draws."""
RUN_PIECES: Final = 32
PATCH_PT: Final = 24.0
_DOT: Final = 0.01
_PIECE: Final = 5
"""Floats a piece, see ``client.viewer.ink.segments``."""


class Run(NamedTuple):
    """A part of a stroke: ``pieces`` as the eraser sees it, ``path`` as it is drawn, within ``box`` (page points)."""

    nib: float
    path: QPainterPath
    pieces: array[float]
    box: QRectF


class StrokeShape:
    """One stroke ready to draw and to hit.

    Attributes:
        box: What it may touch, page points.
    """

    __slots__ = ("box", "colour", "runs")

    def __init__(self, stroke: InkStroke) -> None:
        points = unpack_points(stroke.points)
        rect = packed_bounds(stroke.points, stroke.width)
        self.box = QRectF(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)
        self.colour = stroke.colour
        self.runs = _runs(segments(points, stroke.width), stroke.width * NIB_STEP)

    def crossed(self, start: QPointF, end: QPointF, radius: float) -> bool:
        """Whether an eraser swept from one place to another (page points) touches the ink."""
        sweep = QRectF(start, end).normalized().adjusted(-radius, -radius, radius, radius)
        ends = (start.x(), start.y()), (end.x(), end.y())
        return any(crosses(run.pieces, *ends, radius) for run in self.runs if run.box.intersects(sweep))

    def patches(self) -> Iterator[QRectF]:
        """The boxes of the runs, small neighbours together: what to mend when the stroke goes."""
        patch = QRectF()
        for run in self.runs:
            grown = patch.united(run.box)
            if not patch.isNull() and max(grown.width(), grown.height()) > PATCH_PT:
                yield patch
                grown = run.box
            patch = grown
        yield patch


def _runs(pieces: array[float], tolerance: float) -> list[Run]:
    runs: list[Run] = []
    first, count = 0, len(pieces) // _PIECE
    widths = pieces[4::_PIECE]
    for at in range(1, count + 1):
        if at == count or at - first == RUN_PIECES or abs(widths[at] - widths[first]) > tolerance:
            runs.append(_run(pieces[first * _PIECE : at * _PIECE]))
            first = at
    return runs


def _run(pieces: array[float]) -> Run:
    xs, ys = pieces[0::_PIECE] + pieces[2::_PIECE], pieces[1::_PIECE] + pieces[3::_PIECE]
    left, top, width = min(xs), min(ys), max(pieces[4::_PIECE])
    box = QRectF(left - width / 2, top - width / 2, max(xs) - left + width, max(ys) - top + width)
    path = QPainterPath()
    path.moveTo(pieces[0], pieces[1])
    flat = iter(pieces)
    for x0, y0, x1, y1, _ in zip(flat, flat, flat, flat, flat, strict=True):
        dot = x0 == x1 and y0 == y1  # Qt draws no cap on a line without length
        path.lineTo(x1 + _DOT if dot else x1, y1)
    return Run(pieces[4], path, pieces, box)


def ink_pen(colour: QColor, nib: float) -> QPen:
    """Round everywhere."""
    return QPen(colour, nib, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def paint_shape(painter: QPainter, shape: StrokeShape, colour: QColor, within: Sequence[QRectF] = ()) -> None:
    """Draw on a painter whose unit is the page point; with ``within`` only the parts that touch one of these."""
    for run in shape.runs:
        if not within or any(run.box.intersects(part) for part in within):
            painter.strokePath(run.path, ink_pen(colour, run.nib))

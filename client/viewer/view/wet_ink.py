# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stroke being written: each sample adds a few pixels to a transparent picture over the view.

Decides: what part of the view a new sample dirties. Refuses: to redraw what is already there. When the pen is
lifted the caller paints the stored stroke into the page's ink layer and this picture is wiped.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from client.domain.annotation import MAX_POINTS
from client.viewer.ink import InkPoint, Smoother, extend_segments, nib, segments
from client.viewer.view.stroke_shape import ink_pen


class WetInk:
    """One stroke at a time.

    Attributes:
        image: View-sized, premultiplied; None until something was written.
        points: Smoothed samples so far, page points.
    """

    def __init__(self) -> None:
        self.image: QImage | None = None
        self.points: list[InkPoint] = []
        self.colour = QColor()
        self.width = 1.0
        self._smoother = Smoother()
        self._transform = QTransform()
        self._clip = QRect()
        self._dirty = QRect()

    @property
    def active(self) -> bool:
        """Whether a stroke is being written."""
        return bool(self.points)

    @property
    def full(self) -> bool:
        """Whether the stroke has to end here and go on as another one."""
        return len(self.points) >= MAX_POINTS - 1

    def prepare(self, size: QSize) -> None:
        """Have a picture of ``size`` device pixels ready before the pen comes down."""
        if self.image is None or self.image.size() != size:
            self.image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
            self.image.fill(Qt.GlobalColor.transparent)
            self._dirty = QRect()

    def drop(self) -> None:
        """Give the picture's memory back."""
        self.image = None
        self.points = []

    def begin(self, colour: QColor, width: float, transform: QTransform, clip: QRect) -> None:
        """Start a stroke.

        Args:
            colour: As it appears on the page.
            width: Nib in points at full pressure.
            transform: Page points to view pixels.
            clip: The page in view pixels.
        """
        self.points = []
        self.colour, self.width = colour, width
        self._smoother = Smoother()
        self._transform, self._clip = transform, clip

    def add(self, x: float, y: float, pressure: float, dt_ms: int) -> QRect:
        """One more sample in page points; returns what to repaint, view pixels."""
        sx, sy = self._smoother.add(x, y, dt_ms / 1000)
        point = InkPoint(sx, sy, pressure, dt_ms)
        self.points.append(point)
        flat = array("f")
        if len(self.points) == 1:
            flat.extend((sx, sy, sx + 0.01, sy, nib(self.width, pressure)))
        else:
            extend_segments(flat, self.points, len(self.points) - 2, self.width)
        return self._paint(flat)

    def lay(self, points: Sequence[InkPoint]) -> QRect:
        """A whole shape at once, not smoothed; returns what to repaint, view pixels."""
        self.points = list(points)
        return self._paint(segments(points, self.width))

    def end(self, x: float, y: float, dt_ms: int) -> None:
        """The pen left the page here: the stroke reaches the place itself, not where smoothing had got to."""
        last = self.points[-1]
        if (last.x, last.y) != (x, y):
            self.points.append(InkPoint(x, y, last.pressure, dt_ms))

    def wipe(self) -> QRect:
        """Forget the stroke; returns what to repaint, view pixels."""
        dirty, self._dirty = self._dirty, QRect()
        self.points = []
        if self.image is not None and not dirty.isEmpty():
            painter = QPainter(self.image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(dirty, Qt.GlobalColor.transparent)
            painter.end()
        return dirty

    def _paint(self, flat: array[float]) -> QRect:
        assert self.image is not None
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._clip)
        painter.setTransform(self._transform)
        box = QRectF()
        values = iter(flat)
        for x0, y0, x1, y1, width in zip(values, values, values, values, values, strict=True):
            painter.setPen(ink_pen(self.colour, width))
            painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))
            half = width / 2
            left, top = min(x0, x1) - half, min(y0, y1) - half
            box = box.united(QRectF(left, top, abs(x1 - x0) + width, abs(y1 - y0) + width))
        painter.end()
        dirty = self._transform.mapRect(box).toAlignedRect().adjusted(-1, -1, 1, 1) & self._clip
        self._dirty = self._dirty.united(dirty)
        return dirty

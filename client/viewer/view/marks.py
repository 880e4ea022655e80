# SPDX-License-Identifier: AGPL-3.0-or-later
"""Highlights, notes and bookmarks: drawn straight onto the view, and found under a finger.

Highlights are multiplied into the page, so that the words stay as black as they were; on a dark page they
are screened. A note is a small sheet at its place, of one size on screen at any scale, because it must be hit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from client.domain.annotation import Annotation, Bookmark, Highlight, Rect, TextNote
from client.viewer.view.style import night_colour

NOTE_PX: Final = 28
"""Side of a note's sheet, device-independent pixels."""
REACH_PX: Final = 24
"""A finger within this of a note's middle means the note: 48 px across."""
BOOKMARK_PX: Final = (22, 40)
UNDERLINE_PT: Final = 1.4
_NIGHT_SHARE: Final = 0.55

Mode = QPainter.CompositionMode


def rect_of(rect: Rect) -> QRectF:
    """As Qt has it."""
    return QRectF(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)


def paint_bands(
    painter: QPainter, bands: Iterable[Rect], colour: str, to_view: QTransform, *, night: bool, underline: bool = False
) -> None:
    """Boxes in page points, over a page, on a painter in view pixels."""
    if underline:
        pen = QPen(
            night_colour(colour) if night else QColor(colour),
            max(1.0, UNDERLINE_PT * abs(to_view.m11() or to_view.m12())),
        )
        painter.setPen(pen)
        for band in bands:
            painter.drawLine(to_view.map(QPointF(band.x0, band.y1)), to_view.map(QPointF(band.x1, band.y1)))
        return
    shade = QColor(colour)
    if night:
        shade = shade.darker(round(100 / _NIGHT_SHARE))
    painter.setCompositionMode(Mode.CompositionMode_Screen if night else Mode.CompositionMode_Multiply)
    for band in bands:
        painter.fillRect(to_view.mapRect(rect_of(band)), shade)
    painter.setCompositionMode(Mode.CompositionMode_SourceOver)


def note_box(note: TextNote, to_view: QTransform, ratio: float) -> QRectF:
    """Where a note's sheet stands, view pixels."""
    at = to_view.map(QPointF(note.at.x0, note.at.y0))
    side = NOTE_PX * ratio
    return QRectF(at.x() - side / 2, at.y() - side / 2, side, side)


def paint_note(painter: QPainter, note: TextNote, to_view: QTransform, ratio: float) -> None:
    """A small sheet with a folded corner."""
    box = note_box(note, to_view, ratio)
    fold = box.width() * 0.3
    sheet = QPolygonF(
        [
            box.topLeft(),
            box.topRight(),
            QPointF(box.right(), box.bottom() - fold),
            QPointF(box.right() - fold, box.bottom()),
            box.bottomLeft(),
        ]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#1B2430"), max(1.0, 1.2 * ratio)))
    painter.setBrush(QColor(note.colour))
    painter.drawPolygon(sheet)
    for line in (0.3, 0.5, 0.7):
        y = box.y() + box.height() * line
        painter.drawLine(
            QPointF(box.x() + fold * 0.6, y), QPointF(box.right() - fold * (0.6 if line < 0.7 else 1.3), y)
        )
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_bookmark(painter: QPainter, page: QRect, ratio: float, colour: str) -> None:
    """A ribbon at the page's upper right; ``page`` in view pixels."""
    width, height = BOOKMARK_PX[0] * ratio, BOOKMARK_PX[1] * ratio
    x, y = page.right() - width - 20 * ratio, float(page.top())
    ribbon = QPainterPath(QPointF(x, y))
    for corner in ((x + width, y), (x + width, y + height), (x + width / 2, y + height - width / 2), (x, y + height)):
        ribbon.lineTo(QPointF(*corner))
    ribbon.closeSubpath()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(ribbon, QColor(colour))


def paint_loop(painter: QPainter, loop: Iterable[QPointF], to_view: QTransform, colour: str) -> None:
    """The lasso on its way."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([to_view.map(point) for point in loop]))


def paint_frame(painter: QPainter, box: Rect, to_view: QTransform, colour: str) -> None:
    """Around what was caught."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 2, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(to_view.mapRect(rect_of(box)).adjusted(-6, -6, 6, 6), 6, 6)


def mark_at(
    marks: Iterable[Annotation], place: QPointF, to_view: QTransform, ratio: float
) -> TextNote | Highlight | None:
    """The note or highlight under a finger at ``place`` (view pixels); notes lie above, newer ones above older."""
    found: TextNote | Highlight | None = None
    for mark in marks:
        if isinstance(mark, TextNote):
            middle = note_box(mark, to_view, ratio).center() - place
            if abs(middle.x()) <= REACH_PX * ratio and abs(middle.y()) <= REACH_PX * ratio:
                found = mark
        elif (
            isinstance(mark, Highlight)
            and not isinstance(found, TextNote)
            and any(to_view.mapRect(rect_of(rect)).contains(place) for rect in mark.rects)
        ):
            found = mark
    return found


def has_bookmark(marks: Iterable[Annotation]) -> bool:
    """Whether the page is marked."""
    return any(isinstance(mark, Bookmark) for mark in marks)

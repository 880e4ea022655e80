# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others shared, on the page: seen and tapped, never held. Pen, eraser and lasso do not know of it.

Each author has one colour, and notes carry the author's name, so that nobody takes them for one's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTransform

from client.domain.annotation import Annotation, Highlight, InkStroke, TextNote
from client.viewer.view.marks import mark_at, note_box, paint_bands, paint_note
from client.viewer.view.stroke_shape import StrokeShape, paint_shape
from client.viewer.view.style import night_colour

TAG_PX: Final = 13
_PAD: Final = 4.0
_INK: Final = "#FFFFFF"
_PALE: Final = 0.68
"""Share of white in a band."""


@dataclass(frozen=True, slots=True)
class GuestMark:
    """One thing of somebody else's.

    Attributes:
        mark: In its author's colour.
        name: Short, for the tag beside a note.
    """

    mark: Annotation
    name: str


@dataclass
class Guests:
    """By page; replaced as a whole."""

    marks: dict[int, list[GuestMark]] = field(default_factory=dict)
    shapes: dict[int, list[StrokeShape]] = field(default_factory=dict)

    @classmethod
    def of(cls, marks: Iterable[GuestMark]) -> Guests:
        """All there is to show."""
        made = cls()
        for one in marks:
            made.marks.setdefault(one.mark.page, []).append(one)
            if isinstance(one.mark, InkStroke):
                made.shapes.setdefault(one.mark.page, []).append(StrokeShape(one.mark))
        return made

    def paint_under(self, painter: QPainter, page: int, to_view: QTransform, dirty: QRect, *, night: bool) -> None:
        """Bands and ink, below the member's own; ``dirty`` in view pixels."""
        for one in self.marks.get(page, ()):
            if isinstance(one.mark, Highlight):
                line = one.mark.underline
                colour = one.mark.colour if line else band_colour(one.mark.colour)
                paint_bands(painter, one.mark.rects, colour, to_view, night=night, underline=line)
        here = [shape for shape in self.shapes.get(page, ()) if to_view.mapRect(shape.box).intersects(QRectF(dirty))]
        if not here:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(to_view, combine=True)
        for shape in here:
            paint_shape(painter, shape, night_colour(shape.colour) if night else QColor(shape.colour))
        painter.restore()

    def paint_notes(self, painter: QPainter, page: int, to_view: QTransform, ratio: float) -> None:
        """Notes with their authors' names."""
        for one in self.marks.get(page, ()):
            if isinstance(one.mark, TextNote):
                paint_note(painter, one.mark, to_view, ratio)
                _paint_tag(painter, note_box(one.mark, to_view, ratio), one, ratio)

    def at(self, page: int, place: QPointF, to_view: QTransform, ratio: float) -> Annotation | None:
        """The note or highlight under a finger at ``place``, view pixels."""
        return mark_at((one.mark for one in self.marks.get(page, ())), place, to_view, ratio)


def band_colour(colour: str) -> str:
    """An author's colour as a band that words can be read on: authors' colours carry white words, bands black ones."""
    shade = QColor(colour)
    parts = (round(part + (255 - part) * _PALE) for part in (shade.red(), shade.green(), shade.blue()))
    return QColor(*parts).name()


def _paint_tag(painter: QPainter, note: QRectF, one: GuestMark, ratio: float) -> None:
    assert isinstance(one.mark, TextNote)
    face = QFont(painter.font())
    face.setPixelSize(round(TAG_PX * ratio))
    width = QFontMetricsF(face).horizontalAdvance(one.name) + 2 * _PAD * ratio
    tag = QRectF(note.right() + 2 * ratio, note.top(), width, (TAG_PX + 6) * ratio)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(one.mark.colour))
    painter.drawRoundedRect(tag, 3 * ratio, 3 * ratio)
    painter.setFont(face)
    painter.setPen(QColor(_INK))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, one.name)
    painter.restore()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is on the sheet and how it is painted: page pictures, highlights, ink, notes, the pen's wet line.

Decides: the order of the layers and what stands in for a picture that has not come. Refuses: to ask, move or
change anything. Rule: everything is painted for the dirty rectangle only; a pen sample dirties a few pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap, QRegion, QTransform

from client.domain.annotation import Annotation, Highlight, InkStroke, Rect, TextNote
from client.viewer.lasso import Movable, box_of
from client.viewer.tile_cache import TileCache, TileKey, scale_bucket
from client.viewer.tile_schedule import TILE_PX, WHOLE_PIXELS
from client.viewer.view.frame import Frame
from client.viewer.view.guests import Guests
from client.viewer.view.ink_layers import InkLayers, Layer
from client.viewer.view.marks import (
    has_bookmark,
    paint_bands,
    paint_bookmark,
    paint_frame,
    paint_loop,
    paint_note,
    rect_of,
)
from client.viewer.view.still import Still
from client.viewer.view.style import CanvasStyle, CanvasWords
from client.viewer.view.watermark import paint_watermark
from client.viewer.view.wet_ink import WetInk

BOOKMARK_COLOUR: Final = "#B3261E"


@dataclass
class Band:
    """A highlight under the finger, or a found passage."""

    page: int
    rects: tuple[Rect, ...]
    colour: str


@dataclass
class Selection:
    """What the lasso caught on one page; ``offset`` (points) while it is carried elsewhere."""

    page: int
    marks: tuple[Movable, ...]
    offset: QPointF = field(default_factory=QPointF)

    @cached_property
    def box(self) -> Rect:
        """Around them, points."""
        return box_of(self.marks)


@dataclass(frozen=True)
class Ghost:
    """A picture of strokes that are being painted where it shows them, so that they do not go out meanwhile."""

    page: int
    layer: Layer
    offset: QPointF


@dataclass
class Scene:
    """All that is painted.

    Attributes:
        marks: Highlights, notes and bookmarks by page, oldest first.
        hits: Found passages; ``current_hit`` is an index into them or -1.
        smooth: Stretch pictures well; off while fingers zoom.
        failed: Pages that cannot be drawn, with the sentence to show.
        selection: What the lasso caught; ``loop`` is the lasso itself, page and points.
        guests: What others shared.
        held: A picture of the strokes of ``selection``; ``ghost`` stands in until what became of them is painted.
        still: Shown in place of pages until their sharp pictures are here, see ``still``.
    """

    style: CanvasStyle
    words: CanvasWords
    ink: InkLayers
    wet: WetInk
    doc: str = ""
    night: bool = False
    sepia: bool = False
    smooth: bool = True
    pictures: TileCache[QImage] | None = None
    marks: dict[int, list[Annotation]] = field(default_factory=dict)
    hits: list[Band] = field(default_factory=list)
    current_hit: int = -1
    band: Band | None = None
    failed: dict[int, str] = field(default_factory=dict)
    stamp: QPixmap | None = None
    still: Still | None = None
    selection: Selection | None = None
    held: Layer | None = None
    ghost: Ghost | None = None
    loop: tuple[int, tuple[QPointF, ...]] | None = None
    guests: Guests = field(default_factory=Guests)

    def paint(self, painter: QPainter, frame: Frame, dirty: QRect) -> None:
        """Everything within ``dirty``; painter and rectangle in view pixels."""
        self._paint_desk(painter, frame, dirty)
        for page in frame.visible:
            rect = frame.page_rect(page)
            if rect.intersects(dirty):
                painter.save()
                painter.setClipRect(rect & dirty)
                bare = QRegion(rect & dirty)
                if self.still is not None:
                    bare -= QRegion(self.still.paint(painter, frame, page))
                if not bare.isEmpty():
                    painter.setClipRegion(bare)
                    self._paint_page(painter, frame, page, rect, bare.boundingRect())
                painter.restore()
        if self.wet.active and self.wet.image is not None:
            painter.drawImage(dirty, self.wet.image, dirty)

    def take_still(self, frame: Frame) -> Still:
        """What ``frame`` looks like now, as one picture."""
        image = QImage(frame.window.width, frame.window.height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self.paint(painter, frame, image.rect())
        painter.end()
        return Still(image, frame)

    def is_sharp(self, frame: Frame) -> bool:
        """Whether every page in sight has its own picture, or never will have."""
        window = QRect(0, 0, frame.window.width, frame.window.height)
        return all(
            page in self.failed or self._has_picture(frame, page, frame.page_rect(page) & window)
            for page in frame.visible
        )

    def in_sight(self, frame: Frame) -> list[tuple[TileKey, QImage]]:
        """The sharp pictures on screen, those of the page at the middle first."""
        window = QRect(0, 0, frame.window.width, frame.window.height)
        keys: list[TileKey] = []
        for page in sorted(frame.visible, key=lambda page: abs(page - frame.middle_page)):
            rect = frame.page_rect(page)
            shown = rect & window
            if rect.width() * rect.height() <= WHOLE_PIXELS:
                keys.append(self._key(frame, page))
            elif not shown.isEmpty():
                keys += _tiles(self._key(frame, page), shown.translated(-rect.topLeft()))
        found = [] if self.pictures is None else [(key, self.pictures.get(key)) for key in keys]
        return [(key, image) for key, image in found if image is not None]

    def _has_picture(self, frame: Frame, page: int, shown: QRect) -> bool:
        if self.pictures is None:
            return False
        whole, rect = self._key(frame, page), frame.page_rect(page)
        if rect.width() * rect.height() <= WHOLE_PIXELS:
            return whole in self.pictures
        return all(key in self.pictures for key in _tiles(whole, shown.translated(-rect.topLeft())))

    def _key(self, frame: Frame, page: int) -> TileKey:
        return TileKey(self.doc, page, scale_bucket(frame.scale), frame.layout.rotation, self.night, sepia=self.sepia)

    def _paint_desk(self, painter: QPainter, frame: Frame, dirty: QRect) -> None:
        """What no page covers; painting under pages would cost as much as the pages."""
        bare = QRegion(dirty)
        for page in frame.visible:
            bare -= QRegion(frame.page_rect(page))
        if not bare.isEmpty():
            painter.save()
            painter.setClipRegion(bare)
            painter.fillRect(dirty, QColor(self.style.desk))
            painter.restore()

    def _paint_page(self, painter: QPainter, frame: Frame, page: int, rect: QRect, dirty: QRect) -> None:
        self._paint_picture(painter, frame, page, rect, dirty)
        to_view = frame.to_view(page)
        marks = self.marks.get(page, ())
        self.guests.paint_under(painter, page, to_view, dirty, night=self.night)
        self._paint_bands(painter, page, to_view)
        layer = self.ink.layer(page, frame.look(page, night=self.night))
        if layer is not None:
            _paint_layer(painter, layer, rect, dirty)
        if self.ghost is not None and self.ghost.page == page:
            _paint_carried(painter, self.ghost.layer, to_view, self.ghost.offset, dirty)
        self.guests.paint_notes(painter, page, to_view, frame.ratio)
        for mark in marks:
            if isinstance(mark, TextNote):
                paint_note(painter, mark, to_view, frame.ratio)
        self._paint_lasso(painter, frame, page, dirty)
        if has_bookmark(marks):
            paint_bookmark(painter, rect, frame.ratio, BOOKMARK_COLOUR)
        if self.stamp is not None:
            paint_watermark(painter, self.stamp, rect, dirty)

    def _paint_bands(self, painter: QPainter, page: int, to_view: QTransform) -> None:
        for mark in self.marks.get(page, ()):
            if isinstance(mark, Highlight):
                paint_bands(painter, mark.rects, mark.colour, to_view, night=self.night, underline=mark.underline)
        for index, hit in enumerate(self.hits):
            if hit.page == page:
                colour = self.style.current_hit if index == self.current_hit else self.style.hit
                paint_bands(painter, hit.rects, colour, to_view, night=self.night)
        if self.band is not None and self.band.page == page:
            paint_bands(painter, self.band.rects, self.band.colour, to_view, night=self.night)

    def _paint_lasso(self, painter: QPainter, frame: Frame, page: int, dirty: QRect) -> None:
        to_view = frame.to_view(page)
        if self.loop is not None and self.loop[0] == page:
            paint_loop(painter, self.loop[1], to_view, self.style.accent)
        chosen = self.selection
        if chosen is None or chosen.page != page:
            return
        placed = QTransform.fromTranslate(chosen.offset.x(), chosen.offset.y()) * to_view
        if not chosen.offset.isNull():
            held = self.hold(frame)
            if held is not None:
                _paint_carried(painter, held, to_view, chosen.offset, dirty)
        paint_frame(painter, chosen.box, placed, self.style.accent)

    def hold(self, frame: Frame) -> Layer | None:
        """Have a picture of what the lasso caught made, before it is carried; nothing if it is there."""
        chosen = self.selection
        if chosen is None:
            self.held = None
        elif self.held is None or not self.held.look.looks_like(frame.look(chosen.page, night=self.night)):
            strokes = [mark for mark in chosen.marks if isinstance(mark, InkStroke)]
            self.held = self.ink.hold(frame.look(chosen.page, night=self.night), strokes, rect_of(chosen.box))
        return self.held

    # pictures

    def _paint_picture(self, painter: QPainter, frame: Frame, page: int, rect: QRect, dirty: QRect) -> None:
        if self.pictures is None:
            return
        whole = self._key(frame, page)
        if rect.width() * rect.height() <= WHOLE_PIXELS:
            found = self.pictures.get(whole)
            if found is not None and found.width() == rect.width() and found.height() == rect.height():
                painter.drawImage(dirty, found, dirty.translated(-rect.topLeft()))
                return
        elif self._paint_tiles(painter, whole, rect, dirty):
            return
        self._paint_stand_in(painter, frame, page, rect, dirty)
        if rect.width() * rect.height() > WHOLE_PIXELS:
            self._paint_tiles(painter, whole, rect, dirty)

    def _paint_tiles(self, painter: QPainter, whole: TileKey, rect: QRect, dirty: QRect) -> bool:
        """The tiles that are here; whether that is all of them."""
        assert self.pictures is not None
        complete = True
        for key in _tiles(whole, dirty.translated(-rect.topLeft())):
            found = self.pictures.get(key)
            if found is None:
                complete = False
            else:
                painter.drawImage(rect.topLeft() + QPoint(key.column * TILE_PX, key.row * TILE_PX), found)
        return complete

    def _paint_stand_in(self, painter: QPainter, frame: Frame, page: int, rect: QRect, dirty: QRect) -> None:
        assert self.pictures is not None
        key = self.pictures.stand_in(self._key(frame, page))
        found = None if key is None else self.pictures.get(key)
        if found is None:
            painter.fillRect(dirty, QColor(self._paper()))
            self._paint_words(painter, frame, page, rect)
            return
        stretch_x, stretch_y = found.width() / rect.width(), found.height() / rect.height()
        part = QRectF(dirty.translated(-rect.topLeft()))
        source = QRectF(part.x() * stretch_x, part.y() * stretch_y, part.width() * stretch_x, part.height() * stretch_y)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        painter.drawImage(QRectF(dirty), found, source)

    def _paper(self) -> str:
        if self.night:
            return self.style.night_paper
        return self.style.sepia_paper if self.sepia else self.style.paper

    def _paint_words(self, painter: QPainter, frame: Frame, page: int, rect: QRect) -> None:
        """The page number, or why there is no picture."""
        failed = self.failed.get(page)
        text = failed or self.words.page(page + 1, len(frame.layout))
        font = QFont(self.style.family)
        font.setPixelSize(round(self.style.text_px * frame.ratio))
        painter.setFont(font)
        painter.setPen(QColor(self.style.night_words if self.night else self.style.words))
        window = QRect(0, 0, frame.window.width, frame.window.height)
        room = (rect & window).adjusted(16, 16, -16, -16)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)


def _tiles(whole: TileKey, part: QRect) -> Iterator[TileKey]:
    """Tiles of a page that ``part`` (page pixels) touches."""
    for row in range(part.top() // TILE_PX, part.bottom() // TILE_PX + 1):
        for column in range(part.left() // TILE_PX, part.right() // TILE_PX + 1):
            yield whole._replace(column=column, row=row)


def _paint_layer(painter: QPainter, layer: Layer, rect: QRect, dirty: QRect) -> None:
    shown = layer
    if layer.waiting is not None and layer.behind is not None:
        shown = layer.behind  # stretched, until the new one is whole
    if shown is layer:
        part = dirty.translated(-rect.topLeft()) & layer.ink
        if not part.isEmpty():
            painter.drawImage(part.translated(rect.topLeft()), layer.image, part.translated(-layer.area.topLeft()))
        return
    factor_x = rect.width() / max(1, shown.look.size.width())
    factor_y = rect.height() / max(1, shown.look.size.height())
    area = QRectF(
        rect.x() + shown.area.x() * factor_x,
        rect.y() + shown.area.y() * factor_y,
        shown.area.width() * factor_x,
        shown.area.height() * factor_y,
    )
    painter.drawImage(area, shown.image)


def _paint_carried(painter: QPainter, layer: Layer, to_view: QTransform, offset: QPointF, dirty: QRect) -> None:
    """A picture of strokes, moved by points; stretched if it was made at another scale."""
    inverse, _ = layer.look.transform.inverted()
    place = to_view.mapRect(inverse.mapRect(QRectF(layer.area)).translated(offset))
    if place.size().toSize() == layer.area.size():
        corner = place.topLeft().toPoint()
        part = QRect(corner, layer.area.size()) & dirty
        painter.drawImage(part.topLeft(), layer.image, part.translated(-corner))
    else:
        painter.drawImage(place, layer.image)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finished strokes as one transparent picture a page, painted once and kept.

Decides: when a layer is painted anew (another scale, another part of a huge page) and in what slices, so that
a thousand strokes never hold the GUI thread up. Refuses: layers larger than ``LAYER_PIXELS``; of a larger page
only the part near the view is kept. Rules: a new stroke is painted onto the layer; erased ones cost a repaint
of their box; while a layer is being painted anew the old one is shown, stretched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from client.clock import Clock
from client.domain.annotation import InkStroke
from client.domain.ids import AnnotationId
from client.viewer.ink import crosses
from client.viewer.view.stroke_shape import StrokeShape, paint_shape

LAYER_PIXELS: Final = 8_000_000
AROUND_PX: Final = 256
"""How far beyond the view a part of a huge page reaches."""
KEPT_LAYERS: Final = 5
SLICE_S: Final = 0.004
BAND_PT: Final = 24.0
"""Height of the bands by which strokes near a place are found."""

Bands = dict[int, dict[AnnotationId, InkStroke]]


@dataclass(frozen=True)
class PageLook:
    """How a page is shown now.

    Attributes:
        transform: Page points to page pixels.
        size: The page in pixels.
        shown: The part of it in the view, page pixels.
    """

    transform: QTransform
    size: QRect
    shown: QRect
    night: bool

    def looks_like(self, other: PageLook) -> bool:
        """Whether a layer painted for one can be shown for the other without stretching."""
        return self.transform == other.transform and self.night == other.night


@dataclass
class Layer:
    """One page's ink: ``image`` covers ``area`` (page pixels) of ``look``."""

    look: PageLook
    area: QRect
    image: QImage
    ink: QRect = field(default_factory=QRect)
    waiting: Iterator[InkStroke] | None = None
    behind: Layer | None = None


class InkLayers:
    """All strokes of the open paper and the layers of the pages looked at.

    Attributes:
        colour_of: See the arguments.

    Args:
        clock: Measures the slices.
        colour_of: Colour of a stroke and whether the page is dark, to what is painted.
    """

    def __init__(self, clock: Clock, colour_of: Callable[[str, bool], QColor]) -> None:
        self._clock = clock
        self.colour_of = colour_of
        self._strokes: dict[int, dict[AnnotationId, InkStroke]] = {}
        self._shapes: dict[AnnotationId, StrokeShape] = {}
        self._layers: dict[int, Layer] = {}
        self._bands: dict[int, Bands] = {}

    @property
    def busy(self) -> bool:
        """Whether :meth:`work` has something to do."""
        return any(layer.waiting is not None for layer in self._layers.values())

    def set_all(self, strokes: Iterable[InkStroke]) -> None:
        """Another paper, or all of it read anew."""
        self._strokes.clear()
        self._shapes.clear()
        self._layers.clear()
        self._bands.clear()
        for stroke in strokes:
            self._strokes.setdefault(stroke.page, {})[stroke.id] = stroke

    def strokes(self, page: int) -> dict[AnnotationId, InkStroke]:
        """Strokes of a page, oldest first."""
        return self._strokes.get(page, {})

    def near(self, page: int, box: QRectF) -> Iterator[InkStroke]:
        """Strokes of a page whose box meets ``box`` (page points), in no order; thousands cost what is near."""
        bands = self._bands.get(page)
        if bands is None:
            bands = self._bands[page] = {}
            for stroke in self.strokes(page).values():
                self._enter(stroke, bands)
        found: dict[AnnotationId, InkStroke] = {}
        for band in range(math.floor(box.top() / BAND_PT), math.floor(box.bottom() / BAND_PT) + 1):
            found.update(bands.get(band, {}))
        for stroke in found.values():
            if self.shape(stroke).box.intersects(box):
                yield stroke

    def _enter(self, stroke: InkStroke, bands: Bands) -> None:
        box = self.shape(stroke).box
        for band in range(math.floor(box.top() / BAND_PT), math.floor(box.bottom() / BAND_PT) + 1):
            bands.setdefault(band, {})[stroke.id] = stroke

    def stroke_at(self, page: int, at: QPointF, reach: float) -> InkStroke | None:
        """The newest stroke within ``reach`` points of a place."""
        around = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        place = (at.x(), at.y())
        hit = [one for one in self.near(page, around) if crosses(self.shape(one).pieces, place, place, reach)]
        return max(hit, key=lambda one: (one.made, one.id), default=None)

    def shape(self, stroke: InkStroke) -> StrokeShape:
        """The stroke as paths."""
        found = self._shapes.get(stroke.id)
        if found is None:
            found = self._shapes[stroke.id] = StrokeShape(stroke)
        return found

    def add(self, stroke: InkStroke) -> QRect:
        """One more stroke; returns what to repaint, page pixels, if the page has a layer."""
        self._strokes.setdefault(stroke.page, {})[stroke.id] = stroke
        if stroke.page in self._bands:
            self._enter(stroke, self._bands[stroke.page])
        layer = self._layers.get(stroke.page)
        if layer is None:
            return QRect()
        painter = self._painter(layer)  # a layer still being painted has its own list and will not paint it twice
        self._stroke(layer, painter, stroke)
        painter.end()
        return layer.look.transform.mapRect(self.shape(stroke).box).toAlignedRect() & layer.area

    def remove(self, page: int, ids: Collection[AnnotationId]) -> QRect:
        """Strokes are gone; returns what to repaint, page pixels."""
        strokes = self._strokes.get(page, {})
        layer = self._layers.get(page)
        dirty = QRect()
        for gone in [strokes.pop(name) for name in ids if name in strokes]:
            for band in self._bands.get(page, {}).values():
                band.pop(gone.id, None)
            if layer is not None:
                dirty = dirty.united(layer.look.transform.mapRect(self.shape(gone).box).toAlignedRect())
            self._shapes.pop(gone.id, None)
        if layer is None or dirty.isEmpty():
            return QRect()
        if layer.waiting is not None:
            self._restart(layer, page)
            return layer.area
        dirty = dirty.adjusted(-1, -1, 1, 1) & layer.area
        self._repaint(layer, page, dirty)
        return dirty

    def layer(self, page: int, look: PageLook) -> Layer | None:
        """The page's layer for ``look``, begun if need be; None for a page without ink."""
        if not self._strokes.get(page):
            self._layers.pop(page, None)
            return None
        found = self._layers.pop(page, None)
        if found is None or not found.look.looks_like(look) or not found.area.contains(look.shown):
            found = self._begin(page, look, found)
        self._layers[page] = found  # newest last
        while len(self._layers) > KEPT_LAYERS:
            self._layers.pop(next(iter(self._layers)))
        return found

    def work(self, budget_s: float = SLICE_S) -> list[int]:
        """Paint for at most about ``budget_s`` seconds; returns pages whose layer became whole."""
        end = self._clock.monotonic() + budget_s
        finished = []
        for page, layer in reversed(list(self._layers.items())):
            if layer.waiting is not None and self._continue(layer, end):
                finished.append(page)
            if self._clock.monotonic() >= end:
                break
        return finished

    def forget_layers(self) -> None:
        """Paint everything anew, for example in other colours."""
        self._layers.clear()

    def _begin(self, page: int, look: PageLook, before: Layer | None) -> Layer:
        area = look.size
        if area.width() * area.height() > LAYER_PIXELS:
            area = look.shown.adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX) & look.size
        image = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        if before is not None and before.waiting is not None:
            before = before.behind
        if before is not None:
            before.behind = None
        layer = Layer(look, area, image, waiting=iter(list(self._strokes[page].values())), behind=before)
        self._continue(layer, self._clock.monotonic() + SLICE_S / 2)
        return layer

    def _restart(self, layer: Layer, page: int) -> None:
        layer.image.fill(Qt.GlobalColor.transparent)
        layer.ink = QRect()
        layer.waiting = iter(list(self._strokes[page].values()))

    def _continue(self, layer: Layer, end: float) -> bool:
        assert layer.waiting is not None
        painter = self._painter(layer)
        for stroke in layer.waiting:
            self._stroke(layer, painter, stroke)
            if self._clock.monotonic() >= end:
                break
        else:
            layer.waiting = layer.behind = None
        painter.end()
        return layer.waiting is None

    def _repaint(self, layer: Layer, page: int, dirty: QRect) -> None:
        painter = QPainter(layer.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(dirty.translated(-layer.area.topLeft()), Qt.GlobalColor.transparent)
        painter.end()
        painter = self._painter(layer)
        inverse, _ = layer.look.transform.inverted()
        hole = inverse.mapRect(QRectF(dirty))
        painter.setClipRect(hole)
        for stroke in sorted(self.near(page, hole), key=lambda one: (one.made, one.id)):
            self._stroke(layer, painter, stroke)
        painter.end()

    def _painter(self, layer: Layer) -> QPainter:
        painter = QPainter(layer.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moved = layer.look.transform * QTransform.fromTranslate(-layer.area.x(), -layer.area.y())
        painter.setTransform(moved)
        return painter

    def _stroke(self, layer: Layer, painter: QPainter, stroke: InkStroke) -> None:
        shape = self.shape(stroke)
        paint_shape(painter, shape, self.colour_of(shape.colour, layer.look.night))
        box = layer.look.transform.mapRect(shape.box).toAlignedRect().adjusted(-1, -1, 1, 1)
        layer.ink = layer.ink.united(box & layer.area)

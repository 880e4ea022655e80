# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finished strokes as one transparent picture a page, painted once and kept.

Decides: when a layer is painted anew (another scale, another part of a huge page) and in what slices, so that
a thousand strokes never hold the GUI thread up. Refuses: layers larger than ``LAYER_PIXELS``; of a larger page
only the part near the view is kept. Rules: a new stroke is painted onto the layer; where strokes were erased the
layer is mended patch by patch, and what a slice does not reach keeps its look until the next; while a layer is being
painted anew the old one is shown, stretched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion, QTransform

from client.clock import Clock
from client.domain.annotation import InkStroke
from client.domain.ids import AnnotationId
from client.viewer.view.ink_index import InkIndex
from client.viewer.view.stroke_shape import StrokeShape, paint_shape

LAYER_PIXELS: Final = 8_000_000
AROUND_PX: Final = 256
"""How far beyond the view a part of a huge page reaches."""
KEPT_LAYERS: Final = 5
SLICE_S: Final = 0.004
PATCHES: Final = 8
"""Mended together: strokes that touch several of them are drawn once."""


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
    """One page's ink: ``image`` covers ``area`` (page pixels) of ``look``.

    Attributes:
        ink: Where there may be any.
        waiting: Strokes that are still to be painted before the layer can be shown; ``behind`` is shown until then.
        holes: Patches (page points) where something was erased and still shows; ``gone``: strokes that are yet to be
            cut into such patches.
        fresh: Strokes that came many at once and are not painted yet.
    """

    look: PageLook
    area: QRect
    image: QImage
    ink: QRect = field(default_factory=QRect)
    waiting: Iterator[InkStroke] | None = None
    behind: Layer | None = None
    holes: list[QRectF] = field(default_factory=list)
    gone: list[StrokeShape] = field(default_factory=list)
    fresh: dict[AnnotationId, InkStroke] = field(default_factory=dict)

    @property
    def busy(self) -> bool:
        """Whether it does not yet show what it should."""
        return self.waiting is not None or bool(self.holes or self.gone or self.fresh)

    def pixels(self, box: QRectF) -> QRect:
        """Page points to pixels of this layer that may be touched, page pixels."""
        return self.look.transform.mapRect(box).toAlignedRect().adjusted(-1, -1, 1, 1) & self.area


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
        self._held: Layer | None = None
        self._indexes: dict[int, InkIndex] = {}

    @property
    def busy(self) -> bool:
        """Whether :meth:`work` has something to do."""
        return any(layer.busy for layer in self._layers.values()) or (self._held is not None and self._held.busy)

    def busy_on(self, page: int) -> bool:
        """Whether a page's layer does not yet show what it should."""
        layer = self._layers.get(page)
        return layer is not None and layer.busy

    def set_all(self, strokes: Iterable[InkStroke]) -> None:
        """Another paper, or all of it read anew."""
        self._strokes.clear()
        self._shapes.clear()
        self._layers.clear()
        self._indexes.clear()
        self._held = None
        for stroke in strokes:
            self._strokes.setdefault(stroke.page, {})[stroke.id] = stroke

    def strokes(self, page: int) -> dict[AnnotationId, InkStroke]:
        """Strokes of a page, oldest first."""
        return self._strokes.get(page, {})

    def near(self, page: int, box: QRectF) -> list[InkStroke]:
        """Strokes of a page that may touch ``box`` (page points), oldest first; thousands cost what is near."""
        index, strokes = self._index(page), self.strokes(page)
        if len(index) < len(strokes):
            for stroke in strokes.values():
                self._enter(index, stroke)
        return index.near(box)

    def _index(self, page: int) -> InkIndex:
        return self._indexes.setdefault(page, InkIndex())

    def _enter(self, index: InkIndex, stroke: InkStroke) -> None:
        if stroke.id not in index:
            index.enter(stroke, self.shape(stroke).patches())

    def crossed(self, page: int, start: QPointF, end: QPointF, radius: float) -> list[InkStroke]:
        """Strokes that an eraser of ``radius`` points touches on its straight way, oldest first."""
        sweep = QRectF(start, end).normalized().adjusted(-radius, -radius, radius, radius)
        return [one for one in self.near(page, sweep) if self.shape(one).crossed(start, end, radius)]

    def stroke_at(self, page: int, at: QPointF, reach: float) -> InkStroke | None:
        """The newest stroke within ``reach`` points of a place."""
        return next(reversed(self.crossed(page, at, at, reach)), None)

    def shape(self, stroke: InkStroke) -> StrokeShape:
        """The stroke as paths."""
        found = self._shapes.get(stroke.id)
        if found is None:
            found = self._shapes[stroke.id] = StrokeShape(stroke)
        return found

    # -- strokes come and go -----------------------------------------------------------------------------

    def add(self, *strokes: InkStroke) -> QRect:
        """More strokes of one page; returns what to repaint now, page pixels, if the page has a layer.

        The first is painted at once, and as many as a slice has time for; the rest by :meth:`work`.
        """
        page = strokes[0].page
        layer = self._layers.get(page)
        for stroke in strokes:
            self._strokes.setdefault(page, {})[stroke.id] = stroke
            if layer is not None:
                layer.fresh[stroke.id] = stroke
        return QRect() if layer is None else self._lay(layer, self._clock.monotonic() + SLICE_S)

    def remove(self, page: int, ids: Collection[AnnotationId]) -> QRect:
        """Strokes are gone; returns what to repaint now, page pixels; what a slice does not reach goes by ``work``."""
        strokes, layer = self._strokes.get(page, {}), self._layers.get(page)
        for gone in [strokes.pop(name) for name in ids if name in strokes]:
            self._index(page).leave(gone.id)
            shape = self._shapes.pop(gone.id, None)
            if layer is not None and layer.fresh.pop(gone.id, None) is None and shape is not None:
                layer.gone.append(shape)
        if layer is None:
            return QRect()
        if not strokes:  # there will be no layer any more
            del self._layers[page]
            return QRect(layer.look.size)
        if layer.waiting is not None:
            return QRect()
        return self._mend(layer, page, self._clock.monotonic() + SLICE_S)

    # -- layers ------------------------------------------------------------------------------------------

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

    def hold(self, look: PageLook, strokes: Collection[InkStroke], box: QRectF) -> Layer | None:
        """A picture of these strokes alone (within ``box``), to be carried about; painted in slices, shown as it is."""
        area = look.transform.mapRect(box).toAlignedRect().adjusted(-2, -2, 2, 2)
        if area.width() * area.height() > LAYER_PIXELS:
            area &= look.shown
        self._held = None if area.isEmpty() else Layer(look, area, _clear(area), waiting=iter(strokes))
        return self._held

    def work(self, budget_s: float = SLICE_S) -> list[tuple[int, QRect]]:
        """Paint for at most about ``budget_s`` seconds; returns what changed: pages and page pixels."""
        end = self._clock.monotonic() + budget_s
        changed: list[tuple[int, QRect]] = []
        for page, layer in reversed(list(self._layers.items())):
            if layer.waiting is not None:
                dirty = QRect(layer.look.size) if self._continue(layer, page, end) else QRect()
            elif layer.holes or layer.gone:
                dirty = self._mend(layer, page, end)
            else:
                dirty = self._lay(layer, end) if layer.fresh else QRect()
            if not dirty.isEmpty():
                changed.append((page, dirty))
            if self._clock.monotonic() >= end:
                return changed
        if self._held is not None and self._held.waiting is not None:
            self._continue(self._held, None, end)
        return changed

    def forget_layers(self) -> None:
        """Paint everything anew, for example in other colours."""
        self._layers.clear()

    def _begin(self, page: int, look: PageLook, before: Layer | None) -> Layer:
        area = look.size
        if area.width() * area.height() > LAYER_PIXELS:
            area = look.shown.adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX) & look.size
        if before is not None and before.waiting is not None:
            before = before.behind
        if before is not None:
            before.behind = None
        layer = Layer(look, area, _clear(area), waiting=iter(list(self._strokes[page].values())), behind=before)
        self._continue(layer, page, self._clock.monotonic() + SLICE_S / 2)
        return layer

    def _continue(self, layer: Layer, page: int | None, end: float) -> bool:
        """Paint what is waiting; whether that was all. ``page`` is None for what is carried about."""
        assert layer.waiting is not None
        painter = self._painter(layer)
        for stroke in layer.waiting:
            if page is not None and stroke.id not in self.strokes(page):
                continue  # erased since
            self._stroke(layer, painter, stroke)
            if page is not None:
                self._enter(self._index(page), stroke)  # so that the eraser need not wait for the index either
            if self._clock.monotonic() >= end:
                break
        else:
            layer.waiting = layer.behind = None
        painter.end()
        return layer.waiting is None

    def _lay(self, layer: Layer, end: float) -> QRect:
        """Paint fresh strokes on top; returns where."""
        painter, dirty = self._painter(layer), QRect()
        for stroke in list(layer.fresh.values()):
            del layer.fresh[stroke.id]
            self._enter(self._index(stroke.page), stroke)
            dirty = dirty.united(self._stroke(layer, painter, stroke))
            if layer.behind is not None:  # this is what is shown for a while
                old = self._painter(layer.behind)
                self._stroke(layer.behind, old, stroke)
                old.end()
            if self._clock.monotonic() >= end:
                break
        painter.end()
        return dirty

    def _mend(self, layer: Layer, page: int, end: float) -> QRect:
        """Close holes, the newest first; returns where."""
        dirty = QRect()
        while layer.holes or layer.gone:
            while layer.gone and len(layer.holes) < PATCHES:
                layer.holes += (box for box in layer.gone.pop().patches() if not layer.pixels(box).isEmpty())
            batch = layer.holes[-PATCHES:]
            del layer.holes[-PATCHES:]
            dirty = dirty.united(self._repaint(layer, page, batch))
            if self._clock.monotonic() >= end:
                break
        return dirty

    def _repaint(self, layer: Layer, page: int, boxes: Iterable[QRectF]) -> QRect:
        parts = [layer.pixels(box) for box in boxes]
        if not parts:
            return QRect()
        region = reduce(QRegion.united, parts, QRegion())
        painter = QPainter(layer.image)
        painter.translate(-layer.area.topLeft())
        painter.setClipRegion(region)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(region.boundingRect(), Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(layer.look.transform, combine=True)
        inverse, _ = layer.look.transform.inverted()
        holes = [inverse.mapRect(QRectF(part)) for part in parts]
        around = reduce(QRectF.united, holes)
        for stroke in self._index(page).near(around):  # without fresh ones, which are painted later
            shape = self.shape(stroke)
            touched = [hole for hole in holes if hole.intersects(shape.box)]
            if touched:
                paint_shape(painter, shape, self.colour_of(shape.colour, layer.look.night), touched)
        painter.end()
        return region.boundingRect()

    def _painter(self, layer: Layer) -> QPainter:
        painter = QPainter(layer.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moved = layer.look.transform * QTransform.fromTranslate(-layer.area.x(), -layer.area.y())
        painter.setTransform(moved)
        return painter

    def _stroke(self, layer: Layer, painter: QPainter, stroke: InkStroke) -> QRect:
        shape = self.shape(stroke)
        paint_shape(painter, shape, self.colour_of(shape.colour, layer.look.night))
        box = layer.pixels(shape.box)
        layer.ink = layer.ink.united(box)
        return box


def _clear(area: QRect) -> QImage:
    image = QImage(area.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image

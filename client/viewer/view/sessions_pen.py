# SPDX-License-Identifier: AGPL-3.0-or-later
"""More of what a pointer can be for, see ``sessions``: shapes, the lasso, carrying what it caught, choosing text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPolygonF

from client.domain.annotation import Annotation
from client.viewer.ink import InkPoint
from client.viewer.lasso import Movable, caught
from client.viewer.shapes import outline
from client.viewer.view.marks import rect_of
from client.viewer.view.outcomes import Carried, Caught, Highlighted, Outcome, Tapped, TextChosen, Written
from client.viewer.view.scene import Selection
from client.viewer.view.sessions import Highlighting, Surface, is_tap
from client.viewer.view.style import PenStyle

CHOSEN: Final = "#9CC4E8"
"""Colour of chosen text."""
LINE_PX: Final = 4
"""What the lasso's line may touch beside its way; ``FRAME_PX``: the frame beside what was caught."""
FRAME_PX: Final = 10
TOUCH_PX: Final = 12
"""How near a stroke a tap with the lasso means it, device-independent pixels."""


class Shaping:
    """A rectangle, an ellipse or a straight line from where the pen came down to where it is."""

    def __init__(self, surface: Surface, pen: PenStyle, view: QPointF) -> None:
        self._surface, self._pen = surface, pen
        self._shape = pen.shape
        self._first = view
        frame = surface.frame()
        self._page = frame.place_at(view).page
        at = frame.on_page(self._page, view)
        self._start = (at.x(), at.y())

    def _outline(self, view: QPointF) -> tuple[InkPoint, ...]:
        at = self._surface.frame().on_page(self._page, view)
        return outline(self._shape, self._start, (at.x(), at.y()))

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Show the shape as it would be."""
        scene, frame = self._surface.scene, self._surface.frame()
        self._surface.dirty(scene.wet.wipe())
        scene.wet.prepare(QSize(frame.window.width, frame.window.height))
        colour = scene.ink.colour_of(self._pen.colour, scene.night)
        scene.wet.begin(colour, self._pen.width, frame.to_view(self._page), frame.page_rect(self._page))
        self._surface.dirty(scene.wet.lay(self._outline(view)))
        return None

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """The shape as an ordinary stroke; a tap leaves nothing."""
        self.cancel()
        if is_tap(self._surface, self._first, view):
            return Tapped(self._surface.frame().place_at(view), view)
        return Written(self._page, self._outline(view), self._pen)

    def cancel(self) -> None:
        """Wipe it."""
        self._surface.dirty(self._surface.scene.wet.wipe())


class Lassoing:
    """A loop around marks; a tap catches what lies under it."""

    def __init__(self, surface: Surface, view: QPointF) -> None:
        self._surface = surface
        self._first = view
        self._page = surface.frame().place_at(view).page
        self._loop: list[QPointF] = []
        self.move(view, 1.0, 0)

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Show the loop so far."""
        frame, scene = self._surface.frame(), self._surface.scene
        self._loop.append(frame.on_page(self._page, view))
        scene.loop = (self._page, tuple(self._loop))
        to_view = frame.to_view(self._page)
        newest = QRectF(*(to_view.map(at) for at in (self._loop[-2:][0], self._loop[-1]))).normalized()
        self._surface.dirty(newest.toAlignedRect().adjusted(-LINE_PX, -LINE_PX, LINE_PX, LINE_PX))
        return None

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """What it caught."""
        self.move(view, 1.0, dt_ms)
        loop = [(at.x(), at.y()) for at in self._loop]
        self.cancel()
        if is_tap(self._surface, self._first, view):
            return Caught(self._page, self._under(view))
        scene = self._surface.scene
        box = QPolygonF(self._loop).boundingRect()
        every: list[Annotation] = [*scene.ink.near(self._page, box), *scene.marks.get(self._page, ())]
        return Caught(self._page, caught(every, loop))

    def _under(self, view: QPointF) -> tuple[Movable, ...]:
        scene, frame = self._surface.scene, self._surface.frame()
        found = scene.ink.stroke_at(self._page, frame.on_page(self._page, view), TOUCH_PX * frame.ratio / frame.scale)
        return () if found is None else (found,)

    def cancel(self) -> None:
        """Show no loop."""
        self._surface.scene.loop = None
        self._surface.dirty(self._surface.frame().page_rect(self._page))


class Carrying:
    """What the lasso caught follows the pointer."""

    def __init__(self, surface: Surface, selection: Selection, view: QPointF) -> None:
        self._surface, self._selection = surface, selection
        self._first = view

    def _way(self, view: QPointF) -> QPointF:
        frame = self._surface.frame()
        page = self._selection.page
        return frame.on_page(page, view) - frame.on_page(page, self._first)

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Show it where it would be put."""
        self._dirty()
        self._selection.offset = self._way(view)
        self._dirty()
        return None

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Put it there; a tap leaves it."""
        way = self._way(view)
        self.cancel()
        return None if is_tap(self._surface, self._first, view) else Carried(way.x(), way.y())

    def cancel(self) -> None:
        """Back where it was."""
        self._dirty()
        self._selection.offset = QPointF()
        self._dirty()

    def _dirty(self) -> None:
        """What is carried, and its frame, where it is now."""
        box = rect_of(self._selection.box).translated(self._selection.offset)
        shown = self._surface.frame().to_view(self._selection.page).mapRect(box)
        self._surface.dirty(shown.toAlignedRect().adjusted(-FRAME_PX, -FRAME_PX, FRAME_PX, FRAME_PX))


class Choosing(Highlighting):
    """Text under the pointer, to copy or to mark; a tap is no choice."""

    def __init__(self, surface: Surface, view: QPointF) -> None:
        super().__init__(surface, CHOSEN, view)

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """The text stays shown as chosen until something is done with it; without text there is nothing to choose."""
        self.move(view, 1.0, dt_ms)
        done = super().finish(view, dt_ms)
        if not isinstance(done, Highlighted) or done.passage.quote is None:
            return done if isinstance(done, Tapped) else None
        self._show(done.passage)
        return TextChosen(done.page, done.passage)

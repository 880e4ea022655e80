# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens between a pointer's coming down and its being lifted: one small object per intent.

Decides: what each movement changes on the sheet, and what the whole of it amounts to. Refuses: to store; a
finished session is an ``Outcome`` that the canvas hands on. Rule: a stroke belongs to the page it began on.
"""

from __future__ import annotations

from functools import reduce
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from client.domain.annotation import Annotation, Highlight, InkStroke
from client.viewer.highlight import Passage, passage
from client.viewer.messages import Word
from client.viewer.view.frame import Frame
from client.viewer.view.marks import rect_of
from client.viewer.view.outcomes import Erased, Highlighted, Outcome, Tapped, Written
from client.viewer.view.scene import Band, Scene
from client.viewer.view.style import PenStyle, night_colour

ERASER_PX: Final = 9.0
"""Half the eraser's width, device-independent pixels."""
TAP_PX: Final = 10.0
"""A pointer that moves less was a tap."""


class Surface(Protocol):
    """What sessions need of the canvas."""

    @property
    def scene(self) -> Scene:
        """What is painted."""
        ...

    def frame(self) -> Frame:
        """What the view shows."""
        ...

    def dirty(self, rect: QRect) -> None:
        """Repaint view pixels."""
        ...

    def words_of(self, page: int) -> tuple[Word, ...] | None:
        """Words of a page; None while they are on their way."""
        ...

    def give_way(self, *, on: bool) -> None:
        """While ink is wet nothing is drawn ahead of need."""
        ...

    def pan(self, dx: float, dy: float) -> None:
        """Move the window by view pixels."""
        ...


def is_tap(surface: Surface, first: QPointF, view: QPointF) -> bool:
    """Whether a pointer that came down at ``first`` and is at ``view`` has not moved to speak of."""
    return (view - first).manhattanLength() < TAP_PX * surface.frame().ratio


class Session(Protocol):
    """One pointer from down to up; positions in view pixels, pressure 0..1, milliseconds since the last."""

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:
        """It moved; an outcome ends this part and the session goes on."""
        ...

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """It was lifted."""
        ...

    def cancel(self) -> None:
        """It never was."""
        ...


class Writing:
    """The pen leaves ink."""

    def __init__(self, surface: Surface, pen: PenStyle, view: QPointF, pressure: float) -> None:
        self._surface = surface
        self._pen = pen
        self._page = surface.frame().place_at(view).page
        surface.give_way(on=True)
        self._begin()
        self.move(view, pressure, 0)

    def _begin(self) -> None:
        frame = self._surface.frame()
        scene = self._surface.scene
        scene.wet.prepare(QSize(frame.window.width, frame.window.height))
        colour = scene.ink.colour_of(self._pen.colour, scene.night)
        scene.wet.begin(colour, self._pen.width, frame.to_view(self._page), frame.page_rect(self._page))

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:
        """More ink; a stroke at its limit of points is handed on and a new one begins there."""
        at = self._surface.frame().on_page(self._page, view)
        wet = self._surface.scene.wet
        self._surface.dirty(wet.add(at.x(), at.y(), pressure, dt_ms))
        if not wet.full:
            return None
        done = self._take()
        self._begin()
        wet.add(at.x(), at.y(), pressure, 0)
        return done

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """The stroke as it was written."""
        at = self._surface.frame().on_page(self._page, view)
        self._surface.scene.wet.end(at.x(), at.y(), dt_ms)
        self._surface.give_way(on=False)
        return self._take()

    def _take(self) -> Written:
        wet = self._surface.scene.wet
        done = Written(self._page, tuple(wet.points), self._pen)
        self._surface.dirty(wet.wipe())
        return done

    def cancel(self) -> None:
        """Wipe it."""
        self._surface.give_way(on=False)
        self._surface.dirty(self._surface.scene.wet.wipe())


class Erasing:
    """Whole strokes and highlights that the eraser touches go at once; one sweep is one outcome."""

    def __init__(self, surface: Surface, view: QPointF) -> None:
        self._surface = surface
        self._last = view
        self._gone: list[Annotation] = []
        self.move(view, 1.0, 0)

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Take away what lies between here and the last place."""
        frame, scene = self._surface.frame(), self._surface.scene
        page = frame.place_at(view).page
        start, end = frame.on_page(page, self._last), frame.on_page(page, view)
        self._last = view
        hit = scene.ink.crossed(page, start, end, ERASER_PX * frame.ratio / frame.scale)
        if hit:
            self._gone += hit
            corner = frame.page_rect(page).topLeft()
            self._surface.dirty(scene.ink.remove(page, [one.id for one in hit]).translated(corner))
        self._erase_highlights(frame, page, end)
        return None

    def _erase_highlights(self, frame: Frame, page: int, at: QPointF) -> None:
        marks = self._surface.scene.marks.get(page, [])
        for mark in [mark for mark in marks if isinstance(mark, Highlight)]:
            if any(rect_of(rect).contains(at) for rect in mark.rects):
                marks.remove(mark)
                self._gone.append(mark)
                self._surface.dirty(frame.page_rect(page))

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """All that went, if anything did."""
        self.move(view, 1.0, dt_ms)
        return Erased(tuple(self._gone)) if self._gone else None

    def cancel(self) -> None:
        """Put everything back."""
        scene = self._surface.scene
        for annotation in self._gone:
            if isinstance(annotation, Highlight):
                scene.marks.setdefault(annotation.page, []).append(annotation)
            elif isinstance(annotation, InkStroke):
                scene.ink.add(annotation)
        self._gone.clear()
        frame = self._surface.frame()
        self._surface.dirty(QRect(0, 0, frame.window.width, frame.window.height))


class Highlighting:
    """A band that snaps to words; a tap is no highlight."""

    def __init__(self, surface: Surface, colour: str, view: QPointF) -> None:
        self._surface = surface
        self._colour = colour
        self._first = view
        place = surface.frame().place_at(view)
        self._page = place.page
        self._start = (place.x, place.y)
        surface.words_of(self._page)

    def _passage(self, view: QPointF) -> Passage:
        at = self._surface.frame().on_page(self._page, view)
        return passage(self._surface.words_of(self._page) or (), self._start, (at.x(), at.y()))

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Show what would be highlighted."""
        if not is_tap(self._surface, self._first, view):
            self._show(self._passage(view))
        return None

    def _show(self, passage: Passage) -> None:
        scene = self._surface.scene
        self._dirty()
        colour = night_colour(self._colour).name() if scene.night else self._colour
        scene.band = Band(self._page, passage.rects, colour)
        self._dirty()

    def _dirty(self) -> None:
        """The band as it stands: a whole page is too much for every sample of a pen."""
        band = self._surface.scene.band
        if band is not None:
            box = reduce(QRectF.united, map(rect_of, band.rects), QRectF())
            shown = self._surface.frame().to_view(band.page).mapRect(box)
            self._surface.dirty(shown.toAlignedRect().adjusted(-2, -2, 2, 2))

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """The passage, or a tap."""
        self.cancel()
        if is_tap(self._surface, self._first, view):
            return Tapped(self._surface.frame().place_at(view), view)
        return Highlighted(self._page, self._passage(view))

    def cancel(self) -> None:
        """Show nothing."""
        self._dirty()
        self._surface.scene.band = None


class Panning:
    """The sheet follows the pointer; one that hardly moved was a tap."""

    def __init__(self, surface: Surface, view: QPointF) -> None:
        self._surface = surface
        self._first = self._last = view
        self._moving = False

    def move(self, view: QPointF, pressure: float, dt_ms: int) -> Outcome | None:  # noqa: ARG002 - as all sessions
        """Follow."""
        if not self._moving and is_tap(self._surface, self._first, view):
            return None
        self._moving = True
        step = self._last - view
        self._last = view
        self._surface.pan(step.x(), step.y())
        return None

    def finish(self, view: QPointF, dt_ms: int) -> Outcome | None:
        """A tap, or nothing more."""
        self.move(view, 1.0, dt_ms)
        return None if self._moving else Tapped(self._surface.frame().place_at(view), view)

    def cancel(self) -> None:
        """Stay where it is."""

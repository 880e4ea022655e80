# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page view without hands: asks for pictures, paints what has come, stretches what has not.

Decides: when pictures are asked for and what a paint event costs. Refuses: to know of pointers and tools; the
canvas on top of it does. Rule: never waits; a stretched picture is shown at once, the sharp one when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.viewer.document_state import Fit
from client.viewer.events import Event, PixelsReady, RequestDropped, WorkerRestarted
from client.viewer.tile_cache import TileKey
from client.viewer.tile_schedule import Viewport
from client.viewer.view.frame import Frame
from client.viewer.view.ink_layers import InkLayers
from client.viewer.view.page_window import PageWindow
from client.viewer.view.pictures import Pictures, Renders
from client.viewer.view.scene import Ghost, Scene
from client.viewer.view.style import CanvasStyle, CanvasWords, night_colour
from client.viewer.view.watermark import watermark
from client.viewer.view.wet_ink import WetInk

BLANK: Final = 0.02
"""Share of the width kept free beside the print."""
_PAPER_GREY: Final = 235
"""Small print on a small picture is a light grey: what is darker than this is print."""
_INK: Final = bytes(grey < _PAPER_GREY for grey in range(256))


def print_span(small: QImage) -> tuple[float, float]:
    """Where print begins and ends on a small picture of a white page, as shares of its width."""
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    width, stride = grey.width(), grey.bytesPerLine()
    marked = bytes(grey.constBits()).translate(_INK)
    rows = [marked[at : at + width] for at in range(0, stride * grey.height(), stride)]
    inked = [row for row in rows if b"\1" in row]
    if not inked:
        return 0.0, 1.0
    left = min(row.index(b"\1") for row in inked)
    right = max(row.rindex(b"\1") for row in inked) + 1
    return max(0.0, left / width - BLANK), min(1.0, right / width + BLANK)


def event_is_small(event: Event) -> bool:
    """Whether a small picture came, by which margins are found."""
    return isinstance(event, PixelsReady) and event.request.is_preview


def _ink_colour(colour: str, night: bool) -> QColor:
    return night_colour(colour) if night else QColor(colour)


class PageView(PageWindow):
    """See the module.

    Attributes:
        arrived: A page whose picture came or failed.
        scene: All that is painted.
    """

    arrived = Signal(int)

    def __init__(self, clock: Clock, style: CanvasStyle, words: CanvasWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene(style, words, InkLayers(clock, _ink_colour), WetInk())
        self._pictures: Pictures | None = None
        self._generation = 0
        self._zoomed_from: Frame | None = None
        self._span: tuple[float, float] | None = None
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._ink_soon = self._timer(0, self._work_ink)

    @property
    def pictures(self) -> Pictures | None:
        """Pictures of the open paper, for the strip of small pages."""
        return self._pictures

    def serve(self, host: Renders) -> None:
        """The paper that was shown by what is kept of it is open now."""
        if self._pictures is not None:
            self._pictures.serve(host)
            self._plan_soon.start()

    def give_way(self, *, on: bool) -> None:
        """A pen writes, or no longer."""
        if self._pictures is not None:
            self._pictures.give_way(on=on)

    def adopt(self, kept: Iterable[tuple[TileKey, QImage]]) -> None:
        """Pictures of the open paper of another day."""
        if self._pictures is not None:
            self._pictures.adopt(kept)
            self.viewport().update()

    def in_sight(self) -> list[tuple[TileKey, QImage]]:
        """The pictures on screen, if all of them are sharp and drawn today; else none."""
        pictures, frame = self._pictures, self.frame() if self._layout is not None else None
        if pictures is None or frame is None or not self.scene.is_sharp(frame):
            return []
        found = self.scene.in_sight(frame)
        return found if all(key in pictures for key, _ in found) else []

    # -- looks -------------------------------------------------------------------------------------------

    def _on_zoom(self, before: Frame) -> None:
        """Keep the look of the view for the time of zooming; taken when the first frame is painted."""
        if self.scene.still is None and self._zoomed_from is None and not self.scene.wet.active:
            self._zoomed_from = before

    def _drop_still(self) -> None:
        """What is on the pages changes, or their sharp pictures are here."""
        if self.scene.still is not None:
            self.viewport().update()
        self.scene.still = self._zoomed_from = None

    def _keep_ghost(self, offset: QPointF) -> None:
        """What the lasso holds becomes other strokes: show its picture, moved by points, until they are painted."""
        chosen, held = self.scene.selection, self.scene.held
        if chosen is not None and held is not None and self.scene.ghost is None:
            self.scene.ghost = Ghost(chosen.page, held, offset)

    def _drop_ghost(self) -> None:
        ghost = self.scene.ghost
        if ghost is not None and not self.scene.ink.busy_on(ghost.page):
            self.scene.ghost = None
            self.dirty(self.frame().page_rect(ghost.page))

    def _show_smooth(self, *, smooth: bool) -> None:
        self.scene.smooth = smooth

    def set_night(self, night: bool, sepia: bool = False) -> None:
        """Dark pages, warm ones, or white ones."""
        if self.state is not None and (self.state.night, self.state.sepia) != (night, sepia):
            self.state = self.state.with_night(night=night, sepia=sepia)
            self.scene.night, self.scene.sepia = self.state.night, self.state.sepia
            self._drop_still()
            self.scene.ink.forget_layers()
            self._stamp()
            self.viewport().update()
            self._plan()

    def set_style(self, style: CanvasStyle, words: CanvasWords) -> None:
        """Another theme, language or watermark."""
        self._drop_still()
        self.scene.style, self.scene.words = style, words
        self._stamp()
        self.viewport().update()

    def _stamp(self) -> None:
        scene = self.scene
        scene.stamp = watermark(scene.words.watermark, scene.style, self.ratio, night=scene.night)

    def set_fit(self, fit: Fit) -> None:
        """Let the scale follow the window; margins are looked for anew."""
        self._span = None
        super().set_fit(fit)

    def _content(self, page: int) -> tuple[float, float]:
        """From the small pictures around the page; once found it only grows: the scale stays as one reads on."""
        found = self._span
        if self._pictures is not None and self._layout is not None:
            for near in range(max(0, page - 1), min(page + 2, len(self._layout))):
                small = self._pictures.want_small(self._layout, near, night=False)
                if small is not None:
                    left, right = print_span(small)
                    found = (left, right) if found is None else (min(found[0], left), max(found[1], right))
        self._span = found
        return found or (0.0, 1.0)

    def _plan(self) -> None:
        """Ask for pictures; not while fingers zoom, each step would be thrown away."""
        if self._pictures is None or self._layout is None or self._settle_soon.isActive():
            return
        frame = self.frame()
        self._generation += 1
        self._pictures.want(
            self._layout,
            Viewport(
                window=frame.window, scale=frame.scale, night=self.scene.night, sepia=self.scene.sepia,
                direction=self._direction, generation=self._generation,
            ),
        )  # fmt: skip

    def on_render_event(self, event: Event) -> None:
        """An event of the render host, on the GUI thread."""
        if self._pictures is None or self._layout is None:
            return
        if isinstance(event, WorkerRestarted):
            self._plan_soon.start()
            return
        page = self._pictures.take(event)
        if page is None:
            return
        self.arrived.emit(page)
        error = self._pictures.failed.get(page)
        if error is not None:
            self.scene.failed[page] = self.scene.words.failed(error)
        if self.state is not None and self.state.fit is Fit.CONTENT and event_is_small(event):
            before = self._span
            if abs(page - self.page) <= 1 and self._content(self.page) != before:
                self._note_place()
                self._refit()
        frame = self.frame()
        if page in frame.visible:
            if self.scene.still is not None and not self._settle_soon.isActive() and self.scene.is_sharp(frame):
                self._drop_still()
            self.viewport().update(self._logical(frame.page_rect(page)))
            if isinstance(event, RequestDropped):
                self._plan_soon.start()

    def try_again(self) -> None:
        """Ask for pages anew that could not be drawn."""
        if self._pictures is not None:
            self._pictures.try_again()
            self.scene.failed.clear()
            self._plan_soon.start()
            self.viewport().update()

    # -- painting ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is dirty."""
        painter = QPainter(self.viewport())
        rect = event.rect()
        if self._layout is None:
            painter.fillRect(rect, QColor(self.scene.style.desk))
        else:
            ratio = self.ratio
            if ratio != 1.0:
                painter.scale(1 / ratio, 1 / ratio)
                left, top = int(rect.left() * ratio), int(rect.top() * ratio)
                rect = QRect(left, top, int(rect.width() * ratio) + 2, int(rect.height() * ratio) + 2)
            if self._zoomed_from is not None:
                self.scene.still, self._zoomed_from = self.scene.take_still(self._zoomed_from), None
            self.scene.paint(painter, self.frame(), rect)
            if self.scene.ink.busy:
                self._ink_soon.start()
        painter.end()

    def _work_ink(self) -> None:
        if self._layout is None:
            return
        frame = self.frame()
        for page, rect in self.scene.ink.work():
            self.dirty(rect.translated(frame.page_rect(page).topLeft()))
        chosen = self.scene.selection
        if chosen is not None and not chosen.offset.isNull() and self.scene.held is not None and self.scene.held.busy:
            self.dirty(frame.page_rect(chosen.page))  # it is carried already, as far as its picture is made
        self._drop_ghost()
        if self.scene.ink.busy:
            self._ink_soon.start()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window on the sheet of pages: where the reader is, and how that changes.

Decides: place and scroll bars. Refuses: to choose the scale (``page_window``), to paint, to ask for pictures, to
handle pointers; the views on top of it do. All positions are kept
in the screen's own pixels, so that pages are sharp on any screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from client.viewer.document_state import Fit, Mode, Place, ReadingState
from client.viewer.geometry import Box, Layout, PagePoint
from client.viewer.view.frame import Frame
from client.viewer.view.kinetic import Kinetic

SETTLE_MS: Final = 90
FRAME_MS: Final = 8
LINE_PX: Final = 40
PULL_PX: Final = 90
"""How far beyond the end of a single page a finger pulls before the page is turned."""


class PagePlace(QAbstractScrollArea):
    """See the module.

    Attributes:
        page_changed: The page at the middle of the view, from 0.
        scale_changed: Device-independent pixels per point.
        moved: The window moved or was zoomed.
        state: What is being read; None while no paper is open.
        kinetic: The glide after a finger lets go.
    """

    page_changed = Signal(int)
    scale_changed = Signal(float)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: ReadingState | None = None
        self.kinetic = Kinetic()
        self._layout: Layout | None = None
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._floor = 0
        self._pull = 0.0
        self._direction = 0
        self._page = -1
        self._placing = False
        self._shown: Frame | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._plan_soon = self._timer(0, self._plan)
        self._settle_soon = self._timer(SETTLE_MS, self.settle)
        self._glide_timer = QTimer(self)
        self._glide_timer.setInterval(FRAME_MS)
        self._glide_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._glide_timer.timeout.connect(self._glide_on)

    def _timer(self, wait_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(slot)
        return timer

    def _plan(self) -> None:
        """Ask for pictures of what is shown."""

    def settle(self) -> None:
        """Zooming is over."""

    def _refit(self) -> None:
        """Scale by the window, then the place again."""

    def _content(self, page: int) -> tuple[float, float]:
        """Where the print of a page begins and ends, as shares of its width; without knowing better, all of it."""
        del page
        return 0.0, 1.0

    def _on_page(self, page: int) -> None:
        """Another page is at the middle."""

    @property
    def sheet(self) -> Layout | None:
        """The open paper's pages."""
        return self._layout

    @property
    def sizes(self) -> tuple[tuple[float, float], ...]:
        """Of the open paper's pages, points."""
        return self._sizes if self._layout is not None else ()

    @property
    def page(self) -> int:
        """The page at the middle of the view."""
        return max(self._page, 0)

    @property
    def page_count(self) -> int:
        """Pages of the open paper."""
        return 0 if self._layout is None else len(self._layout)

    @property
    def row(self) -> int:
        """Pages side by side."""
        return 1 if self._layout is None else self._layout.columns

    @property
    def ratio(self) -> float:
        """Screen pixels per device-independent pixel."""
        return self.viewport().devicePixelRatioF()

    def _pixels(self) -> QSize:
        size = self.viewport().size() * self.ratio
        return QSize(max(1, size.width()), max(1, size.height()))

    # -- where we are ------------------------------------------------------------------------------------

    def frame(self) -> Frame:
        """What the view shows; only while a paper is open."""
        assert self._layout is not None
        assert self.state is not None
        size = self._pixels()
        x, y = self.horizontalScrollBar().value(), self._floor + self.verticalScrollBar().value()
        window = Box(x, y, size.width(), size.height())
        only = self._layout.row_of(self.state.place.page) if self.state.mode is Mode.SINGLE else None
        return Frame(self._layout, self.state.scale * self.ratio, window, self.ratio, only)

    def place_now(self) -> Place:
        """The window's corner; the beginning while no paper is open."""
        if self.state is None or self._layout is None:
            return Place()
        at = self.frame().place_at(QPointF(0, 0))
        return Place(at.page, at.x, at.y)

    def pages_read(self) -> tuple[int, ...]:
        """The page at the middle, and all that are whole in view."""
        if self.state is None or self._layout is None:
            return ()
        frame = self.frame()
        whole = [
            page
            for page in frame.visible
            if frame.page_rect(page).top() >= 0 and frame.page_rect(page).bottom() < frame.window.height
        ]
        return (*{*whole, frame.middle_page},)

    def go_to(self, place: Place, *, jump: bool = True) -> None:
        """Put a place at the top of the view; a jump can be taken back with :meth:`go_back`."""
        if self.state is None:
            return
        self._note_place()
        self.state = self.state.jump_to(place) if jump else self.state.scroll_to(place)
        self._show_place()

    def go_to_page(self, page: int) -> None:
        """Show a page from its top."""
        self.go_to(Place(page=page))

    def go_back(self) -> None:
        """To where the last jump began."""
        if self.state is not None:
            self._note_place()
            self.state = self.state.go_back()
            self._show_place()

    def go_forward(self) -> None:
        """Undo :meth:`go_back`."""
        if self.state is not None:
            self._note_place()
            self.state = self.state.go_forward()
            self._show_place()

    def reveal(self, page: int, y: float) -> None:
        """Make a height of a page (points) visible, a third down the view; a jump."""
        down = self.frame().window.height / 3 / self.frame().scale if self.state is not None else 0.0
        self.go_to(Place(page=page, y=y - down))

    def pan(self, dx: float, dy: float) -> None:
        """Move the window by view pixels; in single pages, pulling on beyond the end turns the page."""
        bar = self.verticalScrollBar()
        before = bar.value()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + round(dx))
        bar.setValue(before + round(dy))
        left = dy - (bar.value() - before)
        self._pull = self._pull + left if abs(left) >= 1 and self._pull * left >= 0 else 0.0
        if abs(self._pull) > PULL_PX * self.ratio and self.turn_page(1 if self._pull > 0 else -1):
            self._pull = 0.0
            self.kinetic.stop()

    def turn_page(self, by: int) -> bool:
        """In single pages: the next page (1) from its top, or the one before (-1) from its end. Whether it was done."""
        if self.state is None or self._layout is None or self.state.mode is not Mode.SINGLE:
            return False
        page = self.state.place.page + by
        if not 0 <= page < len(self._layout):
            return False
        self.go_to(Place(page), jump=False)
        if by < 0:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        """In single pages a wheel at the end of the page turns it."""
        bar, dy = self.verticalScrollBar(), event.angleDelta().y()
        at_end = (dy < 0 and bar.value() == bar.maximum()) or (dy > 0 and bar.value() == bar.minimum())
        if at_end and self.turn_page(1 if dy < 0 else -1):
            event.accept()
        else:
            super().wheelEvent(event)

    def glide(self) -> None:
        """Go on after a finger let go."""
        self._glide_timer.start()

    def _glide_on(self) -> None:
        before = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self.pan(*self.kinetic.step(FRAME_MS / 1000))
        after = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        if before == after:
            self.kinetic.stop()
        if not self.kinetic.gliding:
            self._glide_timer.stop()

    # -- window ------------------------------------------------------------------------------------------

    def _note_place(self) -> None:
        """Keep the window's corner as the place."""
        if self.state is not None and self._layout is not None:
            self.state = self.state.scroll_to(self.place_now())

    def _show_place(self) -> None:
        if self.state is None or self._layout is None:
            return
        place, scale = self.state.place, self.state.scale * self.ratio
        if place == Place(place.page):  # the page's top, whichever way it is turned
            box = self._layout.page_box(place.page, scale, self._pixels().width())
            x, top = float(box.x), float(box.y - self._layout.margin)
        else:
            x, top = self._layout.to_sheet(PagePoint(place.page, place.x, place.y), scale, self._pixels().width())
        across = round(x) if self.state.fit is Fit.FREE else 0
        if self.state.fit is Fit.CONTENT:
            box = self._layout.page_box(place.page, scale, self._pixels().width())
            across = box.x + round(self._content(place.page)[0] * box.width) - self._layout.margin
        self._set_window(across, round(top))
        self._plan_soon.start()

    def _set_window(self, x: int, y: int) -> None:
        assert self._layout is not None
        assert self.state is not None
        size = self._pixels()
        width, height = self._layout.sheet_size(self.state.scale * self.ratio)
        self._floor = 0
        if self.state.mode is Mode.SINGLE:
            self._floor, height = self._one_row(size.height())
        self._placing = True  # one repaint for range and value together
        for bar, whole, view, value in (
            (self.horizontalScrollBar(), width, size.width(), x),
            (self.verticalScrollBar(), height, size.height(), y - self._floor),
        ):
            bar.setRange(0, max(0, whole - view))
            bar.setPageStep(view)
            bar.setSingleStep(round(LINE_PX * self.ratio))
            bar.setValue(value)
        self._placing = False
        self._repaint_moved()
        self._after_move()

    def _one_row(self, view_height: int) -> tuple[int, int]:
        """For single pages: where the scroll range begins on the sheet, and its length, pixels."""
        assert self._layout is not None
        assert self.state is not None
        top, height = self._layout.row_span(self.state.place.page, self.state.scale * self.ratio)
        whole = height + 2 * self._layout.margin
        return top - self._layout.margin - max(0, view_height - whole) // 2, max(whole, view_height)

    def _repaint_moved(self) -> None:
        """After a turn of pages only the column they stand in has changed, not the desk beside it."""
        before, now = self._shown, self.frame()
        if (
            before is None
            or before.layout is not now.layout
            or before.scale != now.scale
            or before.window._replace(y=0) != now.window._replace(y=0)
        ):
            self.viewport().update()
            return
        column = QRect()
        for frame in (before, now):
            for page in frame.visible:
                column = column.united(frame.page_rect(page))
        self.dirty(QRect(column.x(), 0, column.width(), now.window.height))

    def dirty(self, rect: QRect) -> None:
        """Repaint view pixels."""
        if not rect.isEmpty():
            self.viewport().update(self._logical(rect))

    def _logical(self, rect: QRect) -> QRect:
        ratio = self.ratio
        if ratio == 1.0:
            return rect
        left, top = int(rect.left() / ratio) - 1, int(rect.top() / ratio) - 1
        return QRect(left, top, int(rect.width() / ratio) + 3, int(rect.height() / ratio) + 3)

    def _after_move(self) -> None:
        if self._layout is None:
            return
        self._shown = self.frame()
        page = self._shown.middle_page
        if page != self._page:
            self._page = page
            self._on_page(page)
            self.page_changed.emit(page)
        self.moved.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """A scroll bar moved."""
        if self._placing or self._layout is None:
            return
        if dy:
            self._direction = 1 if dy < 0 else -1
        ratio = self.ratio
        if dx % ratio == 0 and dy % ratio == 0:
            self.viewport().scroll(round(dx / ratio), round(dy / ratio))  # only what comes into view is painted
        else:
            self.viewport().update()
        self._after_move()
        self._plan_soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again and stay where we were."""
        super().resizeEvent(event)
        if self._layout is not None:
            if not self._placing:  # a scroll bar came or went while the window is being placed: the place is known
                self._note_place()
            self._refit()

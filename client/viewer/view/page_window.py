# SPDX-License-Identifier: AGPL-3.0-or-later
"""How large pages are shown and how they follow one another: zoom, fitting, turning, single and facing pages.

Decides: scale and layout. Refuses: to paint, to ask for pictures, to handle pointers; the page view on top of it
does. Where the window is on the sheet is kept in ``page_place``.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF

from client.viewer.document_state import Fit, Mode, Place
from client.viewer.geometry import GAP_PX, Layout, clamp_scale, turned
from client.viewer.view.frame import Frame
from client.viewer.view.page_place import SETTLE_MS, PagePlace

ZOOM_STEP: Final = 1.25
"""Factor of one press on a zoom button."""


class PageWindow(PagePlace):
    """See the module."""

    def _on_zoom(self, before: Frame) -> None:
        """The scale is about to change; ``before`` is shown now."""

    def _show_smooth(self, *, smooth: bool) -> None:
        """Whether pictures are stretched well."""

    # -- zoom --------------------------------------------------------------------------------------------

    @property
    def scale(self) -> float:
        """Device-independent pixels per point."""
        return 1.0 if self.state is None else self.state.scale

    def set_fit(self, fit: Fit) -> None:
        """Let the scale follow the window."""
        if self.state is not None:
            self._note_place()
            self.state = self.state.zoomed(self.state.scale, fit)
            self._refit()

    def zoom_step(self, steps: int) -> None:
        """Larger (1) or smaller (-1), about the middle of the view."""
        size = self._pixels()
        self.zoom_by(ZOOM_STEP**steps, QPointF(size.width() / 2, size.height() / 2), settled=True)

    def zoom_by(self, factor: float, focus: QPointF, *, settled: bool) -> None:
        """Zoom so that what is at ``focus`` (view pixels) stays there."""
        if self.state is None or self._layout is None:
            return
        old = self.frame()
        wanted = clamp_scale(self.state.scale * factor)
        if wanted == self.state.scale:
            return
        x, y = self._layout.zoom_about(old.window, (focus.x(), focus.y()), old.scale, wanted * self.ratio)
        self._on_zoom(old)
        self.state = self.state.zoomed(wanted)
        self._show_smooth(smooth=False)
        self._set_window(round(x), round(y))
        self.scale_changed.emit(wanted)
        self._settle_soon.start(SETTLE_MS if settled else 4 * SETTLE_MS)

    def settle(self) -> None:
        """Zooming is over."""
        self._settle_soon.stop()
        self._show_smooth(smooth=True)
        self._plan()
        self.viewport().update()

    def _refit(self) -> None:
        """Scale by the window, then the place again."""
        if self.state is None or self._layout is None:
            return
        size = self._pixels()
        match self.state.fit:
            case Fit.WIDTH:
                scale = self._layout.fit_width(size.width()) / self.ratio
            case Fit.PAGE:
                scale = self._layout.fit_page(self.state.place.page, size.width(), size.height()) / self.ratio
            case Fit.CONTENT:
                scale = self._fit_content(size.width()) / self.ratio
            case Fit.FREE:
                scale = self.state.scale
        self.state = self.state.zoomed(scale, self.state.fit)
        self._show_place()
        self.scale_changed.emit(self.state.scale)

    def _fit_content(self, view_width: int) -> float:
        """The scale at which the print fills the view and the blank margins lie outside."""
        assert self._layout is not None
        assert self.state is not None
        left, right = self._content(self.state.place.page)
        width = turned(self._layout.sizes[self.state.place.page], self._layout.rotation)[0]
        return clamp_scale(max(view_width - 2 * self._layout.margin, 1) / (width * (right - left)))

    def set_mode(self, mode: Mode) -> None:
        """Pages one below the other, one at a time, or two side by side."""
        if self.state is not None and self.state.mode is not mode:
            self._stay_on_page()
            self.state = self.state.in_mode(mode)
            self._lay_out()
            self._refit()

    def turn(self) -> None:
        """A quarter clockwise."""
        if self.state is not None:
            self._stay_on_page()
            self.state = self.state.turned().scroll_to(Place(self.state.place.page))
            self._lay_out()
            self._refit()

    def _stay_on_page(self) -> None:
        """The page at the middle is being read, whatever stands above it."""
        self._note_place()
        if self.state is not None and self.state.place.page != self.page:
            self.state = self.state.scroll_to(Place(self.page))

    def _lay_out(self) -> None:
        assert self.state is not None
        gap = round(GAP_PX * self.ratio)
        self._layout = Layout(
            self._sizes, rotation=self.state.rotation, gap=gap, margin=gap, columns=self.state.columns
        )

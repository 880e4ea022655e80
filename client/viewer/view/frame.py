# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which part of the sheet of pages the view shows now, as one value with its conversions.

Three systems: page points, page pixels (origin at the page's corner) and view pixels (origin at the view's
corner). All pixels are the screen's own; ``ratio`` of them make one device-independent pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QTransform

from client.viewer.geometry import Box, Layout, PagePoint
from client.viewer.view.ink_layers import PageLook


@dataclass(frozen=True)
class Frame:
    """The view's window on the sheet.

    Attributes:
        scale: Pixels per point.
        window: On the sheet, pixels.
        ratio: Pixels per device-independent pixel.
        only: Where pages are shown one at a time: the page, whatever else the window would touch.
    """

    layout: Layout
    scale: float
    window: Box
    ratio: float
    only: range | None = None

    @cached_property
    def visible(self) -> range:
        """Pages of which something is shown."""
        if self.only is not None:
            return self.only
        return self.layout.visible(self.window.y, self.window.height, self.scale)

    @cached_property
    def middle_page(self) -> int:
        """The page the reader is on: the one at the middle of the view."""
        if self.only is not None:
            return self.only.start
        return self.layout.page_at(self.window.y + self.window.height // 2, self.scale)

    def page_rect(self, page: int) -> QRect:
        """The page in view pixels."""
        box = self.layout.page_box(page, self.scale, self.window.width)
        return QRect(box.x - self.window.x, box.y - self.window.y, box.width, box.height)

    def to_pixels(self, page: int) -> QTransform:
        """Page points to page pixels."""
        (width, height), s = self.layout.sizes[page], self.scale
        match self.layout.rotation % 360:
            case 90:
                return QTransform(0, s, -s, 0, height * s, 0)
            case 180:
                return QTransform(-s, 0, 0, -s, width * s, height * s)
            case 270:
                return QTransform(0, -s, s, 0, 0, width * s)
            case _:
                return QTransform(s, 0, 0, s, 0, 0)

    def to_view(self, page: int) -> QTransform:
        """Page points to view pixels."""
        corner = self.page_rect(page).topLeft()
        return self.to_pixels(page) * QTransform.fromTranslate(corner.x(), corner.y())

    def look(self, page: int, *, night: bool) -> PageLook:
        """How the page is shown, for its ink layer."""
        rect = self.page_rect(page)
        shown = rect & QRect(0, 0, self.window.width, self.window.height)
        size = QRect(0, 0, rect.width(), rect.height())
        return PageLook(self.to_pixels(page), size, shown.translated(-rect.topLeft()), night)

    def place_at(self, view: QPointF) -> PagePoint:
        """The page and point under a view pixel; beside a page the point lies beyond its sides."""
        if self.only is not None:
            at = self.on_page(self.only.start, view)
            return PagePoint(self.only.start, at.x(), at.y())
        return self.layout.to_page(view.x() + self.window.x, view.y() + self.window.y, self.scale, self.window.width)

    def on_page(self, page: int, view: QPointF) -> QPointF:
        """A view pixel in the points of ``page``, wherever it is: a stroke stays on its page."""
        inverse, _ = self.to_view(page).inverted()
        return inverse.map(view)

    def covers(self, page: int, view: QPointF) -> bool:
        """Whether a view pixel is on the page itself."""
        return self.page_rect(page).contains(view.toPoint())

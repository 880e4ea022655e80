# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where pages lie on an endless vertical sheet, one or two in a row, and how points on them become pixels and back.

Decides: layout, fitting scales, which pages are visible, what stays put when zooming. Refuses: nothing; any
coordinate outside is moved to the nearest page. Rules: all in pure numbers, every question answered in
O(log pages), and a change of scale costs nothing, because gaps and margins do not scale.

Two systems. *Points*: 1/72 inch on one page as displayed (after /Rotate, before the reader's own rotation),
origin top left; annotations use these. *Sheet pixels*: origin at the top left of the whole sheet of pages at
one scale (pixels per point); the view shows a window of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

GAP_PX: Final = 16
MARGIN_PX: Final = 16
MIN_SCALE: Final = 0.1
MAX_SCALE: Final = 16.0
"""The reader's limits: 10 % and 1,600 % of 72 dpi."""


class Box(NamedTuple):
    """A rectangle in whole pixels."""

    x: int
    y: int
    width: int
    height: int

    def intersection(self, other: Box) -> Box | None:
        """What both cover, None if nothing."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return Box(x, y, right - x, bottom - y) if right > x and bottom > y else None


class PagePoint(NamedTuple):
    """A place on a page, points."""

    page: int
    x: float
    y: float


def turned(size: tuple[float, float], rotation: int) -> tuple[float, float]:
    """Width and height after turning by ``rotation`` degrees (a multiple of 90)."""
    return (size[1], size[0]) if rotation % 180 else size


def turn_point(x: float, y: float, size: tuple[float, float], rotation: int) -> tuple[float, float]:
    """A point of an unturned page of ``size``, on the page turned clockwise by ``rotation``."""
    width, height = size
    match rotation % 360:
        case 90:
            return height - y, x
        case 180:
            return width - x, height - y
        case 270:
            return y, width - x
        case _:
            return x, y


def unturn_point(x: float, y: float, size: tuple[float, float], rotation: int) -> tuple[float, float]:
    """The inverse of :func:`turn_point`; ``size`` is still that of the unturned page."""
    return turn_point(x, y, turned(size, rotation), -rotation % 360)


def pixel_size(size: tuple[float, float], scale: float, rotation: int = 0) -> tuple[int, int]:
    """Whole pixels of a page at ``scale``; the one rounding everything else agrees on."""
    width, height = turned(size, rotation)
    return max(1, round(width * scale)), max(1, round(height * scale))


def clamp_scale(scale: float) -> float:
    """Within the reader's limits."""
    return min(max(scale, MIN_SCALE), MAX_SCALE)


class Layout:
    """Pages one below the other, or in rows of ``columns``; rows are centred.

    Args:
        sizes: Width and height of each page in points, at least one page.
        rotation: The reader's clockwise rotation, degrees.
        gap: Pixels between pages; ``margin`` around the sheet.
        columns: Pages side by side; the last row may have fewer.
    """

    def __init__(
        self,
        sizes: Sequence[tuple[float, float]],
        *,
        rotation: int = 0,
        gap: int = GAP_PX,
        margin: int = MARGIN_PX,
        columns: int = 1,
    ) -> None:
        self.sizes = tuple(sizes)
        self.rotation = rotation
        self.gap = gap
        self.margin = margin
        self.columns = columns
        shown = self.sizes if rotation % 180 == 0 else tuple(turned(size, rotation) for size in self.sizes)
        if columns == 1:  # a paper may have 20,000 pages, and this is made anew with every turn
            self._heights = [height for _, height in shown]
            self._above = [0.0, *accumulate(self._heights)]
            self.widest = max(width for width, _ in shown)
            return
        rows = [shown[first : first + columns] for first in range(0, len(shown), columns)]
        self._heights = [max(height for _, height in row) for row in rows]
        self._above = [0.0, *accumulate(self._heights)]
        self.widest = max(sum(width for width, _ in row) for row in rows)

    def __len__(self) -> int:
        return len(self.sizes)

    def row_of(self, page: int) -> range:
        """The pages that stand side by side with ``page``, itself among them."""
        first = page - page % self.columns
        return range(first, min(first + self.columns, len(self.sizes)))

    def _top(self, row: int, scale: float) -> int:
        return self.margin + row * self.gap + round(self._above[row] * scale)

    def row_span(self, page: int, scale: float) -> tuple[int, int]:
        """Where the row of ``page`` begins on the sheet, and its height, pixels."""
        row = page // self.columns
        return self._top(row, scale), max(self.pixels(one, scale)[1] for one in self.row_of(page))

    def sheet_size(self, scale: float) -> tuple[int, int]:
        """Width and height of the whole sheet in pixels, margins included."""
        top, height = self.row_span(len(self.sizes) - 1, scale)
        width = round(self.widest * scale) + (self.columns - 1) * self.gap + 2 * self.margin
        return width, top + height + self.margin

    def pixels(self, page: int, scale: float) -> tuple[int, int]:
        """Width and height of a page in pixels."""
        return pixel_size(self.sizes[page], scale, self.rotation)

    def page_box(self, page: int, scale: float, view_width: int) -> Box:
        """The page on the sheet; rows are centred in the sheet or, if that is wider, in the view."""
        widths = [self.pixels(one, scale)[0] for one in self.row_of(page)]
        sheet = max(view_width, self.sheet_size(scale)[0])
        left = (sheet - sum(widths) - (len(widths) - 1) * self.gap) // 2
        place = page % self.columns
        x = left + sum(widths[:place]) + place * self.gap
        return Box(x, self._top(page // self.columns, scale), *self.pixels(page, scale))

    def page_at(self, y: float, scale: float) -> int:
        """The first page of the row at sheet height ``y``; a gap belongs to the row above it."""
        found = bisect_right(range(len(self._heights)), y, key=lambda row: self._top(row, scale)) - 1
        return max(found, 0) * self.columns

    def visible(self, y: float, height: float, scale: float) -> range:
        """Pages in rows that a window from ``y`` downwards touches; never empty."""
        first = self.page_at(y, scale)
        last = max(first, self.page_at(y + max(height, 1) - 1, scale))
        if first < last and sum(self.row_span(first, scale)) <= y:
            first += self.columns  # only its gap is in the window
        return range(first, min(last + self.columns, len(self.sizes)))

    def fit_width(self, view_width: int) -> float:
        """The scale at which the widest row fills the view."""
        return clamp_scale(max(view_width - 2 * self.margin - (self.columns - 1) * self.gap, 1) / self.widest)

    def fit_page(self, page: int, view_width: int, view_height: int) -> float:
        """The scale at which the whole row of ``page`` is visible."""
        row = [turned(self.sizes[one], self.rotation) for one in self.row_of(page)]
        between = (len(row) - 1) * self.gap
        across = max(view_width - 2 * self.margin - between, 1) / sum(width for width, _ in row)
        return clamp_scale(min(across, max(view_height - 2 * self.margin, 1) / max(height for _, height in row)))

    def to_page(self, x: float, y: float, scale: float, view_width: int) -> PagePoint:
        """The point of a page under a sheet pixel.

        Beside a page the point lies beyond its sides: a stroke may leave the paper.
        """
        row = self.row_of(self.page_at(y, scale))
        boxes = {one: self.page_box(one, scale, view_width) for one in row}
        # between two pages the nearer one is meant
        page = min(row, key=lambda one: max(boxes[one].x - x, 0.0, x - boxes[one].x - boxes[one].width))
        box = boxes[page]
        return PagePoint(
            page,
            *unturn_point((x - box.x) / scale, (y - box.y) / scale, self.sizes[page], self.rotation),
        )

    def to_sheet(self, point: PagePoint, scale: float, view_width: int) -> tuple[float, float]:
        """The sheet pixel of a point; inverse of :meth:`to_page`."""
        box = self.page_box(point.page, scale, view_width)
        x, y = turn_point(point.x, point.y, self.sizes[point.page], self.rotation)
        return box.x + x * scale, box.y + y * scale

    def zoom_about(
        self, window: Box, focus: tuple[float, float], old_scale: float, new_scale: float
    ) -> tuple[float, float]:
        """Where the window has to go so that what is under the fingers stays there.

        Args:
            window: The view's window on the sheet at ``old_scale``.
            focus: The fixed place in the window, pixels from its top left.
            old_scale: Pixels per point before.
            new_scale: Pixels per point after.

        Returns:
            Left and top of the window on the sheet at ``new_scale``, within the sheet.
        """
        point = self.to_page(window.x + focus[0], window.y + focus[1], old_scale, window.width)
        x, y = self.to_sheet(point, new_scale, window.width)
        return self.clamp_window(x - focus[0], y - focus[1], window, new_scale)

    def clamp_window(self, x: float, y: float, window: Box, scale: float) -> tuple[float, float]:
        """The nearest window position that shows no more than the sheet."""
        width, height = self.sheet_size(scale)
        return min(max(x, 0.0), max(width - window.width, 0)), min(max(y, 0.0), max(height - window.height, 0))

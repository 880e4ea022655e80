# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reader sees of one paper, as one frozen value, and the way back to where the reader was.

Decides: what counts as a jump (kept in the history) and what is mere scrolling (not kept). Refuses: pages
outside the paper, scales outside the reader's limits; both are moved to the nearest allowed. Every change
makes a new value; the view redraws from it and the store saves part of it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from client.viewer.geometry import clamp_scale

HISTORY: Final = 100
NEAR_PT: Final = 72.0
"""A jump that lands this near the present place is none."""


class Fit(StrEnum):
    """How the scale follows the window."""

    WIDTH = "width"
    PAGE = "page"
    CONTENT = "content"
    FREE = "free"


class Mode(StrEnum):
    """How pages follow one another."""

    CONTINUOUS = "continuous"
    SINGLE = "single"
    FACING = "facing"


class Tool(StrEnum):
    """What pen or mouse do on the page."""

    HAND = "hand"
    PEN = "pen"
    HIGHLIGHT = "highlight"
    ERASER = "eraser"
    NOTE = "note"
    LASSO = "lasso"
    TEXT = "text"


class Place(Struct, frozen=True):
    """Top left of the window: ``page`` from 0, ``x`` and ``y`` in points from that page's top left."""

    page: int = 0
    x: float = 0.0
    y: float = 0.0

    def near(self, other: Place) -> bool:
        """Whether going from one to the other is not worth a step of history."""
        return self.page == other.page and abs(self.y - other.y) <= NEAR_PT


class ReadingState(Struct, frozen=True, kw_only=True):
    """The state of one open paper.

    Attributes:
        scale: Pixels per point.
        rotation: The reader's clockwise rotation, degrees.
        back: Places to return to, oldest first; ``forward`` nearest last.
    """

    doc: str
    page_count: int
    place: Place = Place()
    scale: float = 1.0
    fit: Fit = Fit.WIDTH
    rotation: int = 0
    night: bool = False
    sepia: bool = False
    mode: Mode = Mode.CONTINUOUS
    tool: Tool = Tool.HAND
    back: tuple[Place, ...] = ()
    forward: tuple[Place, ...] = ()

    def scroll_to(self, place: Place) -> ReadingState:
        """Moves without leaving a step in the history."""
        return replace(self, place=self._inside(place))

    def jump_to(self, place: Place) -> ReadingState:
        """Moves and remembers where the reader was (outline, search hit, link, page number)."""
        target = self._inside(place)
        if target.near(self.place):
            return replace(self, place=target)
        return replace(self, place=target, back=(*self.back, self.place)[-HISTORY:], forward=())

    def go_back(self) -> ReadingState:
        """Returns to the last place jumped from; the same state if there is none."""
        if not self.back:
            return self
        return replace(self, place=self.back[-1], back=self.back[:-1], forward=(*self.forward, self.place))

    def go_forward(self) -> ReadingState:
        """Undoes one :meth:`go_back`."""
        if not self.forward:
            return self
        return replace(self, place=self.forward[-1], forward=self.forward[:-1], back=(*self.back, self.place))

    def zoomed(self, scale: float, fit: Fit = Fit.FREE) -> ReadingState:
        """Another scale, within limits."""
        return replace(self, scale=clamp_scale(scale), fit=fit)

    def turned(self, degrees: int = 90) -> ReadingState:
        """Turned clockwise by a multiple of 90 degrees."""
        return replace(self, rotation=(self.rotation + degrees) % 360)

    @property
    def columns(self) -> int:
        """Pages in a row."""
        return 2 if self.mode is Mode.FACING else 1

    def with_night(self, *, night: bool, sepia: bool = False) -> ReadingState:
        """Dark pages, warm ones, or white ones; dark wins."""
        return replace(self, night=night, sepia=sepia and not night)

    def in_mode(self, mode: Mode) -> ReadingState:
        """Pages follow one another in another way; the place stays."""
        return replace(self, mode=mode)

    def with_tool(self, tool: Tool) -> ReadingState:
        """Another tool in hand."""
        return replace(self, tool=tool)

    def _inside(self, place: Place) -> Place:
        return replace(place, page=min(max(place.page, 0), self.page_count - 1))

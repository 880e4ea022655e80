# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pictures the reader needs now and next: pure, from window and cache to an ordered list of requests.

Decides: whole pages or tiles, and their order. Refuses: to ask for what the cache has. Rules:

1. A page of up to ``WHOLE_PIXELS`` is one picture: one pass over its content, and scrolling needs no more.
   A larger one is cut into ``TILE_PX`` squares, of which only those near the window are asked for.
2. On screen first, from the centre outwards; then the pages that come next in the direction of travel;
   then small previews of the pages around, so that a fast scroll never meets blank paper.
3. Whatever is not in ``Plan.pages`` may be dropped (``RenderHost.set_visible``).
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator
from typing import Final

from msgspec import Struct

from client.viewer.events import TileRequest
from client.viewer.geometry import Box, Layout, pixel_size
from client.viewer.messages import NEXT, ON_SCREEN, PREVIEW
from client.viewer.tile_cache import WHOLE, TileKey

WHOLE_PIXELS: Final = 4_000_000
TILE_PX: Final = 1024
AHEAD: Final = 2
BEHIND: Final = 1
PREVIEW_REACH: Final = 6
PREVIEW_PIXELS: Final = 120_000
"""About 290 x 410 for A4: readable as a shape, 0.4 MB."""


class Viewport(Struct, frozen=True, kw_only=True):
    """What the reader looks at.

    Attributes:
        window: The view's window on the sheet, pixels.
        direction: 1 moving to later pages, -1 to earlier ones, 0 at rest.
        generation: Rises with every move.
    """

    window: Box
    scale: float
    night: bool = False
    sepia: bool = False
    direction: int = 0
    generation: int = 0


class Plan(Struct, frozen=True):
    """The order to ask in, and the pages still of interest (visible ones first)."""

    requests: tuple[TileRequest, ...]
    pages: tuple[int, ...]


def plan(doc: str, layout: Layout, viewport: Viewport, cached: Container[TileKey]) -> Plan:
    """Requests for everything not in ``cached``, most urgent first."""
    window, scale = viewport.window, viewport.scale
    visible = layout.visible(window.y, window.height, scale)
    upcoming = list(_upcoming(visible, len(layout), viewport.direction))
    centre = (window.x + window.width / 2, window.y + window.height / 2)
    urgent: list[tuple[float, TileRequest]] = []
    for page in visible:
        box = layout.page_box(page, scale, window.width)
        for request in _pictures(doc, layout, viewport, page, near=window):
            middle = (box.x + request.x + request.width / 2, box.y + request.y + request.height / 2)
            urgent.append((math.dist(middle, centre), request))
    urgent.sort(key=lambda entry: entry[0])
    ordered = [request for _, request in urgent]
    for page in upcoming:
        ordered.extend(_next_pictures(doc, layout, viewport, page))
    around = [page for page in _around(visible, len(layout)) if page not in upcoming]
    large = [page for page in (*visible, *upcoming) if not _is_whole(layout, page, scale)]
    ordered.extend(_preview(doc, layout, viewport, page) for page in (*large, *around))
    requests = tuple(request for request in ordered if request.key not in cached)
    return Plan(requests, (*visible, *upcoming, *around))


def preview_request(doc: str, layout: Layout, page: int, *, night: bool = False) -> TileRequest:
    """A small picture of a whole page, also used for thumbnails."""
    return _preview(doc, layout, Viewport(window=Box(0, 0, 1, 1), scale=1.0, night=night), page)


def _upcoming(visible: range, count: int, direction: int) -> Iterator[int]:
    later, earlier = (AHEAD, BEHIND) if direction >= 0 else (BEHIND, AHEAD)
    after = range(visible.stop, min(visible.stop + later, count))
    before = range(visible.start - 1, max(visible.start - 1 - earlier, -1), -1)
    yield from (*after, *before) if direction >= 0 else (*before, *after)


def _around(visible: range, count: int) -> Iterator[int]:
    for distance in range(1, PREVIEW_REACH + 1):
        for page in (visible.stop - 1 + distance, visible.start - distance):
            if 0 <= page < count:
                yield page


def _is_whole(layout: Layout, page: int, scale: float) -> bool:
    width, height = layout.pixels(page, scale)
    return width * height <= WHOLE_PIXELS


def _pictures(doc: str, layout: Layout, viewport: Viewport, page: int, near: Box) -> Iterator[TileRequest]:
    """The page in one, or its tiles that ``near`` touches."""
    width, height = layout.pixels(page, viewport.scale)
    if _is_whole(layout, page, viewport.scale):
        yield _request(doc, layout, viewport, page, Box(0, 0, width, height))
        return
    box = layout.page_box(page, viewport.scale, viewport.window.width)
    shown = box.intersection(near)
    if shown is None:
        return
    left, top = shown.x - box.x, shown.y - box.y
    for row in range(top // TILE_PX, (top + shown.height - 1) // TILE_PX + 1):
        for column in range(left // TILE_PX, (left + shown.width - 1) // TILE_PX + 1):
            x, y = column * TILE_PX, row * TILE_PX
            area = Box(x, y, min(TILE_PX, width - x), min(TILE_PX, height - y))
            yield _request(doc, layout, viewport, page, area, cell=(column, row))


def _next_pictures(doc: str, layout: Layout, viewport: Viewport, page: int) -> Iterator[TileRequest]:
    """Next pages: whole ones only; of a page in tiles a preview has to do until it is on screen."""
    if _is_whole(layout, page, viewport.scale):
        width, height = layout.pixels(page, viewport.scale)
        yield _request(doc, layout, viewport, page, Box(0, 0, width, height), priority=NEXT)


def _request(
    doc: str,
    layout: Layout,
    viewport: Viewport,
    page: int,
    area: Box,
    *,
    cell: tuple[int, int] | None = None,
    priority: int = ON_SCREEN,
) -> TileRequest:
    column, row = (WHOLE, WHOLE) if cell is None else cell
    return TileRequest(
        doc=doc, page=page, scale=viewport.scale, x=area.x, y=area.y, width=area.width, height=area.height,
        rotation=layout.rotation, night=viewport.night, sepia=viewport.sepia, generation=viewport.generation,
        priority=priority,
        column=column, row=row,
    )  # fmt: skip


def _preview(doc: str, layout: Layout, viewport: Viewport, page: int) -> TileRequest:
    size = layout.sizes[page]
    scale = min(math.sqrt(PREVIEW_PIXELS / (size[0] * size[1])), 1.0)
    width, height = pixel_size(size, scale, layout.rotation)
    return TileRequest(
        doc=doc, page=page, scale=scale, x=0, y=0, width=width, height=height, rotation=layout.rotation,
        night=viewport.night, sepia=viewport.sepia, generation=viewport.generation, priority=PREVIEW,
    )  # fmt: skip

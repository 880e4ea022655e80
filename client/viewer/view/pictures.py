# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages on the GUI thread: asks the render host for what is missing and keeps what came.

Decides: which requests are under way, so that each picture is asked for once. Refuses: to draw anything
itself. Rules: pixels come as Qt can paint them and are wrapped, not converted or copied: an arriving
page costs this thread nothing; a page that failed is not asked for again until the reader comes back to it or says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec.structs import replace
from PySide6.QtGui import QImage

from client.errors import EcabinetError
from client.viewer.events import Event, PixelsReady, RequestDropped, RequestFailed, TileRequest
from client.viewer.geometry import Layout
from client.viewer.tile_cache import TileCache, TileKey
from client.viewer.tile_schedule import Viewport, plan, preview_request


class Renders(Protocol):
    """What of ``RenderHost`` is needed here."""

    def request(self, tile: TileRequest) -> None:
        """Ask for pixels."""
        ...

    def set_visible(self, doc: str, generation: int, pages: tuple[int, ...]) -> None:
        """The reader moved."""
        ...

    def give_way(self, *, on: bool) -> None:
        """The pen is down, or was lifted."""
        ...


class Pictures:
    """The pictures of one paper.

    Attributes:
        failed: Pages that cannot be drawn, and why.

    Args:
        doc: The paper's name to the host.
        host: Draws; None until the paper is open there: what is kept of it is shown, and nothing is asked for.
        cache: Shared by the canvas and the strip of small pages.
    """

    def __init__(self, doc: str, host: Renders | None, cache: TileCache[QImage]) -> None:
        self.doc = doc
        self.cache = cache
        self.failed: dict[int, EcabinetError] = {}
        self._host = host
        self._asked: set[TileKey] = set()
        self._old: set[TileKey] = set()
        self._generation = 0

    def serve(self, host: Renders) -> None:
        """The paper is open now; the next :meth:`want` asks."""
        self._host = host

    def adopt(self, kept: Iterable[tuple[TileKey, QImage]]) -> None:
        """Pictures of another day: shown like any other, and asked for all the same."""
        for key, image in kept:
            if key not in self.cache:
                self._old.add(key)
                self.cache.put(key, image, image.sizeInBytes())

    def __contains__(self, key: object) -> bool:
        """Whether a picture is here that need not be asked for."""
        return key in self.cache and key not in self._old

    @property
    def asked(self) -> int:
        """How many pictures are on their way."""
        return len(self._asked)

    def want(self, layout: Layout, viewport: Viewport) -> None:
        """Ask for what the view needs and does not have."""
        if self._host is None:
            return
        wanted = plan(self.doc, layout, viewport, self)
        self._generation = viewport.generation
        self._host.set_visible(self.doc, viewport.generation, wanted.pages)
        for request in wanted.requests:
            self._ask(request)

    def give_way(self, *, on: bool) -> None:
        """The pen is down, or was lifted: what is not on screen waits meanwhile."""
        if self._host is not None:
            self._host.give_way(on=on)

    def want_small(self, layout: Layout, page: int, *, night: bool) -> QImage | None:
        """A small picture of a page, now or later."""
        request = preview_request(self.doc, layout, page, night=night)
        found = self.cache.get(request.key)
        if request.key not in self:
            self._ask(replace(request, generation=self._generation))
        return found

    def _ask(self, request: TileRequest) -> None:
        if self._host is not None and request.key not in self._asked and request.page not in self.failed:
            self._asked.add(request.key)
            self._host.request(request)

    def take(self, event: Event) -> int | None:
        """An event of the host; returns the page to repaint or to ask for again, if any."""
        match event:
            case PixelsReady(request=request) if request.doc == self.doc:
                self._asked.discard(request.key)
                self._keep(event)
                return request.page
            case RequestFailed(request=request, error=error) if request.doc == self.doc:
                self._asked.discard(request.key)
                self.failed[request.page] = error
                return request.page
            case RequestDropped(request=request) if request.doc == self.doc:
                self._asked.discard(request.key)
                return request.page
            case _:
                return None

    def try_again(self) -> None:
        """Forget failures and what is under way; the next :meth:`want` asks anew."""
        self.failed.clear()
        self._asked.clear()

    def _keep(self, ready: PixelsReady) -> None:
        image = QImage(ready.pixels, ready.width, ready.height, ready.stride, QImage.Format.Format_RGBX8888)
        self._old.discard(ready.request.key)
        self.cache.put(ready.request.key, image, len(ready.pixels), preview=ready.request.is_preview)

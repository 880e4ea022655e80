# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what is in sight of the open paper, so that it is there at once when the paper is opened again.

Decides: when (the page stood still for a while, and on leaving). Refuses: to keep anything anywhere but in the
encrypted store, and to keep pictures that are not sharp or of another day. Rule: packing runs on a worker thread.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from client.domain.ids import Hash
from client.store import last_views
from client.store.gate import Gate
from client.ui.tasks import Tasks
from client.viewer.events import PaperInfo
from client.viewer.last_view import pack
from client.viewer.tile_cache import TileKey
from client.viewer.view.last_pictures import taken
from client.viewer.view.page_canvas import PageCanvas

STILL_MS: Final = 4_000
"""So that a loss of power costs the look of a page that was only passed by."""


class LastViewKeeper(QObject):
    """Watches one canvas."""

    def __init__(self, papers: Gate, tasks: Tasks, canvas: PageCanvas) -> None:
        super().__init__(canvas)
        self._papers, self._tasks, self._canvas = papers, tasks, canvas
        self._info: PaperInfo | None = None
        self._kept: tuple[TileKey, ...] = ()
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self.keep)
        canvas.moved.connect(self._moved)
        canvas.arrived.connect(lambda _page: self._moved())

    def begin(self, info: PaperInfo) -> None:
        """A paper is open."""
        self._info, self._kept = info, ()
        self._still.start()

    @property
    def kept(self) -> bool:
        """Whether something of the open paper was handed to the store."""
        return bool(self._kept)

    def end(self) -> None:
        """It is closed."""
        self.keep()
        self._info = None

    def keep(self) -> None:
        """Keep what is in sight now, if it is sharp and not kept yet."""
        self._still.stop()
        info = self._info
        pictures = self._canvas.in_sight() if info is not None else []
        keys = tuple(key for key, _ in pictures)
        if info is None or not pictures or keys == self._kept:
            return
        self._kept = keys
        papers, plain = self._papers, Hash(info.doc)

        def work() -> None:
            body = pack(info, (taken(key, image) for key, image in pictures))
            papers.write(lambda conn: last_views.keep(conn, plain, body)).result()

        self._tasks.call(work, lambda _none: None, lambda _error: None, owner=self)

    def _moved(self) -> None:
        if self._info is not None:
            self._still.start()

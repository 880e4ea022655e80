# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps where the member is reading and which pages were shown; private, on this device only.

A page counts as shown when it stood still in view for a moment; pages that fly past do not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from client.domain.ids import Hash
from client.store import reading, settings
from client.store.gate import Gate
from client.store.reading import Position, View
from client.ui.screens.reader_edits import together
from client.ui.screens.reader_loading import FIT_SETTING
from client.ui.tasks import Tasks
from client.viewer.view.page_canvas import PageCanvas

STILL_MS: Final = 700
"""How long a page must stand in view."""
KEEP_MS: Final = 2_000
"""At most so much of the place is lost when power goes."""


class PlaceKeeper(QObject):
    """Watches one canvas."""

    def __init__(self, record: Gate, tasks: Tasks, canvas: PageCanvas) -> None:
        super().__init__(canvas)
        self._record, self._tasks, self._canvas = record, tasks, canvas
        self._plain: Hash | None = None
        self._seen: set[int] = set()
        self._still = self._timer(STILL_MS, self._note_seen)
        self._keep = self._timer(KEEP_MS, self.save)
        canvas.moved.connect(self._moved)

    def _timer(self, wait_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(slot)
        return timer

    def begin(self, plain: Hash) -> None:
        """Another paper is open."""
        self._plain = plain
        self._seen.clear()
        self._moved()
        self.save()  # opening it makes it the paper read last

    def end(self) -> None:
        """It is left; its place is kept."""
        if self._plain is not None and self._keep.isActive():
            self.save()
        self._still.stop()
        self._plain = None

    def save(self) -> None:
        """Keep the place now."""
        self._keep.stop()
        plain, state = self._plain, self._canvas.state
        if plain is None or state is None:
            return
        place = self._canvas.place_now()
        fit = state.fit.value
        left = Position(place.page, max(0.0, place.y), state.scale, View(state.rotation, fit, state.mode.value))

        written = self._record.write(
            lambda conn: together(
                (
                    settings.put(conn, FIT_SETTING, fit),
                    reading.remember(conn, plain, left),
                )
            )
        )
        self._tasks.run(written, lambda _: None, owner=self)

    def _moved(self) -> None:
        if self._plain is not None:
            self._still.start()
            if not self._keep.isActive():
                self._keep.start()

    def _note_seen(self) -> None:
        plain = self._plain
        if plain is None:
            return
        pages = sorted(set(self._canvas.pages_read()) - self._seen)
        if not pages:
            return
        self._seen.update(pages)

        written = self._record.write(lambda conn: together(reading.mark_page_seen(conn, plain, page) for page in pages))
        self._tasks.run(written, lambda _: None, owner=self)

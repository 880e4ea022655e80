# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages that were already drawn, newest use kept, bounded by bytes.

Decides: what is forgotten first (the least recently used; a low-resolution preview only after every sharp
picture). Refuses: a single picture larger than the whole cache. Not thread-safe: it belongs to the GUI
thread, holds whatever the view stores (bytes, images) and never looks inside.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Generic, NamedTuple, TypeVar

DEFAULT_BYTES: Final = 96 * 1024 * 1024
LEAST_BYTES: Final = 48 * 1024 * 1024
VIEWS: Final = 12
"""What is planned ahead (``tile_schedule``: the pages in sight, two ahead, one behind, a dozen previews) is about nine
views of A4 at full width; more only remembers pages that were left, which are drawn again in milliseconds."""
WHOLE: Final = -1
"""``column`` and ``row`` of a picture that covers its whole page."""

_Picture = TypeVar("_Picture")


def scale_bucket(scale: float) -> int:
    """Pixels per point in thousandths: scales nearer than that share pictures."""
    return round(scale * 1000)


class TileKey(NamedTuple):
    """What a picture shows.

    Attributes:
        bucket: See :func:`scale_bucket`.
        column: Counted in tiles from the left, or ``WHOLE``; likewise ``row`` from the top.
    """

    doc: str
    page: int
    bucket: int
    rotation: int
    night: bool
    column: int = WHOLE
    row: int = WHOLE
    sepia: bool = False


def fitting_bytes(pixels: int) -> int:
    """Room for a view of so many device pixels: for what is planned ahead, not for every page that was ever seen."""
    return min(DEFAULT_BYTES, max(LEAST_BYTES, VIEWS * 4 * pixels))


class TileCache(Generic[_Picture]):
    """Least-recently-used pictures by ``TileKey``.

    Args:
        limit_bytes: Sum of the sizes given to :meth:`put` that is never exceeded.
    """

    def __init__(self, limit_bytes: int = DEFAULT_BYTES) -> None:
        self._limit = self._most = limit_bytes
        self._used = 0
        self._sharp: OrderedDict[TileKey, tuple[_Picture, int]] = OrderedDict()
        self._previews: OrderedDict[TileKey, tuple[_Picture, int]] = OrderedDict()
        self._by_page: dict[tuple[str, int], set[TileKey]] = {}

    @property
    def used_bytes(self) -> int:
        """Bytes held now."""
        return self._used

    def __len__(self) -> int:
        return len(self._sharp) + len(self._previews)

    def __contains__(self, key: object) -> bool:
        return key in self._sharp or key in self._previews

    def get(self, key: TileKey) -> _Picture | None:
        """The picture, now the most recently used, or None."""
        for shelf in (self._sharp, self._previews):
            found = shelf.get(key)
            if found is not None:
                shelf.move_to_end(key)
                return found[0]
        return None

    def put(self, key: TileKey, picture: _Picture, size: int, *, preview: bool = False) -> bool:
        """Keeps ``picture`` of ``size`` bytes; returns False if it alone exceeds the cache."""
        self.discard(key)
        if size > self._limit:
            return False
        (self._previews if preview else self._sharp)[key] = (picture, size)
        self._by_page.setdefault((key.doc, key.page), set()).add(key)
        self._used += size
        while self._used > self._limit:
            self._evict(keep=key)
        return True

    def resize(self, limit_bytes: int) -> None:
        """From now on keep no more than this, nor than at first; what was used longest ago goes at once."""
        self._limit = min(self._most, limit_bytes)
        while self._used > self._limit:
            self._evict()

    def _evict(self, keep: TileKey | None = None) -> None:
        for shelf in (self._sharp, self._previews):
            oldest = next((key for key in shelf if key != keep), None)
            if oldest is not None:
                self.discard(oldest)
                return
        raise AssertionError("one picture within the limit cannot exceed it")

    def discard(self, key: TileKey) -> None:
        """Forgets one picture; unknown keys are fine."""
        for shelf in (self._sharp, self._previews):
            found = shelf.pop(key, None)
            if found is not None:
                self._used -= found[1]
                keys = self._by_page[key.doc, key.page]
                keys.discard(key)
                if not keys:
                    del self._by_page[key.doc, key.page]

    def stand_in(self, wanted: TileKey) -> TileKey | None:
        """A whole-page picture like ``wanted`` at the nearest other scale, to stretch until the sharp one arrives."""
        fitting = (
            key
            for key in self._by_page.get((wanted.doc, wanted.page), ())
            if key._replace(bucket=wanted.bucket) == wanted
        )
        return min(fitting, key=lambda key: (abs(key.bucket - wanted.bucket), key.bucket), default=None)

    def clear(self) -> None:
        """Forgets everything, for example when the program locks."""
        self._sharp.clear()
        self._previews.clear()
        self._by_page.clear()
        self._used = 0

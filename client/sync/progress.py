# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far each pack is, counted in sealed bytes while several papers of it arrive at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence

from client.domain.ids import Hash, PackId
from client.domain.paper import PaperVersion
from client.sync.events import PackProgress


class Progress:
    """From any thread.

    Args:
        tell: Called about once per percent of a paper or its pack, on the thread that counted.
    """

    def __init__(self, tell: Callable[[PackProgress], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._last: dict[PackId, PackProgress] = {}
        self._arrived: dict[PackId, dict[Hash, int]] = {}

    def all(self) -> tuple[PackProgress, ...]:
        """Packs being fetched."""
        with self._lock:
            return tuple(self._last[pack] for pack in sorted(self._last))

    def of(self, pack: PackId) -> PackProgress | None:
        """What was last told of a pack."""
        with self._lock:
            return self._last.get(pack)

    def forget(self, pack: PackId) -> None:
        """The pack is complete."""
        with self._lock:
            self._last.pop(pack, None)
            self._arrived.pop(pack, None)

    def begin(
        self, pack: PackId, paper: PaperVersion, wanted: Sequence[PaperVersion], here: Collection[Hash]
    ) -> Callable[[int], None]:
        """A counter for the arriving bytes of one paper.

        Args:
            pack: Its pack.
            paper: The paper.
            wanted: Every paper of the pack that has bytes.
            here: Blobs that are present.
        """
        assert paper.blob is not None
        blob, size = paper.blob, paper.blob_size
        with self._lock:
            arrived = self._arrived.setdefault(pack, {})
            arrived.update(
                {each.blob: each.blob_size for each in wanted if each.blob is not None and each.blob in here}
            )
            arrived[blob] = 0
        total = sum(each.blob_size for each in wanted)
        told = (-1, -1)

        def count(more: int) -> None:
            nonlocal told
            with self._lock:
                arrived[blob] = min(arrived[blob] + more, size)
                done = min(sum(arrived.values()), total)
                at = PackProgress(pack, done, total, paper.id, arrived[blob], size)
                percent = (done * 100 // max(total, 1), at.paper_done * 100 // max(size, 1))
                news = percent != told
                if news:
                    told = percent
                    self._last[pack] = at
            if news:
                self._tell(at)

        return count

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hints over server-sent events: "something of this kind changed", never what.

A lost, repeated or forged hint can cause nothing but a pull, so the hub promises little: numbers grow (also
over restarts, since they start from the clock), the newest ``ring`` hints can be had again by
``Last-Event-ID``, and whoever missed more gets one hint to pull the index. Readers share the ring; a slow one
costs no memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from client.clock import Clock
from client.protocol import codec
from server.storage.transaction import Hint

SETTLE_S: Final = 0.5
"""A session under vote changes with every vote: its hints leave at most this often, the last one always."""
RETRY_MS: Final = 2000
"""After how long a client reconnects by itself."""
_MISSED: Final = Hint("index", "missed")


class Hub:
    """Where hints are published and read.

    Args:
        clock: Gives the first number.
        ring: How many hints are kept.
    """

    def __init__(self, clock: Clock, *, ring: int) -> None:
        self._clock = clock
        self._ring: deque[tuple[int, Hint]] = deque(maxlen=ring)
        self._last: int = clock.now()
        self._dropped: int = self._last
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._closed = False
        self.readers: dict[str, int] = {}
        self._settling: dict[Hint, bool] = {}

    def bind(self) -> None:
        """Use the running event loop; before it, and after :meth:`close`, hints go nowhere."""
        self._loop = asyncio.get_running_loop()

    def publish(self, hints: Sequence[Hint]) -> None:
        """Announce hints; from any thread."""
        if hints and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._add, tuple(hints))

    def close(self) -> None:
        """End all streams; call on the event loop."""
        self._closed = True
        self._news.set()

    async def stream(
        self, reader: str, *, last_id: int | None, heartbeat_s: float, welcome: Callable[[], bool]
    ) -> AsyncIterator[bytes]:
        """One reader's stream in the form of the HTML standard, section 9.2.

        Args:
            reader: Who reads, for counting.
            last_id: The last hint the reader has seen; None for none.
            heartbeat_s: Silence after which a comment line goes out.
            welcome: Asked whenever something goes out; False ends the stream.
        """
        seen = self._last if last_id is None else last_id
        self.readers[reader] = self.readers.get(reader, 0) + 1
        try:
            yield f"retry: {RETRY_MS}\n\n".encode()
            while not self._closed and welcome():
                news = self._news
                batch = self._after(seen)
                for number, hint in batch:
                    seen = number
                    yield b"id: %d\nevent: hint\ndata: %s\n\n" % (number, codec.encode(hint))
                if batch:
                    continue
                try:
                    await asyncio.wait_for(news.wait(), heartbeat_s)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self.readers[reader] -= 1
            if not self.readers[reader]:
                del self.readers[reader]

    def _add(self, hints: Sequence[Hint]) -> None:
        self._announce([hint for hint in hints if not self._held(hint)])

    def _held(self, hint: Hint) -> bool:
        """Whether a hint of a busy session waits for the next round."""
        if hint.kind != "session":
            return False
        if hint in self._settling:
            self._settling[hint] = True
            return True
        self._settling[hint] = False
        assert self._loop is not None
        self._loop.call_later(SETTLE_S, self._settled, hint)
        return False

    def _settled(self, hint: Hint) -> None:
        if self._settling.pop(hint) and not self._closed:
            self._add((hint,))

    def _announce(self, hints: Sequence[Hint]) -> None:
        if not hints:
            return
        for hint in hints:
            self._last = max(self._last + 1, self._clock.now())
            if len(self._ring) == self._ring.maxlen:
                self._dropped = self._ring[0][0]
            self._ring.append((self._last, hint))
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _after(self, seen: int) -> list[tuple[int, Hint]]:
        if seen > self._last:
            return [(self._last, _MISSED)]  # a number we never gave: another clock, another life
        if seen < self._dropped:
            return [(self._last, _MISSED)]
        return [entry for entry in self._ring if entry[0] > seen]

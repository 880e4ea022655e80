# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hints from the service, on a thread of their own: each causes a look, none is believed.

A lost stream is opened again after a jittered wait and goes on after the last event seen; a forged or lost hint
costs a look or a little time, nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from client.crypto.random import Random
from client.errors import EcabinetError
from client.sync import schedule
from client.sync.transport import Transport

log = logging.getLogger(__name__)

HINTS: Final = frozenset({"index", "poll", "closing", "session", "bulletin"})
STOP_S: Final = 1.0


class Live:
    """Keeps one event stream open.

    Args:
        transport: One of its own: the engine ends its requests without ending the stream.
        poke: Called with the hint's kind, on this thread.
        rng: For spreading reconnections.
    """

    def __init__(self, transport: Transport, *, poke: Callable[[str], None], rng: Random) -> None:
        self._transport = transport
        self._poke = poke
        self._rng = rng
        self._wake = threading.Condition()
        self._stopping = False
        self._offline = False
        self._woken = False
        self._last_id = ""
        self._failures = 0
        self._thread: threading.Thread | None = None
        self.connected = threading.Event()

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """End the stream and the thread; whether it ended within a second."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._transport.abort()
        if self._thread is None:
            return True
        self._thread.join(STOP_S)
        return not self._thread.is_alive()

    def set_offline(self, offline: bool) -> None:
        """Close the stream while the member works offline."""
        with self._wake:
            self._offline = offline
            self._wake.notify_all()
        if offline:
            self._transport.abort()

    def wake(self) -> None:
        """The network came or changed, or the machine woke: the old stream is dead even if it does not know it yet."""
        with self._wake:
            self._woken = True
            self._wake.notify_all()
        self._transport.abort()

    def _run(self) -> None:
        while self._await_turn():
            try:
                self._listen()
            except EcabinetError as error:
                log.info("live: %s", error)
            self.connected.clear()
            with self._wake:
                if self._stopping or self._offline:
                    continue
                self._failures += 1
                self._wake.wait_for(lambda: self._stopping or self._offline or self._woken, self._delay())
                if self._woken:
                    self._woken, self._failures = False, 1

    def _await_turn(self) -> bool:
        with self._wake:
            while self._offline and not self._stopping:
                self._wake.wait()
            return not self._stopping

    def _listen(self) -> None:
        with self._transport.events(self._last_id) as stream:
            if self._stopping or self._offline:
                return
            self.connected.set()
            if self._failures:
                self._poke("reconnected")  # whatever was missed meanwhile
            for event in stream:
                self._failures = 0  # only now: a peer that accepts and hangs up at once must not be asked at once
                self._last_id = event.last_id or self._last_id
                if event.kind in HINTS:
                    self._poke(event.kind)

    def _delay(self) -> float:
        draw = int.from_bytes(self._rng(4), "big") / 2**32
        return schedule.retry_delay_s(self._failures, draw=draw)

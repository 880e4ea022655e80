# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this device believes the time to be (protocol.md, section 8).

The wall clock is a claim. Signed times from the service correct it; between two of them the monotonic clock
carries the estimate on. The estimate is never earlier than the floor: the newest signed time ever seen.

Rules: a correction needs a verified signature (the caller's duty), except for dating requests before any
service key is known; the wall clock jumping back is ignored; jumping ahead of the monotonic clock is taken as
sleep, because a machine that slept does lag behind, and a later time only makes this device stricter.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from client.clock import Clock, Millis, to_rfc3339
from client.domain.ids import Moment

_STEP_MS = 2_000
"""A difference between wall and monotonic clocks below this is drift, not a jump."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A signed time, and both clocks of this machine when it was read."""

    signed: int
    wall: int
    monotonic: float
    error_ms: int


class Timekeeper:
    """The estimate; may be asked from any thread.

    Args:
        clock: The machine's clocks.
        floor: Newest signed time seen in earlier runs, or the build date; UTC milliseconds.
    """

    def __init__(self, clock: Clock, floor: int = 0) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._floor = floor
        self._sighting: _Sighting | None = None
        self._dating: _Sighting | None = None
        self._last_sync: Millis | None = None

    def now(self) -> Millis:
        """The estimate, UTC milliseconds."""
        with self._lock:
            return Millis(max(self._floor, self._estimate()))

    @property
    def floor(self) -> Millis:
        """The newest signed time seen, UTC milliseconds: it is not earlier than this."""
        with self._lock:
            return Millis(self._floor)

    def request_time(self) -> Millis:
        """What to date requests with: the service's own clock, where it was heard, even behind the floor.

        A service that was wrong once and put right would otherwise refuse this device until time caught up.
        """
        with self._lock:
            seen = self._dating or self._sighting
            here = self._clock.now() if seen is None else self._carried(seen)
            return Millis(here if seen is not None else max(self._floor, here))

    def moment(self) -> Moment:
        """The estimate as text."""
        return Moment(to_rfc3339(self.now()))

    def error_ms(self) -> int | None:
        """How far off the estimate may be; None before the first signed time."""
        with self._lock:
            seen = self._sighting
            return None if seen is None else seen.error_ms + abs(self._jump(seen))

    @property
    def last_sync(self) -> Moment | None:
        """Estimated time of the last complete synchronisation."""
        with self._lock:
            return None if self._last_sync is None else Moment(to_rfc3339(self._last_sync))

    def synced(self, at: Millis) -> None:
        """Remember a complete synchronisation."""
        with self._lock:
            self._last_sync = at

    def learn(self, signed: Millis, *, asked: float, verified: bool = True) -> None:
        """Take a signed time.

        Args:
            signed: What the service said.
            asked: Monotonic seconds when the question left: half the way there and back is the error.
            verified: False only for dating requests; the floor stays where it is.
        """
        with self._lock:
            here = self._clock.monotonic()
            error = max(1, round((here - asked) * 500))
            self._sighting, self._dating = _Sighting(int(signed) + error, self._clock.now(), here, error), None
            if verified:
                self._floor = max(self._floor, int(signed))

    def date(self, signed: Millis, *, asked: float) -> None:
        """Date requests by a time that is not believed: it moves neither the estimate nor the floor."""
        with self._lock:
            here = self._clock.monotonic()
            error = max(1, round((here - asked) * 500))
            self._dating = _Sighting(int(signed) + error, self._clock.now(), here, error)

    def raise_floor(self, moment: int) -> None:
        """It is not earlier than ``moment``, UTC milliseconds."""
        with self._lock:
            self._floor = max(self._floor, moment)

    def forget(self) -> None:
        """The last signed time turned out not to be signed: back to the wall clock."""
        with self._lock:
            self._sighting = self._dating = None

    def _estimate(self) -> int:
        return self._clock.now() if self._sighting is None else self._carried(self._sighting)

    def _carried(self, seen: _Sighting) -> int:
        passed = round((self._clock.monotonic() - seen.monotonic) * 1000)
        return seen.signed + passed + max(self._jump(seen), 0)

    def _jump(self, seen: _Sighting) -> int:
        """Milliseconds by which the wall clock went further than the monotonic one; 0 for mere drift."""
        passed = round((self._clock.monotonic() - seen.monotonic) * 1000)
        jump = self._clock.now() - seen.wall - passed
        return jump if abs(jump) > _STEP_MS else 0

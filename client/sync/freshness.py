# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the moments the lease is reckoned from (``domain.lease``): when all was fresh, and the latest time noted.

Rules: freshness is noted by a look in which signed time and signed metadata both verified; the latest estimate is noted
at every look, also without a network, and starts anew with each freshness, so that a clock that was wrong once and put
right by the service does not lock the device for ever.
"""

from __future__ import annotations

import threading

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.domain.lease import DEFAULT_DAYS, Lease, lease
from client.store import settings
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.store.gate import Gate
from client.sync.timekeeper import Timekeeper

_FRESH = "lease.fresh"
_LATEST = "lease.latest"


class Freshness:
    """The lease of one device; may be asked from any thread, waits for the store only in ``load`` and ``note``.

    Args:
        record: Gate of ``record.db``.
        time: The estimate of present time.
        days: Length of the lease, from policy.
    """

    def __init__(self, record: Gate, time: Timekeeper, days: int = DEFAULT_DAYS) -> None:
        self._record, self._time, self._days = record, time, days
        self._lock = threading.Lock()
        self._fresh: Millis | None = None
        self._latest: Millis | None = None

    def load(self) -> None:
        """Take up what earlier runs noted."""

        def read(conn: Connection) -> tuple[str, str]:
            return settings.get(conn, _FRESH, str, ""), settings.get(conn, _LATEST, str, "")

        fresh, latest = self._record.read(read).result()
        with self._lock:
            self._fresh = from_rfc3339(fresh) if fresh else None
            self._latest = from_rfc3339(latest) if latest else None

    def lease(self) -> Lease:
        """Where it stands now."""
        with self._lock:
            fresh, latest = self._fresh, self._latest
        return lease(fresh=fresh, now=self._time.now(), latest=latest, days=self._days)

    def note(self, *, fresh: bool) -> None:
        """After a look: the latest time, and whether everything was fresh."""
        now = self._time.now()
        with self._lock:
            latest = now if fresh or self._latest is None else Millis(max(now, self._latest))
            if not fresh and latest == self._latest:
                return
            self._latest = latest
            if fresh:
                self._fresh = now
            noted = self._fresh

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            changes = settings.put(conn, _LATEST, to_rfc3339(latest))[1]
            if fresh and noted is not None:
                changes |= settings.put(conn, _FRESH, to_rfc3339(noted))[1]
            return None, changes

        self._record.write(write).result()

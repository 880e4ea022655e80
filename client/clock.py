# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only place that reads the machine's clocks; everything else is handed a ``Clock``.

Times are UTC. On the wire and in the store they are milliseconds since 1970-01-01T00:00:00Z (``Millis``)
or RFC 3339 text with millisecond precision and a ``Z``; nothing keeps local time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NewType, Protocol

Millis = NewType("Millis", int)
"""Milliseconds since the Unix epoch, UTC."""


class Clock(Protocol):
    """What a module may know of time."""

    def now(self) -> Millis:
        """The wall clock's claim, UTC milliseconds; may jump either way."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary origin; never goes back, may stop while the machine sleeps."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> Millis:
        """The wall clock's claim, UTC milliseconds."""
        return Millis(time.time_ns() // 1_000_000)

    def monotonic(self) -> float:
        """Seconds from an arbitrary origin."""
        return time.monotonic()


def to_rfc3339(moment: Millis) -> str:
    """``2026-11-27T02:15:31.204Z``; always milliseconds, always ``Z`` (RFC 3339)."""
    seconds, millis = divmod(moment, 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{millis:03d}Z"


def from_rfc3339(text: str) -> Millis:
    """The inverse of :func:`to_rfc3339`; also takes other offsets and precisions.

    Raises:
        ValueError: If ``text`` is not an RFC 3339 time with an offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("time without offset")
    return Millis(round(moment.timestamp() * 1000))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""When to try again: pure arithmetic on seconds, no clock, no randomness of its own.

Rules:
1. After a failure the wait is drawn evenly from 0 to ``min(MAX, BASE * 2**failures)`` ("full jitter"), so that
   six hundred devices that lost the service together do not come back together.
2. ``Retry-After`` is a floor, as long as the service's own closing time is not inside it.
3. A ballot that waits here and closes in less than ``CLOSING_WINDOW`` forces a try every few seconds; one that
   closes later is tried at the latest when its window begins.
4. After a success the next look comes after the idle interval, spread by a fifth either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BASE_S: Final = 1.0
MAX_S: Final = 300.0
MAX_RETRY_AFTER_S: Final = 3600.0
"""A service that asks for more is asked again after this long."""
CLOSING_WINDOW_S: Final = 600.0
CLOSING_CAP_S: Final = 5.0
IDLE_S: Final = 60.0
IDLE_SPREAD: Final = 0.2
_MAX_EXPONENT: Final = 16


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between looks when nothing happens; papers at once (with one, the plan alone orders the requests)."""

    idle_s: float = IDLE_S
    streams: int = 1


USUAL: Final = Pace()


def ceiling_s(failures: int) -> float:
    """The longest wait after ``failures`` failures in a row (at least 1), seconds."""
    return min(MAX_S, BASE_S * 2.0 ** min(max(failures - 1, 0), _MAX_EXPONENT))


def retry_delay_s(
    failures: int,
    *,
    draw: float,
    retry_after_s: float | None = None,
    closes_in_s: float | None = None,
) -> float:
    """Seconds until the next try after a failure.

    Args:
        failures: Failures in a row, 1 for the first.
        draw: Evenly random in ``[0, 1)``.
        retry_after_s: What the service asked for, if it did.
        closes_in_s: Seconds until the first closing among ballots that wait here; negative once it has passed.
    """
    delay = draw * ceiling_s(failures)
    if retry_after_s is not None:
        delay = max(delay, min(max(retry_after_s, 0.0), MAX_RETRY_AFTER_S))
    return hurry_s(delay, draw=draw, asked=retry_after_s is not None, closes_in_s=closes_in_s)


def hurry_s(delay_s: float, *, draw: float, asked: bool = False, closes_in_s: float | None = None) -> float:
    """``delay_s``, shortened where a closing time demands it (rules 2 and 3).

    Args:
        delay_s: The wait otherwise.
        draw: Evenly random in ``[0, 1)``; spreads the forced tries.
        asked: ``delay_s`` is the service's own wish: kept while it ends before the closing.
        closes_in_s: Seconds until the first closing among ballots that wait here.
    """
    if closes_in_s is None or closes_in_s <= 0:
        return delay_s
    if asked and delay_s < closes_in_s / 2:
        return delay_s
    if closes_in_s > CLOSING_WINDOW_S:
        return min(delay_s, closes_in_s - CLOSING_WINDOW_S)
    return min(delay_s, CLOSING_CAP_S * (0.5 + draw / 2), closes_in_s / 2)


def idle_delay_s(*, draw: float, interval_s: float = IDLE_S) -> float:
    """Seconds until the next look after a success; hints arrive in between."""
    return interval_s * (1 - IDLE_SPREAD + 2 * IDLE_SPREAD * draw)

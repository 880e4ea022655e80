# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lease: how long a device may stay open without hearing from the service (protocol.md, section 8).

A tablet that was stolen, or whose member left office, must not stay readable for ever in a drawer without a network.
Pure: who keeps the moments and who locks the screen is decided elsewhere.

Rules:
1. Freshness is a look in which the signed time and the signed metadata both verified; an answer alone is none.
2. A device that never had freshness holds nothing yet and has no lease to lose.
3. Present time is the later of the estimate and the latest estimate ever noted: setting the clock back buys nothing.
4. What waits to be sent is untouched by the end of the lease; it goes out first when the service is reached again.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from client.clock import Millis

DEFAULT_DAYS: Final = 14
"""Days without freshness until the device locks itself; the machine's policy may say 1 to 60."""
WARN_DAYS: Final = 3
"""Days left from which the member is told."""
DAY_MS: Final = 86_400_000


class LeaseState(Enum):
    """Where a lease stands."""

    NONE = "none"
    """Nothing fresh was ever verified: there is nothing to protect yet."""
    RUNNING = "running"
    ENDING = "ending"
    """It ends within ``WARN_DAYS``; the member is told how many days are left."""
    LAPSED = "lapsed"
    """Locked until the service was reached again."""


class Lease(Struct, frozen=True):
    """A lease at one moment.

    Attributes:
        ends: When it lapses, UTC milliseconds; None without a lease.
        left_ms: Until then, milliseconds; 0 once lapsed and without a lease.
    """

    state: LeaseState
    ends: Millis | None = None
    left_ms: int = 0

    @property
    def days_left(self) -> int:
        """Whole days left, rounded up, as the member is told: 1 on the last day, 0 once lapsed."""
        return -(-self.left_ms // DAY_MS)

    @property
    def lapsed(self) -> bool:
        """Whether the device must not open."""
        return self.state is LeaseState.LAPSED

    def covers(self, moment: Millis) -> bool:
        """Whether the device stays open until ``moment`` with no network at all: the question before a journey."""
        return self.ends is None or moment < self.ends


NO_LEASE: Final = Lease(LeaseState.NONE)


def lease(*, fresh: Millis | None, now: Millis, latest: Millis | None = None, days: int = DEFAULT_DAYS) -> Lease:
    """Where the lease stands.

    Args:
        fresh: When freshness was last verified, by signed time; None for never.
        now: The estimate of present time.
        latest: The latest estimate ever noted (rule 3); None for none.
        days: Length, from the machine's policy.
    """
    if fresh is None:
        return NO_LEASE
    ends = Millis(fresh + days * DAY_MS)
    left = max(0, ends - max(now, latest if latest is not None else now))
    if left == 0:
        return Lease(LeaseState.LAPSED, ends)
    warn = min(WARN_DAYS, days) * DAY_MS
    return Lease(LeaseState.ENDING if left <= warn and days > WARN_DAYS else LeaseState.RUNNING, ends, left)

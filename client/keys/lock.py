# SPDX-License-Identifier: AGPL-3.0-or-later
"""States of a device (protocol.md, section 10) as one table, and when it locks itself. Pure: no clock, no keys.

SUSPENDED means that the service does not list the device as active, or that nothing fresh was verified for
the length of the lease: what was signed is kept, papers stay closed. WIPED is final.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from client.clock import Millis
from client.errors import InternalFault


class DeviceState(Enum):
    """Where the device stands."""

    NEW = "new"
    PENDING = "pending"
    ACTIVE = "active"
    LOCKED = "locked"
    SUSPENDED = "suspended"
    WIPED = "wiped"


class DeviceEvent(Enum):
    """What happened to it."""

    ENROL_SENT = "enrol_sent"
    ENROL_LAPSED = "enrol_lapsed"
    ADMITTED = "admitted"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SUSPENDED = "suspended"
    LEASE_LAPSED = "lease_lapsed"
    RESTORED = "restored"
    WIPED = "wiped"


_S, _E = DeviceState, DeviceEvent
SLEEP_GAP_S = 20.0
"""A wall clock this far ahead of the monotonic one was carried on while the machine slept."""

TRANSITIONS: Mapping[tuple[DeviceState, DeviceEvent], DeviceState] = MappingProxyType(
    {
        (_S.NEW, _E.ENROL_SENT): _S.PENDING,
        (_S.PENDING, _E.ENROL_SENT): _S.PENDING,
        (_S.PENDING, _E.ENROL_LAPSED): _S.NEW,
        (_S.PENDING, _E.ADMITTED): _S.ACTIVE,
        (_S.PENDING, _E.SUSPENDED): _S.SUSPENDED,
        (_S.PENDING, _E.WIPED): _S.WIPED,
        (_S.ACTIVE, _E.LOCKED): _S.LOCKED,
        (_S.ACTIVE, _E.SUSPENDED): _S.SUSPENDED,
        (_S.ACTIVE, _E.LEASE_LAPSED): _S.SUSPENDED,
        (_S.ACTIVE, _E.WIPED): _S.WIPED,
        (_S.LOCKED, _E.LOCKED): _S.LOCKED,
        (_S.LOCKED, _E.UNLOCKED): _S.ACTIVE,
        (_S.LOCKED, _E.SUSPENDED): _S.SUSPENDED,
        (_S.LOCKED, _E.LEASE_LAPSED): _S.SUSPENDED,
        (_S.LOCKED, _E.WIPED): _S.WIPED,
        (_S.SUSPENDED, _E.SUSPENDED): _S.SUSPENDED,
        (_S.SUSPENDED, _E.LEASE_LAPSED): _S.SUSPENDED,
        (_S.SUSPENDED, _E.RESTORED): _S.LOCKED,  # the PIN again before anything is shown
        (_S.SUSPENDED, _E.WIPED): _S.WIPED,
        (_S.WIPED, _E.WIPED): _S.WIPED,
    }
)
"""Every arrow there is; a pair that is not here is a bug of the caller."""


def after(state: DeviceState, event: DeviceEvent) -> DeviceState:
    """The state that follows.

    Raises:
        InternalFault: No such arrow.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError as error:
        raise InternalFault(f"device {state.value} + {event.value}") from error


@dataclass(frozen=True, slots=True)
class AutoLock:
    """Locks after ``idle_s`` seconds without the member, by whichever clock says so first.

    Both clocks count because the monotonic one may stop while the machine sleeps and the wall clock may be
    set back.

    Args:
        idle_s: Seconds without input.
        last_monotonic: Monotonic seconds of the last input.
        last_wall: Wall clock of the last input, UTC milliseconds.
    """

    idle_s: float
    last_monotonic: float
    last_wall: Millis

    def touched(self, monotonic: float, wall: Millis) -> AutoLock:
        """The same after an input of the member."""
        return replace(self, last_monotonic=monotonic, last_wall=wall)

    def remaining(self, monotonic: float, wall: Millis) -> float:
        """Seconds until it locks; 0 or less means now. Arm the timer with this."""
        idle = max(monotonic - self.last_monotonic, (wall - self.last_wall) / 1000)
        return self.idle_s - idle

    def due(self, monotonic: float, wall: Millis) -> bool:
        """Whether to lock now."""
        return self.remaining(monotonic, wall) <= 0


def slept(monotonic_s: float, wall_ms: int) -> bool:
    """Whether the machine slept while so much passed on either clock: the monotonic one stands still meanwhile.

    Where it does not (Windows counts on), the operating system tells of the sleep itself.
    """
    return wall_ms / 1000 - monotonic_s > SLEEP_GAP_S

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the operating system tells of the network and of sleep: each is a reason to look now, none is believed.

The system is asked which of its own addresses it would use to leave the machine; nothing is sent for that. An address
that appears or changes is a network that came or was changed. Whether the service answers there (it may be a sign-in
page) is found out by asking it. Qt's own network module would tell a little sooner; it is left out of the installers.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from client.clock import Clock

TICK_MS: Final = 5_000
ASLEEP_MS: Final = 60_000
"""Wall time that the ticks cannot explain: the machine slept, or its clock was set; a look does no harm."""
_OUTSIDE: Final = (
    (socket.AF_INET, "192.0.2.1"),  # for documentation (RFC 5737), so never anybody's
    (socket.AF_INET6, "2001:db8::1"),  # likewise (RFC 3849)
)
_DISCARD: Final = 9


def own_addresses() -> frozenset[str]:
    """Addresses from which this machine would reach the outside; empty without a network. Sends nothing."""
    found = set()
    for family, outside in _OUTSIDE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((outside, _DISCARD))  # of a datagram socket: only chooses the route
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue  # no route of this family
    return frozenset(found)


class NetworkWatch(QObject):
    """Calls ``poke`` when a network came or was changed, and when the machine woke.

    Args:
        poke: The engine's; given ``"network"`` or ``"wake"``.
        clock: Its wall side is compared between two ticks.
        addresses: See :func:`own_addresses`.
    """

    def __init__(
        self,
        poke: Callable[[str], None],
        clock: Clock,
        parent: QObject | None = None,
        *,
        addresses: Callable[[], frozenset[str]] = own_addresses,
    ) -> None:
        super().__init__(parent)
        self._poke, self._clock, self._addresses = poke, clock, addresses
        self._seen, self._known = clock.now(), addresses()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(TICK_MS)

    def tick(self) -> None:
        """Compare addresses and the wall clock with those of the last tick."""
        before, self._known = self._known, self._addresses()
        now = self._clock.now()
        gap, self._seen = now - self._seen - TICK_MS, now
        if self._known - before:
            self._poke("network")
        elif gap >= ASLEEP_MS:
            self._poke("wake")

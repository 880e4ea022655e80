# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's own devices, and what about them the member has not been told yet. Pure.

Rules: what was there when this device first looked is known; every device that is listed later, and every one that
loses its right later, is told on each of the member's other devices until it is confirmed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from msgspec import Struct

from client.domain.ids import DeviceId, Moment


class NoticeKind(Enum):
    """What a notice is about."""

    DEVICE_NEW = "device_new"
    DEVICE_ENDED = "device_ended"
    ACTS_CAME_BACK = "acts_came_back"
    """Acts were missing here and came back from the service."""
    NUMBERS_TWICE = "numbers_twice"
    """Numbers that bear one act here and another at the service."""
    ACTS_LOST = "acts_lost"
    """Acts of an earlier device that the service does not have."""


class OwnDevice(Struct, frozen=True):
    """One device of the member, as the signed directory lists it.

    Attributes:
        name: What it called itself; empty for none.
        digits24: Its key fingerprint as six groups of digits.
        state: ``active``, ``suspended``, ``revoked`` or ``wipe``.
        here: It is this one.
    """

    id: DeviceId
    name: str
    digits24: str
    state: str
    since: Moment
    until: Moment
    here: bool = False

    @property
    def active(self) -> bool:
        """Whether it may act, its time not considered."""
        return self.state == "active"


class Notice(Struct, frozen=True):
    """Something the member is told once and confirms.

    Attributes:
        device: Of a device's notice.
        numbers: Of a notice about acts; ``saved`` gives a moment to each where it is known.
    """

    kind: NoticeKind
    device: OwnDevice | None = None
    numbers: tuple[int, ...] = ()
    saved: tuple[Moment, ...] = ()


def device_notices(devices: Iterable[OwnDevice], seen: Mapping[str, str] | None) -> tuple[Notice, ...]:
    """What is new since ``seen`` (device id to state); None before the first look, when nothing is new."""
    if seen is None:
        return ()
    found = []
    for device in devices:
        before = seen.get(device.id)
        if device.here or before == device.state:
            continue
        if not device.active and before is not None:
            found.append(Notice(NoticeKind.DEVICE_ENDED, device))
        elif device.active:
            found.append(Notice(NoticeKind.DEVICE_NEW, device))
    return tuple(found)

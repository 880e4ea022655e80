# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member must be told once: new and ended devices, acts that came back, acts that are lost.

Gathered from the signed directory, from what the service was found to have, and from what an earlier device left
behind; kept until confirmed. Every method may block and belongs on a worker thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from client import left_behind
from client.crypto.fingerprint import fingerprint
from client.domain.devices import Notice, NoticeKind, OwnDevice, device_notices
from client.errors import ServiceError
from client.store import settings, witnessed
from client.store.connection import Connection

if TYPE_CHECKING:
    from client.core import Core

_SEEN = "devices.seen"


class Notices:
    """The notices of one unlocked device.

    Args:
        core: Asked, never changed but for what was confirmed.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    def devices(self) -> tuple[OwnDevice, ...]:
        """The member's devices, this one first, then the newest."""
        core = self._core
        directory = core.trust.directory()
        found = [
            OwnDevice(
                id=entry.id,
                name=entry.name,
                digits24=fingerprint(entry.sign, entry.seal).digits24,
                state=entry.state.value,
                since=entry.since,
                until=entry.until,
                here=entry.id == core.profile.device,
            )
            for entry in (() if directory is None else directory.devices)
            if entry.member == core.profile.member
        ]
        newest = sorted(found, key=lambda device: device.since, reverse=True)
        return tuple(sorted(newest, key=lambda device: not device.here))

    def current(self) -> tuple[Notice, ...]:
        """What is not confirmed yet, what concerns acts first."""
        core = self._core
        lost, seen = core.record.read(_read).result()
        devices = self.devices()
        if seen is None and devices:
            core.record.write(lambda conn: settings.put(conn, _SEEN, _states(devices))).result()
        found = []
        if lost.missing:
            found.append(Notice(NoticeKind.ACTS_CAME_BACK, numbers=lost.missing))
        if lost.twice:
            found.append(Notice(NoticeKind.NUMBERS_TWICE, numbers=lost.twice))
        return (*found, *self._left(), *device_notices(devices, seen))

    def confirm(self, notice: Notice) -> None:
        """The member read it."""
        core = self._core
        if notice.kind in {NoticeKind.ACTS_CAME_BACK, NoticeKind.NUMBERS_TWICE}:
            core.record.write(witnessed.confirm_lost).result()
        elif notice.kind is NoticeKind.ACTS_LOST:
            left_behind.confirm(core.paths)
        elif notice.device is not None:
            known = core.record.read(_read).result()[1] or {}
            states = {**known, notice.device.id: notice.device.state}
            core.record.write(lambda conn: settings.put(conn, _SEEN, states)).result()

    def _left(self) -> tuple[Notice, ...]:
        if self._core.engine.status().last_sync is None:
            return ()
        try:
            left = left_behind.compare(self._core.paths, self._core.engine.has)
        except ServiceError:
            return ()  # asked again with the next look
        if left is None or not left.acts:
            return ()
        numbers, saved = tuple(act.n for act in left.acts), tuple(act.saved for act in left.acts)
        return (Notice(NoticeKind.ACTS_LOST, numbers=numbers, saved=saved),)


def _read(conn: Connection) -> tuple[witnessed.Lost, dict[str, str] | None]:
    return witnessed.lost(conn), settings.get(conn, _SEEN, dict[str, str] | None, None)  # type: ignore[arg-type]


def _states(devices: tuple[OwnDevice, ...]) -> dict[str, str]:
    return {device.id: device.state for device in devices}

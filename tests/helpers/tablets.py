# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tablets of several members at one real service, and what that service can do to its own books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from client.domain.ids import MemberId
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import MEMBER, Office


def running_office(folder: Path, *members: MemberId) -> Iterator[Office]:
    """An office whose service runs; for a fixture."""
    office = Office(folder, members=members)
    with office.service() as service:
        office.connect(service.url)
        office.embedded = service  # type: ignore[attr-defined]
        yield office
    office.close()


class Tablets:
    """The devices of a test; each is in the directory from the moment it is made."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.all: list[Device] = []

    def new(self, *, member: MemberId = MEMBER) -> Device:
        name = f"d_{len(self.all) + 1:04d}"
        made = Device(self.folder / name, self.office.root, self.office.url, device=name, member=member)
        self.office.add_device(made.device, sign=made.signing.public, seal=made.sealing.public, member=member)
        self.office.release()
        self.all.append(made.start())
        return made


def service_of(office: Office) -> EmbeddedService:
    found: EmbeddedService = office.embedded  # type: ignore[attr-defined]
    return found


def change(office: Office, statement: object) -> None:
    """What a service can do to its own books."""
    service = service_of(office).service
    assert service is not None
    with service.database.write() as conn:
        conn.execute(statement)  # type: ignore[call-overload]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trust and wrong clocks: a slow one accepts nothing frozen, a fast one locks nobody out, and the member is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from client.clock import Millis, SystemClock
from client.domain.outbox import OutboxState
from client.errors import MetadataExpired, RollbackDetected
from client.sync.events import Problem
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, moment, some_bytes

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
YEAR_MS = 365 * DAY_MS
WALLS = {
    "10 years slow": -10 * YEAR_MS,
    "400 days slow": -400 * DAY_MS,
    "an hour slow": -HOUR_MS,
    "right": 0,
    "an hour fast": HOUR_MS,
    "400 days fast": 400 * DAY_MS,
    "10 years fast": 10 * YEAR_MS,
}


class Set(SystemClock):
    """A wall clock as somebody set it; the monotonic one cannot be set."""

    def __init__(self, off_ms: int = 0) -> None:
        self.off_ms = off_ms

    def now(self) -> Millis:
        return Millis(super().now() + self.off_ms)


@pytest.fixture
def hall() -> Set:
    """The service's clock."""
    return Set()


@pytest.fixture
def office(tmp_path: Path, hall: Set) -> Iterator[Office]:
    office = Office(tmp_path / "service", clock=hall)
    yield office
    office.close()


@pytest.fixture
def device(office: Office, tmp_path: Path) -> Iterator[Device]:
    service: EmbeddedService
    with office.service() as service:
        office.connect(service.url)
        device = Device(tmp_path / "device", office.root, service.url, clock=Set())
        office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
        papers = [office.paper("do_1", some_bytes(2000))]
        poll = office.poll("po_0001", "pk_0001", closes=moment(office.clock, 90 * DAY_MS))
        office.publish("pk_0001", papers, polls=[poll])
        yield device
        device.close()


def wall(device: Device) -> Set:
    clock = device.clock
    assert isinstance(clock, Set)
    return clock


def froze(device: Device) -> Callable[[], None]:
    """From now on the metadata of this moment is served for ever; call what is returned to let news through."""
    honest, seen = device.transport.get_metadata, {}

    def frozen(name: str, limit: int) -> bytes:
        if name not in seen:
            seen[name] = honest(name, limit)
        return seen[name]

    frozen("timestamp.json", 1 << 20)
    device.transport.get_metadata = frozen  # type: ignore[method-assign]

    def thaw() -> None:
        device.transport.get_metadata = honest  # type: ignore[method-assign]

    return thaw


def told(device: Device, kind: type[Exception]) -> list[Exception]:
    return [event.error for event in device.events if isinstance(event, Problem) and isinstance(event.error, kind)]


@pytest.mark.parametrize("off", WALLS.values(), ids=WALLS)
def test_whatever_the_wall_clock_says_the_service_is_followed(device: Device, office: Office, off: int) -> None:
    wall(device).off_ms = off
    device.start()
    device.sync()
    assert device.pack("pk_0001") is not None
    office.publish("pk_0001", [office.paper("do_1", some_bytes(2000))])
    device.sync()
    readable = device.pack("pk_0001")
    assert readable is not None
    assert readable.rev == 2


@pytest.mark.parametrize("off", WALLS.values(), ids=WALLS)
def test_frozen_metadata_is_noticed_after_a_day_and_nothing_else_stops(device: Device, hall: Set, off: int) -> None:
    """Somebody on the way, or the service's store, holds news back; the service's clock goes on."""
    device.start()
    device.sync()
    thaw = froze(device)
    wall(device).off_ms = off
    hall.off_ms += DAY_MS + HOUR_MS
    item = device.vote("po_0001")
    report = device.engine.run_once()
    assert isinstance(report.error, MetadataExpired)
    [error] = told(device, MetadataExpired)
    assert isinstance(error, MetadataExpired)
    assert error.detail == "timestamp"
    assert "Thư ký" in error.next_step.vi
    assert [(found.n, found.state) for found in device.items()] == [(item.n, OutboxState.RECEIPTED)]
    assert device.pack("pk_0001") is not None
    thaw()
    device.sync()


SLOW = {name: off for name, off in WALLS.items() if off <= 0}


@pytest.mark.parametrize("off", SLOW.values(), ids=SLOW)
def test_an_old_time_served_with_old_metadata_does_not_turn_the_clock_back(device: Device, hall: Set, off: int) -> None:
    """Signed time and metadata are both replayed from an earlier day; the floor remembers better."""
    device.start()
    device.sync()
    froze(device)
    old = {"time": device.transport.time(), "timestamp.json": device.transport.get_metadata("timestamp.json", 16384)}
    hall.off_ms += 2 * DAY_MS
    device.engine.run_once()  # it hears the true time once
    wall(device).off_ms = off
    device.restart()
    honest = device.transport.get_metadata
    device.transport.time = lambda: old["time"]  # type: ignore[method-assign]
    device.transport.get_metadata = lambda name, limit: (  # type: ignore[method-assign]
        old[name] if name in old else honest(name, limit)
    )
    device.events.clear()
    # An hour's skew is what the service refuses requests for; it is told, and so is what is out of date.
    device.engine.run_once()
    assert told(device, MetadataExpired)


@pytest.mark.parametrize("jump", [-10 * YEAR_MS, -DAY_MS, DAY_MS, 10 * YEAR_MS])
def test_a_wall_clock_that_jumps_between_looks_changes_nothing(device: Device, office: Office, jump: int) -> None:
    device.start()
    device.sync()
    wall(device).off_ms += jump
    office.publish("pk_0001", [office.paper("do_1", some_bytes(2000))])
    device.sync()
    wall(device).off_ms -= jump
    device.sync()
    assert told(device, RollbackDetected) == []


@pytest.mark.parametrize("ahead", [500 * DAY_MS, 10 * YEAR_MS])
def test_a_service_that_was_far_ahead_once_takes_nothing_away(device: Device, hall: Set, ahead: int) -> None:
    """Beyond the end of what the secretariat signed, its time is not believed; put right, all goes on."""
    device.start()
    device.sync()
    before = device.time.now()
    item = device.vote("po_0001")
    hall.off_ms += ahead
    assert isinstance(device.engine.run_once().error, MetadataExpired)
    assert device.time.now() - before < HOUR_MS
    assert device.pack("pk_0001") is not None
    assert not device.engine.status().suspended, "the directory says nothing of the kind"
    hall.off_ms -= ahead
    device.engine.run_once()
    device.restart()
    device.sync()
    assert device.time.now() - before < HOUR_MS
    assert [found.n for found in device.items()] == [item.n]
    assert device.items()[0].state in {OutboxState.RECEIPTED, OutboxState.LATE}


@pytest.mark.parametrize("off", WALLS.values(), ids=WALLS)
def test_a_device_that_was_away_for_longer_than_signatures_last_finds_back(
    device: Device, office: Office, hall: Set, off: int
) -> None:
    device.start()
    device.sync()
    device.close()
    hall.off_ms += 400 * DAY_MS
    office.put_directory()
    office.release()
    wall(device).off_ms = off
    device.start()
    report = device.engine.run_once()
    assert told(device, MetadataExpired) == []
    assert report.reached
    directory = device.trust.directory()
    assert directory is not None
    assert directory.version == office.directory.version

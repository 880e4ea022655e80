# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lease on a real device: what makes it start anew, what does not, and that what waits goes out first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.clock import Millis, SystemClock
from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ids import MemberId
from client.domain.lease import DAY_MS, LeaseState
from client.domain.outbox import OutboxState
from client.protocol.messages import DeviceState
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes


class Calendar:
    """The machine's clocks, some days on; both go with the days, as after sleep."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self.days = 0.0

    def now(self) -> Millis:
        return Millis(self._real.now() + round(self.days * DAY_MS))

    def monotonic(self) -> float:
        return self._real.monotonic() + max(0.0, self.days) * 86_400


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def office(tmp_path: Path, calendar: Calendar) -> Iterator[Office]:
    office = Office(tmp_path / "service", clock=calendar, members=(MemberId("m_017"), MemberId("m_018")))
    yield office
    office.close()


@pytest.fixture
def service(office: Office) -> Iterator[EmbeddedService]:
    with office.service() as service:
        office.connect(service.url)
        yield service


@pytest.fixture
def device(office: Office, service: EmbeddedService, calendar: Calendar, tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", office.root, service.url, clock=calendar)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[office.poll("po_0001", "pk_0001")])
    device.start()
    device.engine.prepare()
    assert device.engine.status().lease.state is LeaseState.NONE
    device.sync()
    yield device
    device.close()


def state(device: Device) -> LeaseState:
    return device.engine.status().lease.state


def cut(device: Device) -> None:
    device.transport.close()
    device.url = "http://127.0.0.1:9"
    device.restart()
    device.engine.prepare()


def test_it_runs_out_without_the_service_and_survives_a_restart(device: Device, calendar: Calendar) -> None:
    assert state(device) is LeaseState.RUNNING
    cut(device)
    calendar.days = 12
    device.engine.run_once()
    assert (state(device), device.engine.status().lease.days_left) == (LeaseState.ENDING, 2)
    calendar.days = 14.1
    device.engine.run_once()
    assert state(device) is LeaseState.LAPSED
    calendar.days = 0.5  # set back
    device.restart()
    device.engine.prepare()
    assert state(device) is LeaseState.LAPSED, "a clock set back buys nothing"


def test_an_answer_that_does_not_verify_is_no_freshness(device: Device, calendar: Calendar) -> None:
    calendar.days = 12.5
    real = device.transport.time

    def forged() -> bytes:
        payload, [keyid] = dsse.peek_unverified(real())
        return dsse.sign(payload, keyid=keyid, key=SigningKey.generate())

    device.transport.time = forged  # type: ignore[method-assign]
    device.engine.run_once()
    assert state(device) is LeaseState.ENDING
    device.transport.time = real  # type: ignore[method-assign]
    device.engine.run_once()
    assert state(device) is LeaseState.RUNNING


def test_what_waits_is_kept_and_sent_when_the_service_is_reached_again(
    office: Office, device: Device, calendar: Calendar
) -> None:
    url = device.url
    cut(device)
    device.vote("po_0001")
    calendar.days = 15
    device.engine.run_once()
    assert state(device) is LeaseState.LAPSED
    [item] = device.items()
    assert item.state is OutboxState.QUEUED
    device.url = url
    device.restart()
    office.release()  # the publisher signs anew; the old metadata has run out
    device.engine.run_once()
    assert state(device) is LeaseState.RUNNING
    [item] = device.items()
    assert item.state in {OutboxState.RECEIPTED, OutboxState.LATE}


@pytest.mark.parametrize("ordered", [DeviceState.REVOKED, DeviceState.SUSPENDED])
def test_only_the_signed_directory_suspends(office: Office, device: Device, ordered: DeviceState) -> None:
    assert not device.engine.status().suspended
    office.set_state(device.device, ordered)
    office.release()
    device.engine.run_once()
    assert device.engine.status().suspended
    office.set_state(device.device, DeviceState.ACTIVE)
    office.release()
    device.engine.run_once()
    assert not device.engine.status().suspended

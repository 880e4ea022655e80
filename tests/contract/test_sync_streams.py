# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several papers at once against the real service: all of them right, acts first, and every cut survived."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from client.crypto.hashing import sha256
from client.domain.ids import Hash, PackId
from client.domain.outbox import OutboxState
from client.domain.pack import PackState
from client.store import papers
from client.sync.engine import PackProgress, PackReady, ReceiptArrived
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.wire import Faucet

MIB = 1 << 20
NEVER = 20.0
Opened = Callable[[Hash], object]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "service")
    yield office
    office.close()


@pytest.fixture
def service(office: Office) -> Iterator[EmbeddedService]:
    with office.service() as service:
        office.connect(service.url)
        yield service


@pytest.fixture
def faucet(service: EmbeddedService) -> Iterator[Faucet]:
    address = urlsplit(service.url)
    assert address.hostname is not None
    assert address.port is not None
    with Faucet((address.hostname, address.port)) as faucet:
        yield faucet
        faucet.go.set()


@pytest.fixture
def device(office: Office, faucet: Faucet, tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", office.root, faucet.url, streams=3)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.release()
    device.start()
    yield device
    device.close()


def on_open(device: Device, opened: Opened) -> None:
    """Call ``opened`` on the fetching thread whenever a blob's answer begins."""
    honest = device.transport.get_blob

    @contextmanager
    def watched(blob: Hash, start: int, stop: int | None = None) -> Iterator[Iterator[bytes]]:
        with honest(blob, start, stop) as pieces:
            opened(blob)
            yield pieces

    device.transport.get_blob = watched  # type: ignore[method-assign]


def publish(office: Office, count: int, size: int) -> dict[Hash, bytes]:
    contents = [some_bytes(size + 1000 * n) for n in range(count)]
    found = office.publish("pk_0001", [office.paper(f"do_{n}", data) for n, data in enumerate(contents)]).papers
    return {paper.blob: data for paper, data in zip(found, contents, strict=True) if paper.blob is not None}


def complete(device: Device, contents: dict[Hash, bytes]) -> None:
    assert device.revision("pk_0001", 1).state is PackState.READY
    for blob, data in contents.items():
        assert device.paper(blob, Hash(sha256(data))) == data


def test_three_papers_are_on_their_way_at_once_and_all_are_right(office: Office, device: Device) -> None:
    contents = publish(office, 6, 700_000)
    together = threading.Barrier(3)
    on_open(device, lambda _: together.wait(NEVER))
    report = device.sync()
    complete(device, contents)
    fetched = [str(getattr(done, "paper", "")) for done in report.performed if hasattr(done, "paper")]
    assert fetched == [f"do_{n}" for n in range(6)], "what the look reports follows the plan"
    told = [event for event in device.events if isinstance(event, PackProgress)]
    assert max(event.done for event in told) == told[0].total
    assert all(0 <= event.paper_done <= event.paper_total for event in told)


def test_a_vote_does_not_wait_behind_three_stalled_papers(office: Office, faucet: Faucet, device: Device) -> None:
    wording = office.poll("po_0001", "pk_0001")
    contents = [some_bytes(3 * MIB) for _ in range(4)]
    office.publish("pk_0001", [office.paper(f"do_{n}", data) for n, data in enumerate(contents)], polls=[wording])
    faucet.limit = faucet.passed + 2 * MIB
    device.engine.start()
    assert faucet.held.wait(NEVER)
    faucet.limit = None  # new connections pass; the three old ones stand still for the rest of the test
    item = device.vote("po_0001")
    device.wait_for(ReceiptArrived)
    device.wait_for(PackReady)
    kinds = [type(event) for event in device.events if isinstance(event, ReceiptArrived | PackReady)]
    assert kinds == [ReceiptArrived, PackReady]
    assert [(found.n, found.state) for found in device.items()] == [(item.n, OutboxState.RECEIPTED)]


def test_a_cut_while_three_papers_arrive_loses_little_and_the_next_look_goes_on(
    office: Office, faucet: Faucet, device: Device
) -> None:
    contents = publish(office, 3, 4 * MIB)
    faucet.limit = faucet.passed + 9 * MIB
    ended = threading.Thread(target=device.engine.run_once)
    ended.start()
    assert faucet.held.wait(NEVER)
    device.wait_for_rows(contents, 3 * MIB // papers.CHUNK + 1)
    faucet.cut()
    faucet.go.set()
    ended.join(NEVER)
    assert not ended.is_alive()
    rows = sum(device.rows(contents))
    faucet.limit = None
    faucet.join()
    before = faucet.passed
    device.sync()
    complete(device, contents)
    whole = sum(len(data) for data in contents.values())
    assert faucet.passed - before < whole - rows * papers.CHUNK + 3 * papers.CHUNK + 64 * 1024


def test_stopping_ends_all_three_within_a_second(office: Office, faucet: Faucet, device: Device) -> None:
    contents = publish(office, 3, 3 * MIB)
    faucet.limit = faucet.passed + 2 * MIB
    device.engine.start()
    assert faucet.held.wait(NEVER)
    assert device.engine.stop(), "within a second"
    assert not [thread for thread in threading.enumerate() if thread.name == "fetch" and thread.is_alive()]
    faucet.limit = None
    faucet.go.set()
    device.restart()
    device.sync()
    complete(device, contents)


def test_one_bad_paper_is_told_and_the_others_arrive(office: Office, device: Device) -> None:
    contents = publish(office, 5, 300_000)
    bad = list(contents)[1]
    honest = device.transport.get_blob

    @contextmanager
    def spoiled(blob: Hash, start: int, stop: int | None = None) -> Iterator[Iterator[bytes]]:
        with honest(blob, start, stop) as pieces:
            yield (bytes(len(piece)) for piece in pieces) if blob == bad else pieces

    device.transport.get_blob = spoiled  # type: ignore[method-assign]
    report = device.engine.run_once()
    assert len(report.problems) == 1
    assert device.papers.read(papers.present).result() == set(contents) - {bad}
    device.transport.get_blob = honest  # type: ignore[method-assign]
    device.sync()
    complete(device, contents)


def test_holding_a_pack_ends_its_papers_and_what_arrived_stays(office: Office, faucet: Faucet, device: Device) -> None:
    contents = publish(office, 3, 3 * MIB)
    faucet.limit = faucet.passed + 6 * MIB
    look = threading.Thread(target=device.engine.run_once)
    look.start()
    assert faucet.held.wait(NEVER)
    device.wait_for_rows(contents, 1)
    device.engine.downloads.hold(PackId("pk_0001"))
    faucet.limit = None
    look.join(NEVER)
    assert not look.is_alive()
    rows = device.rows(contents)
    assert sum(rows) > 0
    device.sync()
    assert device.rows(contents) == rows
    device.engine.downloads.let_go(PackId("pk_0001"))
    device.sync()
    complete(device, contents)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The device and the real service together: publish, sync, vote offline, reconnect, one receipt each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.domain.ballot import PollState
from client.domain.comment import CommentDraft
from client.domain.ids import PackId
from client.domain.outbox import OutboxState
from client.domain.pack import PackState
from client.errors import Unreachable
from client.sync.engine import Connectivity, PackReady, ReceiptArrived
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes


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
def device(office: Office, service: EmbeddedService, tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", office.root, service.url)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.release()
    device.start()
    yield device
    device.close()


def test_a_published_pack_becomes_readable(office: Office, device: Device) -> None:
    small, large = some_bytes(100), some_bytes(700_000)
    manifest = office.publish("pk_0001", [office.paper("do_1", small), office.paper("do_2", large)])
    device.sync()
    revision = device.pack("pk_0001")
    assert revision is not None
    assert revision.papers == manifest.papers
    assert [device.paper(p.blob, p.plain) for p in revision.papers] == [small, large]
    assert any(isinstance(event, PackReady) for event in device.events)
    assert device.engine.status().online is Connectivity.ONLINE
    assert device.sync().performed == ()


def test_votes_and_comments_made_offline_get_one_receipt_each(
    office: Office, service: EmbeddedService, device: Device
) -> None:
    wording = office.poll("po_0001", "pk_0001")
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[wording])
    device.sync()
    assert device.poll("po_0001").state is PollState.OPEN
    service.stop()
    vote = device.vote("po_0001")
    comment = device.acts.send_comment(CommentDraft(PackId("pk_0001"), "Góp ý")).result()
    assert [item.state for item in device.items()] == [OutboxState.QUEUED] * 2
    report = device.engine.run_once()
    assert isinstance(report.error, Unreachable)
    assert [(item.tries, item.unknown) for item in device.items()] == [(0, False)] * 2
    device.restart()
    assert not device.acts.recover().result().alarm
    device.engine.prepare()
    assert device.engine.status().pending == 2
    service.start()
    device.sync()
    assert [(item.n, item.state) for item in device.items()] == [
        (vote.n, OutboxState.RECEIPTED),
        (comment.n, OutboxState.RECEIPTED),
    ]
    assert sum(isinstance(event, ReceiptArrived) for event in device.events) == 2
    office.close_poll(wording)
    device.sync()
    assert device.poll("po_0001").state is PollState.RESULT_VERIFIED
    assert device.revision("pk_0001", 1).state is PackState.READY

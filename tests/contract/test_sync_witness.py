# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service as witness against an old image, and a hostile service that lies about what it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, Hash, MemberId
from client.errors import (
    ContentMismatch,
    EcabinetError,
    LimitExceeded,
    RecordIncomplete,
    RollbackDetected,
    SignatureInvalid,
    Untrusted,
)
from client.protocol import codec
from client.protocol.http import StatementAnswer
from client.protocol.messages import KeptList, KeptStatement
from client.store import outbox
from client.store.changes import ChangeSet
from client.sync import witness
from client.sync.engine import Problem
from server import config
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "service", members=(MemberId("m_017"), MemberId("m_018")))
    yield office
    office.close()


@pytest.fixture
def service(office: Office) -> Iterator[EmbeddedService]:
    with office.service() as service:
        office.connect(service.url)
        yield service


@pytest.fixture
def device(office: Office, service: EmbeddedService, tmp_path: Path) -> Iterator[Device]:
    """One vote counted, then started again: the next look asks the service."""
    device = Device(tmp_path / "device", office.root, service.url)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[office.poll("po_0001", "pk_0001")])
    device.start()
    device.sync()
    device.vote("po_0001")
    device.sync()
    device.restart()
    yield device
    device.close()


def forget(device: Device) -> None:
    """The record as it was before the vote."""

    def write(conn: outbox.Connection) -> tuple[None, ChangeSet]:
        conn.execute("DELETE FROM outbox")
        return None, ChangeSet()

    device.record.write(write).result()


def test_nothing_is_said_when_nothing_is_missing(device: Device) -> None:
    asked: list[int] = []
    real = device.transport.list_kept

    def listed(device_id: DeviceId, *, after: int = 0) -> bytes:
        asked.append(after)
        return real(device_id, after=after)

    device.transport.list_kept = listed  # type: ignore[method-assign]
    device.sync()
    device.sync()
    assert asked == [0], "once after the start"


def test_what_is_missing_comes_back_with_its_receipt(device: Device) -> None:
    [before] = device.items()
    forget(device)
    assert isinstance(device.engine.run_once().error, RecordIncomplete)
    [after] = device.items()
    assert structs.replace(after, tries=before.tries, deadline=before.deadline) == before
    device.sync()


def test_numbers_go_on_from_what_the_service_has_even_if_it_cannot_be_fetched(device: Device) -> None:
    forget(device)
    device.anchor.value = None
    answer = device.transport.get_statement

    def empty(statement: Hash) -> StatementAnswer:
        return StatementAnswer(answer(statement).receipt)

    device.transport.get_statement = empty  # type: ignore[method-assign]
    assert isinstance(device.engine.run_once().error, RecordIncomplete)
    assert [e.subject for e in device.events if isinstance(e, Problem) and isinstance(e.error, ContentMismatch)] == [
        "n:1"
    ]
    assert device.items() == ()
    assert device.vote("po_0001").n == 2


Change = Callable[[KeptList], KeptList]
ONE = KeptStatement(1, Hash("sha256:" + "1" * 64), "vote", "2026-01-01T00:00:00.000Z")  # type: ignore[arg-type]
LIES: list[tuple[str, Change, type[EcabinetError]]] = [
    ("another device", lambda k: structs.replace(k, device="d_9999"), ContentMismatch),
    ("another member", lambda k: structs.replace(k, member="m_018"), ContentMismatch),
    ("another page", lambda k: structs.replace(k, after=7), ContentMismatch),
    ("out of order", lambda k: structs.replace(k, kept=(*k.kept, ONE)), ContentMismatch),
    ("above its own top", lambda k: structs.replace(k, kept=(structs.replace(ONE, n=9),)), ContentMismatch),
    ("ends early", lambda k: structs.replace(k, kept=(), top=9), ContentMismatch),
    ("of yesterday", lambda k: structs.replace(k, at="2026-01-01T00:00:00.000Z"), RollbackDetected),
    ("under another name", lambda k: structs.replace(k, by="receipt-2"), SignatureInvalid),
]


@pytest.mark.parametrize(("change", "error"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_list_that_lies_changes_nothing_and_is_asked_for_again(
    office: Office, device: Device, change: Change, error: type[Untrusted]
) -> None:
    key, real = config.load_receipt_key(office.folder), device.transport.list_kept

    def lying(device_id: DeviceId, *, after: int = 0) -> bytes:
        payload, [keyid] = dsse.peek_unverified(real(device_id, after=after))
        told = change(codec.decode(payload, KeptList, limit=codec.MAX_KEPT))
        return dsse.sign(codec.encode(told), keyid=keyid, key=key)

    before = device.items()
    device.transport.list_kept = lying  # type: ignore[method-assign]
    assert isinstance(device.engine.run_once().error, error)
    assert device.items() == before
    device.transport.list_kept = real  # type: ignore[method-assign]
    device.sync()


def test_a_list_that_the_service_did_not_sign_is_refused(device: Device) -> None:
    real = device.transport.list_kept

    def forged(device_id: DeviceId, *, after: int = 0) -> bytes:
        payload, [keyid] = dsse.peek_unverified(real(device_id, after=after))
        return dsse.sign(payload, keyid=keyid, key=SigningKey.generate())

    device.transport.list_kept = forged  # type: ignore[method-assign]
    assert isinstance(device.engine.run_once().error, SignatureInvalid)


def test_more_statements_than_a_device_can_have_are_refused(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "MOST", 0)
    assert isinstance(device.engine.run_once().error, LimitExceeded)
    monkeypatch.setattr(witness, "MOST", 1)
    device.sync()

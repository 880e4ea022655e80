# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device follows the service's audit chain; a service that rewrites or forgets cannot show a way to its new head."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from client.domain.ids import Hash
from client.errors import FormatRefused, RollbackDetected
from client.protocol import codec
from client.protocol.audit import GENESIS, MAX_LINKS, LogAnswer, link, positions
from client.protocol.messages import LogPosition
from client.store import settings
from client.sync import audit
from server import watch
from server.embedded import EmbeddedService
from server.service import Service
from server.storage import log, schema
from tests.helpers.device import Device
from tests.helpers.pack import Office
from tests.unit.server.world import HandClock


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "service")
    yield office
    office.close()


@pytest.fixture
def embedded(office: Office) -> Iterator[EmbeddedService]:
    with office.service() as service:
        office.connect(service.url)
        yield service


@pytest.fixture
def device(office: Office, embedded: EmbeddedService, tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path / "device", office.root, embedded.url)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.release()
    device.start()
    yield device
    device.close()


def service_of(embedded: EmbeddedService) -> Service:
    assert embedded.service is not None
    return embedded.service


def seen(device: Device) -> LogPosition | None:
    return device.record.read(lambda conn: settings.get(conn, audit.SEEN, LogPosition | None, None)).result()  # type: ignore[arg-type]


def again(device: Device) -> None:
    """A look in which the chain is due again."""
    device.restart()
    device.sync()


def ballot(office: Office, device: Device) -> None:
    wording = office.poll("po_0001", "pk_0001")
    office.publish("pk_0001", [office.paper("do_0001", b"%PDF-1.7 x")], polls=[wording])
    device.sync()


def test_the_head_seen_grows_with_the_chain(office: Office, device: Device, embedded: EmbeddedService) -> None:
    device.sync()
    first = seen(device)
    assert first is not None
    ballot(office, device)
    device.vote("po_0001")
    again(device)
    second = seen(device)
    with service_of(embedded).database.read() as conn:
        assert second == log.verify(conn)
    assert second is not None
    assert second.index > first.index


@pytest.mark.parametrize("how", ["shorter", "rewritten"])
def test_a_head_that_does_not_extend_the_one_seen_is_refused(
    office: Office, device: Device, embedded: EmbeddedService, how: str
) -> None:
    ballot(office, device)
    device.vote("po_0001")
    again(device)
    before = seen(device)
    assert before is not None
    database = service_of(embedded).database
    with database.write() as conn:
        rows = list(conn.execute(select(schema.audit).order_by(schema.audit.c.position)))
        if how == "shorter":
            conn.execute(delete(schema.audit).where(schema.audit.c.position > 2))
            conn.execute(update(schema.audit_head).values(position=2, head=rows[1].head))
        else:  # the service signs another past, consistent in itself
            last = GENESIS
            for row in rows:
                subject = "rewritten" if row.position == len(rows) - 1 else row.subject
                body = log.LogBody(row.at, row.kind, subject, row.detail)
                prev, last = last, log.follow(last, body)
                values = {"subject": subject, "prev": prev.head, "head": last.head}
                conn.execute(update(schema.audit).where(schema.audit.c.position == row.position).values(**values))
            conn.execute(update(schema.audit_head).values(position=last.index, head=last.head))
    if how == "rewritten":
        office.release()  # the chain goes on behind the other past
    device.restart()
    report = device.engine.run_once()
    assert isinstance(report.error, RollbackDetected)
    assert seen(device) == before, "what was seen stays"


def test_positions_follow_the_links_and_there_is_a_most_of_them() -> None:
    bodies = [Hash(f"sha256:{n:064x}") for n in range(3)]
    places = list(positions(GENESIS, bodies))
    assert [place.index for place in places] == [1, 2, 3]
    assert places[0].head == link(1, GENESIS.head, bodies[0])
    assert places[2].head == link(3, places[1].head, bodies[2])
    most = codec.encode(LogAnswer(b"", tuple(bodies[:1]) * MAX_LINKS))
    codec.decode(most, LogAnswer, limit=1 << 20)
    with pytest.raises(FormatRefused):
        codec.decode(codec.encode(LogAnswer(b"", tuple(bodies[:1]) * (MAX_LINKS + 1))), LogAnswer, limit=1 << 20)


def test_the_head_is_signed_each_minute_in_which_it_grew(tmp_path: Path) -> None:
    clock = HandClock()
    office = Office(tmp_path / "service", clock=clock)
    with office.service() as embedded:
        office.connect(embedded.url)
        office.put_directory()
        office.release()
        service = service_of(embedded)

        def kept() -> list[tuple[int, str]]:
            with service.database.read() as conn:
                rows = conn.execute(select(schema.signed_heads.c.position, schema.signed_heads.c.head))
                return [(row.position, row.head) for row in rows]

        watch.sign(service)
        clock.pass_s(61)
        watch.sign(service)
        first = kept()
        clock.pass_s(61)
        watch.sign(service)
        assert kept() == first, "nothing happened, nothing is signed anew"
        office.release()
        clock.pass_s(61)
        watch.sign(service)
        assert len(kept()) == len(first) + 1
        with service.database.read() as conn:
            log.verify(conn)
    office.close()

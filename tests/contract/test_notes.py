# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two tablets of one member and the real service: notes go from one to the other, and what is held back shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import delete, update

from client.crypto import dsse
from client.domain.annotation import InkStroke
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, Moment, PaperId
from client.errors import RollbackDetected, ServiceRefused
from client.protocol import codec
from client.protocol.http import PATH_NOTE_BATCH, PATH_NOTES, NoteHeads, NoteParcel
from client.protocol.messages import DeviceState, NoteBatch
from client.store import annotations, notes
from client.sync import crashpoints
from client.sync.events import Problem
from client.viewer.ink import InkPoint, pack_points
from server.storage import schema
from tests.helpers.device import Device
from tests.helpers.pack import MEMBER, Office
from tests.helpers.tablets import Tablets, change, running_office, service_of
from tests.unit.store.samples import marks

AT = Moment("2026-11-23T03:00:00.000Z")
CANARY = "ghi chu rieng, khong ai duoc doc"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from running_office(tmp_path / "service", MEMBER, MemberId("m_018"))


@pytest.fixture
def tablets(office: Office, tmp_path: Path) -> Iterator[Tablets]:
    made = Tablets(office, tmp_path / "tablets")
    yield made
    for device in made.all:
        device.close()


def draw(device: Device, name: str) -> str:
    stroke = InkStroke(
        id=AnnotationId(name),
        paper=PaperId("do_0001"),
        plain=Hash("sha256:" + "0" * 64),
        page=0,
        made=AT,
        colour="#B3261E",
        width=2.0,
        points=pack_points([InkPoint(100 + 5 * k, 200 + k % 7, 0.5, 4) for k in range(24)]),
    )
    device.record.write(lambda conn: annotations.add(conn, stroke)).result()
    return name


def rub_out(device: Device, name: str) -> None:
    device.record.write(lambda conn: annotations.delete(conn, AnnotationId(name), AT)).result()


def live(device: Device) -> list[str]:
    return sorted(mark.id for mark in device.record.read(annotations.all_live).result())


def problems(device: Device) -> list[type]:
    return [type(event.error) for event in device.events if isinstance(event, Problem) and event.subject == "notes"]


def test_strokes_and_deletions_reach_the_other_tablet(tablets: Tablets) -> None:
    one, two = tablets.new(), tablets.new()
    draw(one, "an_one"), draw(two, "an_two")
    for device in (one, two, one):
        device.sync()
    assert live(one) == live(two) == ["an_one", "an_two"]
    assert one.record.read(annotations.all_live).result() == two.record.read(annotations.all_live).result()
    rub_out(one, "an_two")
    draw(two, "an_late")
    for device in (one, two, one):
        device.sync()
    assert live(one) == live(two) == ["an_late", "an_one"]
    ends = one.record.read(notes.heads).result()
    for device in (one, two, one, two):
        device.sync()
    assert one.record.read(notes.heads).result() == ends, "nothing new is told when nothing is new"
    assert problems(one) == problems(two) == []


def test_work_without_a_network_comes_together_later(tablets: Tablets, office: Office) -> None:
    one, two = tablets.new(), tablets.new()
    one.sync(), two.sync()
    service_of(office).stop()
    for number in range(3):
        draw(one, f"an_one{number}"), draw(two, f"an_two{number}")
        assert one.engine.run_once().error is not None
    service_of(office).start()
    for device in tablets.all:  # the service came back under another port
        device.url = service_of(office).url
        device.restart()
    for device in (one, two, one):
        device.sync()
    assert live(one) == live(two)
    assert len(live(one)) == 6


def test_a_single_tablet_tells_nothing_and_a_new_one_is_told_everything(tablets: Tablets, office: Office) -> None:
    one = tablets.new()
    draw(one, "an_first")
    rub_out(one, draw(one, "an_gone"))
    one.sync()
    assert one.record.read(notes.heads).result() == {}
    two = tablets.new()
    for device in (one, two):
        device.sync()
    assert live(two) == ["an_first"]
    draw(two, "an_second")
    for device in (two, one):
        device.sync()
    three = tablets.new()
    for device in (one, two, three):
        device.sync()
    assert live(three) == ["an_first", "an_second"]


def test_a_revoked_tablet_is_told_nothing_more(tablets: Tablets, office: Office) -> None:
    one, two, three = tablets.new(), tablets.new(), tablets.new()
    draw(one, "an_before")
    for device in (one, two, three):
        device.sync()
    office.set_state(three.device, DeviceState.REVOKED)
    draw(one, "an_after")
    one.sync(), two.sync()
    assert live(two) == ["an_after", "an_before"]
    last = one.record.read(notes.heads).result()[one.device]
    path = PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=last.n)
    parcel = codec.decode(two.transport.fetch(path, 1 << 20), NoteParcel, limit=1 << 20)
    batch = codec.decode(dsse.open_(parcel.batch, {one.device: one.signing.public}).payload, NoteBatch, limit=1 << 20)
    assert {key.device for key in batch.keys} == {one.device, two.device}


def test_the_service_cannot_read_a_note(tablets: Tablets, office: Office, tmp_path: Path) -> None:
    one, two = tablets.new(), tablets.new()
    note = structs.replace(marks()[2], id=AnnotationId("an_private_note"), text=CANARY)
    one.record.write(lambda conn: annotations.add(conn, note)).result()
    one.sync(), two.sync()
    assert live(two) == [note.id]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "service").rglob("*") if path.is_file())
    assert CANARY.encode() not in kept
    assert note.id.encode() not in kept


def test_a_dropped_batch_is_seen_by_the_one_who_had_it_and_by_the_one_who_hears_of_it(
    tablets: Tablets, office: Office
) -> None:
    one, two, three = tablets.new(), tablets.new(), tablets.new()
    three.sync()
    draw(one, "an_one")
    one.sync()
    draw(two, "an_two")
    two.sync()  # takes one's batch and says so in its own
    change(office, delete(schema.notes).where(schema.notes.c.device == one.device))
    three.engine.run_once()
    assert problems(three) == [RollbackDetected], "two saw more of one's chain than the service shows"
    two.engine.run_once()
    assert problems(two) == [RollbackDetected], "two had it"
    assert live(two) == ["an_one", "an_two"], "nothing that was taken is undone"


@pytest.mark.parametrize("what", ["reordered", "altered", "other_content", "other_signer"])
def test_a_batch_that_does_not_fit_is_not_taken(tablets: Tablets, office: Office, what: str) -> None:
    one, two = tablets.new(), tablets.new()
    two.sync()
    for number in range(2):
        draw(one, f"an_one{number}")
        one.sync()
    table, first = schema.notes, schema.notes.c.n == 1
    second = codec.decode(
        one.transport.fetch(PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=2), 1 << 20),
        NoteParcel,
        limit=1 << 20,
    )
    mine = table.c.device == one.device
    if what == "reordered":
        change(office, update(table).where(mine, first).values(batch=second.batch, content=second.content))
    elif what == "altered":
        flipped = bytes([second.batch[40] ^ 1])
        change(office, update(table).where(mine, first).values(batch=second.batch[:40] + flipped + second.batch[41:]))
    elif what == "other_content":
        change(office, update(table).where(mine, first).values(content=second.content))
    else:
        forged = dsse.sign(b"{}", keyid=one.device, key=two.signing)
        change(office, update(table).where(mine, first).values(batch=forged))
    report = two.engine.run_once()
    assert report.error is None, "a bad batch ends the taking of its own chain, not the look"
    assert live(two) == []
    assert len(problems(two)) == 1
    draw(two, "an_two")
    two.sync(), one.sync()
    assert live(one) == ["an_one0", "an_one1", "an_two"], "the other chain goes on"


@pytest.mark.parametrize("point", ["notes.waiting", "notes.sent", "notes.taken"])
def test_killed_in_between_nothing_is_lost_or_told_twice(tablets: Tablets, point: str) -> None:
    one, two = tablets.new(), tablets.new()
    one.sync(), two.sync()
    draw(one, "an_one"), draw(two, "an_two")
    two.sync()

    def crash(name: str) -> None:
        if name == point:
            crashpoints.install(None)
            raise KeyboardInterrupt

    crashpoints.install(crash)
    try:
        with pytest.raises(KeyboardInterrupt):
            one.engine.run_once()
    finally:
        crashpoints.install(None)
    one.restart()
    for device in (one, two, one):
        device.sync()
    assert live(one) == live(two) == ["an_one", "an_two"]
    assert one.record.read(notes.heads).result()[one.device].n == 1
    assert problems(one) == problems(two) == []


def test_an_older_store_put_back_reads_its_own_chain_and_goes_on_behind_it(tablets: Tablets, tmp_path: Path) -> None:
    one, two = tablets.new(), tablets.new()
    one.sync(), two.sync()
    one.close()
    image = {path.name: path.read_bytes() for path in one.folder.iterdir() if path.is_file()}
    one.start()
    draw(one, "an_lost_here")
    one.sync()
    one.close()
    for path in one.folder.iterdir():
        if path.is_file() and path.name not in image:
            path.unlink()
    for name, data in image.items():
        (one.folder / name).write_bytes(data)
    one.start()
    draw(one, "an_new")
    one.engine.run_once()
    for device in (one, two):
        device.engine.run_once()
    assert live(one) == live(two) == ["an_lost_here", "an_new"]


def test_others_are_refused_and_so_is_too_much(tablets: Tablets, office: Office) -> None:
    one, two, stranger = tablets.new(), tablets.new(), tablets.new(member=MemberId("m_018"))
    for device in tablets.all:
        device.sync()
    draw(one, "an_one")
    one.sync()
    for path in (PATH_NOTES.format(member=MEMBER), PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=1)):
        with pytest.raises(ServiceRefused) as refused:
            stranger.transport.fetch(path, 1 << 20)
        assert refused.value.problem == "forbidden"
    parcel = one.transport.fetch(PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=1), 1 << 20)
    for device, n, problem in ((two, 2, "forbidden"), (one, 2, "forbidden")):
        with pytest.raises(ServiceRefused) as refused:
            device.transport.put(PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=n), parcel)
        assert refused.value.problem == problem
    one.transport.put(PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=1), parcel)
    heads = codec.decode(two.transport.fetch(PATH_NOTES.format(member=MEMBER), 1 << 16), NoteHeads, limit=1 << 16)
    assert heads.heads[DeviceId(one.device)].n == 1, "the same batch again changes nothing"
    with pytest.raises(ServiceRefused) as refused:
        two.transport.fetch(PATH_NOTE_BATCH.format(member=MEMBER, device=two.device, n=7), 1 << 16)
    assert refused.value.problem == "not-found"
    opened = codec.decode(parcel, NoteParcel, limit=1 << 20)
    other = codec.encode(structs.replace(opened, content=opened.content + b"x"))
    with pytest.raises(ServiceRefused) as refused:
        one.transport.put(PATH_NOTE_BATCH.format(member=MEMBER, device=one.device, n=1), other)
    assert refused.value.problem == "hash-mismatch"

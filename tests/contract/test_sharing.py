# SPDX-License-Identifier: AGPL-3.0-or-later
"""An aide and a minister at the real service: what is shared arrives, what is not stays, and a lying service shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import delete, select, update

from client.crypto import dsse, hashing
from client.domain.annotation import TextNote
from client.domain.handover import HandOver, SheetItem, SheetNote
from client.domain.ids import AnnotationId, DeviceId, Hash, ItemId, MemberId, Moment, PackId, PaperId
from client.domain.live import Position
from client.domain.notes import Head
from client.domain.sharing import Stage
from client.errors import RollbackDetected, ServiceRefused
from client.protocol import codec
from client.protocol.http import PATH_SHARED, PATH_SHARED_BATCH, NoteParcel, SharedEnds
from client.protocol.messages import Arrival, DeviceState, SharedBatch
from client.store import annotations, received, share_chains, shares
from client.sync import crashpoints
from client.sync.events import Problem
from server.config import Limits
from server.storage import schema
from tests.helpers.device import Device
from tests.helpers.pack import Office
from tests.helpers.tablets import Tablets, change, running_office, service_of
from tests.unit.store.samples import marks

AIDE, MINISTER, OTHER = MemberId("m_801"), MemberId("m_017"), MemberId("m_018")
AT = Moment("2026-11-23T03:00:00.000Z")
CANARY = "chi bo truong duoc doc dieu nay"
TABLE = schema.shared


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    yield from running_office(tmp_path / "service", AIDE, MINISTER, OTHER)


@pytest.fixture
def tablets(office: Office, tmp_path: Path) -> Iterator[Tablets]:
    made = Tablets(office, tmp_path / "tablets")
    yield made
    for device in made.all:
        device.close()


@pytest.fixture
def aide(tablets: Tablets) -> Device:
    return tablets.new(member=AIDE)


@pytest.fixture
def minister(tablets: Tablets) -> Device:
    return tablets.new(member=MINISTER)


def write(device: Device, name: str, text: str = "Nên hỏi về kinh phí", *to: MemberId) -> AnnotationId:
    note = structs.replace(marks()[2], id=AnnotationId(name), text=text)
    device.record.write(lambda conn: annotations.add(conn, note)).result()
    if to:
        share(device, note.id, *to)
    return note.id


def share(device: Device, item: AnnotationId, *to: MemberId) -> None:
    device.record.write(lambda conn: shares.choose(conn, (item,), to)).result()


def rub_out(device: Device, item: AnnotationId) -> None:
    device.record.write(lambda conn: annotations.delete(conn, item, AT)).result()


def had(device: Device) -> dict[str, str]:
    """What a member received: id and words."""
    found = device.record.read(received.all_live).result()
    return {one.body.id: one.body.text for one in found if isinstance(one.body, TextNote)}


def stages(device: Device, item: AnnotationId) -> dict[str, Stage]:
    found = device.record.read(shares.readers).result()
    return {reader.member: reader.stage for reader in found.get(item, ())}


def problems(device: Device) -> list[type]:
    return [type(event.error) for event in device.events if isinstance(event, Problem) and event.subject == "shared"]


def sync(*devices: Device) -> None:
    for device in devices:
        device.sync()


def fetched(author: Device, n: int) -> tuple[SharedBatch, bytes]:
    """Batch ``n`` of an author's device to the minister, as the service has it, and its sealed content."""
    path = PATH_SHARED_BATCH.format(member=MINISTER, device=author.device, n=n)
    parcel = codec.decode(author.transport.fetch(path, 1 << 20), NoteParcel, limit=1 << 20)
    payload = dsse.open_(parcel.batch, {author.device: author.signing.public}).payload
    return codec.decode(payload, SharedBatch, limit=1 << 20), parcel.content


def end_of(device: Device, to: MemberId) -> int:
    return device.record.read(share_chains.heads).result()[device.device, to].n


# -- what is meant to happen ----------------------------------------------------------------------------------


def test_nothing_is_shared_that_nobody_chose(aide: Device, minister: Device, office: Office) -> None:
    write(aide, "an_private")
    once = write(aide, "an_regretted", CANARY, MINISTER)
    share(aide, once)  # taken back before anything left
    sync(aide, minister)
    assert had(minister) == {}
    assert stages(aide, once) == {}
    service = service_of(office).service
    assert service is not None
    with service.database.read() as conn:
        assert conn.execute(select(TABLE)).all() == []


def test_a_shared_note_arrives_with_its_author_and_goes_when_it_is_withdrawn(aide: Device, minister: Device) -> None:
    note = write(aide, "an_shared", "Nên hỏi về kinh phí", MINISTER)
    write(aide, "an_private")
    assert stages(aide, note) == {MINISTER: Stage.WAITING}
    sync(aide)
    assert stages(aide, note) == {MINISTER: Stage.SENT}
    sync(minister)
    assert had(minister) == {note: "Nên hỏi về kinh phí"}
    (one,) = minister.record.read(received.all_live).result()
    assert one.author == AIDE
    assert minister.record.read(annotations.all_live).result() == (), "it does not mix with the minister's own"
    share(aide, note)
    assert stages(aide, note) == {MINISTER: Stage.WITHDRAWING}
    assert had(minister) == {note: "Nên hỏi về kinh phí"}, "until the next look"
    sync(aide, minister)
    assert had(minister) == {}
    assert stages(aide, note) == {}
    assert [mark.id for mark in aide.record.read(annotations.all_live).result()] == ["an_private", note]
    share(aide, note, MINISTER)
    sync(aide, minister)
    assert had(minister) == {note: "Nên hỏi về kinh phí"}
    assert problems(aide) == problems(minister) == []


def test_a_deleted_note_is_withdrawn_and_comes_back_with_undo(aide: Device, minister: Device) -> None:
    note = write(aide, "an_shared", "Xem Điều 5", MINISTER)
    sync(aide, minister)
    rub_out(aide, note)
    sync(aide, minister)
    assert had(minister) == {}
    aide.record.write(lambda conn: annotations.restore(conn, note)).result()
    sync(aide, minister)
    assert had(minister) == {note: "Xem Điều 5"}


def test_without_a_network_it_waits_and_is_sent_once(aide: Device, minister: Device, office: Office) -> None:
    sync(aide, minister)
    service_of(office).stop()
    names = [write(aide, f"an_off{number}", f"Ghi chú {number}", MINISTER) for number in range(3)]
    assert aide.engine.run_once().error is not None
    assert all(stages(aide, name) == {MINISTER: Stage.WAITING} for name in names)
    aide.restart()
    service_of(office).start()
    for device in (aide, minister):  # the service came back under another port
        device.url = service_of(office).url
        device.restart()
    sync(aide, minister, aide, minister)
    assert sorted(had(minister)) == names
    assert end_of(aide, MINISTER) == 1, "nothing new is told when nothing is new"


def test_each_reader_has_only_what_is_for_them(aide: Device, minister: Device, tablets: Tablets) -> None:
    other = tablets.new(member=OTHER)
    both = write(aide, "an_both", "Cho cả hai", MINISTER, OTHER)
    write(aide, "an_one", "Cho một người", OTHER)
    sync(aide, minister, other)
    assert had(minister) == {both: "Cho cả hai"}
    assert sorted(had(other)) == ["an_both", "an_one"]
    share(aide, both, MINISTER)
    sync(aide, minister, other)
    assert (had(minister), sorted(had(other))) == ({both: "Cho cả hai"}, ["an_one"])


def test_whoever_has_no_device_yet_gets_it_once_there_is_one(aide: Device, tablets: Tablets) -> None:
    note = write(aide, "an_early", "Chuẩn bị sẵn", MINISTER)
    tablets.new(member=OTHER)
    sync(aide)
    assert stages(aide, note) == {MINISTER: Stage.WAITING}
    minister = tablets.new(member=MINISTER)
    sync(aide, minister)
    assert had(minister) == {note: "Chuẩn bị sẵn"}


def test_a_new_device_is_told_again_and_a_revoked_one_no_more(
    aide: Device, minister: Device, tablets: Tablets, office: Office
) -> None:
    note = write(aide, "an_before", "Trước", MINISTER)
    gone = write(aide, "an_gone", "Đã thu lại", MINISTER)
    sync(aide, minister)
    share(aide, gone)
    sync(aide)
    second = tablets.new(member=MINISTER)
    sync(aide, second, minister)
    assert had(second) == had(minister) == {note: "Trước"}
    office.set_state(second.device, DeviceState.REVOKED)
    late = write(aide, "an_after", "Sau", MINISTER)
    sync(aide, minister)
    assert sorted(had(minister)) == [late, note]
    path = PATH_SHARED_BATCH.format(member=MINISTER, device=aide.device, n=end_of(aide, MINISTER))
    parcel = codec.decode(minister.transport.fetch(path, 1 << 20), NoteParcel, limit=1 << 20)
    batch = codec.decode(
        dsse.open_(parcel.batch, {aide.device: aide.signing.public}).payload, SharedBatch, limit=1 << 20
    )
    assert {key.device for key in batch.keys} == {aide.device, minister.device}


def test_two_devices_of_the_author_agree_on_what_is_shared(aide: Device, minister: Device, tablets: Tablets) -> None:
    desk = tablets.new(member=AIDE)
    note = write(aide, "an_one", "Từ máy thứ nhất", MINISTER)
    sync(aide, desk, minister)
    assert stages(desk, note) == {MINISTER: Stage.SENT}
    share(desk, note)
    sync(desk, aide, minister)
    assert had(minister) == {}
    assert stages(aide, note) == stages(desk, note) == {}
    share(aide, note, MINISTER)
    sync(aide, desk, minister)
    assert had(minister) == {note: "Từ máy thứ nhất"}
    share(aide, note), share(desk, note)  # both at once
    sync(aide, desk, aide, minister)
    assert had(minister) == {}
    assert problems(aide) == problems(desk) == problems(minister) == []


def test_a_hand_over_sheet_goes_the_same_way_and_the_new_one_takes_its_place(aide: Device, minister: Device) -> None:
    note = SheetNote(PaperId("do_0001"), "Tờ trình", 4, "Hỏi về kinh phí")
    item = SheetItem(ItemId("it_0002"), 2, "Dự thảo Nghị định", Position.OTHER_OPINION, "Đề nghị lùi", (note,))

    def sheet(name: str, made: str) -> HandOver:
        return HandOver(
            id=AnnotationId(name),
            pack=PackId("pk_0001"),
            title="Phiên họp",
            starts=AT,
            made=Moment(made),
            message="Trình bày thay tôi",
            items=(item,),
        )

    first, second = sheet("ho_0001", "2026-11-23T03:00:00.000Z"), sheet("ho_0002", "2026-11-23T04:00:00.000Z")
    minister.record.write(lambda conn: shares.keep_sheet(conn, first, (AIDE,), AT)).result()
    sync(minister, aide)
    assert [(by, one) for by, one, _ in aide.record.read(received.sheets).result()] == [(MINISTER, first)]
    minister.record.write(lambda conn: shares.keep_sheet(conn, second, (AIDE,), AT)).result()
    sync(minister, aide)
    assert [one for _, one, _ in aide.record.read(received.sheets).result()] == [second]
    minister.record.write(lambda conn: shares.withdraw_sheet(conn, second.id, AT)).result()
    sync(minister, aide)
    assert aide.record.read(received.sheets).result() == ()


@pytest.mark.parametrize("point", ["shared.waiting", "shared.sent", "shared.taken", "shared.acknowledged"])
def test_killed_in_between_nothing_is_lost_or_told_twice(aide: Device, minister: Device, point: str) -> None:
    sync(aide, minister)
    note = write(aide, "an_one", "Một lần", MINISTER)
    back = write(minister, "an_two", "Trả lời", AIDE)
    sync(minister)

    def crash(name: str) -> None:
        if name == point:
            crashpoints.install(None)
            raise KeyboardInterrupt

    crashpoints.install(crash)
    try:
        with pytest.raises(KeyboardInterrupt):
            aide.engine.run_once()
    finally:
        crashpoints.install(None)
    aide.restart()
    sync(aide, minister, aide)
    assert (had(minister), had(aide)) == ({note: "Một lần"}, {back: "Trả lời"})
    assert end_of(aide, MINISTER) == 1
    assert problems(aide) == problems(minister) == []


# -- what came, in the reader's own hand -----------------------------------------------------------------------


def lines(office: Office) -> list[tuple[str, str, int]]:
    """What the service keeps of what came: whose chain, which device, which batch."""
    service = service_of(office).service
    assert service is not None
    table = schema.arrivals
    with service.database.read() as conn:
        rows = conn.execute(select(table.c.teller, table.c.device, table.c.n).order_by(table.c.device))
        return [(row.teller, row.device, row.n) for row in rows]


def test_arrived_is_said_only_once_a_device_of_the_reader_signed_it(
    aide: Device, minister: Device, tablets: Tablets, office: Office
) -> None:
    second = tablets.new(member=MINISTER)
    note = write(aide, "an_one", "Nên hỏi về kinh phí", MINISTER)
    sync(aide, aide)
    assert stages(aide, note) == {MINISTER: Stage.SENT}
    sync(minister, aide)
    assert stages(aide, note) == {MINISTER: Stage.ARRIVED}
    sync(second, minister)
    assert lines(office) == [(aide.device, minister.device, 1), (aide.device, second.device, 1)]
    later = write(aide, "an_two", "Hỏi lại", MINISTER)
    sync(aide)
    assert (stages(aide, note), stages(aide, later)) == ({MINISTER: Stage.ARRIVED}, {MINISTER: Stage.SENT})
    sync(minister, aide)
    assert stages(aide, later) == {MINISTER: Stage.ARRIVED}
    assert lines(office) == [(aide.device, minister.device, 2), (aide.device, second.device, 1)], "no history"
    assert problems(aide) == problems(minister) == problems(second) == []


def test_hiding_copying_and_reading_are_told_to_nobody(aide: Device, minister: Device, office: Office) -> None:
    note = write(aide, "an_one", "Nên hỏi về kinh phí", MINISTER)
    sync(aide, minister, aide)
    before = lines(office)
    minister.record.write(lambda conn: received.hide(conn, AIDE, (note,), hidden=True)).result()
    sync(minister, aide)
    assert lines(office) == before
    assert stages(aide, note) == {MINISTER: Stage.ARRIVED}


def test_the_word_goes_with_what_was_shared_and_leaves_no_trace(aide: Device, minister: Device, office: Office) -> None:
    note = write(aide, "an_one", "Một", MINISTER)
    sync(aide, minister, aide)
    service = service_of(office).service
    assert service is not None
    with service.database.read() as conn:
        kinds = set(conn.scalars(select(schema.audit.c.kind)))
    assert not [kind for kind in kinds if "arriv" in kind], "when it came stands nowhere"
    share(aide, note)
    sync(aide)
    assert aide.record.read(lambda conn: conn.execute("SELECT * FROM share_arrivals").fetchall()).result() == []
    sync(minister)
    assert lines(office) == []
    assert minister.record.read(lambda conn: conn.execute("SELECT * FROM arrivals").fetchall()).result() == []
    share(aide, note, MINISTER)
    sync(aide)
    assert stages(aide, note) == {MINISTER: Stage.SENT}, "an old word does not stand for a new batch"
    sync(minister, aide)
    assert stages(aide, note) == {MINISTER: Stage.ARRIVED}


def test_the_authors_other_device_hears_of_it_too(aide: Device, minister: Device, tablets: Tablets) -> None:
    desk = tablets.new(member=AIDE)
    note = write(aide, "an_one", "Từ máy thứ nhất", MINISTER)
    sync(aide, desk, minister, desk)
    assert stages(desk, note) == {MINISTER: Stage.ARRIVED}


def test_a_service_that_keeps_the_newest_batch_to_itself_is_not_believed_to_have_delivered_it(
    aide: Device, minister: Device, office: Office
) -> None:
    first = write(aide, "an_one", "Một", MINISTER)
    sync(aide, minister, aide)
    late = write(aide, "an_two", "Hai", MINISTER)
    sync(aide)
    change(office, delete(TABLE).where(TABLE.c.n == 2))  # held back, and the reader cannot know
    assert minister.engine.run_once().error is None
    aide.engine.run_once()
    assert stages(aide, first) == {MINISTER: Stage.ARRIVED}
    assert stages(aide, late) == {MINISTER: Stage.SENT}, "the author sees that nobody confirmed it"


@pytest.mark.parametrize("what", ["forged", "another_reader", "another_batch", "revoked"])
def test_a_word_that_does_not_hold_is_not_believed(
    aide: Device, minister: Device, tablets: Tablets, office: Office, what: str
) -> None:
    other = tablets.new(member=OTHER)
    note = write(aide, "an_one", "Một", MINISTER)
    sync(aide)
    sync(minister)
    batch, _ = fetched(aide, 1)
    head = Head(1, Hash(hashing.sha256(codec.encode(batch))))
    word = Arrival(member=MINISTER, device=minister.device, teller=aide.device, head=head)
    signer, keyid = minister.signing, minister.device
    if what == "forged":
        signer = other.signing
    elif what == "another_reader":
        word = structs.replace(word, member=OTHER, device=other.device)
    elif what == "another_batch":
        word = structs.replace(word, head=Head(1, Hash(hashing.sha256(b"another"))))
    envelope = dsse.sign(codec.encode(word), keyid=keyid, key=signer)
    change(office, update(schema.arrivals).values(envelope=envelope))
    if what == "revoked":
        office.set_state(minister.device, DeviceState.REVOKED)
    assert aide.engine.run_once().error is None
    assert stages(aide, note) == {MINISTER: Stage.SENT}
    assert len(problems(aide)) == (0 if what == "revoked" else 1)


# -- what a service can try -----------------------------------------------------------------------------------


def test_the_service_and_everybody_else_cannot_read_it(
    aide: Device, minister: Device, tablets: Tablets, tmp_path: Path
) -> None:
    stranger = tablets.new(member=OTHER)
    note = write(aide, "an_canary_note", CANARY, MINISTER)
    sync(aide, minister)
    assert had(minister) == {note: CANARY}
    kept = b"".join(path.read_bytes() for path in (tmp_path / "service").rglob("*") if path.is_file())
    assert CANARY.encode() not in kept
    assert note.encode() not in kept
    with pytest.raises(ServiceRefused) as refused:
        stranger.transport.fetch(PATH_SHARED_BATCH.format(member=MINISTER, device=aide.device, n=1), 1 << 20)
    assert refused.value.problem == "not-found"
    with pytest.raises(ServiceRefused) as refused:
        stranger.transport.fetch(PATH_SHARED.format(member=MINISTER), 1 << 20)
    assert refused.value.problem == "forbidden"


def test_a_batch_given_to_somebody_else_is_not_taken(aide: Device, tablets: Tablets, office: Office) -> None:
    """The service swaps the reader: the author's signature names another."""
    minister, other = tablets.new(member=MINISTER), tablets.new(member=OTHER)
    write(aide, "an_for_minister", CANARY, MINISTER)
    sync(aide)
    change(office, update(TABLE).values(reader=OTHER))
    report = other.engine.run_once()
    assert report.error is None, "a bad batch ends the taking of its own chain, not the look"
    assert had(other) == {}
    assert len(problems(other)) == 1
    minister.engine.run_once()
    assert had(minister) == {}


def test_a_reader_added_by_the_service_opens_nothing(aide: Device, tablets: Tablets, office: Office) -> None:
    other = tablets.new(member=OTHER)
    write(aide, "an_for_other", "Cho người khác", OTHER)
    tablets.new(member=MINISTER)
    write(aide, "an_for_minister", CANARY, MINISTER)
    sync(aide)
    batch, content = fetched(aide, 1)
    forged = structs.replace(batch, to=OTHER, keys=(*batch.keys, structs.replace(batch.keys[0], device=other.device)))
    envelope = dsse.sign(codec.encode(forged), keyid=aide.device, key=other.signing)
    change(office, update(TABLE).where(TABLE.c.reader == OTHER).values(batch=envelope, content=content))
    other.engine.run_once()
    assert had(other) == {}
    assert len(problems(other)) == 1


@pytest.mark.parametrize("what", ["replayed", "altered", "other_content", "other_author"])
def test_a_batch_that_does_not_fit_is_not_taken(
    aide: Device, minister: Device, tablets: Tablets, office: Office, what: str
) -> None:
    other = tablets.new(member=OTHER)
    write(other, "an_other", "Từ người thứ ba", MINISTER)
    sync(minister, other)
    for number in range(2):
        write(aide, f"an_one{number}", f"Số {number}", MINISTER)
        sync(aide)
    mine, first = TABLE.c.device == aide.device, TABLE.c.n == 1
    service = service_of(office).service
    assert service is not None
    with service.database.read() as conn:
        second = conn.execute(select(TABLE).where(mine, TABLE.c.n == 2)).one()
        theirs = conn.execute(select(TABLE).where(TABLE.c.device == other.device)).one()
    if what == "replayed":
        change(office, update(TABLE).where(mine, first).values(batch=second.batch, content=second.content))
    elif what == "altered":
        flipped = bytes([second.batch[40] ^ 1])
        change(office, update(TABLE).where(mine, first).values(batch=second.batch[:40] + flipped + second.batch[41:]))
    elif what == "other_content":
        change(office, update(TABLE).where(mine, first).values(content=second.content))
    else:  # what another wrote, as if the aide had
        change(office, update(TABLE).where(mine, first).values(batch=theirs.batch, content=theirs.content))
    assert minister.engine.run_once().error is None
    assert had(minister) == {"an_other": "Từ người thứ ba"}, "the other chain goes on"
    assert len(problems(minister)) == 1


def test_a_batch_that_is_dropped_or_repeated_shows(
    aide: Device, minister: Device, tablets: Tablets, office: Office
) -> None:
    desk, second = tablets.new(member=AIDE), tablets.new(member=MINISTER)
    one = write(aide, "an_one", "Một", MINISTER)
    sync(aide, minister)
    two = write(desk, "an_two", "Hai", MINISTER)
    sync(desk)  # saw the aide's chain and says so in its own
    change(office, delete(TABLE).where(TABLE.c.device == aide.device))
    minister.engine.run_once()
    assert RollbackDetected in problems(minister), "it had it"
    assert had(minister) == {one: "Một", two: "Hai"}, "nothing that was taken is undone"
    second.engine.run_once()
    assert problems(second) == [RollbackDetected], "the author's other device saw more than the service shows"
    aide.engine.run_once()
    assert RollbackDetected in problems(aide), "its own chain is shorter than it was"


def test_an_older_store_put_back_reads_its_own_chain_and_goes_on_behind_it(aide: Device, minister: Device) -> None:
    sync(aide, minister)
    aide.close()
    image = {path.name: path.read_bytes() for path in aide.folder.iterdir() if path.is_file()}
    aide.start()
    write(aide, "an_first", "Một", MINISTER)
    sync(aide)
    aide.close()
    for path in aide.folder.iterdir():
        if path.is_file():
            path.unlink()
    for name, data in image.items():
        (aide.folder / name).write_bytes(data)
    aide.start()
    write(aide, "an_second", "Hai", MINISTER)
    for device in (aide, minister, aide, minister):
        device.engine.run_once()
    assert had(minister) == {"an_first": "Một", "an_second": "Hai"}
    assert end_of(aide, MINISTER) == 2
    mine = aide.record.read(annotations.all_live).result()
    assert [one.id for one in mine] == ["an_first", "an_second"], "what the minister reads its author has, too"
    share(aide, AnnotationId("an_first"))
    sync(aide, minister)
    assert had(minister) == {"an_second": "Hai"}, "and can take it back"


def test_the_service_refuses_what_is_not_this_devices_own(aide: Device, minister: Device, office: Office) -> None:
    write(aide, "an_one", "Một", MINISTER)
    sync(aide, minister)
    path = PATH_SHARED_BATCH.format(member=MINISTER, device=aide.device, n=1)
    parcel = aide.transport.fetch(path, 1 << 20)
    other_place = PATH_SHARED_BATCH.format(member=OTHER, device=aide.device, n=1)
    own = PATH_SHARED_BATCH.format(member=AIDE, device=aide.device, n=1)
    for device, where, problem in (
        (minister, path, "forbidden"),
        (aide, other_place, "forbidden"),
        (aide, own, "forbidden"),
        (aide, PATH_SHARED_BATCH.format(member=MINISTER, device=aide.device, n=2), "forbidden"),
    ):
        with pytest.raises(ServiceRefused) as refused:
            device.transport.put(where, parcel)
        assert refused.value.problem == problem
    aide.transport.put(path, parcel)  # the same again changes nothing
    ends = codec.decode(
        minister.transport.fetch(PATH_SHARED.format(member=MINISTER), 1 << 20), SharedEnds, limit=1 << 20
    )
    assert [(end.device, end.to, end.head.n) for end in ends.ends] == [(DeviceId(aide.device), MINISTER, 1)]


def test_too_much_is_refused_and_waits(aide: Device, minister: Device, office: Office) -> None:
    service = service_of(office).service
    assert service is not None
    object.__setattr__(service.config, "limits", Limits(shared_batches=1))
    write(aide, "an_one", "Một", MINISTER)
    sync(aide)  # one under
    late = write(aide, "an_two", "Hai", MINISTER)
    assert aide.engine.run_once().error is None
    assert problems(aide) == [ServiceRefused]
    assert stages(aide, late) == {MINISTER: Stage.WAITING}, "kept, and shown as it is"
    object.__setattr__(service.config, "limits", Limits(shared_batches=2))
    sync(aide, minister)
    assert sorted(had(minister)) == ["an_one", "an_two"]

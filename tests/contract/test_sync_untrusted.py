# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evil publisher or an evil service against the real engine: what is refused, what stays, what is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ballot import PollState
from client.domain.ids import Hash, MemberId, PackId, PollId, QuestionId
from client.domain.outbox import OutboxState, Standing, standing
from client.domain.pack import PackState
from client.domain.paper import SecrecyLevel
from client.errors import (
    ContentMismatch,
    EcabinetError,
    FormatRefused,
    RollbackDetected,
    SecretWithBytes,
    SignatureInvalid,
    Untrusted,
)
from client.protocol import codec, names
from client.protocol.http import PollAnswer, StatementAnswer
from client.protocol.messages import ClosingList, PollWording, Receipt
from client.store import polls, trusted
from client.sync.engine import Problem, ReceiptArrived
from server import config
from server.embedded import EmbeddedService
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes

PACK = PackId("pk_0001")


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
    device = Device(tmp_path / "device", office.root, service.url)
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    office.release()
    device.start()
    yield device
    device.close()


def told(device: Device, kind: type[EcabinetError]) -> list[str]:
    return [event.subject for event in device.events if isinstance(event, Problem) and isinstance(event.error, kind)]


def key_here(device: Device) -> bool:
    return device.record.read(lambda conn: trusted.load_scope_key(conn, PACK, 1)).result() is not None


# -- an evil publisher -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("readable_before", [False, True])
def test_a_secret_with_bytes_destroys_the_key_and_is_told(
    office: Office, device: Device, readable_before: bool
) -> None:
    sound = office.paper("do_1", some_bytes(1000))
    if readable_before:
        office.publish("pk_0001", [sound])
        device.sync()
    leak = structs.replace(office.paper("do_2", some_bytes(1000)), secrecy=SecrecyLevel.TOP_SECRET)
    manifest = office.publish("pk_0001", [sound, leak])
    report = device.engine.run_once()
    assert isinstance(report.error, SecretWithBytes)
    assert told(device, SecretWithBytes) == ["pk_0001"]
    blocked = device.revision("pk_0001", manifest.rev)
    assert (blocked.state, blocked.reason, blocked.papers) == (PackState.BLOCKED, SecretWithBytes.code, ())
    assert not key_here(device)
    assert (device.pack("pk_0001") is not None) is readable_before, "what could be read before can be read still"
    assert device.sync().performed == (), "left alone from now on"
    office.publish("pk_0001", [sound], prev=None if not readable_before else manifest.prev, rev=manifest.rev + 1)
    device.sync()
    readable = device.pack("pk_0001")
    assert readable is not None
    assert readable.rev == manifest.rev + 1


def test_a_revision_that_is_not_the_successor_is_blocked(office: Office, device: Device) -> None:
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))])
    device.sync()
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], prev=None)
    assert isinstance(device.engine.run_once().error, ContentMismatch)
    assert device.revision("pk_0001", 2).state is PackState.BLOCKED
    readable = device.pack("pk_0001")
    assert readable is not None
    assert readable.rev == 1


def test_a_dangling_agenda_is_blocked_and_other_packs_go_on(office: Office, device: Device) -> None:
    office.publish("pk_0001", [], session=office.publish("pk_0002", [office.paper("do_2", some_bytes(9))]).session)
    report = device.engine.run_once()
    assert isinstance(report.error, FormatRefused)
    assert device.revision("pk_0001", 1).state is PackState.BLOCKED
    assert device.pack("pk_0002") is not None


def test_another_key_than_the_index_names_is_not_kept(office: Office, device: Device) -> None:
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))])
    entry = office.directory.devices[0]
    office.put_envelope(PACK, entry, Secret(os.urandom(32)))
    assert isinstance(device.engine.run_once().error, ContentMismatch)
    assert device.revision("pk_0001", 1).state is PackState.KNOWN
    assert not key_here(device)
    office.put_envelope(PACK, entry)
    device.sync()
    assert device.pack("pk_0001") is not None


def test_wording_that_is_not_the_one_defined_makes_no_ballot(office: Office, device: Device) -> None:
    sound = office.poll("po_0001", "pk_0001")
    text, more = "Không đồng ý thông qua? (dữ liệu giả định)", {QuestionId("q2"): "Thêm"}
    reworded = office.poll("po_0002", "pk_0001")
    longer = office.poll("po_0003", "pk_0001")
    elsewhere = office.poll("po_0004", "pk_0002")
    wordings = [
        sound,
        structs.replace(reworded, text={QuestionId("q1"): text}),
        structs.replace(longer, text={**longer.text, **more}),
        elsewhere,
    ]
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=wordings)
    assert isinstance(device.engine.run_once().error, ContentMismatch)
    assert sorted(told(device, ContentMismatch)) == ["po_0002", "po_0003", "po_0004"]
    assert [poll.id for poll in device.record.read(polls.all).result()] == ["po_0001"]
    assert device.pack("pk_0001") is not None, "the papers can be read all the same"


# -- an evil service -------------------------------------------------------------------------------------------------


def ballot(office: Office, device: Device) -> PollWording:
    wording = office.poll("po_0001", "pk_0001")
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[wording])
    device.sync()
    return wording


def resigned(key: SigningKey, receipt: bytes, keyid: str = "receipt-1", **changes: object) -> bytes:
    payload, _ = dsse.peek_unverified(receipt)
    value = structs.replace(codec.decode(payload, Receipt, limit=codec.MAX_SMALL), **changes)
    return dsse.sign(codec.encode(value), keyid=keyid, key=key)


Forger = Callable[[SigningKey, bytes], bytes]
FORGERIES: dict[str, tuple[Forger, type[Untrusted]]] = {
    "a stranger's": (lambda _key, true: resigned(SigningKey.generate(), true), SignatureInvalid),
    "a service nobody listed": (
        lambda _key, true: resigned(SigningKey.generate(), true, "receipt-9", by="receipt-9"),
        SignatureInvalid,
    ),
    "of another vote": (
        lambda key, true: resigned(key, true, vote=Hash("sha256:" + "0" * 64)),
        ContentMismatch,
    ),
    "of another member": (lambda key, true: resigned(key, true, member=MemberId("m_018")), ContentMismatch),
    "of another poll": (lambda key, true: resigned(key, true, poll=PollId("po_0002")), ContentMismatch),
    "none": (lambda _key, _true: b"", FormatRefused),
}


def test_no_forged_receipt_counts_and_the_true_one_still_does(office: Office, device: Device) -> None:
    ballot(office, device)
    item = device.vote("po_0001")
    key = config.load_receipt_key(office.folder)
    honest = device.transport.post_statement
    for name, (make, error) in FORGERIES.items():

        def forged(envelope: bytes, digest: Hash, make: Forger = make) -> StatementAnswer:
            return StatementAnswer(make(key, honest(envelope, digest).receipt))

        device.events.clear()
        device.transport.post_statement = forged  # type: ignore[method-assign,assignment]
        report = device.engine.run_once()
        assert isinstance(report.error, error), name
        assert told(device, error) == ["po_0001"], name
        [waiting] = device.items()
        assert (waiting.state, waiting.unknown, waiting.received) == (OutboxState.QUEUED, True, None), name
        assert standing(waiting) is Standing.SENT_AWAITING_RECEIPT, name
    device.transport.post_statement = honest  # type: ignore[method-assign]
    device.sync()
    [counted] = device.items()
    assert (counted.statement, standing(counted)) == (item.statement, Standing.COUNTED)
    assert counted.tries == len(FORGERIES) + 1
    assert sum(isinstance(event, ReceiptArrived) for event in device.events) == 1


def serve_closing(office: Office, device: Device, change: Callable[[ClosingList], ClosingList]) -> None:
    """The service's own key signs another list than the one it decided."""
    honest = device.transport.get_closing
    key = config.load_receipt_key(office.folder)

    def altered(poll: PollId) -> bytes:
        payload, _ = dsse.peek_unverified(honest(poll), limit=codec.MAX_CLOSING * 2)
        value = change(codec.decode(payload, ClosingList, limit=codec.MAX_CLOSING))
        return dsse.sign(codec.encode(value), keyid="receipt-1", key=key)

    device.transport.get_closing = altered  # type: ignore[method-assign]


def recount(closing: ClosingList, lines: tuple[object, ...]) -> ClosingList:
    totals = {question: dict.fromkeys(counts, 0) for question, counts in closing.totals.items()}
    for counts in totals.values():
        counts[next(iter(counts))] = len(lines)
    return structs.replace(closing, counted=lines, totals=totals)


def line(closing: ClosingList, **changes: object) -> ClosingList:
    return recount(closing, (structs.replace(closing.counted[0], **changes),))


def as_it_is(closing: ClosingList) -> ClosingList:
    return closing


LISTS: dict[str, Callable[[ClosingList], ClosingList]] = {
    "own_missing": lambda closing: recount(closing, ()),
    "own_foreign": lambda closing: line(closing, vote=Hash("sha256:" + "0" * 64)),
    "not_eligible": lambda closing: recount(
        closing, (*closing.counted, structs.replace(closing.counted[0], member=MemberId("m_099")))
    ),
    "twice": lambda closing: recount(closing, (*closing.counted, *closing.counted)),
    "totals": lambda closing: structs.replace(recount(closing, ()), counted=closing.counted),
    "rules": lambda closing: structs.replace(closing, eligible=9),
}


def test_a_closing_list_that_does_not_hold_is_disputed(office: Office, device: Device) -> None:
    named = {f"po_{number:04}": dispute for number, dispute in enumerate(["", *LISTS], 1)}
    wordings = [office.poll(poll, "pk_0001") for poll in named]
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=wordings)
    device.sync()
    for poll in named:
        device.vote(poll)
    device.sync()
    for wording in wordings:
        office.close_poll(wording)
    serve_closing(office, device, lambda closing: LISTS.get(named[closing.poll], as_it_is)(closing))
    device.engine.run_once()
    said = {event.subject: event.error.detail for event in device.events if isinstance(event, Problem)}
    for poll, dispute in named.items():
        state = device.poll(poll).state
        if dispute:
            assert (state, said[poll]) == (PollState.RESULT_DISPUTED, f"closing list: {dispute}")
        else:
            assert state is PollState.RESULT_VERIFIED
        kept = device.record.read(lambda conn, poll=poll: polls.closing(conn, PollId(poll))).result()  # type: ignore[misc]
        assert kept is not None, "kept as proof"


def test_a_closing_list_with_an_older_vote_of_mine_is_disputed(office: Office, device: Device) -> None:
    """The service promised to count the second vote and lists the first, which is mine as well."""
    wording = ballot(office, device)
    first = device.vote("po_0001")
    device.sync()
    device.vote("po_0001", "no", replaces=first.statement)
    device.sync()
    assert [standing(item) for item in device.items()] == [Standing.REPLACED, Standing.COUNTED]
    office.close_poll(wording)
    serve_closing(office, device, lambda closing: line(closing, vote=first.statement))
    device.engine.run_once()
    assert device.poll("po_0001").state is PollState.RESULT_DISPUTED


def test_a_list_that_no_service_signed_decides_nothing(office: Office, device: Device) -> None:
    wording = ballot(office, device)
    office.close_poll(wording)
    honest = device.transport.get_closing
    device.transport.get_closing = lambda poll: dsse.sign(  # type: ignore[method-assign]
        dsse.peek_unverified(honest(poll))[0], keyid="receipt-1", key=SigningKey.generate()
    )
    assert isinstance(device.engine.run_once().error, SignatureInvalid)
    assert device.poll("po_0001").state is PollState.CLOSED
    device.transport.get_closing = honest  # type: ignore[method-assign]
    device.sync()
    assert device.poll("po_0001").state is PollState.RESULT_VERIFIED


def test_an_older_status_of_a_poll_is_refused(office: Office, device: Device) -> None:
    wording = office.poll("po_0001", "pk_0001", opens="2027-01-01T00:00:00.000Z", closes=None)
    office.publish("pk_0001", [office.paper("do_1", some_bytes(1000))], polls=[wording])
    answers: list[PollAnswer] = []
    honest = device.transport.get_poll

    def watched(poll: PollId) -> PollAnswer:
        answers.append(honest(poll))
        return answers[-1]

    device.transport.get_poll = watched  # type: ignore[method-assign]
    device.sync()
    assert device.poll("po_0001").state is PollState.ANNOUNCED
    office.open_poll(wording)
    device.sync()
    assert device.poll("po_0001").state is PollState.OPEN
    opened = device.poll("po_0001")
    device.transport.get_poll = lambda poll: answers[0]  # type: ignore[method-assign]
    assert isinstance(device.engine.run_once().error, RollbackDetected)
    assert device.poll("po_0001") == opened


def test_an_older_release_is_told_and_votes_still_go_out(office: Office, device: Device) -> None:
    office.release()
    honest = device.transport.get_metadata
    old = honest("timestamp.json", 4096)
    ballot(office, device)
    item = device.vote("po_0001")
    believed = device.trust.targets()
    device.transport.get_metadata = lambda name, limit: (  # type: ignore[method-assign]
        old if name == "timestamp.json" else honest(name, limit)
    )
    assert isinstance(device.engine.run_once().error, RollbackDetected)
    assert told(device, RollbackDetected) == [""]
    assert [(found.n, found.state) for found in device.items()] == [(item.n, OutboxState.RECEIPTED)]
    assert device.trust.targets() == believed
    device.transport.get_metadata = honest  # type: ignore[method-assign]
    device.sync()


def test_a_manifest_that_no_longer_opens_here_does_not_hold_up_a_vote(office: Office, device: Device) -> None:
    ballot(office, device)
    device.vote("po_0001")
    name = names.pack_target(PACK, 1)
    device.record.write(lambda conn: trusted.save_target(conn, name, b"damaged")).result()
    device.restart()
    device.engine.run_once()
    assert [item.state for item in device.items()] == [OutboxState.RECEIPTED]
    assert told(device, Untrusted) == ["pk_0001"]

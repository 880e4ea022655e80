# SPDX-License-Identifier: AGPL-3.0-or-later
"""Altered bytes, class by class: flipped, cut, lengthened, exchanged or old, nothing false is ever believed.

Each class is one kind of bytes that somebody else can reach: on the disk, on the wire or at the service. What is
asked of all: either the alteration is refused with one of our errors, or what comes out is exactly what went in.
TUF roles have a suite of their own (tests/unit/sync/test_trust.py), and so have whole stores that were put back.
"""

from __future__ import annotations

import base64
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse, hashing, hpke, stream
from client.crypto.hpke import SealingKey
from client.crypto.random import system_random
from client.crypto.request import sign_request, verify_request
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ballot import VoteMode
from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, PackId, QuestionId, RuleSetId
from client.errors import EcabinetError
from client.keys.anchor import FreshnessAnchor, entry_name
from client.keys.keyring_store import MemoryStore
from client.protocol import codec, names
from client.protocol.messages import (
    ClosingList,
    CountedVote,
    EnvelopeBody,
    LogHead,
    LogPosition,
    Receipt,
    ReceiptStatus,
    SealedFor,
    SignedTime,
)
from client.protocol.messages import CommentStatement as Statement
from client.store import annotations, outbox, papers
from client.store.connection import Connection, open_papers, open_record
from client.store.sealed_copy import SealedCopies
from client.sync import receipts
from tests.unit.keys.world import PIN
from tests.unit.keys.world import World as KeyWorld
from tests.unit.store import samples

FEW, MANY = 50, 1000
KEY = Secret(bytes(range(48)))
MEMBER, PACK = MemberId("m_017"), PackId("pk_7f3a")
SERVICE, DEVICE_KEY, PUBLISHER = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()
SERVICES = {"receipt-1": SERVICE.public}


@dataclass(frozen=True)
class Piece:
    """One kind of bytes.

    Attributes:
        true: As written.
        open: What the program makes of bytes in its place.
        others: Valid bytes of the same kind from elsewhere or from before, which must be refused here.
    """

    true: bytes
    open: Callable[[bytes], object]
    others: tuple[bytes, ...] = ()


Build = Callable[[Path], Piece]
CLASSES: dict[str, Build] = {}


def piece(build: Build) -> Build:
    """Register a class under the function's name."""
    CLASSES[build.__name__] = build
    return build


def service_says(value: object) -> bytes:
    return dsse.sign(codec.encode(value), keyid="receipt-1", key=SERVICE)


# -- on the wire ---------------------------------------------------------------------------------------------------


@piece
def envelope(_folder: Path) -> Piece:
    device = SealingKey.generate()

    def made(pack: str, epoch: int) -> bytes:
        info = names.envelope_info(PackId(pack), epoch, DeviceId("d_9f2c"))
        sealed = hpke.seal_to(device.public, info, os.urandom(32))
        body = EnvelopeBody(scope=PackId(pack), epoch=epoch, device=DeviceId("d_9f2c"), sealed=sealed)
        return dsse.sign(codec.encode(body), keyid="publisher-1", key=PUBLISHER)

    def opened(data: bytes) -> object:
        payload = dsse.open_(data, {"publisher-1": PUBLISHER.public}).payload
        body = codec.decode(payload, EnvelopeBody, limit=codec.MAX_ENVELOPE)
        info = names.envelope_info(PACK, 2, DeviceId("d_9f2c"))
        return device.open(info, body.sealed)

    return Piece(made(PACK, 2), opened, (made(PACK, 1), made("pk_9999", 2)))


@piece
def manifest(_folder: Path) -> Piece:
    key = Secret(os.urandom(32))

    def made(rev: int) -> bytes:
        return stream.seal_bytes(key, names.manifest_context(PACK, rev), os.urandom(5000), rng=os.urandom)

    true = made(3)
    context = names.manifest_context(PACK, 3)
    return Piece(true, lambda data: stream.open_bytes(key, context, data, limit=codec.MAX_MANIFEST), (made(2),))


@piece
def blob(_folder: Path) -> Piece:
    key, plain = Secret(os.urandom(32)), os.urandom(40_000)
    context = names.blob_context(Hash(hashing.sha256(plain)))
    other = stream.seal_bytes(key, names.blob_context(Hash(hashing.sha256(b"other"))), b"other", rng=os.urandom)
    true = stream.seal_bytes(key, context, plain, rng=os.urandom)
    return Piece(true, lambda data: stream.open_bytes(key, context, data, limit=len(plain)), (other,))


@piece
def statement(_folder: Path) -> Piece:
    def made(n: int, key: SigningKey) -> bytes:
        value = Statement(
            comment=samples.comment(1).id,
            pack=PACK,
            rev=1,
            member=MEMBER,
            device=DeviceId("d_9f2c"),
            n=n,
            prev=None,
            text=(SealedFor("reader-1", b"sealed"),),
            made=samples.T1,
            nonce=bytes(12),
        )
        return dsse.sign(codec.encode(value), keyid="d_9f2c", key=key)

    def opened(data: bytes) -> object:
        payload = dsse.open_(data, {"d_9f2c": DEVICE_KEY.public}, limit=codec.MAX_STATEMENT).payload
        value = codec.decode(payload, Statement, limit=codec.MAX_STATEMENT)
        if value.n != 5:  # the sequence is the service's and the device's own check
            raise EcabinetError("another number")
        return value

    return Piece(made(5, DEVICE_KEY), opened, (made(5, SERVICE), made(4, DEVICE_KEY)))


@piece
def receipt(_folder: Path) -> Piece:
    item = samples.act(7)
    log = LogPosition(4211, samples.named("head"))
    true = Receipt(item.statement, samples.POLL, MEMBER, ReceiptStatus.COUNTED, samples.T1, log, "receipt-1")
    others = (structs.replace(true, vote=samples.named("act 8")), structs.replace(true, member=MemberId("m_018")))
    return Piece(
        service_says(true),
        lambda data: receipts.accept(data, item, member=MEMBER, services=SERVICES),
        tuple(service_says(other) for other in others),
    )


@piece
def log_head(_folder: Path) -> Piece:
    true = LogHead(4211, samples.named("head"), samples.T1, "receipt-1")
    stranger = dsse.sign(codec.encode(true), keyid="receipt-1", key=DEVICE_KEY)
    other_kind = service_says(SignedTime(samples.T1, "receipt-1"))
    return Piece(
        service_says(true),
        lambda data: receipts.signed(data, LogHead, services=SERVICES),
        (stranger, other_kind),
    )


@piece
def closing_list(_folder: Path) -> Piece:
    true = ClosingList(
        poll=samples.POLL,
        poll_def=samples.named("definition"),
        closed=samples.T1,
        counted=(CountedVote(MEMBER, samples.named("act 7"), VoteMode.IN_ROOM),),
        late=(),
        totals={QuestionId("q1"): {ChoiceCode("yes"): 1, ChoiceCode("no"): 0}},
        eligible=27,
        rules=RuleSetId("gov-2025/1"),
        present=None,
        tie={},
        void=False,
        log=LogPosition(4212, samples.named("head")),
        by="receipt-1",
    )
    elsewhere = dsse.sign(codec.encode(true), keyid="receipt-1", key=DEVICE_KEY)

    def opened(data: bytes) -> object:
        return codec.decode(dsse.open_(data, SERVICES).payload, ClosingList, limit=codec.MAX_CLOSING)

    return Piece(service_says(true), opened, (elsewhere, service_says(SignedTime(samples.T1, "receipt-1"))))


@piece
def request(_folder: Path) -> Piece:
    url, now = "https://service.example/statements", 1_795_000_000

    def made(body: bytes) -> bytes:
        headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": hashing.sha256(body)}
        headers |= sign_request(
            method="POST",
            url=url,
            headers=headers,
            body=body,
            keyid="d_9f2c",
            key=DEVICE_KEY,
            created=now,
            nonce=base64.b64encode(bytes(18)).decode(),
        )
        return b"\n".join(f"{name}: {value}".encode() for name, value in headers.items()) + b"\n\n" + body

    def opened(data: bytes) -> object:
        head, _, body = data.partition(b"\n\n")
        lines = [line.partition(": ") for line in head.decode("latin-1").split("\n")]
        headers = {name.lower(): value for name, _, value in lines}  # RFC 9110: names are case-insensitive
        keys = {"d_9f2c": DEVICE_KEY.public}
        verified = verify_request(method="POST", url=url, headers=headers, body=body, keys=keys.get, now=now)
        return verified, body, headers.get("content-type"), headers.get("idempotency-key")

    return Piece(made(b'{"vote":"yes"}'), opened)


# -- on the disk ---------------------------------------------------------------------------------------------------


@piece
def record_page(folder: Path) -> Piece:
    def fill(connection: Connection) -> None:
        for number in range(1, 4):
            outbox.queue(connection, samples.act(number), b"envelope %d" % number * 4000, b"[]")
        for mark in samples.marks():
            annotations.add(connection, mark)

    def read(connection: Connection) -> object:
        envelopes = [outbox.envelope(connection, number) for number in range(1, 4)]  # most of the file's pages
        return outbox.items(connection), annotations.all_live(connection), envelopes

    return _database(folder, "record.db", open_record, fill, read)


@piece
def papers_page(folder: Path) -> Piece:
    plain = os.urandom(300_000)
    name, blob_name = Hash(hashing.sha256(plain)), samples.named("blob")

    def fill(connection: Connection) -> None:
        papers.keep_header(connection, blob_name, b"h" * stream.HEADER_SIZE)
        for index in range(0, len(plain), 262_144):
            papers.append(connection, blob_name, index // 262_144, plain[index : index + 262_144])
        papers.finish(connection, blob_name, name, len(plain))

    return _database(
        folder, "papers.db", open_papers, fill, lambda connection: papers.read(connection, blob_name, plain=name)
    )


def _database(
    folder: Path,
    name: str,
    opener: Callable[[Path, Secret], Connection],
    fill: Callable[[Connection], None],
    read: Callable[[Connection], object],
) -> Piece:
    """A whole file, closed in the ordinary way; another one under the same key is the one that is exchanged."""

    def made(path: Path) -> bytes:
        connection = opener(path, KEY)
        with connection.transaction():
            fill(connection)
        connection.close()
        return path.read_bytes()

    def opened(data: bytes) -> object:
        for stale in folder.glob(f"{name}*"):
            stale.unlink()
        (folder / name).write_bytes(data)
        connection = opener(folder / name, KEY)
        try:
            connection.execute("PRAGMA integrity_check").fetchall()  # so that every page is looked at, empty tables too
            return read(connection)
        finally:
            connection.close()

    return Piece(made(folder / f"true-{name}"), opened)


@piece
def write_ahead_log(folder: Path) -> Piece:
    """SQLite drops what it cannot verify at a log's end without a word: an older state, but never another one.

    That an older state is noticed is the business of anchor and sealed copies (tests/faults/test_put_back.py).
    """
    path = folder / "open.db"
    connection = open_record(path, KEY)
    for number in range(1, 6):
        with connection.transaction():
            outbox.queue(connection, samples.act(number), b"envelope %d" % number * 50, b"[]")
    whole, log = path.read_bytes(), path.with_name("open.db-wal").read_bytes()
    truth = outbox.items(connection)
    connection.close()

    def opened(data: bytes) -> object:
        for stale in folder.glob("copy.db*"):
            stale.unlink()
        (folder / "copy.db").write_bytes(whole)
        (folder / "copy.db-wal").write_bytes(data)
        again = open_record(folder / "copy.db", KEY)
        try:
            found = outbox.items(again)
        finally:
            again.close()
        if found != truth and all(item in truth for item in found):
            raise EcabinetError("an older state")
        return found

    return Piece(log, opened)


@piece
def sealed_copy(folder: Path) -> Piece:
    copies = SealedCopies(folder / "outbox", KEY, system_random)
    copies.write(1, b"envelope one" * 40)
    copies.write(2, b"envelope two" * 40)
    first, second = (next((folder / "outbox").glob(f"*{number}*")) for number in (1, 2))

    def opened(data: bytes) -> object:
        first.write_bytes(data)
        return copies.read(1)

    return Piece(first.read_bytes(), opened, (second.read_bytes(),))


@piece
def key_file(folder: Path) -> Piece:
    world = KeyWorld(folder)
    world.vault().create(world.keys, PIN)
    other = KeyWorld(folder / "other")
    other.path.parent.mkdir()
    other.vault().create(other.keys, PIN)

    def opened(data: bytes) -> object:
        world.path.write_bytes(data)
        world.tries.unlink(missing_ok=True)
        keys = world.vault().unlock(PIN)
        return keys.signing.public, keys.sealing.public, keys.fingerprint

    return Piece(world.path.read_bytes(), opened, (other.path.read_bytes(),))


@piece
def anchor(_folder: Path) -> Piece:
    """Not secret and not signed: what matters is that another value never passes for the one in the database."""
    store = MemoryStore()
    written = FreshnessAnchor(store, "d_9f2c")
    written.write(57, samples.named("act 57"))
    name = entry_name("d_9f2c")
    value = store.get(name)
    assert value is not None

    def opened(data: bytes) -> object:
        store.put(name, Secret(data))
        found = written.read()
        if found is None or (found[0], found[1]) != (57, samples.named("act 57")):
            raise EcabinetError("recovery compares it with the database and raises the alarm")
        return found

    return Piece(value.reveal(), opened)


# -- the alterations -----------------------------------------------------------------------------------------------


def altered(true: bytes, others: tuple[bytes, ...], rng: random.Random) -> bytes:
    """One alteration, drawn."""
    kind = rng.choice(("flip", "flip", "flip", "cut", "lengthen", "drop", "repeat", *(("exchange",) if others else ())))
    at = rng.randrange(len(true))
    match kind:
        case "flip":
            return true[:at] + bytes([true[at] ^ (1 << rng.randrange(8))]) + true[at + 1 :]
        case "cut":
            return true[:at]
        case "lengthen":
            return true + rng.randbytes(rng.randint(1, 64))
        case "drop":
            return true[:at] + true[at + rng.randint(1, 32) :]
        case "repeat":
            return true[:at] + true[max(0, at - rng.randint(1, 64)) :]
        case _:
            return rng.choice(others)


def check(name: str, folder: Path, count: int, seed: int) -> None:
    made = CLASSES[name](folder)
    truth = made.open(made.true)
    rng = random.Random(seed)
    refused = 0
    for number in range(count):
        data = altered(made.true, made.others, rng)
        if data == made.true:
            continue
        try:
            found = made.open(data)
        except EcabinetError:
            refused += 1
            continue
        assert found == truth, f"{name}: alteration {number} of seed {seed} was believed"
    assert refused > count // 2, f"{name}: {refused} of {count} refused; does it look at its bytes at all?"


@pytest.mark.parametrize("name", CLASSES)
def test_nothing_altered_is_believed(name: str, tmp_path: Path) -> None:
    check(name, tmp_path, FEW, seed=20261127)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", CLASSES)
def test_nothing_altered_is_believed_at_length(name: str, tmp_path: Path) -> None:
    check(name, tmp_path, MANY, seed=int.from_bytes(os.urandom(4)))


BY_ITSELF = {"anchor", "record_page", "papers_page", "request", "write_ahead_log"}
"""Classes without an "elsewhere": the whole of them put back is what tests/faults/test_put_back.py is about."""


@pytest.mark.parametrize("name", [name for name in CLASSES if name not in BY_ITSELF])
def test_what_belongs_elsewhere_is_refused_here(name: str, tmp_path: Path) -> None:
    made = CLASSES[name](tmp_path)
    assert made.others
    for other in made.others:
        with pytest.raises(EcabinetError):
            made.open(other)


def test_the_suite_can_fail(tmp_path: Path) -> None:
    """A piece that believes everything is caught."""
    CLASSES["credulous"] = lambda _folder: Piece(b"true" * 20, lambda data: data)
    try:
        with pytest.raises(AssertionError, match="was believed"):
            check("credulous", tmp_path, FEW, seed=1)
    finally:
        del CLASSES["credulous"]

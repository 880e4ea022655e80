# SPDX-License-Identifier: AGPL-3.0-or-later
"""One device's chain of batches for one member: take it as it comes, tell one's own behind it (docs/protocol.md).

A member's notes go to the member's own other devices (``sync.notes``), what is shared goes to somebody named
(``sync.sharing``); both walk here, each with its ``Kind``. Batches are numbered without gaps, each names the one
before it and is signed by its device. Rules:

1. A batch is taken only as the next of its chain, whole, in one transaction with the chain's new end.
2. A chain that is shorter than it was, or shorter than another device of its author saw it, is told: the service
   dropped or holds back batches. Nothing that was taken is undone for it.
3. A batch waits in the store before it leaves, and the same bytes are sent until the service has them. If the service
   holds another batch under its number, an older store was put back here: the own chain is read first and the
   contents are told anew behind it.
4. A bad batch ends the taking of its own chain only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar

from client.crypto import dsse, hashing
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, Moment
from client.domain.notes import Head, withheld
from client.errors import ContentMismatch, RollbackDetected, ServiceRefused, SignatureInvalid, Untrusted
from client.protocol import codec
from client.protocol.http import NoteParcel
from client.protocol.messages import DeviceEntry, NoteBatch, NoteContent, NoteKey, SharedBatch, SharedContent
from client.store.changes import ChangeSet, Written
from client.store.connection import Connection
from client.store.notes import Waiting
from client.sync import answers, parcels
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means

BATCH_BYTES: Final = 256 * 1024
"""A batch is closed once its bodies are this long."""
_OTHER_THERE: Final = frozenset({"version-conflict", "device-fork"})

Chain = tuple[DeviceId, MemberId]
"""The device that writes, and the member for whom."""
Batch = TypeVar("Batch", NoteBatch, SharedBatch)
Content = TypeVar("Content", NoteContent, SharedContent)


@dataclass(frozen=True, slots=True)
class Opened(Generic[Batch, Content]):
    """A batch that verified; ``content`` is None when it was not sealed to this device."""

    batch: Batch
    head: Head
    content: Content | None


@dataclass(frozen=True, slots=True)
class Told(Generic[Content]):
    """What the next batch says, and of which things."""

    content: Content
    ids: tuple[AnnotationId, ...]


class Kind(ABC, Generic[Batch, Content]):
    """What tells one kind of batch from the other: its names on the wire, its place in the store.

    Attributes:
        subject: In events, errors and crash points.
        batch, content: The two halves.
    """

    subject: ClassVar[str]
    batch: type[Batch]
    content: type[Content]

    @abstractmethod
    def path(self, author: MemberId, chain: Chain, n: int, /) -> str:
        """Where batch ``n`` is."""

    @abstractmethod
    def context(self, author: MemberId, chain: Chain, n: int) -> bytes:
        """Sealing context of the content."""

    @abstractmethod
    def info(self, author: MemberId, chain: Chain, n: int, reader: DeviceId) -> bytes:
        """HPKE ``info`` of the content key for one device."""

    @abstractmethod
    def names(self, batch: Batch) -> tuple[MemberId, Chain]:
        """Whose batch it says it is, and of which chain."""

    @abstractmethod
    def signed(
        self,
        author: MemberId,
        chain: Chain,
        *,
        n: int,
        prev: Hash | None,
        content: Hash,
        keys: tuple[NoteKey, ...],
        made: Moment,
    ) -> Batch:
        """The signed half."""

    @abstractmethod
    def seen(self, content: Content) -> Mapping[DeviceId, Head]:
        """Which ends of the other chains its author had seen."""

    # -- the store, inside a transaction of the caller's ------------------------------------------------------

    @abstractmethod
    def heads(self, conn: Connection) -> dict[Chain, Head]:
        """The last batch taken of each chain."""

    @abstractmethod
    def set_head(self, conn: Connection, chain: Chain, head: Head) -> object:
        """A batch of a chain was taken."""

    @abstractmethod
    def apply(
        self, conn: Connection, author: MemberId, chain: Chain, opened: Opened[Batch, Content], /
    ) -> Written[int]:
        """Take a content; how many of its things differ from what is here under the same name."""

    @abstractmethod
    def waiting(self, conn: Connection, to: MemberId, /) -> Waiting | None:
        """The batch that waits to be sent."""

    @abstractmethod
    def untold(self, conn: Connection, to: MemberId, ends: Mapping[Chain, Head], /) -> Told[Content] | None:
        """What is to be told next; ``ends`` are the chains known."""

    @abstractmethod
    def wait(self, conn: Connection, to: MemberId, waiting: Waiting, told: Told[Content], /) -> Written[None]:
        """Keep a batch to be sent; what it tells counts as told from now on."""

    @abstractmethod
    def sent(self, conn: Connection, chain: Chain) -> Written[None]:
        """The service has the waiting batch."""

    @abstractmethod
    def unpack(self, conn: Connection, to: MemberId, /) -> Written[None]:
        """The waiting batch will never be taken: tell its contents anew."""


def tell_problem(means: Means, subject: str, error: Untrusted | ServiceRefused) -> None:
    """Something of one chain is wrong; the look goes on."""
    means.emit(Problem(error, subject))


# -- taking -------------------------------------------------------------------------------------------------


def take_all(
    means: Means,
    kind: Kind[Batch, Content],
    listed: Mapping[Chain, Head],
    authors: Mapping[Chain, DeviceEntry],
) -> None:
    """Rules 1, 2 and 4.

    Args:
        means: Ports of the engine.
        kind: What is taken.
        listed: Every chain the service lists, with its end.
        authors: The chains to take, in that order, with the device that signs each.

    Raises:
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    known = means.record.read(kind.heads).result()
    for short, to in withheld(known.items(), listed):
        tell_problem(means, kind.subject, RollbackDetected(f"{kind.subject} of {short} for {to}: fewer than before"))
    for chain, device in authors.items():
        ahead, head = listed.get(chain), known.get(chain)
        while ahead is not None and (head is None or head.n < ahead.n):
            means.brake.check()
            try:
                head = _take(means, kind, device, chain, head, listed=listed)
            except (Untrusted, ServiceRefused) as error:
                tell_problem(means, kind.subject, error)
                break


def _take(
    means: Means,
    kind: Kind[Batch, Content],
    device: DeviceEntry,
    chain: Chain,
    head: Head | None,
    *,
    listed: Mapping[Chain, Head],
) -> Head:
    n = 1 if head is None else head.n + 1
    path = kind.path(device.member, chain, n)
    parcel = answers.decode(means.transport.fetch(path, parcels.PARCEL_LIMIT), NoteParcel)
    opened = open_parcel(means, kind, parcel, device, chain[1], n=n, prev=None if head is None else head.hash)

    def write(conn: Connection) -> tuple[int, ChangeSet]:
        disputed, changes = 0, ChangeSet()
        with conn.transaction():
            if opened.content is not None:
                disputed, changes = kind.apply(conn, device.member, chain, opened)
            kind.set_head(conn, chain, opened.head)
        return disputed, changes

    disputed = means.record.write(write).result()
    crash_point(f"{kind.subject}.taken")
    if disputed:
        error = ContentMismatch(f"{kind.subject} of {device.id}: {disputed} differ")
        tell_problem(means, kind.subject, error)
    seen = {} if opened.content is None else kind.seen(opened.content)
    ends = {by: end for (by, to), end in listed.items() if to == chain[1]}
    for other in withheld(seen.items(), ends):
        tell_problem(means, kind.subject, RollbackDetected(f"{kind.subject} of {other}: {device.id} saw more"))
    return opened.head


def open_parcel(
    means: Means,
    kind: Kind[Batch, Content],
    parcel: NoteParcel,
    device: DeviceEntry,
    to: MemberId,
    *,
    n: int,
    prev: Hash | None,
) -> Opened[Batch, Content]:
    """A batch as the next one of a chain.

    Raises:
        Untrusted: Not signed by the device, not this batch, for somebody else, or not the content it names.
    """
    chain = (device.id, to)
    opened = dsse.open_(parcel.batch, {device.id: device.sign}, limit=codec.MAX_SMALL * 2)
    batch = codec.decode(opened.payload, kind.batch, limit=codec.MAX_SMALL)
    if (kind.names(batch), batch.n) != ((device.member, chain), n):
        raise SignatureInvalid(f"{kind.subject}: {batch.device} {batch.n}")
    if batch.prev != prev:
        raise RollbackDetected(f"{kind.subject} of {device.id}: {n} does not follow what was taken")
    plain = parcels.open_(
        means,
        parcel.content,
        batch.keys,
        batch.content,
        context=kind.context(device.member, chain, n),
        info=lambda reader: kind.info(device.member, chain, n, reader),
    )
    content = None if plain is None else codec.decode(plain, kind.content, limit=codec.MAX_NOTES)
    return Opened(batch, Head(n, Hash(opened.hash)), content)


# -- telling ------------------------------------------------------------------------------------------------


def tell(means: Means, kind: Kind[Batch, Content], to: MemberId, devices: tuple[DeviceEntry, ...]) -> None:
    """Rule 3: everything that is untold, batch by batch, sealed to ``devices``.

    Raises:
        RollbackDetected: The service holds another batch under this number; the next look reads the own chain first.
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    while True:
        means.brake.check()
        waiting = means.record.read(lambda conn: kind.waiting(conn, to)).result()
        if waiting is None:
            means.record.write(lambda conn: _prepare(means, kind, conn, to, devices)).result()
            crash_point(f"{kind.subject}.waiting")
            waiting = means.record.read(lambda conn: kind.waiting(conn, to)).result()
        if waiting is None:
            return
        _send(means, kind, to, waiting)


def _send(means: Means, kind: Kind[Batch, Content], to: MemberId, waiting: Waiting) -> None:
    chain = (means.device, to)
    try:
        answer = means.transport.put(kind.path(means.member, chain, waiting.n), waiting.body)
    except ServiceRefused as refused:
        if refused.problem not in _OTHER_THERE:
            raise
        means.record.write(lambda conn: kind.unpack(conn, to)).result()
        raise RollbackDetected(f"{kind.subject}: the service has another batch {waiting.n}") from refused
    if answers.decode(answer, Head) != Head(waiting.n, waiting.hash):
        raise ContentMismatch(f"{kind.subject}: the service kept another batch {waiting.n}")
    crash_point(f"{kind.subject}.sent")
    means.record.write(lambda conn: kind.sent(conn, chain)).result()


def _prepare(
    means: Means, kind: Kind[Batch, Content], conn: Connection, to: MemberId, devices: tuple[DeviceEntry, ...]
) -> Written[None]:
    """The next batch, if there is anything to tell; it waits in the store from here on."""
    ends = kind.heads(conn)
    told = kind.untold(conn, to, ends)
    if told is None:
        return None, ChangeSet()
    mine = ends.get((means.device, to))
    n, prev = (1, None) if mine is None else (mine.n + 1, mine.hash)
    digest, parcel = make_parcel(means, kind, told.content, to, devices, n=n, prev=prev)
    return kind.wait(conn, to, Waiting(n, digest, told.ids, codec.encode(parcel)), told)


def make_parcel(
    means: Means,
    kind: Kind[Batch, Content],
    said: Content,
    to: MemberId,
    devices: tuple[DeviceEntry, ...],
    *,
    n: int,
    prev: Hash | None,
) -> tuple[Hash, NoteParcel]:
    """A batch sealed to ``devices``, and its hash."""
    chain = (means.device, to)
    content, keys = parcels.seal(
        codec.encode(said),
        devices,
        context=kind.context(means.member, chain, n),
        info=lambda reader: kind.info(means.member, chain, n, reader),
        rng=means.rng,
    )
    digest = Hash(hashing.sha256(content))
    batch = kind.signed(means.member, chain, n=n, prev=prev, content=digest, keys=keys, made=means.time.moment())
    payload = codec.encode(batch)
    envelope = dsse.sign(payload, keyid=means.device, key=means.signing)
    return Hash(hashing.sha256(payload)), NoteParcel(envelope, content)

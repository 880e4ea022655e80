# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of a member's own devices: take their batches, tell them ours (docs/protocol.md, "Notes").

Each device has one chain of batches: numbered without gaps, each naming the one before it, signed by the device.
Rules:

1. A batch is taken only as the next of its chain, whole, in one transaction with the chain's new end.
2. A chain that is shorter than it was, or shorter than another device saw it, is told: the service dropped or holds
   back batches. Nothing that was taken is undone for it.
3. The content key of a batch is sealed to every active device of the member; who is not among them passes over it
   and is told everything again once an older device sees the new one in the directory.
4. A batch waits in the store before it leaves, and the same bytes are sent until the service has them. If the
   service holds another batch under its number, an older store was put back here: the own chain is read first and
   the changes are told anew behind it.
5. A bad batch ends the taking of its own chain only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from client.crypto import dsse, hashing
from client.domain.ids import DeviceId, Hash
from client.domain.notes import MAX_CHANGES, Head, NoteChange, withheld
from client.errors import ContentMismatch, RollbackDetected, ServiceRefused, SignatureInvalid, Untrusted
from client.protocol import codec, http, names
from client.protocol.http import NoteHeads, NoteParcel
from client.protocol.messages import DeviceEntry, NoteBatch, NoteContent
from client.store import notes
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import answers, parcels
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means

BATCH_BYTES: Final = 256 * 1024
"""A batch is closed once its bodies are this long."""
SUBJECT: Final = "notes"
_AHEAD: Final = "version-conflict"
_FORK: Final = "device-fork"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A batch that verified; ``content`` is None when it was not sealed to this device."""

    batch: NoteBatch
    head: Head
    content: NoteContent | None


def exchange(means: Means) -> None:
    """Take, then tell.

    Raises:
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    listed = _listed(means)
    _take_all(means, listed)
    readers = frozenset(device.id for device in own_devices(means))
    if readers <= {means.device}:
        return
    means.record.write(lambda conn: notes.set_readers(conn, readers)).result()
    _tell_all(means)


def own_devices(means: Means) -> tuple[DeviceEntry, ...]:
    """The member's active devices, this one included."""
    return tuple(each for each in parcels.active_devices(means) if each.member == means.member)


# -- taking -------------------------------------------------------------------------------------------------


def _listed(means: Means) -> dict[DeviceId, Head]:
    body = means.transport.fetch(http.PATH_NOTES.format(member=means.member), codec.MAX_SMALL)
    return answers.decode(body, NoteHeads).heads


def _take_all(means: Means, listed: dict[DeviceId, Head]) -> None:
    """Rules 1, 2 and 5."""
    known = means.record.read(notes.heads).result()
    for short in withheld(known.items(), listed):
        _tell_problem(means, RollbackDetected(f"notes of {short}: fewer than before"))
    for device in own_devices(means):
        ahead = listed.get(device.id)
        head = known.get(device.id)
        while ahead is not None and (head is None or head.n < ahead.n):
            means.brake.check()
            try:
                head = _take(means, device, head, listed)
            except (Untrusted, ServiceRefused) as error:
                _tell_problem(means, error)
                break


def _take(means: Means, device: DeviceEntry, head: Head | None, listed: dict[DeviceId, Head]) -> Head:
    n = 1 if head is None else head.n + 1
    path = http.PATH_NOTE_BATCH.format(member=means.member, device=device.id, n=n)
    parcel = answers.decode(means.transport.fetch(path, parcels.PARCEL_LIMIT), NoteParcel)
    opened = open_parcel(means, parcel, device, n=n, prev=None if head is None else head.hash)

    def write(conn: Connection) -> tuple[tuple[str, ...], ChangeSet]:
        disputed: tuple[str, ...] = ()
        changes = ChangeSet()
        with conn.transaction():
            if opened.content is not None:
                disputed, changes = notes.apply(conn, opened.content.changes, at=opened.batch.made)
            notes.set_head(conn, device.id, opened.head)
        return disputed, changes

    disputed = means.record.write(write).result()
    crash_point("notes.taken")
    if disputed:
        _tell_problem(means, ContentMismatch(f"notes of {device.id}: {len(disputed)} differ"))
    seen = {} if opened.content is None else opened.content.seen
    for other in withheld(seen.items(), listed):
        _tell_problem(means, RollbackDetected(f"notes of {other}: {device.id} saw more"))
    return opened.head


def open_parcel(means: Means, parcel: NoteParcel, device: DeviceEntry, *, n: int, prev: Hash | None) -> _Opened:
    """A batch as the next one of a chain.

    Raises:
        Untrusted: Not signed by the device, not this batch, or not the content it names.
    """
    opened = dsse.open_(parcel.batch, {device.id: device.sign}, limit=codec.MAX_SMALL * 2)
    batch = codec.decode(opened.payload, NoteBatch, limit=codec.MAX_SMALL)
    if (batch.member, batch.device, batch.n) != (means.member, device.id, n):
        raise SignatureInvalid(f"notes: {batch.device} {batch.n}")
    if batch.prev != prev:
        raise RollbackDetected(f"notes of {device.id}: {n} does not follow what was taken")
    plain = parcels.open_(
        means,
        parcel.content,
        batch.keys,
        batch.content,
        context=names.notes_context(batch.member, batch.device, n),
        info=lambda reader: names.notes_info(batch.member, batch.device, n, reader),
    )
    content = None if plain is None else codec.decode(plain, NoteContent, limit=codec.MAX_NOTES)
    return _Opened(batch, Head(n, Hash(opened.hash)), content)


# -- telling ------------------------------------------------------------------------------------------------


def _tell_all(means: Means) -> None:
    """Rule 4."""
    while True:
        means.brake.check()
        waiting = means.record.read(notes.waiting).result()
        if waiting is None:
            means.record.write(lambda conn: _prepare(means, conn)).result()
            crash_point("notes.waiting")
            waiting = means.record.read(notes.waiting).result()
        if waiting is None:
            return
        path = http.PATH_NOTE_BATCH.format(member=means.member, device=means.device, n=waiting.n)
        try:
            kept = answers.decode(means.transport.put(path, waiting.body), Head)
        except ServiceRefused as refused:
            if refused.problem in {_FORK, _AHEAD}:
                means.record.write(notes.unpack).result()
                _tell_problem(means, RollbackDetected(f"notes: the service has another batch {waiting.n}"))
                return  # the next look reads the own chain first
            raise
        if kept != Head(waiting.n, waiting.hash):
            raise ContentMismatch(f"notes: the service kept another batch {waiting.n}")
        crash_point("notes.sent")
        means.record.write(lambda conn: notes.sent(conn, means.device)).result()


def _prepare(means: Means, conn: Connection) -> tuple[None, ChangeSet]:
    """The next batch, if there is anything to tell; it waits in the store from here on."""
    changes = notes.untold(conn, most=MAX_CHANGES, size=BATCH_BYTES)
    if not changes:
        return None, ChangeSet()
    ends = notes.heads(conn)
    mine = ends.pop(means.device, None)
    n, prev = (1, None) if mine is None else (mine.n + 1, mine.hash)
    digest, parcel = make_parcel(means, changes, ends, n=n, prev=prev)
    waiting = notes.Waiting(n, digest, tuple(change.id for change in changes), codec.encode(parcel))
    return notes.wait(conn, waiting, changes)


def make_parcel(
    means: Means, changes: tuple[NoteChange, ...], seen: dict[DeviceId, Head], *, n: int, prev: Hash | None
) -> tuple[Hash, NoteParcel]:
    """A batch sealed to every active device of the member, and its hash."""
    content, keys = parcels.seal(
        codec.encode(NoteContent(changes=changes, seen=seen)),
        own_devices(means),
        context=names.notes_context(means.member, means.device, n),
        info=lambda reader: names.notes_info(means.member, means.device, n, reader),
        rng=means.rng,
    )
    batch = NoteBatch(
        member=means.member,
        device=means.device,
        n=n,
        prev=prev,
        content=Hash(hashing.sha256(content)),
        keys=keys,
        made=means.time.moment(),
    )
    payload = codec.encode(batch)
    envelope = dsse.sign(payload, keyid=means.device, key=means.signing)
    return Hash(hashing.sha256(payload)), NoteParcel(envelope, content)


def _tell_problem(means: Means, error: Untrusted | ServiceRefused) -> None:
    means.emit(Problem(error, SUBJECT))

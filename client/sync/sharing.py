# SPDX-License-Identifier: AGPL-3.0-or-later
"""What members share with one another on purpose: take what came, tell what was chosen (docs/protocol.md).

Each device of an author has one chain of batches for each reader, numbered without gaps, each naming the one before
it, signed by the device; author and reader stand under that signature. Rules:

1. A batch is taken only as the next of its chain, whole, in one transaction with the chain's new end; only from an
   active device of the member it names as its author, and only if it names this member as its reader (or comes
   from the member's own other device).
2. A chain that is shorter than it was, or shorter than another device of its author saw it, is told. Nothing that was
   taken is undone for it.
3. The content key goes to the reader's active devices and the author's own, to nobody else. A device that is new is
   told again what is still shared; one that was revoked is not among the readers of the next batch.
4. A batch waits in the store before it leaves, and the same bytes are sent until the service has them; if the service
   holds another one under its number, the own chain is read first and the contents are told anew behind it.
5. A bad batch ends the taking of its own chain only; a refusal ends the telling to its own reader only.
6. Somebody without an active device is told nothing until there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from client.crypto import dsse, hashing
from client.domain.ids import DeviceId, Hash, MemberId
from client.domain.notes import Head, withheld
from client.domain.sharing import MAX_CHANGES, ShareChange
from client.errors import ContentMismatch, RollbackDetected, ServiceRefused, SignatureInvalid, Untrusted
from client.protocol import codec, http, names
from client.protocol.http import NoteParcel, SharedEnds
from client.protocol.messages import DeviceEntry, SharedBatch, SharedContent
from client.store import received, shares
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import answers, parcels
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means

BATCH_BYTES: Final = 256 * 1024
"""A batch is closed once its bodies are this long."""
SUBJECT: Final = "shared"
_ENDS_LIMIT: Final = codec.MAX_SHARED_ENDS
_OTHER_THERE: Final = frozenset({"version-conflict", "device-fork"})

Chain = tuple[DeviceId, MemberId]


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch that verified; ``content`` is None when it was not sealed to this device."""

    batch: SharedBatch
    head: Head
    content: SharedContent | None


def concerns(means: Means) -> bool:
    """Whether there is anybody to share with: somebody else with a device."""
    return any(device.member != means.member for device in parcels.active_devices(means))


def exchange(means: Means) -> None:
    """Take, then tell.

    Raises:
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    listed = _listed(means)
    _take_all(means, listed)
    for reader in means.record.read(shares.addressed).result():
        devices = tuple(device for device in parcels.active_devices(means) if device.member in {reader, means.member})
        if all(device.member == means.member for device in devices):
            continue  # rule 6
        try:
            _tell(means, reader, devices)
        except ServiceRefused as refused:
            _tell_problem(means, refused)


# -- taking -------------------------------------------------------------------------------------------------


def _listed(means: Means) -> dict[Chain, Head]:
    body = means.transport.fetch(http.PATH_SHARED.format(member=means.member), _ENDS_LIMIT)
    return {(end.device, end.to): end.head for end in answers.decode(body, SharedEnds).ends}


def _take_all(means: Means, listed: Mapping[Chain, Head]) -> None:
    """Rules 1, 2 and 5."""
    known = means.record.read(shares.heads).result()
    for short, to in withheld(known.items(), listed):
        _tell_problem(means, RollbackDetected(f"shared by {short} with {to}: fewer than before"))
    devices = {device.id: device for device in parcels.active_devices(means)}
    for (author, to), ahead in sorted(listed.items()):
        device = devices.get(author)
        if device is None or (to == means.member) is (device.member == means.member):
            continue  # neither to this member from another, nor from this member to another
        head = known.get((author, to))
        while head is None or head.n < ahead.n:
            means.brake.check()
            try:
                head = _take(means, device, to, head, listed)
            except (Untrusted, ServiceRefused) as error:
                _tell_problem(means, error)
                break


def _take(means: Means, device: DeviceEntry, to: MemberId, head: Head | None, listed: Mapping[Chain, Head]) -> Head:
    n = 1 if head is None else head.n + 1
    path = http.PATH_SHARED_BATCH.format(member=to, device=device.id, n=n)
    parcel = answers.decode(means.transport.fetch(path, parcels.PARCEL_LIMIT), NoteParcel)
    opened = open_parcel(means, parcel, device, to, n=n, prev=None if head is None else head.hash)
    content = opened.content

    def write(conn: Connection) -> tuple[int, ChangeSet]:
        disputed, changes = 0, ChangeSet()
        with conn.transaction():
            if content is not None and device.member == means.member:
                changes = shares.take_own(conn, to, content.changes)[1]
            elif content is not None:
                found, changes = received.apply(conn, device.member, content.changes, at=opened.batch.made)
                disputed = len(found)
            shares.set_head(conn, device.id, to, opened.head)
        return disputed, changes

    disputed = means.record.write(write).result()
    crash_point("shared.taken")
    if disputed:
        _tell_problem(means, ContentMismatch(f"shared by {device.id}: {disputed} differ"))
    seen = {} if content is None else content.seen
    for other in withheld(seen.items(), {by: end for (by, reader), end in listed.items() if reader == to}):
        _tell_problem(means, RollbackDetected(f"shared by {other}: {device.id} saw more"))
    return opened.head


def open_parcel(
    means: Means, parcel: NoteParcel, device: DeviceEntry, to: MemberId, *, n: int, prev: Hash | None
) -> Opened:
    """A batch as the next one of a chain.

    Raises:
        Untrusted: Not signed by the device, not this batch, to somebody else, or not the content it names.
    """
    opened = dsse.open_(parcel.batch, {device.id: device.sign}, limit=codec.MAX_SMALL * 2)
    batch = codec.decode(opened.payload, SharedBatch, limit=codec.MAX_SMALL)
    if (batch.member, batch.device, batch.to, batch.n) != (device.member, device.id, to, n):
        raise SignatureInvalid(f"shared: {batch.device} {batch.n}")
    if batch.prev != prev:
        raise RollbackDetected(f"shared by {device.id}: {n} does not follow what was taken")
    plain = parcels.open_(
        means,
        parcel.content,
        batch.keys,
        batch.content,
        context=names.shared_context(batch.member, batch.device, to, n),
        info=lambda reader: names.shared_info(batch.member, batch.device, to, n, reader),
    )
    content = None if plain is None else codec.decode(plain, SharedContent, limit=codec.MAX_NOTES)
    return Opened(batch, Head(n, Hash(opened.hash)), content)


# -- telling ------------------------------------------------------------------------------------------------


def _tell(means: Means, reader: MemberId, devices: tuple[DeviceEntry, ...]) -> None:
    """Rules 3 and 4."""
    known = frozenset(device.id for device in devices)
    means.record.write(lambda conn: shares.set_readers(conn, reader, known)).result()
    while True:
        means.brake.check()
        waiting = means.record.read(lambda conn: shares.waiting_for(conn, reader)).result()
        if waiting is None:
            means.record.write(lambda conn: _prepare(means, conn, reader, devices)).result()
            crash_point("shared.waiting")
            waiting = means.record.read(lambda conn: shares.waiting_for(conn, reader)).result()
        if waiting is None:
            return
        _send(means, waiting)


def _send(means: Means, waiting: shares.Waiting) -> None:
    path = http.PATH_SHARED_BATCH.format(member=waiting.reader, device=means.device, n=waiting.n)
    try:
        kept = answers.decode(means.transport.put(path, waiting.body), Head)
    except ServiceRefused as refused:
        if refused.problem in _OTHER_THERE:  # the next look reads the own chain first
            means.record.write(lambda conn: shares.unpack(conn, waiting)).result()
        raise
    if kept != Head(waiting.n, waiting.hash):
        raise ContentMismatch(f"shared: the service kept another batch {waiting.n}")
    crash_point("shared.sent")
    means.record.write(lambda conn: shares.sent(conn, waiting, means.device)).result()


def _prepare(
    means: Means, conn: Connection, reader: MemberId, devices: tuple[DeviceEntry, ...]
) -> tuple[None, ChangeSet]:
    """The next batch for a reader, if there is anything to tell; it waits in the store from here on."""
    changes = shares.untold(conn, reader, most=MAX_CHANGES, size=BATCH_BYTES)
    if not changes:
        return None, ChangeSet()
    ends = {author: head for (author, to), head in shares.heads(conn).items() if to == reader}
    own = {device.id for device in devices if device.member == means.member}
    mine = ends.pop(means.device, None)
    n, prev = (1, None) if mine is None else (mine.n + 1, mine.hash)
    seen = {author: head for author, head in ends.items() if author in own}
    digest, parcel = make_parcel(means, changes, seen, reader, devices, n=n, prev=prev)
    ids = tuple(change.id for change in changes)
    return shares.wait(conn, shares.Waiting(reader, n, digest, ids, codec.encode(parcel)), changes)


def make_parcel(
    means: Means,
    changes: tuple[ShareChange, ...],
    seen: dict[DeviceId, Head],
    to: MemberId,
    devices: tuple[DeviceEntry, ...],
    *,
    n: int,
    prev: Hash | None,
) -> tuple[Hash, NoteParcel]:
    """A batch sealed to ``devices``, and its hash."""
    content, keys = parcels.seal(
        codec.encode(SharedContent(changes=changes, seen=seen)),
        devices,
        context=names.shared_context(means.member, means.device, to, n),
        info=lambda reader: names.shared_info(means.member, means.device, to, n, reader),
        rng=means.rng,
    )
    batch = SharedBatch(
        member=means.member,
        device=means.device,
        to=to,
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

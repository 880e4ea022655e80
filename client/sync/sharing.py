# SPDX-License-Identifier: AGPL-3.0-or-later
"""What members share with one another on purpose: take what came, tell what was chosen (docs/protocol.md).

How a chain is walked is decided in ``sync.chains``. Each device of an author has one chain for each reader; author
and reader stand under the signature. Besides:

1. A batch is taken only from an active device of the member it names as its author, and only if it names this member
   as its reader (or comes from the member's own other device).
2. The content key goes to the reader's active devices and the author's own, to nobody else. A device that is new is
   told again what is still shared; one that was revoked is not among the readers of the next batch.
3. A refusal ends the telling to its own reader only.
4. Somebody without an active device is told nothing until there is one.
5. A device says, signed, how far it has opened each chain, and takes that back once nothing of the author's is on it.
   Only an active device of the reader is believed, and only about a batch this member's own device sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from client.crypto import dsse
from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.domain.notes import Head
from client.domain.sharing import MAX_CHANGES
from client.errors import ContentMismatch, RollbackDetected, ServiceRefused, SignatureInvalid, Untrusted
from client.protocol import codec, http, names
from client.protocol.http import ArrivalKept, Arrivals, SharedEnds
from client.protocol.messages import Arrival, DeviceEntry, NoteKey, SharedBatch, SharedContent
from client.store import arrivals, received, share_chains
from client.store.changes import Written
from client.store.connection import Connection
from client.store.notes import Waiting
from client.sync import answers, chains, parcels
from client.sync.chains import Chain, Kind, Opened, Told
from client.sync.crashpoints import crash_point
from client.sync.means import Means

SUBJECT: Final = "shared"
_ENDS_LIMIT: Final = codec.MAX_SHARED_ENDS


class _Shared(Kind[SharedBatch, SharedContent]):
    """What is shared with somebody named.

    Args:
        member: Of this device.
        own: The active devices of this member.
        device: This one.
    """

    subject = SUBJECT
    batch = SharedBatch
    content = SharedContent

    def __init__(self, member: MemberId, own: frozenset[DeviceId], device: DeviceId) -> None:
        self._member, self._own, self._device = member, own, device

    def path(self, _author: MemberId, chain: Chain, n: int, /) -> str:
        return http.PATH_SHARED_BATCH.format(member=chain[1], device=chain[0], n=n)

    def context(self, author: MemberId, chain: Chain, n: int) -> bytes:
        return names.shared_context(author, *chain, n)

    def info(self, author: MemberId, chain: Chain, n: int, reader: DeviceId) -> bytes:
        return names.shared_info(author, *chain, n, reader)

    def names(self, batch: SharedBatch) -> tuple[MemberId, Chain]:
        return batch.member, (batch.device, batch.to)

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
    ) -> SharedBatch:
        return SharedBatch(
            member=author, device=chain[0], to=chain[1], n=n, prev=prev, content=content, keys=keys, made=made
        )

    def seen(self, content: SharedContent) -> Mapping[DeviceId, Head]:
        return content.seen

    def heads(self, conn: Connection) -> dict[Chain, Head]:
        return share_chains.heads(conn)

    def set_head(self, conn: Connection, chain: Chain, head: Head) -> object:
        return share_chains.set_head(conn, *chain, head)

    def apply(
        self, conn: Connection, author: MemberId, chain: Chain, opened: Opened[SharedBatch, SharedContent], /
    ) -> Written[int]:
        assert opened.content is not None
        if author == self._member:
            return 0, share_chains.take_own(conn, *chain, opened.head, opened.content.changes)[1]
        arrivals.took(conn, author, chain[0], opened.head)
        disputed, changes = received.apply(conn, author, opened.content.changes, at=opened.batch.made)
        return len(disputed), changes

    def waiting(self, conn: Connection, to: MemberId, /) -> Waiting | None:
        return share_chains.waiting(conn, to)

    def untold(self, conn: Connection, to: MemberId, ends: Mapping[Chain, Head], /) -> Told[SharedContent] | None:
        changes = share_chains.untold(conn, to, most=MAX_CHANGES, size=chains.BATCH_BYTES)
        if not changes:
            return None
        others = self._own - {self._device}
        seen = {device: head for (device, reader), head in ends.items() if reader == to and device in others}
        return Told(SharedContent(changes=changes, seen=seen), tuple(change.id for change in changes))

    def wait(self, conn: Connection, to: MemberId, waiting: Waiting, told: Told[SharedContent], /) -> Written[None]:
        return share_chains.wait(conn, self._device, to, waiting, told.content.changes)

    def sent(self, conn: Connection, chain: Chain) -> Written[None]:
        return share_chains.sent(conn, *chain)

    def unpack(self, conn: Connection, to: MemberId, /) -> Written[None]:
        return share_chains.unpack(conn, to)


def concerns(means: Means) -> bool:
    """Whether there is anybody to share with: somebody else with a device."""
    return any(device.member != means.member for device in parcels.active_devices(means))


def exchange(means: Means) -> None:
    """Take, then tell; say what came here, and ask what came to others.

    Raises:
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    active = parcels.active_devices(means)
    own = frozenset(device.id for device in active if device.member == means.member)
    kind = _Shared(means.member, own, means.device)
    body = means.transport.fetch(http.PATH_SHARED.format(member=means.member), _ENDS_LIMIT)
    listed = {(end.device, end.to): end.head for end in answers.decode(body, SharedEnds).ends}
    chains.take_all(means, kind, listed, _authors(means, listed, active))
    for reader in means.record.read(share_chains.addressed).result():
        devices = tuple(device for device in active if device.member in {reader, means.member})
        if any(device.member != means.member for device in devices):  # rule 4
            _tell(means, kind, reader, devices)
    _acknowledge(means)
    for reader in means.record.read(arrivals.unconfirmed).result():
        _confirm(means, reader, {device.id: device for device in active if device.member == reader})


def _authors(means: Means, listed: Mapping[Chain, Head], active: tuple[DeviceEntry, ...]) -> dict[Chain, DeviceEntry]:
    """Rule 1: to this member from another, or from this member to another."""
    devices = {device.id: device for device in active}
    return {
        (author, to): device
        for author, to in sorted(listed)
        if (device := devices.get(author)) is not None and (to == means.member) is not (device.member == means.member)
    }


def _tell(means: Means, kind: _Shared, reader: MemberId, devices: tuple[DeviceEntry, ...]) -> None:
    """Rules 2 and 3."""
    known = frozenset(device.id for device in devices)
    means.record.write(lambda conn: share_chains.set_readers(conn, reader, known)).result()
    try:
        chains.tell(means, kind, reader, devices)
    except (RollbackDetected, ServiceRefused) as refused:
        chains.tell_problem(means, SUBJECT, refused)


# -- what came ----------------------------------------------------------------------------------------------


def _acknowledge(means: Means) -> None:
    """Rule 5: this device's word, chain by chain; one that is refused is told and asked again at the next look."""
    for one in means.record.read(arrivals.owed).result():
        means.brake.check()
        word = Arrival(member=means.member, device=means.device, teller=one.teller, head=one.head)
        path = http.PATH_ARRIVAL.format(member=means.member, device=one.teller)
        body = dsse.sign(codec.encode(word), keyid=means.device, key=means.signing)
        try:
            answers.decode(means.transport.put(path, body, http.DSSE_MEDIA), ArrivalKept)
        except ServiceRefused as refused:
            chains.tell_problem(means, SUBJECT, refused)
            continue
        crash_point("shared.acknowledged")
        means.record.write(partial(arrivals.told, one=one)).result()


def _confirm(means: Means, reader: MemberId, devices: Mapping[DeviceId, DeviceEntry]) -> None:
    """Rule 5: what a reader's devices say; a word that does not hold is told and passed over."""
    means.brake.check()
    try:
        body = means.transport.fetch(http.PATH_ARRIVALS.format(member=reader), codec.MAX_ARRIVALS)
    except ServiceRefused as refused:
        chains.tell_problem(means, SUBJECT, refused)
        return
    words = []
    for envelope in answers.decode(body, Arrivals).arrivals:
        try:
            words += _words(envelope, reader, devices)
        except Untrusted as error:
            chains.tell_problem(means, SUBJECT, error)
    if words and means.record.write(lambda conn: _believe(conn, reader, words)).result():
        chains.tell_problem(means, SUBJECT, ContentMismatch(f"shared with {reader}: another batch was acknowledged"))


def _words(envelope: bytes, reader: MemberId, devices: Mapping[DeviceId, DeviceEntry]) -> list[Arrival]:
    """One word, verified; none of a device that is no longer listed.

    Raises:
        Untrusted: Not that device's word, or of somebody else.
    """
    signers = dsse.peek_unverified(envelope, limit=codec.MAX_ARRIVAL)[1]
    device = next((devices[DeviceId(signer)] for signer in signers if signer in devices), None)
    if device is None:
        return []
    opened = dsse.open_(envelope, {device.id: device.sign}, limit=codec.MAX_ARRIVAL)
    word = codec.decode(opened.payload, Arrival, limit=codec.MAX_ARRIVAL)
    if (word.member, word.device) != (reader, device.id):
        raise SignatureInvalid(f"shared: word of {word.device}")
    return [word]


def _believe(conn: Connection, reader: MemberId, words: Sequence[Arrival]) -> Written[int]:
    """How many name another batch than was sent; one too old to be compared counts as none."""
    good, wrong = [], 0
    for word in words:
        if word.head is None:
            continue
        known = arrivals.end_of(conn, word.teller, reader, word.head.n)
        if known == word.head.hash:
            good.append((word.device, word.teller, word.head.n))
        else:
            wrong += known is not None
    return wrong, arrivals.confirm(conn, reader, good)[1]

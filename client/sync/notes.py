# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of a member's own devices: take their batches, tell them ours (docs/protocol.md, "Notes").

How a chain is walked is decided in ``sync.chains``. Here, a batch is for every active device of its author and for
nobody else: who is not among them passes over it, and is told everything again once an older device sees the new one
in the directory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.domain.notes import MAX_CHANGES, Head
from client.errors import RollbackDetected
from client.protocol import codec, http, names
from client.protocol.http import NoteHeads
from client.protocol.messages import DeviceEntry, NoteBatch, NoteContent, NoteKey
from client.store import notes
from client.store.changes import Written
from client.store.connection import Connection
from client.store.notes import Waiting
from client.sync import answers, chains, parcels
from client.sync.chains import Chain, Kind, Opened, Told
from client.sync.means import Means

SUBJECT: Final = "notes"


class _Notes(Kind[NoteBatch, NoteContent]):
    """A member's notes; the member they are for is their author.

    Args:
        member: Whose.
        device: This one.
    """

    subject = SUBJECT
    batch = NoteBatch
    content = NoteContent

    def __init__(self, member: MemberId, device: DeviceId) -> None:
        self._member, self._device = member, device

    def path(self, author: MemberId, chain: Chain, n: int, /) -> str:
        return http.PATH_NOTE_BATCH.format(member=author, device=chain[0], n=n)

    def context(self, author: MemberId, chain: Chain, n: int) -> bytes:
        return names.notes_context(author, chain[0], n)

    def info(self, author: MemberId, chain: Chain, n: int, reader: DeviceId) -> bytes:
        return names.notes_info(author, chain[0], n, reader)

    def names(self, batch: NoteBatch) -> tuple[MemberId, Chain]:
        return batch.member, (batch.device, batch.member)

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
    ) -> NoteBatch:
        return NoteBatch(member=author, device=chain[0], n=n, prev=prev, content=content, keys=keys, made=made)

    def seen(self, content: NoteContent) -> Mapping[DeviceId, Head]:
        return content.seen

    def heads(self, conn: Connection) -> dict[Chain, Head]:
        return {(device, self._member): head for device, head in notes.heads(conn).items()}

    def set_head(self, conn: Connection, chain: Chain, head: Head) -> object:
        return notes.set_head(conn, chain[0], head)

    def apply(
        self, conn: Connection, _author: MemberId, _chain: Chain, opened: Opened[NoteBatch, NoteContent], /
    ) -> Written[int]:
        assert opened.content is not None
        disputed, changes = notes.apply(conn, opened.content.changes, at=opened.batch.made)
        return len(disputed), changes

    def waiting(self, conn: Connection, _to: MemberId, /) -> Waiting | None:
        return notes.waiting(conn)

    def untold(self, conn: Connection, _to: MemberId, ends: Mapping[Chain, Head], /) -> Told[NoteContent] | None:
        changes = notes.untold(conn, most=MAX_CHANGES, size=chains.BATCH_BYTES)
        if not changes:
            return None
        seen = {device: head for (device, _), head in ends.items() if device != self._device}
        return Told(NoteContent(changes=changes, seen=seen), tuple(change.id for change in changes))

    def wait(self, conn: Connection, _to: MemberId, waiting: Waiting, told: Told[NoteContent], /) -> Written[None]:
        return notes.wait(conn, waiting, told.content.changes)

    def sent(self, conn: Connection, chain: Chain) -> Written[None]:
        return notes.sent(conn, chain[0])

    def unpack(self, conn: Connection, _to: MemberId, /) -> Written[None]:
        return notes.unpack(conn)


def exchange(means: Means) -> None:
    """Take, then tell.

    Raises:
        ServiceError: The wire.
        Stopped: The brake was pulled.
    """
    kind, mine = _Notes(means.member, means.device), own_devices(means)
    body = means.transport.fetch(http.PATH_NOTES.format(member=means.member), codec.MAX_SMALL)
    listed = {(device, means.member): head for device, head in answers.decode(body, NoteHeads).heads.items()}
    chains.take_all(means, kind, listed, {(device.id, means.member): device for device in mine})
    readers = frozenset(device.id for device in mine)
    if readers <= {means.device}:
        return
    means.record.write(lambda conn: notes.set_readers(conn, readers)).result()
    try:
        chains.tell(means, kind, means.member, mine)
    except RollbackDetected as other_there:
        chains.tell_problem(means, SUBJECT, other_there)


def own_devices(means: Means) -> tuple[DeviceEntry, ...]:
    """The member's active devices, this one included."""
    return tuple(each for each in parcels.active_devices(means) if each.member == means.member)

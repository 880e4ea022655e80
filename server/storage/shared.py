# SPDX-License-Identifier: AGPL-3.0-or-later
"""What members share with one another, as the service keeps it: one growing chain for each author's device and reader.

It decides whether a batch may be appended: signed by the device it comes from, to this reader, next of its chain,
within its author's quota. It cannot read one, and it keeps what was withdrawn, sealed. The same batch again changes
nothing.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select

from client.crypto import dsse, hashing
from client.domain.ids import DeviceId, Hash, MemberId
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import NoteParcel, Problem
from client.protocol.messages import DeviceEntry, SharedBatch, SharedEnd
from server.problems import Refusal
from server.storage.notes import Quota, check_quota, is_kept
from server.storage.schema import shared
from server.storage.transaction import Transaction

_BATCH_LIMIT: Final = codec.MAX_SMALL * 2
_CHAIN: Final = and_(shared.c.device == bindparam("device"), shared.c.reader == bindparam("reader"))
_LAST: Final = select(shared.c.n, shared.c.hash).where(_CHAIN).order_by(shared.c.n.desc())
_HASH: Final = select(shared.c.hash).where(_CHAIN, shared.c.n == bindparam("n"))


def append(tx: Transaction, device: DeviceEntry, reader: MemberId, parcel: NoteParcel, *, n: int, quota: Quota) -> Head:
    """Keep batch ``n`` of ``device`` to ``reader``.

    Returns:
        Its number and hash.

    Raises:
        Refusal: Not of this device or not to this reader, another batch has this number (``device-fork``), it does
            not follow the last one (``version-conflict``), its content is not the one it names, or the quota is used
            up.
        SignatureInvalid: Not signed by the device.
        FormatRefused: Not a batch.
    """
    opened = dsse.open_(parcel.batch, {device.id: device.sign}, limit=_BATCH_LIMIT)
    batch = codec.decode(opened.payload, SharedBatch, limit=codec.MAX_SMALL)
    if (batch.member, batch.device, batch.to, batch.n) != (device.member, device.id, reader, n):
        raise Refusal(Problem.FORBIDDEN, "batch of another")
    if hashing.sha256(parcel.content) != batch.content:
        raise Refusal(Problem.HASH_MISMATCH, "content")
    head, chain = Head(n, Hash(opened.hash)), {"device": device.id, "reader": reader}
    last = tx.conn.execute(_LAST, chain).first()
    if is_kept(tx.conn.scalar(_HASH, {**chain, "n": n}), last, head, batch.prev):
        return head
    size = len(parcel.batch) + len(parcel.content)
    check_quota(tx.conn, shared, device.member, size, quota)
    tx.log("shared.kept", subject=device.id, detail=opened.hash)
    row = {**chain, "n": n, "member": device.member, "hash": opened.hash, "size": size, "at": tx.at}
    tx.conn.execute(insert(shared).values(**row, batch=parcel.batch, content=parcel.content))
    return head


def ends(conn: Connection, member: MemberId) -> tuple[SharedEnd, ...]:
    """The ends of all chains to a member or from one of its devices, in one view."""
    mine = or_(shared.c.reader == member, shared.c.member == member)
    last = (
        select(shared.c.device, shared.c.reader, func.max(shared.c.n).label("n"))
        .where(mine)
        .group_by(shared.c.device, shared.c.reader)
        .subquery()
    )
    query = select(shared.c.device, shared.c.reader, shared.c.n, shared.c.hash).join(
        last, (last.c.device == shared.c.device) & (last.c.reader == shared.c.reader) & (last.c.n == shared.c.n)
    )
    rows = conn.execute(query.order_by(shared.c.device, shared.c.reader))
    return tuple(SharedEnd(DeviceId(row.device), MemberId(row.reader), Head(row.n, Hash(row.hash))) for row in rows)


def batch(conn: Connection, caller: MemberId, reader: MemberId, device: DeviceId, n: int) -> NoteParcel | None:
    """One batch, for its reader and its author; to anybody else there is none."""
    query = select(shared.c.batch, shared.c.content).where(
        shared.c.device == device,
        shared.c.reader == reader,
        shared.c.n == n,
        or_(shared.c.reader == caller, shared.c.member == caller),
    )
    row = conn.execute(query).first()
    return None if row is None else NoteParcel(row.batch, row.content)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches of notes as the service keeps them: chains that only grow, one for each device.

It decides whether a batch may be appended: signed by the device it comes from, next of its chain, within the
member's quota. It cannot read one. The same batch again changes nothing.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select

from client.crypto import dsse, hashing
from client.domain.ids import DeviceId, Hash, MemberId
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import NoteParcel, Problem
from client.protocol.messages import DeviceEntry, NoteBatch
from server.problems import Refusal
from server.storage.schema import notes
from server.storage.transaction import Transaction

_BATCH_LIMIT: Final = codec.MAX_SMALL * 2
_LAST: Final = select(notes.c.n, notes.c.hash).where(notes.c.device == bindparam("device")).order_by(notes.c.n.desc())
_HASH: Final = select(notes.c.hash).where(notes.c.device == bindparam("device"), notes.c.n == bindparam("n"))


class Quota(Struct, frozen=True):
    """How much one member may keep; bytes and batches."""

    size: int
    batches: int


def append(tx: Transaction, device: DeviceEntry, parcel: NoteParcel, *, n: int, quota: Quota) -> Head:
    """Keep batch ``n`` of ``device``.

    Returns:
        Its number and hash.

    Raises:
        Refusal: Another batch has this number (``device-fork``), it does not follow the last one
            (``version-conflict``), its content is not the one it names, or the quota is used up.
        SignatureInvalid: Not signed by the device.
        FormatRefused: Not a batch.
    """
    opened = dsse.open_(parcel.batch, {device.id: device.sign}, limit=_BATCH_LIMIT)
    batch = codec.decode(opened.payload, NoteBatch, limit=codec.MAX_SMALL)
    if (batch.member, batch.device, batch.n) != (device.member, device.id, n):
        raise Refusal(Problem.FORBIDDEN, "batch of another")
    if hashing.sha256(parcel.content) != batch.content:
        raise Refusal(Problem.HASH_MISMATCH, "content")
    head = Head(n, Hash(opened.hash))
    last = tx.conn.execute(_LAST, {"device": device.id}).first()
    if is_kept(tx.conn.scalar(_HASH, {"device": device.id, "n": n}), last, head, batch.prev):
        return head
    size = len(parcel.batch) + len(parcel.content)
    check_quota(tx.conn, notes, device.member, size, quota)
    tx.log("notes.kept", subject=device.id, detail=opened.hash)
    row = {"device": device.id, "n": n, "member": device.member, "hash": opened.hash, "size": size, "at": tx.at}
    tx.conn.execute(insert(notes).values(**row, batch=parcel.batch, content=parcel.content))
    return head


def is_kept(known: str | None, last: Row[Any, Any] | None, head: Head, prev: Hash | None) -> bool:
    """Whether a batch is in its chain already; otherwise it must be the next one.

    Args:
        known: Hash of the batch that has its number.
        last: ``n`` and ``hash`` of the chain's end.
        head: The batch.
        prev: What it says comes before it.

    Raises:
        Refusal: Another batch has this number, or it does not follow the last one.
    """
    if known is not None:
        if known != head.hash:
            raise Refusal(Problem.DEVICE_FORK, str(head.n))
        return True
    if (head.n - 1, prev) != (0, None) if last is None else (last.n, last.hash) != (head.n - 1, prev):
        raise Refusal(Problem.VERSION_CONFLICT, f"last is {0 if last is None else last.n}")
    return False


def heads(conn: Connection, member: MemberId) -> dict[DeviceId, Head]:
    """The end of each chain of a member, in one view."""
    ends = select(notes.c.device, func.max(notes.c.n).label("n")).where(notes.c.member == member)
    last = ends.group_by(notes.c.device).subquery()
    query = select(notes.c.device, notes.c.n, notes.c.hash).join(
        last, (last.c.device == notes.c.device) & (last.c.n == notes.c.n)
    )
    rows = conn.execute(query.order_by(notes.c.device))
    return {DeviceId(row.device): Head(row.n, Hash(row.hash)) for row in rows}


def batch(conn: Connection, member: MemberId, device: DeviceId, n: int) -> NoteParcel | None:
    """One batch of a member's device."""
    query = select(notes.c.batch, notes.c.content).where(
        notes.c.device == device, notes.c.n == n, notes.c.member == member
    )
    row = conn.execute(query).first()
    return None if row is None else NoteParcel(row.batch, row.content)


def check_quota(conn: Connection, table: Table, member: MemberId, size: int, quota: Quota) -> None:
    """Whether ``member`` may keep ``size`` more bytes in ``table`` (columns ``member`` and ``size``).

    Raises:
        Refusal: No.
    """
    query = select(func.count(), func.coalesce(func.sum(table.c.size), 0)).where(table.c.member == member)
    count, used = conn.execute(query).one()
    if count >= quota.batches or int(used) + size > quota.size:
        raise Refusal(Problem.TOO_LARGE, "quota")

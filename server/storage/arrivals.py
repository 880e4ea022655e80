# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a reader's device has opened an author's chain, by that device's signature: one line each, the newest.

The only state that leaves no entry in the audit chain and carries no time: what came to a device must not become a
record of who read what when. A device replaces its line, and takes it away once nothing of the author's is on it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, delete, insert, select

from client.crypto import dsse
from client.domain.ids import DeviceId, MemberId
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import Arrival, DeviceEntry
from server.problems import Refusal
from server.storage.schema import arrivals, shared
from server.storage.transaction import Transaction

MAX_LISTED: Final = 256


def keep(tx: Transaction, device: DeviceEntry, teller: DeviceId, envelope: bytes) -> Head | None:
    """Put a device's word about a chain in the place of its last one, or take it away; what stands now.

    Raises:
        Refusal: Not this device's word on this chain, or no batch of that number and hash leads to its member.
        SignatureInvalid: Not signed by the device.
        FormatRefused: Not such a word.
    """
    opened = dsse.open_(envelope, {device.id: device.sign}, limit=codec.MAX_ARRIVAL)
    word = codec.decode(opened.payload, Arrival, limit=codec.MAX_ARRIVAL)
    if (word.member, word.device, word.teller) != (device.member, device.id, teller):
        raise Refusal(Problem.FORBIDDEN, "word of another")
    line = and_(arrivals.c.teller == teller, arrivals.c.device == device.id)
    if word.head is None:
        tx.conn.execute(delete(arrivals).where(line))
        return None
    batch = select(shared.c.member, shared.c.hash).where(
        shared.c.device == teller, shared.c.reader == device.member, shared.c.n == word.head.n
    )
    row = tx.conn.execute(batch).first()
    if row is None:
        raise Refusal(Problem.NOT_FOUND)
    if row.hash != word.head.hash:
        raise Refusal(Problem.HASH_MISMATCH, "batch")
    known = tx.conn.execute(select(arrivals.c.n, arrivals.c.hash).where(line)).first()
    if known is not None and known.n > word.head.n:
        return Head(known.n, known.hash)
    tx.conn.execute(delete(arrivals).where(line))
    tx.conn.execute(
        insert(arrivals).values(
            teller=teller,
            device=device.id,
            reader=device.member,
            author=row.member,
            n=word.head.n,
            hash=word.head.hash,
            envelope=envelope,
        )
    )
    return word.head


def of_reader(conn: Connection, author: MemberId, reader: MemberId) -> tuple[bytes, ...]:
    """What the devices of ``reader`` said about the chains of ``author``; nothing about anybody else's."""
    query = (
        select(arrivals.c.envelope)
        .where(arrivals.c.author == author, arrivals.c.reader == reader)
        .order_by(arrivals.c.teller, arrivals.c.device)
        .limit(MAX_LISTED)
    )
    return tuple(conn.scalars(query))

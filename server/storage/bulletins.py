# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins as the service keeps them, in order of receipt; it stores and forwards and cannot read their words."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from client.domain.ids import Hash, PackId
from server.storage.schema import bulletins
from server.storage.transaction import Transaction


class StoredBulletin(Struct, frozen=True):
    """One bulletin.

    Attributes:
        position: Its entry in the audit chain; also the cursor of the list.
        subject: The comment or poll it is about.
    """

    position: int
    pack: PackId
    subject: str
    version: int
    hash: Hash
    envelope: bytes


def add(tx: Transaction, stored: StoredBulletin) -> None:
    """Keep one."""
    tx.conn.execute(insert(bulletins).values(**{name: getattr(stored, name) for name in stored.__struct_fields__}))


def latest(conn: Connection, subject: str) -> tuple[int, Hash] | None:
    """Version and hash of the newest bulletin about something."""
    query = select(bulletins.c.version, bulletins.c.hash).where(bulletins.c.subject == subject)
    row = conn.execute(query.order_by(bulletins.c.version.desc()).limit(1)).first()
    return None if row is None else (row.version, Hash(row.hash))


def after(conn: Connection, position: int, *, limit: int) -> tuple[StoredBulletin, ...]:
    """Bulletins received after a place in the audit chain, oldest first."""
    query = select(bulletins).where(bulletins.c.position > position).order_by(bulletins.c.position).limit(limit)
    return tuple(StoredBulletin(**row._asdict()) for row in conn.execute(query))

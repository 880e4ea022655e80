# SPDX-License-Identifier: AGPL-3.0-or-later
"""TUF metadata files as stored: every root, the newest timestamp, and enough older versions of the other roles.

Decides nothing about trust (``server.trust`` does). A client that read a timestamp a moment ago still finds the
snapshot it names, and the roles that snapshot names: ``KEPT`` versions of each stay.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from client.crypto.metadata.verify import ROLES, ROOT, TIMESTAMP, Kept
from server.storage.schema import metadata_files as table
from server.storage.transaction import Transaction

KEPT: Final = 16
# Built once: the registrar's newest file is looked up with every vote, and building a statement costs more than
# running it.
_OF_ROLE: Final = select(table.c.data).where(table.c.role == bindparam("role"))
_NEWEST: Final = _OF_ROLE.order_by(table.c.version.desc()).limit(1)
_VERSION: Final = _OF_ROLE.where(table.c.version == bindparam("version"))


def roots(conn: Connection) -> tuple[bytes, ...]:
    """All roots put here, in order."""
    query = select(table.c.data).where(table.c.role == ROOT).order_by(table.c.version)
    return tuple(conn.scalars(query))


def current(conn: Connection) -> Kept | None:
    """Roots and the set in force; None before the first release."""
    roles = {role: data for role in ROLES if (data := find(conn, role)) is not None}
    return Kept(roots(conn), roles) if roles else None


def find(conn: Connection, role: str, version: int | None = None) -> bytes | None:
    """One version of a role, or its newest."""
    if version is not None:
        return conn.scalar(_VERSION, {"role": role, "version": version})
    return conn.scalar(_NEWEST, {"role": role})


def stamp(conn: Connection) -> tuple[int, int]:
    """What changes whenever the set or its roots do: number of the newest root and timestamp."""
    query = select(func.max(table.c.version)).where(table.c.role == ROOT)
    newest = select(func.max(table.c.version)).where(table.c.role == TIMESTAMP)
    return conn.scalar(query) or 0, conn.scalar(newest) or 0


def put(tx: Transaction, role: str, version: int, data: bytes) -> None:
    """Store one version; versions that nobody can ask for any more go."""
    tx.conn.execute(insert(table).values(role=role, version=version, data=data, put_at=tx.at))
    if role == ROOT:
        return
    keep = 1 if role == TIMESTAMP else KEPT
    newest = select(table.c.version).where(table.c.role == role).order_by(table.c.version.desc()).limit(keep)
    tx.conn.execute(delete(table).where(table.c.role == role, table.c.version.not_in(newest.scalar_subquery())))

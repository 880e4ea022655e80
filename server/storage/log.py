# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit chain: every change of state, in order, without content.

An entry's head is the SHA-256 of its canonical JSON, which names the head before it; ``position`` counts from
1. What an entry says is a kind, an id and a hash, so the chain can be shown to anyone.

Rules: entries are appended inside the transaction whose change they record, never otherwise; an entry's time
never goes back, whatever the machine's clock does; nothing is ever changed or removed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, update

from client.clock import Millis, to_rfc3339
from client.crypto import hashing
from client.domain.ids import Hash, Moment
from client.errors import StoreDamaged
from client.protocol import codec
from client.protocol.messages import LogPosition
from server.storage.schema import audit, audit_head

GENESIS: Final = Hash("sha256:2f0f1b0ff80ba68f8497f2e14969893cfecfb139f61304764a3173265f4457c1")
"""SHA-256 of ``ecab/log/1``: the head before the first entry."""

# Built once: on the path of every vote, building a statement costs more than running it.
_LOCK: Final = (
    select(audit_head.c.position, audit_head.c.head, audit_head.c.at).where(audit_head.c.id == 1).with_for_update()
)
_ADD: Final = insert(audit)
_MOVE: Final = (
    update(audit_head)
    .where(audit_head.c.id == 1)
    .values({name: bindparam(name) for name in ("position", "head", "at")})
)


class LogEntry(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.log/1"):
    """One link of the chain."""

    index: int
    at: Moment
    kind: str
    subject: str
    detail: str
    prev: Hash


def link(entry: LogEntry) -> Hash:
    """The chain's head after ``entry``."""
    return Hash(hashing.sha256(codec.encode(entry)))


def lock(conn: Connection, clock: Callable[[], Millis]) -> tuple[LogPosition, Moment]:
    """Take the chain for this transaction; the clock is read once it is ours.

    Returns:
        The head, and the transaction's moment: now, or the last entry's time if that is later.
    """
    row = conn.execute(_LOCK).one()
    return LogPosition(row.position, Hash(row.head)), max(Moment(to_rfc3339(clock())), Moment(row.at))


def append(conn: Connection, last: LogPosition, *, at: Moment, kind: str, subject: str, detail: str) -> LogPosition:
    """Add one entry after ``last``; the chain must be locked.

    Args:
        conn: A write transaction.
        last: The present head.
        at: The transaction's moment.
        kind: What happened, e.g. ``"vote.counted"``.
        subject: The id it happened to.
        detail: A hash or a number; never content.
    """
    entry = LogEntry(last.index + 1, at, kind, subject, detail, last.head)
    head = link(entry)
    row = {"at": at, "kind": kind, "subject": subject, "detail": detail, "prev": entry.prev}
    conn.execute(_ADD, {"position": entry.index, "head": head, **row})
    conn.execute(_MOVE, {"position": entry.index, "head": head, "at": at})
    return LogPosition(entry.index, head)


def head(conn: Connection) -> LogPosition:
    """The newest committed head."""
    row = conn.execute(select(audit_head.c.position, audit_head.c.head).where(audit_head.c.id == 1)).one()
    return LogPosition(row.position, Hash(row.head))


def verify(conn: Connection) -> LogPosition:
    """Walk the whole chain.

    Raises:
        StoreDamaged: An entry is missing, altered or out of order, or the head is not the last entry's.
    """
    last = LogPosition(0, GENESIS)
    for row in conn.execute(select(audit).order_by(audit.c.position)):
        entry = LogEntry(last.index + 1, Moment(row.at), row.kind, row.subject, row.detail, last.head)
        if row.position != entry.index or row.prev != last.head or row.head != link(entry):
            raise StoreDamaged(f"audit chain at {row.position}")
        last = LogPosition(entry.index, Hash(row.head))
    if last != head(conn):
        raise StoreDamaged(f"audit chain ends at {last.index}")
    return last

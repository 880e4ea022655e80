# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit chain: every change of state, in order, without content.

An entry's head is ``client.protocol.audit.link`` of its number, the head before it and the hash of its body, so
that others can check that a head extends an earlier one without learning what happened. ``position`` counts from 1.
What an entry says is a kind, an id and a hash: no content.

Rules: entries are appended inside the transaction whose change they record, never otherwise; an entry's time
never goes back, whatever the machine's clock does; nothing is ever changed or removed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, insert, select, update

from client.clock import Millis, to_rfc3339
from client.crypto import hashing
from client.domain.ids import Hash, Moment
from client.errors import StoreDamaged
from client.protocol import audit as audit_chain
from client.protocol import codec
from client.protocol.messages import LogPosition
from server.storage.schema import audit, audit_head, signed_heads

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


class LogBody(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.log-body/1"):
    """What one entry says."""

    at: Moment
    kind: str
    subject: str
    detail: str


def follow(last: LogPosition, body: LogBody) -> LogPosition:
    """The chain's end once ``body`` was appended to ``last``."""
    index = last.index + 1
    return LogPosition(index, audit_chain.link(index, last.head, Hash(hashing.sha256(codec.encode(body)))))


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
    new = follow(last, LogBody(at, kind, subject, detail))
    row = {"at": at, "kind": kind, "subject": subject, "detail": detail, "prev": last.head}
    conn.execute(_ADD, {"position": new.index, "head": new.head, **row})
    conn.execute(_MOVE, {"position": new.index, "head": new.head, "at": at})
    return new


def head(conn: Connection) -> LogPosition:
    """The newest committed head."""
    row = conn.execute(select(audit_head.c.position, audit_head.c.head).where(audit_head.c.id == 1)).one()
    return LogPosition(row.position, Hash(row.head))


def verify(conn: Connection) -> LogPosition:
    """Walk the whole chain.

    Raises:
        StoreDamaged: An entry is missing, altered or out of order, or the head is not the last entry's.
    """
    last = audit_chain.GENESIS
    for row in conn.execute(select(audit).order_by(audit.c.position)):
        new = follow(last, LogBody(Moment(row.at), row.kind, row.subject, row.detail))
        if row.prev != last.head or (row.position, row.head) != (new.index, new.head):
            raise StoreDamaged(f"audit chain at {row.position}")
        last = new
    if last != head(conn):
        raise StoreDamaged(f"audit chain ends at {last.index}")
    for row in conn.execute(
        select(signed_heads.c.position, audit.c.head, signed_heads.c.head.label("signed")).join(
            audit, audit.c.position == signed_heads.c.position, isouter=True
        )
    ):
        if row.head != row.signed:
            raise StoreDamaged(f"a signed head at {row.position} is not of this chain")
    return last


def bodies_after(conn: Connection, position: int, *, limit: int) -> tuple[Hash, ...]:
    """Hashes of the bodies after a place in the chain, in order."""
    query = select(audit).where(audit.c.position > position).order_by(audit.c.position).limit(limit)
    rows = conn.execute(query)
    return tuple(
        Hash(hashing.sha256(codec.encode(LogBody(Moment(row.at), row.kind, row.subject, row.detail)))) for row in rows
    )


def entries_after(conn: Connection, position: int, *, limit: int) -> tuple[tuple[int, str, str], ...]:
    """Number, kind and subject of the entries after a place in the chain, in order."""
    query = select(audit.c.position, audit.c.kind, audit.c.subject).where(audit.c.position > position)
    return tuple(
        (row.position, row.kind, row.subject) for row in conn.execute(query.order_by(audit.c.position).limit(limit))
    )


def keep_signed(conn: Connection, at: LogPosition, moment: Moment, envelope: bytes) -> None:
    """Keep the signed head of this minute; one for each place in the chain."""
    if conn.scalar(select(signed_heads.c.position).where(signed_heads.c.position == at.index)) is None:
        row = {"position": at.index, "head": at.head, "at": moment, "envelope": envelope}
        conn.execute(insert(signed_heads).values(**row))


def last_signed(conn: Connection) -> int:
    """The place of the newest head that was signed and kept; 0 for none."""
    return int(conn.scalar(select(func.max(signed_heads.c.position))) or 0)


def heads_by_place(conn: Connection) -> dict[int, Hash]:
    """Every head there ever was, by its place."""
    return {row.position: Hash(row.head) for row in conn.execute(select(audit.c.position, audit.c.head))}

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed statements, their receipts, and which vote of a member stands.

Statements are kept for ever, under the hash of their payload; that is what makes a repeated sending harmless
however late it comes. This module stores and finds; ``server.voting`` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from client.domain.ids import DeviceId, Hash, MemberId, Moment, PollId
from server.storage.schema import heads, statements

VOTE: Final = "vote"
COMMENT: Final = "comment"
SESSION: Final = "session"
RECORDED: Final = "recorded"
"""Status of a comment; that of a vote or an act in session is its receipt's."""

# Built once: on the path of every vote, building a statement costs more than running it.
_FIND: Final = select(statements).where(statements.c.hash == bindparam("hash"))
_NUMBER: Final = select(statements.c.hash).where(
    statements.c.device == bindparam("device"), statements.c.n == bindparam("n")
)
_HEAD: Final = (
    select(statements)
    .join(heads, heads.c.statement == statements.c.hash)
    .where(heads.c.poll == bindparam("poll"), heads.c.member == bindparam("member"))
)
_ADD: Final = insert(statements)
_ADD_HEAD: Final = insert(heads)


class StoredStatement(Struct, frozen=True):
    """One statement as it was received.

    Attributes:
        subject: Poll of a vote, pack of a comment, session of an act.
        position: Its entry in the audit chain; also the cursor of the comment list.
    """

    hash: Hash
    kind: str
    member: MemberId
    device: DeviceId
    n: int
    subject: str
    status: str
    received_at: Moment
    position: int
    envelope: bytes
    receipt: bytes


def find(conn: Connection, digest: Hash) -> StoredStatement | None:
    """The statement with this payload hash."""
    return _one(conn.execute(_FIND, {"hash": digest}).one_or_none())


def with_number(conn: Connection, device: DeviceId, n: int) -> Hash | None:
    """Which statement of a device bears number ``n``."""
    return conn.scalar(_NUMBER, {"device": device, "n": n})


def add(conn: Connection, statement: StoredStatement) -> None:
    """Store one statement with its receipt."""
    conn.execute(_ADD, {name: getattr(statement, name) for name in StoredStatement.__struct_fields__})


def head(conn: Connection, poll: PollId, member: MemberId) -> StoredStatement | None:
    """The vote of a member that stands."""
    return _one(conn.execute(_HEAD, {"poll": poll, "member": member}).one_or_none())


def set_head(conn: Connection, poll: PollId, member: MemberId, digest: Hash, *, replace: bool) -> None:
    """Make a stored vote the one that stands."""
    if replace:
        where = (heads.c.poll == poll, heads.c.member == member)
        conn.execute(update(heads).where(*where).values(statement=digest))
    else:
        conn.execute(_ADD_HEAD, {"poll": poll, "member": member, "statement": digest})


def counted(conn: Connection, poll: PollId) -> tuple[StoredStatement, ...]:
    """All votes of a poll that stand, by member."""
    query = select(statements).join(heads, heads.c.statement == statements.c.hash).where(heads.c.poll == poll)
    return tuple(_stored(row) for row in conn.execute(query.order_by(heads.c.member)))


def comments_after(conn: Connection, position: int, *, limit: int) -> tuple[StoredStatement, ...]:
    """Comments received after a place in the audit chain, oldest first."""
    query = select(statements).where(statements.c.kind == COMMENT, statements.c.position > position)
    return tuple(_stored(row) for row in conn.execute(query.order_by(statements.c.position).limit(limit)))


def kept(
    conn: Connection, device: DeviceId, member: MemberId, *, after: int, limit: int
) -> tuple[tuple[StoredStatement, ...], int]:
    """A device's statements after a number, in order, and the highest number there is (0 for none)."""
    own = (statements.c.device == device, statements.c.member == member)
    query = select(statements).where(*own, statements.c.n > after).order_by(statements.c.n).limit(limit)
    top = conn.scalar(select(func.max(statements.c.n)).where(*own))
    return tuple(_stored(row) for row in conn.execute(query)), top or 0


def acts_after(conn: Connection, subject: str, position: int, *, limit: int) -> tuple[StoredStatement, ...]:
    """Members' acts in a session received after a place in the audit chain, oldest first."""
    query = select(statements).where(
        statements.c.kind == SESSION, statements.c.subject == subject, statements.c.position > position
    )
    return tuple(_stored(row) for row in conn.execute(query.order_by(statements.c.position).limit(limit)))


def late(conn: Connection, poll: PollId) -> tuple[StoredStatement, ...]:
    """Votes of a poll that came too late, in order of receipt."""
    query = select(statements).where(
        statements.c.kind == VOTE, statements.c.subject == poll, statements.c.status == "late"
    )
    return tuple(_stored(row) for row in conn.execute(query.order_by(statements.c.position)))


def every(conn: Connection) -> Iterator[StoredStatement]:
    """All statements, in order of receipt."""
    for row in conn.execute(select(statements).order_by(statements.c.position)):
        yield _stored(row)


def _one(row: Row[Any] | None) -> StoredStatement | None:
    return None if row is None else _stored(row)


def _stored(row: Row[Any]) -> StoredStatement:
    return StoredStatement(**row._asdict())

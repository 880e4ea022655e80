# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed acts waiting for their receipt, in ``record.db``; nothing here is ever deleted.

Rules:
1. An act enters ``QUEUED``, with the exact bytes that were signed; those bytes never change.
2. A state changes only along an arrow of ``domain.outbox.TRANSITIONS``.
3. ``RECEIPTED`` and ``LATE`` need the verified receipt and its time; ``WITHDRAWN`` needs that nothing was
   ever tried.
4. Numbers start at 1; the next act names the hash of the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from client.domain.ballot import Answer
from client.domain.ids import Hash, Moment, PollId, SessionId
from client.domain.live import SessionDraft
from client.domain.outbox import TRANSITIONS, OtherVote, OutboxItem, OutboxKind, OutboxState
from client.errors import InternalFault
from client.store.changes import NOTHING, ChangeSet, Topic, Written
from client.store.connection import Connection, Row
from client.store.drafts import Draft, draft, drop_draft, save_draft
from client.store.rows import from_json, to_json

__all__ = [
    "Draft",
    "body",
    "draft",
    "drop_draft",
    "encode_answers",
    "envelope",
    "item",
    "items",
    "mark",
    "next_number",
    "of_poll",
    "of_session",
    "pending",
    "queue",
    "receipt",
    "save_draft",
    "supersede",
]

_COLUMNS: Final = (
    "n, kind, subject, statement, state, made, tries, unknown, reason, deadline, received, replaced, other"
)
_NEEDS_RECEIPT: Final = frozenset({OutboxState.RECEIPTED, OutboxState.LATE})
_ANSWERED: Final = frozenset({OutboxState.RECEIPTED, OutboxState.LATE, OutboxState.CONFLICT, OutboxState.REFUSED})


def encode_answers(answers: Sequence[Answer]) -> bytes:
    """The ``body`` of a vote as :func:`of_poll` reads it."""
    return to_json(tuple(answers))


def next_number(conn: Connection) -> tuple[int, Hash | None]:
    """The next statement number and the hash of the statement before it."""
    row = conn.execute("SELECT n, statement FROM outbox ORDER BY n DESC LIMIT 1").fetchone()
    return (1, None) if row is None else (row[0] + 1, Hash(row[1]))


def queue(conn: Connection, item: OutboxItem, envelope: bytes, body: bytes) -> Written[None]:
    """Keep a signed act.

    Args:
        conn: ``record.db``.
        item: In state ``QUEUED``; its ``n`` is not taken. Recovery may leave gaps below it.
        envelope: The DSSE envelope as it will be sent.
        body: For a vote :func:`encode_answers`, else the encoded draft: what the screens show.

    Raises:
        InternalFault: Another act has this number, or this act another number.
    """
    if item.state is not OutboxState.QUEUED:
        raise InternalFault(f"outbox {item.n} enters as {item.state.value}")
    taken = conn.execute(
        "SELECT n, statement, envelope FROM outbox WHERE n = ? OR statement = ?", (item.n, item.statement)
    ).fetchone()
    if taken is not None:
        if taken == (item.n, item.statement, envelope):
            return None, NOTHING  # put back twice by recovery
        raise InternalFault(f"outbox {item.n} is taken")
    conn.execute(
        f"INSERT INTO outbox ({_COLUMNS}, envelope, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            item.n,
            item.kind.value,
            item.subject,
            item.statement,
            item.state.value,
            item.made,
            item.tries,
            item.unknown,
            item.reason,
            item.deadline,
            item.received,
            item.replaced,
            None if item.other is None else to_json(item.other),
            envelope,
            body,
        ),
    )
    return None, _changed(item)


def mark(
    conn: Connection,
    n: int,
    *,
    state: OutboxState | None = None,
    unknown: bool | None = None,
    tries: int | None = None,
    reason: str | None = None,
    received: Moment | None = None,
    receipt: bytes | None = None,
    other: OtherVote | None = None,
) -> Written[OutboxItem]:
    """Record what became of an act; what is None stays as it is.

    Args:
        conn: ``record.db``.
        n: Its number.
        state: Where to go; must be an arrow of the table. An answer clears ``unknown``.
        unknown: The last attempt may have arrived.
        tries: Attempts so far.
        reason: Problem code.
        received: The service's time in the receipt.
        receipt: The receipt's envelope, verified.
        other: The vote that a conflict was about.

    Returns:
        The act after the change.

    Raises:
        InternalFault: Unknown number, no such arrow, or rule 3.
    """
    old = item(conn, n)
    if state is not None:
        _check_arrow(old, state, received=received, receipt=receipt)
        if state in _ANSWERED:
            unknown = bool(unknown)
    conn.execute(
        """
        UPDATE outbox SET state = coalesce(?, state), unknown = coalesce(?, unknown), tries = coalesce(?, tries),
            reason = coalesce(?, reason), received = coalesce(?, received), receipt = coalesce(?, receipt),
            other = coalesce(?, other)
        WHERE n = ?
        """,
        (
            None if state is None else state.value,
            unknown,
            tries,
            reason,
            received,
            receipt,
            None if other is None else to_json(other),
            n,
        ),
    )
    new = item(conn, n)
    return new, _changed(new)


def supersede(conn: Connection, n: int) -> Written[None]:
    """A newer vote of the same poll was counted in its place.

    Raises:
        InternalFault: Not a counted vote.
    """
    old = item(conn, n)
    if old.kind is not OutboxKind.VOTE or old.state is not OutboxState.RECEIPTED:
        raise InternalFault(f"outbox {n}: {old.kind.value} {old.state.value} superseded")
    conn.execute("UPDATE outbox SET replaced = 1 WHERE n = ?", (n,))
    return None, _changed(old)


def item(conn: Connection, n: int) -> OutboxItem:
    """One act.

    Raises:
        InternalFault: No act has this number.
    """
    row = conn.execute(f"SELECT {_COLUMNS} FROM outbox WHERE n = ?", (n,)).fetchone()  # noqa: S608
    if row is None:
        raise InternalFault(f"outbox {n} unknown")
    return _item(row)


def items(conn: Connection) -> tuple[OutboxItem, ...]:
    """Every act, in order of number."""
    return tuple(map(_item, conn.execute(f"SELECT {_COLUMNS} FROM outbox ORDER BY n")))  # noqa: S608


def pending(conn: Connection) -> tuple[OutboxItem, ...]:
    """Acts to be sent, in order of number."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = ? ORDER BY n",  # noqa: S608
        (OutboxState.QUEUED.value,),
    )
    return tuple(map(_item, rows))


def of_poll(conn: Connection, poll: PollId) -> tuple[tuple[OutboxItem, tuple[Answer, ...]], ...]:
    """This device's votes on one poll with their answers, oldest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS}, body FROM outbox WHERE subject = ? AND kind = ? ORDER BY n",  # noqa: S608
        (poll, OutboxKind.VOTE.value),
    )
    return tuple((_item(row[:-1]), from_json(row[-1], tuple[Answer, ...])) for row in rows)


def of_session(conn: Connection, session: SessionId) -> tuple[tuple[OutboxItem, SessionDraft], ...]:
    """This device's acts in one live session with what they say, oldest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS}, body FROM outbox WHERE subject = ? AND kind = ? ORDER BY n",  # noqa: S608
        (session, OutboxKind.SESSION.value),
    )
    return tuple((_item(row[:-1]), from_json(row[-1], SessionDraft)) for row in rows)


def envelope(conn: Connection, n: int) -> bytes:
    """The signed bytes, as they are to be sent.

    Raises:
        InternalFault: No act has this number.
    """
    return _bytes(conn, "envelope", n)


def body(conn: Connection, n: int) -> bytes:
    """What :func:`queue` was given as ``body``.

    Raises:
        InternalFault: No act has this number.
    """
    return _bytes(conn, "body", n)


def receipt(conn: Connection, n: int) -> bytes | None:
    """The receipt's envelope, once there is one."""
    row = conn.execute("SELECT receipt FROM outbox WHERE n = ?", (n,)).fetchone()
    return None if row is None else row[0]


def _bytes(conn: Connection, column: str, n: int) -> bytes:
    row = conn.execute(f"SELECT {column} FROM outbox WHERE n = ?", (n,)).fetchone()  # noqa: S608
    if row is None:
        raise InternalFault(f"outbox {n} unknown")
    data: bytes = row[0]
    return data


def _check_arrow(old: OutboxItem, state: OutboxState, *, received: Moment | None, receipt: bytes | None) -> None:
    if state not in TRANSITIONS[old.state]:
        raise InternalFault(f"outbox {old.n}: {old.state.value} -> {state.value}")
    if state in _NEEDS_RECEIPT and (receipt is None or received is None):
        raise InternalFault(f"outbox {old.n}: {state.value} without a receipt")
    if state is OutboxState.WITHDRAWN and (old.tries or old.unknown):
        raise InternalFault(f"outbox {old.n}: withdrawn after {old.tries} tries")


def _changed(item: OutboxItem) -> ChangeSet:
    return ChangeSet.of(Topic.OUTBOX, f"n:{item.n}", item.subject)


def _item(row: Row) -> OutboxItem:
    n, kind, subject, statement, state, made, tries, unknown, reason, deadline, received, replaced, other = row
    return OutboxItem(
        n=n,
        kind=OutboxKind(kind),
        subject=subject,
        statement=Hash(statement),
        state=OutboxState(state),
        made=Moment(made),
        tries=tries,
        unknown=bool(unknown),
        reason=reason,
        deadline=None if deadline is None else Moment(deadline),
        received=None if received is None else Moment(received),
        replaced=bool(replaced),
        other=None if other is None else from_json(other, OtherVote),
    )

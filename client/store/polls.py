# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots as received, and their signed closing lists.

A poll's state only moves on along ``ORDER``. Saving a ballot again from what the service repeats never takes
a verified result back; asking for a step back by name is a bug and is refused.
"""

from __future__ import annotations

from typing import Final

from msgspec import structs

from client.domain.ballot import Poll, PollState
from client.domain.ids import Moment, PollId
from client.errors import InternalFault
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json

ORDER: Final = {
    PollState.ANNOUNCED: 0,
    PollState.OPEN: 1,
    PollState.CLOSING: 2,
    PollState.CLOSED: 3,
    PollState.RESULT_VERIFIED: 4,
    PollState.RESULT_DISPUTED: 4,
}


def save(conn: Connection, poll: Poll) -> Written[Poll]:
    """Keep a ballot as received.

    Returns:
        What is kept: the given ballot, in the state it had before if that was further on.
    """
    known = get(conn, poll.id)
    if known is not None and ORDER[known.state] > ORDER[poll.state]:
        poll = structs.replace(poll, state=known.state, closed=known.closed or poll.closed)
    conn.execute(
        "INSERT INTO polls (id, pack, body) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET pack = excluded.pack, body = excluded.body",
        (poll.id, poll.pack, to_json(poll)),
    )
    return poll, wrote(Topic.POLLS, poll.id, poll.pack)[1]


def set_state(conn: Connection, poll: PollId, state: PollState, *, closed: Moment | None = None) -> Written[Poll]:
    """Move a ballot on; ``closed`` is the service's signed closing time.

    Raises:
        InternalFault: Unknown ballot, a step back, or from one result to the other.
    """
    known = get(conn, poll)
    if known is None:
        raise InternalFault(f"poll {poll} unknown")
    if known.state is not state and ORDER[known.state] >= ORDER[state]:
        raise InternalFault(f"poll {poll}: {known.state.value} -> {state.value}")
    return save(conn, structs.replace(known, state=state, closed=closed or known.closed))


def get(conn: Connection, poll: PollId) -> Poll | None:
    """One ballot."""
    row = conn.execute("SELECT body FROM polls WHERE id = ?", (poll,)).fetchone()
    return None if row is None else from_json(row[0], Poll)


def all(conn: Connection) -> tuple[Poll, ...]:  # noqa: A001 - read as ``polls.all(conn)``
    """Every ballot known, by id."""
    return tuple(from_json(body, Poll) for (body,) in conn.execute("SELECT body FROM polls ORDER BY id"))


def save_closing(conn: Connection, poll: PollId, envelope: bytes) -> Written[None]:
    """Keep the signed closing list of a known ballot.

    Raises:
        InternalFault: Unknown ballot.
    """
    if conn.execute("UPDATE polls SET closing = ? WHERE id = ?", (envelope, poll)).rowcount != 1:
        raise InternalFault(f"poll {poll} unknown")
    return wrote(Topic.POLLS, poll)


def save_definition(conn: Connection, poll: PollId, envelope: bytes) -> Written[None]:
    """Keep the publisher's signed definition of a known ballot: without it nothing can be proved later.

    Raises:
        InternalFault: Unknown ballot.
    """
    if conn.execute("UPDATE polls SET definition = ? WHERE id = ?", (envelope, poll)).rowcount != 1:
        raise InternalFault(f"poll {poll} unknown")
    return wrote(Topic.POLLS, poll)


def definition(conn: Connection, poll: PollId) -> bytes | None:
    """The signed definition."""
    row = conn.execute("SELECT definition FROM polls WHERE id = ?", (poll,)).fetchone()
    return None if row is None else row[0]


def save_certified(conn: Connection, poll: PollId, envelope: bytes) -> Written[None]:
    """Keep the signed certified result of a known ballot.

    Raises:
        InternalFault: Unknown ballot.
    """
    if conn.execute("UPDATE polls SET certified = ? WHERE id = ?", (envelope, poll)).rowcount != 1:
        raise InternalFault(f"poll {poll} unknown")
    return wrote(Topic.POLLS, poll)


def certified(conn: Connection, poll: PollId) -> bytes | None:
    """The signed certified result, once there is one."""
    row = conn.execute("SELECT certified FROM polls WHERE id = ?", (poll,)).fetchone()
    return None if row is None else row[0]


def set_dispute(conn: Connection, poll: PollId, why: str) -> Written[None]:
    """Remember why a result is disputed: a code of ``sync.ballots.Dispute``, or empty when it is not."""
    conn.execute("UPDATE polls SET dispute = ? WHERE id = ?", (why, poll))
    return wrote(Topic.POLLS, poll)


def dispute(conn: Connection, poll: PollId) -> str:
    """Why the result is disputed; empty when it is not."""
    row = conn.execute("SELECT dispute FROM polls WHERE id = ?", (poll,)).fetchone()
    return "" if row is None else str(row[0])


def closing(conn: Connection, poll: PollId) -> bytes | None:
    """The signed closing list, once there is one."""
    row = conn.execute("SELECT closing FROM polls WHERE id = ?", (poll,)).fetchone()
    return None if row is None else row[0]

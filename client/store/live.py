# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live sessions as last verified, their conclusions, and this device's acts in them.

A session's state only moves forward: an older version than the one kept is a bug of the caller and refused. What a
member did is not kept twice: acts are read from the outbox, where their bytes and receipts are.
"""

from __future__ import annotations

from client.domain.ids import Hash, ItemId, PackId, SessionId
from client.domain.live import ItemConclusion, LiveSession, SessionDraft
from client.domain.outbox import OutboxItem
from client.errors import InternalFault
from client.store import outbox
from client.store.changes import NOTHING, Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json


def save(conn: Connection, live: LiveSession, *, plan: bytes, state: bytes) -> Written[None]:
    """Keep a verified state with the two signed objects that prove it.

    Args:
        conn: ``record.db``.
        live: Plan and state, joined.
        plan: The plan's DSSE envelope.
        state: The state's.

    Raises:
        InternalFault: A newer state is here.
    """
    known = get(conn, live.session)
    if known is not None and known.version > live.version:
        raise InternalFault(f"session {live.session}: {known.version} -> {live.version}")
    conn.execute(
        "INSERT INTO live_sessions (session, pack, version, body, plan, state) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (session) DO UPDATE SET pack = excluded.pack, version = excluded.version,"
        " body = excluded.body, plan = excluded.plan, state = excluded.state",
        (live.session, live.pack, live.version, to_json(live), plan, state),
    )
    return wrote(Topic.LIVE, live.session, live.pack)


def raise_version(conn: Connection, live: LiveSession) -> Written[None]:
    """The same room under a newer version: nothing to redraw."""
    conn.execute(
        "UPDATE live_sessions SET version = ?, body = ? WHERE session = ? AND version <= ?",
        (live.version, to_json(live), live.session, live.version),
    )
    return None, NOTHING


def get(conn: Connection, session: SessionId) -> LiveSession | None:
    """One session; None while the service has none."""
    row = conn.execute("SELECT body FROM live_sessions WHERE session = ?", (session,)).fetchone()
    return None if row is None else from_json(row[0], LiveSession)


def of_pack(conn: Connection, pack: PackId) -> LiveSession | None:
    """The live session of a pack."""
    row = conn.execute("SELECT body FROM live_sessions WHERE pack = ?", (pack,)).fetchone()
    return None if row is None else from_json(row[0], LiveSession)


def all(conn: Connection) -> tuple[LiveSession, ...]:  # noqa: A001 - read as ``live.all(conn)``
    """Every session known, by id."""
    rows = conn.execute("SELECT body FROM live_sessions ORDER BY session")
    return tuple(from_json(body, LiveSession) for (body,) in rows)


def acts(conn: Connection, session: SessionId) -> tuple[tuple[OutboxItem, SessionDraft], ...]:
    """This device's acts in a session, oldest first, for ``live_view.session_view``."""
    return outbox.of_session(conn, session)


def save_conclusion(conn: Connection, conclusion: ItemConclusion, blob: Hash) -> Written[None]:
    """Keep an opened conclusion under the blob it came from; a newer one takes its place."""
    kept = conn.execute(
        "SELECT blob FROM conclusions WHERE session = ? AND item = ?", (conclusion.session, conclusion.item)
    ).fetchone()
    if kept is not None and kept[0] == blob:
        return None, NOTHING
    conn.execute(
        "INSERT INTO conclusions (session, item, blob, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (session, item) DO UPDATE SET blob = excluded.blob, body = excluded.body",
        (conclusion.session, conclusion.item, blob, to_json(conclusion)),
    )
    return wrote(Topic.LIVE, conclusion.session, conclusion.item)


def conclusions(conn: Connection, session: SessionId) -> dict[ItemId, ItemConclusion]:
    """The conclusions of a session that are here, by item."""
    rows = conn.execute("SELECT body FROM conclusions WHERE session = ? ORDER BY item", (session,))
    found = (from_json(body, ItemConclusion) for (body,) in rows)
    return {each.item: each for each in found}


def conclusion_blobs(conn: Connection) -> frozenset[Hash]:
    """Blobs whose conclusion is here."""
    return frozenset(Hash(blob) for (blob,) in conn.execute("SELECT blob FROM conclusions"))

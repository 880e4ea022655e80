# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins as verified: answers to comments and later deadlines, the newest of each subject.

A bulletin is kept as signed from the moment it verifies; its words are added once the pack's key is here. An older
version never takes the place of a newer one.
"""

from __future__ import annotations

from msgspec import Struct

from client.domain.bulletin import Extension, Reply
from client.domain.ids import PackId, PollId
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json

ANSWER = "answer"
EXTENSION = "extension"


class KeptBulletin(Struct, frozen=True):
    """One bulletin as signed; ``subject`` is the comment or the poll."""

    subject: str
    kind: str
    pack: PackId
    version: int
    envelope: bytes


def add(conn: Connection, bulletin: KeptBulletin) -> Written[bool]:
    """Keep a verified bulletin; whether it is newer than what was here."""
    done = conn.execute(
        "INSERT INTO bulletins (subject, kind, pack, version, envelope) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (subject) DO UPDATE SET kind = excluded.kind, pack = excluded.pack, version = excluded.version,"
        " envelope = excluded.envelope, body = NULL WHERE excluded.version > bulletins.version",
        (bulletin.subject, bulletin.kind, bulletin.pack, bulletin.version, bulletin.envelope),
    )
    return done.rowcount == 1, NOTHING


def unopened(conn: Connection) -> tuple[KeptBulletin, ...]:
    """Bulletins whose words are still sealed."""
    rows = conn.execute("SELECT subject, kind, pack, version, envelope FROM bulletins WHERE body IS NULL")
    return tuple(KeptBulletin(row[0], row[1], PackId(row[2]), row[3], row[4]) for row in rows)


def open_words(conn: Connection, subject: str, words: Reply | Extension) -> Written[None]:
    """Keep a bulletin's words."""
    conn.execute("UPDATE bulletins SET body = ? WHERE subject = ?", (to_json(words), subject))
    topic = Topic.COMMENTS if isinstance(words, Reply) else Topic.POLLS
    return wrote(topic, subject, words.pack)


def drop(conn: Connection, subject: str) -> Written[None]:
    """Forget a bulletin whose words do not open."""
    conn.execute("DELETE FROM bulletins WHERE subject = ?", (subject,))
    return None, NOTHING


def drop_pack(conn: Connection, pack: PackId) -> Written[None]:
    """Forget what was told about a pack that is erased."""
    conn.execute("DELETE FROM bulletins WHERE pack = ?", (pack,))
    return None, ChangeSet(frozenset({Topic.COMMENTS, Topic.POLLS}), frozenset({pack}))


def replies(conn: Connection, pack: PackId) -> tuple[Reply, ...]:
    """Answers to comments on a pack, the newest first."""
    rows = conn.execute(
        "SELECT body FROM bulletins WHERE pack = ? AND kind = ? AND body IS NOT NULL", (pack, ANSWER)
    ).fetchall()
    return tuple(sorted((from_json(body, Reply) for (body,) in rows), key=lambda reply: reply.at, reverse=True))


def extension(conn: Connection, poll: PollId) -> Extension | None:
    """The newest later deadline of a ballot; None when its end was never moved."""
    row = conn.execute(
        "SELECT body FROM bulletins WHERE subject = ? AND kind = ? AND body IS NOT NULL", (poll, EXTENSION)
    ).fetchone()
    return None if row is None else from_json(row[0], Extension)

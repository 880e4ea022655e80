# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments this member made, as readable text; what became of them stands in the outbox under ``n``."""

from __future__ import annotations

from client.domain.comment import Comment
from client.domain.ids import PackId
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json


def add(conn: Connection, comment: Comment) -> Written[None]:
    """Keep a comment, in the transaction that queues its statement; adding it again changes nothing."""
    conn.execute(
        "INSERT INTO comments (id, n, pack, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (comment.id, comment.n, comment.draft.pack, to_json(comment)),
    )
    return wrote(Topic.COMMENTS, comment.id, comment.draft.pack)


def of_pack(conn: Connection, pack: PackId) -> tuple[Comment, ...]:
    """Comments on one pack, oldest first."""
    rows = conn.execute("SELECT body FROM comments WHERE pack = ? ORDER BY n, id", (pack,))
    return tuple(from_json(body, Comment) for (body,) in rows)


def all(conn: Connection) -> tuple[Comment, ...]:  # noqa: A001 - read as ``comments.all(conn)``
    """All comments, oldest first."""
    return tuple(from_json(body, Comment) for (body,) in conn.execute("SELECT body FROM comments ORDER BY n, id"))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments this member made, as readable text; what became of them stands in the outbox under ``n``.

That a member has none to make on a pack is kept here too, on this device only: it is no act and is never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client.domain.comment import Comment
from client.domain.ids import Moment, PackId
from client.store import settings
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json

_NONE: Final = "comments.none"


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


def none_to_make(conn: Connection) -> Mapping[PackId, Moment]:
    """Packs on which the member said to have no comment, with the deadline for which it was said."""
    return settings.get(conn, _NONE, dict[PackId, Moment], {})


def say_none(conn: Connection, pack: PackId, until: Moment | None) -> Written[None]:
    """Keep that there is no comment to make until this deadline; None takes it back."""
    known = {each: at for each, at in none_to_make(conn).items() if each != pack}
    settings.put(conn, _NONE, known if until is None else {**known, pack: until})
    return wrote(Topic.COMMENTS, pack)

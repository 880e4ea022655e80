# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal of editing steps of each paper, so that undo outlives the day; this device only, never sent.

A body is written in the same transaction as the marks it is about. What it says is known to ``client.viewer.edits``
alone; here it is bytes. Papers are named by the hash of the exact PDF.
"""

from __future__ import annotations

from typing import Final

from client.domain.ids import Hash
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection

KEPT: Final = 400
"""Steps of a paper that are kept: twice what undo reaches, because undoing is a step too."""


def append(conn: Connection, plain: Hash, body: bytes) -> Written[None]:
    """One more step; the oldest beyond ``KEPT`` is forgotten."""
    conn.execute(
        """
        INSERT INTO undo_steps (plain, n, body)
        SELECT ?1, coalesce(max(n), 0) + 1, ?2 FROM undo_steps WHERE plain = ?1
        """,
        (plain, body),
    )
    conn.execute(
        "DELETE FROM undo_steps WHERE plain = ?1 AND n <= (SELECT max(n) FROM undo_steps WHERE plain = ?1) - ?2",
        (plain, KEPT),
    )
    return wrote(Topic.READING, plain)


def journal(conn: Connection, plain: Hash) -> tuple[bytes, ...]:
    """The steps of a paper, oldest first."""
    return tuple(body for (body,) in conn.execute("SELECT body FROM undo_steps WHERE plain = ? ORDER BY n", (plain,)))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was last in sight of a paper, as pictures in ``papers.db``: never in a file of its own.

Rules: only of papers whose bytes are here, and gone with them (recall, expiry, a revision); the newest ``KEPT`` of at
most ``MAX_BYTES`` each. Losing one costs a moment at the next opening, so a body that is too large is not an error.
"""

from __future__ import annotations

from typing import Final

from client.domain.ids import Hash
from client.store.changes import NOTHING, Written
from client.store.connection import Connection

KEPT: Final = 8
"""Papers; a member goes back and forth between few."""
MAX_BYTES: Final = 4 * 1024 * 1024


def keep(conn: Connection, plain: Hash, body: bytes) -> Written[bool]:
    """Keep ``body`` in place of what was kept of this paper; the oldest of the others goes.

    Returns:
        Whether it was kept: not when the paper's bytes have gone meanwhile, nor when it is too large.
    """
    if len(body) > MAX_BYTES or not _is_here(conn, plain):
        return False, NOTHING
    conn.execute(
        """
        INSERT OR REPLACE INTO last_views (plain, kept, body)
        VALUES (?, (SELECT coalesce(max(kept), 0) + 1 FROM last_views), ?)
        """,
        (plain, body),
    )
    conn.execute(
        "DELETE FROM last_views WHERE plain NOT IN (SELECT plain FROM last_views ORDER BY kept DESC LIMIT ?)", (KEPT,)
    )
    return True, NOTHING  # nothing that any screen shows


def of_paper(conn: Connection, plain: Hash) -> bytes | None:
    """What was kept of a paper that can be opened."""
    row = conn.execute("SELECT body FROM last_views WHERE plain = ?", (plain,)).fetchone()
    return bytes(row[0]) if row is not None and _is_here(conn, plain) else None


def drop(conn: Connection, plain: Hash) -> None:
    """Forget it; within the transaction that drops the paper."""
    conn.execute("DELETE FROM last_views WHERE plain = ?", (plain,))


def _is_here(conn: Connection, plain: Hash) -> bool:
    return conn.execute("SELECT 1 FROM blobs WHERE plain = ?", (plain,)).fetchone() is not None

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the member was reading. Private: never sent, and what "read" means is a page shown, nothing more.

Papers are named by the hash of the exact PDF, so a revised paper starts unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from client.domain.ids import Hash
from client.store.changes import NOTHING, Topic, Written, wrote
from client.store.connection import Connection

RECENT = 20
"""How many papers :func:`last_opened` gives."""


@dataclass(frozen=True, slots=True)
class View:
    """How a paper was shown; words of ``client.viewer.document_state``, empty where nothing is known.

    Attributes:
        rotation: Clockwise, degrees: a multiple of 90 below 360.
    """

    rotation: int = 0
    fit: str = ""
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a paper was left.

    Attributes:
        page: Counts from 0.
        offset: How far into the page, in PDF points from its top.
        scale: View pixels per PDF point.
    """

    page: int
    offset: float
    scale: float
    view: View = View()


def remember(conn: Connection, plain: Hash, left: Position) -> Written[None]:
    """Keep where and how a paper was left; it becomes the one opened last."""
    conn.execute(
        """
        INSERT INTO positions (plain, page, offset, scale, opened, rotation, fit, mode)
        VALUES (?, ?, ?, ?, (SELECT coalesce(max(opened), 0) + 1 FROM positions), ?, ?, ?)
        ON CONFLICT (plain) DO UPDATE SET page = excluded.page, offset = excluded.offset, scale = excluded.scale,
            opened = excluded.opened, rotation = excluded.rotation, fit = excluded.fit, mode = excluded.mode
        """,
        (
            plain, left.page, float(left.offset), float(left.scale),
            left.view.rotation, left.view.fit, left.view.mode,
        ),
    )  # fmt: skip
    return wrote(Topic.READING, plain)


def recall(conn: Connection, plain: Hash) -> Position | None:
    """Where and how a paper was left."""
    row = conn.execute(
        "SELECT page, offset, scale, rotation, fit, mode FROM positions WHERE plain = ?", (plain,)
    ).fetchone()
    if row is None:
        return None
    page, offset, scale, rotation, fit, mode = row
    return Position(page, offset, scale, View(rotation, fit, mode))


def mark_page_seen(conn: Connection, plain: Hash, page: int) -> Written[None]:
    """Take note that a page was shown."""
    cursor = conn.execute("INSERT OR IGNORE INTO pages_seen (plain, page) VALUES (?, ?)", (plain, page))
    return wrote(Topic.READING, plain) if cursor.rowcount else (None, NOTHING)


def seen(conn: Connection, plain: Hash) -> frozenset[int]:
    """Pages shown so far, counting from 0."""
    return frozenset(page for (page,) in conn.execute("SELECT page FROM pages_seen WHERE plain = ?", (plain,)))


def last_opened(conn: Connection) -> tuple[Hash, ...]:
    """Papers opened lately, the newest first."""
    rows = conn.execute("SELECT plain FROM positions ORDER BY opened DESC LIMIT ?", (RECENT,))
    return tuple(Hash(plain) for (plain,) in rows)


def opened_hashes(conn: Connection, papers: Iterable[Hash]) -> tuple[Hash, ...]:
    """Those of ``papers`` that were opened, in the given order: what a vote says was read."""
    known = {plain for (plain,) in conn.execute("SELECT plain FROM positions UNION SELECT plain FROM pages_seen")}
    return tuple(plain for plain in papers if plain in known)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of indexed pages with their boxes in ``papers.db``, and what changed between versions.

Both can be made again from the papers; they are kept so that finding a passage, marking a hit or following a
citation needs no render process. Written by ``search.index_page`` in the transaction that indexes the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from client.domain.ids import Hash
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection

PAGE_BITS: Final = 15
"""A row's number is ``documents.id << PAGE_BITS | page``, here and in the index."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """One page.

    Attributes:
        width, height: Points as displayed.
        words: Packed, see ``client.viewer.page_words``; the store does not look inside.
        recognised: The words were read off a picture by a machine, so they may be wrong.
    """

    width: float
    height: float
    words: bytes
    recognised: bool = False


def of_paper(conn: Connection, plain: Hash, pages: Collection[int] | None = None) -> dict[int, PageWords]:
    """What is kept of a paper's pages, or of those ``pages``; by page number, counting from 0."""
    row = conn.execute("SELECT id FROM documents WHERE plain = ?", (plain,)).fetchone()
    if row is None:
        return {}
    base = row[0] << PAGE_BITS
    found: dict[int, PageWords] = {}
    if pages is None:
        spans = [(base, base + (1 << PAGE_BITS) - 1)]
    else:
        spans = [(base | page, base | page) for page in sorted(pages) if 0 <= page < 1 << PAGE_BITS]
    for span in spans:
        for number, width, height, recognised, words in conn.execute(
            "SELECT id, width, height, recognised, words FROM page_words WHERE id BETWEEN ? AND ? ORDER BY id", span
        ):
            found[number - base] = PageWords(width, height, words, bool(recognised))
    return found


def keep_comparison(conn: Connection, old: Hash, new: Hash, body: bytes) -> Written[None]:
    """Keep what changed from ``old`` to ``new``, in place of what was kept."""
    conn.execute("INSERT OR REPLACE INTO comparisons (old, new, body) VALUES (?, ?, ?)", (old, new, body))
    return wrote(Topic.PAPERS, new)


def comparison(conn: Connection, old: Hash, new: Hash) -> bytes | None:
    """What was kept; None if nothing."""
    row = conn.execute("SELECT body FROM comparisons WHERE old = ? AND new = ?", (old, new)).fetchone()
    return None if row is None else bytes(row[0])


def comparisons(conn: Connection, pairs: Iterable[tuple[Hash, Hash]]) -> dict[tuple[Hash, Hash], bytes]:
    """What was kept about these ``(old, new)``; those without are left out."""
    found = {}
    for old, new in pairs:
        body = comparison(conn, old, new)
        if body is not None:
            found[old, new] = body
    return found

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full-text search over the pages of all papers on the device, with and without Vietnamese accents.

There are two indexes: of the text as written, and without accents. A query is tried as written first,
so exact hits come before the others; within each, pages with the words side by side come before pages that
only have them all, because a Vietnamese word is two or three syllables and each alone is everywhere. The last
word may be unfinished.

Refuses nothing: whatever is typed is cut into letters and digits, so no query is a syntax error. The text never
leaves the encrypted file; the index is dropped together with its paper.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from client.domain.ids import Hash
from client.errors import InternalFault
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.fold import clean, fold, variants
from client.store.page_words import PAGE_BITS, PageWords

__all__ = [
    "Hit",
    "Try",
    "drop",
    "fold",
    "index_page",
    "indexed_pages",
    "is_complete",
    "mark_indexed",
    "search",
    "snippet",
    "tries",
]

MAX_QUERY: Final = 400
"""Characters of a query that are looked at."""
MAX_WORDS: Final = 16
"""Words of a query that are looked at."""
MAX_PAGE_TEXT: Final = 200_000
"""Characters of one page that are indexed; a page of print has about 3,000."""
MAX_PAGES: Final = 20_000
MAX_HITS: Final = 200
COMMON: Final = 400
"""Matches above which a word is too common for its weight to tell pages apart: the papers indexed last come first
instead, and the time a search takes stops growing with the number of pages."""
SNIPPET: Final = 160
"""About how many characters of a page a hit shows."""
WRITTEN: Final = "index_written"
FOLDED: Final = "index_folded"
"""The two indexes; a query without accents would otherwise walk everything its syllables match to learn that nothing
is written that way."""
BEGIN, END = "\x02", "\x03"
"""Marks around each match in a snippet; they cannot occur in its text."""

assert MAX_PAGES <= 1 << PAGE_BITS
_AMONG: Final = f"AND rowid >> {PAGE_BITS} IN (SELECT value FROM json_each(?))"  # noqa: S608
_WORD: Final = re.compile(r"[^\W_]+")
_NOT_TEXT: Final = re.compile(r"[\s\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that matches.

    Attributes:
        plain: Hash of the PDF.
        page: Counts from 0.
        snippet: Text around the first match, one line, matches between ``BEGIN`` and ``END``.
        exact: Matched with the accents as typed.
        recognised: The words were read off a picture by a machine and may be wrong.
        rank: BM25; lower is better among hits of one kind, 0 for common words. Hits come in this order already.
    """

    plain: Hash
    page: int
    snippet: str
    exact: bool
    rank: float
    recognised: bool = False


def index_page(conn: Connection, plain: Hash, page: int, text: str, words: PageWords | None = None) -> Written[None]:
    """Index one page, in place of what was there; with ``words``, keep where each stands.

    Raises:
        InternalFault: No such page number.
    """
    if not 0 <= page < MAX_PAGES:
        raise InternalFault(f"page {page}")
    kept = clean(text[:MAX_PAGE_TEXT])
    with conn.transaction():
        row = _document(conn, plain) << PAGE_BITS | page
        for index, indexed in ((WRITTEN, kept.casefold()), (FOLDED, fold(kept))):
            conn.execute(f"DELETE FROM {index} WHERE rowid = ?", (row,))  # noqa: S608 - a name of our own
            conn.execute(f"INSERT INTO {index} (rowid, text) VALUES (?, ?)", (row, indexed))  # noqa: S608 - same
        conn.execute("INSERT OR REPLACE INTO page_texts (id, text) VALUES (?, ?)", (row, kept))
        if words is not None:
            conn.execute(
                "INSERT OR REPLACE INTO page_words (id, width, height, recognised, words) VALUES (?, ?, ?, ?, ?)",
                (row, words.width, words.height, words.recognised, words.words),
            )
    return wrote(Topic.SEARCH, plain)


def mark_indexed(conn: Connection, plain: Hash, pages: int) -> Written[None]:
    """Take note that all ``pages`` pages of a paper are indexed."""
    with conn.transaction():
        conn.execute("UPDATE documents SET pages = ? WHERE id = ?", (pages, _document(conn, plain)))
    return wrote(Topic.SEARCH, plain)


def indexed_pages(conn: Connection, plain: Hash) -> int:
    """How many pages are indexed: all of them once marked, else how far indexing came."""
    row = conn.execute("SELECT id, pages FROM documents WHERE plain = ?", (plain,)).fetchone()
    if row is None:
        return 0
    number, pages = row
    if pages is not None:
        return int(pages)
    count = conn.execute("SELECT count(*) FROM page_texts WHERE id BETWEEN ? AND ?", _range(number)).fetchone()
    assert count is not None
    return int(count[0])


def is_complete(conn: Connection, plain: Hash) -> bool:
    """Whether all pages of a paper are indexed, or it was found that it cannot be."""
    row = conn.execute("SELECT 1 FROM documents WHERE plain = ? AND pages IS NOT NULL", (plain,)).fetchone()
    return row is not None


def drop(conn: Connection, plain: Hash) -> Written[None]:
    """Take a paper out of the index."""
    row = conn.execute("SELECT id FROM documents WHERE plain = ?", (plain,)).fetchone()
    if row is not None:
        with conn.transaction():
            for index in (WRITTEN, FOLDED):
                conn.execute(f"DELETE FROM {index} WHERE rowid BETWEEN ? AND ?", _range(row[0]))  # noqa: S608 - same
            conn.execute("DELETE FROM page_texts WHERE id BETWEEN ? AND ?", _range(row[0]))
            conn.execute("DELETE FROM page_words WHERE id BETWEEN ? AND ?", _range(row[0]))
            conn.execute("DELETE FROM comparisons WHERE new = ? OR old = ?", (plain, plain))
            conn.execute("DELETE FROM documents WHERE id = ?", (row[0],))
    return wrote(Topic.SEARCH, plain)


def search(conn: Connection, query: str, *, within: Sequence[Hash] | None = None, limit: int = 50) -> tuple[Hit, ...]:
    """Pages that match ``query``, best first.

    Args:
        conn: ``papers.db``.
        query: As typed; letters and digits count, everything else separates words.
        within: Only these papers; None for all.
        limit: Most hits wanted, at most ``MAX_HITS``.
    """
    attempts = tries(query)
    documents = None if within is None else _documents(conn, within)
    if not attempts or documents == []:
        return ()
    limit = max(0, min(limit, MAX_HITS))
    found: dict[int, tuple[Try, float]] = {}
    for attempt in attempts:
        if len(found) >= limit:
            break
        for row, rank in _matches(conn, attempt, documents, limit + len(found)):
            if len(found) < limit:
                found.setdefault(row, (attempt, rank))
    return tuple(_hits(conn, found))


@dataclass(frozen=True, slots=True)
class Try:
    """One way of reading the query: in which index, side by side or anywhere."""

    index: str
    words: tuple[str, ...]
    phrase: bool

    @property
    def exact(self) -> bool:
        """With the accents as typed."""
        return self.index == WRITTEN

    def finds(self, text: str) -> re.Pattern[str] | None:
        """The pattern that marks the words in ``text``, if ``text`` has them as this way of reading asks."""
        pattern = self.pattern()
        if self.phrase:
            return pattern if pattern.search(text) else None
        *whole, unfinished = self.words
        letters = _WORD.findall(text.casefold() if self.exact else fold(text))
        there = all(word in letters for word in whole) and any(word.startswith(unfinished) for word in letters)
        return pattern if there else None

    def match(self) -> str:
        """In FTS5's query language; the words hold letters and digits only, so quoting is complete."""
        if self.phrase:
            return f'"{" ".join(self.words)}" *'
        return " AND ".join(f'"{word}"' for word in self.words) + " *"

    def pattern(self) -> re.Pattern[str]:
        """Finds the same words again in the text as written."""
        words = [self._letters(word) for word in self.words]
        unfinished = words[-1] + r"[^\W_]*"
        if self.phrase:
            body = r"[\W_]+".join([*words[:-1], unfinished])
        else:
            whole = [word + r"(?![^\W_])" for word in words[:-1]]
            body = "|".join([*whole, unfinished])
        # The variants of a letter hold both cases already; leaving the flag out halves the time to compile.
        return re.compile(rf"(?<![^\W_])(?:{body})", re.IGNORECASE if self.exact else 0)

    def _letters(self, word: str) -> str:
        if self.exact:
            return re.escape(word)
        return "".join(f"[{re.escape(variants(letter))}]" for letter in word)


def tries(query: str) -> tuple[Try, ...]:
    """Ways to read a query as typed, best first; none if it has no letter or digit."""
    return tuple(_tries(_WORD.findall(clean(query[:MAX_QUERY]).casefold())[:MAX_WORDS]))


def _tries(words: list[str]) -> Iterator[Try]:
    for index, kept in ((WRITTEN, tuple(words)), (FOLDED, tuple(filter(None, map(fold, words))))):
        if kept:
            yield Try(index, kept, phrase=True)
        if len(kept) > 1:
            yield Try(index, kept, phrase=False)


def _matches(conn: Connection, attempt: Try, documents: list[int] | None, limit: int) -> Iterator[tuple[int, float]]:
    among = "" if documents is None else _AMONG
    params = (attempt.match(), *(() if documents is None else (json.dumps(documents),)))
    select = f"FROM {attempt.index} WHERE {attempt.index} MATCH ? {among} ORDER BY"
    latest = conn.execute(f"SELECT rowid {select} rowid DESC LIMIT ?", (*params, COMMON + 1)).fetchall()
    if len(latest) > COMMON:
        yield from ((row, 0.0) for (row,) in latest[:limit])
    elif latest:
        yield from conn.execute(f"SELECT rowid, rank {select} rank LIMIT ?", (*params, limit))


def _hits(conn: Connection, found: dict[int, tuple[Try, float]]) -> Iterator[Hit]:
    texts: dict[int, tuple[str, str, bool]] = {
        row: (plain, text, bool(recognised))
        for row, plain, text, recognised in conn.execute(
            f"""
            SELECT p.id, d.plain, p.text, w.recognised FROM page_texts AS p
            JOIN documents AS d ON d.id = p.id >> {PAGE_BITS} LEFT JOIN page_words AS w ON w.id = p.id
            WHERE p.id IN (SELECT value FROM json_each(?))
            """,  # noqa: S608
            (json.dumps(list(found)),),
        )
    }
    patterns: dict[Try, re.Pattern[str]] = {}
    for row, (attempt, rank) in found.items():
        plain, text, recognised = texts[row]
        pattern = patterns.get(attempt) or patterns.setdefault(attempt, attempt.pattern())
        page = row & (1 << PAGE_BITS) - 1
        shown = snippet(text, pattern)
        yield Hit(Hash(plain), page, shown, exact=attempt.exact, rank=rank, recognised=recognised)


def snippet(text: str, pattern: re.Pattern[str]) -> str:
    """A window of whole words around the first match; from the top of the page if it is not found again."""
    first = pattern.search(text)
    middle = first.start() if first else 0
    start, stop = max(0, middle - SNIPPET // 3), min(len(text), middle + SNIPPET * 2 // 3)
    while 0 < start < middle and not text[start - 1].isspace():
        start += 1
    while first and stop < len(text) and stop > first.end() and not text[stop].isspace():
        stop -= 1
    window = _NOT_TEXT.sub(" ", text[start : max(stop, first.end() if first else stop)]).strip()
    marked = pattern.sub(lambda match: BEGIN + match.group() + END, window)
    return ("… " if start else "") + marked + (" …" if stop < len(text) else "")


def _document(conn: Connection, plain: Hash) -> int:
    """The paper's number, made if unknown."""
    conn.execute("INSERT INTO documents (plain) VALUES (?) ON CONFLICT (plain) DO NOTHING", (plain,))
    row = conn.execute("SELECT id FROM documents WHERE plain = ?", (plain,)).fetchone()
    assert row is not None
    return int(row[0])


def _documents(conn: Connection, papers: Sequence[Hash]) -> list[int]:
    rows = conn.execute(
        "SELECT id FROM documents WHERE plain IN (SELECT value FROM json_each(?))", (json.dumps(list(papers)),)
    )
    return [number for (number,) in rows]


def _range(number: int) -> tuple[int, int]:
    return number << PAGE_BITS, (number + 1 << PAGE_BITS) - 1

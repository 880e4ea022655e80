# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search in what ``record.db`` holds: the member's notes, what others shared, comments, sessions, items, papers.

Same rules as the search in pages (``search.py``): accents optional, exact hits first, then those with the words side
by side, the last word may be unfinished. There are thousands of these at most, so they are read through: no index to
keep true, and a note is found the moment it is saved. A note that has gone on to a later version of its paper is
found there only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from client.domain.annotation import Annotation, Bookmark, Highlight, TextNote
from client.domain.handover import HandOver
from client.domain.ids import Hash, PackId, PaperId
from client.domain.pack import PackRevision
from client.store import comments, packs, received, search
from client.store.connection import Connection
from client.store.rows import from_pack

MAX_HITS: Final = 200
_WRITTEN: Final = tuple(b"\xa4kind" + bytes((0xA0 | len(tag),)) + tag for tag in (b"note", b"highlight", b"bookmark"))
"""How a MessagePack body says it is not ink: strokes have no words and are most of what there is."""


class Where(Enum):
    """What kind of thing was found."""

    NOTE = "note"
    COMMENT = "comment"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class RecordHit:
    """One note, comment, session, item or paper title that matches.

    Attributes:
        paper, page, plain: Where it stands, if on a page; page counts from 0.
        snippet: As in ``search.Hit``.
        exact: Matched with the accents as typed.
    """

    where: Where
    pack: PackId
    snippet: str
    exact: bool
    paper: PaperId | None = None
    page: int | None = None
    plain: Hash | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    where: Where
    pack: PackId
    text: str
    paper: PaperId | None = None
    page: int | None = None
    plain: Hash | None = None


def search_record(
    conn: Connection, query: str, *, within: Collection[PackId] | None = None, limit: int = 50
) -> tuple[RecordHit, ...]:
    """What matches ``query``, best first.

    Args:
        conn: ``record.db``.
        query: As typed.
        within: Only these packs; None for all.
        limit: Most hits wanted, at most ``MAX_HITS``.
    """
    tries = search.tries(query)
    if not tries:
        return ()
    revisions = packs.current(conn)
    found: list[tuple[int, RecordHit]] = []
    for text in _texts(conn, revisions):
        if within is not None and text.pack not in within:
            continue
        for rank, attempt in enumerate(tries):
            pattern = attempt.finds(text.text)
            if pattern is not None:
                shown = search.snippet(text.text, pattern)
                hit = RecordHit(text.where, text.pack, shown, attempt.exact, text.paper, text.page, text.plain)
                found.append((rank, hit))
                break
    found.sort(key=lambda pair: pair[0])
    return tuple(hit for _, hit in found[: min(limit, MAX_HITS)])


def _texts(conn: Connection, revisions: Collection[PackRevision]) -> Iterator[_Text]:
    yield from _notes(conn, revisions)
    yield from _shared(conn, revisions)
    for comment in comments.all(conn):
        draft = comment.draft
        words = "\n".join(filter(None, (draft.text, draft.quote)))
        yield _Text(Where.COMMENT, draft.pack, words, draft.paper, draft.page)
    for revision in revisions:
        session = revision.session
        if session is None:
            continue
        yield _Text(Where.SESSION, revision.pack, "\n".join(filter(None, (session.title, session.place))))
        for item in session.agenda:
            yield _Text(Where.SESSION, revision.pack, "\n".join(filter(None, (item.title, item.agency))))
        for paper in revision.papers:
            words = "\n".join(filter(None, (paper.title, paper.number, paper.agency)))
            yield _Text(Where.SESSION, revision.pack, words, paper.id)


def _notes(conn: Connection, revisions: Collection[PackRevision]) -> Iterator[_Text]:
    home = {paper.id: revision.pack for revision in revisions for paper in revision.papers}
    rows = conn.execute(
        """
        SELECT body FROM annotations AS a WHERE deleted IS NULL
          AND (instr(body, ?) OR instr(body, ?) OR instr(body, ?))
          AND NOT EXISTS (SELECT 1 FROM carried AS c WHERE c.source = a.id AND c.state IN ('placed', 'moved'))
        """,
        _WRITTEN,
    )
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    for (body,) in rows:
        note = from_pack(body, kind)
        pack = home.get(note.paper)
        words = note_words(note)
        if pack is not None and words:
            yield _Text(Where.NOTE, pack, words, note.paper, note.page, note.plain)


def _shared(conn: Connection, revisions: Collection[PackRevision]) -> Iterator[_Text]:
    """What others shared and is not hidden; the page is named only where it stands on the current version."""
    home = {paper.id: (revision.pack, paper.plain) for revision in revisions for paper in revision.papers}
    for one in received.all_live(conn):
        thing = one.body
        if one.hidden:
            continue
        if isinstance(thing, HandOver):
            yield _Text(Where.NOTE, thing.pack, sheet_words(thing))
        elif thing.paper in home and (words := note_words(thing)):
            pack, plain = home[thing.paper]
            page = thing.page if thing.plain == plain else None
            yield _Text(Where.NOTE, pack, words, thing.paper, page, plain)


def sheet_words(sheet: HandOver) -> str:
    """All words of a hand-over sheet."""
    parts = [sheet.message]
    for item in sheet.items:
        parts += [item.title, item.words, *(text for note in item.notes for text in (note.text, note.quote))]
    return "\n".join(filter(None, parts))


def note_words(note: Annotation) -> str:
    """The words of a note: what was written, and what it is about."""
    match note:
        case TextNote(text=text, quote=quote):
            return "\n".join(filter(None, (text, quote.text if quote is not None else "")))
        case Highlight(quote=quote):
            return quote.text if quote is not None else ""
        case Bookmark(label=label):
            return label
        case _:
            return ""

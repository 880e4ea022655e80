# SPDX-License-Identifier: AGPL-3.0-or-later
"""All the member's notes on papers that can be read, as one list.

What stands on the current versions, what waits for a decision after a replacement, and what was left with an old
version: nothing the member wrote is out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from client.domain.annotation import Annotation
from client.domain.ids import PackId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.store import annotations as marks
from client.store import carry, packs
from client.store.carry import Carried
from client.store.connection import Connection


class Standing(Enum):
    """Where a note is."""

    HERE = "here"
    DOUBTFUL = "doubtful"
    LEFT_BEHIND = "left_behind"


@dataclass(frozen=True, slots=True)
class ListedNote:
    """One note.

    Attributes:
        carried: For one that is not on the current version: what is known of its way.
    """

    note: Annotation
    standing: Standing
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class PaperNotes:
    """The notes of one paper, by page and age."""

    pack: PackId
    session: str
    paper: PaperVersion
    notes: tuple[ListedNote, ...]


def listed(conn: Connection, pack: PackId | None = None) -> tuple[PaperNotes, ...]:
    """Papers with notes, in the order of packs and their agenda; of one pack if given."""
    found = []
    annotated = carry.annotated(conn)
    for revision in packs.current(conn):
        if revision.state is not PackState.READY or pack not in {None, revision.pack}:
            continue
        title = revision.session.title if revision.session is not None else ""
        for paper in revision.papers:
            notes = _of_paper(conn, paper) if paper.id in annotated and paper.plain is not None else ()
            if notes:
                found.append(PaperNotes(revision.pack, title, paper, notes))
    return tuple(found)


def _of_paper(conn: Connection, paper: PaperVersion) -> tuple[ListedNote, ...]:
    plain = paper.plain
    assert plain is not None
    here = [ListedNote(note, Standing.HERE) for note in marks.of_paper(conn, paper.id, plain)]
    asked = [
        ListedNote(one.source, Standing.DOUBTFUL, one)
        for one in carry.doubtful(conn, [plain])
        if one.source.paper == paper.id
    ]
    left = [ListedNote(one.source, Standing.LEFT_BEHIND, one) for one in carry.left_behind(conn, paper.id)]
    return (*here, *asked, *left)

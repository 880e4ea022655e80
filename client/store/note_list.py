# SPDX-License-Identifier: AGPL-3.0-or-later
"""All notes on papers that can be read, as one list: the member's own, and what others shared with the member.

What stands on the current versions, what waits for a decision after a replacement, and what was left with an old
version: nothing the member wrote is out of sight. Something another shared that has gone on to the current version
with its passage is listed there alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from client.domain.annotation import Annotation
from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, Hash, MemberId, PackId, PaperId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.domain.sharing import Reader, Received
from client.store import annotations as marks
from client.store import carry, packs, received, received_carry, shares
from client.store.carry import Carried
from client.store.connection import Connection
from client.store.received_carry import CarriedGuest


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
        readers: With whom it is shared; nobody for one's own alone.
    """

    note: Annotation
    standing: Standing
    carried: Carried | None = None
    readers: tuple[Reader, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """Something another shared.

    Attributes:
        mark: Itself; or where this device found its passage, while its author's has not said.
        here: It stands on the current version.
        doubt: Why its place on the current version is not sure; empty when it is, or when nothing was looked for.
    """

    shared: Received
    mark: Annotation
    here: bool
    doubt: str = ""

    @property
    def found_here(self) -> bool:
        """Whether this device placed it."""
        return self.mark.id != self.shared.body.id


@dataclass(frozen=True, slots=True)
class PaperNotes:
    """The notes of one paper, by page and age.

    Attributes:
        guests: What others shared, what is hidden too.
        replaced: There are earlier versions, so there is something to see of what changed.
    """

    pack: PackId
    session: str
    paper: PaperVersion
    notes: tuple[ListedNote, ...]
    guests: tuple[ListedGuest, ...] = ()
    replaced: bool = False


def listed(conn: Connection, pack: PackId | None = None) -> tuple[PaperNotes, ...]:
    """Papers with notes, in the order of packs and their agenda; of one pack if given."""
    found = []
    annotated, readers = carry.annotated(conn), shares.readers(conn)
    given = received.all_live(conn)
    revisions = packs.all_revisions(conn)
    for revision in packs.current(conn):
        if revision.state is not PackState.READY or pack not in {None, revision.pack}:
            continue
        title = revision.session.title if revision.session is not None else ""
        for paper in revision.papers:
            if paper.plain is None:
                continue
            notes = _of_paper(conn, paper, readers) if paper.id in annotated else ()
            guests = _guests(given, paper.id, paper.plain, received_carry.of_version(conn, paper.id, paper.plain))
            if notes or guests:
                versions, _ = carry.versions(revisions, revision.pack, paper.id)
                found.append(PaperNotes(revision.pack, title, paper, notes, guests, len(versions) > 1))
    return tuple(found)


def _of_paper(
    conn: Connection, paper: PaperVersion, readers: Mapping[AnnotationId, tuple[Reader, ...]]
) -> tuple[ListedNote, ...]:
    plain = paper.plain
    assert plain is not None
    here = [
        ListedNote(note, Standing.HERE, readers=readers.get(note.id, ()))
        for note in marks.of_paper(conn, paper.id, plain)
    ]
    asked = [
        ListedNote(one.source, Standing.DOUBTFUL, one, readers.get(one.source.id, ()))
        for one in carry.doubtful(conn, [plain])
        if one.source.paper == paper.id
    ]
    left = [
        ListedNote(one.source, Standing.LEFT_BEHIND, one, readers.get(one.source.id, ()))
        for one in carry.left_behind(conn, paper.id)
    ]
    return (*here, *asked, *left)


def _guests(
    given: Sequence[Received],
    paper: PaperId,
    plain: Hash,
    on_their_way: Mapping[tuple[MemberId, AnnotationId], CarriedGuest],
) -> tuple[ListedGuest, ...]:
    here = [(one, one.body) for one in given if not isinstance(one.body, HandOver) and one.body.paper == paper]
    known = {(one.author, mark.id) for one, mark in here}
    versions = {mark.plain for _, mark in here}
    found = []
    for one, mark in here:
        gone_on = ((one.author, carry.successor(mark.id, version, 0)) for version in versions)
        if mark.plain != plain and known.intersection(gone_on):
            continue
        way = on_their_way.get((one.author, mark.id))
        if way is None or mark.plain == plain:
            found.append(ListedGuest(one, mark, here=mark.plain == plain))
        else:
            found.append(ListedGuest(one, way.targets[0], not way.doubt, way.doubt))
    return tuple(sorted(found, key=lambda each: (each.mark.page, each.shared.at, each.mark.id)))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a paper is replaced: notes go on to the new version, and what changed is worked out. In the background.

Runs on the indexer's thread, after the words of both versions are in the store, so it needs no render process and
never stands between a reader and a page. Each paper's outcome is one transaction; killed in between, the paper is
simply done again. A version whose words cannot be had (broken, or no longer on this device) hinders nothing: notes
on it are found by their quotations or asked about.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from client.domain.annotation import Annotation
from client.domain.ids import Hash, MemberId, PaperId
from client.domain.pack import PackState
from client.domain.paper import PaperVersion
from client.store import carry, packs, page_words, papers, reading, received_carry, search
from client.store.carry import Carried, CarryState, successor
from client.store.changes import Written
from client.store.connection import Connection
from client.store.gate import Gate
from client.store.received_carry import CarriedGuest
from client.viewer.anchors import Placement, place_notes
from client.viewer.changes import Summary, pack_summary, summary
from client.viewer.compare import Comparison, compare
from client.viewer.page_words import Document, unpack_words

log = logging.getLogger(__name__)


class Carrier:
    """Carries notes and compares versions.

    Args:
        record: Notes and packs.
        papers_gate: Words of pages.
    """

    def __init__(self, record: Gate, papers_gate: Gate) -> None:
        self._record = record
        self._papers = papers_gate
        self._current: dict[PaperId, Hash] = {}

    def concerns(self, touched: Collection[str]) -> bool:
        """Whether a note of these papers waits on another version; cheap, for it is asked after every stroke."""
        known = [(paper, plain) for paper, plain in self._current.items() if paper in touched]

        def check(conn: Connection) -> bool:
            return carry.any_waiting(conn, known) or received_carry.any_waiting(conn, known)

        return bool(known) and self._record.read(check).result()

    def run(self, stopped: Callable[[], bool] = lambda: False) -> int:
        """Does what there is to do; returns how many papers were touched."""
        touched = 0
        tasks, self._current = self._record.read(_tasks).result()
        for task in tasks:
            if stopped():
                break
            touched += self._paper(task)
        return touched

    def _paper(self, task: _Task) -> bool:
        plain = task.plain
        wanted = self._papers.read(lambda conn: _uncompared(conn, task)).result()
        if wanted is None or not (task.notes or task.guests or wanted):
            return False
        work = _Work(self._papers, plain)
        done = 0
        for old, group in groupby(sorted(task.notes, key=_plain_of), key=_plain_of):
            if self._ready(old, task):
                done += self._carry(work, old, tuple(group))
        for (old, author), guests in groupby(sorted(task.guests, key=_origin), key=_origin):
            if self._ready(old, task):
                done += self._carry_guests(work, old, author, [note for _, note in guests])
        for old in wanted:
            body = pack_summary(work.summary(old))
            self._papers.write(_keeping(old, plain, body)).result()
        return bool(done or wanted)

    def _carry_guests(self, work: _Work, old: Hash, author: MemberId, notes: Sequence[Annotation]) -> int:
        """What another shared; kept apart from the member's own, until its author's word comes."""
        found = [
            CarriedGuest(author, one.source, work.plain, "" if one.sure else one.doubt.value, one.targets)
            for one in work.place(old, notes)
        ]
        return self._record.write(lambda conn: received_carry.keep(conn, found)).result()

    def _carry(self, work: _Work, old: Hash, notes: Sequence[Annotation]) -> int:
        found = work.place(old, notes)
        outcome = [_carried(one, work.plain) for one in found]
        stored = self._record.write(lambda conn: carry.keep(conn, outcome)).result()
        sure = sum(one.sure for one in found)
        log.info(
            "paper %s: %d of %d notes placed, %d to ask about", notes[0].paper, sure, len(found), len(found) - sure
        )
        return stored

    def _ready(self, old: Hash, task: _Task) -> bool:
        """Whether a version's words are all there, or never will be."""
        blob = next((one.blob for one in task.versions if one.plain == old), None)

        def check(conn: Connection) -> bool:
            return blob is None or search.is_complete(conn, old) or not papers.is_present(conn, blob)

        return self._papers.read(check).result()


class _Work:
    """The texts of one paper's versions, each read once."""

    def __init__(self, papers_gate: Gate, plain: Hash) -> None:
        self.plain = plain
        self._papers = papers_gate
        self._comparisons: dict[Hash, Comparison] = {}
        self._documents: dict[Hash, Document | None] = {}
        found = self.document(plain)
        self.new = found if found is not None else Document([[]])

    def document(self, plain: Hash) -> Document | None:
        """A version's text; None when no page of it is known."""
        if plain not in self._documents:
            self._documents[plain] = read_document(self._papers, plain)
        return self._documents[plain]

    def comparison(self, old: Hash) -> Comparison:
        """What changed since ``old``."""
        if old not in self._comparisons:
            document = self.document(old)
            self._comparisons[old] = compare(document if document is not None else Document([[]]), self.new)
        return self._comparisons[old]

    def place(self, old: Hash, notes: Sequence[Annotation]) -> tuple[Placement, ...]:
        """Where notes on ``old`` stand on the later version."""
        document = self.document(old)
        return place_notes(
            notes,
            document,
            self.new,
            self.comparison(old).pairs if document is not None else (),
            plain=self.plain,
            new_id=lambda source, part: successor(source, self.plain, part),
        )

    def summary(self, old: Hash) -> Summary:
        """The same for people."""
        document = self.document(old)
        return summary(document if document is not None else Document([[]]), self.new, self.comparison(old))


def read_document(papers_gate: Gate, plain: Hash) -> Document | None:
    """The text of a paper from the store; None when no page of it is known. Not for the GUI thread."""
    pages = papers_gate.read(lambda conn: page_words.of_paper(conn, plain)).result()
    if not pages:
        return None
    count = max(pages) + 1
    blank = page_words.PageWords(0.0, 0.0, b"")
    kept = [pages.get(number, blank) for number in range(count)]
    sizes = [(page.width, page.height) for page in kept]
    return Document(
        [unpack_words(page.words) if page.words else () for page in kept],
        sizes if all(page.words for page in kept) else None,
    )


@dataclass(frozen=True, slots=True)
class _Task:
    """One paper that was replaced.

    Attributes:
        versions: Oldest first, the readable one last.
        read: Those that were opened.
        notes: Those that have not gone on.
        guests: What others shared that has not gone on, with its author.
    """

    versions: tuple[PaperVersion, ...]
    read: frozenset[Hash]
    notes: tuple[Annotation, ...]
    guests: tuple[tuple[MemberId, Annotation], ...] = ()

    @property
    def plain(self) -> Hash:
        plain = self.versions[-1].plain
        assert plain is not None
        return plain


def _tasks(conn: Connection) -> tuple[list[_Task], dict[PaperId, Hash]]:
    """Every readable paper that has an earlier version, or notes on one; and the current version of each paper."""
    revisions = packs.all_revisions(conn)
    annotated, given = carry.annotated(conn), received_carry.papers(conn)
    found = []
    current: dict[PaperId, Hash] = {}
    for revision in revisions:
        if revision.state is not PackState.READY:
            continue
        for paper in revision.papers:
            known, later = carry.versions(revisions, revision.pack, paper.id)
            if paper.plain is None or not known or known[-1].plain != paper.plain:
                continue
            current[paper.id] = paper.plain
            earlier = [one.plain for one in known[:-1] if one.plain is not None]
            notes: tuple[Annotation, ...] = ()
            if paper.id in annotated:
                notes = carry.waiting(conn, known[-1], earlier=earlier, later=later)
            guests: tuple[tuple[MemberId, Annotation], ...] = ()
            if paper.id in given:
                guests = received_carry.waiting(conn, known[-1], earlier=earlier, later=later)
            if notes or guests or earlier:
                found.append(_Task(known, frozenset(reading.opened_hashes(conn, earlier)), notes, guests))
    return found, current


def _uncompared(conn: Connection, task: _Task) -> list[Hash] | None:
    """Earlier versions to compare with: those that were read, and the last; None while the words are not all here."""
    if not search.is_complete(conn, task.plain):
        return None
    earlier = [one.plain for one in task.versions[:-1] if one.plain is not None]
    return [
        old
        for old in earlier
        if (old in task.read or old == earlier[-1])
        and search.is_complete(conn, old)
        and page_words.comparison(conn, old, task.plain) is None
    ]


def _plain_of(note: Annotation) -> Hash:
    return note.plain


def _origin(guest: tuple[MemberId, Annotation]) -> tuple[Hash, MemberId]:
    return guest[1].plain, guest[0]


def _carried(one: Placement, plain: Hash) -> Carried:
    state = CarryState.PLACED if one.sure else CarryState.DOUBTFUL
    return Carried(one.source, plain, state, "" if one.sure else one.doubt.value, one.targets)


def _keeping(old: Hash, new: Hash, body: bytes) -> Callable[[Connection], Written[None]]:
    return lambda conn: page_words.keep_comparison(conn, old, new, body)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of each note when its paper was replaced, in ``record.db``.

A note on an earlier version stays where it is; what stands on the later version is an annotation of its own. This
table says which came from which, and which could not be placed for sure. Rules:

1. A note that has gone on to a later version, or that the member decided to leave behind, is not carried again;
   its successor is.
2. A note in doubt is carried again, from where it is, when yet another version comes.
3. The successor's id follows from the note's id and the version, so two devices of one member make the same one,
   and a decision taken on one of them is seen on the other: a doubt whose successor exists is settled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, Hash, Moment, PackId, PaperId
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperVersion
from client.errors import InternalFault
from client.store import annotations as marks
from client.store import shares
from client.store.changes import NOTHING, ChangeSet, Topic, Written
from client.store.connection import Connection
from client.store.rows import from_pack, to_pack


class CarryState(Enum):
    """``MOVED`` and ``KEPT`` are the member's decisions; ``REOPENED`` is one taken back."""

    PLACED = "placed"
    DOUBTFUL = "doubtful"
    MOVED = "moved"
    KEPT = "kept"
    REOPENED = "reopened"


_GONE_ON = ("placed", "moved", "kept")
_OPEN = ("doubtful", "reopened")


@dataclass(frozen=True, slots=True)
class Carried:
    """One note on its way.

    Attributes:
        source: On the earlier version.
        plain: The later version.
        doubt: Why it is not sure; empty when it is. A word of ``client.viewer.refind.Doubt``.
        targets: Where it went, or might go.
    """

    source: Annotation
    plain: Hash
    state: CarryState
    doubt: str
    targets: tuple[Annotation, ...]


def successor(source: AnnotationId, plain: Hash, part: int) -> AnnotationId:
    """The id of what comes of a note on another version (rule 3)."""
    named = f"{source}|{plain}|{part}".encode()
    return AnnotationId("c_" + hashlib.sha256(named).hexdigest()[:36])


def versions(
    revisions: Sequence[PackRevision], pack: PackId, paper: PaperId
) -> tuple[tuple[PaperVersion, ...], frozenset[Hash]]:
    """A paper's versions up to the readable revision, oldest first, and the hashes of those that come after it.

    Args:
        revisions: Every revision known, by pack and number (``packs.all_revisions``).
        pack: The paper's pack.
        paper: The paper.
    """
    mine = [one for one in revisions if one.pack == pack]
    readable = max((one.rev for one in mine if one.state is PackState.READY), default=0)
    found: dict[Hash, PaperVersion] = {}
    later: set[Hash] = set()
    for revision in mine:
        for one in revision.papers:
            if one.id != paper or one.plain is None:
                continue
            if revision.rev > readable:
                later.add(one.plain)
            else:
                found.pop(one.plain, None)  # a version that came back counts from its return
                found[one.plain] = one
    return tuple(found.values()), frozenset(later - set(found))


def waiting(
    conn: Connection, current: PaperVersion, *, earlier: Collection[Hash], later: Collection[Hash] = ()
) -> tuple[Annotation, ...]:
    """Notes on other versions that have not been looked at for the ``current`` one.

    A note on a version unknown here (another device had it) counts as earlier if it was made before ``current``
    was published.
    """
    rows = conn.execute(
        """
        SELECT a.body FROM annotations AS a
        WHERE a.paper = ?1 AND a.deleted IS NULL AND a.plain <> ?2
          AND NOT EXISTS (SELECT 1 FROM carried AS c WHERE c.source = a.id
                          AND (c.plain = ?2 OR c.state IN (?3, ?4, ?5)))
        ORDER BY a.page, a.made, a.id
        """,
        (current.id, current.plain, *_GONE_ON),
    )
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    notes = (from_pack(body, kind) for (body,) in rows)
    return tuple(
        note
        for note in notes
        if note.plain not in later and (note.plain in earlier or current.sent is None or note.made < current.sent)
    )


def any_waiting(conn: Connection, current: Iterable[tuple[PaperId, Hash]]) -> bool:
    """Whether any of these papers has a note on another version than this, that has not gone on."""
    return any(
        conn.execute(
            """
            SELECT 1 FROM annotations AS a WHERE a.paper = ?1 AND a.deleted IS NULL AND a.plain <> ?2
              AND NOT EXISTS (SELECT 1 FROM carried AS c WHERE c.source = a.id
                              AND (c.plain = ?2 OR c.state IN (?3, ?4, ?5))) LIMIT 1
            """,
            (paper, plain, *_GONE_ON),
        ).fetchone()
        for paper, plain in current
    )


def annotated(conn: Connection) -> frozenset[PaperId]:
    """Papers that have notes."""
    rows = conn.execute("SELECT DISTINCT paper FROM annotations WHERE deleted IS NULL")
    return frozenset(PaperId(paper) for (paper,) in rows)


def keep(conn: Connection, found: Sequence[Carried]) -> Written[int]:
    """Store the outcome for several notes: sure ones stand on the later version from now on.

    A note deleted meanwhile, or looked at already, is passed over.

    Returns:
        How many were stored.
    """
    changes = NOTHING
    stored = 0
    with conn.transaction():
        for one in found:
            cursor = conn.execute(
                """
                INSERT OR IGNORE INTO carried (source, plain, paper, state, doubt, targets)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM annotations WHERE id = ?1 AND deleted IS NULL)
                """,
                (one.source.id, one.plain, one.source.paper, one.state.value, one.doubt, to_pack(one.targets)),
            )
            if not cursor.rowcount:
                continue
            stored += 1
            changes |= ChangeSet.of(Topic.ANNOTATIONS, one.source.paper)
            if one.state is CarryState.PLACED:
                changes |= _stand(conn, one.source.id, one.targets)
    return stored, changes


def doubtful(conn: Connection, current: Collection[Hash]) -> tuple[Carried, ...]:
    """Notes that wait for the member's decision, on these current versions, by paper and page."""
    found = []
    for plain in current:
        for state, doubt, targets, body in conn.execute(
            """
            SELECT c.state, c.doubt, c.targets, a.body FROM carried AS c JOIN annotations AS a ON a.id = c.source
            WHERE c.plain = ? AND c.state IN (?, ?) AND a.deleted IS NULL ORDER BY a.paper, a.page, a.made, a.id
            """,
            (plain, *_OPEN),
        ):
            one = _carried(body, plain, state, doubt, targets)
            if one.state is CarryState.REOPENED or not _exists(conn, one.targets[0].id):
                found.append(one)
    return tuple(found)


def left_behind(conn: Connection, paper: PaperId) -> tuple[Carried, ...]:
    """Notes of a paper that the member left with an old version, by page."""
    rows = conn.execute(
        """
        SELECT c.plain, c.state, c.doubt, c.targets, a.body FROM carried AS c JOIN annotations AS a ON a.id = c.source
        WHERE c.paper = ? AND c.state = 'kept' AND a.deleted IS NULL ORDER BY a.page, a.made, a.id
        """,
        (paper,),
    )
    return tuple(_carried(body, Hash(plain), state, doubt, targets) for plain, state, doubt, targets, body in rows)


def decide(conn: Connection, source: AnnotationId, plain: Hash, targets: Sequence[Annotation]) -> Written[None]:
    """The member's decision about one doubt: it goes to ``targets``, or, with none, stays with the old version.

    Raises:
        InternalFault: There is no open doubt about this note.
    """
    one = _open(conn, source, plain)
    state = CarryState.MOVED if targets else CarryState.KEPT
    with conn.transaction():
        conn.execute(
            "UPDATE carried SET state = ?, targets = ? WHERE source = ? AND plain = ?",
            (state.value, to_pack(tuple(targets) or one.targets), source, plain),
        )
        changes = _stand(conn, source, targets)
    return None, changes | ChangeSet.of(Topic.ANNOTATIONS, one.source.paper)


def reopen(conn: Connection, before: Carried, at: Moment) -> Written[None]:
    """Takes a decision back: what it put on the later version is deleted, the doubt is open again."""
    with conn.transaction():
        changes = ChangeSet.of(Topic.ANNOTATIONS, before.source.paper)
        row = conn.execute(
            "SELECT state, targets FROM carried WHERE source = ? AND plain = ?", (before.source.id, before.plain)
        ).fetchone()
        if row is not None and row[0] == CarryState.MOVED.value:
            for target in _targets(row[1]):
                changes |= marks.delete(conn, target.id, at)[1]
        conn.execute(
            "UPDATE carried SET state = ?, targets = ? WHERE source = ? AND plain = ?",
            (CarryState.REOPENED.value, to_pack(before.targets), before.source.id, before.plain),
        )
    return None, changes


def _open(conn: Connection, source: AnnotationId, plain: Hash) -> Carried:
    row = conn.execute(
        """
        SELECT c.state, c.doubt, c.targets, a.body FROM carried AS c JOIN annotations AS a ON a.id = c.source
        WHERE c.source = ? AND c.plain = ? AND c.state IN (?, ?)
        """,
        (source, plain, *_OPEN),
    ).fetchone()
    if row is None:
        raise InternalFault(f"no open doubt about {source}")
    state, doubt, targets, body = row
    return _carried(body, plain, state, doubt, targets)


def _stand(conn: Connection, source: AnnotationId, targets: Sequence[Annotation]) -> ChangeSet:
    """Puts notes on the later version, shared with whom their source is; one that is known stays as it is."""
    changes = NOTHING
    for target in targets:
        if not _exists(conn, target.id):
            changes |= marks.add(conn, target)[1]
    return changes | shares.follow(conn, source, (target.id for target in targets))[1]


def _exists(conn: Connection, annotation: AnnotationId) -> bool:
    return conn.execute("SELECT 1 FROM annotations WHERE id = ?", (annotation,)).fetchone() is not None


def _carried(body: bytes, plain: Hash, state: str, doubt: str, targets: bytes) -> Carried:
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    return Carried(from_pack(body, kind), plain, CarryState(state), doubt, _targets(targets))


def _targets(body: bytes) -> tuple[Annotation, ...]:
    return from_pack(body, tuple[Annotation, ...])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others shared on an earlier version of a paper, on its way to the later one, in ``record.db``.

1. The author decides: what the author's device placed, or the author decided, comes as a thing of its own and counts
   alone. It has the id that follows from the source's and the version (``store.carry``, rule 3), so it takes the place
   of what was found here, also when the author withdrew it since.
2. Until it comes, the reader's device shows the thing where its passage is found, and says that this place is its own
   finding. Where that is in doubt the thing is listed and leads to the likeliest page; nobody but the author moves it.
3. A thing that was withdrawn, or that has gone on by its author's word, is not looked for any more. None is dropped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from client.domain.annotation import Annotation
from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, Hash, MemberId, Moment, PaperId
from client.domain.paper import PaperVersion
from client.domain.sharing import Received
from client.store import received
from client.store.carry import CarryState, successor
from client.store.changes import NOTHING, ChangeSet, Topic, Written
from client.store.connection import Connection
from client.store.rows import from_pack, to_pack

_OPEN: Final = """
    FROM received_carried AS c JOIN received AS r ON r.author = c.author AND r.id = c.source
    WHERE c.paper = ? AND c.plain = ? AND r.body IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM received AS t WHERE t.author = c.author AND t.id = c.target)
"""


@dataclass(frozen=True, slots=True)
class CarriedGuest:
    """One thing another shared, on its way.

    Attributes:
        doubt: Why its place is not sure; empty when it is. A word of ``client.viewer.refind.Doubt``.
        targets: Where it stands, or might stand.
    """

    author: MemberId
    source: Annotation
    plain: Hash
    doubt: str
    targets: tuple[Annotation, ...]


def papers(conn: Connection) -> frozenset[PaperId]:
    """Papers on which others shared something."""
    rows = conn.execute("SELECT DISTINCT paper FROM received WHERE body IS NOT NULL AND plain <> ''")
    return frozenset(PaperId(paper) for (paper,) in rows)


def waiting(
    conn: Connection, current: PaperVersion, *, earlier: Collection[Hash], later: Collection[Hash] = ()
) -> tuple[tuple[MemberId, Annotation], ...]:
    """Things on earlier versions that were not looked for on the ``current`` one and have not gone on."""
    plain = current.plain
    assert plain is not None
    done = {
        (author, source)
        for author, source in conn.execute(
            "SELECT author, source FROM received_carried WHERE paper = ? AND plain = ?", (current.id, plain)
        )
    }
    known = {
        (author, ident)
        for author, ident in conn.execute("SELECT author, id FROM received WHERE paper = ?", (current.id,))
    }
    found = []
    for one in received.all_live(conn):
        mark = one.body
        if isinstance(mark, HandOver) or mark.paper != current.id or mark.plain == plain or mark.plain in later:
            continue
        if mark.plain not in earlier and current.sent is not None and mark.made >= current.sent:
            continue  # on a version that is not known here yet
        gone_on = ((one.author, successor(mark.id, version, 0)) for version in (*earlier, plain))
        if (one.author, mark.id) not in done and not known.intersection(gone_on):
            found.append((one.author, mark))
    return tuple(found)


def any_waiting(conn: Connection, current: Iterable[tuple[PaperId, Hash]]) -> bool:
    """Whether something another shared stands on another version of these papers and was not looked for; cheap."""
    return any(
        conn.execute(
            "SELECT 1 FROM received AS r WHERE r.paper = ?1 AND r.plain <> ?2 AND r.body IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM received_carried AS c WHERE c.author = r.author AND c.source = r.id AND c.plain = ?2)"
            " LIMIT 1",
            (paper, plain),
        ).fetchone()
        for paper, plain in current
    )


def keep(conn: Connection, found: Sequence[CarriedGuest]) -> Written[int]:
    """Store the outcome for several things; how many were stored."""
    changes, stored = NOTHING, 0
    with conn.transaction():
        for one in found:
            state = CarryState.DOUBTFUL if one.doubt else CarryState.PLACED
            cursor = conn.execute(
                "INSERT OR IGNORE INTO received_carried (author, source, plain, paper, target, state, doubt, targets)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    one.author, one.source.id, one.plain, one.source.paper, successor(one.source.id, one.plain, 0),
                    state.value, one.doubt, to_pack(one.targets),
                ),
            )  # fmt: skip
            if cursor.rowcount:
                stored += 1
                changes |= ChangeSet.of(Topic.SHARED, one.source.paper)
    return stored, changes


def of_paper(conn: Connection, paper: PaperId, plain: Hash) -> tuple[Received, ...]:
    """What stands on an exact PDF and is not hidden: by its author's word, and by this device's finding."""
    placed = [
        Received(one.author, target, at, source=one.source.id)
        for one, at, hidden in _open(conn, paper, plain)
        if not one.doubt and not hidden
        for target in one.targets
    ]
    return (*received.of_paper(conn, paper, plain), *placed)


def of_version(conn: Connection, paper: PaperId, plain: Hash) -> dict[tuple[MemberId, AnnotationId], CarriedGuest]:
    """Everything of a paper that was looked for on this version and has not come from its author, by author and id."""
    return {(one.author, one.source.id): one for one, _, _ in _open(conn, paper, plain)}


def counts(conn: Connection, versions: Iterable[tuple[PaperId, Hash]]) -> dict[MemberId, int]:
    """How many things each author has in sight on these exact papers; without reading one."""
    wanted = tuple(versions)
    found = received.counts(conn, wanted)
    for version in wanted:
        for author, count in conn.execute(
            f"SELECT c.author, count(*) {_OPEN} AND c.state = 'placed' AND r.hidden = 0 GROUP BY c.author",
            version,
        ):
            found[MemberId(author)] = found.get(MemberId(author), 0) + count
    return found


def _open(conn: Connection, paper: PaperId, plain: Hash) -> list[tuple[CarriedGuest, Moment, bool]]:
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    rows = conn.execute(
        f"SELECT c.author, r.body, c.doubt, c.targets, r.at, r.hidden {_OPEN} ORDER BY r.at, c.author, c.source",
        (paper, plain),
    )
    return [
        (
            CarriedGuest(
                MemberId(author), from_pack(body, kind), plain, doubt, from_pack(targets, tuple[Annotation, ...])
            ),
            Moment(at),
            bool(hidden),
        )
        for author, body, doubt, targets, at, hidden in rows
    ]

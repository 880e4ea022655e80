# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others shared with this member, in ``record.db``: kept apart from the member's own notes, never editable.

A withdrawn thing loses its body here in the transaction that takes the withdrawal; what was read or copied before
cannot be called back, and the screens say so. ``ChangeSet.ids`` are paper ids, or a pack's for a hand-over sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, Hash, MemberId, Moment, PackId, PaperId
from client.domain.sharing import Received, ShareChange, Shared
from client.store.carry import successor
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection, Row
from client.store.rows import from_pack, to_pack

_LIVE: Final = "SELECT author, body, at, hidden FROM received WHERE body IS NOT NULL"
_PARTS: Final = 4
"""A note goes on as so many parts at most that are recognised as its own."""
_ORDER: Final = " ORDER BY at, author, id"


def apply(
    conn: Connection, author: MemberId, changes: Iterable[ShareChange], *, at: Moment
) -> Written[tuple[AnnotationId, ...]]:
    """Take what an author told; in one transaction with the new end of the chain.

    Args:
        conn: ``record.db``.
        author: Whose device signed.
        changes: In the order of the batch.
        at: When the batch was made.

    Returns:
        Things whose body differs from the one here under the same count; the one here is kept.
    """
    touched = NOTHING
    disputed: list[AnnotationId] = []
    with conn.transaction():
        for change in changes:
            touched |= _apply(conn, author, change, at, disputed)
    return tuple(disputed), touched


def of_paper(conn: Connection, paper: PaperId, plain: Hash) -> tuple[Received, ...]:
    """What stands on an exact PDF and is not hidden."""
    rows = conn.execute(f"{_LIVE} AND paper = ? AND plain = ? AND hidden = 0{_ORDER}", (paper, plain))
    return _all(rows)


def all_live(conn: Connection) -> tuple[Received, ...]:
    """Everything that was not withdrawn, what is hidden too."""
    return _all(conn.execute(_LIVE + _ORDER))


def sheets(conn: Connection, pack: PackId | None = None) -> tuple[tuple[MemberId, HandOver, bool], ...]:
    """Hand-over sheets by author, newest first, of one pack if given; and whether each is hidden."""
    found = [
        (one.author, one.body, one.hidden)
        for one in all_live(conn)
        if isinstance(one.body, HandOver) and pack in {None, one.body.pack}
    ]
    return tuple(sorted(found, key=lambda one: one[1].made, reverse=True))


def counts(conn: Connection, versions: Iterable[tuple[PaperId, Hash]]) -> dict[MemberId, int]:
    """How many things each author has in sight on these exact papers; without reading one."""
    found: dict[MemberId, int] = {}
    for paper, plain in versions:
        for author, count in conn.execute(
            "SELECT author, count(*) FROM received WHERE paper = ? AND plain = ? AND body IS NOT NULL AND hidden = 0"
            " GROUP BY author",
            (paper, plain),
        ):
            found[MemberId(author)] = found.get(MemberId(author), 0) + count
    return found


def hide(conn: Connection, author: MemberId, items: Iterable[AnnotationId], *, hidden: bool) -> Written[None]:
    """Put things out of sight on this device, or back; the author is not told."""
    papers = set()
    with conn.transaction():
        for item in items:
            rows = conn.execute(
                "UPDATE received SET hidden = ? WHERE author = ? AND id = ? RETURNING paper",
                (int(hidden), author, item),
            )
            papers |= {row[0] for row in rows}
    return wrote(Topic.SHARED, *sorted(papers))


def _apply(
    conn: Connection, author: MemberId, change: ShareChange, at: Moment, disputed: list[AnnotationId]
) -> ChangeSet:
    row = conn.execute(
        "SELECT marks, body, paper FROM received WHERE author = ? AND id = ?", (author, change.id)
    ).fetchone()
    live = change.marks % 2 == 0
    given = to_pack(change.body) if live and change.body is not None else None
    if row is not None and change.marks <= row[0]:
        if change.marks == row[0] and given is not None and row[1] is not None and row[1] != given:
            disputed.append(change.id)
        if change.marks < row[0] or given is None or row[1] is not None:
            return NOTHING
    if live and given is None:
        return NOTHING  # a count without its thing shows nothing
    if change.body is not None and change.body.id != change.id:
        disputed.append(change.id)
        return NOTHING
    paper, plain = _place(change.body) if change.body is not None else ("" if row is None else row[2], "")
    conn.execute(
        "INSERT INTO received (author, id, marks, paper, plain, at, hidden, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (author, id) DO UPDATE SET marks = excluded.marks, paper = excluded.paper,"
        " plain = excluded.plain, at = excluded.at, body = excluded.body",
        (author, change.id, change.marks, paper, plain, at, int(_was_hidden(conn, author, change.body)), given),
    )
    return ChangeSet.of(Topic.SHARED, paper)


def _was_hidden(conn: Connection, author: MemberId, body: Shared | None) -> bool:
    """Whether it comes of something that was put out of sight here: a replaced paper does not bring it back."""
    if body is None or isinstance(body, HandOver):
        return False
    rows = conn.execute("SELECT id FROM received WHERE author = ? AND paper = ? AND hidden = 1", (author, body.paper))
    return any(successor(AnnotationId(row[0]), body.plain, part) == body.id for row in rows for part in range(_PARTS))


def _place(body: Shared) -> tuple[str, str]:
    return (body.pack, "") if isinstance(body, HandOver) else (body.paper, body.plain)


def _all(rows: Iterable[Row]) -> tuple[Received, ...]:
    kind: type[Shared] = Shared  # type: ignore[assignment]  # a union stands for its members here
    return tuple(
        Received(MemberId(author), from_pack(body, kind), Moment(at), bool(hidden)) for author, body, at, hidden in rows
    )

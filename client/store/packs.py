# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packs and their revisions in ``record.db``.

Rules:
1. A state changes only along an arrow of ``domain.pack.TRANSITIONS``; anything else is a bug and is refused.
2. When a revision becomes ``READY``, the older ones of its pack become ``SUPERSEDED`` and ``changed`` is
   computed in the same transaction: no reader ever sees two current revisions or none.
3. A ``SHREDDED`` revision keeps its number and nothing else: titles and blob keys go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import structs

from client.domain.ids import PackId, PaperId
from client.domain.pack import PackRevision, PackState, may_move
from client.domain.paper import PaperVersion
from client.errors import InternalFault
from client.store import settings
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection, Row
from client.store.rows import from_json, to_json

_COLUMNS: Final = "pack, rev, state, reason, done_bytes, total_bytes, body"
_HELD: Final = "downloads.held"
_OVER: Final = frozenset({PackState.SUPERSEDED, PackState.EXPIRED, PackState.SHREDDED})


def upsert(conn: Connection, revision: PackRevision) -> Written[None]:
    """Keep a revision, new or known.

    Raises:
        InternalFault: Known in a state from which there is no arrow to the new one.
    """
    known = get(conn, revision.pack, revision.rev)
    if known is not None and known.state is not revision.state:
        _check_arrow(known, revision.state)
    with conn.transaction():
        _write(conn, revision)
        if revision.state is PackState.READY and (known is None or known.state is not PackState.READY):
            _publish(conn, revision)
    return wrote(Topic.PACKS, revision.pack)


def move(conn: Connection, pack: PackId, rev: int, state: PackState, reason: str = "") -> Written[None]:
    """Follow one arrow; ``reason`` is the error code when blocked.

    Raises:
        InternalFault: Unknown revision, or no such arrow.
    """
    known = get(conn, pack, rev)
    if known is None:
        raise InternalFault(f"pack {pack} rev {rev} unknown")
    _check_arrow(known, state)
    moved = structs.replace(known, state=state, reason=reason)
    if state is PackState.SHREDDED:
        moved = PackRevision(pack=pack, rev=rev, state=state, reason=reason)
    with conn.transaction():
        _write(conn, moved)
        if state is PackState.READY:
            _publish(conn, moved)
    return wrote(Topic.PACKS, pack)


def strip(conn: Connection, pack: PackId, rev: int, gone: Mapping[PaperId, PaperVersion]) -> Written[None]:
    """Put what a later revision says of recalled papers in place of what this one had: no bytes, no keys.

    Raises:
        InternalFault: Unknown revision.
    """
    known = get(conn, pack, rev)
    if known is None:
        raise InternalFault(f"pack {pack} rev {rev} unknown")
    papers = tuple(gone.get(paper.id, paper) for paper in known.papers)
    _write(conn, structs.replace(known, papers=papers))
    return wrote(Topic.PACKS, pack)


def set_progress(conn: Connection, pack: PackId, rev: int, done: int, total: int) -> Written[None]:
    """How many sealed bytes of those needed are here."""
    conn.execute(
        "UPDATE packs SET done_bytes = ?, total_bytes = ? WHERE pack = ? AND rev = ?", (done, total, pack, rev)
    )
    return wrote(Topic.PACKS, pack)


def held(conn: Connection) -> frozenset[PackId]:
    """Packs the member does not want fetched."""
    return frozenset(settings.get(conn, _HELD, tuple[PackId, ...], ()))


def hold(conn: Connection, wanted: frozenset[PackId], pack: PackId) -> Written[None]:
    """Keep which packs are not fetched; ``pack`` is the one about which the member decided."""
    settings.put(conn, _HELD, tuple(sorted(wanted)))
    return wrote(Topic.PACKS, pack)


def get(conn: Connection, pack: PackId, rev: int) -> PackRevision | None:
    """One revision, in whatever state."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM packs WHERE pack = ? AND rev = ?", (pack, rev)).fetchone()  # noqa: S608
    return None if row is None else _revision(row)


def all_revisions(conn: Connection) -> tuple[PackRevision, ...]:
    """Every revision ever known, by pack and number."""
    return tuple(map(_revision, conn.execute(f"SELECT {_COLUMNS} FROM packs ORDER BY pack, rev")))  # noqa: S608


def current(conn: Connection) -> tuple[PackRevision, ...]:
    """For each pack its newest ``READY`` revision, then the newer ones that are on their way."""
    over = tuple(state.value for state in _OVER)
    rows = conn.execute(
        f"""
        SELECT {_COLUMNS} FROM packs AS p
        WHERE state NOT IN (?, ?, ?)
          AND rev >= coalesce((SELECT max(rev) FROM packs AS r WHERE r.pack = p.pack AND r.state = ?), 0)
        ORDER BY pack, rev
        """,  # noqa: S608 - column names of this module
        (*over, PackState.READY.value),
    )
    return tuple(map(_revision, rows))


def readable(conn: Connection, pack: PackId) -> PackRevision | None:
    """The revision whose papers can be opened now."""
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM packs WHERE pack = ? AND state = ? ORDER BY rev DESC LIMIT 1",  # noqa: S608
        (pack, PackState.READY.value),
    ).fetchone()
    return None if row is None else _revision(row)


def is_over(conn: Connection, pack: PackId) -> bool:
    """Whether the reading time of a pack has ended on this device."""
    row = conn.execute("SELECT state FROM packs WHERE pack = ? ORDER BY rev DESC LIMIT 1", (pack,)).fetchone()
    return row is not None and PackState(row[0]) in {PackState.EXPIRED, PackState.SHREDDED}


def changed_papers(old: PackRevision, new: PackRevision) -> tuple[PaperId, ...]:
    """Papers of ``new`` that ``old`` had not, or had in another version, in the order of ``new``."""
    before = {paper.id: (paper.version, paper.plain) for paper in old.papers}
    return tuple(paper.id for paper in new.papers if before.get(paper.id) != (paper.version, paper.plain))


def _check_arrow(known: PackRevision, target: PackState) -> None:
    if not may_move(known.state, target):
        raise InternalFault(f"pack {known.pack} rev {known.rev}: {known.state.value} -> {target.value}")


def _publish(conn: Connection, revision: PackRevision) -> None:
    """Rule 2. The one before is the newest that was ever readable: ``papers.db`` may have been lost since."""
    pack, rev = revision.pack, revision.rev
    newer = conn.execute("SELECT 1 FROM packs WHERE pack = ? AND rev > ? AND published", (pack, rev)).fetchone()
    if newer is not None:
        raise InternalFault(f"pack {pack} rev {rev} published after a newer one")
    row = conn.execute(
        f"SELECT {_COLUMNS} FROM packs WHERE pack = ? AND rev < ? AND published ORDER BY rev DESC LIMIT 1",  # noqa: S608
        (pack, rev),
    ).fetchone()
    if row is not None:
        before = _revision(row)
        if before.state is not PackState.SHREDDED:
            _write(conn, structs.replace(revision, changed=changed_papers(before, revision)))
    conn.execute("UPDATE packs SET published = 1 WHERE pack = ? AND rev = ?", (pack, rev))
    for old in map(_revision, conn.execute(f"SELECT {_COLUMNS} FROM packs WHERE pack = ? AND rev < ?", (pack, rev))):  # noqa: S608
        if old.state not in _OVER:
            _check_arrow(old, PackState.SUPERSEDED)
            _write(conn, structs.replace(old, state=PackState.SUPERSEDED))


def _write(conn: Connection, revision: PackRevision) -> None:
    conn.execute(
        """
        INSERT INTO packs (pack, rev, state, reason, done_bytes, total_bytes, published, body)
        VALUES (?, ?, ?, ?, ?, ?, 0, ?)
        ON CONFLICT (pack, rev) DO UPDATE SET state = excluded.state, reason = excluded.reason,
            done_bytes = excluded.done_bytes, total_bytes = excluded.total_bytes, body = excluded.body
        """,
        (
            revision.pack,
            revision.rev,
            revision.state.value,
            revision.reason,
            revision.done_bytes,
            revision.total_bytes,
            to_json(revision),
        ),
    )


def _revision(row: Row) -> PackRevision:
    """The body, with the columns that change on their own laid over it."""
    _, _, state, reason, done, total, body = row
    return structs.replace(
        from_json(body, PackRevision), state=PackState(state), reason=reason, done_bytes=done, total_bytes=total
    )

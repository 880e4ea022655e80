# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member shares with whom, in ``record.db``: the choices, the hand-over sheets, how far each has come.

The rules are in ``domain.sharing``; what is told of it and taken from other devices is in ``store.share_chains``.
``ChangeSet.ids`` are item ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct

from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, MemberId, Moment, PackId
from client.domain.sharing import MAX_CHOSEN, Reader, Stage, Told, due
from client.errors import BadInput, InternalFault
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_pack, to_pack
from client.store.share_chains import Row, all_waiting, rows

# -- the member's choice ------------------------------------------------------------------------------------


Before = dict[AnnotationId, tuple[MemberId, ...]]
"""With whom each of several things was to be shared."""


def choose(conn: Connection, items: Iterable[AnnotationId], readers: Collection[MemberId]) -> Written[Before]:
    """Share each thing with exactly these people from now on; with nobody if ``readers`` is empty.

    Returns:
        With whom each was to be shared until now, for ``put_back``.

    Raises:
        BadInput: More than ``MAX_CHOSEN`` people.
    """
    if len(readers) > MAX_CHOSEN:
        raise BadInput(f"shared with {len(readers)}")
    wanted = tuple(items)
    before = chosen_of_each(conn, wanted)
    with conn.transaction():
        for item in wanted:
            known = {MemberId(row[0]) for row in conn.execute("SELECT reader FROM shares WHERE item = ?", (item,))}
            for reader in sorted(known - set(readers)):
                _take_back(conn, item, reader)
            for reader in sorted(readers):
                _add(conn, item, reader)
    return before, ChangeSet.of(Topic.SHARED, *wanted)


def put_back(conn: Connection, before: Before) -> Written[None]:
    """Undo a choice: each thing is shared with whom it was before."""
    with conn.transaction():
        for item, readers in before.items():
            choose(conn, (item,), readers)
    return wrote(Topic.SHARED, *before)


def follow(conn: Connection, source: AnnotationId, targets: Iterable[AnnotationId]) -> Written[None]:
    """What came of a thing (its text was changed, its paper was replaced) is shared with the same people."""
    found = conn.execute("SELECT reader FROM shares WHERE item = ? AND chosen = 1", (source,))
    readers = [MemberId(row[0]) for row in found]
    if not readers:
        return None, NOTHING
    names = tuple(targets)
    with conn.transaction():
        for target in names:
            if conn.execute("SELECT 1 FROM shares WHERE item = ?", (target,)).fetchone() is None:
                for reader in readers:
                    _add(conn, target, reader)
    return wrote(Topic.SHARED, *names)


def readers(conn: Connection) -> dict[AnnotationId, tuple[Reader, ...]]:
    """With whom each thing is shared, or was and is being withdrawn, and how far that has come."""
    waits = {(reader, item) for reader, waiting in all_waiting(conn).items() for item in waiting.ids}
    found: dict[AnnotationId, list[Reader]] = {}
    for row in rows(conn):
        stage = _stage(row, waits=(row.reader, row.item) in waits)
        if stage is not None:
            found.setdefault(row.item, []).append(Reader(row.reader, stage))
    return {item: tuple(each) for item, each in found.items()}


class Queue(Struct, frozen=True):
    """What waits for one reader: things to be shown, things to be taken back."""

    reader: MemberId
    waiting: int
    withdrawing: int


def queues(conn: Connection) -> tuple[Queue, ...]:
    """What waits to be sent, by reader."""
    counts: dict[MemberId, dict[Stage, int]] = {}
    for each in readers(conn).values():
        for one in each:
            if one.stage in {Stage.WAITING, Stage.WITHDRAWING}:
                stages = counts.setdefault(one.member, {})
                stages[one.stage] = stages.get(one.stage, 0) + 1
    return tuple(
        Queue(member, stages.get(Stage.WAITING, 0), stages.get(Stage.WITHDRAWING, 0))
        for member, stages in sorted(counts.items())
    )


def chosen(conn: Connection, item: AnnotationId) -> tuple[MemberId, ...]:
    """With whom a thing is to be shared."""
    found = conn.execute("SELECT reader FROM shares WHERE item = ? AND chosen = 1 ORDER BY reader", (item,))
    return tuple(MemberId(row[0]) for row in found)


def chosen_of_each(conn: Connection, items: Iterable[AnnotationId]) -> Before:
    """With whom each of several things is to be shared."""
    return {item: chosen(conn, item) for item in items}


def chosen_of_any(conn: Connection, items: Iterable[AnnotationId]) -> frozenset[MemberId]:
    """With whom any of several things is to be shared."""
    return frozenset(reader for item in items for reader in chosen(conn, item))


# -- hand-over sheets ---------------------------------------------------------------------------------------


def keep_sheet(conn: Connection, sheet: HandOver, to: Collection[MemberId], at: Moment) -> Written[None]:
    """Keep a new sheet and share it; older sheets of its pack are withdrawn, so that one stands.

    Raises:
        InternalFault: Another sheet has this id.
    """
    body = to_pack(sheet)
    row = conn.execute("SELECT body FROM handovers WHERE id = ?", (sheet.id,)).fetchone()
    if row is not None:
        if row[0] != body:
            raise InternalFault(f"sheet {sheet.id} is taken")
        return None, NOTHING
    with conn.transaction():
        conn.execute("UPDATE handovers SET deleted = ? WHERE pack = ? AND deleted IS NULL", (at, sheet.pack))
        conn.execute(
            "INSERT INTO handovers (id, pack, made, body) VALUES (?, ?, ?, ?)",
            (sheet.id, sheet.pack, sheet.made, body),
        )
        changes = choose(conn, (sheet.id,), to)[1]
    return None, changes


def withdraw_sheet(conn: Connection, sheet: AnnotationId, at: Moment) -> Written[None]:
    """Take a sheet back; :func:`restore_sheet` gives it again to whom it was given."""
    conn.execute("UPDATE handovers SET deleted = ? WHERE id = ? AND deleted IS NULL", (at, sheet))
    return wrote(Topic.SHARED, sheet)


def restore_sheet(conn: Connection, sheet: AnnotationId) -> Written[None]:
    """Undo a withdrawal."""
    conn.execute("UPDATE handovers SET deleted = NULL WHERE id = ?", (sheet,))
    return wrote(Topic.SHARED, sheet)


def sheet_of(conn: Connection, pack: PackId) -> HandOver | None:
    """The sheet of a pack that stands."""
    return _newest_sheet(conn, pack, "deleted IS NULL")


def withdrawn_sheet(conn: Connection, pack: PackId) -> HandOver | None:
    """The newest sheet of a pack that was taken back."""
    return _newest_sheet(conn, pack, "deleted IS NOT NULL")


def _newest_sheet(conn: Connection, pack: PackId, which: str) -> HandOver | None:
    row = conn.execute(
        f"SELECT body FROM handovers WHERE pack = ? AND {which} ORDER BY made DESC, id DESC",  # noqa: S608
        (pack,),
    ).fetchone()
    return None if row is None else from_pack(row[0], HandOver)


# -- inside -------------------------------------------------------------------------------------------------


def _stage(row: Row, *, waits: bool) -> Stage | None:
    choice = row.choice
    pending = waits or due(choice, row.there) is not None
    if choice.chosen and row.there is not False:
        if pending:
            return Stage.WAITING
        if choice.marks % 2 != 0:
            return None
        return Stage.ARRIVED if row.arrived else Stage.SENT
    return Stage.WITHDRAWING if pending else None


def _add(conn: Connection, item: AnnotationId, reader: MemberId) -> None:
    conn.execute(
        "INSERT INTO shares (item, reader, chosen, marks, told) VALUES (?, ?, 1, 0, ?)"
        " ON CONFLICT (item, reader) DO UPDATE SET chosen = 1",
        (item, reader, Told.NEVER.value),
    )


def _take_back(conn: Connection, item: AnnotationId, reader: MemberId) -> None:
    """Rule 3: what was never told leaves no trace."""
    conn.execute("DELETE FROM shares WHERE item = ? AND reader = ? AND told = ?", (item, reader, Told.NEVER.value))
    conn.execute("UPDATE shares SET chosen = 0 WHERE item = ? AND reader = ?", (item, reader))

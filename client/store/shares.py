# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member shares with whom, in ``record.db``: choices, what is to be told, what waits to be sent.

The rules are in ``domain.sharing``. A note that is deleted, or whose text is changed, needs no word here: what is to
be told is found by comparing the choice with what is there. ``ChangeSet.ids`` are item ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from msgspec import Struct

from client.domain.annotation import Annotation
from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, Moment, PackId
from client.domain.notes import Head
from client.domain.sharing import MAX_CHOSEN, Choice, Reader, ShareChange, Shared, Stage, Told, due, heard
from client.errors import BadInput, InternalFault
from client.store import annotations as notes
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, from_pack, to_json, to_pack

_CHOICES: Final = """
    SELECT s.item, s.reader, s.chosen, s.marks, s.told, coalesce(a.body, h.body),
           CASE WHEN a.id IS NOT NULL THEN a.deleted IS NULL WHEN h.id IS NOT NULL THEN h.deleted IS NULL END
    FROM shares AS s LEFT JOIN annotations AS a ON a.id = s.item LEFT JOIN handovers AS h ON h.id = s.item
"""


class Waiting(Struct, frozen=True):
    """The batch that waits to be sent to one reader.

    Attributes:
        ids: Things it tells of.
        body: The parcel as it will be sent.
    """

    reader: MemberId
    n: int
    hash: Hash
    ids: tuple[AnnotationId, ...]
    body: bytes


class _Row(Struct, frozen=True):
    item: AnnotationId
    reader: MemberId
    choice: Choice
    body: bytes | None
    there: bool | None


# -- the member's choice ------------------------------------------------------------------------------------


def choose(conn: Connection, items: Iterable[AnnotationId], readers: Collection[MemberId]) -> Written[None]:
    """Share each thing with exactly these people from now on; with nobody if ``readers`` is empty.

    Raises:
        BadInput: More than ``MAX_CHOSEN`` people.
    """
    if len(readers) > MAX_CHOSEN:
        raise BadInput(f"shared with {len(readers)}")
    wanted = tuple(items)
    with conn.transaction():
        for item in wanted:
            known = {MemberId(row[0]) for row in conn.execute("SELECT reader FROM shares WHERE item = ?", (item,))}
            for reader in sorted(known - set(readers)):
                _take_back(conn, item, reader)
            for reader in sorted(readers):
                _add(conn, item, reader)
    return wrote(Topic.SHARED, *wanted)


def follow(conn: Connection, source: AnnotationId, targets: Iterable[AnnotationId]) -> Written[None]:
    """What came of a thing (its text was changed, its paper was replaced) is shared with the same people."""
    rows = conn.execute("SELECT reader FROM shares WHERE item = ? AND chosen = 1", (source,))
    readers = [MemberId(row[0]) for row in rows]
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
    waits = {(waiting.reader, item) for waiting in all_waiting(conn) for item in waiting.ids}
    found: dict[AnnotationId, list[Reader]] = {}
    for row in _rows(conn, ""):
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
            if one.stage is not Stage.SENT:
                stages = counts.setdefault(one.member, {})
                stages[one.stage] = stages.get(one.stage, 0) + 1
    return tuple(
        Queue(member, stages.get(Stage.WAITING, 0), stages.get(Stage.WITHDRAWING, 0))
        for member, stages in sorted(counts.items())
    )


def chosen(conn: Connection, item: AnnotationId) -> tuple[MemberId, ...]:
    """With whom a thing is to be shared."""
    rows = conn.execute("SELECT reader FROM shares WHERE item = ? AND chosen = 1 ORDER BY reader", (item,))
    return tuple(MemberId(row[0]) for row in rows)


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


# -- between devices ----------------------------------------------------------------------------------------


def addressed(conn: Connection) -> tuple[MemberId, ...]:
    """People something was ever shared with."""
    rows = conn.execute("SELECT DISTINCT reader FROM shares ORDER BY reader")
    return tuple(MemberId(row[0]) for row in rows)


def untold(conn: Connection, reader: MemberId, *, most: int, size: int) -> tuple[ShareChange, ...]:
    """What a reader must be told, by item id.

    Args:
        conn: ``record.db``.
        reader: Whom.
        most: Changes at most.
        size: Stop after this many bytes of bodies; one change is given in any case.
    """
    found: list[ShareChange] = []
    held = 0
    for row in _rows(conn, "WHERE s.reader = ?", reader):
        marks = due(row.choice, row.there)
        if marks is None:
            continue
        body = _shared(row.body) if marks % 2 == 0 and row.body is not None else None
        held += len(row.body) if body is not None and row.body is not None else 0
        found.append(ShareChange(row.item, marks, body))
        if len(found) >= most or held >= size:
            break
    return tuple(found)


def take_own(conn: Connection, reader: MemberId, changes: Iterable[ShareChange]) -> Written[None]:
    """What this member's devices told ``reader``, this one included once an older store was put back.

    Sheets come along. Notes come their own way (``store.notes``) and before; one that did not is taken from here, so
    that nobody reads what its author has no more.
    """
    touched = NOTHING
    with conn.transaction():
        for change in changes:
            if isinstance(change.body, HandOver):
                _take_sheet(conn, change.body)
            elif change.body is not None and change.body.id == change.id:
                touched |= _take_note(conn, change.body)
            row = next(iter(_rows(conn, "WHERE s.item = ? AND s.reader = ?", change.id, reader)), None)
            known = None if row is None else row.choice
            state = heard(known, change.marks)
            if state != known:
                _set(conn, change.id, reader, state)
                touched |= ChangeSet.of(Topic.SHARED, change.id)
    return None, touched


def set_readers(conn: Connection, reader: MemberId, devices: frozenset[DeviceId]) -> Written[None]:
    """A reader's devices from now on; for a new one everything is told once more, for one that left nothing is."""
    rows = conn.execute("SELECT device FROM share_readers WHERE reader = ?", (reader,))
    known = {DeviceId(row[0]) for row in rows}
    if known == devices:
        return None, NOTHING
    with conn.transaction():
        if devices - known:
            conn.execute(
                "UPDATE shares SET told = ? WHERE reader = ? AND told = ? AND marks & 1 = 0",
                (Told.AGAIN.value, reader, Told.TOLD.value),
            )
        conn.execute("DELETE FROM share_readers WHERE reader = ?", (reader,))
        for device in sorted(devices):
            conn.execute("INSERT INTO share_readers (reader, device) VALUES (?, ?)", (reader, device))
    return wrote(Topic.SHARED)


def wait(conn: Connection, waiting: Waiting, changes: Iterable[ShareChange]) -> Written[None]:
    """Keep a batch to be sent; what it tells counts as told from now on."""
    with conn.transaction():
        conn.execute(
            "INSERT INTO share_waiting (reader, n, hash, ids, body) VALUES (?, ?, ?, ?, ?)",
            (waiting.reader, waiting.n, waiting.hash, to_json(waiting.ids), waiting.body),
        )
        for change in changes:
            conn.execute(
                "UPDATE shares SET marks = ?, told = ? WHERE item = ? AND reader = ?",
                (change.marks, Told.TOLD.value, change.id, waiting.reader),
            )
    return None, NOTHING


def waiting_for(conn: Connection, reader: MemberId) -> Waiting | None:
    """The batch that waits to be sent to a reader."""
    return next((one for one in all_waiting(conn) if one.reader == reader), None)


def all_waiting(conn: Connection) -> tuple[Waiting, ...]:
    """Every batch that waits."""
    rows = conn.execute("SELECT reader, n, hash, ids, body FROM share_waiting ORDER BY reader")
    return tuple(
        Waiting(MemberId(reader), n, Hash(digest), from_json(ids, tuple[AnnotationId, ...]), body)
        for reader, n, digest, ids, body in rows
    )


def sent(conn: Connection, waiting: Waiting, device: DeviceId) -> Written[None]:
    """The service has the waiting batch of this device."""
    with conn.transaction():
        set_head(conn, device, waiting.reader, Head(waiting.n, waiting.hash))
        conn.execute("DELETE FROM share_waiting WHERE reader = ?", (waiting.reader,))
    return wrote(Topic.SHARED, *waiting.ids)


def unpack(conn: Connection, waiting: Waiting) -> Written[None]:
    """The waiting batch will never be taken (an older store was put back): tell its contents anew."""
    with conn.transaction():
        for item in waiting.ids:
            conn.execute(
                "UPDATE shares SET told = ? WHERE item = ? AND reader = ?",
                (Told.AGAIN.value, item, waiting.reader),
            )
        conn.execute("DELETE FROM share_waiting WHERE reader = ?", (waiting.reader,))
    return wrote(Topic.SHARED, *waiting.ids)


def heads(conn: Connection) -> dict[tuple[DeviceId, MemberId], Head]:
    """The last batch taken of each chain, by the author's device and the reader."""
    rows = conn.execute("SELECT device, reader, n, hash FROM share_heads ORDER BY device, reader")
    return {(DeviceId(device), MemberId(reader)): Head(n, Hash(digest)) for device, reader, n, digest in rows}


def set_head(conn: Connection, device: DeviceId, reader: MemberId, head: Head) -> Written[None]:
    """A batch of a chain was taken."""
    conn.execute(
        "INSERT INTO share_heads (device, reader, n, hash) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (device, reader) DO UPDATE SET n = excluded.n, hash = excluded.hash",
        (device, reader, head.n, head.hash),
    )
    return None, NOTHING


# -- inside -------------------------------------------------------------------------------------------------


def _rows(conn: Connection, where: str, *params: str) -> Sequence[_Row]:
    found = conn.execute(f"{_CHOICES} {where} ORDER BY s.item, s.reader", params)
    return [
        _Row(
            AnnotationId(item),
            MemberId(reader),
            Choice(bool(wanted), marks, Told(told)),
            body,
            None if there is None else bool(there),
        )
        for item, reader, wanted, marks, told, body, there in found
    ]


def _stage(row: _Row, *, waits: bool) -> Stage | None:
    choice = row.choice
    pending = waits or due(choice, row.there) is not None
    if choice.chosen and row.there is not False:
        if pending:
            return Stage.WAITING
        return Stage.SENT if choice.marks % 2 == 0 else None
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


def _set(conn: Connection, item: AnnotationId, reader: MemberId, state: Choice) -> None:
    conn.execute(
        "INSERT INTO shares (item, reader, chosen, marks, told) VALUES (?, ?, ?, ?, ?) ON CONFLICT (item, reader)"
        " DO UPDATE SET chosen = excluded.chosen, marks = excluded.marks, told = excluded.told",
        (item, reader, int(state.chosen), state.marks, state.told.value),
    )


def _take_sheet(conn: Connection, sheet: HandOver) -> None:
    conn.execute(
        "INSERT OR IGNORE INTO handovers (id, pack, made, body) VALUES (?, ?, ?, ?)",
        (sheet.id, sheet.pack, sheet.made, to_pack(sheet)),
    )


def _take_note(conn: Connection, note: Annotation) -> ChangeSet:
    if conn.execute("SELECT 1 FROM annotations WHERE id = ?", (note.id,)).fetchone() is not None:
        return NOTHING
    return notes.add(conn, note)[1]


def _shared(body: bytes) -> Shared:
    kind: type[Shared] = Shared  # type: ignore[assignment]  # a union stands for its members here
    return from_pack(body, kind)

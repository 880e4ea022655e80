# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is shared on its way between devices, in ``record.db``: what is to be told, what waits, what was taken.

The rules are in ``domain.sharing``; who shares what with whom is chosen in ``store.shares``. A note that is deleted,
or whose text is changed, needs no word here: what is to be told is found by comparing the choice with what is there.
``ChangeSet.ids`` are item ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from client.domain.annotation import Annotation
from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId
from client.domain.notes import Head
from client.domain.sharing import Choice, ShareChange, Shared, Told, due, heard
from client.store import annotations as notes
from client.store import arrivals
from client.store.arrivals import ARRIVED
from client.store.changes import NOTHING, ChangeSet, Topic, Written, wrote
from client.store.connection import Connection
from client.store.notes import Waiting
from client.store.rows import from_json, from_pack, to_json, to_pack

_CHOICES: Final = f"""
    SELECT s.item, s.reader, s.chosen, s.marks, s.told, coalesce(a.body, h.body),
           CASE WHEN a.id IS NOT NULL THEN a.deleted IS NULL WHEN h.id IS NOT NULL THEN h.deleted IS NULL END,
           {ARRIVED}
    FROM shares AS s LEFT JOIN annotations AS a ON a.id = s.item LEFT JOIN handovers AS h ON h.id = s.item
"""  # noqa: S608


class Row(Struct, frozen=True):
    """One thing and one reader.

    Attributes:
        body: Of the thing, packed; None when it is not here.
        there: Whether the thing is there; None when this device does not hold it.
        arrived: A device of the reader acknowledged the batch that told of it last.
    """

    item: AnnotationId
    reader: MemberId
    choice: Choice
    body: bytes | None
    there: bool | None
    arrived: bool


def rows(conn: Connection, reader: MemberId | None = None, item: AnnotationId | None = None) -> Sequence[Row]:
    """Choices, of one reader or thing if given, by item."""
    found = conn.execute(
        f"{_CHOICES} WHERE s.reader = coalesce(?, s.reader) AND s.item = coalesce(?, s.item) ORDER BY s.item, s.reader",
        (reader, item),
    )
    return [
        Row(
            AnnotationId(item),
            MemberId(reader),
            Choice(bool(wanted), marks, Told(told)),
            body,
            None if there is None else bool(there),
            bool(arrived),
        )
        for item, reader, wanted, marks, told, body, there, arrived in found
    ]


def addressed(conn: Connection) -> tuple[MemberId, ...]:
    """People something was ever shared with."""
    found = conn.execute("SELECT DISTINCT reader FROM shares ORDER BY reader")
    return tuple(MemberId(row[0]) for row in found)


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
    for row in rows(conn, reader):
        marks = due(row.choice, row.there)
        if marks is None:
            continue
        body = _shared(row.body) if marks % 2 == 0 and row.body is not None else None
        held += len(row.body) if body is not None and row.body is not None else 0
        found.append(ShareChange(row.item, marks, body))
        if len(found) >= most or held >= size:
            break
    return tuple(found)


def take_own(
    conn: Connection, teller: DeviceId, reader: MemberId, head: Head, changes: Iterable[ShareChange]
) -> Written[None]:
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
            row = next(iter(rows(conn, reader, change.id)), None)
            known = None if row is None else row.choice
            state = heard(known, change.marks)
            if state != known:
                _set(conn, change.id, reader, state)
                touched |= ChangeSet.of(Topic.SHARED, change.id)
            if state.marks == change.marks:
                _told_by(conn, change.id, reader, teller, head.n)
        arrivals.keep_end(conn, teller, reader, head)
    return None, touched


def set_readers(conn: Connection, reader: MemberId, devices: frozenset[DeviceId]) -> Written[None]:
    """A reader's devices from now on; for a new one everything is told once more, for one that left nothing is."""
    found = conn.execute("SELECT device FROM share_readers WHERE reader = ?", (reader,))
    known = {DeviceId(row[0]) for row in found}
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


def wait(
    conn: Connection, device: DeviceId, reader: MemberId, waiting: Waiting, changes: Iterable[ShareChange]
) -> Written[None]:
    """Keep a batch of this device to be sent; what it tells counts as told from now on."""
    with conn.transaction():
        conn.execute(
            "INSERT INTO share_waiting (reader, n, hash, ids, body) VALUES (?, ?, ?, ?, ?)",
            (reader, waiting.n, waiting.hash, to_json(waiting.ids), waiting.body),
        )
        for change in changes:
            conn.execute(
                "UPDATE shares SET marks = ?, told = ? WHERE item = ? AND reader = ?",
                (change.marks, Told.TOLD.value, change.id, reader),
            )
            _told_by(conn, change.id, reader, device, waiting.n)
    return None, NOTHING


def waiting(conn: Connection, reader: MemberId) -> Waiting | None:
    """The batch that waits to be sent to a reader."""
    return all_waiting(conn).get(reader)


def all_waiting(conn: Connection) -> dict[MemberId, Waiting]:
    """Every batch that waits, by its reader."""
    found = conn.execute("SELECT reader, n, hash, ids, body FROM share_waiting ORDER BY reader")
    return {
        MemberId(reader): Waiting(n, Hash(digest), from_json(ids, tuple[AnnotationId, ...]), body)
        for reader, n, digest, ids, body in found
    }


def sent(conn: Connection, device: DeviceId, reader: MemberId) -> Written[None]:
    """The service has the waiting batch of this device."""
    found = waiting(conn, reader)
    if found is None:
        return None, NOTHING
    with conn.transaction():
        head = Head(found.n, found.hash)
        set_head(conn, device, reader, head)
        arrivals.keep_end(conn, device, reader, head)
        conn.execute("DELETE FROM share_waiting WHERE reader = ?", (reader,))
        arrivals.forget(conn, reader)
    return wrote(Topic.SHARED, *found.ids)


def unpack(conn: Connection, reader: MemberId) -> Written[None]:
    """The waiting batch will never be taken (an older store was put back): tell its contents anew."""
    found = waiting(conn, reader)
    if found is None:
        return None, NOTHING
    with conn.transaction():
        for item in found.ids:
            conn.execute("UPDATE shares SET told = ? WHERE item = ? AND reader = ?", (Told.AGAIN.value, item, reader))
        conn.execute("DELETE FROM share_waiting WHERE reader = ?", (reader,))
    return wrote(Topic.SHARED, *found.ids)


def heads(conn: Connection) -> dict[tuple[DeviceId, MemberId], Head]:
    """The last batch taken of each chain, by the author's device and the reader."""
    found = conn.execute("SELECT device, reader, n, hash FROM share_heads ORDER BY device, reader")
    return {(DeviceId(device), MemberId(reader)): Head(n, Hash(digest)) for device, reader, n, digest in found}


def set_head(conn: Connection, device: DeviceId, reader: MemberId, head: Head) -> Written[None]:
    """A batch of a chain was taken."""
    conn.execute(
        "INSERT INTO share_heads (device, reader, n, hash) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (device, reader) DO UPDATE SET n = excluded.n, hash = excluded.hash",
        (device, reader, head.n, head.hash),
    )
    return None, NOTHING


def _set(conn: Connection, item: AnnotationId, reader: MemberId, state: Choice) -> None:
    conn.execute(
        "INSERT INTO shares (item, reader, chosen, marks, told) VALUES (?, ?, ?, ?, ?) ON CONFLICT (item, reader)"
        " DO UPDATE SET chosen = excluded.chosen, marks = excluded.marks, told = excluded.told",
        (item, reader, int(state.chosen), state.marks, state.told.value),
    )


def _told_by(conn: Connection, item: AnnotationId, reader: MemberId, teller: DeviceId, n: int) -> None:
    conn.execute("UPDATE shares SET teller = ?, n = ? WHERE item = ? AND reader = ?", (teller, n, item, reader))


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

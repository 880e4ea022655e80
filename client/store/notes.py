# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes between a member's own devices, in ``record.db``: what was merged, what is to be told, what waits.

The rules are in ``domain.notes``; here they are applied to the rows that ``store.annotations`` keeps. Nothing that
writes annotations has to know of other devices: what is untold is found by comparing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, DeviceId, Hash, Moment
from client.domain.notes import Head, NoteChange, NoteState, folded, merged
from client.errors import InternalFault
from client.store import annotations as marks
from client.store.changes import NOTHING, ChangeSet, Written
from client.store.connection import Connection
from client.store.rows import from_json, from_pack, to_json

_UNTOLD: Final = """
    SELECT a.id, a.body, a.deleted IS NOT NULL, m.marks, m.told
    FROM annotations AS a LEFT JOIN note_marks AS m ON m.id = a.id
    WHERE (m.id IS NULL AND a.deleted IS NULL)
       OR m.told = 0 OR (m.marks & 1) <> (a.deleted IS NOT NULL)
    ORDER BY a.made, a.id
"""
_UNTOLD_WITHOUT_BODY: Final = """
    SELECT id, marks FROM note_marks AS m
    WHERE told = 0 AND NOT EXISTS (SELECT 1 FROM annotations AS a WHERE a.id = m.id)
    ORDER BY id
"""


class Waiting(Struct, frozen=True):
    """The batch that waits to be sent.

    Attributes:
        ids: Annotations it tells of.
        body: The parcel as it will be sent.
    """

    n: int
    hash: Hash
    ids: tuple[AnnotationId, ...]
    body: bytes


def untold(conn: Connection, *, most: int, size: int) -> tuple[NoteChange, ...]:
    """What the other devices do not know yet, oldest first.

    Args:
        conn: ``record.db``.
        most: Changes at most.
        size: Stop after this many bytes of bodies; one change is given in any case.
    """
    found: list[NoteChange] = []
    held = 0
    for ident, body, deleted, count, told in conn.execute(_UNTOLD):
        known = None if count is None else NoteState(count, bool(told), here=True)
        state = folded(known, deleted=bool(deleted))
        given = None if deleted else _annotation(body)
        found.append(NoteChange(AnnotationId(ident), state.marks, given))
        held += 0 if deleted else len(body)
        if len(found) >= most or held >= size:
            return tuple(found)
    for ident, count in conn.execute(_UNTOLD_WITHOUT_BODY):
        if len(found) >= most:
            break
        found.append(NoteChange(AnnotationId(ident), count))
    return tuple(found)


def apply(conn: Connection, changes: Iterable[NoteChange], *, at: Moment) -> Written[tuple[AnnotationId, ...]]:
    """Take what another device told; in one transaction with the new head of its chain.

    Args:
        conn: ``record.db``.
        changes: In the order of the batch.
        at: When the batch was made, for deletions.

    Returns:
        Annotations whose body differs from the one that has this id here; the one here is kept.
    """
    touched = NOTHING
    disputed: list[AnnotationId] = []
    with conn.transaction():
        for change in changes:
            touched |= _apply(conn, change, at, disputed)
    return tuple(disputed), touched


def wait(conn: Connection, waiting: Waiting, changes: Iterable[NoteChange]) -> Written[None]:
    """Keep a batch to be sent; what it tells counts as told from now on."""
    with conn.transaction():
        if conn.execute("SELECT 1 FROM note_waiting").fetchone() is not None:
            raise InternalFault("notes: a batch waits already")
        conn.execute(
            "INSERT INTO note_waiting (n, hash, ids, body) VALUES (?, ?, ?, ?)",
            (waiting.n, waiting.hash, to_json(waiting.ids), waiting.body),
        )
        for change in changes:
            _mark(conn, change.id, change.marks, told=True)
    return None, NOTHING


def waiting(conn: Connection) -> Waiting | None:
    """The batch that waits to be sent."""
    row = conn.execute("SELECT n, hash, ids, body FROM note_waiting").fetchone()
    if row is None:
        return None
    n, digest, ids, body = row
    return Waiting(n, Hash(digest), from_json(ids, tuple[AnnotationId, ...]), body)


def sent(conn: Connection, device: DeviceId) -> Written[None]:
    """The service has the waiting batch of this device."""
    found = waiting(conn)
    if found is None:
        return None, NOTHING
    with conn.transaction():
        set_head(conn, device, Head(found.n, found.hash))
        conn.execute("DELETE FROM note_waiting")
    return None, NOTHING


def unpack(conn: Connection) -> Written[None]:
    """The waiting batch will never be taken (an older store was put back): tell its contents anew."""
    found = waiting(conn)
    if found is not None:
        with conn.transaction():
            for ident in found.ids:
                conn.execute("UPDATE note_marks SET told = 0 WHERE id = ?", (ident,))
            conn.execute("DELETE FROM note_waiting")
    return None, NOTHING


def heads(conn: Connection) -> dict[DeviceId, Head]:
    """The last batch taken of each device."""
    rows = conn.execute("SELECT device, n, hash FROM note_heads ORDER BY device")
    return {DeviceId(device): Head(n, Hash(digest)) for device, n, digest in rows}


def set_head(conn: Connection, device: DeviceId, head: Head) -> Written[None]:
    """A batch of ``device`` was taken."""
    conn.execute(
        "INSERT INTO note_heads (device, n, hash) VALUES (?, ?, ?)"
        " ON CONFLICT (device) DO UPDATE SET n = excluded.n, hash = excluded.hash",
        (device, head.n, head.hash),
    )
    return None, NOTHING


def set_readers(conn: Connection, devices: frozenset[DeviceId]) -> Written[None]:
    """Who reads from now on; for one that is new everything is told once more, for one that left nothing is."""
    known = {DeviceId(row[0]) for row in conn.execute("SELECT device FROM note_readers")}
    if known == devices:
        return None, NOTHING
    with conn.transaction():
        if devices - known:
            conn.execute("UPDATE note_marks SET told = 0")
        conn.execute("DELETE FROM note_readers")
        for device in sorted(devices):
            conn.execute("INSERT INTO note_readers (device) VALUES (?)", (device,))
    return None, NOTHING


def _apply(conn: Connection, change: NoteChange, at: Moment, disputed: list[AnnotationId]) -> ChangeSet:
    page = conn.execute("SELECT body, deleted IS NOT NULL FROM annotations WHERE id = ?", (change.id,)).fetchone()
    row = conn.execute("SELECT marks, told FROM note_marks WHERE id = ?", (change.id,)).fetchone()
    known = None if row is None else NoteState(row[0], bool(row[1]), here=page is not None)
    if page is not None:
        if change.body is not None and _annotation(page[0]) != change.body:
            disputed.append(change.id)
        known = folded(known, deleted=bool(page[1]))
    state = merged(known, change)
    touched = NOTHING
    if page is None and change.body is not None:
        touched |= marks.add(conn, change.body)[1]
    if state.here:
        move = marks.restore(conn, change.id) if state.live else marks.delete(conn, change.id, at)
        touched |= move[1]
    _mark(conn, change.id, state.marks, told=state.told)
    return touched


def _mark(conn: Connection, ident: AnnotationId, marks: int, *, told: bool) -> None:
    conn.execute(
        "INSERT INTO note_marks (id, marks, told) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET marks = excluded.marks, told = excluded.told",
        (ident, marks, told),
    )


def _annotation(body: bytes) -> Annotation:
    kind: type[Annotation] = Annotation  # type: ignore[assignment]  # a union stands for its members here
    return from_pack(body, kind)

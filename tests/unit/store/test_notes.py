# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of two devices in real stores: the rules of ``domain.notes`` as the rows follow them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from client.domain.ids import AnnotationId, DeviceId, Hash, Moment
from client.domain.notes import Head, NoteChange
from client.errors import InternalFault
from client.store import annotations, notes
from client.store.connection import Connection, open_record
from tests.unit.store.conftest import KEY
from tests.unit.store.samples import PAPER, marks

AT = Moment("2026-11-23T03:00:00.000Z")
ONE, TWO = DeviceId("d_0001"), DeviceId("d_0002")
INK, HIGHLIGHT, NOTE, BOOKMARK = marks()
STEPS = ("1 changes", "1 undoes", "1 syncs", "2 changes", "2 undoes", "2 syncs")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Connection, Connection]]:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(open_record(tmp_path / name / "record.db", KEY))
    yield made[0], made[1]
    for connection in made:
        connection.close()


class Pair:
    """Two stores and the batches that went between them; can go back to where it was."""

    def __init__(self, one: Connection, two: Connection) -> None:
        self.stores = {"1": one, "2": two}
        self.told: dict[str, list[tuple[NoteChange, ...]]] = {"1": [], "2": []}
        self.taken = {"1": 0, "2": 0}
        self.names = count()

    def step(self, what: str) -> None:
        who, _, verb = what.partition(" ")
        getattr(self, verb)(who)

    def changes(self, who: str) -> None:
        conn = self.stores[who]
        live = annotations.all_live(conn)
        if live:
            annotations.delete(conn, live[0].id, AT)
        self.add(who)

    def add(self, who: str) -> AnnotationId:
        name = AnnotationId(f"an_new_{who}_{next(self.names)}")
        annotations.add(self.stores[who], structs.replace(NOTE, id=name))
        return name

    def undoes(self, who: str) -> None:
        row = self.stores[who].execute("SELECT id FROM annotations WHERE deleted IS NOT NULL ORDER BY id").fetchone()
        if row is not None:
            annotations.restore(self.stores[who], AnnotationId(row[0]))

    def syncs(self, who: str) -> None:
        conn, other = self.stores[who], "2" if who == "1" else "1"
        for batch in self.told[other][self.taken[who] :]:
            assert notes.apply(conn, batch, at=AT)[0] == ()
            self.taken[who] += 1
        changes = notes.untold(conn, most=100, size=1 << 20)
        if changes:
            n = len(self.told[who]) + 1
            ids = tuple(change.id for change in changes)
            notes.wait(conn, notes.Waiting(n, Hash(f"sha256:{n:064x}"), ids, b"parcel"), changes)
            notes.sent(conn, ONE if who == "1" else TWO)
            self.told[who].append(changes)

    def live(self, who: str) -> set[str]:
        return {mark.id for mark in annotations.all_live(self.stores[who])}

    def mark(self) -> tuple[Any, ...]:
        return {who: list(told) for who, told in self.told.items()}, dict(self.taken)

    def walk(self, depth: int, history: tuple[str, ...] = ()) -> int:
        if depth == 0:
            for what in ("1 syncs", "2 syncs", "1 syncs", "2 syncs"):
                self.step(what)
            assert self.live("1") == self.live("2"), history
            assert not notes.untold(self.stores["1"], most=9, size=99), history
            return 1
        found = 0
        for what in STEPS:
            kept = self.mark()
            for conn in self.stores.values():
                conn.execute(f"SAVEPOINT at_{depth}")
            self.step(what)
            found += self.walk(depth - 1, (*history, what))
            for conn in self.stores.values():
                conn.execute(f"ROLLBACK TO at_{depth}")
                conn.execute(f"RELEASE at_{depth}")
            self.told, self.taken = kept
        return found


@pytest.mark.parametrize("depth", [3, pytest.param(6, marks=pytest.mark.slow)])
def test_interleavings_of_two_stores(pair: tuple[Connection, Connection], depth: int) -> None:
    both = Pair(*pair)
    annotations.add(pair[0], NOTE)
    both.step("1 syncs")
    both.step("2 syncs")
    with pair[0].transaction(), pair[1].transaction():
        assert both.walk(depth) == len(STEPS) ** depth


def test_every_kind_arrives_as_it_was(pair: tuple[Connection, Connection]) -> None:
    for mark in marks():
        annotations.add(pair[0], mark)
    both = Pair(*pair)
    both.step("1 syncs")
    both.step("2 syncs")
    assert annotations.of_paper(pair[1], PAPER) == annotations.of_paper(pair[0], PAPER)
    both.step("2 syncs")
    assert both.told["2"] == [], "what came from another device is not told back"


def test_a_deletion_that_comes_before_its_body_waits_for_it(record: Connection) -> None:
    notes.apply(record, [NoteChange(INK.id, 1)], at=AT)
    assert annotations.all_live(record) == ()
    notes.apply(record, [NoteChange(INK.id, 0, INK)], at=AT)
    assert annotations.all_live(record) == (), "deleted, although the body came last"
    notes.apply(record, [NoteChange(INK.id, 2, INK)], at=AT)
    assert [mark.id for mark in annotations.all_live(record)] == [INK.id]


def test_another_body_under_a_known_id_is_reported_and_ours_kept(record: Connection) -> None:
    annotations.add(record, NOTE)
    other = structs.replace(NOTE, text="khác (dữ liệu giả định)")
    assert notes.apply(record, [NoteChange(NOTE.id, 0, other)], at=AT)[0] == (NOTE.id,)
    assert annotations.all_live(record) == (NOTE,)


def test_a_new_reader_is_told_everything_once_more_and_one_that_left_is_not(record: Connection) -> None:
    annotations.add(record, NOTE)
    annotations.add(record, INK)
    annotations.delete(record, INK.id, AT)
    assert [change.id for change in notes.untold(record, most=9, size=1 << 20)] == [NOTE.id], "nobody knew the ink"

    def tell(n: int) -> list[str]:
        changes = notes.untold(record, most=9, size=1 << 20)
        ids = tuple(change.id for change in changes)
        notes.wait(record, notes.Waiting(n, Hash(f"sha256:{n:064x}"), ids, b""), changes)
        notes.sent(record, ONE)
        return list(ids)

    notes.set_readers(record, frozenset({ONE, TWO}))
    assert tell(1) == [NOTE.id]
    notes.set_readers(record, frozenset({ONE, TWO}))
    assert notes.untold(record, most=9, size=1) == ()
    notes.set_readers(record, frozenset({ONE, TWO, DeviceId("d_0003")}))
    assert tell(2) == [NOTE.id]
    notes.set_readers(record, frozenset({ONE}))
    assert notes.untold(record, most=9, size=1) == ()
    assert notes.heads(record) == {ONE: Head(2, Hash(f"sha256:{2:064x}"))}


def test_batches_have_a_size_and_the_rest_follows(record: Connection) -> None:
    for mark in marks():
        annotations.add(record, mark)
    first = notes.untold(record, most=2, size=1 << 20)
    assert len(first) == 2
    assert len(notes.untold(record, most=9, size=1)) == 1, "one is told in any case"
    ids = tuple(change.id for change in first)
    notes.wait(record, notes.Waiting(1, Hash(f"sha256:{1:064x}"), ids, b"x"), first)
    with pytest.raises(InternalFault):
        notes.wait(record, notes.Waiting(2, Hash(f"sha256:{2:064x}"), ids, b"x"), first)
    assert len(notes.untold(record, most=9, size=1 << 20)) == 2
    notes.unpack(record)
    assert notes.waiting(record) is None
    assert len(notes.untold(record, most=9, size=1 << 20)) == 4, "told anew"

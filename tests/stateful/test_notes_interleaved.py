# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every interleaving of two tablets' notes in two real stores, step by step beside the model.

The tree of histories is walked with savepoints: both stores go back to where a branch began, so that each step of each
history is one real merge in a real SQLCipher file. What is not here is the wire: batches are handed over as values;
``test_histories.py`` has it, with a sample of histories.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from client.crypto.secret import Secret
from client.domain.ids import AnnotationId, DeviceId, Hash, Moment
from client.domain.notes import MAX_CHANGES, Head, NoteChange
from client.store import annotations as marks
from client.store import notes
from client.store.connection import Connection, open_record
from tests.unit.domain.test_notes import DEPTH, FIRST, STEPS, State, Tablet, note, step

AT: Final = Moment("2026-11-23T03:00:00.000Z")
SHORT: Final = 4
NAMES: Final = (DeviceId("d_0001"), DeviceId("d_0002"))
Batches = list[tuple[NoteChange, ...]]


class Pair:
    """Two stores and the batches that each has told."""

    def __init__(self, folder: Path) -> None:
        self.stores = [open_record(folder / f"{name}.db", Secret(bytes(range(48)))) for name in NAMES]
        self.told: list[Batches] = [[], []]
        for store in self.stores:  # both know the first note, as in the model
            marks.add(store, note(FIRST))
            changes = notes.untold(store, most=MAX_CHANGES, size=1 << 20)
            notes.wait(store, notes.Waiting(1, _hash(1), (AnnotationId(FIRST),), b""), changes)
            notes.unpack(store)
            store.execute("UPDATE note_marks SET told = 1")

    @contextmanager
    def branch(self) -> Iterator[None]:
        """What happens inside did not happen afterwards."""
        lengths = [len(batches) for batches in self.told]
        for store in self.stores:
            store.execute("SAVEPOINT branch")
        try:
            yield
        finally:
            for store, batches, length in zip(self.stores, self.told, lengths, strict=True):
                store.execute("ROLLBACK TO branch")
                store.execute("RELEASE branch")
                del batches[length:]

    def follow(self, before: State, after: State, what: str) -> None:
        """Do to the stores what the model did."""
        who = int(what[0]) - 1
        if what.endswith("syncs"):
            self.meet(who)
            return
        page, was = dict(_tablet(after, who).page), dict(_tablet(before, who).page)
        for name, live in page.items():
            if name not in was:
                marks.add(self.stores[who], note(name))
            elif live != was[name]:
                self._turn(self.stores[who], AnnotationId(name), live=live)

    def meet(self, who: int) -> None:
        """Take what the other told, then tell; each batch waits in the store before it leaves, as in ``sync.notes``."""
        store, mine, theirs = self.stores[who], self.told[who], self.told[1 - who]
        taken = notes.heads(store).get(NAMES[1 - who])
        for n in range(1 if taken is None else taken.n + 1, len(theirs) + 1):
            assert notes.apply(store, theirs[n - 1], at=AT)[0] == ()
            notes.set_head(store, NAMES[1 - who], Head(n, _hash(n)))
        changes = notes.untold(store, most=MAX_CHANGES, size=1 << 20)
        if changes:
            n = len(mine) + 1
            notes.wait(store, notes.Waiting(n, _hash(n), tuple(each.id for each in changes), b""), changes)
            notes.sent(store, NAMES[who])
            mine.append(changes)

    def live(self, who: int) -> set[str]:
        return {str(each.id) for each in marks.all_live(self.stores[who])}

    def close(self) -> None:
        for store in self.stores:
            store.close()

    @staticmethod
    def _turn(store: Connection, ident: AnnotationId, *, live: bool) -> None:
        if live:
            marks.restore(store, ident)
        else:
            marks.delete(store, ident, AT)


def _hash(n: int) -> Hash:
    return Hash(f"sha256:{n:064x}")


def _tablet(state: State, who: int) -> Tablet:
    return state[0] if who == 0 else state[1]


def same(pair: Pair, state: State, history: tuple[str, ...]) -> None:
    for who in (0, 1):
        assert pair.live(who) == _tablet(state, who).live, history


def walk(pair: Pair, state: State, history: tuple[str, ...], depth: int) -> int:
    """How many histories there are behind this one; each ends alike in both stores and in the model."""
    if depth == 0:
        with pair.branch():
            for what in ("1 syncs", "2 syncs", "1 syncs", "2 syncs"):
                state = step(state, what)
                pair.meet(int(what[0]) - 1)
            same(pair, state, history)
            assert pair.live(0) == pair.live(1), history
        return 1
    found = 0
    for what in STEPS:
        with pair.branch():
            after = step(state, what)
            pair.follow(state, after, what)
            same(pair, after, (*history, what))
            found += walk(pair, after, (*history, what), depth - 1)
    return found


def every(folder: Path, depth: int) -> int:
    pair = Pair(folder)
    try:
        with pair.stores[0].transaction(), pair.stores[1].transaction():
            return walk(pair, (Tablet(), Tablet(), (), ()), (), depth)
    finally:
        pair.close()


def test_every_interleaving_of_four_steps_in_real_stores(tmp_path: Path) -> None:
    assert every(tmp_path, SHORT) == len(STEPS) ** SHORT


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_interleaving_of_six_steps_in_real_stores(tmp_path: Path) -> None:
    assert every(tmp_path, DEPTH) == len(STEPS) ** DEPTH

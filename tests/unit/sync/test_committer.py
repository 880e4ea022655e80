# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows on their way into a real store: in order, several to a commit, bounded, and a failure reaches its paper."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.crypto.secret import Secret
from client.domain.ids import Hash
from client.errors import InternalFault
from client.store import papers
from client.store.connection import Connection, open_papers
from client.store.gate import Gate
from client.sync.committer import UNDER_WAY, Committer

NEVER = 20
ONE, TWO = (Hash("sha256:" + mark * 64) for mark in "12")
ROW = os.urandom(papers.CHUNK)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(lambda: open_papers(tmp_path / "papers.db", Secret(bytes(48))), "papers")
    gate.start().result(NEVER)
    yield gate
    gate.stop()


class Busy:
    """Keeps the store's thread busy until let go."""

    def __init__(self, gate: Gate) -> None:
        self.go, self.at_work = threading.Event(), threading.Event()
        self.future = gate.call(self._work)
        assert self.at_work.wait(NEVER)

    def _work(self, _conn: Connection) -> None:
        self.at_work.set()
        assert self.go.wait(NEVER)


def rows(gate: Gate, blob: Hash) -> int:
    return gate.read(lambda conn: papers.chunks(conn, blob)).result(NEVER)


def test_what_waits_is_committed_together_and_in_order(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    original = Connection._commit

    def count(conn: Connection) -> None:
        original(conn)
        commits.append(1)

    monkeypatch.setattr(Connection, "_commit", count)
    committer, busy = Committer(gate), Busy(gate)
    for number in range(6):
        committer.put(ONE, number, ROW)
        committer.put(TWO, number, ROW)
    busy.go.set()
    committer.settle(ONE)
    committer.settle(TWO)
    assert (rows(gate, ONE), rows(gate, TWO)) == (6, 6)
    assert len(commits) == 1
    for number in range(6, 9):
        committer.put(ONE, number, ROW)
        committer.settle(ONE)
    assert rows(gate, ONE) == 9
    assert len(commits) == 4, "a row that comes alone is not kept waiting for another"


def test_memory_is_bounded_for_all_papers_together(gate: Gate) -> None:
    committer, busy = Committer(gate), Busy(gate)
    handed: list[int] = []
    full, done = threading.Event(), threading.Event()

    def hand() -> None:
        for number in range(UNDER_WAY):
            committer.put((ONE, TWO)[number % 2], number // 2, ROW)
            handed.append(number)
        full.set()
        committer.put(ONE, UNDER_WAY // 2, ROW)
        handed.append(UNDER_WAY)
        done.set()

    threading.Thread(target=hand, daemon=True).start()
    assert full.wait(NEVER)
    assert not done.wait(0.05), "one more has to wait for the store"
    assert len(handed) == UNDER_WAY
    busy.go.set()
    assert done.wait(NEVER)
    committer.settle(ONE)
    committer.settle(TWO)
    assert rows(gate, ONE) + rows(gate, TWO) == UNDER_WAY + 1


def test_a_failure_reaches_its_own_paper_once_and_the_next_try_goes_on(gate: Gate) -> None:
    committer, busy = Committer(gate), Busy(gate)
    committer.put(ONE, 0, ROW)
    busy.go.set()
    committer.settle(ONE)
    committer.put(TWO, 3, ROW)  # out of order: refused by the store
    with pytest.raises(InternalFault):
        committer.settle(TWO)
    committer.settle(TWO)
    committer.begin(TWO)
    committer.put(TWO, 0, ROW)
    committer.put(ONE, 1, ROW)
    committer.settle(TWO)
    committer.settle(ONE)
    assert (rows(gate, ONE), rows(gate, TWO)) == (2, 1)


def test_a_failure_nobody_waited_for_does_not_meet_the_next_try(gate: Gate) -> None:
    committer = Committer(gate)
    committer.put(ONE, 5, ROW)
    committer.begin(ONE)
    committer.put(ONE, 0, ROW)
    committer.settle(ONE)
    assert rows(gate, ONE) == 1


def test_nobody_hangs_when_the_store_was_closed(gate: Gate) -> None:
    committer = Committer(gate)
    gate.stop()
    for number in range(UNDER_WAY * 2):
        with pytest.raises(InternalFault):  # noqa: PT012 - either call may be the one that learns it
            committer.put(ONE, number, ROW)
            committer.settle(ONE)

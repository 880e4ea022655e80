# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log of a long download is moved into the file beside the commits: bounded, and nothing is lost by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.crypto.hashing import sha256
from client.crypto.secret import Secret
from client.domain.ids import Hash
from client.errors import StoreBusy
from client.store import log_mover, papers
from client.store.connection import Connection, open_papers
from client.store.log_mover import LogMover

KEY = Secret(bytes(range(48)))
BLOB = Hash("sha256:" + "a" * 64)
ROW = os.urandom(papers.CHUNK)
PATIENCE_S = 100
"""Never waited for when the code is right."""
AT_ONCE = 16
"""Rows in a commit: as many as a fast download brings."""
CHILD = """
import sys
from pathlib import Path
from tests.unit.store.test_log_mover import BLOB, KEY, commit
from client.store.connection import open_papers
conn = open_papers(Path(sys.argv[1]), KEY)
for at in range(0, 100_000, 16):
    commit(conn, at)
    print(at + 16, flush=True)
"""


def commit(conn: Connection, at: int) -> None:
    with conn.transaction():
        for number in range(at, at + AT_ONCE):
            papers.append(conn, BLOB, number, ROW)


class Turns:
    """Counts a real connection's turns."""

    def __init__(self, inner: Connection) -> None:
        self._inner = inner
        self._cond = threading.Condition()
        self.turns = 0

    def move_log(self) -> bool:
        moved = self._inner.move_log()
        with self._cond:
            self.turns += 1
            self._cond.notify_all()
        return moved

    def close(self) -> None:
        self._inner.close()

    def wait_for(self, turns: int) -> None:
        with self._cond:
            assert self._cond.wait_for(lambda: self.turns >= turns, PATIENCE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "papers.db"


@pytest.fixture
def conn(path: Path) -> Iterator[Connection]:
    opened = open_papers(path, KEY)
    yield opened
    opened.close()


def log_size(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size


def test_pages_reach_the_file_while_the_connection_is_in_use(conn: Connection, path: Path) -> None:
    assert conn._mover is not None
    another, made, there = conn._mover._another, list[Turns](), threading.Event()

    def opened() -> Turns:
        inner = another()
        assert isinstance(inner, Connection)
        made.append(Turns(inner))
        there.set()
        return made[0]

    conn._mover = LogMover(conn, opened)
    rows = 0
    while rows * papers.CHUNK < log_mover.BEGIN:
        assert path.stat().st_size < log_mover.BEGIN // 4, "nothing is moved yet"
        commit(conn, rows)
        rows += AT_ONCE
    assert there.wait(PATIENCE_S)
    made[0].wait_for(1)
    assert path.stat().st_size >= log_mover.BEGIN
    assert papers.chunks(conn, BLOB) == rows


def test_the_log_stays_bounded_and_the_paper_whole(conn: Connection, path: Path) -> None:
    rows, longest = 512, 0
    for at in range(0, rows, AT_ONCE):
        commit(conn, at)
        longest = max(longest, log_size(path))
    assert longest <= log_mover.LIMIT * 1.1
    plain = Hash(sha256(ROW * rows))
    assert papers.finish(conn, BLOB, plain, rows * papers.CHUNK)[0]
    conn.close()
    again = open_papers(path, KEY)
    assert len(papers.read(again, BLOB, plain=plain)) == rows * papers.CHUNK
    again.check()
    again.close()


class Slow:
    """A file whose mover is in the middle of its turn; until that is over nobody else can move anything."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.inside, self.go = threading.Event(), threading.Event()

    def move_log(self) -> bool:
        """The mover's turn."""
        self.inside.set()
        assert self.go.wait(PATIENCE_S)
        self.told.append("turn over")
        return False

    def close(self) -> None:
        self.told.append("closed")


class Busy:
    """The owner's side of the same file."""

    def __init__(self, slow: Slow) -> None:
        self._slow = slow

    def move_log(self) -> bool:
        free = "turn over" in self._slow.told
        self._slow.told.append("all moved" if free else "busy")
        return free

    def close(self) -> None: ...


def test_at_the_limit_the_owner_waits_for_the_turn_to_end_and_moves_the_rest() -> None:
    slow = Slow()
    mover = LogMover(Busy(slow), lambda: slow)
    mover.wrote(log_mover.BEGIN)
    assert slow.inside.wait(PATIENCE_S)
    mover.wrote(log_mover.FULL - log_mover.BEGIN - 1)
    assert not slow.told, "below FULL the owner leaves it to the mover"
    mover.wrote(1)
    assert slow.told == ["busy"], "tried, and gone on"

    def more() -> None:
        mover.wrote(log_mover.LIMIT - log_mover.FULL)
        slow.told.append("gone on")

    owner = threading.Thread(target=more)
    owner.start()
    slow.go.set()
    owner.join(PATIENCE_S)
    mover.stop()
    # asked again at FULL and at LIMIT, the mover has had one more turn or two by now
    order = [word for word in slow.told if word in {"all moved", "gone on"}]
    assert slow.told[:2] == ["busy", "turn over"]
    assert order == ["all moved", "gone on"]
    assert slow.told[-1] == "closed"


def test_without_a_mover_the_owner_moves_everything(conn: Connection, path: Path) -> None:
    def refused() -> Connection:
        raise StoreBusy("papers.db")

    conn._mover = LogMover(conn, refused)
    for at in range(0, 512, AT_ONCE):
        commit(conn, at)
        assert log_size(path) <= log_mover.LIMIT * 1.1
    assert path.stat().st_size >= log_mover.FULL
    assert papers.chunks(conn, BLOB) == 512


@pytest.mark.parametrize("after_mib", [20, 60])
def test_killed_while_it_moves_every_committed_row_is_there(path: Path, after_mib: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = 0
    for line in process.stdout:
        told = int(line)
        if told * papers.CHUNK >= after_mib << 20:
            break
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read().split()
    process.wait()
    process.stdout.close()
    conn = open_papers(path, KEY)
    try:
        assert papers.chunks(conn, BLOB) >= max([told, *map(int, rest)])
        conn.check()
    finally:
        conn.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of papers on their way into the store: as many as wait are committed in one transaction.

A row is handed over and forgotten; the store takes whatever came while it was busy with the last commit. On a slow
line every row is committed by itself, so little is fetched twice after a cut; on a fast one the cost of a commit is
shared by several. Rows handed over and not committed are bounded, whatever the number of papers they belong to:
memory stays flat.

Rules:
1. Rows of one paper are committed in the order they were handed over; after a failed commit none of it follows.
2. A failure is raised to whoever hands over or settles the paper it belongs to, once.
3. ``begin`` forgets what an earlier try left behind.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from concurrent.futures import Future
from typing import Final, NamedTuple

from client.domain.ids import Hash
from client.store import papers
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.store.gate import Gate

UNDER_WAY: Final = 16
"""Rows of 256 KiB handed over and not committed yet, of all papers together: 4 MiB."""


class _Row(NamedTuple):
    blob: Hash
    number: int
    plain: bytes


class Committer:
    """From any thread but the store's.

    Args:
        gate: ``papers.db``.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._cond = threading.Condition()
        self._queued: deque[_Row] = deque()
        self._asked = False
        self._under_way = 0
        self._due: Counter[Hash] = Counter()
        self._failed: dict[Hash, BaseException] = {}

    def begin(self, blob: Hash) -> None:
        """Wait for what is left of an earlier try, and forget how it ended."""
        with self._cond:
            self._cond.wait_for(lambda: not self._due[blob])
            self._failed.pop(blob, None)

    def put(self, blob: Hash, index: int, plain: bytes) -> None:
        """Hand over the next row of a paper; waits while too many are under way.

        Raises:
            EcabinetError: An earlier row of this paper could not be committed.
        """
        with self._cond:
            self._cond.wait_for(lambda: self._under_way < UNDER_WAY or blob in self._failed)
            self._raise_failure(blob)
            self._queued.append(_Row(blob, index, plain))
            self._due[blob] += 1
            self._under_way += 1
            ask, self._asked = not self._asked, True
        if ask:
            self._ask()

    def settle(self, blob: Hash) -> None:
        """Wait until every row of a paper is committed.

        Raises:
            EcabinetError: One could not be committed.
        """
        with self._cond:
            self._cond.wait_for(lambda: not self._due[blob])
            self._raise_failure(blob)
            del self._due[blob]

    def _raise_failure(self, blob: Hash) -> None:
        if blob in self._failed:
            self._cond.wait_for(lambda: not self._due[blob])
            raise self._failed.pop(blob)

    def _ask(self) -> None:
        taken: list[_Row] = []

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            with self._cond:
                taken.extend(self._take())
                good = [row for row in taken if row.blob not in self._failed]
            for row in good:
                papers.append(conn, row.blob, row.number, row.plain)
            return None, ChangeSet()  # no screen shows half a paper

        def done(future: Future[None]) -> None:
            error = future.exception()
            with self._cond:
                rows = taken or self._take()  # the store was closed or busy, and never came to ask for them
                self._under_way -= len(rows)
                for row in rows:
                    self._due[row.blob] -= 1
                    if error is not None:
                        self._failed.setdefault(row.blob, error)
                self._cond.notify_all()

        self._gate.write(write).add_done_callback(done)

    def _take(self) -> list[_Row]:
        """Everything that waits; the next row asks the store again."""
        rows = list(self._queued)
        self._queued.clear()
        self._asked = False
        return rows

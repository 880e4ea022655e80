# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member wants of downloads: which packs are held, and what comes first.

A held pack is not fetched until it is let go; that outlives a restart. What is known of it (keys, ballots, recalls)
still arrives: a ballot never waits for a member who saves on a roaming connection. What was opened last comes first;
that does not outlive a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from client.domain.ids import Hash, PackId, PaperId
from client.domain.pack import PackState
from client.store import packs, papers, settings
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection
from client.store.gate import Gate

HELD: Final = "downloads.held"
_UNFINISHED: Final = frozenset({PackState.MANIFEST_OK, PackState.FETCHING})


class Downloads:
    """The member's choices; from any thread.

    Args:
        record, papers_gate: The stores.
        changed: Called after each choice: a running download steps aside and the plan is made anew.
    """

    def __init__(self, record: Gate, papers_gate: Gate, changed: Callable[[], None]) -> None:
        self._record, self._papers, self._changed = record, papers_gate, changed
        self._lock = threading.Lock()
        self._held: frozenset[PackId] = frozenset()
        self._first: tuple[PackId, PaperId | None] | None = None

    def load(self) -> None:
        """Take up what was held when the program ended; waits for the store."""
        held = self._record.read(lambda conn: settings.get(conn, HELD, tuple[PackId, ...], ())).result()
        with self._lock:
            self._held = frozenset(held)

    def held(self) -> frozenset[PackId]:
        """Packs that are not fetched."""
        with self._lock:
            return self._held

    def first(self) -> tuple[PackId, PaperId | None] | None:
        """What the member opened last."""
        with self._lock:
            return self._first

    def hold(self, pack: PackId) -> None:
        """Stop fetching a pack; what arrived stays."""
        self._set(self.held() | {pack}, pack)

    def let_go(self, pack: PackId) -> None:
        """Go on fetching it, where it stopped."""
        self._set(self.held() - {pack}, pack)

    def prefer(self, pack: PackId, paper: PaperId | None = None) -> None:
        """Fetch a pack, and a paper in it, before anything else."""
        with self._lock:
            if self._first == (pack, paper):
                return
            self._first = (pack, paper)
        self._changed()

    def give_up(self, pack: PackId) -> None:
        """Stop fetching a pack and drop what arrived of its unfinished revision; waits for the stores."""
        self.hold(pack)
        revisions = self._record.read(packs.all_revisions).result()
        unfinished = [each for each in revisions if each.pack == pack and each.state in _UNFINISHED]
        kept = {paper.blob for each in revisions if each not in unfinished for paper in each.papers}
        doomed = {paper.blob for each in unfinished for paper in each.papers} - kept - {None}
        for blob in doomed:
            assert blob is not None
            self._forget(blob)
        for each in unfinished:
            total, rev = each.total_bytes, each.rev
            self._record.write(
                lambda conn, rev=rev, total=total: packs.set_progress(conn, pack, rev, 0, total)  # type: ignore[misc]
            ).result()

    def _forget(self, blob: Hash) -> None:
        self._papers.write(lambda conn: papers.forget(conn, blob)).result()

    def _set(self, held: frozenset[PackId], pack: PackId) -> None:
        with self._lock:
            self._held = held

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            settings.put(conn, HELD, tuple(sorted(held)))
            return None, ChangeSet.of(Topic.PACKS, pack)

        self._record.write(write).result()
        self._changed()

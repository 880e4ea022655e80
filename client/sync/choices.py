# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member wants of downloads: which packs are held, and what comes first.

A held pack is not fetched until it is let go; that outlives a restart. What is known of it (keys, ballots, recalls)
still arrives: a ballot never waits for a member who saves on a roaming connection. What was opened last comes first;
that does not outlive a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final

from client.domain.ids import Hash, PackId, PaperId
from client.domain.pack import PackRevision, PackState
from client.store import packs, papers
from client.store.gate import Gate
from client.sync.crashpoints import crash_point

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
        held = self._record.read(packs.held).result()
        with self._lock:
            self._held = held

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
        doomed = [each for each in revisions if each.pack == pack and each.state in _UNFINISHED]
        self._drop(doomed, [each for each in revisions if each not in doomed])

    def take_off(self, pack: PackId) -> None:
        """Take a pack's papers off this device until the member lets it go again; waits for the stores.

        What the member made (notes, votes, receipts) is in another file and stays. Should the program die on the way,
        the pack already counts as not being here, and the rest is dropped when it is taken off once more.
        """
        self.hold(pack)
        revisions = self._record.read(packs.all_revisions).result()
        mine = [each for each in revisions if each.pack == pack]
        for each in mine:
            if each.state is PackState.READY:
                self._record.write(partial(packs.move, pack=pack, rev=each.rev, state=PackState.FETCHING)).result()
        self._drop(mine, [each for each in revisions if each.pack != pack])

    def _drop(self, doomed: Sequence[PackRevision], kept: Sequence[PackRevision]) -> None:
        """Forget the bytes of ``doomed`` that none of ``kept`` has too."""
        for each in doomed:
            if each.state in _UNFINISHED or each.state is PackState.READY:
                self._record.write(
                    partial(packs.set_progress, pack=each.pack, rev=each.rev, done=0, total=each.total_bytes)
                ).result()
        for blob in _blobs(doomed) - _blobs(kept):
            self._papers.write(partial(papers.forget, blob=blob)).result()

    def _set(self, held: frozenset[PackId], pack: PackId) -> None:
        with self._lock:
            self._held = held

        self._record.write(lambda conn: packs.hold(conn, held, pack)).result()
        crash_point("downloads.held")
        self._changed()


def _blobs(revisions: Iterable[PackRevision]) -> frozenset[Hash]:
    return frozenset(paper.blob for each in revisions for paper in each.papers if paper.blob is not None)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks at every paper as a member would before a trip: reads it, hashes it, has its first page drawn.

Only gathers; ``domain.travel`` judges. It works on a thread of its own with a render process of its own, one
paper in memory at a time, so that nobody who reads meanwhile waits for it; it can be ended after any paper. Bytes
that do not match are dropped by the store, as whenever a paper is read, and are told to ``on_lost`` so that they
are fetched again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from client.clock import Clock
from client.domain.ids import Moment, PackId
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView, ballot_view
from client.domain.travel import PackFacts, PaperFacts, TravelReport, TripFacts, chosen, judge
from client.errors import ContentMismatch, PaperFault
from client.store import outbox, packs, papers, polls, search
from client.store.connection import Connection
from client.store.gate import Gate
from client.viewer.events import Event, PixelsReady, RequestDropped, RequestFailed, TileRequest
from client.viewer.host import RenderHost

_WAIT_S: Final = 60.0
"""Longest wait for one page; the host's own watchdog acts earlier."""
_WIDTH: Final = 240
"""Pixels across the first page: enough to prove that it can be drawn."""

Progress = Callable[[int, int], None]
"""Papers looked at, and how many there are."""


class Check:
    """One check under way.

    Attributes:
        report: The judgement; None when the check was cancelled.
    """

    def __init__(self) -> None:
        self.report: Future[TravelReport | None] = Future()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End after the paper in hand."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether it is to end."""
        return self._cancelled.is_set()


class TravelChecker:
    """Makes checks, one at a time.

    Args:
        record, papers_gate: The stores.
        command: How to start a render process.
        clock: For its watchdog.
        sandboxes: Confinements that policy accepts.
        now: Estimated present time.
        last_sync: Of the last complete synchronisation.
        lease: Until when the device works without contact with the service; None when nothing limits it.
        active: Whether the device may vote.
        on_lost: Told when bytes turned out to be damaged or missing.
    """

    def __init__(
        self,
        record: Gate,
        papers_gate: Gate,
        command: Sequence[str],
        clock: Clock,
        sandboxes: frozenset[str],
        *,
        now: Callable[[], Moment],
        last_sync: Callable[[], Moment | None],
        lease: Callable[[], Moment | None] = lambda: None,
        active: Callable[[], bool] = lambda: True,
        on_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._record, self._papers = record, papers_gate
        self._command, self._clock, self._sandboxes = tuple(command), clock, sandboxes
        self._now, self._last_sync, self._lease, self._active = now, last_sync, lease, active
        self._on_lost = on_lost
        self._thread: threading.Thread | None = None
        self._running: Check | None = None

    def start(self, ends: Moment, only: frozenset[PackId] | None = None, on_progress: Progress | None = None) -> Check:
        """Begin; an earlier check that still runs is cancelled.

        Args:
            ends: When the trip ends.
            only: The packs to look at; None for all.
            on_progress: Called on the checking thread.
        """
        self.stop()
        check = Check()

        def run() -> None:
            try:
                check.report.set_result(self._run(check, ends, only, on_progress or (lambda _done, _all: None)))
            except Exception as error:  # noqa: BLE001 - thread boundary: whoever waits is told
                check.report.set_exception(error)

        self._running = check
        self._thread = threading.Thread(target=run, name="travel-check", daemon=True)
        self._thread.start()
        return check

    def stop(self) -> None:
        """End what runs; returns once it has ended."""
        if self._running is not None:
            self._running.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    # -- the checking thread -------------------------------------------------------------------------------

    def _run(
        self, check: Check, ends: Moment, only: frozenset[PackId] | None, on_progress: Progress
    ) -> TravelReport | None:
        revisions = chosen(self._record.read(packs.current).result(), only)
        todo = [paper for revision, _ in revisions for paper in revision.papers if paper.blob and not paper.is_stub]
        on_progress(0, len(todo))
        looker = _Looker(self._command, self._clock, self._sandboxes)
        seen: dict[tuple[PackId, str], PaperFacts] = {}
        try:
            for revision, _ in revisions:
                for paper in revision.papers:
                    if paper.blob is None or paper.is_stub:
                        continue
                    if check.cancelled:
                        return None
                    seen[revision.pack, paper.id] = self._look_at(paper, looker)
                    on_progress(len(seen), len(todo))
        finally:
            looker.stop()
        if any(not facts.present or facts.genuine is False for facts in seen.values()):
            self._on_lost()
        last = self._last_sync()
        facts = TripFacts(
            now=self._now(),
            ends=ends,
            packs=tuple(
                PackFacts(
                    revision,
                    tuple(seen[revision.pack, p.id] for p in revision.papers if (revision.pack, p.id) in seen),
                    newer,
                )
                for revision, newer in revisions
            ),
            ballots=self._ballots(only),
            lease=self._lease(),
            last_sync=last,
        )
        return judge(facts)

    def _look_at(self, paper: PaperVersion, looker: _Looker) -> PaperFacts:
        blob, plain = paper.blob, paper.plain
        assert blob is not None
        assert plain is not None
        found = PaperFacts(paper.id, paper.pages, present=False)
        if not self._papers.read(lambda conn: papers.is_present(conn, blob)).result():
            return found
        try:
            data = self._papers.read(lambda conn: papers.read(conn, blob, plain=plain)).result()
        except ContentMismatch:
            return PaperFacts(paper.id, paper.pages, present=True, genuine=False)
        pages = self._papers.read(lambda conn: search.indexed_pages(conn, plain)).result()
        return PaperFacts(
            paper.id, paper.pages, present=True, genuine=True, opens=looker.opens(paper, data), indexed=pages
        )

    def _ballots(self, only: frozenset[PackId] | None) -> tuple[BallotView, ...]:
        now, active = self._now(), self._active()

        def read(conn: Connection) -> tuple[BallotView, ...]:
            return tuple(
                ballot_view(poll, outbox.of_poll(conn, poll.id), active=active, now=now)
                for poll in polls.all(conn)
                if only is None or poll.pack in only
            )

        return self._record.read(read).result()


class _Looker:
    """Has first pages drawn by a render process of its own, started when the first paper comes."""

    def __init__(self, command: Sequence[str], clock: Clock, sandboxes: frozenset[str]) -> None:
        self._host = RenderHost(command, clock, self._hear, accepted_sandboxes=sandboxes)
        self._started = False
        self._heard = threading.Condition()
        self._answers: dict[str, bool] = {}

    def opens(self, paper: PaperVersion, data: bytes) -> bool:
        """Whether the first page of ``data`` can be drawn.

        Raises:
            SandboxUnavailable: No paper opens on this machine.
        """
        if not self._started:
            self._started = True
            self._host.start()
        try:
            info = self._host.open_paper(paper.id, data).result(_WAIT_S)
            return self._draw(paper.id, *info.pages[0])
        except PaperFault:
            return False
        finally:
            self._host.close_paper(paper.id)

    def stop(self) -> None:
        """End the process."""
        if self._started:
            self._host.stop()

    def _draw(self, doc: str, width: float, height: float) -> bool:
        scale = _WIDTH / width
        tile = TileRequest(doc=doc, page=0, scale=scale, x=0, y=0, width=_WIDTH, height=max(1, round(height * scale)))
        with self._heard:
            self._answers.pop(doc, None)
        self._host.request(tile)
        with self._heard:
            self._heard.wait_for(lambda: doc in self._answers, _WAIT_S)
            return self._answers.pop(doc, False)

    def _hear(self, event: Event) -> None:
        if isinstance(event, PixelsReady | RequestFailed | RequestDropped):
            with self._heard:
                self._answers[event.request.doc] = isinstance(event, PixelsReady) and bool(event.pixels)
                self._heard.notify_all()

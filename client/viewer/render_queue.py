# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the render process still has to do: pure bookkeeping for ``host.py``, no process and no thread.

Decides: which job goes next, which are stale, how often one is tried. Refuses: to hold two jobs for the same
picture. Rules:

1. Lower ``priority`` first, then the newer generation, then the older request.
2. At most ``SLOTS`` jobs are with the process, each picture in a slot of its own.
3. A job the process died on is tried ``MAX_TRIES`` times; jobs that only waited there are not blamed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from client.errors import EcabinetError
from client.viewer.events import CopyRequest, TileRequest
from client.viewer.messages import ASKED, BYTES_PER_PIXEL, SLOT_BYTES, SLOTS

MAX_TRIES: Final = 2

Kind = Literal["open", "tile", "text", "outline", "links", "export"]
Picture = tuple[object, ...]


@dataclass(eq=False)
class Job:
    """One question on its way; owned by the host's thread.

    Attributes:
        started: Monotonic seconds at which the process began, None while it waits.
        unwanted: The process was told to drop it.
        closed: Its paper was closed meanwhile: an answer is of no use.
    """

    kind: Kind
    doc: str
    page: int = 0
    tile: TileRequest | None = None
    copy: CopyRequest | None = None
    future: Future[Any] | None = None
    req: int = 0
    order: int = 0
    slot: int = -1
    tries: int = 0
    started: float | None = None
    unwanted: bool = False
    closed: bool = False

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sorts by rule 1."""
        if self.kind == "open":
            return (-1, 0, self.order)
        if self.tile is None:
            return (ASKED, 0, self.order)
        return (self.tile.priority, -self.tile.generation, self.order)

    @property
    def picture(self) -> Picture | None:
        """Identity of what a tile job draws; None for other jobs."""
        tile = self.tile
        if tile is None:
            return None
        return (
            tile.doc, tile.page, tile.scale, tile.rotation, tile.night, tile.sepia, tile.x, tile.y, tile.width,
            tile.height,
        )  # fmt: skip

    @property
    def wants_slot(self) -> bool:
        """Whether its pixels fit into shared memory."""
        return self.tile is not None and self.tile.width * self.tile.height * BYTES_PER_PIXEL <= SLOT_BYTES

    def fail(self, error: EcabinetError) -> None:
        """Tells whoever waits on a future; tile jobs are reported by the host."""
        if self.future is not None and not self.future.done():
            self.future.set_exception(error)


@dataclass
class RenderQueue:
    """Waiting and sent jobs."""

    shared: bool = True
    waiting: list[Job] = field(default_factory=list)
    sent: dict[int, Job] = field(default_factory=dict)
    _counter: int = 0
    _pictures: dict[Picture, Job] = field(default_factory=dict)
    _slots: list[int] = field(default_factory=lambda: list(range(SLOTS)))

    def add(self, job: Job) -> None:
        """Queues a job; for a picture that is already queued only the wish is renewed."""
        picture = job.picture
        twin = self._pictures.get(picture) if picture is not None else None
        if twin is not None and not twin.unwanted:
            if twin.req not in self.sent:
                twin.tile = job.tile
            return
        self._counter += 1
        job.order = self._counter
        if picture is not None:
            self._pictures[picture] = job
        self.waiting.append(job)

    def next(self, blocked: Callable[[Job], bool]) -> Job | None:
        """The job to send now with ``req`` and ``slot`` set, or None; ``blocked`` jobs are passed over."""
        if len(self.sent) >= SLOTS:
            return None
        job = min((job for job in self.waiting if not blocked(job)), key=lambda job: job.rank, default=None)
        if job is None:
            return None
        self.waiting.remove(job)
        self._counter += 1
        job.req = self._counter
        job.started = None
        job.slot = self._slots.pop() if self.shared and job.wants_slot else -1
        self.sent[job.req] = job
        return job

    def finish(self, req: int) -> Job | None:
        """Takes a sent job out; None if ``req`` is not out."""
        job = self.sent.pop(req, None)
        if job is not None:
            self._release(job)
        return job

    def _release(self, job: Job) -> None:
        if job.slot >= 0:
            self._slots.append(job.slot)
            job.slot = -1
        self._forget(job)

    def _forget(self, job: Job) -> None:
        picture = job.picture
        if picture is not None and self._pictures.get(picture) is job:
            del self._pictures[picture]

    def take(self, wanted: Callable[[Job], bool]) -> list[Job]:
        """Takes waiting jobs out."""
        taken = [job for job in self.waiting if wanted(job)]
        for job in taken:
            self.waiting.remove(job)
            self._forget(job)
        return taken

    def outdate(self, doc: str, generation: int, pages: Iterable[int]) -> tuple[list[Job], bool]:
        """Applies a move of the reader.

        Returns:
            ``(dropped, tell)``: waiting jobs that are gone, and whether jobs already with the process
            became stale now, so that it must be told.
        """
        keep = frozenset(pages)

        def stale(job: Job) -> bool:
            tile = job.tile
            return tile is not None and tile.doc == doc and tile.generation < generation and tile.page not in keep

        fresh = [job for job in self.sent.values() if job.started is None and not job.unwanted and stale(job)]
        for job in fresh:
            job.unwanted = True
        return self.take(stale), bool(fresh)

    def reclaim(self) -> tuple[list[Job], list[Job]]:
        """The process is gone: everything sent comes back.

        Returns:
            ``(blamed, dropped)``: started jobs that used up their tries, and jobs nobody wants any more.
            The others wait again.
        """
        blamed: list[Job] = []
        dropped: list[Job] = []
        for job in sorted(self.sent.values(), key=lambda job: job.req):
            self._release(job)
            if job.started is not None:
                job.tries += 1
            job.started = None
            if job.tries >= MAX_TRIES:
                blamed.append(job)
            elif job.unwanted:
                dropped.append(job)
            else:
                self.waiting.append(job)
                if job.picture is not None:
                    self._pictures[job.picture] = job
        self.sent.clear()
        return blamed, dropped

    def oldest_start(self) -> float | None:
        """When the work in hand began; None while the process has nothing in hand."""
        return min((job.started for job in self.sent.values() if job.started is not None), default=None)

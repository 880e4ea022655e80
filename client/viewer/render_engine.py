# SPDX-License-Identifier: AGPL-3.0-or-later
"""The host thread's state: papers, jobs and the render process of the moment.

Decides: when a process is started, watched, killed and replaced, and what the reader is told. Refuses: any
answer that is not exactly what was asked for; such a process is killed like a dead one. Runs on one thread
(``host.py``) and is told everything through its methods. Rules:

1. A job that runs longer than ``page_timeout_s`` costs the process its life; a job gets two processes.
2. A new process is given only the papers somebody still asks about, from sealed memory, not from the store.
3. Three processes in a row that never became ready: stop trying, say so (``WorkerUnavailable``).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from client import errors
from client.clock import Clock
from client.errors import EcabinetError, PaperFault, RendererLost, RenderTimeout, SandboxUnavailable
from client.viewer import messages as m
from client.viewer.events import (
    Event,
    PaperInfo,
    PixelsReady,
    RequestDropped,
    RequestFailed,
    WorkerReady,
    WorkerRestarted,
    WorkerUnavailable,
)
from client.viewer.render_checks import askable, fits, question_for
from client.viewer.render_options import RenderOptions
from client.viewer.render_queue import Job, RenderQueue
from client.viewer.worker_process import Lost, Said, Slots, WorkerProcess, sealed_copy

MAX_FAILED_STARTS: Final = 3

_log = logging.getLogger(__name__)
_FAULTS: Final[dict[str, type[PaperFault]]] = {
    fault.code: fault for fault in (errors.PaperBroken, errors.PaperLocked, errors.PaperEmpty, errors.PaperTooBig)
}


@dataclass(eq=False)
class _Paper:
    """``number`` names it to the process; ``given_to`` is the incarnation that has it."""

    doc: str
    number: int
    data: bytes
    descriptor: int | None
    size: int
    future: Future[PaperInfo]
    generation: int = 0
    given_to: int = 0
    fault: EcabinetError | None = None

    def close(self) -> None:
        """Gives the memory back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
        self.data = b""


class RenderEngine:
    """See the module; every method is called on the host's thread.

    Args:
        options: How the process is run.
        clock: Monotonic time for the watchdog.
        emit: Receives events.
        deliver: Puts what a process says, from its reader thread, where it reaches :meth:`hear`.
    """

    def __init__(
        self,
        options: RenderOptions,
        clock: Clock,
        emit: Callable[[Event], None],
        deliver: Callable[[Said | Lost], None],
    ) -> None:
        self._options = options
        self._clock = clock
        self._emit = emit
        self._deliver = deliver
        self._slots = Slots()
        self._queue = RenderQueue(shared=self._slots.descriptor is not None)
        self._papers: dict[str, _Paper] = {}
        self._paper_count = 0
        self._process: WorkerProcess | None = None
        self._incarnation = 0
        self._spawned_at = 0.0
        self._heard_at = 0.0
        self._ready = False
        self._failed_starts = 0
        self._unavailable: EcabinetError | None = None
        self._over = False
        self._giving_way = False

    @property
    def pid(self) -> int | None:
        """The render process's number while there is one; may be read from any thread."""
        process = self._process
        return process.pid if process is not None else None

    def begin(self) -> None:
        """Starts a process; after giving up, tries anew. After :meth:`end` nothing happens."""
        if self._over:
            return
        self._failed_starts = 0
        self._unavailable = None
        if self._process is None:
            self._spawn()

    def end(self) -> None:
        """Ends the process and fails whoever waits; all later questions fail too."""
        self._over = True
        self._unavailable = RendererLost("stopped")
        if self._process is not None:
            if self._queue.sent or not self._ready:
                self._process.kill()
            else:
                self._process.leave()
            self._process = None
        self._fail_all(self._unavailable)
        for paper in self._papers.values():
            paper.close()
        self._papers.clear()
        self._slots.close()

    def _spawn(self) -> None:
        self._incarnation += 1
        self._ready = False
        self._spawned_at = self._clock.monotonic()
        try:
            self._process = WorkerProcess(
                self._options.command,
                environment=self._options.environment,
                slots=self._slots,
                incarnation=self._incarnation,
                deliver=self._deliver,
            )
        except OSError as error:
            self._process = None
            self._give_up(RendererLost(f"start: errno {error.errno}"))

    def _give_up(self, error: EcabinetError) -> None:
        self._unavailable = error
        _log.info("render process unavailable: %s", error)
        self._fail_all(error)
        self._emit(WorkerUnavailable(error))

    def _fail_all(self, error: EcabinetError) -> None:
        blamed, dropped = self._queue.reclaim()
        for job in [*blamed, *dropped, *self._queue.take(lambda _: True)]:
            self._fail(job, error)

    def _fail(self, job: Job, error: EcabinetError) -> None:
        if job.kind == "open" and (paper := self._papers.get(job.doc)) is not None:
            paper.fault = error
            for follower in self._queue.take(lambda other: other.doc == job.doc and other.kind != "open"):
                self._fail(follower, error)
        job.fail(error)
        if job.tile is not None:
            self._emit(RequestFailed(job.tile, error))

    # time

    def patience(self) -> float | None:
        """Seconds until the watchdog has to look."""
        deadline = self._deadline()
        return None if deadline is None else max(0.0, deadline - self._clock.monotonic())

    def _deadline(self) -> float | None:
        if self._process is None:
            return None
        if not self._ready:
            return self._spawned_at + self._options.start_timeout_s
        if not self._queue.sent:
            return None
        started = self._queue.oldest_start()
        # one that never says Started is measured from the last thing it said
        return (self._heard_at if started is None else started) + self._options.page_timeout_s

    def watch(self) -> None:
        """Ends a process whose time is over."""
        deadline = self._deadline()
        if deadline is not None and self._clock.monotonic() >= deadline:
            self._lose("timeout")

    # work

    def open(self, doc: str, data: bytes, future: Future[PaperInfo]) -> None:
        """Takes a paper in and queues its opening."""
        self.close(doc)
        if len(data) > m.MAX_PAPER_BYTES:
            future.set_exception(errors.PaperTooBig(f"{len(data)} bytes"))
            return
        if self._unavailable is not None:
            future.set_exception(self._unavailable)
            return
        try:
            descriptor = sealed_copy(data)
        except OSError as error:
            future.set_exception(errors.PaperTooBig(f"memory: errno {error.errno}"))
            return
        self._paper_count += 1
        kept = data if descriptor is None else b""
        paper = _Paper(doc, self._paper_count, kept, descriptor, len(data), future)
        self._papers[doc] = paper
        self._queue.add(Job("open", doc, future=future))

    def close(self, doc: str) -> None:
        """Forgets a paper."""
        paper = self._papers.pop(doc, None)
        if paper is None:
            return
        for job in self._queue.take(lambda job: job.doc == doc):
            self._drop(job)
        for job in self._queue.sent.values():
            if job.doc == doc:
                job.unwanted = job.closed = True
        if self._process is not None and paper.given_to == self._incarnation:
            self._process.send(m.CloseDoc(doc=paper.number))
        paper.close()

    def _drop(self, job: Job) -> None:
        job.fail(RendererLost("closed"))
        if job.tile is not None:
            self._emit(RequestDropped(job.tile))

    def add(self, job: Job) -> None:
        """Queues a question, or answers at once that it cannot be."""
        paper = self._papers.get(job.doc)
        fault = self._unavailable or (errors.PaperBroken("not open") if paper is None else paper.fault)
        if fault is None and not askable(job):
            fault = errors.InternalFault(f"request beyond limits, page {job.page}")
        if fault is not None:
            self._fail(job, fault)
        elif paper is not None and job.tile is not None and job.tile.generation < paper.generation:
            self._drop(job)
        else:
            self._queue.add(job)

    def outdate(self, doc: str, generation: int, pages: tuple[int, ...]) -> None:
        """The reader moved."""
        dropped, tell = self._queue.outdate(doc, generation, pages)
        for job in dropped:
            self._drop(job)
        paper = self._papers.get(doc)
        if paper is None:
            return
        paper.generation = max(paper.generation, generation)
        if tell and self._process is not None:
            self._process.send(m.SetGeneration(doc=paper.number, generation=generation, keep=pages))

    def give_way(self, *, on: bool) -> None:
        """Pages that are drawn ahead of need wait, or wait no longer."""
        self._giving_way = on

    def send_more(self) -> None:
        """Gives the process what it has room for."""
        process = self._process
        if process is None or not self._ready:
            return
        for doc in {job.doc for job in self._queue.waiting}:
            self._reopen(doc)
        while (job := self._queue.next(self._blocked)) is not None:
            if len(self._queue.sent) == 1:
                self._heard_at = self._clock.monotonic()
            paper = self._papers[job.doc]
            if job.kind == "open":
                self._give(process, paper, job.req)
            else:
                process.send(question_for(job, paper.number))

    def _reopen(self, doc: str) -> None:
        """A paper that the present process does not have is opened before its questions."""
        known = self._papers[doc].given_to == self._incarnation
        if not known and not any(job.kind == "open" and job.doc == doc for job in self._queue.waiting):
            self._queue.add(Job("open", doc))

    def _blocked(self, job: Job) -> bool:
        if self._giving_way and job.tile is not None and job.tile.priority >= m.NEXT:
            return True
        paper = self._papers[job.doc]
        if job.kind == "open":  # without descriptors the bytes are only sent to a process that listens
            return paper.descriptor is None and bool(self._queue.sent)
        return paper.given_to != self._incarnation

    def _give(self, process: WorkerProcess, paper: _Paper, req: int) -> None:
        paper.given_to = self._incarnation
        by_fd = paper.descriptor is not None
        message = m.OpenPaper(req=req, doc=paper.number, size=paper.size, by_fd=by_fd)
        process.send(message, paper.data, (paper.descriptor,) if paper.descriptor is not None else ())

    # answers

    def hear(self, item: Said | Lost) -> None:
        """Something a process said, or its end; what earlier processes said is ignored."""
        if item.incarnation != self._incarnation or self._process is None:
            return
        if isinstance(item, Lost):
            self._lose(item.reason)
        else:
            self._take(item)

    def _take(self, said: Said) -> None:
        self._heard_at = self._clock.monotonic()
        match said.reply:
            case m.Ready() as ready:
                self._welcome(ready)
            case m.Started(req=req) if (job := self._queue.sent.get(req)) is not None and job.started is None:
                job.started = self._heard_at
            case m.Started() | m.Pong():
                self._lose("protocol")
            case answer:
                self._answer(answer, said.blob)

    def _welcome(self, ready: m.Ready) -> None:
        if self._ready:
            self._lose("protocol")
            return
        if ready.sandbox not in self._options.accepted_sandboxes:
            self._discard_process()
            self._give_up(SandboxUnavailable(ready.sandbox))
            return
        self._ready = True
        self._failed_starts = 0
        self._emit(WorkerReady(ready.sandbox, ready.mupdf, self._clock.monotonic() - self._spawned_at))

    def _answer(self, answer: m.Answer, blob: bytes) -> None:
        job = self._queue.sent.get(answer.req)
        if job is None or not fits(job, answer, blob):
            self._lose("protocol")
            return
        slot = job.slot
        self._queue.finish(answer.req)
        if job.closed:
            self._drop(job)
            return
        match answer:
            case m.Dropped():
                self._drop(job)
            case m.Failed(code=code, detail=detail):
                fault = self._papers[job.doc].fault  # why it did not open, for whoever asked meanwhile
                self._fail(job, fault or _FAULTS.get(code, errors.PaperBroken)(detail))
            case m.Pixels(height=height, stride=stride) if job.tile is not None:
                pixels = self._slots.copy(slot, height * stride) if answer.slot >= 0 else blob
                self._emit(PixelsReady(job.tile, answer.width, height, stride, pixels))
            case m.Opened():
                self._opened(job, answer)
            case m.Exported() if job.future is not None and not job.future.done():
                job.future.set_result(blob)
            case _ if job.future is not None and not job.future.done():
                job.future.set_result(answer)

    def _opened(self, job: Job, answer: m.Opened) -> None:
        paper = self._papers[job.doc]
        if not paper.future.done():
            paper.future.set_result(PaperInfo(paper.doc, answer.pages, answer.left_out))

    # ends

    def _discard_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _lose(self, reason: str) -> None:
        """The process is dead or has to die; another takes over."""
        was_ready = self._ready
        self._discard_process()
        self._ready = False
        _log.info("render process %d ended: %s", self._incarnation, reason)
        blamed, dropped = self._queue.reclaim()
        for job in blamed:
            self._fail(job, RenderTimeout(f"page {job.page}") if reason == "timeout" else RendererLost(reason))
        for job in dropped:
            self._drop(job)
        if not was_ready:
            self._failed_starts += 1
            if self._failed_starts >= MAX_FAILED_STARTS:
                self._give_up(RendererLost(f"start: {reason}"))
                return
        self._spawn()
        self._emit(WorkerRestarted(reason))

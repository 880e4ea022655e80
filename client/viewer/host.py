# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's end of rendering: papers and requests go in, events and futures come out, nothing ever blocks.

Decides: which thread does what. Refuses: to do any work on the caller's thread. Rules:

1. One thread owns all state (``render_engine.py``); public methods put a note into its inbox and return.
2. ``on_event`` is called on that thread and must not block; the bytes in an event are the receiver's own.
3. After ``stop()`` every question fails at once with ``RendererLost``.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from client.clock import Clock
from client.errors import InternalFault
from client.viewer import messages as m
from client.viewer.events import CopyRequest, Event, PaperInfo, TileRequest, WorkerReady, WorkerUnavailable
from client.viewer.render_engine import RenderEngine
from client.viewer.render_options import ANY_SANDBOX, PAGE_TIMEOUT_S, START_TIMEOUT_S, RenderOptions
from client.viewer.render_queue import Job
from client.viewer.worker_process import Lost, Said

_log = logging.getLogger(__name__)


class RenderHost:
    """Renders papers in another process.

    Args:
        command: How to start the process; its channel arguments are appended.
        clock: Monotonic time for the watchdog.
        on_event: Receives events on the host's thread (rule 2).
        page_timeout_s: Longest time for one page, one text or opening one paper.
        start_timeout_s: Longest time until a new process is ready.
        environment: The process's whole environment (default: empty).
        accepted_sandboxes: Confinements that policy allows papers to be opened in.

    Attributes:
        sandbox: What confines the process that serves now; empty before the first is ready.
    """

    def __init__(
        self,
        command: Sequence[str],
        clock: Clock,
        on_event: Callable[[Event], None],
        *,
        page_timeout_s: float = PAGE_TIMEOUT_S,
        start_timeout_s: float = START_TIMEOUT_S,
        environment: Mapping[str, str] | None = None,
        accepted_sandboxes: Collection[str] = ANY_SANDBOX,
    ) -> None:
        options = RenderOptions(
            tuple(command),
            page_timeout_s=page_timeout_s,
            start_timeout_s=start_timeout_s,
            environment=dict(environment or {}),
            accepted_sandboxes=frozenset(accepted_sandboxes),
        )
        self._on_event = on_event
        self._inbox: queue.SimpleQueue[Said | Lost | Callable[[], None]] = queue.SimpleQueue()
        self._engine = RenderEngine(options, clock, self._emit, self._inbox.put)
        self._thread: threading.Thread | None = None
        self._ended = False
        self.sandbox = ""

    # -- any thread --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the thread and the process; again after ``WorkerUnavailable``: tries anew."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="render-host", daemon=True)
            self._thread.start()
        self._inbox.put(self._engine.begin)

    def stop(self) -> None:
        """Ends process and thread; whoever still waits gets ``RendererLost``. The host is then used up."""
        if self._thread is None:
            self._end()
            self._drain()
        else:
            self._inbox.put(self._end)
            self._thread.join()

    def open_paper(self, doc: str, data: bytes) -> Future[PaperInfo]:
        """Opens a PDF under the caller's name for it, replacing an earlier one of that name.

        Returns:
            Fails with a ``PaperFault`` (broken, locked, empty, too big, timeout, renderer lost) or
            ``SandboxUnavailable``.
        """
        future: Future[PaperInfo] = Future()
        future.set_running_or_notify_cancel()  # nobody can cancel it under our hands
        self._post(lambda: self._engine.open(doc, data, future))
        return future

    def close_paper(self, doc: str) -> None:
        """Forgets a paper; its waiting requests are dropped. Unknown names are fine."""
        self._post(lambda: self._engine.close(doc))

    def request(self, tile: TileRequest) -> None:
        """Asks for pixels; exactly one of ``PixelsReady``, ``RequestFailed``, ``RequestDropped`` follows.

        A request equal to one still waiting (but for generation and priority) is merged with it.
        """
        self._post(lambda: self._engine.add(Job("tile", tile.doc, tile.page, tile=tile)))

    def set_visible(self, doc: str, generation: int, pages: Collection[int]) -> None:
        """The reader moved: older requests for pages not in ``pages`` (at most 256) are dropped."""
        kept = tuple(pages)[:256]
        self._post(lambda: self._engine.outdate(doc, generation, kept))

    def give_way(self, *, on: bool) -> None:
        """While a pen writes only what is on screen or was asked for is drawn: cores and memory are the pen's."""
        self._post(lambda: self._engine.give_way(on=on))

    def text(self, doc: str, page: int) -> Future[m.TextPage]:
        """Words of a page; fails with a ``PaperFault``."""
        return self._ask(Job("text", doc, page))

    def outline(self, doc: str) -> Future[m.Outline]:
        """Table of contents; fails with a ``PaperFault``."""
        return self._ask(Job("outline", doc))

    def links(self, doc: str, page: int) -> Future[m.Links]:
        """Links of a page; fails with a ``PaperFault``."""
        return self._ask(Job("links", doc, page))

    def copy_with_notes(self, doc: str, wanted: CopyRequest) -> Future[bytes]:
        """A PDF of the paper with notes as annotations; fails with a ``PaperFault``."""
        return self._ask(Job("export", doc, copy=wanted))

    @property
    def pid(self) -> int | None:
        """The render process's number while there is one."""
        return self._engine.pid

    def _post(self, note: Callable[[], None]) -> None:
        self._inbox.put(note)
        if self._ended:
            self._drain()

    def _drain(self) -> None:
        """After the end every note finds ``_unavailable`` set and fails its future at once."""
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                return
            if not isinstance(item, Said | Lost):
                item()

    def _ask(self, job: Job) -> Future[Any]:
        job.future = Future()
        job.future.set_running_or_notify_cancel()
        self._post(lambda: self._engine.add(job))
        return job.future

    # -- the host's thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._ended:
                self._step()
        except Exception:  # noqa: BLE001 - thread boundary: recorded, and everybody is told instead of waiting for ever
            _log.exception("render host stopped")
            self._end()
            self._emit(WorkerUnavailable(InternalFault("render host")))
        self._drain()

    def _step(self) -> None:
        try:
            item = self._inbox.get(timeout=self._engine.patience())
        except queue.Empty:
            pass  # the watchdog's time has come
        else:
            if isinstance(item, Said | Lost):
                self._engine.hear(item)
            else:
                item()
        if not self._ended:
            self._engine.watch()
            self._engine.send_more()

    def _emit(self, event: Event) -> None:
        if isinstance(event, WorkerReady):
            self.sandbox = event.sandbox
        try:
            self._on_event(event)
        except Exception:  # noqa: BLE001 - thread boundary: a receiver's bug must not take rendering down
            _log.exception("receiver of %s failed", type(event).__name__)

    def _end(self) -> None:
        self._engine.end()
        self._ended = True

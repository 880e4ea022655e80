# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes papers searchable: the text of every page goes from a render process into the encrypted index.

It uses a render process of its own, started when there is work and ended when there is none, so that indexing
never stands between a reader and a page, and a paper that kills the process costs nobody a reload. One page is
one small write; after a crash it goes on at the next page. A paper whose text cannot be had is marked as done
with the pages it has: it is readable, just not searchable.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from client.carry import Carrier
from client.clock import Clock
from client.domain.paper import PaperVersion
from client.errors import EcabinetError, PaperFault
from client.store import packs, papers, search
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection
from client.store.gate import Gate
from client.store.page_words import PageWords
from client.viewer.events import PaperInfo
from client.viewer.host import RenderHost
from client.viewer.messages import TextPage
from client.viewer.page_words import pack_words

log = logging.getLogger(__name__)

_WAIT_S = 60.0
"""Longest wait for one page; the host's own watchdog acts earlier."""


def page_text(page: TextPage) -> str:
    """The words of a page as running text, one line of the page per line."""
    lines: dict[tuple[int, int], list[str]] = {}
    for word in page.words:
        lines.setdefault((word.block, word.line), []).append(word.text)
    return "\n".join(" ".join(words) for words in lines.values())


class Indexer:
    """Indexes whatever is present and not indexed yet, in the background.

    Args:
        record: Which packs are ready.
        papers_gate: Papers and index.
        command: How to start a render process.
        clock: For its watchdog.
        sandboxes: Confinements that policy accepts.
    """

    def __init__(
        self, record: Gate, papers_gate: Gate, command: Sequence[str], clock: Clock, sandboxes: frozenset[str]
    ) -> None:
        self._record = record
        self._papers = papers_gate
        self._command = tuple(command)
        self._clock = clock
        self._sandboxes = sandboxes
        self._carrier = Carrier(record, papers_gate)
        self._wake = threading.Condition()
        self._dirty = True
        self._annotated: frozenset[str] = frozenset()
        self._ended = False
        self._idle = threading.Event()
        self._thread: threading.Thread | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin; later calls do nothing."""
        if self._thread is None:
            self._unsubscribe = self._record.subscribe(self._on_change)
            self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the page in hand."""
        self._unsubscribe()
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until everything present is indexed; for the scripted member and the self-test."""
        return self._idle.wait(timeout_s)

    def _on_change(self, changes: ChangeSet) -> None:
        notes = bool(changes.topics & {Topic.ANNOTATIONS, Topic.SHARED})
        if Topic.PACKS in changes.topics or notes:
            with self._wake:
                self._idle.clear()
                self._dirty = self._dirty or Topic.PACKS in changes.topics
                self._annotated |= changes.ids if notes else frozenset()
                self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._dirty and not self._annotated and not self._ended:
                    self._idle.set()
                    self._wake.wait()
                if self._ended:
                    return
                everything, annotated = self._dirty, self._annotated
                self._dirty, self._annotated = False, frozenset()
            try:
                if everything or self._carrier.concerns(annotated):
                    self._index_all()
                    self._carrier.run(lambda: self._ended)
            except EcabinetError as error:
                # The store is closing or damaged: whoever reads next says so; indexing just waits for a change.
                log.info("indexing stopped: %s", error)

    def _index_all(self) -> None:
        waiting = self._waiting()
        if not waiting:
            return
        host = RenderHost(self._command, self._clock, lambda _event: None, accepted_sandboxes=self._sandboxes)
        host.start()
        try:
            for paper in waiting:
                if self._ended:
                    return
                self._index(host, paper)
        finally:
            host.stop()

    def _waiting(self) -> list[PaperVersion]:
        revisions = self._record.read(packs.all_revisions).result()
        known = {p.blob: p for revision in revisions for p in revision.papers if p.blob and p.plain}

        def unfinished(conn: Connection) -> list[PaperVersion]:
            return [
                paper
                for blob, paper in known.items()
                if papers.is_present(conn, blob)
                and paper.plain is not None
                and search.indexed_pages(conn, paper.plain) < max(1, paper.pages)
            ]

        return self._papers.read(unfinished).result()

    def _index(self, host: RenderHost, paper: PaperVersion) -> None:
        blob, plain = paper.blob, paper.plain
        assert blob is not None
        assert plain is not None
        done = self._papers.read(lambda conn: search.indexed_pages(conn, plain)).result()
        pages = 0
        try:
            data = self._papers.read(lambda conn: papers.read(conn, blob, plain=plain)).result()
            info = host.open_paper(paper.id, data).result(_WAIT_S)
            pages = len(info.pages)
            del data
            for page in range(done, pages):
                if self._ended:
                    return
                self._index_page(host, paper, page, info)
        except PaperFault as error:
            log.info("paper %s not searchable: %s", paper.id, error)
        finally:
            host.close_paper(paper.id)
        total = max(pages, paper.pages, 1)
        self._papers.write(lambda conn: search.mark_indexed(conn, plain, total)).result()

    def _index_page(self, host: RenderHost, paper: PaperVersion, page: int, info: PaperInfo) -> None:
        plain = paper.plain
        assert plain is not None
        text, words, recognised = "", pack_words(()), False
        try:
            found = host.text(paper.id, page).result(_WAIT_S)
        except PaperFault as error:
            log.info("paper %s page %d has no text: %s", paper.id, page, error)
        else:
            text, words, recognised = page_text(found), pack_words(found.words), found.recognised
        kept = PageWords(*info.pages[page], words, recognised)
        self._papers.write(lambda conn: search.index_page(conn, plain, page, text, kept)).result()

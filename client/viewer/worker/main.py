# SPDX-License-Identifier: AGPL-3.0-or-later
"""The render process: reads requests, serves what is on screen first, answers, and never reads a file.

Decides: the order of work. Refuses: a malformed request (leaves with status 2; the parent is never wrong).
Rules: before each piece of work the channel is drained; papers open before anything else; among the rest the
lower ``priority`` wins, then the older; a tile whose generation is over is answered ``Dropped``; ``Started``
precedes every piece of work, so that the parent's watchdog measures the work and not the queue.
"""

from __future__ import annotations

import gc
import mmap
import os
import signal
import socket
from collections.abc import Callable, Sequence

from client.errors import FormatRefused, PaperBroken, PaperFault
from client.viewer import messages as m
from client.viewer.messages.channel import Channel, PipeChannel, SocketChannel
from client.viewer.worker.export import annotated_copy
from client.viewer.worker.limits import check_tile, restrict_resources
from client.viewer.worker.render import Renderer, version
from client.viewer.worker.sandbox import confine


def run(argv: Sequence[str]) -> int:
    """Entry of the render process.

    Args:
        argv: ``--channel=FD`` (a socket) or ``--stdio``; ``--slots=FD`` (shared memory), optional.

    Returns:
        Exit status: 0 told to leave or the parent is gone, 2 malformed request.
    """
    options = dict(part.removeprefix("--").partition("=")[::2] for part in argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the program
    channel: Channel
    if "channel" in options:
        channel = SocketChannel(socket.socket(fileno=int(options["channel"])))
    else:
        channel = PipeChannel(os.dup(0), os.dup(1))
        os.dup2(2, 1)  # nothing that prints may slip between the frames
    slots = _map_slots(int(options["slots"])) if "slots" in options else None
    renderer = Renderer()
    renderer.warm_up()
    restrict_resources()
    sandbox = confine()
    gc.freeze()
    channel.send(m.Ready(sandbox=sandbox, mupdf=version()))
    try:
        return Worker(channel, renderer, slots).serve()
    except (BrokenPipeError, ConnectionError):
        return 0
    except FormatRefused:
        return 2


def _map_slots(descriptor: int) -> memoryview:
    shared = mmap.mmap(descriptor, m.SLOT_BYTES * m.SLOTS)
    os.close(descriptor)
    return memoryview(shared)


class Worker:
    """The loop and its queue."""

    def __init__(self, channel: Channel, renderer: Renderer, slots: memoryview | None) -> None:
        self._channel = channel
        self._renderer = renderer
        self._slots = slots
        self._waiting: list[tuple[int, int, m.Question]] = []
        self._papers: dict[int, bytes | mmap.mmap] = {}
        self._generations: dict[int, m.SetGeneration] = {}
        self._count = 0
        self._leaving = False

    def serve(self) -> int:
        """Works until told to leave or the parent is gone; returns the exit status."""
        while not self._leaving:
            frames = self._channel.receive(wait=not self._waiting)
            if frames is None:
                return 0
            for header, blob in frames:
                self._take(m.decode_request(header), blob)
            if self._waiting and not self._leaving:
                self._waiting.sort(key=lambda entry: entry[:2])
                self._work(self._waiting.pop(0)[2])
        return 0

    def _take(self, request: m.Request, blob: bytes) -> None:
        """Queues a question or applies an order at once."""
        match request:
            case m.Shutdown():
                self._leaving = True
            case m.SetGeneration():
                self._generations[request.doc] = request
                self._drop(self._stale)
            case m.CloseDoc():
                self._drop(lambda question: getattr(question, "doc", None) == request.doc)
                self._generations.pop(request.doc, None)
                self._renderer.close(request.doc)
            case m.OpenPaper():
                self._papers[request.req] = self._paper_bytes(request, blob)
                self._queue(-1, request)
            case m.RenderTile() if self._stale(request):
                self._channel.send(m.Dropped(req=request.req))
            case m.RenderTile():
                self._queue(request.priority, request)
            case m.GetText() | m.GetOutline() | m.GetLinks() | m.ExportPaper() | m.Ping():
                self._queue(m.ASKED, request)

    def _queue(self, priority: int, question: m.Question) -> None:
        self._count += 1
        self._waiting.append((priority, self._count, question))

    def _stale(self, question: m.Question) -> bool:
        if not isinstance(question, m.RenderTile):
            return False
        now = self._generations.get(question.doc)
        return now is not None and question.generation < now.generation and question.page not in now.keep

    def _drop(self, unwanted: Callable[[m.Question], bool]) -> None:
        for entry in [entry for entry in self._waiting if unwanted(entry[2])]:
            self._waiting.remove(entry)
            buffer = self._papers.pop(entry[2].req, None)
            if isinstance(buffer, mmap.mmap):
                buffer.close()
            self._channel.send(m.Dropped(req=entry[2].req))

    def _paper_bytes(self, request: m.OpenPaper, blob: bytes) -> bytes | mmap.mmap:
        if not request.by_fd:
            return blob
        descriptor = self._channel.take_fd()
        if descriptor is None:
            raise FormatRefused("paper without descriptor")
        try:
            return mmap.mmap(descriptor, request.size, mmap.MAP_SHARED, mmap.PROT_READ) if request.size else b""
        finally:
            os.close(descriptor)

    def _work(self, question: m.Question) -> None:
        self._channel.send(m.Started(req=question.req))
        try:
            answer, blob = self._answer(question)
            self._channel.send(answer, blob)
        except PaperFault as fault:
            self._channel.send(m.Failed(req=question.req, code=fault.code, detail=fault.detail[:120]))
        except FormatRefused:  # our own answer was larger than a frame may be
            self._channel.send(m.Failed(req=question.req, code=PaperBroken.code, detail="answer too large"))

    def _answer(self, question: m.Question) -> tuple[m.Answer, bytes | memoryview]:
        match question:
            case m.OpenPaper(req=req, doc=doc):
                pages, left_out = self._renderer.open(doc, self._papers.pop(req))
                return m.Opened(req=req, pages=pages, left_out=left_out), b""
            case m.RenderTile():
                return self._tile(question)
            case m.GetText(req=req, doc=doc, page=page):
                words = self._renderer.words(doc, page)
                return m.TextPage(req=req, words=words, recognised=self._renderer.recognised(doc, page)), b""
            case m.ExportPaper(req=req, doc=doc):
                copy = annotated_copy(self._renderer.bytes_of(doc), question)
                return m.Exported(req=req, size=len(copy)), copy
            case m.GetOutline() | m.GetLinks() | m.Ping():
                return self._plain_answer(question), b""

    def _plain_answer(self, question: m.GetOutline | m.GetLinks | m.Ping) -> m.Answer:
        match question:
            case m.GetOutline(req=req, doc=doc):
                return m.Outline(req=req, entries=self._renderer.outline(doc))
            case m.GetLinks(req=req, doc=doc, page=page):
                return m.Links(req=req, links=self._renderer.links(doc, page))
            case m.Ping(req=req):
                return m.Pong(req=req)

    def _tile(self, tile: m.RenderTile) -> tuple[m.Pixels, bytes | memoryview]:
        size = tile.width * tile.height * m.BYTES_PER_PIXEL
        shared = self._slots is not None and tile.slot >= 0 and size <= m.SLOT_BYTES
        if shared and self._slots is not None:
            start = tile.slot * m.SLOT_BYTES
            target = self._slots[start : start + size]
        else:
            check_tile(tile)
            target = memoryview(bytearray(size))
        stride = self._renderer.tile(tile, target)
        slot = tile.slot if shared else -1
        answer = m.Pixels(req=tile.req, width=tile.width, height=tile.height, stride=stride, slot=slot)
        return answer, b"" if shared else target

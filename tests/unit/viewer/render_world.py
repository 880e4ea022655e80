# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real render process with its host, and PDFs made by hand, for the viewer's tests."""

from __future__ import annotations

import os
import queue
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TypeVar

from client.clock import SystemClock
from client.viewer.events import Event, PaperInfo, PixelsReady, RequestFailed, TileRequest, WorkerReady
from client.viewer.geometry import MAX_SCALE
from client.viewer.host import RenderHost
from tests.conftest import SHARED

PLAIN = "import sys; from client.viewer.worker.main import run; sys.exit(run(sys.argv[1:]))"
CORPUS = SHARED / "corpus"
WAIT_S = 30.0

_Kind = TypeVar("_Kind", bound=Event)


def command(code: str = PLAIN) -> list[str]:
    """How a test starts a render process; ``code`` may prepare the real one for a probe."""
    return [sys.executable, "-c", code]


class World:
    """A started host; collects its events."""

    def __init__(self, code: str = PLAIN, **options: Any) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.host = RenderHost(command(code), SystemClock(), self.events.put, **options)

    def __enter__(self) -> World:
        self.host.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.host.stop()

    def ready(self) -> WorkerReady:
        return self.wait(WorkerReady)

    def wait(self, kind: type[_Kind]) -> _Kind:
        """The next event of ``kind``; others before it are dropped."""
        while True:
            event = self.events.get(timeout=WAIT_S)
            if isinstance(event, kind):
                return event

    def wait_any(self, *kinds: type[Any]) -> Any:
        while True:
            event = self.events.get(timeout=WAIT_S)
            if isinstance(event, kinds):
                return event

    def until_drawing(self) -> None:
        """Waits until the process said that it began to draw."""
        end = time.monotonic() + WAIT_S
        sent = self.host._engine._queue.sent
        while not any(job.tile is not None and job.started is not None for job in tuple(sent.values())):
            assert time.monotonic() < end, "the process never began"
            os.sched_yield()

    def open(self, data: bytes, doc: str = "paper") -> PaperInfo:
        return self.host.open_paper(doc, data).result(WAIT_S)

    def draw(self, tile: TileRequest) -> PixelsReady | RequestFailed:
        """The answer to one request."""
        self.host.request(tile)
        answer: PixelsReady | RequestFailed = self.wait_any(PixelsReady, RequestFailed)
        return answer


def whole(info: PaperInfo, page: int = 0, *, longest: float = 800.0, **fields: Any) -> TileRequest:
    """A request for a whole page, ``longest`` pixels on its longer side."""
    width, height = info.pages[page]
    scale = min(longest / max(width, height), MAX_SCALE)
    return TileRequest(
        doc=info.doc, page=page, scale=scale,
        x=0, y=0, width=max(1, round(width * scale)), height=max(1, round(height * scale)), **fields,
    )  # fmt: skip


def pdf(
    contents: Iterable[bytes], *, box: str = "0 0 200 300", page: str = "", extra: Iterable[bytes] = (), root: str = ""
) -> bytes:
    """A small PDF written by hand: one page per content stream.

    Objects 1 and 2 are catalog and page tree; ``extra`` objects follow from number 10,000 on.
    """
    objects: dict[int, bytes] = {}
    streams = list(contents)
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(len(streams)))
    objects[1] = f"<</Type/Catalog/Pages 2 0 R{root}>>".encode()
    objects[2] = f"<</Type/Pages/Count {len(streams)}/Kids[{kids}]>>".encode()
    for index, stream in enumerate(streams):
        number = 3 + 2 * index
        objects[number] = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents {number + 1} 0 R{page}>>".encode()
        objects[number + 1] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)
    for index, body in enumerate(extra):
        objects[10_000 + index] = body
    out = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    out += b"trailer <</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (max(objects) + 1, start)
    return bytes(out)


def time_bomb(levels: int = 12) -> bytes:
    """Page 0 takes hours: forms that draw each other ten times, ``levels`` deep (5: a second). Page 1 does not."""
    forms = []
    for level in range(levels):
        deeper = 10_000 + level + 1
        last = level == levels - 1
        body = b"0 0 1 1 re f" if last else b" ".join([b"/F Do"] * 10)
        resources = b"" if last else b"/Resources<</XObject<</F %d 0 R>>>>" % deeper
        forms.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length %d>>stream\n%s\nendstream"
            % (resources, len(body), body)
        )
    return pdf([b"/F Do", b"0 0 50 50 re f"], page="/Resources<</XObject<</F 10000 0 R>>>>", extra=forms)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page view on a large screen for the benchmarks: real render process, events sent, paints timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from client.clock import SystemClock
from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, PaperId
from client.settings import Settings
from client.surroundings import render_command
from client.ui.application import make_application
from client.ui.bridge import Bridge
from client.ui.pauses import Pauses
from client.viewer.document_state import ReadingState
from client.viewer.host import RenderHost
from client.viewer.tile_cache import TileCache
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.style import CanvasStyle, CanvasWords
from tests.helpers.ui_world import digest

DOC = "paper"
SCREEN = (2736, 1824)
"""A Surface Pro's pixels."""


class Ticker(QObject):
    """How long the event loop stood still: gaps of a timer that wants to fire every millisecond."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps_ms: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append((now - self._last) * 1e3)
        self._last = now


class Stand:
    """The view, what feeds it, the times of its paints, and the processor time of this thread for each event."""

    def __init__(self, canvas: PageCanvas, host: RenderHost, maker: AnnotationMaker) -> None:
        self.canvas, self.host, self.maker = canvas, host, maker
        self.paints_ms: list[float] = []
        self.cpu_ms: list[float] = []
        paint = canvas.paintEvent

        def timed(event: object) -> None:
            start = time.perf_counter()
            paint(event)  # type: ignore[arg-type]
            self.paints_ms.append((time.perf_counter() - start) * 1e3)

        canvas.paintEvent = timed  # type: ignore[method-assign]

    def spin(self, done: Callable[[], bool], limit_s: float = 30.0) -> None:
        """Run the event loop until ``done()``."""
        end = time.perf_counter() + limit_s
        while not done():
            QApplication.processEvents()
            if time.perf_counter() > end:
                raise TimeoutError("the view did not settle")

    def sharp(self) -> bool:
        """Whether all that is in view is shown as sharp as it will be."""
        canvas, pictures = self.canvas, self.canvas.pictures
        planning = canvas._plan_soon.isActive() or canvas._settle_soon.isActive()
        return not planning and not canvas.scene.ink.busy and pictures is not None and not pictures.asked

    def event_to_paint(self, send: Callable[[], object]) -> float:
        """Milliseconds from an event to its pixels."""
        start, spent = time.perf_counter(), time.thread_time()
        send()
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        QApplication.processEvents()
        self.cpu_ms.append((time.thread_time() - spent) * 1e3)
        return (time.perf_counter() - start) * 1e3

    def spent(self) -> list[float]:
        """Processor times since the last call."""
        spent, self.cpu_ms = self.cpu_ms, []
        return spent


@contextmanager
def stand(pdf: bytes, annotations: Callable[[AnnotationMaker], list[Annotation]] = lambda _: []) -> Iterator[Stand]:
    """A view on ``pdf``, sharp, with these annotations."""
    app = QApplication.instance() or make_application(["bench"], Settings())
    assert app is not None
    bridge, clock = Bridge(), SystemClock()
    Pauses(bridge)
    host = RenderHost(render_command(), clock, bridge.post_render_event)
    host.start()
    words = CanvasWords(page=lambda n, total: f"{n} / {total}", failed=lambda error: error.code, watermark="m_017")
    canvas = PageCanvas(clock, CanvasStyle(desk="#6B7480"), words)
    bridge.render_event.connect(canvas.on_render_event)
    numbers = count(1)
    maker = AnnotationMaker(PaperId("x_paper"), digest("x"), clock, lambda: AnnotationId(f"a_{next(numbers)}"))
    made = Stand(canvas, host, maker)
    canvas.resize(*SCREEN)
    canvas.show()
    info = host.open_paper(DOC, pdf).result()
    cache: TileCache[QImage] = TileCache()
    state = ReadingState(doc=DOC, page_count=len(info.pages))
    canvas.open(info, host, maker, annotations=annotations(maker), state=state, cache=cache)
    try:
        made.spin(lambda: canvas.pictures is not None and canvas.pictures.asked > 0)
        made.spin(made.sharp)
        yield made
    finally:
        canvas.close_paper()
        canvas.close()
        host.stop()

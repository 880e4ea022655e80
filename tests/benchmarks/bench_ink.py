# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ink at 240 Hz on 2736 x 1824 with 1,000 strokes already on the page, as JSON.

Run: ``python -m tests.benchmarks.bench_ink [strokes]``. Milliseconds from a pen sample to its pixels, alone and
while the render process draws other pages; gaps of a one-millisecond timer meanwhile; strokes that came out.
Figures to reach: quality.md, section 1.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QApplication

from client.domain.annotation import Annotation
from client.viewer.document_state import Fit, Tool
from client.viewer.events import TileRequest
from client.viewer.ink import InkPoint
from client.viewer.view.maker import AnnotationMaker
from tests.benchmarks.bench_render import summary
from tests.benchmarks.reader_stand import DOC, Stand, Ticker, stand
from tests.helpers.pointers import pen_event
from tests.helpers.reader_world import make_pdf

PRESENT = 1_000
SAMPLES = 96
"""A stroke of 0.4 s."""
HERTZ = 240


def present(maker: AnnotationMaker) -> list[Annotation]:
    """Strokes of 40 points all over the first page."""
    made: list[Annotation] = []
    for n in range(PRESENT):
        x, y = 40 + (n % 25) * 20, 40 + (n // 25) * 18
        points = [InkPoint(x + k / 2, y + 5 * math.sin(k / 4 + n), 0.4 + 0.3 * math.sin(k / 9), 4) for k in range(40)]
        made.append(maker.stroke(0, points, "#0F3D8C", 1.6))
    return made


def write(bench: Stand, strokes: int, *, paced: bool) -> list[float]:
    """Pen strokes sample by sample; milliseconds to pixels for each sample."""
    times: list[float] = []
    step_ms = 1000 / HERTZ
    for stroke in range(strokes):
        x, y = 300.0 + 40 * (stroke % 40), 300.0 + 23 * (stroke % 50)
        pen_event(bench.canvas, QEvent.Type.TabletPress, (x, y), stamp_ms=1)
        due = time.perf_counter()
        for n in range(SAMPLES):
            at = (x + 6 * n, y + 60 * math.sin(n / 9))
            stamp = round(step_ms * (n + 1)) + 1
            times.append(
                bench.event_to_paint(lambda at=at, stamp=stamp: pen_event(
                    bench.canvas, QEvent.Type.TabletMove, at, pressure=0.5, stamp_ms=stamp
                ))
            )  # fmt: skip
            due += step_ms / 1000
            while paced and time.perf_counter() < due:
                QApplication.processEvents()
        end = (x + 6 * SAMPLES, y)
        pen_event(bench.canvas, QEvent.Type.TabletRelease, end, stamp_ms=round(step_ms * (SAMPLES + 2)))
        QApplication.processEvents()
    return times


def full_repaint(bench: Stand) -> list[float]:
    """What each sample would cost if the whole view were painted."""
    bench.paints_ms.clear()
    for _ in range(30):
        bench.canvas.viewport().repaint(QRect())
        bench.canvas.viewport().update()
        QApplication.processEvents()
    return list(bench.paints_ms)


class OtherPages(QObject):
    """Has the render process draw another page all the time: the next one is asked for when one has come."""

    def __init__(self, bench: Stand) -> None:
        super().__init__()
        self._bench = bench
        self.drawn = 0
        bench.canvas.arrived.connect(self._next)
        self._next()

    def _next(self) -> None:
        self.drawn += 1
        self._bench.host.request(
            TileRequest(
                doc=DOC, page=6 + self.drawn % 6, scale=2.0 + self.drawn / 10_000, x=0, y=0, width=1190, height=1684,
                generation=10**6,
            )
        )  # fmt: skip


def main(strokes: int = 30) -> None:
    """Measure and print."""
    with stand(make_pdf(12), present) as bench:
        finished: list[object] = []
        bench.canvas.stroke_finished.connect(finished.append)
        bench.canvas.set_fit(Fit.PAGE)
        bench.spin(bench.sharp)
        bench.canvas.set_tool(Tool.PEN)
        write(bench, 2, paced=False)
        finished.clear()
        alone = write(bench, strokes, paced=False)
        ticker = Ticker()
        others = OtherPages(bench)
        busy = write(bench, strokes, paced=True)
        gaps = ticker.gaps_ms
        whole = full_repaint(bench)
        samples = sum(len(stroke.points) // 12 for stroke in finished)  # type: ignore[attr-defined]
    report = {
        "what": "ink, 240 Hz, 2736x1824, 1000 strokes present",
        "on": f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}",
        "event_to_paint_ms": summary(alone),
        "event_to_paint_while_rendering_ms": summary(busy),
        "event_loop_gaps_while_rendering_ms": summary(gaps),
        "whole_view_repaint_ms": summary(whole),
        "pages_rendered_meanwhile": others.drawn - 1,
        "strokes_sent": 2 * strokes,
        "strokes_out": len(finished),
        "points_kept": samples,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)

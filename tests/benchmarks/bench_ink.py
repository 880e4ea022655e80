# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ink at 240 Hz on 2736 x 1824 with 1,000 strokes already on the page, as JSON.

Run: ``python -m tests.benchmarks.bench_ink [strokes [present]]``; 5,000 present is the fullest page that must do.
Milliseconds from a pen sample to its pixels, alone and while the render process draws other pages, and from an
eraser's sample; what 200 strokes cost that a lasso catches, carries and turns to another colour; gaps of a
one-millisecond timer meanwhile; strokes that came out. Beside each time the processor time of the GUI thread in it,
which other programs do not disturb. Figures to reach: quality.md, section 1.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, QRect
from PySide6.QtWidgets import QApplication

from client.domain.annotation import Annotation
from client.viewer.document_state import Fit, Tool
from client.viewer.events import TileRequest
from client.viewer.ink import InkPoint
from client.viewer.lasso import Movable, moved, recoloured
from client.viewer.messages import NEXT, ON_SCREEN
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.scene import Selection
from tests.benchmarks.bench_render import summary
from tests.benchmarks.reader_stand import DOC, Stand, Ticker, stand
from tests.helpers.pointers import ERASER_END, pen_event
from tests.helpers.reader_world import make_pdf

PRESENT = 1_000
SAMPLES = 96
"""A stroke of 0.4 s."""
HERTZ = 240


def present(maker: AnnotationMaker, count: int) -> list[Annotation]:
    """Strokes of 40 points all over the first page."""
    made: list[Annotation] = []
    for n in range(count):
        x, y = 40 + (n % 25) * 20, 40 + (n // 25) * 18 % 740
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
            while paced and time.perf_counter() < due:  # asleep, as the program is: a loop would take a core away
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        end = (x + 6 * SAMPLES, y)
        pen_event(bench.canvas, QEvent.Type.TabletRelease, end, stamp_ms=round(step_ms * (SAMPLES + 2)))
        QApplication.processEvents()
    return times


def sweep(bench: Stand) -> list[float]:
    """An eraser across the whole page; milliseconds to pixels for each sample, whatever it takes away."""
    times: list[float] = []
    pen_event(bench.canvas, QEvent.Type.TabletPress, (800.0, 300.0), ERASER_END, stamp_ms=1)
    for n in range(SAMPLES):
        at = (800.0 + 12 * n, 300.0 + 10 * n)
        times.append(
            bench.event_to_paint(lambda at=at, n=n: pen_event(
                bench.canvas, QEvent.Type.TabletMove, at, ERASER_END, stamp_ms=4 * n + 5
            ))
        )  # fmt: skip
    pen_event(bench.canvas, QEvent.Type.TabletRelease, at, ERASER_END, stamp_ms=4 * SAMPLES + 9)
    QApplication.processEvents()
    return times


def lasso(bench: Stand) -> dict[str, object]:
    """Catch 200 strokes, carry them, put them down, give them another colour; what each event and each slice takes."""
    canvas, scene = bench.canvas, bench.canvas.scene
    frame = canvas.frame()
    corner = [frame.to_view(0).map(QPointF(x, y)) for x, y in ((30, 30), (555, 30), (555, 198), (30, 198), (30, 40))]
    canvas.set_tool(Tool.LASSO)
    pen_event(canvas, QEvent.Type.TabletPress, _pair(corner[0]), stamp_ms=1)
    bench.spent()
    drawing = [
        bench.event_to_paint(partial(pen_event, canvas, QEvent.Type.TabletMove, _pair(a + (b - a) * n / 20)))
        for a, b in pairwise(corner)
        for n in range(21)
    ]
    drawing_cpu = bench.spent()
    lift = bench.event_to_paint(partial(pen_event, canvas, QEvent.Type.TabletRelease, _pair(corner[-1])))
    lift_cpu = bench.spent()
    held = scene.selection
    assert held is not None
    bench.spin(bench.sharp)
    pen_event(canvas, QEvent.Type.TabletPress, _pair(corner[0] + QPointF(40, 40)), stamp_ms=1)
    way = [_pair(corner[0] + QPointF(40 + 3 * n, 40 + 4 * n)) for n in range(SAMPLES)]
    carrying = [bench.event_to_paint(partial(pen_event, canvas, QEvent.Type.TabletMove, at)) for at in way]
    carrying_cpu = bench.spent()

    def put_down(selection: Selection, dx: float, dy: float) -> None:
        swap(moved(selection.marks, dx, dy, bench.maker.new_id))

    def swap(copies: tuple[Movable, ...]) -> None:
        assert scene.selection is not None
        canvas.show_change([one.id for one in scene.selection.marks], copies, {0})
        canvas.select(Selection(0, copies))

    def recolour() -> None:
        assert scene.selection is not None
        swap(recoloured(scene.selection.marks, "#B3261E", bench.maker.new_id))

    canvas.carried.connect(put_down)
    put = slices(bench, partial(pen_event, canvas, QEvent.Type.TabletRelease, way[-1]))
    turned = slices(bench, recolour)
    canvas.carried.disconnect(put_down)
    canvas.select(None)
    return {
        "strokes": len(held.marks),
        "loop_event_to_paint_ms": summary(drawing), "loop_cpu_ms": summary(drawing_cpu),
        "caught_ms": round(lift, 1), "caught_cpu_ms": round(lift_cpu[0], 1),
        "carry_event_to_paint_ms": summary(carrying), "carry_cpu_ms": summary(carrying_cpu),
        "put_down": put, "recolour": turned,
    }  # fmt: skip


def slices(bench: Stand, act: Callable[[], object]) -> dict[str, object]:
    """An act and the turns of the event loop until all of it is painted."""
    bench.spent()
    begun = time.perf_counter()
    times = [bench.event_to_paint(act)]
    while bench.canvas.scene.ink.busy:
        times.append(bench.event_to_paint(lambda: None))
    whole = (time.perf_counter() - begun) * 1e3
    return {"whole_ms": round(whole, 1), "slices_ms": summary(times), "slices_cpu_ms": summary(bench.spent())}


def _pair(at: QPointF) -> tuple[float, float]:
    return at.x(), at.y()


def full_repaint(bench: Stand) -> list[float]:
    """What each sample would cost if the whole view were painted."""
    bench.paints_ms.clear()
    for _ in range(30):
        bench.canvas.viewport().repaint(QRect())
        bench.canvas.viewport().update()
        QApplication.processEvents()
    return list(bench.paints_ms)


class OtherPages(QObject):
    """Has the render process draw another page all the time: the next one is asked for when one has come.

    ``ON_SCREEN`` as if all of them were in sight, which none waits for; ``NEXT`` as neighbours are drawn.
    """

    def __init__(self, bench: Stand, priority: int) -> None:
        super().__init__()
        self._bench, self._priority = bench, priority
        self.drawn = 0
        bench.canvas.arrived.connect(self._next)
        self._next()

    def stop(self) -> None:
        """No more."""
        self._bench.canvas.arrived.disconnect(self._next)

    def _next(self) -> None:
        self.drawn += 1
        self._bench.host.request(
            TileRequest(
                doc=DOC, page=6 + self.drawn % 6, scale=2.0 + self.drawn / 10_000, x=0, y=0, width=1190, height=1684,
                generation=10**6, priority=self._priority,
            )
        )  # fmt: skip


def main(strokes: int = 30, count: int = PRESENT) -> None:
    """Measure and print."""
    with stand(make_pdf(12), lambda maker: present(maker, count)) as bench:
        finished: list[object] = []
        bench.canvas.stroke_finished.connect(finished.append)
        bench.canvas.set_fit(Fit.PAGE)
        bench.spin(bench.sharp)
        bench.canvas.set_tool(Tool.PEN)
        write(bench, 2, paced=False)
        finished.clear()
        bench.spent()
        alone = write(bench, strokes, paced=False)
        alone_cpu = bench.spent()
        erased = sweep(bench)
        erased_cpu = bench.spent()
        lassoed = lasso(bench)
        bench.canvas.set_tool(Tool.PEN)
        bench.spent()
        neighbours = OtherPages(bench, NEXT)
        beside = write(bench, strokes, paced=True)
        neighbours.stop()
        bench.spent()
        ticker = Ticker()
        others = OtherPages(bench, ON_SCREEN)
        busy = write(bench, strokes, paced=True)
        busy_cpu = bench.spent()
        gaps = ticker.gaps_ms
        erased_busy = sweep(bench)
        whole = full_repaint(bench)
        samples = sum(len(stroke.points) // 12 for stroke in finished)  # type: ignore[attr-defined]
    report = {
        "what": f"ink, 240 Hz, 2736x1824, {count} strokes present",
        "on": f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}",
        "event_to_paint_ms": summary(alone),
        "event_to_paint_cpu_ms": summary(alone_cpu),
        "event_to_paint_while_neighbours_are_drawn_ms": summary(beside),
        "event_to_paint_while_rendering_ms": summary(busy),
        "event_to_paint_while_rendering_cpu_ms": summary(busy_cpu),
        "event_loop_gaps_while_rendering_ms": summary(gaps),
        "whole_view_repaint_ms": summary(whole),
        "eraser_event_to_paint_ms": summary(erased),
        "eraser_event_to_paint_cpu_ms": summary(erased_cpu),
        "eraser_while_rendering_ms": summary(erased_busy),
        "lasso": lassoed,
        "pages_rendered_meanwhile": others.drawn - 1,
        "neighbours_drawn_meanwhile": neighbours.drawn - 1,
        "strokes_sent": 3 * strokes,
        "strokes_out": len(finished),
        "points_kept": samples,
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))

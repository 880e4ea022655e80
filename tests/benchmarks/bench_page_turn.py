# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turning pages, jumping, zooming and panning on 2736 x 1824, as JSON.

Run: ``python -m tests.benchmarks.bench_page_turn [pages]``. A turn is Page Down by keyboard with the neighbours
drawn ahead: milliseconds from key to pixels. A jump is to a page never drawn: to the first pixels (a stand-in or
its number) and to the sharp picture. Zoom and pan: the paint of every frame. Figures to reach: quality.md.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from client.viewer.document_state import Fit, Place
from tests.benchmarks.bench_render import summary
from tests.benchmarks.reader_stand import Stand, stand
from tests.helpers.reader_world import make_pdf


def turns(bench: Stand, count: int) -> list[float]:
    """Key to pixels, neighbours ready."""
    times = []
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(count):
        bench.spin(bench.sharp)
        times.append(bench.event_to_paint(lambda: QTest.keyClick(bench.canvas, Qt.Key.Key_PageDown, control)))
    return times


def jumps(bench: Stand, pages: list[int]) -> tuple[list[float], list[float]]:
    """To first pixels and to the sharp picture."""
    first, sharp = [], []
    for page in pages:
        bench.spin(bench.sharp)
        start = time.perf_counter()
        first.append(bench.event_to_paint(lambda page=page: bench.canvas.go_to_page(page)))
        bench.spin(bench.sharp)
        sharp.append((time.perf_counter() - start) * 1e3)
    return first, sharp


def zooms(bench: Stand) -> list[float]:
    """Paint of each frame while fingers zoom in and out."""
    bench.paints_ms.clear()
    for factor in [1.03] * 40 + [1 / 1.03] * 40:
        bench.canvas.zoom_by(factor, QPointF(1368, 912), settled=False)
        QApplication.processEvents()
    times = list(bench.paints_ms)
    bench.canvas.settle()
    bench.spin(bench.sharp)
    return times


def pans(bench: Stand) -> list[float]:
    """Paint of each frame of a scroll."""
    bench.paints_ms.clear()
    for _ in range(200):
        bench.canvas.pan(0, 37)
        QApplication.processEvents()
    return list(bench.paints_ms)


def main(pages: int = 60) -> None:
    """Measure and print."""
    with stand(make_pdf(pages)) as bench:
        bench.canvas.set_fit(Fit.PAGE)
        turned = turns(bench, pages // 2)
        bench.canvas.go_to(Place())
        first, sharp = jumps(bench, [pages - 1 - 7 * n for n in range(min(8, pages // 8))])
        bench.canvas.set_fit(Fit.WIDTH)
        bench.canvas.go_to(Place())
        bench.spin(bench.sharp)
        zoomed = zooms(bench)
        panned = pans(bench)
    report = {
        "what": "page view, 2736x1824",
        "on": f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}",
        "turn_key_to_pixels_ms": summary(turned),
        "jump_first_pixels_ms": summary(first),
        "jump_sharp_ms": summary(sharp),
        "zoom_frame_paint_ms": summary(zoomed),
        "pan_frame_paint_ms": summary(panned),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)

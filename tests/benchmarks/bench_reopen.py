# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a paper again after a restart: with what is kept of its last page, and without, in turns, as JSON.

Run: ``python -m tests.benchmarks.bench_reopen [runs] [pages]``. Each run has a render process of its own that is
started with the program; milliseconds from the wish to open to the sharp page on screen, for a paper of text and for
one of scans at 300 dpi. The floor is one read of the paper's bytes from the encrypted store.
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pymupdf
from PySide6.QtWidgets import QApplication

from client.clock import SystemClock
from client.settings import Settings
from client.store import last_views, papers
from client.store.changes import NOTHING
from client.surroundings import render_command
from client.ui import navigator as places
from client.ui.application import make_application
from client.ui.main_window import MainWindow
from client.ui.pauses import Pauses
from client.ui.screens.registry import factories
from client.viewer.host import RenderHost
from tests.benchmarks.bench_render import summary
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, make_pdf, reader_world


def scans(pages: int) -> bytes:
    """Pages that are pictures of print at 300 dpi."""
    noise = random.Random(5)
    with pymupdf.open(stream=make_pdf(pages), filetype="pdf") as text, pymupdf.open() as made:
        for page in text:
            picture = page.get_pixmap(dpi=300)
            for _ in range(4_000):  # dust
                picture.set_pixel(noise.randrange(picture.width), noise.randrange(picture.height), (90, 90, 90))
            sheet = made.new_page(width=595, height=842)
            sheet.insert_image(sheet.rect, stream=picture.tobytes("jpeg", jpg_quality=80))
        return bytes(made.tobytes())


def opening(device: ReaderWorld) -> tuple[float, float]:
    """Milliseconds until the page is sharp, and until the paper is open."""
    world = device.world
    host = RenderHost(render_command(), SystemClock(), world.bridge.post_render_event)
    ctx = dataclasses.replace(world.ctx, render=host)
    window = MainWindow(world.bridge, world.tasks, factories())
    window.resize(1368, 912)
    window.show()
    window.show_workspace(ctx, places.Papers())
    spin(lambda: world.tasks.running == 0)
    assert window.workspace is not None
    reader = window.workspace.screen_of(places.Paper)
    done: list[float] = []
    reader.loader.opened.connect(lambda *_: done.append(time.perf_counter()))
    begun = time.perf_counter()
    host.start()  # as at launch: the process comes up while the store is read
    window.workspace.go(places.Paper(PACK, DRAFT))
    spin(lambda: reader.canvas.sheet is not None and reader.canvas.scene.is_sharp(reader.canvas.frame()))
    reader.canvas.grab()
    sharp = time.perf_counter()
    spin(lambda: bool(done) and bool(reader.canvas.in_sight()))
    window.close()
    spin(lambda: world.tasks.running == 0)
    host.stop()
    return (sharp - begun) * 1e3, (done[0] - begun) * 1e3


def spin(done: object, limit_s: float = 60.0) -> None:
    """Run the event loop until ``done()``."""
    end = time.perf_counter() + limit_s
    while not done():  # type: ignore[operator]
        QApplication.processEvents()
        if time.perf_counter() > end:
            raise TimeoutError("the reader did not settle")


def forget(device: ReaderWorld) -> None:
    """As if the paper had never been shown."""

    def drop(conn: object) -> tuple[None, object]:
        last_views.drop(conn, device.plain)  # type: ignore[arg-type]
        return None, NOTHING

    device.world.core.papers.write(drop).result()  # type: ignore[arg-type]


def compare(folder: Path, pdf: bytes, runs: int) -> dict[str, object]:
    """Both ways in turns, so that a busy moment hits both alike."""
    with reader_world(folder, pdf) as device:
        blob = device.draft.blob
        assert blob is not None
        opening(device)
        with_kept, without, floor = [], [], []
        for _ in range(runs):
            with_kept.append(opening(device)[0])
            forget(device)
            without.append(opening(device)[0])
            begun = time.perf_counter()
            device.world.core.papers.read(lambda c: papers.read(c, blob, plain=device.plain)).result()
            floor.append((time.perf_counter() - begun) * 1e3)
        kept = device.world.core.papers.read(lambda c: last_views.of_paper(c, device.plain)).result()
    return {
        "megabytes": round(len(pdf) / 1e6, 1),
        "kept_kilobytes": round(len(kept or b"") / 1e3),
        "with_kept_ms": summary(with_kept),
        "without_ms": summary(without),
        "read_of_the_bytes_ms": summary(floor),
        "ratio": round(statistics.median(with_kept) / statistics.median(without), 2),
    }


def main(runs: int = 7, pages: int = 500) -> None:
    """Measure and print."""
    Pauses(make_application(["bench"], Settings()))
    with tempfile.TemporaryDirectory() as name:
        report = {
            "bench": "reopen",
            "on": f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}",
            "text": compare(Path(name) / "text", make_pdf(pages), runs),
            "scan": compare(Path(name) / "scan", scans(max(1, pages // 20)), runs),
        }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rendering through the confined process against MuPDF called in-process, same pages, same run, as JSON.

Run: ``python -m tests.benchmarks.bench_render [pages]``. Times in milliseconds. A jump is a page never drawn
before, asked for while nothing else is going on; raw is ``Page.get_pixmap`` of the same page at the same
scale in this process. Figures to reach: quality.md, section 1.
"""

from __future__ import annotations

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pymupdf

from client.viewer.events import PixelsReady
from client.viewer.geometry import MAX_SCALE
from tests.unit.viewer.render_world import CORPUS, World, pdf, whole

LONGEST_PX = 1824.0
STARTS = 5
PINGS = 200


def summary(values: Sequence[float]) -> dict[str, float]:
    """Median, tail and count."""
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 3),
        "p99": round(ordered[int(0.99 * (len(ordered) - 1))], 3),
        "max": round(ordered[-1], 3),
        "n": len(ordered),
    }


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def text_paper(pages: int) -> bytes:
    """A paper of dense text, about 2,500 letters a page."""
    line = "Chinh phu thong nhat thong qua du thao Nghi quyet phien hop thuong ky (du lieu gia dinh). "
    with pymupdf.open() as made:
        for number in range(pages):
            page = made.new_page(width=595, height=842)
            page.insert_textbox(pymupdf.Rect(60, 60, 535, 780), f"Trang {number + 1}. " + line * 28, fontsize=11)
        return bytes(made.tobytes(deflate=True))


def jumps(world: World, data: bytes, limit: int) -> tuple[list[float], list[float]]:
    """Cold page times through the process and raw, alternating."""
    info = world.open(data)
    raw_paper = pymupdf.open(stream=data, filetype="pdf")
    ours, raw = [], []
    for page in range(min(len(info.pages), limit)):
        tile = whole(info, page, longest=LONGEST_PX)
        matrix = pymupdf.Matrix(min(tile.scale, MAX_SCALE), min(tile.scale, MAX_SCALE))

        def through(tile: Any = tile) -> None:
            assert isinstance(world.draw(tile), PixelsReady)

        def direct(page: int = page, matrix: Any = matrix) -> None:
            raw_paper[page].get_pixmap(matrix=matrix, alpha=False)

        order = ((ours, through), (raw, direct)) if page % 2 else ((raw, direct), (ours, through))
        for times, work in order:
            times.append(timed(work))
    raw_paper.close()
    return ours, raw


def compared(ours: list[float], raw: list[float]) -> dict[str, object]:
    extra = [a - b for a, b in zip(ours, raw, strict=True)]
    return {
        "worker": summary(ours),
        "raw": summary(raw),
        "median_ratio": round(statistics.median(ours) / statistics.median(raw), 3),
        "extra": summary(extra),
    }


def starts() -> list[float]:
    """From spawning the process to its Ready."""
    found = []
    for _ in range(STARTS):
        with World() as world:
            found.append(world.ready().start_s * 1e3)
    return found


def main(pages: int) -> dict[str, object]:
    """All figures."""
    text = text_paper(pages)
    small = pdf([b""])
    with World() as world:
        world.ready()
        corpus_ours: list[float] = []
        corpus_raw: list[float] = []
        for path in sorted(CORPUS.glob("*.pdf")) if CORPUS.exists() else []:
            if path.stat().st_size and not _refused(path):
                ours, raw = jumps(world, path.read_bytes(), 4)
                corpus_ours += ours
                corpus_raw += raw
        text_ours, text_raw = jumps(world, text, pages)
        opens = [timed(lambda: world.open(text)) for _ in range(5)]
        info = world.open(small)
        tiny = whole(info, longest=8)
        ipc = [timed(lambda: world.draw(tiny)) for _ in range(PINGS)]
        copied = whole(info, longest=LONGEST_PX)
        copies = [timed(lambda: world.draw(copied)) for _ in range(20)]
    return {
        "machine": {"python": platform.python_version(), "mupdf": pymupdf.mupdf.FZ_VERSION, "cpu": platform.machine()},
        "worker_start": summary(starts()),
        "text_jumps": compared(text_ours, text_raw),
        "corpus_jumps": compared(corpus_ours, corpus_raw) if corpus_ours else None,
        "open_text_paper": {"pages": pages, "bytes": len(text), **summary(opens)},
        "smallest_picture_round_trip": summary(ipc),
        "empty_page_1824_px": summary(copies),
    }


def _refused(path: Path) -> bool:
    with pymupdf.open(path) as paper:
        return bool(paper.needs_pass or not paper.page_count)


if __name__ == "__main__":
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 120), indent=2))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Very large papers in the real reader: opening, going through them, memory; and one page of 14,400 points; as JSON.

Run: ``python -m tests.benchmarks.bench_big [pages]`` (10,000; the most a paper may have is 20,000). Ratios are against
raw MuPDF in the same run: opening the same bytes and counting pages; drawing the same piece of the large page. Stalls
are gaps of a millisecond ticker on the GUI thread, in the same window with a paper of twelve pages and with the large
one, so that what the machine itself adds stands beside what the size adds.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pymupdf
from PySide6.QtWidgets import QApplication

from client.settings import Settings
from client.ui import navigator as places
from client.ui.application import make_application
from client.ui.main_window import MainWindow
from client.ui.pauses import Pauses
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_panel import Tab
from client.ui.screens.registry import factories
from client.viewer.document_state import Fit
from tests.benchmarks.bench_render import summary
from tests.benchmarks.reader_stand import Ticker
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, make_pdf, reader_world

LARGE_PT = 14_400
"""The longest side of a page (ISO 32000-1, annex C)."""


def many_pages(count: int) -> bytes:
    """Short pages with a table of contents that names each of them; written out, a library takes minutes for it."""
    first_page, first_text, first_entry = 5, 5 + count, 5 + 2 * count
    kids = " ".join(f"{first_page + at} 0 R" for at in range(count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        f"<</Type/Pages/Count {count}/MediaBox[0 0 595 842]/Resources<</Font<</F0 3 0 R>>>>/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/Outlines/First {first_entry} 0 R/Last {first_entry + count - 1} 0 R/Count {count}>>",
    ]
    objects += [f"<</Type/Page/Parent 2 0 R/Contents {first_text + at} 0 R>>" for at in range(count)]
    for at in range(count):
        text = f"BT /F0 11 Tf 72 746 Td (Trang {at + 1} \\(du lieu gia dinh\\)) Tj ET"
        objects.append(f"<</Length {len(text)}>>stream\n{text}\nendstream")
    for at in range(count):
        beside = f"/Prev {first_entry + at - 1} 0 R" if at else ""
        beside += f"/Next {first_entry + at + 1} 0 R" if at + 1 < count else ""
        objects.append(f"<</Title(Muc {at + 1})/Parent 4 0 R/Dest[{first_page + at} 0 R/Fit]{beside}>>")
    made, places_of = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places_of.append(len(made))
        made += f"{number} 0 obj{body}endobj\n".encode("ascii")
    table = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    made += b"".join(f"{place:010d} 00000 n \n".encode("ascii") for place in places_of)
    made += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode("ascii")
    return bytes(made)


def large_page() -> bytes:
    """A plan: lines and words over 14,400 x 14,400 points."""
    with pymupdf.open() as made:
        page = made.new_page(width=LARGE_PT, height=LARGE_PT)
        shape = page.new_shape()
        for at in range(0, LARGE_PT, 120):
            shape.draw_line((0, at), (LARGE_PT, LARGE_PT - at))
        shape.finish(width=2)
        shape.commit()
        for at in range(100, LARGE_PT, 400):
            page.insert_text((at, at), f"Diem {at} (du lieu gia dinh)", fontsize=40)
        return bytes(made.tobytes(deflate=True))


def spin(done: Callable[[], bool], limit_s: float = 120.0) -> None:
    """Run the event loop until ``done()``."""
    end = time.perf_counter() + limit_s
    while not done():
        QApplication.processEvents()
        if time.perf_counter() > end:
            raise TimeoutError("the reader did not settle")


def private_kilobytes(pid: int) -> int:
    """Memory of a process that is its own or shared in proportion."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def step(ticker: Ticker, what: Callable[[], object], settled: Callable[[], bool]) -> dict[str, float]:
    """Do something and wait for it: how long it took, and the longest stall meanwhile."""
    ticker.gaps_ms.clear()
    begun = time.perf_counter()
    what()
    spin(settled)
    took = (time.perf_counter() - begun) * 1e3
    return {"ms": round(took, 1), "longest_stall_ms": round(max(ticker.gaps_ms, default=0.0), 1)}


def through(device: ReaderWorld) -> dict[str, object]:
    """Open the paper, its contents, its small pages, jump about."""
    world = device.world
    window = MainWindow(world.bridge, world.tasks, factories())
    window.resize(1368, 912)
    window.show()
    window.show_workspace(world.ctx, places.Papers())
    spin(lambda: world.tasks.running == 0)
    assert window.workspace is not None
    reader = window.workspace.screen_of(places.Paper)
    assert isinstance(reader, ReaderScreen)
    canvas, ticker, workspace = reader.canvas, Ticker(), window.workspace
    count = device.draft.pages

    def sharp() -> bool:
        return canvas.sheet is not None and bool(canvas.in_sight()) and world.tasks.running == 0

    found: dict[str, object] = {"pages": count}
    found["open"] = step(ticker, lambda: workspace.go(places.Paper(PACK, DRAFT, 0)), sharp)
    found["contents"] = step(ticker, lambda: reader.panel.tabs.choose(Tab.OUTLINE), lambda: True)
    found["small_pages"] = step(ticker, lambda: reader.panel.tabs.choose(Tab.PAGES), sharp)
    jumps = [step(ticker, lambda at=at: canvas.go_to_page(count * at // 9), sharp) for at in range(1, 9)]
    found["jump_ms"] = summary([one["ms"] for one in jumps])
    found["jump_longest_stall_ms"] = max(one["longest_stall_ms"] for one in jumps)
    found["page_fit"] = step(ticker, lambda: canvas.set_fit(Fit.PAGE), sharp)
    found["turn"] = step(ticker, canvas.turn, sharp)
    host = world.ctx.render
    found["pss_mb"] = round(private_kilobytes(os.getpid()) / 1e3)
    found["worker_pss_mb"] = round(private_kilobytes(host.pid or os.getpid()) / 1e3)
    window.close()
    spin(lambda: world.tasks.running == 0)
    return found


def raw_open(data: bytes) -> float:
    """MuPDF alone: open and measure every page, milliseconds."""
    begun = time.perf_counter()
    with pymupdf.open(stream=data, filetype="pdf") as opened:
        for number in range(opened.page_count):
            opened.page_cropbox(number)
    return (time.perf_counter() - begun) * 1e3


def raw_piece(data: bytes, scale: float) -> float:
    """MuPDF alone: the large page as the reader first shows it, milliseconds."""
    with pymupdf.open(stream=data, filetype="pdf") as opened:
        begun = time.perf_counter()
        opened[0].get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
        return (time.perf_counter() - begun) * 1e3


def ratios(many: dict[str, Any], few: dict[str, Any]) -> dict[str, float]:
    """The paper of thousands of pages over the one of twelve, figure by figure; 1 is what to reach."""

    def over(*way: str) -> float:
        one, other = many, few
        for name in way:
            one, other = one[name], other[name]
        return round(one / max(other, 0.001), 2)  # type: ignore[operator]

    return {
        "open": over("open", "ms"),
        "open_longest_stall": over("open", "longest_stall_ms"),
        "jump_p50": over("jump_ms", "p50"),
        "jump_longest_stall": over("jump_longest_stall_ms"),
        "pss": over("pss_mb"),
        "worker_pss": over("worker_pss_mb"),
    }


def main(pages: int = 10_000) -> None:
    """Measure and print."""
    make_application(["bench"], Settings())
    many, large = many_pages(pages), large_page()
    report: dict[str, Any] = {
        "bench": "big",
        "on": f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}",
        "many_megabytes": round(len(many) / 1e6, 1),
        "raw_open_ms": round(raw_open(many), 1),
    }
    with tempfile.TemporaryDirectory() as name:
        for label, data in (("twelve", make_pdf(12)), ("many", many), ("large_page", large)):
            with reader_world(Path(name) / label, data) as device:
                pauses = Pauses()
                report[label] = through(device)
                pauses.deleteLater()
    report["many_over_twelve"] = ratios(report["many"], report["twelve"])
    report["open_over_raw"] = round(report["many"]["open"]["ms"] / report["raw_open_ms"], 2)
    report["raw_large_page_ms"] = round(raw_piece(large, 1000 / LARGE_PT), 1)
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))

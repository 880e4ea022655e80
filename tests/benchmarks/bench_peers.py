# SPDX-License-Identifier: AGPL-3.0-or-later
"""The readers people like against ours, in one run under Xvfb, as JSON: launch to the first page, a turn, memory.

Run: ``make bench-peers`` (installs nothing: ``apt-get install xvfb xdotool mupdf qpdfview evince xournalpp okular``).
A peer that is not installed is left out and named in ``absent``. All numbers are milliseconds or megabytes; medians
of interleaved rounds, so that a busy moment hits all alike. Figures to reach: quality.md, section 1.

How: every test page carries a field of one colour that nothing else on the screen has. The screen is Xvfb's own
frame buffer, mapped and looked at every millisecond; what counts is pixels on the screen, not what a program says of
itself. Ours is the real program on a real profile with the papers in its encrypted store, through lock and home
screen; the time for typing the PIN and for deriving keys from it, slow on purpose, is left out.
"""

from __future__ import annotations

import argparse
import json
import mmap
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from tests.benchmarks.bench_launch import ROOT, prepare
from tests.benchmarks.launch_child import PIN, LateKeystore

SCREEN = (1368, 912)
FIRST, SECOND = (255, 0, 255), (0, 255, 255)
"""Colours of the fields on the first and on all later pages."""
ENOUGH = 400
"""Pixels of the colour that must be on the screen."""
WAIT_S = 40.0
QUIET_S = 1.0
TYPING_MS = 1_500
"""Nobody types six digits faster; that time, and key derivation, are no part of the launch."""
TURNS = 4
"""Presses after which a second page must have come into sight."""
PEERS = {
    "mupdf": ("mupdf-gl", "mupdf"),
    "qpdfview": ("qpdfview",),
    "evince": ("evince",),
    "xournalpp": ("xournalpp",),
    "okular": ("okular",),
}


@dataclass(frozen=True)
class Round:
    """One launch: milliseconds to the first page, from a key to the next page (None if it did not come), megabytes."""

    first_ms: float
    turn_ms: float | None
    pss_mb: float


class Display:
    """An Xvfb whose screen can be read."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        width, height = SCREEN
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
        self._process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.name = f":{told.readline().strip()}"
        file = folder / "Xvfb_screen0"
        descriptor = os.open(file, os.O_RDONLY)
        self._memory = mmap.mmap(descriptor, 0, mmap.MAP_SHARED, mmap.PROT_READ)
        os.close(descriptor)
        self._head = int.from_bytes(self._memory[:4], "big") + 12 * int.from_bytes(self._memory[76:80], "big")

    def count(self, colour: tuple[int, int, int]) -> int:
        """Pixels of a colour, counted on every eighth line: enough to see a field."""
        width, height = SCREEN
        pattern = bytes((colour[2], colour[1], colour[0]))
        found = 0
        for line in range(0, height, 8):
            start = self._head + line * width * 4
            row = self._memory[start : start + width * 4]
            found += sum(row[at : at + 3] == pattern for at in range(0, len(row), 32)) if pattern in row else 0
        return found * 64

    def wait(self, colour: tuple[int, int, int], limit_s: float = WAIT_S) -> bool:
        """Whether the colour came in time."""
        end = time.perf_counter() + limit_s
        while self.count(colour) < ENOUGH:
            if time.perf_counter() > end:
                return False
            time.sleep(0.001)
        return True

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._memory.close()


def paper(pages: int, *, scan: bool) -> bytes:
    """Pages of text, or pictures of such pages at 300 dpi; each with its field and a stripe down its side."""
    line = "Chinh phu thong nhat thong qua du thao Nghi quyet phien hop thuong ky (du lieu gia dinh). "
    with pymupdf.open() as made:
        for number in range(pages):
            colour = tuple(part / 255 for part in (SECOND if number else FIRST))
            page = made.new_page(width=595, height=842)
            page.draw_rect((20, 20, 50, 822), color=colour, fill=colour)
            page.draw_rect((300, 30, 400, 80), color=colour, fill=colour)
            page.insert_textbox(pymupdf.Rect(60, 90, 535, 800), f"Trang {number + 1}. " + line * 28, fontsize=11)
        if not scan:
            return bytes(made.tobytes(deflate=True))
        with pymupdf.open() as pictures:
            for page in made:
                picture = page.get_pixmap(dpi=300).tobytes("png")  # JPEG would blur the field's colour
                pictures.new_page(width=595, height=842).insert_image((0, 0, 595, 842), stream=picture)
            return bytes(pictures.tobytes())


def tree(pid: int) -> list[int]:
    """A process and all it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    listed = children.read_text().split() if children.exists() else []
    return [pid, *(one for child in listed for one in tree(int(child)))]


def pss_mb(pid: int) -> float:
    """Proportional set size of the whole tree (proc(5), smaps_rollup)."""
    total = 0
    for one in tree(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup")
        if rollup.exists():
            total += next(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
    return total / 1024


def measured(display: Display, command: Sequence[str], home: Path, *, slow_on_purpose: bool = False) -> Round | None:
    """One launch; None if the page never came."""
    environment = {
        **os.environ, "DISPLAY": display.name, "HOME": str(home), "QT_QPA_PLATFORM": "xcb", "GDK_BACKEND": "x11",
        "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"), "NO_AT_BRIDGE": "1",
    }  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        if not display.wait(FIRST):
            return None
        first = (time.perf_counter() - begun) * 1e3
        if slow_on_purpose:
            assert process.stdout is not None
            first -= float(process.stdout.readline())
        time.sleep(QUIET_S)
        turn = turned(display)
        return Round(first, turn, pss_mb(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.2)  # the server takes the windows away


def turned(display: Display) -> float | None:
    """Milliseconds from Page Down to the second page's field; several presses where pages are taller than the view."""
    environment = {**os.environ, "DISPLAY": display.name}

    def press(*words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=environment, check=False, capture_output=True, text=True)
        return done.stdout

    press("mousemove", "200", "400")  # there is no window manager: keys go to the window under the pointer
    for line in press("getmouselocation", "--shell").splitlines():
        if line.startswith("WINDOW="):
            press("windowfocus", "--sync", line.removeprefix("WINDOW="))
    for _ in range(TURNS):
        begun = time.perf_counter()
        press("key", "Next")
        if display.wait(SECOND, limit_s=1.5):
            return (time.perf_counter() - begun) * 1e3
    return None


def child(folder: Path, name: str) -> None:
    """Ours: unlock as soon as the lock screen stands, open the paper as soon as home stands."""
    from client.launch import open_windows
    from client.paths import ProfilePaths
    from client.surroundings import Surroundings
    from client.ui.navigator import Paper
    from tests.helpers.reader_world import PACK

    paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=LateKeystore(folder))  # type: ignore[arg-type]

    def read() -> None:
        assert windows.window.workspace is not None
        windows.window.workspace.go(Paper(PACK, name))  # type: ignore[arg-type]

    app, windows = open_windows(paths, around, on_ready=read)
    from PySide6.QtCore import QTimer

    def locked() -> None:
        begun = time.perf_counter()
        QTimer.singleShot(TYPING_MS, lambda: unlock(begun))

    def unlock(begun: float) -> None:
        from client.entry import LateVault

        keys = LateVault(paths, around).unlock(PIN)
        print((time.perf_counter() - begun) * 1e3, flush=True)
        windows.unlocked(keys)

    windows.window.resize(*SCREEN)
    QTimer.singleShot(0, locked)
    app.exec()


def keep(folder: Path, papers: dict[str, tuple[bytes, int]]) -> None:
    """Put the test papers into the prepared profile's encrypted store."""
    from types import SimpleNamespace

    from client import profile
    from client.core import Core
    from client.domain.paper import PaperKind
    from client.paths import ProfilePaths
    from client.store import packs
    from client.surroundings import Surroundings, vault_of
    from tests.helpers.reader_world import keep_paper, reader_pack
    from tests.helpers.sealed import keystore_of
    from tests.helpers.ui_world import paper as version

    paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=keystore_of(folder))
    known = profile.load(paths.profile)
    assert known is not None
    core = Core(paths, known, vault_of(paths, around, known.device).unlock(PIN), around)
    world = SimpleNamespace(core=core)
    kept = [
        keep_paper(world, data, version(name, name, PaperKind.DRAFT, pages))  # type: ignore[arg-type]
        for name, (data, pages) in papers.items()
    ]
    core.record.write(lambda c: packs.upsert(c, reader_pack(*kept))).result()
    core.close()


@contextmanager
def stage(pages: int, scans: int) -> Iterator[tuple[Path, Display]]:
    """Papers as files and in our store, and a screen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        papers = {"b_text": (paper(pages, scan=False), pages), "b_scan": (paper(scans, scan=True), scans)}
        for title, (data, _) in papers.items():
            (folder / f"{title}.pdf").write_bytes(data)
        prepare(folder)
        keep(folder, papers)
        (folder / "screen").mkdir()
        display = Display(folder / "screen")
        try:
            yield folder, display
        finally:
            display.close()


def summary(rounds: Sequence[Round | None]) -> dict[str, object]:
    """Medians; how many rounds came to a page."""
    good = [one for one in rounds if one is not None]
    if not good:
        return {"rounds": 0}
    turns = [one.turn_ms for one in good if one.turn_ms is not None]
    return {
        "first_page_ms": round(statistics.median(one.first_ms for one in good), 1),
        "first_page_best_ms": round(min(one.first_ms for one in good), 1),
        "turn_ms": round(statistics.median(turns), 1) if turns else None,
        "pss_mb": round(statistics.median(one.pss_mb for one in good), 1),
        "rounds": len(good),
    }


def installed() -> dict[str, str]:
    """Peers that are here, and their programs."""
    found = {name: next(filter(None, map(shutil.which, tries)), None) for name, tries in PEERS.items()}
    return {name: program for name, program in found.items() if program is not None}


def compare(folder: Path, display: Display, title: str, runs: int) -> dict[str, object]:
    """All readers on one paper, interleaved."""
    present = installed()
    launches: dict[str, Callable[[int], Round | None]] = {}
    for name, program in present.items():
        launches[name] = lambda run, name=name, program=program: measured(
            display, [program, str(folder / f"{title}.pdf")], _home(folder, f"{name}-{run}")
        )
    ours = [sys.executable, "-m", "tests.benchmarks.bench_peers", "--child", str(folder), title]
    launches["e-Cabinet"] = lambda run: measured(display, ours, _home(folder, f"ours-{run}"), slow_on_purpose=True)
    rounds: dict[str, list[Round | None]] = {name: [] for name in launches}
    for run in range(-1, runs):  # the first round warms the disk cache and is not counted
        for name, launch in launches.items():
            one = launch(run)
            if run >= 0:
                rounds[name].append(one)
    return {name: summary(found) for name, found in rounds.items()}


def _home(folder: Path, name: str) -> Path:
    """A fresh home for each launch: no recent files, no restored window."""
    home = folder / "homes" / name
    home.mkdir(parents=True, exist_ok=True)
    return home


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--scans", type=int, default=20)
    parser.add_argument("--child", nargs=2)
    options = parser.parse_args()
    if options.child:
        child(Path(options.child[0]), options.child[1])
        return
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        print(json.dumps({"bench": "peers", "skipped": f"not installed: {', '.join(missing)}"}))
        return
    absent = [name for name in PEERS if name not in installed()]
    with stage(options.pages, options.scans) as (folder, display):
        report = {
            "bench": "peers",
            "on": f"{platform.machine()} {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
            "absent": absent,
            "text": {"pages": options.pages, **compare(folder, display, "b_text", options.runs)},
            "scan": {"pages": options.scans, **compare(folder, display, "b_scan", options.runs)},
        }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()

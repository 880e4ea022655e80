# SPDX-License-Identifier: AGPL-3.0-or-later
"""The readers people like against ours, in one run under Xvfb, as JSON: launch to the first page, a turn, memory.

Run: ``make bench-peers`` (installs nothing: ``apt-get install xvfb xdotool matchbox-window-manager mupdf qpdfview
evince xournalpp okular``). Takes at most ``MINUTES`` and a launch; what was measured until then is printed.
A peer that is not installed is left out and named in ``absent``. All numbers are milliseconds or megabytes; medians
of interleaved rounds, so that a busy moment hits all alike. Figures to reach: quality.md, section 1.

How: the first, the second and the last test page carry a field of one colour each that nothing else on the screen has.
The screen is Xvfb's own frame buffer, mapped and looked at every millisecond; what counts is pixels on the screen, not
what a program says of itself. Ours is the real program on a real profile with the papers in its encrypted store and
their last views kept, through lock and home screen; the time for typing the PIN and for deriving keys from it, slow on
purpose, is left out.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymupdf

from tests.benchmarks.bench_launch import prepare
from tests.benchmarks.peers_child import ROOT, SCREEN, command, keep

FIRST, SECOND, LAST, OTHER = (255, 0, 255), (0, 255, 255), (255, 255, 0), (0, 255, 0)
"""Colours of the fields on the first, the second, the last and all other pages."""
ENOUGH = 1_500
"""Pixels of the colour that must be on the screen: more than a small picture of the page in a side bar has."""
WAIT_S = 12.0
TURN_S = 1.0
JUMP_S = 4.0
QUIET_S = 0.7
TYPING_MS = 1_500
"""Nobody types six digits faster; that time, and key derivation, are no part of the launch."""
TURNS = 4
"""Presses after which a second page must have come into sight."""
MINUTES = 4.5
"""After which no further round begins."""
WANTED = ("Xvfb", "xdotool", "matchbox-window-manager")


@dataclass(frozen=True)
class Peer:
    """A reader people like: its program under one of these names, and the key that leads to the last page."""

    programs: tuple[str, ...]
    to_the_end: str = "ctrl+End"


PEERS = {
    "mupdf": Peer(("mupdf-gl", "mupdf"), "shift+g"),
    "qpdfview": Peer(("qpdfview",)),
    "evince": Peer(("evince",)),
    "xournalpp": Peer(("xournalpp",)),
    "okular": Peer(("okular",)),
}
OURS = {"e-Cabinet": TYPING_MS, "e-Cabinet, PIN at once": 0}
"""Milliseconds of typing: meanwhile the program loads what comes after it; without them everybody waits for that."""


@dataclass(frozen=True)
class Round:
    """One launch: milliseconds to the first page, from a key to the next and to the last page (None if that did not
    come), megabytes."""

    first_ms: float
    turn_ms: float | None
    jump_ms: float | None
    pss_mb: float


_ROUNDED = bytes(0 if value < 32 else 255 if value > 223 else value for value in range(256))
"""What smoothing and JPEG leave of a full colour."""


class Display:
    """An Xvfb whose screen can be read."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        width, height = SCREEN
        arguments = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-fbdir", str(folder)]
        self._process = subprocess.Popen(arguments, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.name = f":{told.readline().strip()}"
        file = folder / "Xvfb_screen0"
        descriptor = os.open(file, os.O_RDONLY)
        self._memory = mmap.mmap(descriptor, 0, mmap.MAP_SHARED, mmap.PROT_READ)
        os.close(descriptor)
        # without a window manager some programs never believe that they have the keyboard
        self._manager = subprocess.Popen(
            ["matchbox-window-manager", "-use_titlebar", "no"], env={**os.environ, "DISPLAY": self.name},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._head = int.from_bytes(self._memory[:4], "big") + 12 * int.from_bytes(self._memory[76:80], "big")

    def count(self, colour: tuple[int, int, int]) -> int:
        """Pixels of a colour or one a little beside it, counted on every eighth line: enough to see a field."""
        width, height = SCREEN
        pattern = bytes((colour[2], colour[1], colour[0]))
        found = 0
        for line in range(0, height, 8):
            start = self._head + line * width * 4
            row = self._memory[start : start + width * 4].translate(_ROUNDED)
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
        """No screen any more."""
        self._manager.terminate()
        self._manager.wait()
        self._process.terminate()
        self._process.wait()
        self._memory.close()


def paper(pages: int, *, scan: bool) -> bytes:
    """Pages of text, or pictures of such pages at 300 dpi; each with its field and a stripe down its side."""
    line = "Chinh phu thong nhat thong qua du thao Nghi quyet phien hop thuong ky (du lieu gia dinh). "
    with pymupdf.open() as made:
        for number in range(pages):
            field = {0: FIRST, 1: SECOND, pages - 1: LAST}.get(number, OTHER)
            colour = tuple(part / 255 for part in field)
            page = made.new_page(width=595, height=842)
            page.draw_rect((20, 20, 50, 822), color=colour, fill=colour)
            page.draw_rect((300, 30, 400, 80), color=colour, fill=colour)
            page.insert_textbox(pymupdf.Rect(60, 90, 535, 800), f"Trang {number + 1}. " + line * 28, fontsize=11)
        if not scan:
            return bytes(made.tobytes(deflate=True))
        with pymupdf.open() as pictures:
            for page in made:
                picture = page.get_pixmap(dpi=300).tobytes("jpeg", jpg_quality=85)
                pictures.new_page(width=595, height=842).insert_image((0, 0, 595, 842), stream=picture)
            return bytes(pictures.tobytes())


def tree(pid: int) -> list[int]:
    """A process and all that any of its threads started."""
    listed = [one for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()]
    return [pid, *(one for child in listed for one in tree(int(child)))]


def pss_mb(pid: int) -> float:
    """Proportional set size (proc(5), smaps_rollup) of a process and all it started."""
    total = 0
    for one in tree(pid):
        rollup = Path(f"/proc/{one}/smaps_rollup")
        if rollup.exists():
            total += next(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:"))
    return total / 1024


def measured(display: Display, program: Sequence[str], home: Path, to_the_end: str, *, ours: bool) -> Round | None:
    """One launch; None if the page never came."""
    environment = {
        **os.environ, "DISPLAY": display.name, "HOME": str(home), "QT_QPA_PLATFORM": "xcb", "GDK_BACKEND": "x11",
        "XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data"), "NO_AT_BRIDGE": "1",
    }  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(
        program, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        if not display.wait(FIRST):
            return None
        first = (time.perf_counter() - begun) * 1e3
        if ours:
            assert process.stdout is not None
            first -= float(process.stdout.readline())  # typing, and the derivation of keys
        time.sleep(QUIET_S)
        turn = pressed(display, "Next", SECOND, TURN_S, TURNS)
        jump = pressed(display, to_the_end, LAST, JUMP_S, 1)
        return Round(first, turn, jump, pss_mb(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        time.sleep(0.2)  # the server takes the windows away


def pressed(display: Display, key: str, colour: tuple[int, int, int], limit_s: float, times: int) -> float | None:
    """Milliseconds from a key to a page's field; several presses where pages are taller than the view."""
    environment = {**os.environ, "DISPLAY": display.name}
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(["xdotool", "key", key], env=environment, check=False, capture_output=True)
        if display.wait(colour, limit_s):
            return (time.perf_counter() - begun) * 1e3
    return None


@contextmanager
def stage(pages: int, scans: int) -> Iterator[tuple[Path, Display]]:
    """Papers as files and in our store, and a screen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        papers = {"b_text": (paper(pages, scan=False), pages), "b_scan": (paper(scans, scan=True), scans)}
        for title, (data, _) in papers.items():
            (folder / f"{title}.pdf").write_bytes(data)
        (folder / "ours").mkdir()
        prepare(folder / "ours")
        keep(folder / "ours", papers)
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

    def median(values: Sequence[float | None]) -> float | None:
        there = [value for value in values if value is not None]
        return round(statistics.median(there), 1) if there else None

    return {
        "first_page_ms": median([one.first_ms for one in good]),
        "first_page_best_ms": round(min(one.first_ms for one in good), 1),
        "turn_ms": median([one.turn_ms for one in good]),
        "jump_to_the_end_ms": median([one.jump_ms for one in good]),
        "pss_mb": median([one.pss_mb for one in good]),
        "rounds": len(good),
    }


def installed() -> dict[str, str]:
    """Peers that are here, and their programs."""
    found = {name: next(filter(None, map(shutil.which, peer.programs)), None) for name, peer in PEERS.items()}
    return {name: program for name, program in found.items() if program is not None}


def launch(folder: Path, display: Display, name: str, title: str, number: int) -> Round | None:
    """One reader on one paper, in a fresh home: no recent files, no restored window."""
    home = folder / "homes" / f"{name}-{title}-{number}"
    home.mkdir(parents=True)
    try:
        if name in OURS:
            shutil.copytree(folder / "ours", home / "ours")  # as it was left, whatever the last round did to it
            return measured(display, command(home / "ours", title, OURS[name]), home, "ctrl+End", ours=True)
        program = [installed()[name], str(folder / f"{title}.pdf")]
        return measured(display, program, home, PEERS[name].to_the_end, ours=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


Rounds = dict[str, dict[str, list[Round | None]]]


def compare(folder: Path, display: Display, runs: int, until: float) -> Rounds:
    """All readers on both papers, interleaved, so that a busy moment hits all alike; no round begins after ``until``.

    The first round warms the disk cache and is not counted; who shows no page there is left out afterwards.
    """
    names = (*installed(), *OURS)
    rounds: Rounds = {title: {name: [] for name in names} for title in ("b_text", "b_scan")}
    for run in range(runs + 1):
        for title, found in rounds.items():
            for name in list(found):
                if time.monotonic() > until:
                    return rounds
                one = launch(folder, display, name, title, run)
                if run:
                    found[name].append(one)
                elif one is None:
                    print(f"{name} showed no page of {title} within {WAIT_S:.0f} s", file=sys.stderr, flush=True)
                    found[name] = [None]
                    continue
                print(f"round {run} {title} {name}: {one}", file=sys.stderr, flush=True)
    return rounds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--scans", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    options = parser.parse_args()
    until = time.monotonic() + options.minutes * 60
    missing = [tool for tool in WANTED if shutil.which(tool) is None]
    if missing:
        print(json.dumps({"bench": "peers", "skipped": f"not installed: {', '.join(missing)}"}))
        return
    with stage(options.pages, options.scans) as (folder, display):
        rounds = compare(folder, display, options.runs, until)
    report = {
        "bench": "peers",
        "on": f"{platform.machine()} {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "absent": [name for name in PEERS if name not in installed()],
        "complete": all(len(found) == options.runs for paper in rounds.values() for found in paper.values()),
        "text": {"pages": options.pages, **{name: summary(found) for name, found in rounds["b_text"].items()}},
        "scan": {"pages": options.scans, **{name: summary(found) for name, found in rounds["b_scan"].items()}},
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()

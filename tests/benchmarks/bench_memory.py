# SPDX-License-Identifier: AGPL-3.0-or-later
"""Memory of the whole program with a long paper open: started by its command line, a page of every ten looked at.

Total PSS of every process it started (render process and watching process too), when home has filled and after the
pages were visited and all is quiet; PSS counts shared pages in proportion, so other programs with Qt lower it. Prints
JSON.

Usage: ``python -m tests.benchmarks.bench_memory [PAGES] [VISITED]`` (500 50)
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
NAME = "b_text"
QUIET_MS = 35_000
"""Long enough for the index to be written and for a full collection, which comes every thirty seconds."""
TURN_MS = 400


def megabytes(pid: int) -> dict[str, float]:
    """Of each of its processes, by what it does."""
    found: dict[str, float] = {}
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        words = one.cmdline()
        name = next((word for word in ("--render-worker", "--watch") if word in words), "program").strip("-")
        found[name] = round(found.get(name, 0.0) + one.memory_full_info().pss / 1e6, 1)
    found["total"] = round(sum(found.values()), 1)
    return found


def child(folder: Path, pages: int, visited: int) -> int:
    """The program; says ``home`` and ``visited`` when it is quiet there, and goes on when it is told."""
    from client import launch
    from tests.benchmarks.launch_child import PIN

    opened = launch.open_windows

    def open_windows(*arguments, **options):
        from PySide6.QtCore import QTimer

        app, windows = opened(*arguments, **options)
        front = windows.window.front
        front.answered.connect(lambda: QTimer.singleShot(1_500, lambda: front.pin.submitted.emit(PIN)))
        front.unlocked.connect(lambda: QTimer.singleShot(QUIET_MS, at_home))

        def ask(word: str) -> None:
            print(word, flush=True)
            sys.stdin.readline()  # measured meanwhile: nothing runs on the windows' thread

        def at_home() -> None:
            ask("home")
            look_at(0)

        def look_at(number: int) -> None:
            from client.ui.navigator import Paper

            if number == visited:
                QTimer.singleShot(QUIET_MS, finish)
                return
            windows.window.workspace.go(Paper("p_reader", NAME, number * pages // visited))
            QTimer.singleShot(TURN_MS, lambda: look_at(number + 1))

        def finish() -> None:
            ask("visited")
            windows.window.close()

        return app, windows

    launch.open_windows = open_windows
    from client import cli

    return cli.main(["--profile", str(folder / "profile")])


def main(pages: int = 500, visited: int = 50) -> None:
    """Measure and print."""
    from tests.benchmarks.bench_launch import as_installed, prepare
    from tests.benchmarks.bench_peers import keep, paper

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        keep(folder, {NAME: (paper(pages, scan=False), pages)})
        ours = ["tests.benchmarks.bench_memory", "--child", name, str(pages), str(visited)]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.as_installed", *ours],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=as_installed(folder),
            text=True,
        )
        assert process.stdin
        assert process.stdout
        found = {}
        for line in process.stdout:
            found[f"{line.strip()}_mb"] = megabytes(process.pid)
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.wait() == 0
    print(json.dumps({"bench": "memory", "pages": pages, "visited": visited, **found}, indent=2))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.exit(child(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    main(*(int(one) for one in sys.argv[1:]))

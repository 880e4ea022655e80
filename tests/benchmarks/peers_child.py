# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our side of ``bench_peers``: the real program on a real profile with the test papers in its encrypted store."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.launch_child import PIN, LateKeystore

ROOT = Path(__file__).resolve().parents[2]
SCREEN = (1368, 912)


def child(folder: Path, name: str, typing_ms: int, *, leave: bool) -> None:
    """Unlock ``typing_ms`` after the lock screen stands, open the paper as soon as home stands.

    Args:
        leave: Close the window as a member does, once the paper's last view is kept; otherwise somebody kills us.
    """
    from client.launch import open_windows
    from client.paths import ProfilePaths
    from client.surroundings import Surroundings
    from client.ui.navigator import Paper
    from tests.helpers.reader_world import PACK

    paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=LateKeystore(folder))  # type: ignore[arg-type]

    def read() -> None:
        assert windows.window.workspace is not None
        windows.window.workspace.go(Paper(PACK, name))  # type: ignore[arg-type]
        if leave:
            depart()

    def depart() -> None:
        reader = windows.window.workspace.screen_of(Paper)
        if reader.last.kept and windows.tasks.running == 0:
            windows.window.close()
        else:
            QTimer.singleShot(50, depart)

    app, windows = open_windows(paths, around, on_ready=read)
    from PySide6.QtCore import QTimer

    def locked() -> None:
        begun = time.perf_counter()
        QTimer.singleShot(typing_ms, lambda: unlock(begun))

    def unlock(begun: float) -> None:
        from client.entry import LateVault

        keys = LateVault(paths, around).unlock(PIN)
        print((time.perf_counter() - begun) * 1e3, flush=True)
        windows.unlocked(keys)

    windows.window.resize(*SCREEN)
    QTimer.singleShot(0, locked)
    app.exec()


def keep(folder: Path, papers: dict[str, tuple[bytes, int]]) -> None:
    """Put the test papers into the prepared profile's encrypted store, and read in each of them once."""
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
    for name in papers:
        subprocess.run(
            command(folder, name, 0, "leave"),
            cwd=ROOT,
            env=offscreen(),
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
        )


def command(folder: Path, name: str, typing_ms: int, then: str = "stay") -> list[str]:
    """How our program is started."""
    return [sys.executable, "-m", "tests.benchmarks.peers_child", str(folder), name, str(typing_ms), then]


def offscreen() -> dict[str, str]:
    """Without a screen, as large as the benchmark's."""
    return {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={ROOT / 'tests' / 'screen.json'}"}


if __name__ == "__main__":
    child(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), leave=sys.argv[4] == "leave")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the program costs while nobody touches it: home on screen, a live session on, hints streaming from the service.

Processor time of the program and of its render process from ``/proc``, per cent of one core, beside an empty PySide6
window that is left alone for the same time in the same run; and memory of both, shared pages in proportion. The
service runs in the parent process and does not count. Prints JSON.

Usage: ``python -m tests.benchmarks.bench_idle [seconds]`` (60)
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil

from client.domain.live import Presence
from client.paths import ProfilePaths
from client.protocol.live_commands import BeginSession, CallRoll
from tests.benchmarks.launch_child import PIN, LateKeystore

ROOT = Path(__file__).resolve().parents[2]
AS_INSTALLED = ("-m", "tests.benchmarks.as_installed", "tests.benchmarks.bench_idle")
SETTLE_S = 20
"""After which the index is written, prefetched pages are there and screens that are built ahead stand."""
EMPTY = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(["empty"])
window = QWidget()
window.resize(1368, 912)
window.show()
QTimer.singleShot(0, lambda: print("settled", flush=True))
app.exec()
"""


@contextmanager
def session_under_way(folder: Path) -> Iterator[None]:
    """A service with the demonstration's session begun, and a member's device that has all of it."""
    from client import enrol, profile
    from client.core import Core
    from client.settings import Settings
    from client.surroundings import Surroundings, vault_of
    from tests.helpers.sealed import keystore_of
    from tests.helpers.world import World

    start = datetime.now(timezone(timedelta(hours=7))) + timedelta(minutes=30)
    with World(folder / "world", start=start) as world:
        pack = world.desk.publish(world.write_session(small=False).session)
        paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=keystore_of(folder))
        device = enrol.NewDevice(paths, around, world.desk.root(), world.wire.url)
        device.set_pin(PIN)
        known = device.hand_in(world.desk.open_ticket("m_017").ticket)
        world.desk.approve(known.device, known.digits)
        enrol.ask_state(paths, known, around)
        known = profile.load(paths.profile)
        assert known is not None
        core = Core(paths, known, vault_of(paths, around, known.device).unlock(PIN), around)
        core.engine.run_once()
        core.keep_settings(Settings(welcomed=True, auto_lock_s=3600))
        core.close()
        world.desk.run_session(pack.pack, lambda _: CallRoll())
        world.desk.mark_presence(pack.pack, {"m_001": Presence.PRESENT, "m_018": Presence.PRESENT})
        world.desk.run_session(pack.pack, lambda _: BeginSession())
        yield


def idle(arguments: list[str], seconds: int) -> dict[str, float]:
    """Start a program, let it settle, leave it alone."""
    environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={ROOT / 'tests' / 'screen.json'}"}
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "settled"
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        before, begun = spent(family), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - begun
        return {
            "percent_of_a_core": round(100 * (spent(family) - before) / took, 3),
            "pss_mb": round(sum(one.memory_full_info().pss for one in family) / 1e6),
        }
    finally:
        process.terminate()
        process.wait()


def spent(family: list[psutil.Process]) -> float:
    """Processor seconds of all of them so far."""
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


def child(folder: Path) -> None:
    """The program: unlocked, home, then left alone."""
    from client.launch import open_windows
    from client.surroundings import Surroundings

    paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=LateKeystore(folder))
    app, windows = open_windows(paths, around)
    from PySide6.QtCore import QTimer

    from client.entry import LateVault

    QTimer.singleShot(1500, lambda: windows.unlocked(LateVault(paths, around).unlock(PIN)))
    QTimer.singleShot(SETTLE_S * 1000, settled)
    app.exec()


def settled() -> None:
    """Told once."""
    print("settled", flush=True)


def main(seconds: int = 60) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with session_under_way(folder):
            ours = idle([sys.executable, *AS_INSTALLED, "--child", str(folder)], seconds)
        empty = idle([sys.executable, "-c", EMPTY], seconds)
    on = f"{platform.machine()} {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"bench": "idle", "on": on, "seconds": seconds, "ours": ours, "empty_window": empty}, indent=2))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
    else:
        main(*(int(one) for one in sys.argv[1:]))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Launch: to the lock screen and to a usable home screen, against an empty PySide6 window in the same run.

Every figure is the time from starting a process to the first paint it reports, off screen, with byte code on disk as
an installation has it. The profile holds the
demonstration's session (27 papers). Unlocking is measured from the keys being there: how long Argon2id takes is a
matter of security, not of speed. Prints JSON; ratios are what counts, machines are noisy.

Usage: ``python -m tests.benchmarks.bench_launch [--runs N]``
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client.paths import ProfilePaths
from tests.benchmarks.launch_child import PIN

ROOT = Path(__file__).resolve().parents[2]
EMPTY = """
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        print("painted", flush=True)
        app.quit()
app = QApplication(["empty"])
window = Window()
window.resize(1368, 912)
window.show()
app.exec()
"""


def prepare(folder: Path) -> None:
    """Publish the demonstration's session and fetch it into a profile with a key file of full cost."""
    from datetime import datetime, timedelta, timezone

    from client import enrol, profile
    from client.core import Core
    from client.settings import Settings
    from client.surroundings import Surroundings
    from tests.helpers.member import keystore_of
    from tests.helpers.world import World

    start = datetime.now(timezone(timedelta(hours=7))) + timedelta(days=4)
    with World(folder / "world", start=start) as world:
        world.desk.publish(world.write_session(small=False).session)
        paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=keystore_of(folder))
        device = enrol.NewDevice(paths, around, world.desk.root(), world.wire.url)
        device.set_pin(PIN)
        known = device.hand_in(world.desk.open_ticket("m_017").ticket)
        world.desk.approve(known.device, known.digits)
        enrol.ask_state(paths, known, around)
        known = profile.load(paths.profile)
        core = Core(paths, known, enrol.vault_of(paths, around, known.device).unlock(PIN), around)
        core.engine.run_once()
        core.keep_settings(Settings(welcomed=True))  # an ordinary day, not the first
        core.close()


def timed(arguments: list[str], marks: int, caches: Path) -> list[float]:
    """Milliseconds from start to each of ``marks`` lines; ``caches`` holds the byte code of both sides."""
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(caches),
        "QT_QPA_PLATFORM": f"offscreen:configfile={ROOT / 'tests' / 'screen.json'}",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT, env=environment, text=True)
    assert process.stdout
    times = []
    for line in process.stdout:
        times.append((time.perf_counter() - begun) * 1000)
        assert line.strip() in {"painted", "keys"}, line
    assert process.wait() == 0
    assert len(times) == marks, times
    return times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        empty, lock, home = [], [], []
        ours = [sys.executable, "-m", "tests.benchmarks.launch_child", str(folder)]
        for run in range(options.runs + 1):  # interleaved, so that a busy moment hits all alike
            blank = timed([sys.executable, "-c", EMPTY], 1, folder / "caches")[0]
            first, keys, second = timed(ours, 3, folder / "caches")
            if run:  # the first compiles what an installation has compiled
                empty.append(blank)
                lock.append(first)
                home.append(second - keys)
    middle = statistics.median
    print(
        json.dumps(
            {
                "bench": "launch",
                "runs": options.runs,
                "empty_window_ms": round(middle(empty), 1),
                "lock_screen_ms": round(middle(lock), 1),
                "lock_screen_ratio": round(middle(lock) / middle(empty), 2),
                "unlock_to_home_ms": round(middle(home), 1),
                "lock_plus_home_ratio": round((middle(lock) + middle(home)) / middle(empty), 2),
            }
        )
    )


if __name__ == "__main__":
    main()

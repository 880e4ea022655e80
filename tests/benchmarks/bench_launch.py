# SPDX-License-Identifier: AGPL-3.0-or-later
"""Launch: to the lock screen and to a usable home screen, against an empty PySide6 window in the same run.

The program is started as members start it, by its command line, off screen, with byte code on disk as an installation
has it. The profile holds the demonstration's session (27 papers). Home is measured from the keys being there: how long
Argon2id takes is a matter of security, not of speed. Prints JSON: medians of wall-clock and of the processor time of
the process itself (not of the render and the watching process it starts); ratios count, machines are noisy.

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
import resource
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        used = resource.getrusage(resource.RUSAGE_SELF)
        print("painted", 1000 * (used.ru_utime + used.ru_stime), flush=True)
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
    from client.surroundings import Surroundings, vault_of
    from tests.helpers.sealed import keystore_of
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
        core = Core(paths, known, vault_of(paths, around, known.device).unlock(PIN), around)
        core.engine.run_once()
        core.keep_settings(Settings(welcomed=True))  # an ordinary day, not the first
        core.close()


def as_installed(folder: Path) -> dict[str, str]:
    """The environment of a measured program: byte code on disk, the prepared keystore, a screen in memory."""
    environment = {
        **os.environ,
        "PYTHONPYCACHEPREFIX": str(folder / "caches"),
        "PYTHON_KEYRING_BACKEND": "tests.benchmarks.launch_keyring.SealedFile",
        "ECABINET_BENCH": str(folder),
        "QT_QPA_PLATFORM": f"offscreen:configfile={ROOT / 'tests' / 'screen.json'}",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def timed(arguments: list[str], folder: Path) -> dict[str, tuple[float, float]]:
    """For each word that is said: ms since the start, ms of processor time; ``folder`` keeps both sides' byte code."""
    begun = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT, env=as_installed(folder), text=True)
    assert process.stdout
    said = {}
    for line in process.stdout:
        word, used = line.split()
        said[word] = ((time.perf_counter() - begun) * 1000, float(used))
    assert process.wait() == 0
    return said


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    figures: dict[str, list[tuple[float, float]]] = {"empty_window": [], "lock": [], "digits": [], "unlock_to_home": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        ours = [sys.executable, "-m", "tests.benchmarks.as_installed", "tests.benchmarks.launch_child", str(folder)]
        for run in range(options.runs + 1):  # interleaved, so that a busy moment hits all alike
            blank, said = timed([sys.executable, "-c", EMPTY], folder), timed(ours, folder)
            if run:  # the first compiles what an installation has compiled
                (begun, begun_cpu), (end, end_cpu) = said["keys"], said["home"]
                figures["empty_window"].append(blank["painted"])
                figures["lock"].append(said["painted"])
                figures["digits"].append(said["ready"])
                figures["unlock_to_home"].append((end - begun, end_cpu - begun_cpu))
    print(json.dumps({"bench": "launch", "runs": options.runs, **summary(figures)}, indent=2))


def summary(figures: dict[str, list[tuple[float, float]]]) -> dict[str, float]:
    """Medians in ms of wall-clock and of processor time, and their ratios to the empty window."""
    middle = {
        f"{name}_{kind}": round(statistics.median(one[index] for one in found), 1)
        for name, found in figures.items()
        for index, kind in enumerate(("ms", "cpu_ms"))
    }
    for kind in ("ms", "cpu_ms"):
        empty = middle[f"empty_window_{kind}"]
        middle[f"lock_ratio_{kind}"] = round(middle[f"lock_{kind}"] / empty, 2)
        both = middle[f"lock_{kind}"] + middle[f"unlock_to_home_{kind}"]
        middle[f"lock_plus_home_ratio_{kind}"] = round(both / empty, 2)
    return middle


if __name__ == "__main__":
    main()

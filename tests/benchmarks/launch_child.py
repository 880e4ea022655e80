# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program from its command line on a prepared profile, for ``bench_launch``: says when a member sees what.

Four lines, each with the processor time of this process so far in ms: ``painted`` (the lock screen), ``ready`` (it
takes digits), ``keys`` (the PIN was right), ``home`` (drawn, nothing of it under way).
Loads nothing the program does not load, and looks at events of two widgets only: an event filter on the whole
application would make Qt's wrappers for everything that happens, and measure that.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from client import launch

PIN = "271828"
TYPING_MS = 1_500
"""Nobody types six digits faster."""


class LateKeystore:
    """A sealed file that is opened when first asked, as a system keystore is; for benchmarks without a command line."""

    backend_name = "sealed file (benchmark)"

    def __init__(self, folder: Path) -> None:
        self._folder, self._store = folder, None

    def __getattr__(self, name: str):
        if self._store is None:
            from tests.helpers.sealed import keystore_of

            self._store = keystore_of(self._folder)
        return getattr(self._store, name)


def say(what: str) -> None:
    """One line."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(what, round(1000 * (used.ru_utime + used.ru_stime), 1), flush=True)


def watch(windows) -> None:
    """Say what happens in the windows that were just opened, and type the PIN."""
    from PySide6.QtCore import QTimer

    from client.ui.first_paint import FirstPaint

    front = windows.window.front

    def locked() -> None:
        say("painted")
        front.answered.connect(ready)

    def ready() -> None:
        say("ready")
        QTimer.singleShot(TYPING_MS, lambda: front.pin.submitted.emit(PIN))

    def home() -> None:
        if windows.tasks.running == 0 and not windows.window.locked:
            windows.window.grab()
            say("home")
            windows.window.close()
        else:
            QTimer.singleShot(1, home)

    def unlocked() -> None:
        say("keys")
        home()

    FirstPaint(front, locked)
    front.unlocked.connect(unlocked)


def run(folder: Path) -> int:
    """Until the home screen was painted."""
    opened = launch.open_windows

    def open_windows(*arguments, **options):
        app, windows = opened(*arguments, **options)
        watch(windows)
        return app, windows

    launch.open_windows = open_windows
    from client import cli

    return cli.main(["--profile", str(folder / "profile")])


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))

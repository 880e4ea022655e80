# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program on a prepared profile, for ``bench_launch``: reports the lock screen's paint, the keys, the home screen.

Imports nothing the program does not import, and looks at events of two widgets only: an event filter on the whole
application would make Qt's wrappers for everything that happens, and measure that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from client.launch import open_windows
from client.paths import ProfilePaths
from client.surroundings import Surroundings

PIN = "271828"


class LateKeystore:
    """A sealed file that is opened when first asked, as a system keystore is."""

    backend_name = "sealed file (benchmark)"

    def __init__(self, folder: Path) -> None:
        self._folder, self._store = folder, None

    def __getattr__(self, name: str):
        if self._store is None:
            from tests.helpers.member import keystore_of

            self._store = keystore_of(self._folder)
        return getattr(self._store, name)


def run(folder: Path) -> None:
    """Until the home screen was painted."""
    paths, around = ProfilePaths(folder / "profile"), Surroundings(keystore=LateKeystore(folder))
    app, windows = open_windows(paths, around, on_ready=lambda: QTimer.singleShot(0, home))
    from PySide6.QtCore import QTimer  # after the program loaded it, as it does

    from client.ui.first_paint import FirstPaint

    def home() -> None:
        if windows.tasks.running == 0:
            windows.window.grab()
            print("painted", flush=True)
            windows.window.close()
        else:
            QTimer.singleShot(1, home)

    def locked() -> None:
        print("painted", flush=True)
        QTimer.singleShot(1500, unlock)  # nobody types six digits faster

    def unlock() -> None:
        from client.app import LateVault

        keys = LateVault(paths, around).unlock(PIN)
        print("keys", flush=True)
        windows.unlocked(keys)

    front = windows.window.front
    assert front is not None
    FirstPaint(front, locked)
    app.exec()


if __name__ == "__main__":
    run(Path(sys.argv[1]))

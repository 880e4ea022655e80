# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real program from its command line to the lock screen's first paint, then closed; prints what was loaded by then.

Usage: ``python -m tests.helpers.start_child PROFILE``, with Qt off screen.
"""

from __future__ import annotations

import json
import sys

from client import cli, launch


def main(profile: str) -> int:
    """Run it; one line of JSON: the modules that were loaded at the first paint."""
    opened = launch.open_windows

    def watched(*arguments, **options):  # type: ignore[no-untyped-def]
        app, windows = opened(*arguments, **options)
        paint = windows.window.front.paintEvent

        def painting(event):  # type: ignore[no-untyped-def]
            paint(event)
            print(json.dumps(sorted(sys.modules)), flush=True)
            QTimer.singleShot(0, windows.window.close)

        from PySide6.QtCore import QTimer

        windows.window.front.paintEvent = painting
        return app, windows

    launch.open_windows = watched
    return cli.main(["--profile", profile])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

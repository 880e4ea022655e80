# SPDX-License-Identifier: AGPL-3.0-or-later
"""Entry: ``freeze_support`` first, render and watching process before anything heavy, else the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program; the exit code is documented in ``client.cli``."""
    if "--multiprocessing-fork" in sys.argv[1:2]:  # a library's child process in a frozen program; ours start otherwise
        import multiprocessing

        multiprocessing.freeze_support()
    if "--render-worker" in sys.argv[1:2]:
        from client.viewer.worker.main import run

        return run(sys.argv[2:])
    if "--watch" in sys.argv[1:2]:
        from client import watch

        return watch.run(sys.argv[2:])
    from client.cli import main as command_line

    return command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second pair of eyes: a small process that starts the program again when it dies without a farewell.

The program holds the writing end of a pipe and says :data:`FAREWELL` before it ends. When the pipe closes without
it, the program was killed or crashed, and is started once more; the PIN is asked again, because the keys died with
it. A program that did not live :data:`LEAST_LIFE_S` is not started again: it would only fail in a loop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO, Final

from client.clock import Clock, SystemClock

if TYPE_CHECKING:
    import subprocess

FAREWELL: Final = b"end\n"
LEAST_LIFE_S: Final = 60.0
AFTER_CRASH: Final = "--after-crash"
"""Given to the program that is started again."""
WATCH: Final = "--watch"


class Watcher:
    """The program's side: starts the watching process and takes leave of it.

    Args:
        command: How the watching process is started; its arguments are how the program is started again.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Be watched from now on; a machine that cannot start the process runs on without it."""
        import subprocess  # not before the first paint

        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program with its own arguments
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl+C in the terminal is for the program, not for its watcher
            )
        except OSError:
            self._process = None

    def farewell(self) -> None:
        """The program ends because it was asked to."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(FAREWELL)
            process.stdin.close()
        except BrokenPipeError:
            return  # somebody ended the watching process first: nobody will start anything
        process.wait()


def program(*arguments: str) -> tuple[str, ...]:
    """How this program starts itself with ``arguments``."""
    if getattr(sys, "frozen", False):
        return (sys.executable, *arguments)
    return (sys.executable, "-I", "-m", "client", *arguments)


def watch(
    pipe: BinaryIO, restart: Callable[[], object], *, clock: Clock | None = None, least_life_s: float = LEAST_LIFE_S
) -> bool:
    """Wait for the program's end; whether it was started again.

    Args:
        pipe: Closes when the program ends.
        restart: Starts the program.
        clock: Tells how long the program lived.
        least_life_s: Seconds it must have lived.
    """
    clock = clock or SystemClock()
    began, said = clock.monotonic(), b""
    while piece := pipe.read(len(FAREWELL)):
        said = (said + piece)[-len(FAREWELL) :]
    if said == FAREWELL or clock.monotonic() - began < least_life_s:
        return False
    restart()
    return True


def run(arguments: Sequence[str]) -> int:
    """The watching process: ``ecabinet --watch ARGUMENTS``."""
    import subprocess

    again = program(*(argument for argument in arguments if argument != AFTER_CRASH), AFTER_CRASH)
    watch(
        sys.stdin.buffer,
        lambda: subprocess.Popen(again, start_new_session=True),  # noqa: S603 - our own program
    )
    return 0

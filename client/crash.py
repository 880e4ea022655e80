# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept of a failure: when, in which version, in which line of which file. Never what it was working on.

A failure that nobody caught is written as a small text file beside the log. It holds the types of the exceptions
and the places in our code and in libraries, because the words of a foreign exception may quote a paper. A process
that dies without Python's knowledge (a fault in a library) leaves the same through ``faulthandler``: file names,
line numbers and function names only.
"""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from client.clock import Clock, to_rfc3339
from client.logs import frames

log = logging.getLogger(__name__)

MAX_REPORTS: Final = 20
"""Older ones are removed; a program that fails in a loop must not fill the disk."""
MAX_REPORT_BYTES: Final = 64 * 1024
FATAL: Final = "fatal.txt"


class CrashReports:
    """The folder of reports of one profile.

    Args:
        folder: Made when the first report is written.
        clock: Dates the reports.
        version: Tells the program's version when a report is written.
    """

    def __init__(self, folder: Path, clock: Clock, version: Callable[[], str]) -> None:
        self._folder, self._clock, self._version = folder, clock, version
        self._lock = threading.Lock()
        self._fatal: IO[bytes] | None = None
        self.on_failure: Callable[[], None] = lambda: None

    def write(self, error: BaseException, where: str) -> Path | None:
        """Keep a failure; None when even that did not work (the disk is full), which is logged.

        Args:
            error: What nobody caught.
            where: Name of the thread.
        """
        now = to_rfc3339(self._clock.now())
        text = "\n".join(
            (
                f"time: {now}",
                f"version: {self._version()}",
                f"platform: {platform.system()} {platform.release()}, Python {platform.python_version()}",
                f"thread: {where}",
                *chain(error),
            )
        )
        path = self._folder / f"{now.replace(':', '').replace('.', '-')}.txt"
        try:
            with self._lock:
                self._folder.mkdir(parents=True, exist_ok=True)
                path.write_text(text[:MAX_REPORT_BYTES] + "\n", "utf-8")
                self._tidy()
        except OSError as failure:
            log.info("crash report not written: %s", type(failure).__name__)
            return None
        return path

    def all(self) -> tuple[Path, ...]:
        """Reports, the newest first."""
        found = (path for path in self._folder.glob("*.txt") if path.stat().st_size)
        return tuple(sorted(found, key=lambda path: path.stat().st_mtime, reverse=True))

    def install(self) -> None:
        """From now on keep every failure of every thread, and of the process itself."""
        sys.excepthook = self._main
        threading.excepthook = self._thread
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Appended to by a dying process, so it stays open; the one before is kept as an ordinary report.
            self._keep_last_fatal()
            self._fatal = (self._folder / FATAL).open("wb")
            faulthandler.enable(self._fatal)
        except OSError as failure:
            log.info("no report of fatal faults: %s", type(failure).__name__)

    def remove(self) -> None:
        """Back to Python's own hooks; for tests and the end of the program."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        if self._fatal is not None:
            faulthandler.disable()
            self._fatal.close()
            self._fatal = None

    def _main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._keep(error, threading.current_thread().name)

    def _thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._keep(arguments.exc_value, arguments.thread.name if arguments.thread else "unknown")

    def _keep(self, error: BaseException, where: str) -> None:
        log.error("nobody caught a failure in %s", where, exc_info=error)
        self.write(error, where)
        self.on_failure()

    def _keep_last_fatal(self) -> None:
        last = self._folder / FATAL
        if last.exists() and last.stat().st_size:
            stamp = to_rfc3339(self._clock.now()).replace(":", "").replace(".", "-")
            last.replace(last.with_name(f"{stamp}-fatal.txt"))

    def _tidy(self) -> None:
        for old in self.all()[MAX_REPORTS:]:
            old.unlink(missing_ok=True)


def chain(error: BaseException) -> list[str]:
    """An exception and its causes as types and places, outermost last, without a word of their texts."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines[:0] = [frames(current)]
        current = current.__cause__ or current.__context__
    return lines

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moves what a long download committed from a file's log into the file, on a thread of its own.

The library does this inside the commit that finds the log long: pages are read from the log, written into the file
and flushed, and whoever commits waits. While hundreds of megabytes arrive that was a third of the store's time. Here
a second connection does it beside the commits; the file's owner moves only the little that came meanwhile.

Rules:
1. The owner's thread says what it committed (``wrote``); below ``BEGIN`` bytes nothing is started.
2. Only the owner lets the log begin again from its start, and only when all of it was moved: the library's own rule.
3. The log is bounded: at ``LIMIT`` the owner waits for the mover's turn to end and moves the rest.
4. After a failure the thread ends and the owner moves everything, as without it. Nothing is lost: the log stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from client.errors import EcabinetError

BEGIN: Final = 16 * 1024 * 1024
"""Bytes committed after which moving begins."""
FULL: Final = 48 * 1024 * 1024
"""Bytes in the log after which the owner moves the rest as soon as the mover is idle, so that the log starts again."""
LIMIT: Final = 96 * 1024 * 1024
"""Bytes in the log after which the owner does not go on without that."""

log = logging.getLogger(__name__)


class Moves(Protocol):
    """A connection that can move the log into the file."""

    def move_log(self) -> bool:
        """Move what can be moved without waiting; whether all of the log is in the file now."""
        ...

    def close(self) -> None:
        """Give the connection up."""
        ...


class LogMover:
    """For one file.

    Args:
        owner: The file's connection, used on the owner's thread alone.
        another: Opens a second connection to the same file; called on the mover's thread.
    """

    def __init__(self, owner: Moves, another: Callable[[], Moves]) -> None:
        self._owner, self._another = owner, another
        self._cond = threading.Condition()
        self._wanted = self._moving = self._stopping = False
        self._thread: threading.Thread | None = None
        self._new = self._log = 0

    def wrote(self, size: int) -> None:
        """The owner committed ``size`` more bytes; on its thread, outside a transaction."""
        self._new += size
        self._log += size
        if self._log >= LIMIT:
            with self._cond:
                self._cond.wait_for(lambda: not self._wanted and not self._moving)
        if self._log >= FULL and self._moved_rest():
            self._log = self._new = 0
        if self._new >= BEGIN:
            self._new = 0
            self._ask()

    def stop(self) -> None:
        """End the thread; what it did not move stays in the log."""
        with self._cond:
            self._stopping = True
            self._cond.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _moved_rest(self) -> bool:
        try:
            return self._owner.move_log()
        except EcabinetError as error:  # what was committed stands, and the next commit tells of a full disk
            log.info("moving the log: %s", error.code)
            return False

    def _ask(self) -> None:
        with self._cond:
            if self._stopping:
                return
            self._wanted = True
            self._cond.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="log-mover", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            connection = self._another()
            try:
                while self._next():
                    connection.move_log()
            finally:
                connection.close()
        except EcabinetError as error:
            log.info("log mover: %s", error.code)
        finally:
            with self._cond:
                self._stopping, self._wanted, self._moving = True, False, False
                self._cond.notify_all()

    def _next(self) -> bool:
        """Whether there is something to move; the turn before this one is over."""
        with self._cond:
            self._moving = False
            self._cond.notify_all()
            self._cond.wait_for(lambda: self._wanted or self._stopping)
            self._moving, self._wanted = not self._stopping, False
            return self._moving

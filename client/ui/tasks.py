# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings results of background work back to the GUI thread.

Rules: the work touches no widget; the callbacks touch no database. A callback whose receiver has been deleted
is dropped. A failure that nobody handles is reported by ``unexpected``, never swallowed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from client.errors import EcabinetError, InternalFault

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_WORKERS = 2


class Tasks(QObject):
    """Runs callbacks on the GUI thread when futures end.

    Attributes:
        unexpected: ``EcabinetError`` of a task without a ``failed`` callback.
    """

    unexpected = Signal(object)
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._running = 0
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> int:
        """Tasks whose callbacks have not run yet."""
        return self._running

    def run(
        self,
        future: Future[T],
        done: Callable[[T], object],
        failed: Callable[[EcabinetError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Call ``done(result)`` or ``failed(error)`` on the GUI thread.

        Args:
            future: Work already under way, e.g. of a gate.
            done: Gets the result.
            failed: Gets the error; foreign exceptions arrive as ``InternalFault``.
            owner: Receiver; when it is gone nothing is called. Taken from ``done`` if that is its method.
        """
        receiver = owner or _owner_of(done)
        self._running += 1

        def finish() -> None:
            self._running -= 1
            if future.cancelled() or (receiver is not None and not isValid(receiver)):
                return
            error = future.exception()
            if error is None:
                done(future.result())
            else:
                self._fail(error, failed)

        def end(_: Future[T]) -> None:
            if isValid(self):
                self._ended.emit(finish)

        future.add_done_callback(end)

    def call(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[EcabinetError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run ``work`` on a worker thread (Argon2, files), then as :meth:`run`."""
        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # after the first paint

            self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="ui-task")
        self.run(self._pool.submit(work), done, failed, owner=owner)

    def stop(self) -> None:
        """Let running work end and take no more."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _deliver(self, finish: Callable[[], None]) -> None:
        finish()

    def _fail(self, error: BaseException, failed: Callable[[EcabinetError], object] | None) -> None:
        if isinstance(error, EcabinetError):
            known = error
        else:
            _LOG.error("task failed: %s", type(error).__name__, exc_info=error)
            known = InternalFault(type(error).__name__)
        if failed is not None:
            failed(known)
        else:
            _LOG.info("task failed: %s", known.code)
            self.unexpected.emit(known)


def _owner_of(callback: Callable[..., object]) -> QObject | None:
    receiver = getattr(callback, "__self__", None)
    return receiver if isinstance(receiver, QObject) else None

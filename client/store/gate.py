# SPDX-License-Identifier: AGPL-3.0-or-later
"""One thread owns a file's connection; everybody else hands it functions and gets futures.

Rules:
1. The connection is opened, used and closed on the gate's thread. It must not leave the function it was
   handed to.
2. Functions run one after the other in the order they were submitted. A write is one transaction: it returns
   its result and its ``ChangeSet``; an exception rolls it back and reaches the future.
3. Listeners hear of a change after the commit and before the future is done, on the gate's thread: they pass
   it on and return at once.
4. Nobody waits for a future on the gate's thread: it would wait for itself.
5. Stopping runs what was submitted before it. What comes later fails.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from client.errors import EcabinetError, InternalFault
from client.store.changes import ChangeSet
from client.store.connection import Connection

T = TypeVar("T")
Handle = Connection
"""What a function handed to a gate is given: it reads and writes with it on the gate's thread, and opens nothing."""
Listener = Callable[[ChangeSet], None]

log = logging.getLogger(__name__)


class Gate:
    """The only way to a SQLCipher file.

    Args:
        open_connection: Called once, on the gate's thread.
        name: For the thread and the log: ``"record"`` or ``"papers"``.
    """

    def __init__(self, open_connection: Callable[[], Connection], name: str) -> None:
        self._open = open_connection
        self._name = name
        self._jobs: SimpleQueue[Callable[[Connection | None], None] | None] = SimpleQueue()
        self._lock = threading.Lock()  # guards _stopping and the order "sentinel last"
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._listeners: tuple[Listener, ...] = ()
        self._failure: BaseException | None = None

    def start(self) -> Future[None]:
        """Start the thread and open the file.

        Returns:
            Done when the file is open; carries what :func:`~client.store.connection.open_record` raises, and
            so does every later call's future.
        """
        if self._thread is not None:
            raise InternalFault(f"gate {self._name} started twice")
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name=f"store-{self._name}", daemon=True)
        self._thread.start()
        return opened

    def read(self, fn: Callable[[Connection], T]) -> Future[T]:
        """Run ``fn`` without a transaction and without telling anybody."""
        return self._submit(fn)

    def write(self, fn: Callable[[Connection], tuple[T, ChangeSet]]) -> Future[T]:
        """Run ``fn`` in one transaction; listeners hear of its changes after the commit."""

        def run(connection: Connection) -> T:
            with connection.transaction():
                value, changes = fn(connection)
            self._tell(changes)
            return value

        return self._submit(run)

    def call(self, fn: Callable[[Connection], T]) -> Future[T]:
        """Run ``fn`` outside any transaction: checkpoints, reading back on a connection of its own."""
        return self._submit(fn)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change from now on; call the result to stop. From any thread."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(known for known in self._listeners if known is not listener)

        return unsubscribe

    def on_thread(self) -> bool:
        """Whether the caller runs on the gate's thread."""
        return self._thread is threading.current_thread()

    def stop(self) -> None:
        """Run what was submitted, close the file, end the thread; calling it again does nothing.

        Raises:
            InternalFault: Called on the gate's own thread.
        """
        if self.on_thread():
            raise InternalFault(f"gate {self._name} stopped by itself")
        with self._lock:
            first, self._stopping = not self._stopping, True
            if first:
                self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
        elif first:
            self._failure = InternalFault(f"gate {self._name} never started")
            self._work(None)

    def _submit(self, fn: Callable[[Connection], T]) -> Future[T]:
        future: Future[T] = Future()

        def job(connection: Connection | None) -> None:
            if not future.set_running_or_notify_cancel():
                return
            if connection is None:
                future.set_exception(self._failure)
                return
            try:
                value = fn(connection)
                self._check_left_clean(connection)
            except Exception as error:  # noqa: BLE001 - the thread's boundary: the future carries it
                future.set_exception(error)
            else:
                future.set_result(value)

        with self._lock:
            if self._stopping:
                future.set_exception(InternalFault(f"gate {self._name} is stopped"))
            else:
                self._jobs.put(job)
        return future

    def _check_left_clean(self, connection: Connection) -> None:
        """A function that leaves a transaction open would swallow everybody's later writes."""
        if connection.in_transaction:
            connection.execute("ROLLBACK")
            raise InternalFault(f"gate {self._name}: transaction left open")

    def _run(self, opened: Future[None]) -> None:
        connection: Connection | None = None
        try:
            connection = self._open()
        except Exception as error:  # noqa: BLE001 - the thread's boundary: the future carries it
            self._failure = error
            opened.set_exception(error)
        else:
            opened.set_result(None)
        self._work(connection)
        if connection is not None:
            self._close(connection)

    def _work(self, connection: Connection | None) -> None:
        while (job := self._jobs.get()) is not None:
            job(connection)
            del job  # a result of many megabytes must not live until the next job comes

    def _close(self, connection: Connection) -> None:
        try:
            connection.close()
        except EcabinetError as error:
            log.error("gate %s did not close: %s", self._name, error)  # noqa: TRY400 - code and file name suffice

    def _tell(self, changes: ChangeSet) -> None:
        if not changes:
            return
        for listener in self._listeners:
            try:
                listener(changes)
            except Exception as error:  # noqa: BLE001 - the commit stands; one listener must not hide it from others
                # The type only: a message of somebody else's making may quote what it was about.
                log.error("gate %s: listener failed with %s", self._name, type(error).__name__)  # noqa: TRY400

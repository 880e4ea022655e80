# SPDX-License-Identifier: AGPL-3.0-or-later
"""A wire between client and service that a test can cut, join again, and count: a TCP relay on loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

PATIENCE_S = 20.0
"""Nothing is held back for longer; never waited for when the code is right."""


class Wire:
    """Relays ``127.0.0.1:<own port>`` to ``target``.

    While cut it refuses new connections at once (the port is closed) and has reset the old ones, as a pulled
    cable or a dead access point would after the first timeout.

    Attributes:
        connections: Connections relayed so far.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener: socket.socket | None = None
        self._pairs: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.connections = 0
        self.port = 0
        self.join()

    @property
    def url(self) -> str:
        """Where the client should connect."""
        return f"http://127.0.0.1:{self.port}"

    def join(self) -> None:
        """Let traffic through, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="wire", daemon=True).start()

    def cut(self) -> None:
        """Reset what runs and refuse what comes."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for end in pairs:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            try:
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.connections += 1
            with self._lock:
                self._pairs |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), name="wire-pump", daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with self._lock:
                self._pairs.discard(end)
        source.close()


class Faucet(Wire):
    """A wire that lets ``limit`` bytes of answers pass and then holds the rest back until ``go`` is set."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.passed = 0
        self.limit: int | None = None
        self.held = threading.Event()
        self.go = threading.Event()
        super().__init__(target)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            answers = source.getpeername()[1] == self._target[1]
            while data := source.recv(65536):
                if answers:
                    self.passed += len(data)
                    if self.limit is not None and self.passed > self.limit:
                        self.held.set()
                        self.go.wait(PATIENCE_S)
                sink.sendall(data)
        except OSError:
            pass  # one end is gone, so is the other
        finally:
            for end in (source, sink):
                end.close()

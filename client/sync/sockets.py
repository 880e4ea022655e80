# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sockets in use, so that another thread can end a read that would wait half a minute for its timeout.

Closing a client does not wake a thread inside ``recv``; shutting its socket down does. The HTTP library tells of
each new connection through its trace hook.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any

_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class LiveSockets:
    """Weak references to the sockets of one client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._ended = 0

    def tracer(self) -> Callable[[str, Mapping[str, Any]], None]:
        """The hook for one request that starts now: remembers its socket, or ends it if ``shutdown`` came since."""
        with self._lock:
            began = self._ended

        def trace(event: str, info: Mapping[str, Any]) -> None:
            if event not in _CONNECTED:
                return
            found = info["return_value"].get_extra_info("socket")
            if not isinstance(found, socket.socket):
                return
            with self._lock:
                self._known.add(found)
                late = began != self._ended
            if late:  # it was still connecting when everything was to end
                _end(found)

        return trace

    def shutdown(self) -> None:
        """End every connection, made or being made; a reader gets end-of-stream at once."""
        with self._lock:
            self._ended += 1
            known = list(self._known)
            self._known.clear()
        for each in known:
            _end(each)


def _end(connection: socket.socket) -> None:
    # An error means the other end was faster or the socket is closed already: either way it is over.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)

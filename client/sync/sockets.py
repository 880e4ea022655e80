# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sockets in use, so that another thread can end a read that would wait half a minute for its timeout.

Closing a client does not wake a thread inside ``recv``; shutting its socket down does. The HTTP library tells of
each new connection through its trace hook.
"""

from __future__ import annotations

import socket
import threading
import weakref
from collections.abc import Mapping
from typing import Any

_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class LiveSockets:
    """Weak references to the sockets of one client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The hook: remembers the socket of each connection made."""
        if event not in _CONNECTED:
            return
        found = info["return_value"].get_extra_info("socket")
        if isinstance(found, socket.socket):
            with self._lock:
                self._known.add(found)

    def shutdown(self) -> None:
        """End every connection; a reader gets end-of-stream at once."""
        with self._lock:
            known = list(self._known)
            self._known.clear()
        for each in known:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other end was faster, or the socket is closed already: either way it is over

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only home of uvicorn: runs the application on a socket, for the command line and for embedding.

It adds two things to uvicorn's server: a signal when it accepts requests, and the end of all event streams
before a shutdown waits for open connections.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from litestar import Litestar

from server.service import Service

GRACE_S: Final = 5
KEEP_ALIVE_S: Final = 30
BACKLOG: Final = 1024


class Runner(uvicorn.Server):
    """One run of the service.

    Args:
        app: The application.
        started: Called once requests are accepted.
        tls_cert: PEM chain; with ``tls_key`` turns TLS on.
        tls_key: PEM private key.
    """

    def __init__(
        self,
        app: Litestar,
        *,
        started: Callable[[], None] = lambda: None,
        tls_cert: Path | None = None,
        tls_key: Path | None = None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                lifespan="on",
                access_log=False,
                log_config=None,
                backlog=BACKLOG,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
                ssl_certfile=tls_cert,
                ssl_keyfile=tls_key,
            )
        )
        self._service: Service = app.state.service
        self._announce = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, then stop; they would otherwise hold the shutdown up."""
        self._service.hub.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    The protocol is named although it goes without saying: asyncio sends small answers at once (TCP_NODELAY)
    only on sockets that name it, and every answer would otherwise wait 40 ms for an acknowledgement.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere the option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener

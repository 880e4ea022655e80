# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real service inside another program: on 127.0.0.1, on a free port, in a thread of its own.

Tests and ``make demo`` use it. It is the same application, server and database as ``ecabinet-server serve``;
only the place it runs in differs.
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

from client.clock import Clock, SystemClock
from client.crypto.random import Random, system_random
from client.errors import EnvironmentFault
from client.protocol.messages import KeyRole, Root
from server import config
from server.app import create_app
from server.config import Limits, ServiceConfig
from server.runner import Runner, listen
from server.service import Service

START_S = 30.0
STOP_S = 15.0
HOST = "127.0.0.1"


class EmbeddedService:
    """A service that lives as long as it is needed.

    Args:
        folder: Data folder; made with a receipt key if missing, kept afterwards.
        root: Whose signatures count.
        port: 0 for a free port; a fixed one lets a service come back at the same address.
        database_url: SQLite in ``folder`` when None.
        tls_cert, tls_key: PEM files; both or none.

    Attributes:
        receipt: The receipt key's public half; the registrar lists it in the directory. It can be had before
            there is a root: ``EmbeddedService.prepare(folder)``.
        url: Where it answers, once started.
    """

    def __init__(
        self,
        folder: Path,
        *,
        root: Root,
        clock: Clock | None = None,
        rng: Random = system_random,
        limits: Limits | None = None,
        port: int = 0,
        database_url: str | None = None,
        tls_cert: Path | None = None,
        tls_key: Path | None = None,
    ) -> None:
        self.receipt = self.prepare(folder)
        self._config = ServiceConfig(
            database_url=database_url or config.sqlite_url(folder),
            blob_folder=folder / config.BLOB_FOLDER,
            root=root,
            receipt_key=config.load_receipt_key(folder),
            clock=clock or SystemClock(),
            rng=rng,
            limits=limits or Limits(),
        )
        self._port, self._tls = port, (tls_cert, tls_key)
        self._runner: Runner | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self.service: Service | None = None
        self.url = ""

    @staticmethod
    def prepare(folder: Path) -> KeyRole:
        """Make the folder and its receipt key if missing; the key's public half."""
        return config.prepare_data(folder)

    def start(self) -> str:
        """Start and wait until requests are accepted; the base URL.

        Raises:
            EnvironmentFault: It did not start; the cause is chained.
        """
        ready = threading.Event()
        app = create_app(self._config)
        listener = listen(HOST, self._port)
        self._port = listener.getsockname()[1]  # the same address again after stop and start
        self.service = app.state.service
        cert, key = self._tls
        runner = Runner(app, started=ready.set, tls_cert=cert, tls_key=key)

        def serve() -> None:
            try:
                runner.run(sockets=[listener])
            except BaseException as error:  # noqa: BLE001  # a thread's edge: handed to the starter below
                self._failure = error
            finally:
                listener.close()
                ready.set()

        self._runner, self._failure = runner, None
        self._thread = threading.Thread(target=serve, name="service", daemon=True)
        self._thread.start()
        if not ready.wait(START_S) or not runner.started:
            raise EnvironmentFault("the service did not start") from self._failure
        self.url = f"{'https' if cert else 'http'}://{HOST}:{self._port}"
        return self.url

    def stop(self) -> None:
        """Stop and wait until it has; harmless when it does not run.

        Raises:
            EnvironmentFault: It did not stop in ``STOP_S`` seconds.
        """
        runner, thread = self._runner, self._thread
        self._runner = self._thread = None
        if runner is None or thread is None:
            return
        runner.should_exit = True
        thread.join(STOP_S)
        if thread.is_alive():
            raise EnvironmentFault("the service did not stop")

    def __enter__(self) -> EmbeddedService:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service as one object: what handlers share, built once by ``create_app``.

It owns the database, the blobs, the signer, the hints and the threads, and nothing that two requests could
disagree about. Handlers run on the event loop; everything that touches database or disk runs on its threads.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from client.crypto.metadata.keys import HeldKey
from client.crypto.metadata.verify import SNAPSHOT, TIMESTAMP
from server.auth import Nonces
from server.config import ServiceConfig
from server.hints import Hub
from server.live import Board
from server.receipts import Signer
from server.storage import metadata
from server.storage.blobs import BlobFolder
from server.storage.database import Database
from server.storage.enrolment import Attempts
from server.storage.index import Directories, DirectoryView
from server.storage.transaction import Transaction
from server.trust import Authority

P = ParamSpec("P")
T = TypeVar("T")


class Watch:
    """How far one process has looked.

    Attributes:
        told: Place in the chain up to which readers were told; None before the first look.
        signed_at: When the head was last signed, by the monotonic clock.
    """

    def __init__(self) -> None:
        self.told: int | None = None
        self.signed_at: float | None = None


class Service:
    """What all handlers share.

    Args:
        config: What the service was told at start.

    Attributes:
        authority: Verifies releases and signs for their freshness.
        roles: Registrar and publisher, as the newest metadata has it.
        directories: The device directory in force.
        hub: Where hints go after a commit.
        board: The signed states of live sessions.
    """

    def __init__(self, config: ServiceConfig) -> None:
        self.config = config
        limits = config.limits
        self.database = Database(config.database_url, connections=limits.workers + 2)
        self.blobs = BlobFolder(config.blob_folder)
        self.signer = Signer(config.receipt_key, config.receipt_id)
        self.board = Board(self.signer)
        self.hub = Hub(config.clock, ring=limits.ring)
        self.watch = Watch()
        self.authority = Authority(config.root, HeldKey(config.receipt_id, config.receipt_key), config.lives)
        self.directories = Directories()
        self._stamp: tuple[int, int] | None = None
        self.roles = self.authority.keys(self.authority.kept((), None))
        self.nonces = Nonces(config.clock)
        self.attempts = Attempts(config.clock, most=limits.ticket_tries, window_s=limits.ticket_s)
        self._refreshing = threading.Lock()
        self._pool = ThreadPoolExecutor(limits.workers, thread_name_prefix="service")

    def start(self) -> None:
        """Bring the schema up and read what is in force.

        Raises:
            EnvironmentFault: Database or folder cannot be used.
        """
        self.blobs.prepare(self.config.clock.now())
        self.database.migrate()
        self.refresh()

    def close(self) -> None:
        """Let running work finish, then close the database."""
        self._pool.shutdown(wait=True)
        self.database.close()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do blocking work on a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, lambda: work(*args, **kwargs))

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One change of state; its hints leave after the commit."""
        with self.database.write() as conn:
            tx = Transaction(conn, self.config.clock.now)
            yield tx
        if any(hint.kind == "index" for hint in tx.hints):
            self.refresh()
        # Where processes share a database, hints come from the chain, which all of them read; a running session's
        # tally is told at once to those who listen here.
        self.hub.publish([hint for hint in tx.hints if not self.database.shared or hint.kind == "session"])

    def refresh(self) -> DirectoryView | None:
        """Read the directory in force; blocking."""
        # Read and kept under one lock, so that an older reading never overwrites a newer one.
        with self._refreshing, self.database.read() as conn:
            stamp = metadata.stamp(conn)
            if stamp != self._stamp:
                kept = self.authority.kept(metadata.roots(conn), metadata.current(conn))
                self.roles, self._stamp = self.authority.keys(kept), stamp
            self.directories.latest = self.directories.current(conn)
            return self.directories.latest

    def freshen(self) -> None:
        """Sign timestamp and snapshot anew if half their time is over; blocking."""
        with self.database.read() as conn:
            found = {role: metadata.find(conn, role) for role in (TIMESTAMP, SNAPSHOT)}
        held = {role: data for role, data in found.items() if data is not None}
        if self.authority.is_stale(held, self.config.clock.now()):
            with self.write() as tx:
                self.authority.freshen(tx)

    async def directory(self) -> DirectoryView | None:
        """The directory in force, also when another process has changed it."""
        if self.database.shared:
            return await self.run(self.refresh)
        return self.directories.latest

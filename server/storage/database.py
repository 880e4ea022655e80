# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only home of SQLAlchemy's engine: opens the database, brings its schema up, hands out transactions.

Rules:
1. A write transaction first locks the head of the audit chain (SQLite: ``BEGIN IMMEDIATE`` and a lock of this
   process, which is fairer than SQLite's polling; PostgreSQL: ``SELECT ... FOR UPDATE``). All changes are
   therefore in one order, the chain's order, on one process or many.
2. SQLite runs in WAL with ``synchronous=FULL``: an answer leaves after commit, so a commit must survive a
   power cut.
3. A database written by a newer version is refused untouched.
4. The driver's errors become ours here and nowhere else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import alembic.config
import alembic.runtime.environment
import alembic.script
import alembic.util
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from client.errors import DiskFull, EnvironmentFault, StoreBusy, StoreDamaged, StoreTooNew

BUSY_MS: Final = 10_000
MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WRITE: Final = "ecab_write"
_migrating = threading.Lock()  # Alembic keeps its context in module globals


class Database:
    """One database, SQLite or PostgreSQL.

    Args:
        url: SQLAlchemy URL.
        connections: Most connections at a time.

    Attributes:
        shared: Whether other processes may write too (PostgreSQL).
    """

    def __init__(self, url: str, *, connections: int) -> None:
        self.shared = make_url(url).get_backend_name() != "sqlite"
        self._engine = _sqlite_engine(url, connections) if not self.shared else _postgres_engine(url, connections)
        self._turn = threading.Lock()

    def migrate(self) -> None:
        """Bring the schema up to this version.

        Raises:
            StoreTooNew: A newer version wrote it.
            EnvironmentFault: Not reachable or not writable.
        """
        config = alembic.config.Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        script = alembic.script.ScriptDirectory.from_config(config)

        def upgrade(revision: Any, _context: Any) -> Any:
            return script._upgrade_revs("head", revision)  # noqa: SLF001  # what alembic.command.upgrade calls

        with _migrating, _translated(), self._engine.connect() as connection:
            environment = alembic.runtime.environment.EnvironmentContext(config, script, fn=upgrade)
            try:
                with environment, connection.execution_options(**{_WRITE: True}).begin():
                    environment.configure(connection=connection, transactional_ddl=True)
                    environment.run_migrations()
            except alembic.util.CommandError as error:
                raise StoreTooNew("schema of a newer version") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that changes nothing and sees one state."""
        with _translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change anything; committed on leaving, rolled back on any exception.

        Raises:
            StoreBusy: Another process held the database for longer than ``BUSY_MS``.
            DiskFull: No space left; nothing was changed.
        """
        with _translated():
            turn = nullcontext() if self.shared else self._turn
            with turn, self._engine.connect() as conn, conn.execution_options(**{_WRITE: True}).begin():
                yield conn

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def _sqlite_engine(url: str, connections: int) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0, connect_args={"timeout": BUSY_MS / 1000})

    def on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # transactions are begun below, not by the driver
        cursor = raw.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _postgres_engine(url: str, connections: int) -> Engine:
    return create_engine(url, pool_size=connections, max_overflow=0, pool_pre_ping=True)


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors as ours; statements and parameters stay out of the text."""
    try:
        yield
    except OperationalError as error:
        text = str(error.orig).lower()
        if "locked" in text or "busy" in text or "timeout" in text:
            raise StoreBusy("database locked") from error.orig
        if "full" in text or "no space" in text:
            raise DiskFull("database") from error.orig
        raise EnvironmentFault(f"database: {type(error.orig).__name__}") from error.orig
    except DBAPIError as error:
        text = str(error.orig).lower()
        if "malformed" in text or "not a database" in text:
            raise StoreDamaged("service database") from error.orig
        raise

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only import of sqlcipher3: opening the two files, running SQL, naming what went wrong.

Decides the cipher and durability settings of each file (protocol.md, section 5) and translates every error of
the library, once. Refuses a second writer, a newer schema and a wrong key.

Rules:
1. ``record.db`` is irreplaceable: WAL with ``synchronous=FULL`` (NORMAL lost 11 % of acknowledged commits
   over simulated power cuts). ``papers.db`` can be fetched again: 16 KiB pages and ``synchronous=NORMAL``, and
   the log of a long download is moved into the file beside the commits (``log_mover``).
2. A connection is used on the thread that opened it; the library checks, we translate.
3. No statement stays open between calls: ``execute`` fetches all rows, so a checkpoint never waits for a
   forgotten cursor. Large results go through ``stream``.
4. Error details hold the file's name and the library's code, never SQL, parameters or keys.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2

from client.crypto.secret import Secret
from client.errors import DiskFull, EcabinetError, InternalFault, StoreBusy, StoreDamaged
from client.store.file_lock import FileLock
from client.store.log_mover import LogMover
from client.store.migrate import migrate, steps

KEY_SIZE: Final = 48
"""32 bytes of key and 16 of salt: SQLCipher's raw key form skips its own key derivation."""
BUSY_S: Final = 2.0
"""How long a statement waits for the short-lived read-back connection."""
WAL_KEPT: Final = 64 * 1024 * 1024
"""The log file is cut back to this many bytes after a checkpoint."""
LONG_LOG: Final = 4096
"""Pages in the log of a file with bulk, 64 MiB, after which every commit tries to move them, should nobody have."""
NEARLY_FULL: Final = 256 * 1024
"""An I/O error with less free space than this is a full disk: the log's index file reports no ENOSPC."""

Row = tuple[Any, ...]

_DAMAGED: Final = frozenset(
    {
        dbapi2.SQLITE_NOTADB,
        dbapi2.SQLITE_CORRUPT,
        dbapi2.SQLITE_IOERR,
        dbapi2.SQLITE_CANTOPEN,
        dbapi2.SQLITE_READONLY,
        dbapi2.SQLITE_PERM,
    }
)
_BUSY: Final = frozenset({dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED, dbapi2.SQLITE_PROTOCOL})

_COMMON: Final = (
    "journal_mode=WAL",
    f"journal_size_limit={WAL_KEPT}",
    "secure_delete=ON",
    "temp_store=2",  # sorting never spills plaintext into a temporary file
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "fullfsync=ON",  # macOS: fsync alone does not reach the platter; elsewhere without effect
    "checkpoint_fullfsync=ON",
)


@dataclass(frozen=True, slots=True)
class _Family:
    """One of the two files: what its pages look like and how hard a commit is pushed to the disk."""

    name: str
    page_size: int
    synchronous: str
    hmacs: tuple[str, ...] = ("HMAC_SHA512",)
    """How pages are authenticated: new files in the first way, older ones in the one that opens them."""
    creating: tuple[str, ...] = ()
    bulk: bool = False
    """Takes long downloads, whose log is moved into the file beside the commits."""


_RECORD: Final = _Family("record", 4096, "FULL")
_PAPERS: Final = _Family(
    "papers", 16384, "NORMAL", ("HMAC_SHA256", "HMAC_SHA512"), ("auto_vacuum=INCREMENTAL",), bulk=True
)


def open_record(path: Path, key: Secret, *, read_only: bool = False) -> Connection:
    """Open ``record.db``, creating and migrating it as needed.

    Args:
        path: The file; its folder exists.
        key: 48 bytes, see ``KEY_SIZE``.
        read_only: A second connection for reading back what was saved: takes no lock, creates nothing.

    Raises:
        StoreBusy: Another program holds it.
        StoreDamaged: Wrong key, not a database, unreadable.
        StoreTooNew: Written by a newer version.
        DiskFull: No room to create or migrate.
    """
    return _open(path, key, _RECORD, read_only=read_only)


def open_papers(path: Path, key: Secret, *, read_only: bool = False) -> Connection:
    """Open ``papers.db``; arguments and errors as :func:`open_record`."""
    return _open(path, key, _PAPERS, read_only=read_only)


class Cursor:
    """The rows of one finished statement."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Row], rowcount: int) -> None:
        self._rows = iter(rows)
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        """The next row, or None after the last."""
        return next(self._rows, None)

    def fetchall(self) -> list[Row]:
        """The rows not fetched yet."""
        return list(self._rows)


class Connection:
    """One open SQLCipher file; made by :func:`open_record` or :func:`open_papers`."""

    def __init__(self, raw: Any, path: Path, lock: FileLock | None) -> None:
        self._raw = raw
        self._path = path
        self._lock = lock
        self._doomed = False
        self._mover: LogMover | None = None
        self._bulk = 0

    @property
    def path(self) -> Path:
        """The database file."""
        return self._path

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._raw.in_transaction)

    def execute(self, sql: str, params: Sequence[object] = ()) -> Cursor:
        """Run one statement to its end.

        Raises:
            DiskFull, StoreDamaged, StoreBusy: The machine's faults.
            InternalFault: Wrong SQL, a broken constraint, a foreign thread.
        """
        try:
            cursor = self._raw.execute(sql, params)
            return Cursor(cursor.fetchall(), cursor.rowcount)
        except dbapi2.Error as error:
            raise _translate(error, self._path) from error

    def executemany(self, sql: str, rows: Iterable[Sequence[object]]) -> Cursor:
        """Run one writing statement for each of ``rows``."""
        try:
            return Cursor([], self._raw.executemany(sql, rows).rowcount)
        except dbapi2.Error as error:
            raise _translate(error, self._path) from error

    def stream(self, sql: str, params: Sequence[object] = ()) -> Iterator[Row]:
        """Rows one at a time, for results too large to hold; consume or close it before the next write."""
        try:
            with closing(self._raw.execute(sql, params)) as cursor:
                yield from cursor
        except dbapi2.Error as error:
            raise _translate(error, self._path) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """``BEGIN IMMEDIATE`` … ``COMMIT``; any exception rolls everything back.

        Inside another transaction it joins that one; a part that failed cannot be committed even if somebody
        swallowed its exception.

        Raises:
            InternalFault: A joined part failed and the whole was to be committed.
        """
        if self.in_transaction:
            try:
                yield
            except BaseException:
                self._doomed = True
                raise
            return
        self._doomed = False
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._commit()
        except BaseException:
            self._bulk = 0
            if self._raw.in_transaction:  # a full disk makes the library roll back by itself
                self.execute("ROLLBACK")
            raise
        bulk, self._bulk = self._bulk, 0
        if bulk and self._mover is not None:
            self._mover.wrote(bulk)

    def wrote_bulk(self, size: int) -> None:
        """This transaction adds ``size`` bytes of a long download (see ``log_mover``)."""
        self._bulk += size

    def move_log(self) -> bool:
        """Move what can be moved of the log into the file without waiting; whether all of it is there now."""
        row = self.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return row is not None and row[0] == 0 and row[1] == row[2]

    def move_log_beside(self, another: Callable[[], Connection]) -> None:
        """From now on the log of a long download is moved on a thread of its own, by what ``another`` opens there."""
        self._mover = LogMover(self, another)

    def _commit(self) -> None:
        if self._doomed:
            raise InternalFault(f"{self._path.name}: half a transaction")
        self.execute("COMMIT")

    def checkpoint(self) -> None:
        """Move everything committed from the log into the file and empty the log.

        Raises:
            StoreBusy: Another connection reads; nothing is lost, but the log is not empty.
            InternalFault: Called inside a transaction.
        """
        if self.in_transaction:
            raise InternalFault(f"{self._path.name}: checkpoint inside a transaction")
        row = self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if row is None or row[0] != 0 or row[1] != row[2]:
            raise StoreBusy(f"{self._path.name}: checkpoint incomplete")

    def check(self) -> None:
        """Read and authenticate every page; for ``ecabinet doctor``, slow on a large file.

        Raises:
            StoreDamaged: A page fails its HMAC or the tree is broken.
        """
        broken = self.execute("PRAGMA cipher_integrity_check").fetchall()
        answer = self.execute("PRAGMA quick_check(1)").fetchone()
        if broken or answer != ("ok",):
            raise StoreDamaged(f"{self._path.name}: {len(broken)} pages fail authentication")

    def close(self) -> None:
        """Close the file and let the next program in; calling it again does nothing."""
        try:
            if self._mover is not None:
                self._mover.stop()
            self._raw.close()
        except dbapi2.Error as error:
            raise _translate(error, self._path) from error
        finally:
            if self._lock is not None:
                self._lock.release()


def _open(path: Path, key: Secret, family: _Family, *, read_only: bool) -> Connection:
    if len(key) != KEY_SIZE:
        raise InternalFault(f"{family.name}: key of {len(key)} bytes")
    lock = None if read_only else FileLock(path)
    connection: Connection | None = None
    try:
        if not read_only:
            _create_private(path)
        connection = Connection(_connect(path, key, family, read_only=read_only), path, lock)
        migrate(connection, steps(family.name), read_only=read_only)
        if family.bulk and not read_only:
            another = partial(_connect, path, key, family, read_only=False)
            connection.move_log_beside(lambda: Connection(another(), path, None))
    except BaseException:
        if connection is not None:
            connection.close()
        elif lock is not None:
            lock.release()
        raise
    return connection


def _connect(path: Path, key: Secret, family: _Family, *, read_only: bool) -> Any:
    *newer, last = family.hmacs
    for hmac in newer:
        try:
            return _connect_as(path, key, family, hmac, read_only=read_only)
        except StoreDamaged:
            continue  # perhaps of an earlier version, whose pages are authenticated in another way
    return _connect_as(path, key, family, last, read_only=read_only)


def _connect_as(path: Path, key: Secret, family: _Family, hmac: str, *, read_only: bool) -> Any:
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rw")
    writing = (*_COMMON, f"synchronous={family.synchronous}", *((f"wal_autocheckpoint={LONG_LOG}",) * family.bulk))
    settings = ("temp_store=2",) if read_only else writing
    raw = None
    try:
        raw = dbapi2.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, cached_statements=256)
        raw.execute("PRAGMA cipher_log_level=NONE")
        # Off on purpose: it locks and wipes every allocation of the whole process, and costs 30-40 % of all
        # reads and writes; the pages it would guard are in our own Python objects a moment later anyway.
        raw.execute("PRAGMA cipher_memory_security=OFF")
        # Through the key call, not a PRAGMA: no SQL text with a key in any statement cache or trace.
        raw.set_key(f"x'{key.reveal().hex()}'")
        raw.execute(f"PRAGMA cipher_page_size={family.page_size}")
        raw.execute(f"PRAGMA cipher_hmac_algorithm={hmac}")
        if not read_only and path.stat().st_size == 0:
            for setting in family.creating:  # before the first page is written; later it would only rewrite it
                raw.execute(f"PRAGMA {setting}")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()  # the first read proves the key
        for setting in settings:
            raw.execute(f"PRAGMA {setting}").fetchall()
    except dbapi2.Error as error:
        if raw is not None:
            raw.close()
        raise _translate(error, path) from error
    return raw


def _create_private(path: Path) -> None:
    """An empty file only its owner may read; SQLite gives its log files the same mode."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreDamaged(f"{path.name} errno {error.errno}") from error


def _translate(error: dbapi2.Error, path: Path) -> EcabinetError:
    """Our error for the library's, with no more detail than rule 4 allows."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the library's own complaints: closed connection, foreign thread
        return InternalFault(f"{path.name} {type(error).__name__}")
    detail = f"{path.name} {error.sqlite_errorname}"
    primary = code & 0xFF
    if primary == dbapi2.SQLITE_FULL or (primary == dbapi2.SQLITE_IOERR and _nearly_full(path)):
        return DiskFull(detail)
    if primary in _DAMAGED:
        return StoreDamaged(detail)
    if primary in _BUSY:
        return StoreBusy(detail)
    return InternalFault(detail)


def _nearly_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < NEARLY_FULL
    except OSError:  # the folder itself is gone: damage, not lack of room
        return False

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed papers as files named by their own hash.

Rules: a name is made only from 64 checked hexadecimal digits; bytes arrive in a file beside their place, are
hashed as they come, synced, and renamed only when the hash is the promised one; a blob never changes. The
table ``blobs`` counts them for the quota; the file is what is served.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection, func, insert, select

from client import durable
from client.clock import Millis
from client.crypto import hashing
from client.domain.ids import Hash
from client.errors import ContentMismatch, DiskFull, EnvironmentFault, LimitExceeded
from server.storage.schema import blobs
from server.storage.transaction import Transaction

STALE_S: Final = 24 * 3600
"""An upload file this old belongs to nobody any more."""


class BlobFolder:
    """The folder of blobs.

    Args:
        folder: Made if missing; must be on one file system.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def prepare(self, now: Millis) -> None:
        """Make the folder and clear what old interrupted uploads left.

        Args:
            now: Compared with the files' own times.

        Raises:
            EnvironmentFault: It cannot be made.
        """
        try:
            self._incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
            horizon = now / 1000 - STALE_S
            for left in self._incoming.iterdir():
                if left.stat().st_mtime < horizon:
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise EnvironmentFault(f"blob folder: {error.strerror}") from error

    def path(self, name: Hash) -> Path:
        """Where a blob lies or would lie.

        Raises:
            ContentMismatch: ``name`` is not a hash.
        """
        if not hashing.is_hash(name):
            raise ContentMismatch("blob name")
        digits = name.removeprefix(hashing.PREFIX)
        return self._folder / digits[:2] / digits

    def size(self, name: Hash) -> int | None:
        """Length in bytes, None if it is not here."""
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            return None

    def receive(self, name: Hash, *, token: str, limit: int) -> Incoming:
        """Begin an upload.

        Args:
            name: The promised hash.
            token: Random, tells apart uploads of the same blob.
            limit: Most bytes taken.
        """
        return Incoming(self.path(name), self._incoming / f"{hashing.short(name)}.{token}", name, limit)


class Incoming:
    """One upload under way; ends with :meth:`publish` or :meth:`abort`."""

    def __init__(self, place: Path, aside: Path, name: Hash, limit: int) -> None:
        self._place, self._aside, self._name, self._limit = place, aside, name, limit
        self._hasher = hashing.Hasher()
        self.size = 0
        self._file: BinaryIO = aside.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            LimitExceeded: More than allowed.
            DiskFull: No space left.
        """
        self.size += len(data)
        if self.size > self._limit:
            raise LimitExceeded(f"more than {self._limit} bytes")
        self._hasher.update(data)
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise _translated(error) from error

    def publish(self) -> None:
        """Verify, sync, and put the file in its place.

        Raises:
            ContentMismatch: The bytes are not the promised ones.
            DiskFull: No space left.
        """
        if self._hasher.digest() != self._name:
            raise ContentMismatch(f"blob {hashing.short(self._name)}")
        try:
            os.fsync(self._file.fileno())
            self._file.close()
            self._place.parent.mkdir(exist_ok=True, mode=0o700)
            self._aside.replace(self._place)
            for folder in (self._place.parent, self._place.parent.parent):
                durable.sync_folder(folder)
        except OSError as error:
            raise _translated(error) from error

    def abort(self) -> None:
        """Forget the upload; harmless after :meth:`publish`."""
        self._file.close()
        self._aside.unlink(missing_ok=True)


def record(tx: Transaction, name: Hash, size: int) -> None:
    """Enter a published blob in the books."""
    if tx.conn.scalar(select(blobs.c.size).where(blobs.c.hash == name)) is None:
        tx.conn.execute(insert(blobs).values(hash=name, size=size, put_at=tx.at))
        tx.log("blob.put", subject=hashing.short(name), detail=name)


def used(conn: Connection) -> int:
    """Bytes of all blobs."""
    return int(conn.scalar(select(func.coalesce(func.sum(blobs.c.size), 0))) or 0)


def _translated(error: OSError) -> EnvironmentFault:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull("blob folder")
    return EnvironmentFault(f"blob folder: {error.strerror}")

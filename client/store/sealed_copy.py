# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed copies of signed acts beside ``record.db``: step 1 of saving a vote (protocol.md, section 5).

One file per statement number, sealed under a key of its own derived from the record key and bound to its
number, so a copy can neither be read nor put in another's place. A copy is on the disk, and so is its name,
before :meth:`SealedCopies.write` returns. Which copies are still needed is decided by ``sync.acts``.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from client.crypto.kdf import hkdf
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.crypto.stream import open_bytes, seal_bytes, sealed_size
from client.errors import DiskFull, EnvironmentFault, LimitExceeded, StoreDamaged

MAX_ENVELOPE: Final = 1024 * 1024
"""Bytes of one signed act; the largest allowed on the wire are a quarter of it."""
_INFO: Final = b"ecab/outbox-copy/1"
_NEW: Final = ".new"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class SealedCopies:
    """The folder of sealed copies.

    Args:
        folder: Created, for its owner only, when the first copy is written.
        key: The record key (48 bytes) or any other secret: only a key derived from it is used.
        rng: Draws the salts.
    """

    def __init__(self, folder: Path, key: Secret, rng: Random) -> None:
        self._folder = folder
        self._key = hkdf(key, b"", _INFO, 32)
        self._rng = rng

    def write(self, n: int, envelope: bytes) -> None:
        """Put a copy on the disk, in place of one of the same number that was never committed.

        Raises:
            DiskFull, StoreDamaged: Not written; an earlier copy of this number is unharmed.
            LimitExceeded: More than ``MAX_ENVELOPE`` bytes.
        """
        if len(envelope) > MAX_ENVELOPE:
            raise LimitExceeded(f"act of {len(envelope)} bytes")
        sealed = seal_bytes(self._key, _context(n), envelope, rng=self._rng)
        target, aside = self._path(n), self._path(n).with_suffix(_NEW)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_through(aside, sealed)
            aside.replace(target)
            _sync_folder(self._folder)
        except OSError as error:
            raise _translate(error, n) from error

    def read(self, n: int) -> bytes:
        """The copy of statement ``n``.

        Raises:
            StoreDamaged: There is none, or it cannot be read.
            DecryptionFailed: Altered, cut, or of another number.
        """
        try:
            with self._path(n).open("rb") as file:
                sealed = file.read(sealed_size(MAX_ENVELOPE) + 1)
        except OSError as error:
            raise _translate(error, n) from error
        return open_bytes(self._key, _context(n), sealed, limit=MAX_ENVELOPE)

    def numbers(self) -> tuple[int, ...]:
        """Numbers with a copy, ascending; unfinished files do not count.

        Raises:
            StoreDamaged: The folder cannot be read.
        """
        try:
            names = [entry.name for entry in self._folder.iterdir()] if self._folder.is_dir() else []
        except OSError as error:
            raise _translate(error, 0) from error
        return tuple(sorted(int(name) for name in names if name.isascii() and name.isdigit()))

    def remove(self, n: int) -> None:
        """Delete a copy; there may be none.

        Raises:
            StoreDamaged: It cannot be deleted.
        """
        try:
            self._path(n).unlink(missing_ok=True)
            _sync_folder(self._folder)
        except OSError as error:
            raise _translate(error, n) from error

    def _path(self, n: int) -> Path:
        return self._folder / f"{n:d}"


def _context(n: int) -> bytes:
    return f"ecab/outbox/1|{n:d}".encode()


def _write_through(path: Path, data: bytes) -> None:
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn line feeds into two bytes
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | binary, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the name itself durable; Windows has no such call and journals names."""
    if os.name == "nt" or not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _translate(error: OSError, n: int) -> EnvironmentFault:
    detail = f"copy {n} errno {error.errno}"
    return DiskFull(detail) if error.errno in _NO_ROOM else StoreDamaged(detail)

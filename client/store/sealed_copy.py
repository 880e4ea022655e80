# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed copies of signed acts beside ``record.db``: step 1 of saving a vote (protocol.md, section 5).

One file per statement number, sealed under a key of its own derived from the record key and bound to its
number, so a copy can neither be read nor put in another's place. A copy is on the disk, and so is its name,
before :meth:`SealedCopies.write` returns. Which copies are still needed is decided by ``sync.acts``.

A note of withdrawal stands beside the copies: number and statement hash of an act that was taken back, sealed in
the same way. It outlives the copy, so that an older database put back does not bring the act back with it.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from client import durable
from client.crypto.kdf import hkdf
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.crypto.stream import open_bytes, seal_bytes, sealed_size
from client.errors import DiskFull, EnvironmentFault, LimitExceeded, StoreDamaged

MAX_ENVELOPE: Final = 1024 * 1024
"""Bytes of one signed act; the largest allowed on the wire are a quarter of it."""
_INFO: Final = b"ecab/outbox-copy/1"
_WITHDRAWN: Final = ".withdrawn"
MAX_NOTE: Final = 128
"""Bytes of a note of withdrawal: one statement hash."""
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
        self._put(n, self._path(n), seal_bytes(self._key, _context(n), envelope, rng=self._rng))

    def read(self, n: int) -> bytes:
        """The copy of statement ``n``.

        Raises:
            StoreDamaged: There is none, or it cannot be read.
            DecryptionFailed: Altered, cut, or of another number.
        """
        return open_bytes(self._key, _context(n), self._get(n, self._path(n), limit=MAX_ENVELOPE), limit=MAX_ENVELOPE)

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
        self._delete(n, self._path(n))

    # -- notes of withdrawal -----------------------------------------------------------------------------------

    def note_withdrawal(self, n: int, statement: str) -> None:
        """Put on the disk that the act ``n`` with this hash was taken back; replaces an earlier note of ``n``.

        Raises:
            DiskFull, StoreDamaged: Not written.
            LimitExceeded: More than ``MAX_NOTE`` bytes.
        """
        note = statement.encode()
        if len(note) > MAX_NOTE:
            raise LimitExceeded(f"note of {len(note)} bytes")
        self._put(n, self._note(n), seal_bytes(self._key, _note_context(n), note, rng=self._rng))

    def withdrawn(self, n: int) -> str | None:
        """Hash of the act ``n`` that was taken back; None when there is no note.

        Raises:
            StoreDamaged: It cannot be read.
            DecryptionFailed, LimitExceeded: Altered, cut, or of another number.
        """
        if not self._note(n).exists():
            return None
        note = open_bytes(self._key, _note_context(n), self._get(n, self._note(n), limit=MAX_NOTE), limit=MAX_NOTE)
        return note.decode()

    def forget_withdrawal(self, n: int) -> None:
        """Delete a note whose withdrawal did not come about; there may be none.

        Raises:
            StoreDamaged: It cannot be deleted.
        """
        self._delete(n, self._note(n))

    # -- files -------------------------------------------------------------------------------------------------

    def _put(self, n: int, target: Path, sealed: bytes) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            durable.replace(target, sealed)
        except OSError as error:
            raise _translate(error, n) from error

    def _get(self, n: int, path: Path, *, limit: int) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(sealed_size(limit) + 1)
        except OSError as error:
            raise _translate(error, n) from error

    def _delete(self, n: int, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
            if self._folder.is_dir():
                durable.sync_folder(self._folder)
        except OSError as error:
            raise _translate(error, n) from error

    def _path(self, n: int) -> Path:
        return self._folder / f"{n:d}"

    def _note(self, n: int) -> Path:
        return self._folder / f"{n:d}{_WITHDRAWN}"


def _context(n: int) -> bytes:
    return f"ecab/outbox/1|{n:d}".encode()


def _note_context(n: int) -> bytes:
    return f"ecab/outbox-withdrawn/1|{n:d}".encode()


def _translate(error: OSError, n: int) -> EnvironmentFault:
    detail = f"copy {n} errno {error.errno}"
    return DiskFull(detail) if error.errno in _NO_ROOM else StoreDamaged(detail)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One program per store: an operating-system lock on a file beside the database.

The lock belongs to the open file, so it vanishes with the process however that ends; the empty file stays and
means nothing. SQLite's own locks are not used for this: they are taken per transaction, and a second program
would notice only when it first writes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from client.errors import StoreBusy, StoreDamaged

SUFFIX = ".lock"


class FileLock:
    """Held from construction until :meth:`release`.

    Args:
        path: The file to guard; ``<path>.lock`` is created beside it, readable by its owner only.

    Raises:
        StoreBusy: Another open store, in this process or another, holds it.
        StoreDamaged: The folder is missing or may not be written.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: int | None = os.open(path.with_name(path.name + SUFFIX), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreDamaged(f"lock {path.name} errno {error.errno}") from error
        try:
            _lock(self._file)
        except OSError as error:
            self.release()
            raise StoreBusy(path.name) from error

    def release(self) -> None:
        """Let the next program in; closing the file drops the lock on every system."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int) -> None:
        # flock, not lockf: a POSIX record lock would let the same process in twice.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

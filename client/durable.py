# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that survive a power cut: written aside, flushed, put in place, the folder's names flushed too.

Standard library only, so that start-up and the service can use it alike. Errors are ``OSError``; what a full disk means
is for the caller to say. The order is the one that SQLite's documentation on atomic commit asks of a journal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def replace(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``; after a crash it holds the old bytes or the new ones. Its owner alone reads it.

    Raises:
        OSError: Nothing was replaced; no half file is left beside it.
    """
    aside = left_over(path)
    try:
        write_through(aside, data)
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):  # the next write takes the same name
            aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def left_over(path: Path) -> Path:
    """Where an interrupted :func:`replace` of ``path`` leaves its bytes."""
    return path.with_name(path.name + ".new")


def write_through(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` and wait until the disk has it; the name itself may still be lost.

    Raises:
        OSError: The file may hold a part of it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)  # Windows defaults to text
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names in ``folder``, new or gone, durable.

    Raises:
        OSError: The disk did not take it.
    """
    if sys.platform == "win32":  # Windows cannot open folders; NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders of files that must be the same everywhere: times, modes, measuring, comparing."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 20


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file."""
    state = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            state.update(piece)
    return state.hexdigest()


def files(folder: Path) -> list[Path]:
    """Every file and link below ``folder``, sorted by its name there."""
    found = [path for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def size(folder: Path) -> int:
    """Bytes of all files below ``folder``."""
    return sum(path.lstat().st_size for path in files(folder))


def hashes(folder: Path) -> dict[str, str]:
    """Name to hash (or link target) of every file below ``folder``."""
    return {
        path.relative_to(folder).as_posix(): f"-> {path.readlink()}" if path.is_symlink() else sha256(path)
        for path in files(folder)
    }


def settle(folder: Path, epoch: int) -> None:
    """Give everything below ``folder`` the release's time and plain modes: 755 for folders and programs, else 644.

    A shared library is loaded, not run: it needs no executable bit.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            marked = bool(path.stat().st_mode & stat.S_IXUSR)
            runs = path.is_dir() or (marked and ".so" not in path.suffixes)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    folder.chmod(0o755)
    os.utime(folder, (epoch, epoch))


def fresh(folder: Path) -> Path:
    """An empty ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which files a folder holds, seen without opening one of them.

Decides what counts as a candidate, which two names collide and whether a name leads outside. Hidden files and
those that Windows and office programs leave behind are passed over.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from client.crypto import hashing, stream
from client.domain.ids import Hash
from client.protocol.codec import MAX_BLOB
from server.secretariat.findings import Finding, finding
from server.secretariat.session_file import FILE_NAME

MAX_DEPTH: Final = 4
MAX_ENTRIES: Final = 20_000
PIECE: Final = 4 * 1024 * 1024
MAX_PLAIN: Final = stream.plain_size(MAX_BLOB)
"""Bytes of the largest paper whose sealed form still fits ``MAX_BLOB``."""
_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", FILE_NAME})


class Scanner:
    """Names and files of one folder, and what was found wrong so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder.resolve()
        self.findings: list[Finding] = []

    def add(self, code: str, file: str = "", **values: object) -> None:
        """Note a finding."""
        self.findings.append(finding(code, file, **values))

    def names(self) -> dict[str, str]:
        """Every candidate file: NFC name to name on disk."""
        found: dict[str, str] = {}
        folded: dict[str, str] = {}
        for disk in self._walk("", 0):
            name = unicodedata.normalize("NFC", disk)
            other = folded.setdefault(unicodedata.normalize("NFC", name.casefold()), name)
            if name in found or other != name:
                self.add("file.collision", name, other=other)
                continue
            found[name] = disk
        return found

    def _walk(self, prefix: str, depth: int) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(self.folder / prefix), key=lambda entry: entry.name)
        except OSError as error:
            self.add("folder.unreadable", prefix, why=why(error))
            return
        if len(entries) > MAX_ENTRIES:
            self.add("folder.too_many", prefix, count=len(entries), limit=MAX_ENTRIES)
            return
        for entry in entries:
            name = f"{prefix}/{entry.name}" if prefix else entry.name
            if entry.name.startswith((".", "~$")) or entry.name.casefold() in _IGNORED:
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth + 1 < MAX_DEPTH:
                    yield from self._walk(name, depth + 1)
            elif not entry.name.isprintable():
                self.add("file.unreadable", ascii(name), why="name")
            else:
                yield name

    def settle(self, name: str, disk: str) -> Path | None:
        """The regular file behind a name, or None with the finding that says why not. Opens nothing."""
        path = self.folder / disk
        try:
            resolved = path.resolve(strict=True)
            if not resolved.is_relative_to(self.root):
                self.add("file.outside", name)
                return None
            status = resolved.stat()
        except (OSError, RuntimeError) as error:
            self.add("file.unreadable", name, why=why(error))
            return None
        if not stat.S_ISREG(status.st_mode):
            self.add("file.unreadable", name, why="not a file")
            return None
        if status.st_size > MAX_PLAIN:
            self.add("file.too_big", name, size=status.st_size, limit=MAX_PLAIN)
            return None
        return resolved


def hash_file(path: Path) -> tuple[Hash, int]:
    """SHA-256 and length of a file, read in pieces.

    Raises:
        OSError: It cannot be read.
    """
    hasher, size = hashing.Hasher(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            hasher.update(piece)
            size += len(piece)
    return Hash(hasher.digest()), size


def why(error: Exception) -> str:
    """The system's word for it, without a path."""
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__

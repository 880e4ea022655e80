# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small files that must survive a power cut: written aside, synced, renamed, folder synced.

Holds the one container both key files use::

    magic line | JSON header | newline | AES-256-GCM(body) | SHA-256 of all before

The cipher authenticates magic and header too. The hash keeps nobody out: it only tells damage from a wrong
PIN, so that a flipped bit on the disk does not cost attempts. Files are readable by their owner alone.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client import durable
from client.crypto import aead
from client.crypto.kdf import Argon2Params
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.errors import DiskFull, FormatRefused, KeyFileDamaged

MAX_FILE = 64 * 1024
_HASH_SIZE = 32
_PARTS = 3  # magic, header, body
_COSTS = 3  # KiB, iterations, lanes


@dataclass(frozen=True, slots=True)
class Container:
    """A container as read: not yet opened.

    Args:
        header: The clear fields; authenticated only once :meth:`open` succeeds.
        head: Magic and header as they stand in the file.
        sealed: The body.
    """

    header: Mapping[str, Any]
    head: bytes
    sealed: bytes

    def open(self, key: Secret) -> bytes:
        """The body.

        Raises:
            DecryptionFailed: Wrong key or altered.
        """
        return aead.open_(key, _raw(self.header, "nonce"), self.sealed, self.head)

    def raw(self, name: str) -> bytes:
        """The bytes in header field ``name``."""
        return _raw(self.header, name)

    def params(self, *, testing: bool) -> Argon2Params:
        """The Argon2id cost the file was made with; below the floor only when ``testing``.

        Raises:
            KeyFileDamaged: Missing or out of bounds.
        """
        values = self.header.get("argon2id")
        if not isinstance(values, list) or len(values) != _COSTS or not all(type(value) is int for value in values):
            raise KeyFileDamaged("argon2id")
        try:
            return Argon2Params(memory_kib=values[0], iterations=values[1], lanes=values[2], testing=testing)
        except FormatRefused as error:
            raise KeyFileDamaged("argon2id") from error


def pack(magic: bytes, header: Mapping[str, Any], body: bytes, *, key: Secret, rng: Random) -> bytes:
    """The container as bytes, under a fresh nonce."""
    nonce = rng(aead.NONCE_SIZE)
    fields = {**header, "nonce": base64.b64encode(nonce).decode()}
    head = magic + b"\n" + json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    content = head + aead.seal(key, nonce, body, head)
    return content + hashlib.sha256(content).digest()


def unpack(magic: bytes, data: bytes) -> Container:
    """The inverse of :func:`pack`, short of opening it.

    Raises:
        KeyFileDamaged: Cut, altered by accident, or another kind of file.
    """
    content, digest = data[:-_HASH_SIZE], data[-_HASH_SIZE:]
    parts = content.split(b"\n", 2)
    if len(parts) != _PARTS or parts[0] != magic or hashlib.sha256(content).digest() != digest:
        raise KeyFileDamaged("magic or hash")
    try:
        header = json.loads(parts[1])
    except (ValueError, RecursionError) as error:
        raise KeyFileDamaged("header") from error
    if not isinstance(header, dict):
        raise KeyFileDamaged("header")
    return Container(header, parts[0] + b"\n" + parts[1] + b"\n", parts[2])


def read(path: Path, *, limit: int = MAX_FILE) -> bytes | None:
    """The file's bytes, None if there is none.

    Raises:
        KeyFileDamaged: Larger than ``limit`` bytes, or unreadable.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFileDamaged(f"errno {error.errno}") from error
    if len(data) > limit:
        raise KeyFileDamaged(f"over {limit} bytes")
    return data


def write(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``, durably; after a crash it holds the old bytes or the new ones.

    Raises:
        DiskFull: No space; the old file is intact.
        KeyFileDamaged: Not writable.
    """
    try:
        durable.replace(path, data)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(path.suffix) from error
        raise KeyFileDamaged(f"cannot write: errno {error.errno}") from error


def remove(path: Path) -> None:
    """Remove ``path`` and what an interrupted write left beside it, durably.

    Raises:
        KeyFileDamaged: It could not be removed.
    """
    try:
        path.unlink(missing_ok=True)
        durable.left_over(path).unlink(missing_ok=True)
        if path.parent.is_dir():
            durable.sync_folder(path.parent)
    except OSError as error:
        raise KeyFileDamaged(f"cannot remove: errno {error.errno}") from error


def _raw(header: Mapping[str, Any], name: str) -> bytes:
    value = header.get(name)
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except ValueError as error:
        raise KeyFileDamaged(name) from error

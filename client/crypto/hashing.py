# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of bytes: SHA-256 (FIPS 180-4) written ``sha256:<64 lower-case hex>``, one spelling everywhere."""

from __future__ import annotations

import hashlib
import re

PREFIX = "sha256:"
_FORM = re.compile(r"sha256:[0-9a-f]{64}")

Bytes = bytes | bytearray | memoryview


def sha256(data: Bytes) -> str:
    """The name of ``data``: ``sha256:<64 hex>``."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def is_hash(text: str) -> bool:
    """Whether ``text`` is spelled exactly as :func:`sha256` spells it."""
    return _FORM.fullmatch(text) is not None


def short(name: str) -> str:
    """The first 8 hex digits, for logs; never for comparing."""
    return name.removeprefix(PREFIX)[:8]


class Hasher:
    """SHA-256 over bytes that arrive in pieces."""

    def __init__(self) -> None:
        self._state = hashlib.sha256()

    def update(self, data: Bytes) -> None:
        """Take the next bytes."""
        self._state.update(data)

    def digest(self) -> str:
        """The name of everything taken so far; more may follow."""
        return PREFIX + self._state.hexdigest()

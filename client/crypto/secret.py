# SPDX-License-Identifier: AGPL-3.0-or-later
"""A value that never prints.

Rules: the bytes come out only through :meth:`Secret.reveal`; ``repr``, ``str`` and format strings give the
length alone; comparing takes the same time wherever the values differ; it is neither hashable nor
picklable, so it cannot slip into a cache, another process or a file. It does not promise to erase memory:
Python copies bytes as it pleases, and pretending otherwise would mislead.
"""

from __future__ import annotations

import hmac
from typing import NoReturn

from client.crypto.random import Random


class Secret:
    """Key material or a passphrase.

    Args:
        value: The bytes to guard; copied.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a secret has no place in a set or as a key of a mapping

    def __init__(self, value: bytes | bytearray | memoryview) -> None:
        self._value = bytes(value)

    @classmethod
    def random(cls, count: int, rng: Random) -> Secret:
        """A fresh secret of ``count`` bytes."""
        return cls(rng(count))

    def reveal(self) -> bytes:
        """The bytes themselves; hand them to a cryptographic call and drop them."""
        return self._value

    def part(self, start: int, stop: int) -> Secret:
        """Bytes ``start`` to ``stop`` (exclusive) as a secret of their own."""
        return Secret(self._value[start:stop])

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value, other._value)

    def __repr__(self) -> str:
        return f"Secret({len(self._value)} bytes)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The only place that asks the operating system for randomness; everything else is handed a ``Random``.

Key pairs are the exception: ``signing`` and ``hpke`` let the library draw them, because key generation
belongs to the cryptographic module that holds the algorithm.
"""

from __future__ import annotations

import os
from collections.abc import Callable

Random = Callable[[int], bytes]
"""``n`` -> ``n`` bytes that nobody can predict."""


def system_random(count: int) -> bytes:
    """``count`` bytes from the operating system's generator (``getrandom`` or its equal)."""
    return os.urandom(count)

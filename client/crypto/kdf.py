# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys from PINs (Argon2id, RFC 9106) and keys from keys (HKDF-SHA256, RFC 5869).

Decides the cost of guessing a PIN. Refuses parameters below the floor unless they are marked as a test's,
and above the ceiling, because they are read from a file somebody may have altered.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from client.crypto.secret import Secret
from client.errors import FormatRefused

MIN_MEMORY_KIB = 19 * 1024  # OWASP password storage cheat sheet, lowest Argon2id row
MIN_ITERATIONS = 2
MAX_MEMORY_KIB = 1024 * 1024
MAX_ITERATIONS = 32
MAX_LANES = 16
SALT_MIN = 8  # RFC 9106, section 3.1
PIN_KEY_SIZE = 32
HKDF_MAX = 255 * 32  # RFC 5869, section 2.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Argon2Params:
    """Cost of one PIN check.

    Args:
        memory_kib: Memory in KiB. The default costs 0.1 to 0.5 s (RFC 9106, section 4, second choice).
        iterations: Passes over that memory.
        lanes: Parallel lanes.
        testing: Lifts the floor; a file made so is refused by a program that runs without it.

    Raises:
        FormatRefused: Outside the floor or the ceiling.
    """

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 1
    testing: bool = False

    def __post_init__(self) -> None:
        low_memory, low_passes = (8 * self.lanes, 1) if self.testing else (MIN_MEMORY_KIB, MIN_ITERATIONS)
        if not (
            1 <= self.lanes <= MAX_LANES
            and low_memory <= self.memory_kib <= MAX_MEMORY_KIB
            and low_passes <= self.iterations <= MAX_ITERATIONS
        ):
            raise FormatRefused(f"argon2id {self.memory_kib} KiB x {self.iterations} x {self.lanes}")


def argon2id(pin: str | bytes, salt: bytes, *, params: Argon2Params) -> Secret:
    """32 bytes from a PIN or passphrase. Takes 0.1 to 0.5 s by default: never on the GUI thread.

    Raises:
        FormatRefused: Salt under 8 bytes.
    """
    if len(salt) < SALT_MIN:
        raise FormatRefused(f"salt of {len(salt)} bytes")
    kdf = Argon2id(
        salt=salt,
        length=PIN_KEY_SIZE,
        iterations=params.iterations,
        lanes=params.lanes,
        memory_cost=params.memory_kib,
    )
    return Secret(kdf.derive(pin.encode() if isinstance(pin, str) else pin))


def hkdf(secret: Secret, salt: bytes, info: bytes, length: int) -> Secret:
    """HKDF-SHA256, extract and expand; an empty ``salt`` means none (RFC 5869, section 2.2).

    Raises:
        FormatRefused: More than 8,160 bytes, or none, asked for.
    """
    if not 1 <= length <= HKDF_MAX:
        raise FormatRefused(f"{length} bytes from HKDF")
    return Secret(HKDF(hashes.SHA256(), length, salt or None, info).derive(secret.reveal()))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The name of a device's public keys, compared in person at enrolment: computed alike by device and registrar."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from client.crypto import hashing

QR_PREFIX = "ecab-device:"
_GROUPS, _GROUP = 6, 4


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The name of a device's public keys.

    Args:
        hash: ``sha256:...`` for the QR code.
        digits24: The same as six groups of four digits (80 bits), to be read aloud.
    """

    hash: str
    digits24: str


def fingerprint(sign_public: str, seal_public: str) -> Fingerprint:
    """SHA-256 over both public keys as they are spelled, and its 24 digits."""
    text = f"ecab/fingerprint/1\n{sign_public}\n{seal_public}\n".encode()
    number = int.from_bytes(hashlib.sha256(text).digest(), "big") % 10 ** (_GROUPS * _GROUP)
    digits = f"{number:0{_GROUPS * _GROUP}d}"
    groups = [digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)]
    return Fingerprint(hashing.sha256(text), " ".join(groups))


def qr_text(device_id: str, found: Fingerprint) -> str:
    """What the QR code on a new device says: whose keys, and the whole hash."""
    return f"{QR_PREFIX}1:{device_id}:{found.hash}"

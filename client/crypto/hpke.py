# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing to a device: HPKE (RFC 9180), base mode, one message per encapsulation.

Suite: KEM MLKEM768-X25519 (hybrid, draft-ietf-hpke-pq), HKDF-SHA256, AES-256-GCM; fixed, not negotiable.
HPKE's base mode does not say who sealed: what is opened here is used only after the signature around it was
verified. ``info`` carries the fields of the envelope, so an envelope moved elsewhere does not open.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from client.crypto.secret import Secret
from client.errors import DecryptionFailed, FormatRefused, LimitExceeded

PREFIX = "hpke-mlkem768-x25519:"
PUBLIC_SIZE = 1184 + 32
PRIVATE_SIZE = 64 + 32
ENC_SIZE = 1088 + 32
MAX_PLAIN = 64 * 1024
"""Envelopes carry keys, not papers."""
MAX_SEALED = ENC_SIZE + MAX_PLAIN + 16

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealingKey:
    """A device's key for opening envelopes; the public half is :attr:`public`."""

    __slots__ = ("_key", "_mlkem", "_x25519", "public")

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._mlkem = mlkem
        self._x25519 = x25519
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        halves = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        self.public: str = PREFIX + base64.urlsafe_b64encode(halves).rstrip(b"=").decode()

    @classmethod
    def generate(cls) -> SealingKey:
        """A fresh key pair."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_private(cls, private: Secret) -> SealingKey:
        """The key pair :meth:`private_bytes` described.

        Raises:
            FormatRefused: Not 96 bytes.
        """
        if len(private) != PRIVATE_SIZE:
            raise FormatRefused(f"sealing key of {len(private)} bytes")
        raw = private.reveal()
        return cls(MLKEM768PrivateKey.from_seed_bytes(raw[:64]), X25519PrivateKey.from_private_bytes(raw[64:]))

    def private_bytes(self) -> Secret:
        """ML-KEM-768 seed (64 bytes, FIPS 203 ``d || z``), then the X25519 scalar (32)."""
        return Secret(self._mlkem.private_bytes_raw() + self._x25519.private_bytes_raw())

    def open(self, info: bytes, sealed: bytes) -> bytes:
        """What :func:`seal_to` sealed to this key with the same ``info``.

        Raises:
            LimitExceeded: More than 64 KiB.
            DecryptionFailed: Another key's, another ``info``, or altered.
        """
        if len(sealed) > MAX_SEALED:
            raise LimitExceeded(f"envelope of {len(sealed)} bytes")
        if len(sealed) < ENC_SIZE + 16:
            raise DecryptionFailed(f"envelope of {len(sealed)} bytes")
        try:
            return _SUITE.decrypt(sealed, self._key, info)
        except (InvalidTag, ValueError) as error:
            raise DecryptionFailed("envelope") from error


def generate() -> SealingKey:
    """A fresh key pair."""
    return SealingKey.generate()


def seal_to(public: str, info: bytes, plain: bytes) -> bytes:
    """``enc(1120) || sealed`` that only the holder of ``public`` opens.

    Raises:
        FormatRefused: ``public`` is not a sealing key.
        LimitExceeded: More than 64 KiB.
    """
    if len(plain) > MAX_PLAIN:
        raise LimitExceeded(f"{len(plain)} bytes to seal")
    return _SUITE.encrypt(plain, _decode(public), info)


def check_public(public: str) -> None:
    """Refuse what is not the spelling of a sealing key.

    Raises:
        FormatRefused: Wrong prefix, alphabet, length or key.
    """
    _decode(public)


@lru_cache(maxsize=1024)
def _decode(public: str) -> MLKEM768X25519PublicKey:
    text = public.removeprefix(PREFIX)
    if text == public or len(text) != (PUBLIC_SIZE * 4 + 2) // 3:
        raise FormatRefused("sealing key: prefix or length")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:1184]), X25519PublicKey.from_public_bytes(raw[1184:])
        )
    except (binascii.Error, ValueError) as error:
        raise FormatRefused("sealing key: alphabet or key") from error

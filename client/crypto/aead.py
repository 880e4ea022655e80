# SPDX-License-Identifier: AGPL-3.0-or-later
"""AES-256-GCM (NIST SP 800-38D) for small values with a nonce the caller never repeats.

Only ``client.crypto`` and ``client.keys`` use it; papers, manifests and notes go through ``stream``, which
derives a key per message and so has no nonce to get wrong.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from client.crypto.secret import Secret
from client.errors import DecryptionFailed

KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16


def cipher(key: Secret) -> AESGCM:
    """The cipher under ``key``.

    Raises:
        DecryptionFailed: If the key is not 32 bytes; AES-128 keys are refused, not silently accepted.
    """
    if len(key) != KEY_SIZE:
        raise DecryptionFailed(f"key of {len(key)} bytes")
    return AESGCM(key.reveal())


def seal(key: Secret, nonce: bytes, plain: bytes, aad: bytes) -> bytes:
    """``plain`` sealed, the 16-byte tag at its end; ``aad`` is authenticated, not hidden."""
    if len(nonce) != NONCE_SIZE:
        raise ValueError(f"nonce of {len(nonce)} bytes")
    return cipher(key).encrypt(nonce, plain, aad)


def open_(key: Secret, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The inverse of :func:`seal`.

    Raises:
        DecryptionFailed: Wrong key, nonce or ``aad``, or altered bytes.
    """
    if len(nonce) != NONCE_SIZE or len(sealed) < TAG_SIZE:
        raise DecryptionFailed(f"nonce of {len(nonce)}, sealed of {len(sealed)} bytes")
    try:
        return cipher(key).decrypt(nonce, sealed, aad)
    except InvalidTag as error:
        raise DecryptionFailed("tag") from error

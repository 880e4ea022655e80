# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signatures: ECDSA on P-256 with SHA-256 (FIPS 186-5), written as 64 bytes ``r || s`` (RFC 9421, 3.3.4).

A signature is never an identity: ``(r, s)`` has a twin ``(r, n - s)`` that verifies as well, so objects are
named by the hash of their payload. Public keys have one spelling: ``p256:`` and the compressed SEC 1 point
in base64url without padding.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from client.crypto.secret import Secret
from client.errors import FormatRefused, SignatureInvalid

PREFIX = "p256:"
SIGNATURE_SIZE = 64
_POINT_SIZE = 33
_HALF = SIGNATURE_SIZE // 2
_ECDSA = ec.ECDSA(hashes.SHA256())


class Signs(Protocol):
    """Whatever can sign: a key in memory, or one that never leaves its token."""

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of ``data`` (hashed inside)."""
        ...


class SigningKey:
    """A P-256 key pair; the public half is :attr:`public`."""

    __slots__ = ("_key", "public")

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public: str = encode_public(key.public_key())

    @classmethod
    def generate(cls) -> SigningKey:
        """A fresh key pair."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_private(cls, private: Secret) -> SigningKey:
        """The key pair in ``private`` (PKCS #8, DER, unencrypted).

        Raises:
            FormatRefused: Not such a key, or of another curve.
        """
        try:
            key = load_der_private_key(private.reveal(), password=None)
        except (ValueError, TypeError) as error:
            raise FormatRefused("signing key: not PKCS #8") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise FormatRefused("signing key: not P-256")
        return cls(key)

    def private_bytes(self) -> Secret:
        """PKCS #8, DER, unencrypted: seal it before it leaves memory."""
        return Secret(self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of ``data`` (hashed here)."""
        r, s = decode_dss_signature(self._key.sign(data, _ECDSA))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def verify(public: str, signature: bytes, data: bytes) -> None:
    """Return only if ``signature`` is ``public``'s for ``data``.

    Raises:
        SignatureInvalid: It is not, or is not 64 bytes.
        FormatRefused: ``public`` is not a key.
    """
    if len(signature) != SIGNATURE_SIZE:
        raise SignatureInvalid(f"signature of {len(signature)} bytes")
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        decode_public(public).verify(encode_dss_signature(r, s), data, _ECDSA)
    except InvalidSignature as error:
        raise SignatureInvalid("ecdsa") from error


def encode_public(key: ec.EllipticCurvePublicKey) -> str:
    """The one spelling of a public key."""
    point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return PREFIX + base64.urlsafe_b64encode(point).decode()  # 33 bytes need no padding


def public_from_der(der: bytes) -> str:
    """The same from a SubjectPublicKeyInfo, as tokens give it.

    Raises:
        FormatRefused: Not a P-256 key.
    """
    try:
        key = load_der_public_key(der)
    except ValueError as error:
        raise FormatRefused("public key: DER") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise FormatRefused("public key: not P-256")
    return encode_public(key)


@lru_cache(maxsize=4096)
def decode_public(public: str) -> ec.EllipticCurvePublicKey:
    """The key spelled by ``public``; kept, because a service checks the same few hundred over and over.

    Raises:
        FormatRefused: Wrong prefix, alphabet, length, or not a point of the curve.
    """
    text = public.removeprefix(PREFIX)
    if text == public or len(text) != _POINT_SIZE * 4 // 3:
        raise FormatRefused("public key: prefix or length")
    try:
        point = base64.b64decode(text, altchars=b"-_", validate=True)
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (binascii.Error, ValueError) as error:
        raise FormatRefused("public key: alphabet or point") from error

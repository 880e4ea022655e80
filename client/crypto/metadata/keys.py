# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys between our spelling (``p256:...``, 64-byte signatures) and TUF's (PEM, DER signatures).

One algorithm: ECDSA P-256 with SHA-256. A key of any other kind, or one key under two ids (it would count twice
towards a threshold), refuses the whole role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SSlibKey

from client.crypto.signing import SIGNATURE_SIZE, SigningKey, Signs, decode_public, encode_public
from client.errors import FormatRefused

KEY_TYPE = "ecdsa"
SCHEME = "ecdsa-sha2-nistp256"


class SigningPort(Protocol):
    """A private key, wherever it lives: memory, a sealed file, a token."""

    @property
    def keyid(self) -> str:
        """The id it is known by."""
        ...

    @property
    def public(self) -> str:
        """``p256:...``."""
        ...

    @property
    def key(self) -> Signs:
        """What signs, for those who take id and key apart."""
        ...

    def sign(self, data: bytes) -> bytes:
        """64 bytes ``r || s`` over SHA-256 of ``data``."""
        ...


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key in memory under its id; a ``SigningPort``."""

    keyid: str
    key: SigningKey

    @property
    def public(self) -> str:
        """``p256:...``."""
        return self.key.public

    def sign(self, data: bytes) -> bytes:
        """64 bytes over SHA-256 of ``data``."""
        return self.key.sign(data)


class RoleSigner(Signer):
    """A ``SigningPort`` as the library wants it."""

    def __init__(self, port: SigningPort) -> None:
        self._port = port

    @property
    def public_key(self) -> Key:
        """The public half."""
        return tuf_key(self._port.keyid, self._port.public)

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> Signer:
        """Keys are opened by the secretariat's own code, never by a URI inside metadata."""
        del public_key, secrets_handler
        raise ValueError(f"no key behind {priv_key_uri}")

    def sign(self, payload: bytes) -> Signature:
        """A DER signature in hexadecimal."""
        raw = self._port.sign(payload)
        half = SIGNATURE_SIZE // 2
        der = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        return Signature(self._port.keyid, der.hex())


def tuf_key(keyid: str, public: str) -> SSlibKey:
    """A public key in TUF's spelling."""
    pem = decode_public(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return SSlibKey(keyid, KEY_TYPE, SCHEME, {"public": pem.decode()})


def public_of(key: Key) -> str:
    """A key of metadata in our spelling.

    Raises:
        FormatRefused: Not ECDSA P-256.
    """
    pem = key.keyval.get("public")
    if (key.keytype, key.scheme) != (KEY_TYPE, SCHEME) or not isinstance(pem, str):
        raise FormatRefused(f"key {key.keyid}: not {SCHEME}")
    try:
        loaded = load_pem_public_key(pem.encode())
    except ValueError as error:
        raise FormatRefused(f"key {key.keyid}: PEM") from error
    if not isinstance(loaded, ec.EllipticCurvePublicKey) or not isinstance(loaded.curve, ec.SECP256R1):
        raise FormatRefused(f"key {key.keyid}: curve")
    return encode_public(loaded)


def publics_of(keys: Iterable[Key]) -> dict[str, str]:
    """Key id to public key.

    Raises:
        FormatRefused: Another algorithm, or one key under two ids.
    """
    found = {key.keyid: public_of(key) for key in keys}
    if len(set(found.values())) != len(found):
        raise FormatRefused("one key under two ids")
    return found

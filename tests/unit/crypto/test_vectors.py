# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every outside vector, through the functions as the program calls them."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from client.crypto import aead, kdf, signing, stream
from client.crypto.secret import Secret
from client.errors import DecryptionFailed, EcabinetError, FormatRefused, SignatureInvalid

pytestmark = pytest.mark.vectors


def load(shared: Path, name: str, count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    document = json.loads((shared / "vectors" / f"wycheproof_{name}_test.json").read_text())
    pairs = [(group, test) for group in document["testGroups"] for test in group["tests"]]
    assert len(pairs) == document["numberOfTests"] == count
    yield from pairs


def opened_by_pieces(key: Secret, context: bytes, sealed: bytes, piece: int) -> tuple[bytes, bool]:
    """What an opener gives away, and whether it accepted the whole."""
    plain = b""
    try:
        opener = stream.StreamOpener(key, context)
        for at in range(0, len(sealed), piece):
            plain += opener.update(sealed[at : at + piece])
        plain += opener.finish()
    except DecryptionFailed:
        return plain, False
    return plain, True


@pytest.mark.parametrize("piece", [16_400, 5_000, 100_000, 10**9])
def test_chunked_encryption_by_pieces(shared: Path, piece: int) -> None:
    for _, test in load(shared, "c2sp_chunked_encryption_aes_256_gcm", 35):
        key, context = Secret(bytes.fromhex(test["key"])), bytes.fromhex(test["ctx"])
        sealed = zlib.decompress(bytes.fromhex(test["ct"]))
        plain, accepted = opened_by_pieces(key, context, sealed, piece)
        assert accepted == (test["result"] == "valid"), test["comment"]
        assert len(plain) <= test.get("msgLength", 0), test["comment"]
        if accepted or (piece < 16_400 and "PartialPlaintext" in test["flags"]):
            assert hashlib.sha512(plain).hexdigest() == test["msgSha512"], test["comment"]


def test_chunked_encryption_at_once(shared: Path) -> None:
    for _, test in load(shared, "c2sp_chunked_encryption_aes_256_gcm", 35):
        key, context = Secret(bytes.fromhex(test["key"])), bytes.fromhex(test["ctx"])
        sealed = zlib.decompress(bytes.fromhex(test["ct"]))
        if test["result"] == "valid":
            plain = stream.open_bytes(key, context, sealed, limit=test["msgLength"])
            assert hashlib.sha512(plain).hexdigest() == test["msgSha512"]
            salt = sealed[: stream.SALT_SIZE]
            assert stream.seal_bytes(key, context, plain, rng=lambda _, salt=salt: salt) == sealed
        else:
            with pytest.raises(DecryptionFailed):
                stream.open_bytes(key, context, sealed, limit=10**8)


def test_aes_gcm(shared: Path) -> None:
    checked = 0
    for group, test in load(shared, "aes_gcm", 316):
        key, nonce = Secret(bytes.fromhex(test["key"])), bytes.fromhex(test["iv"])
        sealed, aad = bytes.fromhex(test["ct"] + test["tag"]), bytes.fromhex(test["aad"])
        ours = group["keySize"] == 256 and group["ivSize"] == 96
        if ours and test["result"] == "valid":
            plain = bytes.fromhex(test["msg"])
            assert aead.open_(key, nonce, sealed, aad) == plain
            assert aead.seal(key, nonce, plain, aad) == sealed
            checked += 1
        else:  # AES-128, AES-192 and other nonce sizes are refused, right tag or not
            with pytest.raises(DecryptionFailed):
                aead.open_(key, nonce, sealed, aad)
    assert checked > 30


def test_hkdf(shared: Path) -> None:
    for _, test in load(shared, "hkdf_sha256", 86):
        ikm = Secret(bytes.fromhex(test["ikm"]))
        salt, info = bytes.fromhex(test["salt"]), bytes.fromhex(test["info"])
        if test["result"] == "invalid":
            with pytest.raises(FormatRefused):
                kdf.hkdf(ikm, salt, info, test["size"])
        else:
            assert kdf.hkdf(ikm, salt, info, test["size"]).reveal().hex() == test["okm"]


def raw_signature(der: bytes) -> bytes:
    """``r || s`` of a DER signature; what does not fit becomes bytes that cannot be one."""
    try:
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except (ValueError, OverflowError):
        return der


def test_ecdsa(shared: Path) -> None:
    accepted = 0
    for group, test in load(shared, "ecdsa_secp256r1_sha256", 484):
        public = signing.encode_public(load_der_public_key(bytes.fromhex(group["publicKeyDer"])))  # type: ignore[arg-type]
        signature, message = raw_signature(bytes.fromhex(test["sig"])), bytes.fromhex(test["msg"])
        if test["result"] == "valid":
            signing.verify(public, signature, message)
            accepted += 1
        else:
            with pytest.raises(SignatureInvalid):
                signing.verify(public, signature, message)
    assert accepted > 100


@pytest.mark.parametrize(
    "public",
    [
        "",
        "p256:",
        "p256:" + "A" * 44,
        "P256:" + "A" * 44,
        "p256:" + base64.urlsafe_b64encode(b"\x02" + b"\xff" * 32).decode(),
        "p256:" + base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode(),
        "p256:" + "é" * 44,
    ],
)
def test_what_is_not_a_public_key_is_refused(public: str) -> None:
    with pytest.raises(EcabinetError) as caught:
        signing.verify(public, bytes(64), b"")
    assert isinstance(caught.value, FormatRefused)

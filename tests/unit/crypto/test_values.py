# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets, hashes, keys, envelopes of keys and PIN stretching."""

from __future__ import annotations

import copy
import hashlib
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from client.crypto import aead, hashing, hpke, kdf, signing
from client.crypto.hpke import SealingKey
from client.crypto.kdf import Argon2Params
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.errors import DecryptionFailed, FormatRefused, LimitExceeded, SignatureInvalid

LIGHT = Argon2Params(memory_kib=64, iterations=1, lanes=1, testing=True)


def test_a_secret_never_prints_travels_or_hashes() -> None:
    secret = Secret(b"canary-value")
    for shown in (repr(secret), str(secret), f"{secret}", f"{[secret]!r}", f"{secret!s:>30}".strip()):
        assert "canary" not in shown
    assert repr(secret) == "Secret(12 bytes)"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)
    with pytest.raises(TypeError):
        bytes(secret)  # type: ignore[call-overload]
    assert not hasattr(secret, "__dict__")


def test_secrets_compare_by_value() -> None:
    assert Secret(b"a") == Secret(bytearray(b"a"))
    assert Secret(b"a") != Secret(b"b")
    assert Secret(b"a") != b"a"
    assert copy.deepcopy(Secret(b"a")) == copy.copy(Secret(b"a")) == Secret(b"a")
    assert len(Secret.random(48, system_random)) == 48
    assert Secret(b"keysalt").part(3, 7) == Secret(b"salt")


@given(st.binary(max_size=300), st.integers(0, 300))
def test_hashing_in_pieces(data: bytes, cut: int) -> None:
    hasher = hashing.Hasher()
    hasher.update(data[:cut])
    hasher.update(memoryview(data)[cut:])
    assert hasher.digest() == hashing.sha256(data) == "sha256:" + hashlib.sha256(data).hexdigest()
    assert hashing.short(hasher.digest()) == hashlib.sha256(data).hexdigest()[:8]
    assert hashing.is_hash(hasher.digest())


@pytest.mark.parametrize(
    "name", ["", "sha256:", "sha256:" + "A" * 64, "sha256:" + "0" * 63, "sha256:" + "0" * 64 + "\n"]
)
def test_what_is_not_a_hash(name: str) -> None:
    assert not hashing.is_hash(name)


def test_aead_refuses_sizes() -> None:
    for key, nonce in ((Secret(bytes(16)), bytes(12)), (Secret(bytes(32)), bytes(11))):
        with pytest.raises(DecryptionFailed):
            aead.open_(key, nonce, bytes(32), b"")
    with pytest.raises(ValueError, match="nonce"):
        aead.seal(Secret(bytes(32)), bytes(8), b"", b"")


def test_signing_keys_round_trip() -> None:
    key = SigningKey.generate()
    again = SigningKey.from_private(key.private_bytes())
    assert again.public == key.public
    assert key.public.startswith("p256:")
    signature = again.sign(b"data")
    assert len(signature) == 64
    signing.verify(key.public, signature, b"data")
    other = SigningKey.generate()
    for public, sig, data in (
        (other.public, signature, b"data"),
        (key.public, signature, b"datb"),
        (key.public, signature[:-1], b"data"),
        (key.public, signature + b"\0", b"data"),
        (key.public, bytes(64), b"data"),
        (key.public, b"\xff" * 64, b"data"),
    ):
        with pytest.raises(SignatureInvalid):
            signing.verify(public, sig, data)


def test_signing_key_of_another_curve_is_refused() -> None:
    p384 = ec.generate_private_key(ec.SECP384R1())
    for private in (b"", b"junk", p384.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())):
        with pytest.raises(FormatRefused):
            SigningKey.from_private(Secret(private))


def test_envelopes_of_keys() -> None:
    key = hpke.generate()
    assert SealingKey.from_private(key.private_bytes()).public == key.public
    hpke.check_public(key.public)
    sealed = hpke.seal_to(key.public, b"info", b"scope key")
    assert key.open(b"info", sealed) == b"scope key"
    assert SealingKey.from_private(key.private_bytes()).open(b"info", sealed) == b"scope key"
    assert sealed != hpke.seal_to(key.public, b"info", b"scope key")
    with pytest.raises(DecryptionFailed):
        key.open(b"other", sealed)
    with pytest.raises(DecryptionFailed):
        hpke.generate().open(b"info", sealed)
    for at in (0, 1087, 1088, 1119, 1120, len(sealed) - 1):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(DecryptionFailed):
            key.open(b"info", bytes(broken))
    for size in (0, 1, 1120, len(sealed) - 1):
        with pytest.raises(DecryptionFailed):
            key.open(b"info", sealed[:size])


def test_envelope_limits() -> None:
    key = hpke.generate()
    assert len(key.open(b"", hpke.seal_to(key.public, b"", bytes(hpke.MAX_PLAIN)))) == hpke.MAX_PLAIN
    with pytest.raises(LimitExceeded):
        hpke.seal_to(key.public, b"", bytes(hpke.MAX_PLAIN + 1))
    with pytest.raises(LimitExceeded):
        key.open(b"", bytes(hpke.MAX_SEALED + 1))
    with pytest.raises(FormatRefused):
        SealingKey.from_private(Secret(bytes(95)))


@pytest.mark.parametrize(
    "edit", [lambda p: p[:-1], lambda p: p + "A", lambda p: "p256:" + p[21:], lambda p: p[:-4] + "!!!!"]
)
def test_what_is_not_a_sealing_key(edit: object) -> None:
    with pytest.raises(FormatRefused):
        hpke.seal_to(edit(hpke.generate().public), b"", b"")  # type: ignore[operator]


def test_argon2id_matches_its_inputs() -> None:
    one = kdf.argon2id("135790", b"saltsalt", params=LIGHT)
    assert one == kdf.argon2id(b"135790", b"saltsalt", params=LIGHT)
    assert one != kdf.argon2id("135791", b"saltsalt", params=LIGHT)
    assert one != kdf.argon2id("135790", b"saltsalu", params=LIGHT)
    assert len(one) == kdf.PIN_KEY_SIZE
    with pytest.raises(FormatRefused):
        kdf.argon2id("135790", b"salt", params=LIGHT)


@pytest.mark.parametrize(
    ("memory", "iterations", "lanes"),
    [
        (kdf.MIN_MEMORY_KIB - 1, 3, 1),
        (65536, 1, 1),
        (kdf.MAX_MEMORY_KIB + 1, 3, 1),
        (65536, 33, 1),
        (65536, 3, 17),
        (65536, 3, 0),
    ],
)
def test_weak_or_absurd_costs_are_refused(memory: int, iterations: int, lanes: int) -> None:
    with pytest.raises(FormatRefused):
        Argon2Params(memory_kib=memory, iterations=iterations, lanes=lanes)


def test_costs_at_the_edge_are_taken() -> None:
    assert Argon2Params(memory_kib=kdf.MIN_MEMORY_KIB, iterations=2).lanes == 1
    assert Argon2Params(memory_kib=kdf.MAX_MEMORY_KIB, iterations=32, lanes=16).iterations == 32

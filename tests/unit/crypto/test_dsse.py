# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed objects: what opens, and everything that must not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope

from client.crypto import dsse, hashing, signing
from client.crypto.signing import SigningKey
from client.errors import FormatRefused, LimitExceeded, SignatureInvalid, Untrusted

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
KEYS = {"d_1": KEY.public, "d_2": OTHER.public}


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2_000))
def test_a_payload_comes_back_byte_for_byte(payload: bytes) -> None:
    envelope = dsse.sign(payload, keyid="d_1", key=KEY)
    opened = dsse.open_(envelope, KEYS)
    assert opened == dsse.Opened(payload, "d_1")
    assert opened.hash == hashing.sha256(payload)
    assert dsse.peek_unverified(envelope) == (payload, ("d_1",))


def test_the_library_reads_what_we_write() -> None:
    envelope = Envelope.from_dict(json.loads(dsse.sign(b"x", keyid="d_1", key=KEY)))
    assert (envelope.payload, envelope.payload_type) == (b"x", dsse.PAYLOAD_TYPE)
    signing.verify(KEY.public, bytes.fromhex(envelope.signatures["d_1"].signature), envelope.pae())


def test_two_signatures() -> None:
    both = dsse.add_signature(dsse.sign(b"x", keyid="d_1", key=KEY), keyid="d_2", key=OTHER)
    assert dsse.open_(both, KEYS).keyid == "d_1"
    assert dsse.open_(both, {"d_2": OTHER.public}).keyid == "d_2"
    with pytest.raises(FormatRefused):
        dsse.add_signature(both, keyid="d_2", key=OTHER)
    with pytest.raises(SignatureInvalid):  # one listed signer is right, the other is not who it says
        dsse.open_(both, {"d_1": KEY.public, "d_2": KEY.public})


def test_signers_that_are_not_listed() -> None:
    envelope = dsse.sign(b"x", keyid="d_1", key=KEY)
    for keys in ({}, {"d_2": KEY.public}, {"d_1": OTHER.public}):
        with pytest.raises(SignatureInvalid):
            dsse.open_(envelope, keys)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_flipped_bit_opens_as_something_else(data: st.DataObject) -> None:
    envelope = bytearray(dsse.sign(b'{"t":"ecab.vote/1"}', keyid="d_1", key=KEY))
    bit = data.draw(st.integers(0, len(envelope) * 8 - 1))
    envelope[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Untrusted):
        dsse.open_(bytes(envelope), KEYS)


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dsse.sign(b"payload!", keyid="d_1", key=KEY))
    return found


def changed(**fields: Any) -> bytes:
    return json.dumps({**document(), **fields}).encode()


SIG = document()["signatures"][0]


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"payload":NaN}',
        changed(extra=1),
        changed(payloadType="application/json"),
        changed(payload=1),
        changed(payload="cGF5bG9hZCE"),
        changed(payload="cGF5bG9hZCF="),
        changed(payload="cGF5 bG9hZCE="),
        changed(payload="cGF5bG9hZCE=\n"),
        changed(payload="_-8="),
        changed(payload="é"),
        changed(signatures=[]),
        changed(signatures={}),
        changed(signatures=[SIG, SIG]),
        changed(signatures=[{"keyid": f"k{n}", "sig": SIG["sig"]} for n in range(9)]),
        changed(signatures=[{**SIG, "keyid": ""}]),
        changed(signatures=[{**SIG, "keyid": "x" * 81}]),
        changed(signatures=[{**SIG, "keyid": "a\n"}]),
        changed(signatures=[{**SIG, "keyid": "đ"}]),
        changed(signatures=[{**SIG, "keyid": 7}]),
        changed(signatures=[{**SIG, "extra": 7}]),
        changed(signatures=[{"sig": SIG["sig"]}]),
        dsse.sign(b"payload!", keyid="d_1", key=KEY).replace(b'{"payload"', b'{"payload":"eA==","payload"', 1),
        dsse.sign(b"payload!", keyid="d_1", key=KEY).replace(b'{"keyid"', b'{"keyid":"d_2","keyid"', 1),
    ],
)
def test_what_is_not_an_envelope(envelope: bytes) -> None:
    with pytest.raises(FormatRefused):
        dsse.open_(envelope, KEYS)
    with pytest.raises(FormatRefused):
        dsse.peek_unverified(envelope)


def test_eight_signatures_are_still_one_envelope() -> None:
    envelope = dsse.sign(b"x", keyid="k0", key=KEY)
    for n in range(1, 8):
        envelope = dsse.add_signature(envelope, keyid=f"k{n}", key=KEY)
    assert len(dsse.peek_unverified(envelope)[1]) == dsse.MAX_SIGNATURES
    assert base64.b64encode(b"x").decode() in envelope.decode()


def test_limit_one_over_and_one_under() -> None:
    envelope = dsse.sign(b"x" * 100, keyid="d_1", key=KEY)
    assert dsse.open_(envelope, KEYS, limit=len(envelope)).payload == b"x" * 100
    with pytest.raises(LimitExceeded):
        dsse.open_(envelope, KEYS, limit=len(envelope) - 1)
    with pytest.raises(LimitExceeded):
        dsse.peek_unverified(b" " * (dsse.MAX_ENVELOPE + 1))

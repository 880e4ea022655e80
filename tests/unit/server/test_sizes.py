# SPDX-License-Identifier: AGPL-3.0-or-later
"""Envelope limits fit the payload limits they stand for."""

from __future__ import annotations

import pytest

from client.crypto import dsse, stream
from client.crypto.signing import SigningKey
from client.protocol import codec
from server import sizes


@pytest.mark.parametrize("payload", [0, 1, 2, codec.MAX_ENVELOPE, codec.MAX_STATEMENT])
def test_largest_payload_with_all_signatures_fits(payload: int) -> None:
    key = SigningKey.generate()
    envelope = dsse.sign(b"x" * payload, keyid="k" * dsse.MAX_KEYID, key=key)
    for number in range(dsse.MAX_SIGNATURES - 1):
        envelope = dsse.add_signature(envelope, keyid=f"{number}" + "k" * (dsse.MAX_KEYID - 1), key=key)
    assert len(envelope) <= sizes.enveloped(payload)
    dsse.open_(envelope, {"k" * dsse.MAX_KEYID: key.public}, limit=sizes.enveloped(payload))


def test_largest_sealed_manifest_fits() -> None:
    assert stream.sealed_size(codec.MAX_MANIFEST) <= sizes.TARGET

# SPDX-License-Identifier: AGPL-3.0-or-later
"""DSSE envelopes (Dead Simple Signing Envelope, v1): the form of every signed object.

The payload travels as the exact bytes that were signed; nothing here parses it. An object's identity is
``hashing.sha256(payload)``, never a hash of the envelope or of a signature.

Rules: one JSON object with exactly ``payload``, ``payloadType``, ``signatures``; no key twice, no signer
twice, canonical base64, sizes capped; one payload type. A listed signer whose signature does not verify
refuses the whole envelope, even if another one verifies.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securesystemslib.dsse import Envelope

from client.crypto import hashing, signing
from client.crypto.signing import Signs
from client.errors import FormatRefused, LimitExceeded, SignatureInvalid

PAYLOAD_TYPE = "application/vnd.ecabinet+json"
MAX_ENVELOPE = 4 * 1024 * 1024
MAX_SIGNATURES = 8
MAX_KEYID = 80


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose signature was verified.

    Args:
        payload: The signed bytes.
        keyid: Whose signature verified: the first one of the envelope among the given keys.
    """

    payload: bytes
    keyid: str

    @property
    def hash(self) -> str:
        """The object's identity."""
        return hashing.sha256(self.payload)


def sign(payload: bytes, *, keyid: str, key: Signs) -> bytes:
    """An envelope (UTF-8 JSON) around ``payload`` with one signature."""
    return _write(payload, {keyid: key.sign(_pae(payload))})


def add_signature(envelope: bytes, *, keyid: str, key: Signs, limit: int = MAX_ENVELOPE) -> bytes:
    """The same envelope with one more signature; the payload's bytes stay as they are.

    Raises:
        FormatRefused: Not an envelope, or ``keyid`` has signed already.
    """
    payload, signatures = _parse(envelope, limit)
    if keyid in signatures:
        raise FormatRefused("signer already present")
    return _write(payload, {**signatures, keyid: key.sign(_pae(payload))})


def open_(envelope: bytes, keys: Mapping[str, str], *, limit: int = MAX_ENVELOPE) -> Opened:
    """The payload, once a key of ``keys`` (keyid to public key) verified.

    Raises:
        SignatureInvalid: No listed signer, or a listed signer's signature is wrong.
        LimitExceeded: Larger than ``limit`` bytes.
        FormatRefused: Not an envelope of ours.
    """
    payload, signatures = _parse(envelope, limit)
    listed = [keyid for keyid in signatures if keyid in keys]
    if not listed:
        raise SignatureInvalid("no listed signer")
    signed = _pae(payload)
    for keyid in listed:
        signing.verify(keys[keyid], signatures[keyid], signed)
    return Opened(payload, listed[0])


def peek_unverified(envelope: bytes, *, limit: int = MAX_ENVELOPE) -> tuple[bytes, tuple[str, ...]]:
    """Payload and signers **without any check of signatures**: only for choosing the keys to verify with.

    Raises:
        LimitExceeded: Larger than ``limit`` bytes.
        FormatRefused: Not an envelope of ours.
    """
    payload, signatures = _parse(envelope, limit)
    return payload, tuple(signatures)


def _pae(payload: bytes) -> bytes:
    """What is signed: DSSE's pre-authentication encoding."""
    return Envelope(payload, PAYLOAD_TYPE, {}).pae()


def _write(payload: bytes, signatures: Mapping[str, bytes]) -> bytes:
    for keyid in signatures:
        _check_keyid(keyid)
    document = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(sig).decode()} for keyid, sig in signatures.items()],
    }
    return json.dumps(document, separators=(",", ":")).encode()


def _parse(envelope: bytes, limit: int) -> tuple[bytes, dict[str, bytes]]:
    if len(envelope) > limit:
        raise LimitExceeded(f"envelope of {len(envelope)} bytes")
    try:
        document = json.loads(envelope.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        raise FormatRefused("envelope: not JSON") from error
    fields = _fields(document, {"payload", "payloadType", "signatures"})
    if fields["payloadType"] != PAYLOAD_TYPE:
        raise FormatRefused("envelope: payload type")
    entries = fields["signatures"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_SIGNATURES:
        raise FormatRefused("envelope: signatures")
    signatures: dict[str, bytes] = {}
    for entry in entries:
        signature = _fields(entry, {"keyid", "sig"})
        keyid = _check_keyid(signature["keyid"])
        if keyid in signatures:
            raise FormatRefused("envelope: signer twice")
        signatures[keyid] = _unbase64(signature["sig"])
    return _unbase64(fields["payload"]), signatures


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormatRefused("envelope: key twice")
    return found


def _refuse_constant(name: str) -> Any:
    raise FormatRefused(f"envelope: {name}")


def _fields(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != names:
        raise FormatRefused("envelope: fields")
    return value


def _check_keyid(keyid: object) -> str:
    if not isinstance(keyid, str) or not 1 <= len(keyid) <= MAX_KEYID or not (keyid.isascii() and keyid.isprintable()):
        raise FormatRefused("envelope: keyid")
    return keyid


def _unbase64(text: object) -> bytes:
    """Standard base64 in its only canonical spelling (no stray bits, no missing padding)."""
    if not isinstance(text, str):
        raise FormatRefused("envelope: base64")
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FormatRefused("envelope: base64") from error
    if base64.b64encode(raw).decode() != text:
        raise FormatRefused("envelope: base64 not canonical")
    return raw

# SPDX-License-Identifier: AGPL-3.0-or-later
"""DSSE envelopes (Dead Simple Signing Envelope 1.0) around in-toto statements, with nothing but ``openssl``.

A signing machine and an administrator's machine have no Python packages; the envelope is three fields and its signed
bytes are ``DSSEv1 <length> <type> <length> <payload>``. A test reads ours with securesystemslib.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import cms, signing
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.signing import Signing

INTOTO: Final = "application/vnd.in-toto+json"
MAX_ENVELOPE: Final = 4 * 1024 * 1024


def pae(payload: bytes, kind: str) -> bytes:
    """Pre-authentication encoding: the bytes that are signed."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def key_id(chain: Path) -> str:
    """Hex SHA-256 of the signer's public key, as PEM."""
    return hashlib.sha256(signing.public_key(chain)).hexdigest()


def envelope(payload: bytes, config: Signing, kind: str = INTOTO) -> bytes:
    """``payload`` signed, as one line of JSON."""
    made = signing.raw(config, pae(payload, kind))
    signatures = [{"keyid": key_id(Path(config.chain)), "sig": base64.b64encode(made).decode()}]
    document = {"payload": base64.b64encode(payload).decode(), "payloadType": kind, "signatures": signatures}
    return (json.dumps(document, sort_keys=True) + "\n").encode()


def opened(data: bytes, chain: Path, kind: str = INTOTO) -> bytes:
    """The payload of an envelope that the first certificate in ``chain`` signed.

    Raises:
        NotVerified: Not an envelope of this kind, too long, or that key did not sign it.
    """
    if len(data) > MAX_ENVELOPE:
        raise NotVerified("provenance: too long")
    try:
        document: dict[str, Any] = json.loads(data)
        payload = base64.b64decode(document["payload"], validate=True)
        found = [(one["keyid"], base64.b64decode(one["sig"], validate=True)) for one in document["signatures"]]
        said = document["payloadType"]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise NotVerified("provenance: not an envelope") from error
    mine = key_id(chain)
    if said != kind or not any(
        ident == mine and cms.verify_raw(pae(payload, kind), signature, chain) for ident, signature in found
    ):
        raise NotVerified("provenance: not signed by this release's signer")
    return payload

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device holds: one key per purpose (protocol.md, section 1), and the fingerprint read out at enrolment.

The encoding below lives only inside the sealed key file and the vault that writes it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from client.crypto.fingerprint import Fingerprint, fingerprint
from client.crypto.hpke import SealingKey
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.errors import FormatRefused, KeyFileDamaged

__all__ = ["DATABASE_KEY_SIZE", "DeviceKeys", "Fingerprint", "decode", "encode", "fingerprint", "generate"]

DATABASE_KEY_SIZE = 48
"""32 bytes of raw SQLCipher key and 16 of salt."""


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """All keys of one device.

    Args:
        device_id: ``d_...``; public.
        signing: Requests, votes, comments, note batches.
        sealing: Opens envelopes.
        record_key: Of ``record.db``: 32 bytes key, 16 bytes salt.
        papers_key: Of ``papers.db``, likewise.
        anchors: Public keys pinned at enrolment (key id to ``p256:...``); not secret.
    """

    device_id: str
    signing: SigningKey
    sealing: SealingKey
    record_key: Secret
    papers_key: Secret
    anchors: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if {len(self.record_key), len(self.papers_key)} != {DATABASE_KEY_SIZE}:
            raise FormatRefused("database key size")
        object.__setattr__(self, "anchors", MappingProxyType(dict(self.anchors)))

    @property
    def fingerprint(self) -> Fingerprint:
        """What the registrar compares in person."""
        return fingerprint(self.signing.public, self.sealing.public)


def generate(device_id: str, rng: Random, *, anchors: Mapping[str, str] | None = None) -> DeviceKeys:
    """Fresh keys for a device about to enrol."""
    return DeviceKeys(
        device_id=device_id,
        signing=SigningKey.generate(),
        sealing=SealingKey.generate(),
        record_key=Secret.random(DATABASE_KEY_SIZE, rng),
        papers_key=Secret.random(DATABASE_KEY_SIZE, rng),
        anchors=anchors or {},
    )


def encode(keys: DeviceKeys) -> bytes:
    """All keys in clear, for the sealed key file only."""
    secrets = {
        "signing": keys.signing.private_bytes(),
        "sealing": keys.sealing.private_bytes(),
        "record": keys.record_key,
        "papers": keys.papers_key,
    }
    fields: dict[str, Any] = {name: base64.b64encode(value.reveal()).decode() for name, value in secrets.items()}
    return json.dumps({**fields, "t": "ecab.keys/1", "device": keys.device_id, "anchors": dict(keys.anchors)}).encode()


def decode(data: bytes) -> DeviceKeys:
    """The inverse of :func:`encode`.

    Raises:
        KeyFileDamaged: Of another version, or not whole.
    """
    try:
        fields = json.loads(data)
        if fields["t"] != "ecab.keys/1":
            raise KeyFileDamaged("version")
        return DeviceKeys(
            device_id=fields["device"],
            signing=SigningKey.from_private(_secret(fields["signing"])),
            sealing=SealingKey.from_private(_secret(fields["sealing"])),
            record_key=_secret(fields["record"]),
            papers_key=_secret(fields["papers"]),
            anchors=fields["anchors"],
        )
    except (ValueError, KeyError, TypeError, FormatRefused):
        raise KeyFileDamaged("contents") from None  # the cause would carry key material in its text


def _secret(text: str) -> Secret:
    return Secret(base64.b64decode(text, validate=True))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening what a pack seals: the envelope to the scope key, the scope key to the manifest. Bytes in, values out.

Refused before anything of it is used: an envelope of another device, scope or epoch; a key that is not the one
the signed index names; a manifest of another revision; a paper that is a state secret and still leads to bytes;
dangling or doubled ids; a paper whose sizes do not belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from client.crypto import dsse, hashing, stream
from client.crypto.hpke import SealingKey
from client.crypto.secret import Secret
from client.domain.ids import DeviceId, Hash, PackId
from client.domain.paper import PaperVersion
from client.errors import ContentMismatch, FormatRefused, SecretWithBytes
from client.protocol import codec, names
from client.protocol.messages import EnvelopeBody, PackManifest, Target
from client.sync.actions import RemotePack

SCOPE_KEY_SIZE: Final = 32
"""Bytes of a scope key and of a blob key."""
MAX_SEALED_MANIFEST: Final = stream.sealed_size(codec.MAX_MANIFEST)
_ENVELOPE_LIMIT: Final = codec.MAX_ENVELOPE * 4 // 3 + codec.MAX_SMALL


def open_envelope(
    envelope: bytes,
    entry: RemotePack,
    *,
    target: Target,
    device: DeviceId,
    sealing: SealingKey,
    publishers: Mapping[str, str],
) -> Secret:
    """The scope key in an envelope.

    Args:
        envelope: As fetched (DSSE).
        entry: Whose scope and epoch it must be.
        target: The index entry with the key's hash.
        device: This device.
        sealing: Its key.
        publishers: Who may write envelopes.

    Raises:
        Untrusted: Any of the checks failed.
    """
    opened = dsse.open_(envelope, publishers, limit=_ENVELOPE_LIMIT)
    body = codec.decode(opened.payload, EnvelopeBody, limit=codec.MAX_ENVELOPE)
    if (body.scope, body.epoch, body.device) != (entry.scope, entry.epoch, device):
        raise ContentMismatch(f"envelope {body.scope}/{body.epoch}")
    info = names.envelope_info(body.scope, body.epoch, body.device)
    key = Secret(sealing.open(info, body.sealed))
    if len(key) != SCOPE_KEY_SIZE or target.key_hash != hashing.sha256(key.reveal()):
        raise ContentMismatch(f"scope key {body.scope}/{body.epoch}")
    return key


def open_manifest(sealed: bytes, *, key: Secret, pack: PackId, rev: int) -> tuple[PackManifest, Hash]:
    """The manifest in a target, and the hash of its payload.

    Raises:
        DecryptionFailed: Not sealed under this key for this revision.
        SecretWithBytes: A state secret with bytes: the caller destroys the key.
        FormatRefused: Not a whole manifest.
    """
    payload = stream.open_bytes(key, names.manifest_context(pack, rev), sealed, limit=codec.MAX_MANIFEST)
    _check_class(payload)
    manifest = codec.decode(payload, PackManifest, limit=codec.MAX_MANIFEST)
    if (manifest.pack, manifest.rev) != (pack, rev):
        raise FormatRefused(f"manifest of {manifest.pack} rev {manifest.rev}")
    for paper in manifest.papers:
        _check_paper(paper)
    _check_unique("paper", (paper.id for paper in manifest.papers))
    _check_unique("item", (item.id for item in manifest.session.agenda))
    _check_unique("poll", (poll.id for poll in manifest.polls))
    known = {paper.id for paper in manifest.papers}
    if any(paper not in known for item in manifest.session.agenda for paper in item.papers):
        raise FormatRefused(f"{pack} rev {rev}: agenda names an unknown paper")
    return manifest, Hash(hashing.sha256(payload))


class _Class(msgspec.Struct, frozen=True):
    grade: str = msgspec.field(name="class", default="normal")


def _check_class(payload: bytes) -> None:
    """A pack that is a secret as a whole has no place here, whatever its papers say; see ``SecretWithBytes``."""
    try:
        grade = msgspec.json.decode(payload, type=_Class).grade
    except (msgspec.DecodeError, RecursionError):
        return  # no manifest at all: the strict decoder says why
    if grade != "normal":
        raise SecretWithBytes("pack class")


def _check_paper(paper: PaperVersion) -> None:
    if paper.is_stub:
        if paper.carries_bytes:
            raise SecretWithBytes(paper.id)
        return
    if paper.recalled is not None:
        if paper.carries_bytes:
            raise FormatRefused(f"{paper.id}: recalled and with bytes")
        return
    if paper.plain is None or paper.blob is None or paper.key is None or len(paper.key) != SCOPE_KEY_SIZE:
        raise FormatRefused(f"{paper.id}: no bytes and no grade")
    if paper.size < 1 or paper.blob_size > codec.MAX_BLOB or paper.blob_size != stream.sealed_size(paper.size):
        raise FormatRefused(f"{paper.id}: sizes {paper.size}, {paper.blob_size}")


def _check_unique(kind: str, ids: Iterable[str]) -> None:
    listed = list(ids)
    if len(set(listed)) != len(listed):
        raise FormatRefused(f"{kind} id twice")

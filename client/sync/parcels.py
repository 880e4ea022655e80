# SPDX-License-Identifier: AGPL-3.0-or-later
"""A batch's content on its way between devices: a fresh key for it, sealed to each device that may read it.

Nothing but the composition of ``crypto.stream`` and ``crypto.hpke``; what a batch says and who may read it is decided
by ``sync.chains`` and its two kinds. The key is used once and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from client.crypto import hashing, hpke, stream
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.domain.ids import DeviceId, Hash
from client.errors import ContentMismatch
from client.protocol import codec
from client.protocol.messages import DeviceEntry, DeviceState, NoteKey
from client.sync.means import Means

KEY_BYTES: Final = 32
SEALED_LIMIT: Final = codec.MAX_NOTES + codec.MAX_SMALL
PARCEL_LIMIT: Final = (SEALED_LIMIT + codec.MAX_SMALL * 2) * 4 // 3 + codec.KIB
"""Bytes of a parcel as JSON."""


def active_devices(means: Means) -> tuple[DeviceEntry, ...]:
    """Every device that the directory in force lists as active, of whatever member."""
    directory = means.trust.directory()
    devices = () if directory is None else directory.devices
    return tuple(each for each in devices if each.state is DeviceState.ACTIVE)


def seal(
    plain: bytes, devices: Iterable[DeviceEntry], *, context: bytes, info: Callable[[DeviceId], bytes], rng: Random
) -> tuple[bytes, tuple[NoteKey, ...]]:
    """The sealed content and its key for each device.

    Args:
        plain: Content.
        devices: Who may read.
        context: Of the content.
        info: HPKE ``info`` of the key for a device.
        rng: For the key.
    """
    key = Secret(rng(KEY_BYTES))
    content = stream.seal_bytes(key, context, plain, rng=rng)
    keys = (NoteKey(one.id, hpke.seal_to(one.seal, info(one.id), key.reveal())) for one in devices)
    return content, tuple(keys)


def open_(
    means: Means,
    content: bytes,
    keys: Iterable[NoteKey],
    digest: Hash,
    *,
    context: bytes,
    info: Callable[[DeviceId], bytes],
) -> bytes | None:
    """The content; None when it was not sealed to this device.

    Raises:
        ContentMismatch: Not the content of this hash.
        Untrusted: Sealed for something else, or altered.
    """
    if len(content) > SEALED_LIMIT or hashing.sha256(content) != digest:
        raise ContentMismatch("content of a batch")
    sealed = next((key.sealed for key in keys if key.device == means.device), None)
    if sealed is None:
        return None
    key = Secret(means.sealing.open(info(means.device), sealed))
    return stream.open_bytes(key, context, content, limit=codec.MAX_NOTES)

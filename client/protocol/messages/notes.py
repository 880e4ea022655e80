# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches of notes that a member's device sends to the member's other devices (docs/protocol.md, "Notes").

The service sees who, when and how much. The content key is sealed to each of the member's active devices, so
neither the service nor the secretariat can read a note, and a device that was revoked reads no later batch.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.domain.notes import MAX_CHANGES, Head, NoteChange
from client.protocol.messages.base import Signed


class NoteKey(Struct, frozen=True, forbid_unknown_fields=True):
    """The batch's content key sealed to one device, with ``names.notes_info``."""

    device: DeviceId
    sealed: Annotated[bytes, Meta(max_length=4_096)]


class NoteBatch(Signed, frozen=True, tag="ecab.notes/1"):
    """The signed half of a batch; ``content`` is the hash of the sealed half."""

    member: MemberId
    device: DeviceId
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    prev: Hash | None
    content: Hash
    keys: Annotated[tuple[NoteKey, ...], Meta(min_length=1, max_length=16)]
    made: Moment


class NoteContent(Signed, frozen=True, tag="ecab.notes-content/1"):
    """The sealed half: changes, and which ends of the other chains this device had seen when it wrote them."""

    changes: Annotated[tuple[NoteChange, ...], Meta(min_length=1, max_length=MAX_CHANGES)]
    seen: Annotated[dict[DeviceId, Head], Meta(max_length=64)]

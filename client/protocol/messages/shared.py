# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches of what one member shares with one other, on purpose (docs/protocol.md, "Shared with named people").

Each device of an author has one chain for each reader. The service sees who sends to whom, when and how much; the
content key is sealed to the reader's active devices and the author's own, so nobody else opens a batch and a device
that was revoked opens no later one. Who reads stands under the author's signature.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.domain.notes import Head
from client.domain.sharing import MAX_CHANGES, ShareChange
from client.protocol.messages.base import Signed
from client.protocol.messages.notes import NoteKey


class SharedBatch(Signed, frozen=True, tag="ecab.shared/1"):
    """The signed half of a batch; ``content`` is the hash of the sealed half.

    Attributes:
        member, device: The author.
        to: The reader.
        keys: The content key for each device, sealed with ``names.shared_info``.
    """

    member: MemberId
    device: DeviceId
    to: MemberId
    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    prev: Hash | None
    content: Hash
    keys: Annotated[tuple[NoteKey, ...], Meta(min_length=1, max_length=32)]
    made: Moment


class SharedContent(Signed, frozen=True, tag="ecab.shared-content/1"):
    """The sealed half: changes, and the ends of the author's other devices' chains to the same reader."""

    changes: Annotated[tuple[ShareChange, ...], Meta(min_length=1, max_length=MAX_CHANGES)]
    seen: Annotated[dict[DeviceId, Head], Meta(max_length=64)]


class Arrival(Signed, frozen=True, tag="ecab.arrived/1"):
    """A reading device has opened a chain up to here; by its signature. It says nothing of what its member read.

    Attributes:
        member, device: Who says so.
        teller: The author's device whose chain it is.
        head: The last batch opened; None takes the word back, once nothing of the author's is on the device.
    """

    member: MemberId
    device: DeviceId
    teller: DeviceId
    head: Head | None


class SharedEnd(Struct, frozen=True, forbid_unknown_fields=True):
    """Where one chain ends."""

    device: DeviceId
    to: MemberId
    head: Head

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service has of one device, signed: the witness against a tablet that was put back from an image."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from client.domain.ids import DeviceId, Hash, MemberId, Moment
from client.protocol.messages.base import KeyId, Number, Signed

KEPT_AT_ONCE: Final = 500
"""Most statements in one list; more are asked for with ``after``."""


class KeptStatement(Struct, frozen=True, forbid_unknown_fields=True):
    """One statement as the service keeps it; ``kind`` as in its store (``vote``, ``comment``, ...)."""

    n: Number
    statement: Hash
    kind: Annotated[str, Meta(pattern=r"^[a-z_]{2,24}$")]
    received_at: Moment


class KeptList(Signed, frozen=True, tag="ecab.kept/1"):
    """Statements of one device in order of number.

    Attributes:
        after: The list begins after this number.
        top: The highest number kept, 0 for none; the list is complete when it reaches it.
        at: When the service looked; an old list cannot be passed off as a new one.
    """

    device: DeviceId
    member: MemberId
    after: Number
    top: Number
    kept: Annotated[tuple[KeptStatement, ...], Meta(max_length=KEPT_AT_ONCE)]
    at: Moment
    by: KeyId

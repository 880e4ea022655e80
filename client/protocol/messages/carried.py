# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is carried by hand between a device and the secretariat; see ``client.protocol.carried`` for its form."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from client.domain.ids import DeviceId, Hash
from client.protocol.messages.base import Signed
from client.protocol.messages.statements import SealedFor


class CarriedStatement(Signed, frozen=True, tag="ecab.carried/1"):
    """A signed act, its envelope sealed so that only the secretariat's readers see how the member voted.

    Attributes:
        statement: Hash of the act's payload; the sealing context names it.
        keys: The content key sealed to each reader with ``names.carried_info``.
        content: The act's envelope, sealed; exactly the bytes that the device would have sent.
    """

    statement: Hash
    device: DeviceId
    keys: Annotated[tuple[SealedFor, ...], Meta(min_length=1, max_length=16)]
    content: Annotated[bytes, Meta(max_length=384 * 1024)]


class CarriedReceipt(Signed, frozen=True, tag="ecab.carried-receipt/1"):
    """The service's answer on its way back: the receipt as the service signed it."""

    statement: Hash
    receipt: Annotated[bytes, Meta(max_length=16 * 1024)]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's last word: it carried out the registrar's order to erase itself."""

from __future__ import annotations

from client.domain.ids import DeviceId, MemberId, Moment
from client.protocol.messages.base import Number, Signed


class WipeReport(Signed, frozen=True, tag="ecab.wiped/1"):
    """Signed before the keys are destroyed, sent after everything is gone.

    Attributes:
        directory: Version of the directory that gave the order.
        ordered: When this device saw it.
    """

    device: DeviceId
    member: MemberId
    directory: Number
    ordered: Moment

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which devices were told to erase themselves, and which reported that they did.

The service only carries the reports: each is verified here with the device's own key, as the directory has it. A report
says that the keys were destroyed; that the device was honest when it said so cannot be proven from afar.
"""

from __future__ import annotations

from msgspec import Struct

from client.crypto import dsse
from client.domain.ids import DeviceId, MemberId, Moment
from client.errors import Untrusted
from client.protocol import codec
from client.protocol.http import ReceivedReport
from client.protocol.messages import DeviceEntry, DeviceState, WipeReport
from server.secretariat.core import DeskCore

MAX_REPORT = 16 * 1024


class WipeOrder(Struct, frozen=True):
    """One device under order.

    Attributes:
        seen: When the device saw the order, by its own clock; None without a report.
        reported: When the service received the report.
    """

    device: DeviceId
    member: MemberId
    seen: Moment | None = None
    reported: Moment | None = None


def orders(core: DeskCore) -> tuple[WipeOrder, ...]:
    """Devices under order, in the directory's order, each with its report if one came and verified."""
    devices = {entry.id: entry for entry in core.state.devices if entry.state is DeviceState.WIPE}
    found = {}
    for each in core.require_service().wiped().reports:
        report = _verified(each, devices)
        if report is not None:
            found[report.device] = WipeOrder(report.device, report.member, report.ordered, each.received)
    return tuple(found.get(entry.id) or WipeOrder(entry.id, entry.member) for entry in devices.values())


def _verified(each: ReceivedReport, devices: dict[DeviceId, DeviceEntry]) -> WipeReport | None:
    """A report of one of these devices; None for any other, or one that its device did not sign."""
    try:
        opened = dsse.open_(each.report, {entry.id: entry.sign for entry in devices.values()}, limit=MAX_REPORT)
        report = codec.decode(opened.payload, WipeReport, limit=MAX_REPORT)
    except Untrusted:
        return None  # listed as not reported: that is all a forged report achieves
    entry = devices.get(report.device)
    return report if entry is not None and (opened.keyid, report.member) == (entry.id, entry.member) else None

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports of devices that carried out the registrar's order to erase themselves; the first one of a device is kept."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, insert, select

from client.domain.ids import DeviceId, Hash, Moment
from client.protocol.http import ReceivedReport
from server.storage.schema import wiped
from server.storage.transaction import Transaction

MOST: Final = 5_000
"""As many as a directory can list devices."""


def keep(tx: Transaction, device: DeviceId, report: bytes, *, payload: Hash) -> ReceivedReport:
    """Keep a verified report; a later one of the same device changes nothing."""
    known = tx.conn.execute(select(wiped).where(wiped.c.device == device)).one_or_none()
    if known is not None:
        return ReceivedReport(known.report, Moment(known.received))
    tx.conn.execute(insert(wiped).values(device=device, payload=payload, report=report, received=tx.at))
    tx.log("device.wiped", subject=device, detail=payload)
    return ReceivedReport(report, tx.at)


def reports(conn: Connection) -> tuple[ReceivedReport, ...]:
    """All reports, oldest first."""
    rows = conn.execute(select(wiped).order_by(wiped.c.received, wiped.c.device).limit(MOST))
    return tuple(ReceivedReport(row.report, Moment(row.received)) for row in rows)

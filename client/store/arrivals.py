# SPDX-License-Identifier: AGPL-3.0-or-later
"""That what was shared came to a device, in ``record.db``: what this device owes word of, and the word of others.

It says that a batch was opened by a device, never that somebody read it, and there is one line for each chain and
device, the newest, without a time. When nothing is shared any more the line goes, on both ends (docs/protocol.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from client.domain.ids import DeviceId, Hash, MemberId
from client.domain.notes import Head
from client.domain.sharing import Told
from client.store.changes import NOTHING, Topic, Written, wrote
from client.store.connection import Connection

ARRIVED: Final = (
    "EXISTS (SELECT 1 FROM share_arrivals AS v WHERE v.reader = s.reader AND v.teller = s.teller AND v.n >= s.n)"
)
"""Whether a device of the reader acknowledged the batch that told of a thing; of ``shares AS s``."""
ENDS_KEPT: Final = 100
"""Batches of a chain that an acknowledgement can still name; an older one counts as none."""


class Owed(Struct, frozen=True):
    """What this device has to tell an author's device.

    Attributes:
        teller: The author's device.
        head: The last batch opened here; None when nothing of the author is here any more, so that the word goes.
    """

    teller: DeviceId
    head: Head | None


# -- of the reader ------------------------------------------------------------------------------------------


def took(conn: Connection, author: MemberId, teller: DeviceId, head: Head) -> Written[None]:
    """A batch was opened here; in one transaction with what it brought."""
    conn.execute(
        "INSERT INTO arrivals (device, author, n, hash, told) VALUES (?, ?, ?, ?, 0) ON CONFLICT (device)"
        " DO UPDATE SET n = excluded.n, hash = excluded.hash, told = 0",
        (teller, author, head.n, head.hash),
    )
    return None, NOTHING


def owed(conn: Connection) -> tuple[Owed, ...]:
    """What is to be told, by the author's device."""
    rows = conn.execute(
        """
        SELECT a.device, a.n, a.hash,
               EXISTS (SELECT 1 FROM received AS r WHERE r.author = a.author AND r.body IS NOT NULL)
        FROM arrivals AS a WHERE a.told = 0 ORDER BY a.device
        """
    )
    return tuple(Owed(DeviceId(device), Head(n, Hash(digest)) if some else None) for device, n, digest, some in rows)


def told(conn: Connection, one: Owed) -> Written[None]:
    """The service has it; nothing is kept of a word that was taken back."""
    if one.head is None:
        conn.execute("DELETE FROM arrivals WHERE device = ?", (one.teller,))
    else:
        conn.execute("UPDATE arrivals SET told = 1 WHERE device = ? AND n = ?", (one.teller, one.head.n))
    return None, NOTHING


# -- of the author ------------------------------------------------------------------------------------------


def keep_end(conn: Connection, device: DeviceId, reader: MemberId, head: Head) -> Written[None]:
    """A batch of one of this member's devices, for what its reader says of it."""
    conn.execute(
        "INSERT OR REPLACE INTO share_ends (device, reader, n, hash) VALUES (?, ?, ?, ?)",
        (device, reader, head.n, head.hash),
    )
    conn.execute(
        "DELETE FROM share_ends WHERE device = ? AND reader = ? AND n <= ?", (device, reader, head.n - ENDS_KEPT)
    )
    return None, NOTHING


def end_of(conn: Connection, device: DeviceId, reader: MemberId, n: int) -> Hash | None:
    """The hash of batch ``n`` of a chain; None when it is not known here."""
    row = conn.execute(
        "SELECT hash FROM share_ends WHERE device = ? AND reader = ? AND n = ?", (device, reader, n)
    ).fetchone()
    return None if row is None else Hash(row[0])


def unconfirmed(conn: Connection) -> tuple[MemberId, ...]:
    """People whose devices have not acknowledged everything that was sent to them."""
    rows = conn.execute(
        "SELECT DISTINCT reader FROM shares AS s WHERE chosen = 1 AND marks & 1 = 0 AND told <> ?"  # noqa: S608
        f" AND NOT {ARRIVED} ORDER BY reader",
        (Told.NEVER.value,),
    )
    return tuple(MemberId(row[0]) for row in rows)


def confirm(conn: Connection, reader: MemberId, found: Iterable[tuple[DeviceId, DeviceId, int]]) -> Written[None]:
    """What a reader's devices said, verified: reading device, author's device, number of the batch.

    A number never falls: what came has come.
    """
    changed = False
    with conn.transaction():
        for device, teller, n in found:
            cursor = conn.execute(
                "INSERT INTO share_arrivals (reader, device, teller, n) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (reader, device, teller) DO UPDATE SET n = excluded.n WHERE excluded.n > n",
                (reader, device, teller, n),
            )
            changed = changed or cursor.rowcount > 0
    return wrote(Topic.SHARED) if changed else (None, NOTHING)


def forget(conn: Connection, reader: MemberId) -> Written[None]:
    """Once nothing is shared with a reader any more, nothing is known of their devices either."""
    conn.execute(
        "DELETE FROM share_arrivals WHERE reader = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM shares WHERE reader = ?1 AND (chosen = 1 OR marks & 1 = 0))",
        (reader,),
    )
    return None, NOTHING

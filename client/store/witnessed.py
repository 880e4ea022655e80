# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service, as witness, was found to have of this device: the highest number, and what was lost here.

Numbers go on from here when database and keystore were put back from an old image together: what the service has
under a number is never answered by another statement of the same number.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from client.domain.ids import Hash
from client.store import settings
from client.store.changes import NOTHING, Written
from client.store.connection import Connection

_TOP: Final = "statements.top"
_LOST: Final = "statements.lost"


class Top(Struct, frozen=True):
    """The newest statement the service has of this device.

    Attributes:
        n: Its number; 0 for none.
        statement: Its hash.
    """

    n: int = 0
    statement: Hash | None = None


class Lost(Struct, frozen=True):
    """Found missing or used twice and not yet confirmed by the member.

    Attributes:
        missing: Numbers that the service had and this device had not.
        twice: Numbers that bear another statement here.
    """

    missing: tuple[int, ...] = ()
    twice: tuple[int, ...] = ()


def top(conn: Connection) -> Top:
    """What was noted."""
    return settings.get(conn, _TOP, Top, Top())


def raise_top(conn: Connection, seen: Top) -> Written[None]:
    """Take note of a higher number; a lower one changes nothing."""
    if seen.n <= top(conn).n:
        return None, NOTHING
    return settings.put(conn, _TOP, seen)


def lost(conn: Connection) -> Lost:
    """What the member was not told yet, or has not confirmed."""
    return settings.get(conn, _LOST, Lost, Lost())


def note_lost(conn: Connection, found: Lost) -> Written[None]:
    """Remember until the member confirms; what was noted before stays."""
    before = lost(conn)
    merged = Lost(
        tuple(sorted({*before.missing, *found.missing})),
        tuple(sorted({*before.twice, *found.twice})),
    )
    return (None, NOTHING) if merged == before else settings.put(conn, _LOST, merged)


def confirm_lost(conn: Connection) -> Written[None]:
    """The member read it."""
    return settings.put(conn, _LOST, Lost())

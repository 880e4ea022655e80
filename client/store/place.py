# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the member was, as a kind of screen and its ids, so that a crash costs no way back."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from client.store import settings as stored
from client.store.changes import Written
from client.store.connection import Connection

NAME: Final = "place"


class Place(Struct, frozen=True):
    """A screen and what it shows; without a kind there is none."""

    kind: str = ""
    where: dict[str, str | int | bool | None] = {}


def keep(conn: Connection, place: Place) -> Written[None]:
    """Remember ``place``."""
    return stored.put(conn, NAME, place)


def forget(conn: Connection) -> Written[None]:
    """The program ends in the ordinary way."""
    return stored.put(conn, NAME, Place())


def left(conn: Connection) -> Place:
    """Where the program was when it died; empty when it ended in the ordinary way."""
    return stored.get(conn, NAME, Place, Place())

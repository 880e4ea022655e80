# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of the member as named JSON values; their types live with whoever asks for them."""

from __future__ import annotations

import logging
from typing import TypeVar

from client.errors import StoreDamaged
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json

T = TypeVar("T")

log = logging.getLogger(__name__)


def put(conn: Connection, name: str, value: object) -> Written[None]:
    """Keep a value that msgspec can write."""
    conn.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, to_json(value)),
    )
    return wrote(Topic.SETTINGS, name)


def get(conn: Connection, name: str, kind: type[T], default: T) -> T:
    """The value kept under ``name``, or ``default`` when there is none or it is not a ``kind`` any more.

    A setting whose type changed between versions falls back and is logged; it must not stop the program.
    """
    row = conn.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
    if row is None:
        return default
    try:
        return from_json(row[0], kind)
    except StoreDamaged:
        log.info("setting %s has another form, default used", name)
        return default

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this device believes: signed metadata as received, scope keys, the newest signed time seen.

Whether something may be believed is decided in ``sync.trust``; here it is only kept. Metadata of another publisher than
the secretariat (``sync.releases``) lies apart, under a realm of its own. Two things are refused all
the same, because they can only be an attack or a bug: an older timestamp and a time floor that goes down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from client.crypto.secret import Secret
from client.domain.ids import Moment
from client.errors import RollbackDetected
from client.store.changes import NOTHING, Topic, Written, wrote
from client.store.connection import Connection

_METADATA: Final = "metadata:"
_ROOT: Final = "root:"
_ANCHOR: Final = "root"
_CLOCKED: Final = "timestamp"
_TARGET: Final = "target:"


def load_roots(conn: Connection, realm: str = "") -> tuple[bytes, ...]:
    """The roots kept after the installed one, in order."""
    wanted = (f"{realm}{_ROOT}*",)
    rows = conn.execute("SELECT data FROM trusted WHERE name GLOB ? ORDER BY version", wanted).fetchall()
    return tuple(row[0] for row in rows)


def save_root(conn: Connection, version: int, data: bytes, realm: str = "") -> Written[None]:
    """Keep one more root."""
    _save(conn, f"{realm}{_ROOT}{version}", version, data)
    return wrote(Topic.TRUST, _ROOT)


def load_metadata(conn: Connection, realm: str = "") -> tuple[int, dict[str, bytes]]:
    """Version of the root the kept set was verified under, and role to bytes; 0 and nothing before the first."""
    prefix = realm + _METADATA
    rows = conn.execute("SELECT name, version, data FROM trusted WHERE name GLOB ?", (prefix + "*",)).fetchall()
    found = {name.removeprefix(prefix): (version, data) for name, version, data in rows}
    anchor, _ = found.pop(_ANCHOR, (0, b""))
    return anchor, {role: data for role, (_, data) in found.items()}


def save_metadata(
    conn: Connection, root: int, roles: Mapping[str, tuple[int, bytes]], realm: str = ""
) -> Written[None]:
    """Keep a verified set as a whole.

    Args:
        conn: The store.
        root: Version of the root it was verified under.
        roles: Role to version and bytes.
        realm: Whose metadata it is; empty for the secretariat's.

    Raises:
        RollbackDetected: Under the same root, a newer timestamp was accepted before.
    """
    prefix = realm + _METADATA
    known: dict[str, int] = dict(
        conn.execute("SELECT name, version FROM trusted WHERE name GLOB ?", (prefix + "*",)).fetchall()
    )
    version, _ = roles[_CLOCKED]
    if known.get(prefix + _ANCHOR, 0) >= root and known.get(prefix + _CLOCKED, 0) > version:
        raise RollbackDetected(f"timestamp {version} after {known[prefix + _CLOCKED]}")
    for role, (number, data) in {**roles, _ANCHOR: (root, b"")}.items():
        _save(conn, prefix + role, number, data)
    return wrote(Topic.TRUST, _METADATA)


def forget(conn: Connection, realm: str) -> Written[None]:
    """Drop everything of a realm: its installed root was exchanged, nothing of before goes on from it."""
    if not realm:
        raise ValueError("the secretariat's metadata is never forgotten")
    conn.execute("DELETE FROM trusted WHERE name GLOB ?", (realm + "*",))
    return wrote(Topic.TRUST, realm)


def load_target(conn: Connection, name: str) -> bytes | None:
    """The bytes last accepted under a target name."""
    return _load(conn, _TARGET + name)


def save_target(conn: Connection, name: str, data: bytes) -> Written[None]:
    """Keep a target whose hash and size were promised."""
    _save(conn, _TARGET + name, 0, data)
    return wrote(Topic.TRUST, name)


def drop_target(conn: Connection, name: str) -> Written[None]:
    """Forget a target; the pages it stood on are overwritten (``secure_delete``)."""
    conn.execute("DELETE FROM trusted WHERE name = ?", (_TARGET + name,))
    return wrote(Topic.TRUST, name)


def save_scope_key(conn: Connection, scope: str, epoch: int, key: Secret) -> Written[None]:
    """Keep the key of a pack or of the member's notes for one epoch."""
    conn.execute(
        "INSERT INTO scope_keys (scope, epoch, key) VALUES (?, ?, ?)"
        " ON CONFLICT (scope, epoch) DO UPDATE SET key = excluded.key",
        (scope, epoch, key.reveal()),
    )
    return wrote(Topic.TRUST, scope)


def load_scope_key(conn: Connection, scope: str, epoch: int) -> Secret | None:
    """The key of a scope in one epoch."""
    row = conn.execute("SELECT key FROM scope_keys WHERE scope = ? AND epoch = ?", (scope, epoch)).fetchone()
    return None if row is None else Secret(row[0])


def drop_scope_keys(conn: Connection, scope: str) -> Written[None]:
    """Destroy all keys of a scope; the pages they stood on are overwritten (``secure_delete``)."""
    conn.execute("DELETE FROM scope_keys WHERE scope = ?", (scope,))
    return wrote(Topic.TRUST, scope)


def floor(conn: Connection) -> Moment | None:
    """The newest signed time ever seen: it is not earlier than this now."""
    row = conn.execute("SELECT moment FROM floors").fetchone()
    return None if row is None else Moment(row[0])


def raise_floor(conn: Connection, moment: Moment) -> Written[None]:
    """Take note of a signed time; an older one than the floor changes nothing."""
    cursor = conn.execute(
        "INSERT INTO floors (id, moment) VALUES (1, ?)"
        " ON CONFLICT (id) DO UPDATE SET moment = excluded.moment WHERE excluded.moment > moment",
        (moment,),
    )
    return wrote(Topic.TRUST) if cursor.rowcount else (None, NOTHING)


def _load(conn: Connection, name: str) -> bytes | None:
    row = conn.execute("SELECT data FROM trusted WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def _save(conn: Connection, name: str, version: int, data: bytes) -> None:
    conn.execute(
        "INSERT INTO trusted (name, version, data) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET version = excluded.version, data = excluded.data",
        (name, version, data),
    )

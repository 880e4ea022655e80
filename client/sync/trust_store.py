# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where trust keeps what it verified: ``record.db``, through its gate. Not to be used on the gate's thread."""

from __future__ import annotations

from collections.abc import Mapping

from client.store import trusted
from client.store.gate import Gate


class GateTrustStore:
    """The ``TrustStore`` of ``sync.trust`` over a store gate.

    Args:
        record: Gate of ``record.db``, started.
        realm: Whose metadata; see ``store.trusted``.
    """

    def __init__(self, record: Gate, realm: str = "") -> None:
        self._record, self._realm = record, realm

    def load_roots(self) -> tuple[bytes, ...]:
        """Roots kept after the installed one."""
        return self._record.read(lambda conn: trusted.load_roots(conn, self._realm)).result()

    def save_root(self, version: int, data: bytes) -> None:
        """Keep one more root."""
        self._record.write(lambda conn: trusted.save_root(conn, version, data, self._realm)).result()

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        """The set verified last, and its root's version."""
        return self._record.read(lambda conn: trusted.load_metadata(conn, self._realm)).result()

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep a verified set as a whole."""
        self._record.write(lambda conn: trusted.save_metadata(conn, root, roles, self._realm)).result()

    def forget(self) -> None:
        """Drop all that was kept of the realm."""
        self._record.write(lambda conn: trusted.forget(conn, self._realm)).result()

    def load_target(self, name: str) -> bytes | None:
        """A kept target."""
        return self._record.read(lambda conn: trusted.load_target(conn, name)).result()

    def save_target(self, name: str, data: bytes) -> None:
        """Keep a target."""
        self._record.write(lambda conn: trusted.save_target(conn, name, data)).result()

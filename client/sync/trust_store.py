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
    """

    def __init__(self, record: Gate) -> None:
        self._record = record

    def load_roots(self) -> tuple[bytes, ...]:
        """Roots kept after the installed one."""
        return self._record.read(trusted.load_roots).result()

    def save_root(self, version: int, data: bytes) -> None:
        """Keep one more root."""
        self._record.write(lambda conn: trusted.save_root(conn, version, data)).result()

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        """The set verified last, and its root's version."""
        return self._record.read(trusted.load_metadata).result()

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep a verified set as a whole."""
        self._record.write(lambda conn: trusted.save_metadata(conn, root, roles)).result()

    def load_target(self, name: str) -> bytes | None:
        """A kept target."""
        return self._record.read(lambda conn: trusted.load_target(conn, name)).result()

    def save_target(self, name: str, data: bytes) -> None:
        """Keep a target."""
        self._record.write(lambda conn: trusted.save_target(conn, name, data)).result()

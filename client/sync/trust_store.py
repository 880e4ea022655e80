# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where trust keeps what it verified: ``record.db``, through its gate. Not to be used on the gate's thread."""

from __future__ import annotations

from client.store import trusted
from client.store.gate import Gate


class GateTrustStore:
    """The ``TrustStore`` of ``sync.trust`` over a store gate.

    Args:
        record: Gate of ``record.db``, started.
    """

    def __init__(self, record: Gate) -> None:
        self._record = record

    def load_index(self) -> bytes | None:
        """The newest index kept (DSSE)."""
        return self._record.read(trusted.load_index).result()

    def save_index(self, envelope: bytes, version: int) -> None:
        """Keep an index."""
        self._record.write(lambda conn: trusted.save_index(conn, envelope, version)).result()

    def load_target(self, name: str) -> bytes | None:
        """A kept target."""
        return self._record.read(lambda conn: trusted.load_target(conn, name)).result()

    def save_target(self, name: str, data: bytes) -> None:
        """Keep a target."""
        self._record.write(lambda conn: trusted.save_target(conn, name, data)).result()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One change of the service's state: its transaction, its moment, its place in the audit chain, its hints.

A ``Transaction`` is handed to the storage functions that write. It holds the chain's lock from its start, so
``at`` grows with the order of commits; hints are collected and leave only after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - named by whoever is handed one
from sqlalchemy import delete, insert, select

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.protocol.http import Problem
from client.protocol.messages import LogPosition
from server.problems import Refusal
from server.storage import log
from server.storage.schema import nonces

NONCE_KEPT_MS: Final = 10 * 60 * 1000


HintKind = Literal["index", "poll", "closing", "session", "bulletin"]


class Hint(Struct, frozen=True):
    """What an event says: something of this kind changed. Never content."""

    kind: HintKind
    id: str


class Transaction:
    """One write transaction.

    Args:
        conn: The open transaction.
        clock: Read once the chain is locked, so that moments grow with the order of commits.

    Attributes:
        at: The moment of everything done in it.
        position: The audit chain's head as this transaction has left it so far.
        hints: What to announce after the commit.
    """

    def __init__(self, conn: Connection, clock: Callable[[], Millis]) -> None:
        self.conn = conn
        self.position: LogPosition
        self.position, self.at = log.lock(conn, clock)
        self.hints: list[Hint] = []

    def log(self, kind: str, *, subject: str, detail: str = "") -> LogPosition:
        """Record the change in the audit chain."""
        self.position = log.append(self.conn, self.position, at=self.at, kind=kind, subject=subject, detail=detail)
        return self.position

    def hint(self, kind: HintKind, ident: str) -> None:
        """Announce the change once it is committed."""
        self.hints.append(Hint(kind, ident))

    def spend(self, *, keyid: str, nonce: str) -> None:
        """Use up a request's nonce for good, for requests whose repetition would change something.

        Raises:
            Refusal: It was used before, by whichever process.
        """
        seen = select(nonces.c.at).where(nonces.c.keyid == keyid, nonces.c.nonce == nonce)
        if self.conn.scalar(seen) is not None:
            raise Refusal(Problem.REPLAY)
        horizon = to_rfc3339(Millis(from_rfc3339(self.at) - NONCE_KEPT_MS))
        self.conn.execute(delete(nonces).where(nonces.c.at < horizon))
        self.conn.execute(insert(nonces).values(keyid=keyid, nonce=nonce, at=self.at))

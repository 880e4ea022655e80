# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the service does with its own audit chain, a look at a time: sign the head, tell of other processes' work.

Rules:
1. In each minute in which the chain grew its head is signed and kept, so that nobody can rewrite what is older than
   a minute without contradicting a signature.
2. Where several processes share a database, hints come from the chain and not from memory: every process tells its
   readers of everything, whichever process did it. Alone, a process tells at once and reads nothing.
"""

from __future__ import annotations

from typing import Final, Literal

from client.clock import to_rfc3339
from client.domain.ids import Moment
from server.service import Service
from server.storage import log
from server.storage.transaction import Hint

_Name = Literal["index", "poll", "closing", "session"]
SIGN_S: Final = 60.0
AT_ONCE: Final = 500
_KINDS: Final[dict[str, _Name]] = {
    "metadata.put": "index",
    "poll.published": "poll",
    "poll.opened": "poll",
    "poll.closed": "closing",
}
_SESSION: Final = ("session.", "act.")


def look(service: Service) -> None:
    """Do what is due; blocking."""
    sign(service)
    if service.database.shared:
        tell(service)


def sign(service: Service) -> None:
    """Rule 1."""
    state, now = service.watch, service.config.clock.monotonic()
    if state.signed_at is not None and now - state.signed_at < SIGN_S:
        return
    state.signed_at = now
    with service.database.read() as conn:
        position, last = log.head(conn), log.last_signed(conn)
    if position.index == last:
        return
    moment = Moment(to_rfc3339(service.config.clock.now()))
    envelope = service.signer.log_head(position, moment)
    with service.database.write() as conn:
        log.keep_signed(conn, position, moment, envelope)


def tell(service: Service) -> None:
    """Rule 2."""
    state = service.watch
    with service.database.read() as conn:
        if state.told is None:
            state.told = log.head(conn).index
        entries = log.entries_after(conn, state.told, limit=AT_ONCE)
    hints = [Hint(name, subject) for _, kind, subject in entries if (name := _name_of(kind)) is not None]
    if entries:
        state.told = entries[-1][0]
    if any(hint.kind == "index" for hint in hints):
        service.refresh()
    service.hub.publish(hints)


def _name_of(kind: str) -> _Name | None:
    return "session" if kind.startswith(_SESSION) else _KINDS.get(kind)

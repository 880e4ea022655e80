# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follows the service's audit chain: a head that does not extend the one seen before is refused and told.

A service that was put back to an earlier state, or that rewrote what happened, cannot show a chain that leads from
the head this device saw to the one it signs now. Every receipt that this device got meanwhile must lie on that way.
The first head is taken as it is; nothing about anybody's acts is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from client.clock import Clock
from client.domain.ids import Hash
from client.domain.outbox import OutboxItem, OutboxKind
from client.errors import RollbackDetected, Untrusted
from client.protocol import http
from client.protocol.audit import MAX_ANSWER, LogAnswer, positions
from client.protocol.messages import CommentReceipt, LogHead, LogPosition, Receipt, SessionReceipt
from client.store import outbox, settings
from client.store.connection import Connection
from client.sync import answers, receipts
from client.sync.means import Means

SEEN: Final = "audit.head"
EVERY_S: Final = 600.0
MAX_PAGES: Final = 64


class AuditWatch:
    """When to look again; one for each engine.

    Args:
        clock: Only its monotonic side is read.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._looked: float | None = None

    def due(self) -> bool:
        """Whether the last look is long ago."""
        return self._looked is None or self._clock.monotonic() - self._looked >= EVERY_S

    def done(self) -> None:
        """A look succeeded."""
        self._looked = self._clock.monotonic()


def follow(means: Means) -> None:
    """Get the head and check that it extends the one seen last.

    Raises:
        RollbackDetected: It is older, or does not follow from it; the one seen last stays.
        Untrusted: Not signed by the service.
    """
    seen = means.record.read(lambda conn: settings.get(conn, SEEN, LogPosition | None, None)).result()  # type: ignore[arg-type]
    head = _first(means) if seen is None else _follow(means, seen)
    position = LogPosition(head.index, head.head)
    if position != seen:
        means.record.write(lambda conn: settings.put(conn, SEEN, position)).result()


def _first(means: Means) -> LogHead:
    envelope = means.transport.fetch(http.PATH_LOG_HEAD, MAX_ANSWER)
    return receipts.signed(envelope, LogHead, services=means.trust.service_keys())


def _follow(means: Means, seen: LogPosition) -> LogHead:
    promised = _promised(means)
    at = seen
    for _ in range(MAX_PAGES):
        means.brake.check()
        answer = answers.decode(means.transport.fetch(f"{http.PATH_LOG}?after={at.index}", MAX_ANSWER), LogAnswer)
        head = receipts.signed(answer.head, LogHead, services=means.trust.service_keys())
        if head.index < seen.index:
            raise RollbackDetected(f"audit: head {head.index} after {seen.index}")
        for place in positions(at, answer.bodies):
            if promised.get(place.index, place.head) != place.head:
                raise RollbackDetected(f"audit: a receipt at {place.index} is not on this chain")
            at = place
            if at.index == head.index:
                break
        if at.index == head.index:
            if at.head != head.head:
                raise RollbackDetected(f"audit: head {head.index} does not extend {seen.index}")
            return head
        if not answer.bodies:
            break
    raise RollbackDetected(f"audit: no way from {seen.index} to the head")


def _promised(means: Means) -> Mapping[int, Hash]:
    """Places in the chain that receipts of this device name."""

    def read(conn: Connection) -> tuple[tuple[OutboxItem, bytes], ...]:
        found = ((item, outbox.receipt(conn, item.n)) for item in outbox.items(conn) if item.received is not None)
        return tuple((item, receipt) for item, receipt in found if receipt is not None)

    places: dict[int, Hash] = {}
    for item, envelope in means.record.read(read).result():
        services = means.trust.service_keys()
        try:
            place = _place(item.kind, envelope, services)
        except Untrusted:
            continue  # of a service key that the directory no longer lists; it was verified when it came
        places[place.index] = place.head
    return places


def _place(kind: OutboxKind, envelope: bytes, services: Mapping[str, str]) -> LogPosition:
    match kind:
        case OutboxKind.VOTE:
            return receipts.signed(envelope, Receipt, services=services).log
        case OutboxKind.COMMENT:
            return receipts.signed(envelope, CommentReceipt, services=services).log
        case OutboxKind.SESSION:
            return receipts.signed(envelope, SessionReceipt, services=services).log
        case _:
            assert_never(kind)

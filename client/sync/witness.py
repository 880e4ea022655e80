# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the service what it has of this device, and puts back what is not here (protocol.md, section 5).

Anchor, sealed copies and database (``recovery``) cannot tell when all three were put back from an image of one moment.
The service can: it keeps every statement for ever and signs a list of them. Asked once after each start, before
anything is sent.

Rules:
1. A list counts only if a service key signed it, for this device and member, complete, in order, and not older than
   the newest signed time this device has seen.
2. A statement that is there and not here was lost here. It is fetched, must bear this device's own signature, and is
   put in the outbox with its receipt; the member is told "thiếu dữ liệu".
3. A number that bears another statement here was used twice. Both stay as they are; the member is told.
4. What was found is noted before anything is put back, and shown until the member confirms it.
5. Numbers go on after the highest one the service has, whether or not everything could be fetched.
6. What is here and not there is no concern of this module: it waits, was withdrawn or was refused.
"""

from __future__ import annotations

from typing import Final

from client.clock import from_rfc3339
from client.crypto import dsse
from client.domain.ids import DeviceId
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.errors import (
    ContentMismatch,
    LimitExceeded,
    RecordIncomplete,
    RollbackDetected,
    SignatureInvalid,
    Untrusted,
)
from client.protocol import codec
from client.protocol.messages import KeptList, KeptStatement
from client.store import outbox, witnessed
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.store.witnessed import Lost, Top
from client.sync import receipts, recovery, sending, statements
from client.sync.crashpoints import crash_point
from client.sync.events import Problem
from client.sync.means import Means
from client.sync.statements import Identity
from client.sync.transport import enveloped

MOST: Final = 20_000
"""Statements of one device; more than a member signs in a lifetime of the device."""
_LIMIT: Final = enveloped(codec.MAX_KEPT)


class Witness:
    """Compares this device's record with the service's.

    Args:
        means: Ports.
        identity: Whose statements; only public parts of its key are used.
    """

    def __init__(self, means: Means, identity: Identity) -> None:
        self._means = means
        self._identity = identity

    def check(self) -> RecordIncomplete | None:
        """Compare once, fetch and keep what is missing.

        Returns:
            What to tell the member; None when nothing is missing.

        Raises:
            ServiceError: The service could not be asked, or not to the end; ask again at the next look.
            Untrusted: Its list does not verify.
        """
        kept = listed(self._means, self._means.device)
        here = {item.n: item.statement for item in self._means.record.read(outbox.items).result()}
        lost = [each for each in kept if each.n not in here]
        twice = [each.n for each in kept if here.get(each.n, each.statement) != each.statement]
        if not kept:
            return None
        self._note(Top(kept[-1].n, kept[-1].statement), Lost(tuple(each.n for each in lost), tuple(twice)))
        crash_point("witness.noted")
        unreadable = [each.n for each in lost if not self._put_back(each)]
        if lost:
            self._means.record.call(lambda conn: conn.checkpoint()).result()
            if self._means.catch_up is not None:
                self._means.catch_up().result()
        if not lost and not twice:
            return None
        return RecordIncomplete(
            f"service has {_span([e.n for e in lost])} more, used twice {_span(twice)}, unreadable {_span(unreadable)}"
        )

    def _note(self, newest: Top, found: Lost) -> None:
        """Before anything is put back: a crash in between must not make the alarm look like a false one."""

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            return None, witnessed.raise_top(conn, newest)[1] | witnessed.note_lost(conn, found)[1]

        self._means.record.write(write).result()

    def _put_back(self, kept: KeptStatement) -> bool:
        """Rule 2; False when what came is not this device's statement, which is told."""
        answer = self._means.transport.get_statement(kept.statement)
        try:
            if answer.statement is None:
                raise ContentMismatch(f"statement {kept.n} without its bytes")
            statement, item = statements.read_back(answer.statement, self._identity)
            if (item.n, item.statement) != (kept.n, kept.statement):
                raise ContentMismatch(f"statement {kept.n} is another one")
            accepted = receipts.accept(
                answer.receipt, item, member=self._means.member, services=self._means.trust.service_keys()
            )
        except Untrusted as error:
            self._means.emit(Problem(error, f"n:{kept.n}"))
            return False
        body, envelope = recovery.body_of(statement), answer.statement

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            changes = outbox.queue(conn, item, envelope, body)[1]
            changes |= outbox.mark(
                conn, item.n, state=accepted.state, received=accepted.received, receipt=answer.receipt
            )[1]
            if _counts(item, accepted.state):
                changes |= sending.let_newest_stand(conn, item.subject)
            return None, changes

        self._means.record.write(write).result()
        crash_point("witness.put_back")
        return True


def listed(means: Means, device: DeviceId) -> tuple[KeptStatement, ...]:
    """All statements the service has of a device of this member (rule 1).

    Raises:
        ServiceError, Untrusted: As :meth:`Witness.check`.
    """
    found: list[KeptStatement] = []
    while True:
        page = _page(means, device, found[-1].n if found else 0)
        found += page.kept
        if len(found) > MOST:
            raise LimitExceeded(f"{len(found)} statements")
        reached = found[-1].n if found else 0
        if reached >= page.top:
            return tuple(found)
        if not page.kept:
            raise ContentMismatch(f"statements end at {reached} of {page.top}")


def _page(means: Means, device: DeviceId, after: int) -> KeptList:
    means.brake.check()
    floor = means.time.floor
    envelope = means.transport.list_kept(device, after=after)
    opened = dsse.open_(envelope, means.trust.service_keys(), limit=_LIMIT)
    page = codec.decode(opened.payload, KeptList, limit=codec.MAX_KEPT)
    if page.by != opened.keyid:
        raise SignatureInvalid(f"signed by {opened.keyid}, says {page.by}")
    numbers = [each.n for each in page.kept]
    in_order = all(low < high for low, high in zip([after, *numbers], [*numbers, page.top + 1], strict=True))
    if (page.device, page.member, page.after) != (device, means.member, after) or (numbers and not in_order):
        raise ContentMismatch(f"statements of {page.device} after {page.after}")
    if from_rfc3339(page.at) < floor:
        raise RollbackDetected(f"statements as of {page.at}")
    return page


def _counts(item: OutboxItem, state: OutboxState) -> bool:
    return item.kind is OutboxKind.VOTE and state is OutboxState.RECEIPTED


def _span(numbers: list[int]) -> str:
    return "none" if not numbers else f"{len(numbers)} ({numbers[0]}..{numbers[-1]})"

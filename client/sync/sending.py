# SPDX-License-Identifier: AGPL-3.0-or-later
"""Actions on the outbox: send the same bytes until there is an answer, believe only what the service signed.

Before a statement leaves, "tried, answer unknown" is committed, so that a crash in between is told truthfully and
the same bytes go out again. Receipt and closing of the act are one transaction. What a refusal means is decided
in ``conflict``; since it carries no signature, it ends an act only after the service was asked for the statement
and does not have it.
"""

from __future__ import annotations

from enum import Enum

from client.domain.ids import Hash
from client.domain.outbox import OtherVote, OutboxItem, OutboxKind, OutboxState, standing
from client.errors import DeviceRevoked, ServiceRefused, Untrusted, WrongCertificate
from client.store import outbox
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync import receipts
from client.sync.conflict import Refusal, Verdict, judge
from client.sync.crashpoints import crash_point
from client.sync.events import Problem, ReceiptArrived
from client.sync.means import Means, Stopped
from client.sync.transport import NotSent


class Sent(Enum):
    """How sending one statement ended."""

    ANSWERED = "answered"
    """Settled for good: receipt, conflict or refusal."""
    WAITS = "waits"
    """Still queued; later acts on its subject wait too."""


def send(means: Means, n: int) -> Sent:
    """Send statement ``n`` once.

    Raises:
        NotSent, WrongCertificate: Nothing left this device; the act is as it was before.
        Unreachable, CaptivePortal: It may have arrived; it is queued, marked unknown.
        DeviceRevoked: Everything that waits was suspended.
        Untrusted: The answer does not verify; queued, marked unknown.
        ServiceRefused: It refused the statement and would not say whether it has it; queued, marked unknown.
    """
    if n in means.held():
        return Sent.WAITS
    claimed = means.record.write(lambda conn: _claim(conn, n)).result()
    if claimed is None:
        return Sent.WAITS
    item, envelope = claimed
    crash_point("send.marked")
    try:
        answer = means.transport.post_statement(envelope, item.statement)
    except (NotSent, WrongCertificate, Stopped):
        means.record.write(lambda conn: _unclaim(conn, item)).result()
        raise
    except ServiceRefused as refused:
        return _refused(means, item, refused)
    crash_point("send.answered")
    receipted(means, item, answer.receipt)
    return Sent.ANSWERED


def _claim(conn: Connection, n: int) -> tuple[tuple[OutboxItem, bytes] | None, ChangeSet]:
    """Mark an act as tried, in the transaction that sees it queued: a withdrawal is before it or refused."""
    item = outbox.item(conn, n)
    if item.state is not OutboxState.QUEUED:
        return None, ChangeSet()
    changes = outbox.mark(conn, n, tries=item.tries + 1, unknown=True)[1]
    return (item, outbox.envelope(conn, n)), changes


def _unclaim(conn: Connection, item: OutboxItem) -> tuple[OutboxItem, ChangeSet]:
    """Nothing left: this try did not take place. One that was made meanwhile, by hand, did."""
    tries = outbox.item(conn, item.n).tries - 1
    return outbox.mark(conn, item.n, tries=tries, unknown=item.unknown)


def suspend_all(means: Means) -> None:
    """Keep everything that waits, unsent, until the device is active again.

    An act whose save steps are going on is left alone: it would read back differently than it was written.
    """

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        held = means.held()
        changes = ChangeSet()
        for item in outbox.pending(conn):
            if item.n not in held:
                changes |= outbox.mark(conn, item.n, state=OutboxState.SUSPENDED)[1]
        return None, changes

    means.record.write(write).result()


def resume_all(means: Means) -> None:
    """The device is active again."""

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        changes = ChangeSet()
        for item in outbox.items(conn):
            if item.state is OutboxState.SUSPENDED:
                changes |= outbox.mark(conn, item.n, state=OutboxState.QUEUED)[1]
        return None, changes

    means.record.write(write).result()


def receipted(means: Means, item: OutboxItem, receipt: bytes) -> None:
    """Believe a receipt and close the act, in one transaction; an older counted vote gives way."""
    accepted = receipts.accept(receipt, item, member=means.member, services=means.trust.service_keys())

    def write(conn: Connection) -> tuple[OutboxItem, ChangeSet]:
        settled, changes = outbox.mark(
            conn, item.n, state=accepted.state, unknown=False, received=accepted.received, receipt=receipt
        )
        if item.kind is OutboxKind.VOTE and accepted.state is OutboxState.RECEIPTED:
            changes |= let_newest_stand(conn, item.subject)
        return outbox.item(conn, settled.n), changes

    settled = means.record.write(write).result()
    crash_point("send.receipted")
    means.emit(ReceiptArrived(item.n, standing(settled)))


def let_newest_stand(conn: Connection, poll: str) -> ChangeSet:
    """Of a poll's counted votes only the newest stands, also when an older one was put back and answered again."""
    counted = [item for item in _votes(conn, poll) if item.state is OutboxState.RECEIPTED]
    return _let_stand(conn, poll, counted[-1].statement)


def _let_stand(conn: Connection, poll: str, stands: Hash) -> ChangeSet:
    """A signed word says which vote stands: no other of this device's may still be shown as counted."""
    changes = ChangeSet()
    for item in _votes(conn, poll):
        if item.state is OutboxState.RECEIPTED and item.statement != stands and not item.replaced:
            changes |= outbox.supersede(conn, item.n)[1]
    return changes


def _votes(conn: Connection, poll: str) -> list[OutboxItem]:
    return [item for item in outbox.items(conn) if item.kind is OutboxKind.VOTE and item.subject == poll]


def _refused(means: Means, item: OutboxItem, refused: ServiceRefused) -> Sent:
    other = _head(means, item, refused)
    refusal = Refusal(refused.problem, None if other is None else other.statement)
    ruling = judge(item, refusal)
    match ruling.verdict:
        case Verdict.SUSPEND:
            # The request was judged, not the act: it certainly was not stored.
            means.record.write(lambda conn: outbox.mark(conn, item.n, unknown=item.unknown)).result()
            suspend_all(means)
            raise DeviceRevoked(refused.problem, refused.status, refused.body) from refused
        case Verdict.ASK:
            receipted(means, item, means.transport.get_statement(item.statement).receipt)
            return Sent.ANSWERED
        case Verdict.KEEP:
            unknown = item.unknown or refusal.arrived
            means.record.write(lambda conn: outbox.mark(conn, item.n, unknown=unknown, reason=refused.problem)).result()
            means.emit(Problem(refused, item.subject))
            return Sent.WAITS
        case Verdict.REFUSE if (receipt := _receipt_after_all(means, item)) is not None:
            receipted(means, item, receipt)
            return Sent.ANSWERED
        case Verdict.CONFLICT | Verdict.REFUSE:
            return _settle(means, item, refused, ruling.state, other if ruling.verdict is Verdict.CONFLICT else None)


def _settle(
    means: Means, item: OutboxItem, refused: ServiceRefused, state: OutboxState, other: OtherVote | None
) -> Sent:
    """The verified head stays with the act, with its proof: it names the vote that a new one has to replace."""

    def write(conn: Connection) -> tuple[OutboxItem, ChangeSet]:
        settled, changes = outbox.mark(
            conn,
            item.n,
            state=state,
            unknown=False,
            reason=refused.problem,
            receipt=None if other is None else refused.body,
            other=other,
        )
        if other is not None:
            changes |= _let_stand(conn, item.subject, other.statement)
        return settled, changes

    settled = means.record.write(write).result()
    means.emit(Problem(refused, item.subject))
    means.emit(ReceiptArrived(item.n, standing(settled)))
    return Sent.ANSWERED


def _receipt_after_all(means: Means, item: OutboxItem) -> bytes | None:
    """The receipt of a statement that was refused; None when the service does not have the statement.

    Raises:
        EcabinetError: The question was not answered: the act stays queued, marked unknown.
    """
    try:
        return means.transport.get_statement(item.statement).receipt
    except ServiceRefused as refused:
        if refused.problem != "not-found":
            raise
        return None


def _head(means: Means, item: OutboxItem, refused: ServiceRefused) -> OtherVote | None:
    """The signed head that came with a conflict; None when there is none or it does not verify."""
    if refused.problem != "vote-conflict" or not refused.body:
        return None
    try:
        return receipts.head_of(refused.body, item, member=means.member, services=means.trust.service_keys())
    except Untrusted as error:
        means.emit(Problem(error, item.subject))
        return None

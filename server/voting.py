# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of a signed statement (protocol.md, section 6): the one place where a vote is counted.

In one transaction, the poll's row locked, in this order; the first rule that applies ends it:

1. The payload is known: the same receipt again, for ever.
2. The signature is not the calling device's, the device is not active now, or it is another's: refused.
3. The member is not eligible, the definition is another one, the number is used for something else: refused.
4. The poll has not opened: refused. It has closed: stored, receipt ``late``. The room cannot vote, or the roll does
   not list the member as here or as absent with consent: refused until that changes (``server.live``).
5. ``replaces`` is not the vote that stands: refused with the signed head; nothing is merged.
6. A vote stands and the poll forbids replacing it, or the answers do not fit: refused.
7. Otherwise this vote stands, receipt ``counted``.

A receipt leaves only after the commit: it is a promise. A refusal leaves no trace in the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from client.crypto import dsse, hashing
from client.domain.ballot import ServicePollState, check_answers
from client.domain.ids import Hash, PollId
from client.protocol import codec
from client.protocol.http import Problem, StatementAnswer
from client.protocol.messages import (
    CommentStatement,
    DeviceEntry,
    PollDefinition,
    ReceiptStatus,
    SessionStatement,
    Statement,
    VoteStatement,
)
from server import auth, closing, live, sizes
from server.problems import Refusal
from server.service import Service
from server.storage import polls, statements
from server.storage.polls import PollRow
from server.storage.statements import StoredStatement
from server.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Submission:
    """A statement as it arrived, its signature verified."""

    envelope: bytes
    digest: Hash
    statement: Statement
    device: DeviceEntry


def accept(service: Service, device: DeviceEntry, envelope: bytes, *, key: str) -> StatementAnswer:
    """Decide one statement.

    Args:
        service: Where it is stored.
        device: Who sent it.
        envelope: The DSSE envelope as received.
        key: The ``Idempotency-Key``; must be the payload's hash.

    Raises:
        Refusal: By one of the rules above.
        SignatureInvalid: Not signed by this device.
        FormatRefused: Not a statement.
    """
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.STATEMENT)
    digest = Hash(hashing.sha256(payload))
    if key != digest:
        raise Refusal(Problem.HASH_MISMATCH, "idempotency key")
    with service.write() as tx:
        known = statements.find(tx.conn, digest)
        if known is not None:
            return _again(known, device)
        submission = _verified(envelope, digest, device)
        return StatementAnswer(receipt=_decide(service, tx, submission).receipt)


def accept_carried(service: Service, envelope: bytes, *, key: str) -> StatementAnswer:
    """Decide a statement that came by hand: the device that signed it is looked up and judged as if it had called.

    Raises:
        Refusal: The directory lists no such device, or by one of the rules above.
    """
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.STATEMENT)
    kind = cast("type[Statement]", Statement)
    claimed = codec.decode(payload, kind, limit=codec.MAX_STATEMENT)
    with service.database.read() as conn:
        directory = service.directories.current(conn)
    device = None if directory is None else directory.devices.get(claimed.device)
    if device is None:
        raise Refusal(Problem.UNKNOWN_DEVICE, claimed.device)
    return accept(service, device, envelope, key=key)


def _again(known: StoredStatement, device: DeviceEntry) -> StatementAnswer:
    if known.member != device.member:
        raise Refusal(Problem.FORBIDDEN)
    return StatementAnswer(receipt=known.receipt)


def _verified(envelope: bytes, digest: Hash, device: DeviceEntry) -> Submission:
    opened = dsse.open_(envelope, {device.id: device.sign}, limit=sizes.STATEMENT)
    kind = cast("type[Statement]", Statement)  # a union is not a ``type`` to mypy; msgspec takes it
    statement = codec.decode(opened.payload, kind, limit=codec.MAX_STATEMENT)
    if statement.device != device.id or statement.member != device.member:
        raise Refusal(Problem.FORBIDDEN, "statement of another device or member")
    return Submission(envelope, digest, statement, device)


def _decide(service: Service, tx: Transaction, submission: Submission) -> StoredStatement:
    directory = service.directories.current(tx.conn)
    sender = submission.device
    entry = None if directory is None else directory.devices.get(sender.id)
    same = entry is not None and (entry.sign, entry.member) == (sender.sign, sender.member)
    if entry is None or not same or not auth.is_active(entry, service.config.clock):
        raise Refusal(Problem.DEVICE_REVOKED, sender.id)
    statement = submission.statement
    if isinstance(statement, VoteStatement):
        return _vote(service, tx, submission, statement)
    if isinstance(statement, SessionStatement):
        return _act(service, tx, submission, statement)
    return _comment(service, tx, submission, statement)


def _vote(service: Service, tx: Transaction, submission: Submission, vote: VoteStatement) -> StoredStatement:
    row = closing.settle(tx, service.signer, polls.locked(tx, vote.poll))
    definition = polls.definition_of(row)
    _check_standing(tx, row, definition, submission, vote)
    if row.ended:
        return _store_vote(service, tx, submission, vote, ReceiptStatus.LATE)
    live.check_vote(tx, row, vote)
    head = statements.head(tx.conn, vote.poll, vote.member)
    if (None if head is None else head.hash) != vote.replaces:
        signed = None if head is None else service.signer.vote_head(vote.poll, vote.member, head)
        raise Refusal(Problem.VOTE_CONFLICT, vote.poll, signed=signed)
    if head is not None and not definition.revote:
        raise Refusal(Problem.REVOTE_FORBIDDEN, vote.poll)
    wrong = check_answers({question.id: question.choices for question in definition.questions}, vote.answers)
    if wrong:
        raise Refusal(Problem.BAD_ANSWERS, ", ".join(f"{q}: {problem.value}" for q, problem in wrong.items()))
    stored = _store_vote(service, tx, submission, vote, ReceiptStatus.COUNTED)
    statements.set_head(tx.conn, vote.poll, vote.member, stored.hash, replace=head is not None)
    session = live.session_of(tx.conn, definition)
    if session is not None:
        tx.hint("session", session)
    return stored


def _check_standing(
    tx: Transaction, row: PollRow, definition: PollDefinition, submission: Submission, vote: VoteStatement
) -> None:
    """Rules 3 and 4 as far as they refuse."""
    if vote.member not in definition.eligible:
        raise Refusal(Problem.NOT_ELIGIBLE, vote.poll)
    if vote.poll_def != row.poll_def or vote.pack != definition.pack:
        raise Refusal(Problem.WRONG_DEFINITION, vote.poll)
    _check_number(tx, submission)
    if row.state in {ServicePollState.DRAFT, ServicePollState.PUBLISHED}:
        raise Refusal(Problem.POLL_NOT_OPEN, vote.poll)


def _check_number(tx: Transaction, submission: Submission) -> None:
    statement = submission.statement
    other = statements.with_number(tx.conn, statement.device, statement.n)
    if other is not None:
        raise Refusal(Problem.DEVICE_FORK, f"{statement.n}: {hashing.short(other)}")


def _store_vote(
    service: Service, tx: Transaction, submission: Submission, vote: VoteStatement, status: ReceiptStatus
) -> StoredStatement:
    position = tx.log(f"vote.{status.value}", subject=vote.poll, detail=submission.digest)
    receipt = service.signer.vote_receipt(vote, digest=submission.digest, status=status, at=tx.at, log=position)
    return _store(tx, submission, kind=statements.VOTE, subject=vote.poll, status=status.value, receipt=receipt)


def _comment(service: Service, tx: Transaction, submission: Submission, comment: CommentStatement) -> StoredStatement:
    _check_number(tx, submission)
    position = tx.log("comment.recorded", subject=comment.pack, detail=submission.digest)
    receipt = service.signer.comment_receipt(comment, digest=submission.digest, at=tx.at, log=position)
    return _store(
        tx,
        submission,
        kind=statements.COMMENT,
        subject=comment.pack,
        status=statements.RECORDED,
        receipt=receipt,
    )


def _act(service: Service, tx: Transaction, submission: Submission, act: SessionStatement) -> StoredStatement:
    _check_number(tx, submission)
    status, receipt = live.hear(tx, service.signer, act, submission.digest)
    return _store(tx, submission, kind=statements.SESSION, subject=act.session, status=status.value, receipt=receipt)


def _store(
    tx: Transaction, submission: Submission, *, kind: str, subject: str, status: str, receipt: bytes
) -> StoredStatement:
    stored = StoredStatement(
        hash=submission.digest,
        kind=kind,
        member=submission.statement.member,
        device=submission.statement.device,
        n=submission.statement.n,
        subject=subject,
        status=status,
        received_at=tx.at,
        position=tx.position.index,
        envelope=submission.envelope,
        receipt=receipt,
    )
    statements.add(tx.conn, stored)
    return stored


def fetch(service: Service, caller: auth.Caller, digest: Hash) -> StatementAnswer:
    """A stored statement and its receipt, for its own member; a closed poll's votes also for the publisher.

    Raises:
        Refusal: There is none this caller may see; the two are not told apart.
    """
    with service.database.read() as conn:
        stored = statements.find(conn, digest)
        if stored is None:
            raise Refusal(Problem.NOT_FOUND)
        own = caller.device is not None and stored.member == caller.device.member
        if not own:
            row = polls.get(conn, PollId(stored.subject)) if stored.kind == statements.VOTE else None
            if not caller.is_publisher or row is None or not row.ended:
                raise Refusal(Problem.NOT_FOUND)
    return StatementAnswer(receipt=stored.receipt, statement=stored.envelope)

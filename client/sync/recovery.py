# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a crash, a rollback or a damaged file: which acts are here, which were, and what is put back.

Three witnesses are compared: the database, the sealed copies beside it (with the notes of what was withdrawn), and
the anchor in the keystore, which moves only after an act was shown as saved.

Rules:
1. A copy up to the anchor that the database lacks was shown as saved: it is verified and put back in the queue.
   Sending it again is harmless, the same bytes have the same receipt.
2. A copy beyond the anchor that the database lacks was never shown as saved: it is removed.
3. An act in the database beyond the anchor was cut short after its commit: it is finished (checkpoint, anchor).
4. A number up to the anchor that neither has is missing; the statement at the anchor having another hash is
   altered. Both are reported; nothing is made up.
5. A waiting act that was never tried and has a note of its withdrawal is withdrawn. Its copy goes last when an act
   is withdrawn: a copy still here says that the withdrawal (or the undoing of a failed save) was cut short, none
   that it was complete and that this database is an older one, which is reported.
6. A waiting act that was tried although its note says that it was withdrawn is reported and left as it is: what
   may have left must not be called withdrawn.
7. A waiting act without its copy gets one again, from the envelope in the database once that verified.

Not noticed here: whoever puts back database, copies and notes of the same moment, and the keystore with them. The
service notices (``witness``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from msgspec import structs

from client.domain.comment import CommentDraft
from client.domain.ids import Moment
from client.domain.live import ActText, SessionDraft
from client.domain.outbox import OutboxItem, OutboxState
from client.errors import EcabinetError, Untrusted
from client.protocol import codec
from client.protocol.messages import CommentStatement, SessionStatement, Statement, VoteStatement
from client.store import outbox, polls
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.store.gate import Gate
from client.store.sealed_copy import SealedCopies
from client.sync import statements
from client.sync.statements import Identity

SEALED_TEXT = "…"
"""What stands for sealed words put back from their copy: only the secretariat can open them."""
_WAITING: Final = frozenset({OutboxState.QUEUED, OutboxState.SUSPENDED})


class AnchorPort(Protocol):
    """The freshness anchor: number and hash of the newest act shown as saved."""

    def read(self) -> tuple[int, str] | None:
        """The anchor; None before the first act."""
        ...

    def write(self, n: int, hash: str, /) -> None:  # noqa: A002  # the word the protocol uses
        """Move it forward."""
        ...


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What was found.

    Attributes:
        restored: Put back from sealed copies.
        discarded: Copies of acts that were never shown as saved.
        finished: Acts whose last save steps were made up for.
        missing: Numbers shown as saved of which nothing is here.
        altered: The act at the anchor is another one than was saved.
        unreadable: Copies, notes or waiting acts that do not open or verify.
        withdrawn: Withdrawn again as their notes say.
        rolled_back: Acts that were withdrawn and that the database had as waiting: it is older than the notes.
        copied: Waiting acts whose missing copy was written again.
    """

    restored: tuple[int, ...] = ()
    discarded: tuple[int, ...] = ()
    finished: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    altered: bool = False
    unreadable: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    rolled_back: tuple[int, ...] = ()
    copied: tuple[int, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether the member must be told "thiếu dữ liệu"."""
        return bool(self.missing) or self.altered or bool(self.rolled_back)


@dataclass
class _Waiting:
    """What was found among the acts that wait."""

    withdrawn: list[int] = field(default_factory=list)
    rolled_back: list[int] = field(default_factory=list)
    copied: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def recover(identity: Identity, *, record: Gate, copies: SealedCopies, anchor: AnchorPort) -> RecoveryReport:
    """Compare the three witnesses and repair; not on a gate's thread.

    Raises:
        EcabinetError: Store or keystore cannot be used; nothing was made worse.
    """
    known = anchor.read()
    top = 0 if known is None else known[0]
    rows = {item.n: item for item in record.read(outbox.items).result()}
    restored: list[int] = []
    discarded: list[int] = []
    unreadable: list[int] = []
    for n in sorted(set(copies.numbers()) - rows.keys()):
        if n > top:
            copies.remove(n)
            discarded.append(n)
        elif _put_back(identity, n, record=record, copies=copies):
            restored.append(n)
        else:
            unreadable.append(n)
    waiting = _check_waiting(identity, record=record, copies=copies)
    rows = {item.n: item for item in record.read(outbox.items).result()}
    finished = tuple(n for n in sorted(rows) if n > top)
    if finished or restored or waiting.withdrawn:
        record.call(lambda conn: conn.checkpoint()).result()
    if finished:
        anchor.write(finished[-1], rows[finished[-1]].statement)
    return RecoveryReport(
        restored=tuple(restored),
        discarded=tuple(discarded),
        finished=finished,
        missing=tuple(n for n in range(1, top + 1) if n not in rows),
        altered=known is not None and top in rows and rows[top].statement != known[1],
        unreadable=tuple(sorted({*unreadable, *waiting.unreadable})),
        withdrawn=tuple(waiting.withdrawn),
        rolled_back=tuple(waiting.rolled_back),
        copied=tuple(waiting.copied),
    )


def _check_waiting(identity: Identity, *, record: Gate, copies: SealedCopies) -> _Waiting:
    """Rules 5 to 7."""
    found, copied = _Waiting(), frozenset(copies.numbers())
    for item in record.read(outbox.items).result():
        if item.state not in _WAITING:
            continue
        n = item.n
        try:
            noted = copies.withdrawn(n) == item.statement
        except Untrusted:
            found.unreadable.append(n)
            noted = False
        if noted and (item.tries or item.unknown):
            found.rolled_back.append(n)
        elif noted:
            record.write(partial(_withdraw, item=item)).result()
            found.withdrawn.append(n)
            if n not in copied:
                found.rolled_back.append(n)
            copies.remove(n)
            continue
        if n not in copied:
            (found.copied if _copy_again(identity, item, record=record, copies=copies) else found.unreadable).append(n)
    return found


def _withdraw(conn: Connection, item: OutboxItem) -> tuple[None, ChangeSet]:
    changes = ChangeSet()
    if item.state is OutboxState.SUSPENDED:  # the table knows no shorter way
        changes |= outbox.mark(conn, item.n, state=OutboxState.QUEUED)[1]
    return None, changes | outbox.mark(conn, item.n, state=OutboxState.WITHDRAWN)[1]


def _copy_again(identity: Identity, item: OutboxItem, *, record: Gate, copies: SealedCopies) -> bool:
    envelope = record.read(lambda conn: outbox.envelope(conn, item.n)).result()
    try:
        _, signed = statements.read_back(envelope, identity)
    except Untrusted:
        return False  # reported as unreadable
    if (signed.n, signed.statement) != (item.n, item.statement):
        return False
    copies.write(item.n, envelope)
    return True


def _put_back(identity: Identity, n: int, *, record: Gate, copies: SealedCopies) -> bool:
    try:
        envelope = copies.read(n)
        statement, item = statements.read_back(envelope, identity)
        withdrawn = copies.withdrawn(n) == item.statement
    except EcabinetError:
        return False  # reported as unreadable
    if item.n != n:
        return False
    body = body_of(statement)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        # Never tried as far as is known here, but it may well have been: it must not look withdrawable. Unless a
        # note says that it was withdrawn before anything was tried; then it is withdrawn again below.
        known = structs.replace(item, deadline=_deadline(conn, statement), unknown=not withdrawn)
        return outbox.queue(conn, known, envelope, body)

    record.write(write).result()
    return True


def _deadline(conn: Connection, statement: Statement) -> Moment | None:
    poll = polls.get(conn, statement.poll) if isinstance(statement, VoteStatement) else None
    return None if poll is None else poll.closes


def body_of(statement: Statement) -> bytes:
    """What the screens show of a statement that comes back from its signed bytes alone."""
    match statement:
        case VoteStatement():
            return outbox.encode_answers(statement.answers)
        case CommentStatement():
            return codec.encode(CommentDraft(pack=statement.pack, text=SEALED_TEXT))
        case SessionStatement():
            words = ActText(text=SEALED_TEXT) if statement.text else None
            return codec.encode(SessionDraft(statement.session, statement.pack, statement.act, words))

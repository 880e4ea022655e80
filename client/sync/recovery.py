# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a crash, a rollback or a damaged file: which acts are here, which were, and what is put back.

Three witnesses are compared: the database, the sealed copies beside it, and the anchor in the keystore, which
moves only after an act was shown as saved.

Rules:
1. A copy up to the anchor that the database lacks was shown as saved: it is verified and put back in the queue.
   Sending it again is harmless, the same bytes have the same receipt.
2. A copy beyond the anchor that the database lacks was never shown as saved: it is removed.
3. An act in the database beyond the anchor was cut short after its commit: it is finished (checkpoint, anchor).
4. A number up to the anchor that neither has is missing; the statement at the anchor having another hash is
   altered. Both are reported; nothing is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from msgspec import structs

from client.domain.comment import CommentDraft
from client.domain.outbox import OutboxItem
from client.errors import EcabinetError
from client.protocol import codec
from client.protocol.messages import Statement, VoteStatement
from client.store import outbox, polls
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.store.gate import Gate
from client.store.sealed_copy import SealedCopies
from client.sync import statements
from client.sync.statements import Identity

SEALED_TEXT = "…"
"""What stands for the text of a comment put back from its copy: only the secretariat can open it."""


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
        unreadable: Copies that do not open or verify.
    """

    restored: tuple[int, ...] = ()
    discarded: tuple[int, ...] = ()
    finished: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    altered: bool = False
    unreadable: tuple[int, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether the member must be told "thiếu dữ liệu"."""
        return bool(self.missing) or self.altered


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
    rows = {item.n: item for item in record.read(outbox.items).result()}
    finished = tuple(n for n in sorted(rows) if n > top)
    if finished or restored:
        record.call(lambda conn: conn.checkpoint()).result()
    if finished:
        anchor.write(finished[-1], rows[finished[-1]].statement)
    return RecoveryReport(
        restored=tuple(restored),
        discarded=tuple(discarded),
        finished=finished,
        missing=tuple(n for n in range(1, top + 1) if n not in rows),
        altered=known is not None and top in rows and rows[top].statement != known[1],
        unreadable=tuple(unreadable),
    )


def _put_back(identity: Identity, n: int, *, record: Gate, copies: SealedCopies) -> bool:
    try:
        envelope = copies.read(n)
        statement, item = statements.read_back(envelope, identity)
    except EcabinetError:
        return False  # reported as unreadable
    if item.n != n:
        return False
    body = _body(statement)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        return outbox.queue(conn, _with_deadline(conn, statement, item), envelope, body)

    record.write(write).result()
    return True


def _with_deadline(conn: Connection, statement: Statement, item: OutboxItem) -> OutboxItem:
    poll = polls.get(conn, statement.poll) if isinstance(statement, VoteStatement) else None
    # Never tried as far as is known here, but it may well have been: it must not look withdrawable.
    return structs.replace(item, deadline=None if poll is None else poll.closes, unknown=True)


def _body(statement: Statement) -> bytes:
    if isinstance(statement, VoteStatement):
        return outbox.encode_answers(statement.answers)
    return codec.encode(CommentDraft(pack=statement.pack, text=SEALED_TEXT))

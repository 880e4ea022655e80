# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a vote is signed and saved. Nothing here talks to the service.

The six save steps (protocol.md, section 5), in order, on a thread of their own so that numbers never race and
no screen waits:

1. a sealed copy outside the database, synced to disk;
2. the act committed to ``record.db``;
3. the log checkpointed into the file;
4. the act read back on a *new* connection, its signature verified;
5. number and hash written to the freshness anchor in the keystore;
6. only now the future resolves: "saved here, not yet counted".

Rules: any failure before the end is ``NotSaved``, the act is withdrawn as far as the disk allows, and its number
stays in ``held`` so that the engine never sends it. Until step 6 nobody is told of the act, so no screen can show
it as saved. A number is never used twice: when the
database is behind the anchor or behind what the service has, numbers go on from there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from client.crypto.random import Random
from client.domain.ballot import Answer, Poll, VoteMode
from client.domain.comment import Comment, CommentDraft
from client.domain.ids import CommentId, Hash, PollId
from client.domain.live import SessionDraft
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.errors import BadInput, ContentMismatch, EcabinetError, NotSaved
from client.protocol import codec
from client.protocol.messages import Reader, VoteClock
from client.store import comments, outbox, packs, witnessed
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection
from client.store.gate import Gate
from client.store.sealed_copy import SealedCopies
from client.sync import recovery, statements
from client.sync.crashpoints import crash_point
from client.sync.recovery import AnchorPort, RecoveryReport
from client.sync.statements import Identity, Place
from client.sync.timekeeper import Timekeeper

__all__ = ["Acts", "AnchorPort", "Identity", "RecoveryReport"]

log = logging.getLogger(__name__)

Sign = Callable[[Place], tuple[OutboxItem, bytes]]


class Readers(Protocol):
    """Whom comments are sealed to, asked at the moment of sealing."""

    def __call__(self) -> tuple[Reader, ...]:
        """The readers of the current directory."""
        ...


class Acts:
    """Signs and saves what the member decides.

    Args:
        identity: Member, device, signing key.
        record: Gate of ``record.db``.
        reopen: A new read-only connection to the same file, for step 4.
        copies: Sealed copies outside the database.
        anchor: The freshness anchor.
        time: The estimate of present time.
        rng: For nonces and ids.
        readers: To whom comments are sealed.
        on_saved: Called on the acts thread after step 6; pokes the engine.
    """

    def __init__(
        self,
        identity: Identity,
        *,
        record: Gate,
        reopen: Callable[[], Connection],
        copies: SealedCopies,
        anchor: AnchorPort,
        time: Timekeeper,
        rng: Random,
        readers: Readers,
        on_saved: Callable[[], None] = lambda: None,
    ) -> None:
        self._identity = identity
        self._record = record
        self._reopen = reopen
        self._copies = copies
        self._anchor = anchor
        self._time = time
        self._rng = rng
        self._readers = readers
        self.on_saved = on_saved
        self._held: frozenset[int] = frozenset()
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="acts")

    def held(self) -> frozenset[int]:
        """Numbers whose save steps are not finished or failed: never to be sent by this process."""
        with self._lock:
            return self._held

    def cast_vote(
        self,
        poll: Poll,
        answers: Sequence[Answer],
        *,
        mode: VoteMode = VoteMode.IN_ROOM,
        reason: str | None = None,
        replaces: Hash | None = None,
        opened: Iterable[Hash] = (),
    ) -> Future[OutboxItem]:
        """Sign and save a vote.

        Args:
            poll: As the member saw it.
            answers: One for every question.
            mode: In the room, or absent with approval.
            reason: Why absent.
            replaces: The counted vote it takes the place of.
            opened: Plain hashes of the papers opened before.

        Returns:
            The saved act; carries ``BadInput`` or ``NotSaved``.
        """
        given, papers = tuple(answers), tuple(opened)

        def sign(place: Place) -> tuple[OutboxItem, bytes]:
            return statements.vote(
                self._identity,
                poll,
                place,
                answers=given,
                mode=mode,
                reason=reason,
                replaces=replaces,
                opened=papers,
            )

        def run() -> OutboxItem:
            statements.check_vote(poll, given, mode, reason)
            body = outbox.encode_answers(given)
            return self._save(sign, lambda conn, item, envelope: outbox.queue(conn, item, envelope, body)[1])

        return self._thread.submit(run)

    def send_comment(self, draft: CommentDraft) -> Future[OutboxItem]:
        """Sign, seal to the readers and save a comment; same promise as :meth:`cast_vote`."""

        def run() -> OutboxItem:
            ident = CommentId(f"c_{self._rng(10).hex()}")
            revision = self._record.read(lambda conn: packs.readable(conn, draft.pack)).result()
            if revision is None:
                raise BadInput("pack")
            readers = self._readers()

            def sign(place: Place) -> tuple[OutboxItem, bytes]:
                return statements.comment(self._identity, draft, place, ident=ident, rev=revision.rev, readers=readers)

            def keep(conn: Connection, item: OutboxItem, envelope: bytes) -> ChangeSet:
                changes = outbox.queue(conn, item, envelope, codec.encode(draft))[1]
                return changes | comments.add(conn, Comment(ident, item.n, draft, item.made))[1]

            return self._save(sign, keep)

        return self._thread.submit(run)

    def act_in_session(self, draft: SessionDraft) -> Future[OutboxItem]:
        """Sign, seal and save an act in a live session: attendance, absence, substitute, position, request to speak.

        Words (``draft.text``) are sealed to the secretariat's readers. Offline is as good as online: the act waits
        in the outbox, in order with the other acts in the same session, and what becomes of it is in its receipt.

        Args:
            draft: Complete (``client.domain.live.check_draft`` is None).

        Returns:
            The saved act; carries ``BadInput`` or ``NotSaved``.
        """

        def run() -> OutboxItem:
            readers = () if draft.text is None else self._readers()
            return self._save(
                lambda place: statements.session_act(self._identity, draft, place, readers=readers),
                lambda conn, item, envelope: outbox.queue(conn, item, envelope, codec.encode(draft))[1],
            )

        return self._thread.submit(run)

    def withdraw(self, n: int) -> Future[OutboxItem]:
        """Take back an act that was never tried.

        Returns:
            The withdrawn act; carries ``BadInput`` when it was tried or answered already.
        """
        noted: list[int] = []

        def write(conn: Connection) -> tuple[OutboxItem, ChangeSet]:
            item = outbox.item(conn, n)
            if item.state is not OutboxState.QUEUED or item.tries or item.unknown:
                raise BadInput(f"outbox {n} {item.state.value}, {item.tries} tries")
            noted.append(n)
            self._copies.note_withdrawal(n, item.statement)  # before the commit: nothing can be sent in between
            return outbox.mark(conn, n, state=OutboxState.WITHDRAWN)

        def run() -> OutboxItem:
            try:
                item = self._record.write(write).result()
            except Exception:
                for number in noted:  # only this call's note: an earlier withdrawal keeps its own
                    self._copies.forget_withdrawal(number)
                raise
            self._copies.remove(n)  # last: recovery tells a finished withdrawal by the missing copy
            return item

        return self._thread.submit(run)

    def recover(self) -> Future[RecoveryReport]:
        """Compare anchor, sealed copies and database; put back what is missing. Once, before the engine starts."""
        return self._thread.submit(
            lambda: recovery.recover(self._identity, record=self._record, copies=self._copies, anchor=self._anchor)
        )

    def catch_up(self) -> Future[None]:
        """Move the anchor to the newest act, after acts came back from the service."""

        def run() -> None:
            rows, known = self._record.read(outbox.items).result(), self._anchor.read()
            if rows and (known is None or known[0] < rows[-1].n):
                self._anchor.write(rows[-1].n, rows[-1].statement)

        return self._thread.submit(run)

    def close(self) -> None:
        """Finish what was submitted and end the thread; before the gates stop."""
        self._thread.shutdown(wait=True)

    # -- the six steps --------------------------------------------------------------------------------------

    def _save(self, sign: Sign, keep: Callable[[Connection, OutboxItem, bytes], ChangeSet]) -> OutboxItem:
        n: int | None = None
        item: OutboxItem | None = None
        try:
            place = self._place()
            n = place.n
            with self._lock:
                self._held |= {n}
            item, envelope = sign(place)
            crash_point("act.signed")
            self._copies.write(n, envelope)  # step 1
            crash_point("act.copied")
            changes = self._record.call(lambda conn: self._commit(conn, item, envelope, keep)).result()
            self._anchor.write(n, item.statement)  # step 5
            crash_point("act.anchored")
        except BadInput:
            self._release(n)
            raise
        except Exception as error:  # whatever it was, the promise of step 6 cannot be given
            self._undo(n, item)
            raise NotSaved(f"{type(error).__name__}: {n}") from error
        self._release(n)
        self._announce(item, changes)
        return item

    def _commit(
        self,
        conn: Connection,
        item: OutboxItem,
        envelope: bytes,
        keep: Callable[[Connection, OutboxItem, bytes], ChangeSet],
    ) -> ChangeSet:
        """Steps 2 to 4, on the gate's thread and without telling its listeners."""
        with conn.transaction():
            changes = keep(conn, item, envelope)
        crash_point("act.committed")
        conn.checkpoint()
        crash_point("act.checkpointed")
        fresh = self._reopen()
        try:
            kept = outbox.envelope(fresh, item.n)
            known = outbox.item(fresh, item.n)
        finally:
            fresh.close()
        _, read = statements.read_back(kept, self._identity, deadline=item.deadline)
        if kept != envelope or read != item or known != item:
            raise ContentMismatch(f"outbox {item.n} reads back differently")
        crash_point("act.read_back")
        return changes

    def _place(self) -> Place:
        n, prev = self._record.read(outbox.next_number).result()
        for top in (self._anchor.read(), self._record.read(_witnessed).result()):
            if top is not None and top[0] >= n:
                n, prev = top[0] + 1, Hash(top[1])
        return Place(
            n=n,
            prev=prev,
            made=self._time.moment(),
            clock=VoteClock(last_sync=self._time.last_sync, est_err_ms=self._time.error_ms()),
            nonce=self._rng(statements.NONCE_BYTES),
        )

    def _announce(self, item: OutboxItem, changes: ChangeSet) -> None:
        """Tell the screens, and forget the draft that became this vote."""

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            if item.kind is OutboxKind.VOTE:
                return None, changes | outbox.drop_draft(conn, PollId(item.subject))[1]
            return None, changes

        try:
            self._record.write(write).result()
        except EcabinetError as error:  # the act is saved and anchored: saying otherwise would be untrue
            log.warning("act %d saved, screens not told: %s", item.n, error)
        crash_point("act.queued")
        self.on_saved()

    def _undo(self, n: int | None, item: OutboxItem | None) -> None:
        """Withdraw what a failed save left behind; what the disk refuses stays ``held`` and is noted.

        The note lets recovery finish the withdrawal after a restart. Where even the note cannot be written,
        nothing on this disk can tell "not saved" from "cut short by a loss of power", and recovery finishes the
        act as it does any other: the member, who was told "not saved", sees it in the outbox.
        """
        if n is None:
            return

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            if all(known.n != n for known in outbox.items(conn)):
                return None, ChangeSet()
            outbox.mark(conn, n, state=OutboxState.WITHDRAWN, reason=NotSaved.code)
            return None, ChangeSet.of(Topic.OUTBOX, f"n:{n}")

        try:
            self._record.write(write).result()
            self._copies.remove(n)
        except (EcabinetError, OSError) as error:
            log.warning("act %d not saved and not withdrawn: %s", n, type(error).__name__)
            self._note_unsaved(n, item)
            return
        self._release(n)

    def _note_unsaved(self, n: int, item: OutboxItem | None) -> None:
        if item is None:
            return  # nothing was signed, so there is nothing to come back
        try:
            self._copies.note_withdrawal(n, item.statement)
        except EcabinetError as error:
            log.warning("act %d not noted as unsaved: %s", n, type(error).__name__)

    def _release(self, n: int | None) -> None:
        with self._lock:
            self._held -= {n} if n is not None else set()


def _witnessed(conn: Connection) -> tuple[int, str] | None:
    """Number and hash of the newest statement that the service is known to have."""
    top = witnessed.top(conn)
    return None if top.statement is None else (top.n, top.statement)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening and closing of polls: by their own times on the service's clock, or by someone who may.

Rules:
1. An opinion ballot opens by itself at ``opens``; a session vote is opened in the room.
2. Any open poll with ``closes`` closes by itself at that moment: a statement received at or after it finds
   the poll closed, whether or not the ticker came first, because both settle the poll in their transaction.
3. Closing counts the votes that stand and signs the list in the same transaction.
4. Opening and closing twice change nothing; a closed poll never opens again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from client.clock import to_rfc3339
from client.crypto import dsse
from client.domain.ballot import ServicePollState
from client.domain.ids import ChoiceCode, Moment, PollId, QuestionId
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import ClosingList, CountedVote, VoteStatement
from server import sizes
from server.problems import Refusal
from server.receipts import Signer
from server.service import Service
from server.storage import polls, statements
from server.storage.polls import PollRow
from server.storage.statements import StoredStatement
from server.storage.transaction import Transaction

_log = logging.getLogger(__name__)


def settle(tx: Transaction, signer: Signer, row: PollRow) -> PollRow:
    """Bring a locked poll to where its own times put it at the transaction's moment."""
    if row.state is ServicePollState.PUBLISHED and row.opens is not None and row.opens <= tx.at:
        row = open_poll(tx, row, at=row.opens)
    if row.state is ServicePollState.OPEN and row.closes is not None and row.closes <= tx.at:
        row = close_poll(tx, signer, row, at=row.closes)
    return row


def open_poll(tx: Transaction, row: PollRow, *, at: Moment, closes: Moment | None = None) -> PollRow:
    """Open a locked, settled poll, or move the closing time of an open one.

    Raises:
        Refusal: It is closed, or ``closes`` is not in the future.
    """
    if row.ended:
        raise Refusal(Problem.POLL_STATE, row.poll)
    if closes is not None and closes <= tx.at:
        raise Refusal(Problem.BAD_REQUEST, "closes is past")
    if row.state is ServicePollState.OPEN and closes in {None, row.closes}:
        return row
    opened = row.opened or at
    row = polls.advance(tx, row, ServicePollState.OPEN, opened=opened, closes=closes or row.closes)
    tx.log("poll.opened", subject=row.poll, detail=row.closes or "")
    tx.hint("poll", row.poll)
    return row


def close_poll(tx: Transaction, signer: Signer, row: PollRow, *, at: Moment) -> PollRow:
    """Close a locked poll, count, and sign the closing list.

    Raises:
        Refusal: It was never open.
    """
    if row.ended:
        return row
    if row.state is not ServicePollState.OPEN:
        raise Refusal(Problem.POLL_STATE, row.poll)
    position = tx.log("poll.closed", subject=row.poll, detail=row.poll_def)
    definition = polls.definition_of(row)
    counted, totals = _count(row, statements.counted(tx.conn, row.poll))
    closing = ClosingList(
        poll=row.poll,
        poll_def=row.poll_def,
        closed=at,
        counted=counted,
        late=(),
        totals=totals,
        eligible=len(definition.eligible),
        rules=definition.rules,
        log=position,
        by=signer.keyid,
    )
    row = polls.advance(tx, row, ServicePollState.CLOSED, closed=at, closing=signer.sign(closing))
    tx.hint("closing", row.poll)
    return row


def _count(
    row: PollRow, votes: tuple[StoredStatement, ...]
) -> tuple[tuple[CountedVote, ...], dict[QuestionId, dict[ChoiceCode, int]]]:
    """The lines and totals of a closing list; choices nobody took are listed with 0."""
    questions = polls.definition_of(row).questions
    totals = {question.id: {choice.code: 0 for choice in question.choices} for question in questions}
    lines = []
    for stored in votes:
        payload, _ = dsse.peek_unverified(stored.envelope, limit=sizes.STATEMENT)
        vote = codec.decode(payload, VoteStatement, limit=codec.MAX_STATEMENT)
        lines.append(CountedVote(stored.member, stored.hash, vote.mode))
        for answer in vote.answers:
            totals[answer.q][answer.choice] += 1
    return tuple(lines), totals


def settle_one(service: Service, poll: PollId) -> None:
    """Settle one poll in a transaction of its own, if its time has come."""
    with service.database.read() as conn:
        row = polls.get(conn, poll)
    now = Moment(to_rfc3339(service.config.clock.now()))
    if row is None or not _is_due(row, now):
        return
    with service.write() as tx:
        settle(tx, service.signer, polls.locked(tx, poll))


def _is_due(row: PollRow, now: Moment) -> bool:
    opens = row.state is ServicePollState.PUBLISHED and row.opens is not None and row.opens <= now
    return opens or (row.state is ServicePollState.OPEN and row.closes is not None and row.closes <= now)


def settle_all(service: Service) -> None:
    """Settle every poll whose time has come."""
    with service.database.read() as conn:
        waiting = polls.due(conn, Moment(to_rfc3339(service.config.clock.now())))
    for poll in waiting:
        settle_one(service, poll)


class Ticker:
    """Settles polls in the background: at the next due moment, and at least every ``tick_s`` seconds.

    Args:
        service: Whose polls.
        settled: Called after each look, for tests that wait for one.
    """

    def __init__(self, service: Service, settled: Callable[[], None] = lambda: None) -> None:
        self._service = service
        self._settled = settled
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Until :meth:`stop`; a failing look is logged and tried again at the next."""
        while not self._stop.is_set():
            try:
                wait = await self._service.run(self._look)
            except Exception:  # noqa: BLE001
                # The loop's edge: whatever failed, polls must still close at the next look.
                _log.exception("settling polls")
                wait = self._service.config.limits.tick_s
            self._settled()
            try:
                await asyncio.wait_for(self._stop.wait(), timeout=wait)
            except TimeoutError:
                continue

    def stop(self) -> None:
        """End the loop; call on its event loop."""
        self._stop.set()

    def _look(self) -> float:
        settle_all(self._service)
        with self._service.database.read() as conn:
            due = polls.next_due(conn)
        longest = self._service.config.limits.tick_s
        if due is None:
            return longest
        left = datetime.fromisoformat(due).timestamp() - self._service.config.clock.now() / 1000
        return min(longest, max(left, 0.01))

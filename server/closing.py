# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening and closing of polls: by their own times on the service's clock, or by someone who may.

Rules:
1. An opinion ballot opens by itself at ``opens``; a session vote is opened in the room.
2. Any open poll with ``closes`` closes by itself at that moment: a statement received at or after it finds
   the poll closed, whether or not the ticker came first, because both settle the poll in their transaction.
3. Closing counts the votes that stand and signs the list in the same transaction.
4. Opening and closing twice change nothing; a closed poll never opens again.
5. A vote in session opens only in a room that can vote (``server.live``); the closing list says how many were there.
6. An end that was told moves only later, and only by the publisher's signed extension (``server.bulletins``).
7. Certifying comes after closing, once, and only adds: late votes the secretary may admit, a ruling on a tie.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from client.clock import to_rfc3339
from client.crypto import dsse, hashing
from client.domain.ballot import Choice, LatePolicy, ServicePollState, check_answers
from client.domain.ids import ChoiceCode, Hash, Moment, PollId, QuestionId
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import CertifiedResult, ClosingList, CountedVote, PollDefinition, VoteStatement
from server import live, sizes, watch
from server.problems import Refusal
from server.receipts import Signer
from server.service import Service
from server.storage import polls, statements
from server.storage.polls import PollRow
from server.storage.statements import StoredStatement
from server.storage.transaction import HintKind, Transaction

_log = logging.getLogger(__name__)


def settle(tx: Transaction, signer: Signer, row: PollRow) -> PollRow:
    """Bring a locked poll to where its own times put it at the transaction's moment."""
    if row.state is ServicePollState.PUBLISHED and row.opens is not None and row.opens <= tx.at:
        row = open_poll(tx, row, at=row.opens)
    if row.state is ServicePollState.OPEN and row.closes is not None and row.closes <= tx.at:
        row = close_poll(tx, signer, row, at=row.closes)
    return row


def open_poll(tx: Transaction, row: PollRow, *, at: Moment, closes: Moment | None = None) -> PollRow:
    """Open a locked, settled poll, or say when an open one closes that had no end.

    Raises:
        Refusal: It is closed, ``closes`` is not in the future, or an end was told before: that moves only by a signed
            extension (``server.bulletins``).
    """
    if row.ended:
        raise Refusal(Problem.POLL_STATE, row.poll)
    if closes is not None and closes <= tx.at:
        raise Refusal(Problem.BAD_REQUEST, "closes is past")
    if row.state is ServicePollState.OPEN and closes in {None, row.closes}:
        return row
    if row.state is ServicePollState.OPEN and row.closes is not None:
        raise Refusal(Problem.POLL_STATE, f"{row.poll}: extend")
    live.check_opening(tx.conn, row)
    opened = row.opened or at
    row = polls.advance(tx, row, ServicePollState.OPEN, opened=opened, closes=closes or row.closes)
    tx.log("poll.opened", subject=row.poll, detail=row.closes or "")
    _announce(tx, row)
    return row


def move_end(tx: Transaction, row: PollRow, closes: Moment) -> PollRow:
    """Let a locked, open poll close later."""
    row = polls.advance(tx, row, ServicePollState.OPEN, closes=closes)
    _announce(tx, row)
    return row


def _announce(tx: Transaction, row: PollRow, kind: HintKind = "poll") -> None:
    tx.hint(kind, row.poll)
    session = live.session_of(tx.conn, polls.definition_of(row))
    if session is not None:
        tx.hint("session", session)


def close_poll(tx: Transaction, signer: Signer, row: PollRow, *, at: Moment, void: bool = False) -> PollRow:
    """Close a locked poll, count, and sign the closing list; ``void`` when its papers changed under it.

    Raises:
        Refusal: It was never open.
    """
    if row.ended:
        return row
    if row.state is not ServicePollState.OPEN:
        raise Refusal(Problem.POLL_STATE, row.poll)
    position = tx.log("poll.closed", subject=row.poll, detail=row.poll_def)
    definition = polls.definition_of(row)
    counted, totals, tie = _count(row, statements.counted(tx.conn, row.poll))
    closing = ClosingList(
        poll=row.poll,
        poll_def=row.poll_def,
        closed=at,
        counted=counted,
        late=(),
        totals=totals,
        eligible=len(definition.eligible),
        rules=definition.rules,
        present=live.present_of(tx.conn, definition),
        tie=tie,
        void=void,
        log=position,
        by=signer.keyid,
    )
    row = polls.advance(tx, row, ServicePollState.CLOSED, closed=at, closing=signer.sign(closing), void=void)
    _announce(tx, row, "closing")
    return row


_Totals = dict[QuestionId, dict[ChoiceCode, int]]


def _count(
    row: PollRow, votes: tuple[StoredStatement, ...]
) -> tuple[tuple[CountedVote, ...], _Totals, dict[QuestionId, ChoiceCode]]:
    """Lines, totals and the tie breaker's choices; choices nobody took are listed with 0."""
    definition = polls.definition_of(row)
    totals = {question.id: {choice.code: 0 for choice in question.choices} for question in definition.questions}
    tie: dict[QuestionId, ChoiceCode] = {}
    lines = []
    for stored in votes:
        vote = _vote(stored)
        lines.append(CountedVote(stored.member, stored.hash, vote.mode))
        for answer in vote.answers:
            totals[answer.q][answer.choice] += 1
            if stored.member == definition.tie_breaker:
                tie[answer.q] = answer.choice
    return tuple(lines), totals, tie


def _vote(stored: StoredStatement) -> VoteStatement:
    payload, _ = dsse.peek_unverified(stored.envelope, limit=sizes.STATEMENT)
    return codec.decode(payload, VoteStatement, limit=codec.MAX_STATEMENT)


def certify(
    tx: Transaction, signer: Signer, row: PollRow, *, admit: tuple[Hash, ...], ruling: dict[QuestionId, ChoiceCode]
) -> PollRow:
    """Certify the result of a locked, closed poll: final, with the late votes the secretary admits.

    A member's late vote may be admitted only where the poll's rule leaves it to the secretary, only of a member who
    has no counted vote, one per member.

    Raises:
        Refusal: Not closed, void, certified otherwise already, or a vote that may not be admitted.
    """
    definition = polls.definition_of(row)
    if row.state is ServicePollState.CERTIFIED:
        return row
    if row.state is not ServicePollState.CLOSED or row.void or row.closing is None:
        raise Refusal(Problem.POLL_STATE, row.poll)
    counted = statements.counted(tx.conn, row.poll)
    late = {stored.hash: stored for stored in statements.late(tx.conn, row.poll)}
    taken = {stored.member for stored in counted}
    chosen = [late.get(digest) for digest in admit]
    members = [stored.member for stored in chosen if stored is not None]
    allowed = definition.late is LatePolicy.SECRETARY_DECIDES or not admit
    if not allowed or len(set(members)) != len(admit) or taken & set(members):
        raise Refusal(Problem.BAD_REQUEST, "late votes")
    admitted = tuple(stored for stored in chosen if stored is not None)
    if any(check_answers(_choices(definition), _vote(stored).answers) for stored in admitted):
        raise Refusal(Problem.BAD_ANSWERS, row.poll)
    codes = {question.id: {choice.code for choice in question.choices} for question in definition.questions}
    if any(q not in codes or choice not in codes[q] for q, choice in ruling.items()):
        raise Refusal(Problem.BAD_REQUEST, "ruling")
    _, totals, _ = _count(row, (*counted, *admitted))
    closing_payload, _ = dsse.peek_unverified(row.closing, limit=sizes.CLOSING)
    position = tx.log("poll.certified", subject=row.poll, detail=hashing.sha256(closing_payload))
    result = CertifiedResult(
        poll=row.poll,
        poll_def=row.poll_def,
        closing=Hash(hashing.sha256(closing_payload)),
        admitted=tuple(CountedVote(stored.member, stored.hash, _vote(stored).mode) for stored in admitted),
        totals=totals,
        ruling=ruling,
        at=tx.at,
        log=position,
        by=signer.keyid,
    )
    tx.hint("closing", row.poll)
    return polls.advance(tx, row, ServicePollState.CERTIFIED, certified=signer.sign(result))


def _choices(definition: PollDefinition) -> dict[QuestionId, tuple[Choice, ...]]:
    return {question.id: question.choices for question in definition.questions}


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
        watch.look(self._service)
        with self._service.database.read() as conn:
            due = polls.next_due(conn)
        longest = self._service.config.limits.tick_s
        if due is None:
            return longest
        left = datetime.fromisoformat(due).timestamp() - self._service.config.clock.now() / 1000
        return min(longest, max(left, 0.01))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Live sessions at the service: who may do what, and what everybody is told.

The state machine itself is ``client.protocol.live``; here its answers become transactions, receipts and one signed
state. Rules:

1. A plan is the publisher's; a newer version keeps what happened under the older one. Nobody else adds an item.
2. A command comes from the publisher, the chair or an operator of the plan, names the plan in force, and is applied
   in one transaction with its entry in the audit chain.
3. A vote of a session opens, and counts, only in a session whose plan is here, with a quorum, with devices not put
   away, and from members whom the roll lists as here, or as absent with consent where the rules let them vote and
   they gave a reason.
4. The state's version is the place in the audit chain it was read at: it grows with every change of anything, and of
   one version there is one state.
5. Who took which position is told to nobody here: figures only.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from msgspec import structs

from client.crypto import dsse
from client.domain.ballot import BallotKind, PollBlock, ServicePollState, VoteMode
from client.domain.ids import ChoiceCode, Hash, Moment, QuestionId, SessionId
from client.domain.live import PollLive, Presence, RollEntry, SessionPhase
from client.domain.rules import LiveCounts, Opener, RuleSet
from client.protocol import codec
from client.protocol import live as machine
from client.protocol import live_commands as do
from client.protocol.http import Problem, SessionAnswer, SessionOrder
from client.protocol.live import Heard, LiveProblem
from client.protocol.messages import PollDefinition, SessionState, SessionStatement, VoteStatement
from server import sizes
from server.auth import Caller
from server.problems import Refusal
from server.receipts import Signer
from server.storage import log, polls, rulebook, sessions, statements
from server.storage.polls import PollRow
from server.storage.sessions import SessionRow, plan_of
from server.storage.transaction import Connection, Transaction

_PROBLEMS: Final = {
    LiveProblem.PHASE: Problem.SESSION_STATE,
    LiveProblem.NO_QUORUM: Problem.NO_QUORUM,
    LiveProblem.UNKNOWN_MEMBER: Problem.BAD_REQUEST,
    LiveProblem.UNKNOWN_ITEM: Problem.NO_SUCH_ITEM,
    LiveProblem.NOBODY_WAITS: Problem.SESSION_STATE,
    LiveProblem.NOT_INVITED: Problem.NOT_INVITED,
}
_HERE: Final = frozenset({Presence.PRESENT, Presence.REMOTE})


def put_plan(tx: Transaction, publisher: Mapping[str, str], session: SessionId, envelope: bytes) -> None:
    """Rule 1: announce a session, or change its agenda; the same plan again changes nothing.

    Raises:
        Refusal: An older plan, another pack, or a closed session.
        SignatureInvalid, FormatRefused: Not a publisher's plan of this session.
    """
    plan, digest = sessions.open_plan(publisher, session, envelope)
    rules = rulebook.find(tx.conn, plan.plan.rules)
    known = sessions.get(tx.conn, session)
    if known is None:
        hall = machine.opening(plan.plan, rules)
        sessions.add(tx, SessionRow(session, plan.pack, envelope, digest, plan.version, hall))
    else:
        if known.plan_hash == digest:
            return
        if plan.version <= known.version or plan.pack != known.pack:
            raise Refusal(Problem.VERSION_CONFLICT, f"{session}: plan {plan.version}, have {known.version}")
        if known.hall.room.phase is SessionPhase.CLOSED:
            raise Refusal(Problem.SESSION_STATE, session)
        hall = machine.replan(known.hall, plan.plan, rules)
        sessions.save(tx, structs.replace(known, plan=envelope, plan_hash=digest, version=plan.version, hall=hall))
    tx.log("session.planned", subject=session, detail=digest)
    tx.hint("session", session)


def command(tx: Transaction, row: SessionRow, caller: Caller, order: SessionOrder) -> None:
    """Rule 2.

    Raises:
        Refusal: Not this caller, another plan, or not possible now.
    """
    plan = plan_of(row).plan
    rules = rulebook.find(tx.conn, plan.rules)
    _check_may(row, rules, caller)
    if order.plan != row.plan_hash:
        raise Refusal(Problem.WRONG_DEFINITION, row.session)
    closes = isinstance(order.command, do.CloseSession)
    away = isinstance(order.command, do.PutAway) and order.command.away
    if (closes or away) and _open_polls(tx.conn, row):
        raise Refusal(Problem.POLL_STATE, row.session)
    hall = machine.apply(plan, rules, row.hall, order.command, tx.at)
    if isinstance(hall, LiveProblem):
        raise Refusal(_PROBLEMS[hall], row.session)
    if hall == row.hall:
        return
    sessions.save(tx, structs.replace(row, hall=hall))
    tx.log(f"session.{type(order.command).__struct_config__.tag}", subject=row.session)
    tx.hint("session", row.session)
    if hall.room.present != row.hall.room.present:
        for poll in _open_polls(tx.conn, row):
            tx.hint("poll", poll.poll)


def _check_may(row: SessionRow, rules: RuleSet, caller: Caller) -> None:
    plan, openers = plan_of(row).plan, rules.run.openers
    if caller.is_publisher and Opener.SECRETARIAT in openers:
        return
    member = None if caller.device is None else caller.device.member
    chairs = {plan.chair, *(item.chair for item in plan.items if item.id == row.hall.room.current)}
    if member is not None:
        if Opener.SECRETARIAT in openers and member in plan.operators:
            return
        if Opener.CHAIR in openers and member in chairs:
            return
    raise Refusal(Problem.FORBIDDEN, row.session)


def hear(tx: Transaction, signer: Signer, statement: SessionStatement, digest: Hash) -> tuple[Heard, bytes]:
    """A member's act: what became of it and the receipt.

    Raises:
        Refusal: No such session or item, or not this member's to do.
    """
    row = sessions.locked(tx, statement.session)
    if row.pack != statement.pack:
        raise Refusal(Problem.BAD_REQUEST, "pack of another session")
    heard = machine.receive(plan_of(row).plan, row.hall, statement.member, statement.act, tx.at)
    if isinstance(heard, LiveProblem):
        raise Refusal(_PROBLEMS[heard], statement.session)
    hall, status = heard
    position = tx.log(f"act.{status.value}", subject=statement.session, detail=digest)
    if hall != row.hall:
        sessions.save(tx, structs.replace(row, hall=hall))
        tx.hint("session", row.session)
    return status, signer.act_receipt(
        statement,
        digest=digest,
        status=status,
        at=tx.at,
        log=position,
    )


# -- votes ----------------------------------------------------------------------------------------------------


def block_of(conn: Connection, row: PollRow) -> PollBlock | None:
    """Rule 3, as far as it concerns everybody: why a poll takes no votes now."""
    session = _session_of(conn, polls.definition_of(row))
    if session is None or row.ended:
        return None
    room = session.hall.room
    if room.away:
        return PollBlock.DEVICES_AWAY
    return PollBlock.NO_QUORUM if room.present < room.needed else None


def check_opening(conn: Connection, row: PollRow) -> None:
    """Refuse to open a vote in a room that cannot vote.

    Raises:
        Refusal: The session is not known here, is not sitting, has no quorum, or has put its devices away.
    """
    session = _sitting_of(conn, row)
    if session is None:
        return
    if session.hall.room.phase is not SessionPhase.IN_SESSION:
        raise Refusal(Problem.SESSION_STATE, session.session)
    block = block_of(conn, row)
    if block is not None:
        raise Refusal(_BLOCKS[block], row.poll)


_BLOCKS: Final = {PollBlock.NO_QUORUM: Problem.NO_QUORUM, PollBlock.DEVICES_AWAY: Problem.DEVICES_AWAY}


def check_vote(tx: Transaction, row: PollRow, vote: VoteStatement) -> None:
    """Rule 3 for one vote.

    Raises:
        Refusal: No session, no quorum, not on the roll as here, absence without consent or reason.
    """
    definition = polls.definition_of(row)
    session = _sitting_of(tx.conn, row)
    if session is None:
        return
    block = block_of(tx.conn, row)
    if block is not None:
        raise Refusal(_BLOCKS[block], row.poll)
    entry = next((each for each in session.hall.room.roll if each.member == vote.member), None)
    if vote.mode is VoteMode.IN_ROOM:
        if entry is None or entry.presence not in _HERE:
            raise Refusal(Problem.NOT_PRESENT, row.poll)
        return
    rules = rulebook.find(tx.conn, definition.rules)
    if not rules.absent_vote or entry is None or not _absent(entry, tx.at):
        raise Refusal(Problem.ABSENCE, row.poll)
    if not (vote.reason and vote.reason.strip()):
        raise Refusal(Problem.BAD_ANSWERS, "reason")


def _absent(entry: RollEntry, at: Moment) -> bool:
    return entry.presence is Presence.ABSENT_APPROVED and entry.is_away(at)


def present_of(conn: Connection, definition: PollDefinition) -> int | None:
    """How many counted to the quorum; None for an opinion ballot and where no session is known."""
    session = _session_of(conn, definition)
    return None if session is None else session.hall.room.present


def session_of(conn: Connection, definition: PollDefinition) -> SessionId | None:
    """The session a vote belongs to, for hints."""
    session = _session_of(conn, definition)
    return None if session is None else session.session


def _session_of(conn: Connection, definition: PollDefinition) -> SessionRow | None:
    if definition.kind is not BallotKind.SESSION:
        return None
    return sessions.of_pack(conn, definition.pack)


def _sitting_of(conn: Connection, row: PollRow) -> SessionRow | None:
    """The session a vote is held in; None for an opinion ballot, which has none.

    Raises:
        Refusal: A vote in session whose plan was never brought here: nobody could tell whether there is a quorum.
    """
    definition = polls.definition_of(row)
    session = _session_of(conn, definition)
    if session is None and definition.kind is BallotKind.SESSION:
        raise Refusal(Problem.SESSION_UNKNOWN, row.poll)
    return session


def _open_polls(conn: Connection, row: SessionRow) -> tuple[PollRow, ...]:
    return tuple(
        each
        for each in polls.of_pack(conn, row.pack)
        if each.state is ServicePollState.OPEN and polls.definition_of(each).kind is BallotKind.SESSION
    )


# -- what everybody is told -----------------------------------------------------------------------------------


class Board:
    """The newest signed state of each session, signed once per version.

    Args:
        signer: The service's.
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._lock = threading.Lock()
        self._known: dict[SessionId, tuple[int, SessionAnswer]] = {}

    def answer(self, conn: Connection, session: SessionId, at: Moment) -> SessionAnswer:
        """Plan and state as this transaction sees them.

        Raises:
            Refusal: There is no such session.
        """
        row = sessions.get(conn, session)
        if row is None:
            raise Refusal(Problem.SESSION_UNKNOWN, session)
        version = log.head(conn).index
        with self._lock:
            kept = self._known.get(session)
            if kept is not None and kept[0] == version:
                return kept[1]
            answer = SessionAnswer(plan=row.plan, state=self._signed(conn, row, version, at))
            if kept is None or kept[0] < version:
                self._known[session] = (version, answer)
            return answer

    def _signed(self, conn: Connection, row: SessionRow, version: int, at: Moment) -> bytes:
        rules = rulebook.find(conn, plan_of(row).plan.rules)
        room = structs.replace(
            row.hall.room,
            polls=tuple(
                _poll_live(conn, poll, rules)
                for poll in polls.of_pack(conn, row.pack)
                if polls.definition_of(poll).kind is BallotKind.SESSION
            ),
            positions=machine.published_positions(row.hall),
        )
        return self._signer.sign(
            SessionState(
                session=row.session, version=version, plan=row.plan_hash, room=room, at=at, by=self._signer.keyid
            )
        )


def _poll_live(conn: Connection, row: PollRow, rules: RuleSet) -> PollLive:
    definition = polls.definition_of(row)
    votes = [_vote(stored.envelope) for stored in statements.counted(conn, row.poll)]
    totals: dict[QuestionId, dict[ChoiceCode, int]] = {}
    if votes and (row.ended or rules.run.live_counts is LiveCounts.TOTALS):
        totals = {each.id: {choice.code: 0 for choice in each.choices} for each in definition.questions}
        for vote in votes:
            for answer in vote.answers:
                totals[answer.q][answer.choice] += 1
    modes = [vote.mode for vote in votes]
    return PollLive(
        poll=row.poll,
        item=definition.item,
        state=row.state,
        opened=row.opened,
        closes=row.closes,
        closed=row.closed,
        eligible=len(definition.eligible),
        in_room=modes.count(VoteMode.IN_ROOM),
        absent=modes.count(VoteMode.ABSENT_APPROVED),
        totals=totals,
        block=PollBlock.PAPERS_CHANGED if row.void else block_of(conn, row),
    )


@lru_cache(maxsize=8192)
def _vote(envelope: bytes) -> VoteStatement:
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.STATEMENT)
    return codec.decode(payload, VoteStatement, limit=codec.MAX_STATEMENT)

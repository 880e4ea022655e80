# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls as the service keeps them: the publisher's definition, the state, the times.

It decides whether a definition may be stored and which state follows which (``SERVICE_TRANSITIONS``: forward
only). It cannot read what is asked: the definition holds salted hashes of the wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from client.crypto import dsse
from client.domain.ballot import SERVICE_TRANSITIONS, BallotKind, ServicePollState
from client.domain.ids import Hash, MemberId, Moment, PackId, PollId
from client.errors import FormatRefused, InternalFault
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import PollDefinition
from server import sizes
from server.problems import Refusal
from server.storage.schema import poll_members, polls
from server.storage.transaction import Transaction

_GET: Final = select(polls).where(polls.c.poll == bindparam("poll"))
_LOCKED: Final = _GET.with_for_update()


class PollRow(Struct, frozen=True):
    """One poll.

    Attributes:
        opens: When it opens by itself; None for a session vote, which someone opens in the room.
        void: The papers changed under it: it decides nothing.
    """

    poll: PollId
    definition: bytes
    poll_def: Hash
    state: ServicePollState
    opens: Moment | None
    opened: Moment | None
    closes: Moment | None
    closed: Moment | None
    closing: bytes | None
    certified: bytes | None = None
    void: bool = False

    @property
    def ended(self) -> bool:
        """Whether votes that arrive now are late."""
        return self.state in {ServicePollState.CLOSED, ServicePollState.CERTIFIED}


def definition_of(row: PollRow) -> PollDefinition:
    """The definition inside a stored envelope, which was verified when it was stored."""
    return _definition(row.definition)


@lru_cache(maxsize=256)
def _definition(envelope: bytes) -> PollDefinition:
    payload, _ = dsse.peek_unverified(envelope, limit=sizes.POLL)
    return codec.decode(payload, PollDefinition, limit=codec.MAX_POLL)


def put(tx: Transaction, publisher: Mapping[str, str], poll: PollId, envelope: bytes) -> None:
    """Publish a poll; the same definition again changes nothing.

    Raises:
        Refusal: Another definition is there.
        SignatureInvalid: Not the publisher's.
        FormatRefused: Not a definition, or one that contradicts itself.
    """
    opened = dsse.open_(envelope, publisher, limit=sizes.POLL)
    definition = codec.decode(opened.payload, PollDefinition, limit=codec.MAX_POLL)
    if definition.poll != poll:
        raise FormatRefused("poll and path differ")
    _check(definition)
    known = get(tx.conn, poll)
    if known is not None:
        if known.poll_def == opened.hash:
            return
        raise Refusal(Problem.VERSION_CONFLICT, poll)
    tx.conn.execute(
        insert(polls).values(
            poll=poll,
            definition=envelope,
            poll_def=opened.hash,
            state=ServicePollState.PUBLISHED.value,
            opens=definition.opens if definition.kind is BallotKind.OPINION else None,
            closes=definition.closes,
        )
    )
    everyone = dict.fromkeys(definition.openers, False) | dict.fromkeys(definition.eligible, True)
    rows = [{"poll": poll, "member": member, "eligible": eligible} for member, eligible in everyone.items()]
    tx.conn.execute(insert(poll_members), rows)
    tx.log("poll.published", subject=poll, detail=opened.hash)
    tx.hint("poll", poll)


def _check(definition: PollDefinition) -> None:
    questions = [question.id for question in definition.questions]
    lists: list[Sequence[str]] = [questions, definition.eligible, definition.openers]
    lists += [[choice.code for choice in question.choices] for question in definition.questions]
    if any(len(set(entries)) != len(entries) for entries in lists):
        raise FormatRefused("something is listed twice")
    if definition.closes is not None and definition.closes <= definition.opens:
        raise FormatRefused("closes before it opens")
    if definition.tie_breaker is not None and definition.tie_breaker not in definition.eligible:
        raise FormatRefused("who breaks ties has no vote")


def get(conn: Connection, poll: PollId) -> PollRow | None:
    """One poll as it stands."""
    row = conn.execute(_GET, {"poll": poll}).one_or_none()
    return None if row is None else _row(row)


def locked(tx: Transaction, poll: PollId) -> PollRow:
    """One poll, its row locked until the transaction ends.

    Raises:
        Refusal: There is none.
    """
    row = tx.conn.execute(_LOCKED, {"poll": poll}).one_or_none()
    if row is None:
        raise Refusal(Problem.POLL_UNKNOWN, poll)
    return _row(row)


def due(conn: Connection, now: Moment) -> tuple[PollId, ...]:
    """Polls whose time to open or close has come."""
    opens = (polls.c.state == ServicePollState.PUBLISHED.value) & (polls.c.opens <= now)
    closes = (polls.c.state == ServicePollState.OPEN.value) & (polls.c.closes <= now)
    return tuple(PollId(poll) for poll in conn.scalars(select(polls.c.poll).where(or_(opens, closes))))


def next_due(conn: Connection) -> Moment | None:
    """The nearest moment at which a poll opens or closes by itself."""
    moments = [
        conn.scalar(select(column).where(polls.c.state == state.value, column.is_not(None)).order_by(column).limit(1))
        for column, state in ((polls.c.opens, ServicePollState.PUBLISHED), (polls.c.closes, ServicePollState.OPEN))
    ]
    return min((Moment(moment) for moment in moments if moment is not None), default=None)


def of_member(conn: Connection, member: MemberId) -> tuple[PollId, ...]:
    """Polls in which a member votes or which the member opens."""
    query = select(poll_members.c.poll).where(poll_members.c.member == member).order_by(poll_members.c.poll)
    return tuple(PollId(poll) for poll in conn.scalars(query))


def of_pack(conn: Connection, pack: PackId) -> tuple[PollRow, ...]:
    """All polls of a pack."""
    rows = [_row(row) for row in conn.execute(select(polls).order_by(polls.c.poll))]
    return tuple(row for row in rows if definition_of(row).pack == pack)


def every(conn: Connection) -> tuple[PollId, ...]:
    """All polls."""
    return tuple(PollId(poll) for poll in conn.scalars(select(polls.c.poll).order_by(polls.c.poll)))


def advance(tx: Transaction, row: PollRow, state: ServicePollState, **times: Any) -> PollRow:
    """Move a locked poll on; ``times`` are columns that change with it."""
    if state is not row.state and state not in SERVICE_TRANSITIONS[row.state]:
        raise InternalFault(f"poll {row.poll}: {row.state.value} -> {state.value}")
    tx.conn.execute(update(polls).where(polls.c.poll == row.poll).values(state=state.value, **times))
    moved = get(tx.conn, row.poll)
    if moved is None:
        raise InternalFault(f"poll {row.poll} vanished")
    return moved


def _row(row: Row[Any]) -> PollRow:
    return PollRow(
        poll=PollId(row.poll),
        definition=row.definition,
        poll_def=Hash(row.poll_def),
        state=ServicePollState(row.state),
        opens=row.opens,
        opened=row.opened,
        closes=row.closes,
        closed=row.closed,
        closing=row.closing,
        certified=row.certified,
        void=bool(row.void),
    )

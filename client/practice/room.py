# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other side of the practice: answers every act after a moment and runs the session by a short script.

What an act or command makes of the room is ``client.protocol.live``, the same functions the service runs; what comes
out is put into the practice store only. No signature of it would verify anywhere else.

The script waits for the member: "Tôi có mặt" begins the session, a request to speak is granted, a vote is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

import msgspec

from client.clock import Clock
from client.domain.ballot import PollState, ServicePollState, VoteMode
from client.domain.ids import ChoiceCode, ItemId, Moment, PollId, QuestionId
from client.domain.live import (
    CheckIn,
    ItemConclusion,
    LiveSession,
    PagePointer,
    PollLive,
    Presence,
    RequestToSpeak,
    Room,
    SessionDraft,
)
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.practice import content
from client.protocol import live as procedure
from client.protocol import live_commands as do
from client.store import live, outbox, polls
from client.store.changes import ChangeSet
from client.store.gate import Gate, Handle

ANSWER_S: Final = 1.2
STEP_S: Final = 4.0
SPEECH_S: Final = 180
VOTE_MS: Final = 600_000
OTHERS: Final = {ChoiceCode("yes"): 15, ChoiceCode("no"): 4, ChoiceCode("other_opinion"): 1}
"""How the invented members vote."""
_Q: Final = QuestionId("q1")


class Later(Protocol):
    """Runs something after a while, on a thread of its own."""

    def __call__(self, wait_s: float, work: Callable[[], None], /) -> None:
        """Run ``work`` in ``wait_s`` seconds."""
        ...


class PracticeRoom:
    """One practice.

    Args:
        record: The practice store.
        clock: For the times it writes.
        later: Runs the next step.
    """

    def __init__(self, record: Gate, clock: Clock, later: Later) -> None:
        self._record, self._clock, self._later = record, clock, later
        self._plan = content.plan(clock.now())
        self._hall = procedure.opening(self._plan, content.RULES)
        self._version = 0
        self._vote: PollLive | None = None
        self._counted: ChoiceCode | None = None
        self._closed = False

    def begin(self) -> None:
        """Roll call: everybody else is here."""
        marks = tuple(do.PresenceMark(member, Presence.PRESENT) for member in content.MEMBERS[1:23])
        self._order(do.CallRoll())
        self._order(do.MarkPresence(marks))
        self._publish()

    def poked(self) -> None:
        """Something was saved: answer it after a moment."""
        self._later(ANSWER_S, self._answer)

    # -- answering ---------------------------------------------------------------------------------------------

    def _answer(self) -> None:
        for item in self._record.read(outbox.pending).result():
            if item.kind is OutboxKind.SESSION:
                self._hear(item)
            self._record.write(partial(self._receipt, item=item)).result()
            if item.subject == content.VOTE:
                self._count(item)

    def _receipt(self, conn: Handle, *, item: OutboxItem) -> tuple[None, ChangeSet]:
        changes = outbox.mark(
            conn, item.n, state=OutboxState.RECEIPTED, received=self._now(), receipt=b'{"practice":true}'
        )[1]
        if item.kind is OutboxKind.VOTE:
            for older, _ in outbox.of_poll(conn, PollId(item.subject)):
                if older.n < item.n and older.state is OutboxState.RECEIPTED and not older.replaced:
                    changes |= outbox.supersede(conn, older.n)[1]
        return None, changes

    def _hear(self, item: OutboxItem) -> None:
        body = self._record.read(lambda conn: outbox.body(conn, item.n)).result()
        act = msgspec.json.decode(body, type=SessionDraft).act
        heard = procedure.receive(self._plan, self._hall, content.ME, act, self._now())
        if isinstance(heard, procedure.LiveProblem):
            return
        self._hall = heard[0]
        self._publish()
        if isinstance(act, CheckIn):
            self._later(STEP_S, self._open)
        elif isinstance(act, RequestToSpeak):
            self._later(STEP_S, self._give_floor)

    # -- the script --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Everybody is here: the session begins, the draft is presented, a vote opens."""
        self._order(do.ConfirmCheckIns())
        self._order(do.BeginSession())
        self._order(do.GoToItem(content.OPENING))
        self._order(do.GoToItem(content.DRAFT_ITEM))
        self._order(do.ShowPage(PagePointer(content.DRAFT, 0)))
        self._publish()
        self._conclude(content.OPENING, "Thông qua chương trình phiên họp tập dượt (dữ liệu giả định).")
        for page in range(1, content.PAGES[content.DRAFT]):
            self._later(STEP_S * 4 * page, partial(self._turn, page))
        self._later(STEP_S, self._open_vote)

    def _turn(self, page: int) -> None:
        self._order(do.ShowPage(PagePointer(content.DRAFT, page)))
        self._publish()

    def _give_floor(self) -> None:
        self._order(do.CallSpeaker(content.ME, SPEECH_S))
        self._publish()
        self._later(STEP_S * 5, self._end_speech)

    def _end_speech(self) -> None:
        self._order(do.EndSpeech())
        self._publish()

    def _open_vote(self) -> None:
        now = self._clock.now()
        closes = content.moment(type(now)(now + VOTE_MS))
        self._vote = PollLive(
            poll=content.VOTE,
            item=content.DRAFT_ITEM,
            state=ServicePollState.OPEN,
            opened=content.moment(now),
            closes=closes,
            closed=None,
            eligible=len(content.MEMBERS),
            in_room=sum(OTHERS.values()),
            absent=0,
            totals={_Q: dict(OTHERS)},
        )

        def write(conn: Handle) -> tuple[None, ChangeSet]:
            known = polls.get(conn, content.VOTE)
            assert known is not None
            opened = msgspec.structs.replace(known, state=PollState.OPEN, closes=closes)
            return None, polls.save(conn, opened)[1]

        self._record.write(write).result()
        self._publish()

    def _count(self, item: OutboxItem) -> None:
        """The member's vote is among the others now; a little later the vote closes with its result."""
        votes = self._record.read(lambda conn: outbox.of_poll(conn, content.VOTE)).result()
        answers = next(answers for known, answers in votes if known.n == item.n)
        first = self._counted is None
        self._counted = answers[0].choice
        if self._vote is not None:
            self._vote = msgspec.structs.replace(
                self._vote, in_room=sum(self._totals().values()), totals={_Q: self._totals()}
            )
        self._publish()
        if first:
            self._later(STEP_S * 4, self._close_vote)

    def _totals(self) -> dict[ChoiceCode, int]:
        totals = dict(OTHERS)
        if self._counted is not None:
            totals[self._counted] = totals.get(self._counted, 0) + 1
        return totals

    def _close_vote(self) -> None:
        if self._closed:
            return
        self._closed, self._vote = True, None
        totals = self._totals()
        body = {
            "counted": [{"mode": VoteMode.IN_ROOM.value}] * sum(totals.values()),
            "late": [],
            "totals": {_Q: totals},
            "eligible": len(content.MEMBERS),
            "present": self._hall.room.present,
        }
        kept = msgspec.json.encode({"payload": msgspec.json.encode(body)})

        def write(conn: Handle) -> tuple[None, ChangeSet]:
            changes = polls.save_closing(conn, content.VOTE, kept)[1]
            state = PollState.RESULT_VERIFIED
            return None, changes | polls.set_state(conn, content.VOTE, state, closed=self._now())[1]

        self._record.write(write).result()
        self._publish()

    def _conclude(self, item: ItemId, text: str) -> None:
        found = ItemConclusion(content.SESSION, item, text, self._now())
        self._record.write(lambda conn: live.save_conclusion(conn, found, content.plain_hash(text.encode()))).result()

    # -- inside ------------------------------------------------------------------------------------------------

    def _order(self, command: do.SessionCommand) -> None:
        """A command that the room does not take at the moment changes nothing."""
        made = procedure.apply(self._plan, content.RULES, self._hall, command, self._now())
        if not isinstance(made, procedure.LiveProblem):
            self._hall = made

    def _publish(self) -> None:
        self._version += 1
        room: Room = msgspec.structs.replace(
            self._hall.room,
            polls=() if self._vote is None else (self._vote,),
            positions=procedure.published_positions(self._hall),
        )
        found = LiveSession(
            session=content.SESSION,
            pack=content.PACK,
            version=self._version,
            plan_hash=content.plain_hash(b"plan"),
            plan_version=1,
            plan=self._plan,
            room=room,
            at=self._now(),
        )
        self._record.write(lambda conn: live.save(conn, found, plan=b"{}", state=b"{}")).result()

    def _now(self) -> Moment:
        return content.moment(self._clock.now())

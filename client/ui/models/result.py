# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a vote came to: provisional while the room counts, final by the service's signed closing list, never mixed.

Decides nothing about trust: the closing list and the certified result it reads are those ``store.polls`` keeps, which
were verified before they were kept. What the figures mean is ``domain.rules.tally`` in the words of ``domain.verdict``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from client.domain.ballot import Poll, PollState, Question, VoteMode
from client.domain.ids import ChoiceCode, QuestionId
from client.domain.live import LiveSession
from client.domain.live_view import poll_live
from client.domain.rules import RuleSet, Tally, tally
from client.domain.verdict import Sentence, explain
from client.store import polls, trusted
from client.store.gate import Handle
from client.ui.models.rules import kept_name, payload_of, rules_of

MAX_RESULT: Final = 8 * 1024 * 1024
"""Bytes of a kept closing list, envelope included; more is not read."""
T = TypeVar("T")
Totals = Mapping[QuestionId, Mapping[ChoiceCode, int]]


class _Line(msgspec.Struct, frozen=True):
    mode: VoteMode


class _Closing(msgspec.Struct, frozen=True):
    """The parts of a signed closing list that are shown."""

    counted: tuple[_Line, ...]
    late: tuple[_Line, ...]
    totals: dict[QuestionId, dict[ChoiceCode, int]]
    eligible: int
    present: int | None = None
    tie: dict[QuestionId, ChoiceCode] = {}
    void: bool = False


class _Certified(msgspec.Struct, frozen=True):
    """The parts of a certified result that are shown."""

    admitted: tuple[_Line, ...]
    totals: dict[QuestionId, dict[ChoiceCode, int]]
    ruling: dict[QuestionId, ChoiceCode] = {}


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: figures, what they mean, and in which words; no meaning without the rule set."""

    question: Question
    counts: Mapping[ChoiceCode, int]
    tally: Tally | None
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of a vote's outcome.

    Attributes:
        final: By the signed closing list; else provisional.
        certified: The secretariat has certified it.
        in_room, absent: Votes counted, shown apart.
        silent: Members of whom no answer came: neither a choice nor "not voting".
        late: Votes that came too late; ``admitted`` of them were counted by the secretary's decision.
        void: The papers changed under the ballot: it decides nothing.
        dispute: Why this device does not accept it; empty when it does.
    """

    final: bool
    questions: tuple[QuestionResult, ...]
    in_room: int
    absent: int
    eligible: int
    certified: bool = False
    late: int = 0
    admitted: int = 0
    void: bool = False
    dispute: str = ""

    @property
    def silent(self) -> int:
        """No answer at all."""
        return max(0, self.eligible - self.in_room - self.absent)


def result_of(conn: Handle, poll: Poll, room: LiveSession | None) -> Result | None:
    """What may be shown of a vote's outcome; None while there is nothing."""
    rules = rules_of(trusted.load_target(conn, kept_name(poll.rules)))
    closing = _read(polls.closing(conn, poll.id), _Closing)
    if closing is not None and poll.state in {PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED}:
        return _final(conn, poll, closing, rules)
    shown = poll_live(room, poll.id)
    if shown is None or room is None:
        return None
    members = len(room.plan.members)
    questions = _questions(poll, shown.totals, rules, members=members, present=room.room.present, ties={})
    return Result(False, questions, shown.in_room, shown.absent, shown.eligible)


def _final(conn: Handle, poll: Poll, closing: _Closing, rules: RuleSet | None) -> Result:
    certified = _read(polls.certified(conn, poll.id), _Certified) if poll.certified else None
    totals = closing.totals if certified is None else certified.totals
    admitted = () if certified is None else certified.admitted
    counted = (*closing.counted, *admitted)
    absent = sum(1 for line in counted if line.mode is VoteMode.ABSENT_APPROVED)
    ties = closing.tie | ({} if certified is None else certified.ruling)
    questions = _questions(poll, totals, rules, members=closing.eligible, present=closing.present, ties=ties)
    return Result(
        final=True,
        questions=questions,
        in_room=len(counted) - absent,
        absent=absent,
        eligible=closing.eligible,
        certified=certified is not None,
        late=len(closing.late),
        admitted=len(admitted),
        void=closing.void,
        dispute=polls.dispute(conn, poll.id) if poll.state is PollState.RESULT_DISPUTED else "",
    )


def _questions(
    poll: Poll,
    totals: Totals,
    rules: RuleSet | None,
    *,
    members: int,
    present: int | None,
    ties: Mapping[QuestionId, ChoiceCode],
) -> tuple[QuestionResult, ...]:
    found = []
    for question in poll.questions:
        counts = totals.get(question.id)
        if counts is None:
            continue
        count = None
        if rules is not None and rules.id == poll.rules:
            silent = max(0, members - sum(counts.values()))
            count = tally(
                rules, counts, members=members, present=present, tie_breaker=ties.get(question.id), silent=silent
            )
        sentence = explain(rules, count) if rules is not None and count is not None else None
        found.append(QuestionResult(question, counts, count, sentence))
    return tuple(found)


def _read(kept: bytes | None, kind: type[T]) -> T | None:
    payload = payload_of(kept, limit=MAX_RESULT)
    if payload is None:
        return None
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.DecodeError:
        return None

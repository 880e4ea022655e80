# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be signed, and why a ballot is not available."""

from __future__ import annotations

import msgspec
import pytest

from client.domain.ballot import (
    SERVICE_TRANSITIONS,
    Answer,
    AnswerProblem,
    BallotKind,
    Choice,
    LatePolicy,
    NoteRule,
    Poll,
    PollState,
    Question,
    ServicePollState,
    WhyNot,
    check_answers,
    why_not,
)
from client.domain.ids import ChoiceCode, Hash, Moment, PackId, PollId, QuestionId, RuleSetId

Q1 = QuestionId("q1")
YES, OTHER, QUIET = ChoiceCode("yes"), ChoiceCode("other_opinion"), ChoiceCode("blank")
CHOICES = (
    Choice(YES, "Đồng ý", "Agree"),
    Choice(OTHER, "Ý kiến khác", "Other", NoteRule.REQUIRED),
    Choice(QUIET, "Trống", "Blank", NoteRule.NONE),
)
POLL = Poll(
    id=PollId("po_12"),
    kind=BallotKind.SESSION,
    definition=Hash("sha256:" + "a" * 64),
    pack=PackId("pk_1234"),
    rev=1,
    item=None,
    title="Biểu quyết",
    summary="",
    questions=(Question(Q1, "Thông qua?", CHOICES),),
    issues=(),
    eligible=True,
    opens=Moment("2026-11-27T02:00:00.000Z"),
    closes=None,
    revote=False,
    late=LatePolicy.NOT_COUNTED,
    rules=RuleSetId("gov-2025/1"),
    state=PollState.OPEN,
)
NOW = Moment("2026-11-27T02:10:00.000Z")


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ((), AnswerProblem.MISSING),
        ((Answer(Q1, YES),), None),
        ((Answer(Q1, OTHER),), AnswerProblem.NOTE_REQUIRED),
        ((Answer(Q1, OTHER, "   "),), AnswerProblem.NOTE_REQUIRED),
        ((Answer(Q1, OTHER, "Giao Bộ rà soát"),), None),
        ((Answer(Q1, QUIET, "lời"),), AnswerProblem.NOTE_NOT_ALLOWED),
        ((Answer(Q1, ChoiceCode("maybe")),), AnswerProblem.UNKNOWN_CHOICE),
        ((Answer(Q1, YES), Answer(Q1, OTHER, "x")), AnswerProblem.TWICE),
    ],
)
def test_answers_are_checked_before_signing(answers: tuple[Answer, ...], problem: AnswerProblem | None) -> None:
    assert check_answers({Q1: CHOICES}, answers).get(Q1) is problem


def test_an_answer_to_no_question_is_named() -> None:
    stray = QuestionId("q9")
    assert check_answers({Q1: CHOICES}, (Answer(Q1, YES), Answer(stray, YES))) == {
        stray: AnswerProblem.UNKNOWN_QUESTION
    }


@pytest.mark.parametrize(
    ("changes", "cast", "waiting", "active", "reason"),
    [
        ({}, False, False, True, None),
        ({}, False, False, False, WhyNot.DEVICE_REVOKED),
        ({"eligible": False}, False, False, True, WhyNot.NOT_ELIGIBLE),
        ({"state": PollState.ANNOUNCED}, False, False, True, WhyNot.NOT_OPEN),
        ({"state": PollState.ANNOUNCED, "kind": BallotKind.OPINION}, False, False, True, None),
        ({"state": PollState.CLOSED}, False, False, True, WhyNot.CLOSED),
        ({}, True, False, True, WhyNot.ALREADY_CAST),
        ({"revote": True}, True, False, True, None),
        ({"revote": True}, False, True, True, WhyNot.WAITING),
        ({"closes": Moment("2026-11-27T02:05:00.000Z")}, False, False, True, None),
    ],
)
def test_an_unavailable_ballot_says_why(
    changes: dict[str, object], cast: bool, waiting: bool, active: bool, reason: WhyNot | None
) -> None:
    poll = msgspec.structs.replace(POLL, **changes)
    assert why_not(poll, cast=cast, waiting=waiting, active=active, now=NOW) is reason


def test_the_service_only_moves_a_poll_forward() -> None:
    order = list(ServicePollState)
    for state, targets in SERVICE_TRANSITIONS.items():
        assert all(order.index(target) == order.index(state) + 1 for target in targets)

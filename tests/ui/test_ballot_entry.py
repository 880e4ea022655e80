# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in a ballot's form as a value: nothing chosen for anybody, nothing lost, only allowed answers signed."""

from __future__ import annotations

import msgspec
import pytest

from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ballot import (
    MAX_NOTE,
    Answer,
    AnswerProblem,
    BallotKind,
    Choice,
    NoteRule,
    Poll,
    PollState,
    Question,
    VoteMode,
)
from client.domain.ids import ChoiceCode, Moment, QuestionId, RuleSetId
from client.domain.projection import BallotView
from client.domain.rules import RuleSet
from client.protocol import codec, names
from client.store.drafts import Draft
from client.ui.models.rules import MAX_RULES, absent_vote_allowed, kept_name
from client.ui.screens.ballot_entry import (
    MAX_REASON,
    NOT_CHOSEN,
    Entry,
    answers_of,
    draft_of,
    entry_of,
    problems_of,
    reason_missing,
    too_long,
)
from client.ui.screens.ballot_model import group
from server.secretariat.rules import COUNCIL, GOVERNMENT
from tests.helpers.ui_world import CHOICES, OPINION, poll

Q1, Q2 = QuestionId("q1"), QuestionId("q2")
YES, NO, BLANK = ChoiceCode("yes"), ChoiceCode("no"), ChoiceCode("blank")


def two_questions() -> Poll:
    blank = Choice(BLANK, "Phiếu trắng", "Blank", NoteRule.NONE)
    second = Question(Q2, "Câu hỏi thứ hai?", (*CHOICES[:2], blank))
    one = poll("q_two", OPINION, "Hai câu hỏi (dữ liệu giả định)")
    return msgspec.structs.replace(one, questions=(*one.questions, second))


def test_an_untouched_form_has_no_answer() -> None:
    asked = two_questions()
    assert Entry().empty
    assert answers_of(Entry(), asked) == ()
    assert problems_of(Entry(), asked) == {Q1: AnswerProblem.MISSING, Q2: AnswerProblem.MISSING}
    assert Entry().mode is VoteMode.IN_ROOM


def test_answers_come_in_the_order_of_the_questions_and_clean() -> None:
    asked = two_questions()
    decomposed = "  Y\u0301 kiê\u0301n  "
    entry = Entry().choose(Q2, NO).write(Q2, decomposed).choose(Q1, YES)
    assert answers_of(entry, asked) == (Answer(Q1, YES, None), Answer(Q2, NO, "Ý kiến"))
    assert problems_of(entry, asked) == {}


def test_a_required_note_of_blanks_is_no_note() -> None:
    entry = Entry().choose(Q1, NO).write(Q1, " \n ").choose(Q2, YES)
    assert problems_of(entry, two_questions()) == {Q1: AnswerProblem.NOTE_REQUIRED}


def test_words_stay_behind_where_the_choice_takes_none() -> None:
    entry = Entry().choose(Q1, YES).write(Q2, "Ghi trước").choose(Q2, BLANK)
    assert answers_of(entry, two_questions())[1] == Answer(Q2, BLANK, None)
    assert entry.choose(Q2, NO).at(Q2).note == "Ghi trước"


def test_a_draft_keeps_words_without_a_choice() -> None:
    asked = two_questions()
    entry = Entry().write(Q1, "Chưa quyết").choose(Q2, YES)
    kept = draft_of(entry)
    assert kept.answers == (Answer(Q1, NOT_CHOSEN, "Chưa quyết"), Answer(Q2, YES, None))
    again = entry_of(msgspec.json.decode(msgspec.json.encode(kept), type=Draft), asked)
    assert again == entry
    assert problems_of(again, asked) == {Q1: AnswerProblem.MISSING}


def test_a_draft_of_another_wording_gives_up_its_choice_and_keeps_its_words() -> None:
    asked = two_questions()
    draft = Draft((Answer(Q1, ChoiceCode("gone"), "Vẫn còn"), Answer(QuestionId("q9"), YES)), VoteMode.IN_ROOM, None)
    assert (entry_of(draft, asked).at(Q1).choice, entry_of(draft, asked).at(Q1).note) == (None, "Vẫn còn")
    moved = Entry().choose(Q1, YES).write(Q1, "a").choose(Q2, BLANK).fitting({Q1: {NO}, Q2: {BLANK}})
    assert (moved.at(Q1).choice, moved.at(Q1).note, moved.at(Q2).choice) == (None, "a", BLANK)


@pytest.mark.parametrize(("reason", "missing"), [("", True), ("  ", True), ("Công tác", False)])
def test_absence_needs_a_reason(reason: str, missing: bool) -> None:
    entry = Entry(absent=True, reason=reason)
    assert reason_missing(entry) is missing
    assert not reason_missing(Entry(absent=False, reason=reason))
    assert (entry.mode, Entry(reason="x").stated_reason) == (VoteMode.ABSENT_APPROVED, None)


def test_limits_of_words() -> None:
    assert too_long(Entry().write(Q1, "a" * MAX_NOTE)) == ()
    assert too_long(Entry().write(Q1, "a" * (MAX_NOTE + 1))) == (Q1,)
    assert not reason_missing(Entry(absent=True, reason="a" * MAX_REASON))
    assert reason_missing(Entry(absent=True, reason="a" * (MAX_REASON + 1)))
    assert len(draft_of(Entry().write(Q1, "a" * (MAX_NOTE + 9))).answers[0].note or "") == MAX_NOTE


# -- rules -----------------------------------------------------------------------------------------------------


def signed(rules: RuleSet) -> bytes:
    return dsse.sign(codec.encode(rules), keyid="publisher-1", key=SigningKey.generate())


def test_where_a_rule_set_is_kept() -> None:
    assert kept_name(RuleSetId("gov-2025/1")) == names.rules_target("gov-2025", 1)


def test_absent_votes_only_in_sessions_whose_rules_know_them() -> None:
    session = poll("q_sess", OPINION, "Biểu quyết", kind=BallotKind.SESSION)
    assert absent_vote_allowed(session, signed(GOVERNMENT))
    assert not absent_vote_allowed(poll("q_opin", OPINION, "Phiếu"), signed(GOVERNMENT))
    assert not absent_vote_allowed(session, signed(msgspec.structs.replace(GOVERNMENT, absent_vote=False)))
    assert not absent_vote_allowed(session, signed(COUNCIL)), "another rule set"
    assert not absent_vote_allowed(session, None)
    assert not absent_vote_allowed(session, b'{"payload": "AAAA"}')
    padded = signed(GOVERNMENT)
    assert absent_vote_allowed(session, padded + b" " * (MAX_RULES - len(padded)))
    assert not absent_vote_allowed(session, padded + b" " * (MAX_RULES + 1 - len(padded)))


# -- groups of the list ----------------------------------------------------------------------------------------


def test_groups_of_the_list() -> None:
    def view(name: str, **more: object) -> BallotView:
        why = more.pop("why", None)
        return BallotView(poll(name, OPINION, name, **more), None, (), why, None)  # type: ignore[arg-type]

    from client.domain.ballot import WhyNot

    late, soon = view("q_late", closes=Moment("2026-12-02T01:00:00.000Z")), view("q_soon")
    chair = view("q_chair", closes=None)
    coming = view("q_coming", state=PollState.ANNOUNCED, why=WhyNot.NOT_OPEN)
    old, older = (
        view(name, state=PollState.CLOSED, why=WhyNot.CLOSED, closed=Moment(f"2026-10-{day}T01:00:00.000Z"))
        for name, day in (("q_old1", "29"), ("q_old2", "02"))
    )
    groups = group((older, coming, late, chair, old, soon))
    assert groups.due == (soon, late, chair)
    assert groups.others == (coming,)
    assert groups.closed == (old, older)
    assert groups.waiting == ()

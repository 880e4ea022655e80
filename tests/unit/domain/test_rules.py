# SPDX-License-Identifier: AGPL-3.0-or-later
"""The test table of the Government's procedure, and what must hold for every count."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from client.domain.ballot import Choice, NoteRule
from client.domain.ids import ChoiceCode, Moment, RuleSetId
from client.domain.rules import (
    Article,
    Outcome,
    Procedure,
    RuleSet,
    RuleTopic,
    Silence,
    TieCounts,
    TieRule,
    majority_size,
    quorum_size,
    tally,
)
from client.domain.verdict import explain
from client.protocol import codec

YES, NO, OTHER = ChoiceCode("yes"), ChoiceCode("no"), ChoiceCode("other_opinion")

GOVERNMENT = RuleSet(
    id=RuleSetId("gov-2025/1"),
    title="Chính phủ",
    valid_from=Moment("2025-03-01T00:00:00.000Z"),
    quorum="2/3",
    majority="1/2",
    tie=TieRule.PRIME_MINISTER,
    choices=(
        Choice(YES, "Đồng ý", "Agree"),
        Choice(NO, "Không đồng ý", "Disagree"),
        Choice(OTHER, "Ý kiến khác", "Other opinion", NoteRule.REQUIRED),
    ),
    favour=YES,
    against=NO,
)


@pytest.mark.parametrize(
    ("members", "yes", "no", "other", "premier", "outcome"),
    [
        (27, 14, 0, 13, None, Outcome.ADOPTED),
        (27, 13, 0, 14, None, Outcome.NOT_ADOPTED),
        (27, 13, 13, 1, YES, Outcome.ADOPTED),
        (27, 13, 13, 1, NO, Outcome.NOT_ADOPTED),
        (27, 13, 13, 1, None, Outcome.NEEDS_RULING),
        (27, 13, 13, 1, OTHER, Outcome.NEEDS_RULING),
        (27, 14, 13, 0, NO, Outcome.ADOPTED),
        (27, 13, 12, 2, YES, Outcome.NOT_ADOPTED),
        (26, 13, 13, 0, YES, Outcome.ADOPTED),
        (26, 13, 13, 0, NO, Outcome.NOT_ADOPTED),
    ],
)
def test_government_table(
    members: int, yes: int, no: int, other: int, premier: ChoiceCode | None, outcome: Outcome
) -> None:
    counts = {YES: yes, NO: no, OTHER: other}
    assert tally(GOVERNMENT, counts, members=members, present=members, tie_breaker=premier).outcome is outcome


@pytest.mark.parametrize(
    ("members", "yes", "no", "rest", "sides", "half"),
    [
        (26, 13, 13, 0, Outcome.ADOPTED, Outcome.ADOPTED),
        (27, 13, 13, 1, Outcome.ADOPTED, Outcome.NOT_ADOPTED),
        (27, 12, 12, 3, Outcome.ADOPTED, Outcome.NOT_ADOPTED),
        (26, 12, 12, 2, Outcome.ADOPTED, Outcome.NOT_ADOPTED),
        (27, 1, 1, 25, Outcome.ADOPTED, Outcome.NOT_ADOPTED),
        (27, 0, 0, 27, Outcome.NOT_ADOPTED, Outcome.NOT_ADOPTED),
    ],
)
def test_which_equal_counts_are_a_tie_is_data(
    members: int, yes: int, no: int, rest: int, sides: Outcome, half: Outcome
) -> None:
    counts = {YES: yes, NO: no, OTHER: rest}
    for stated, outcome in ((TieCounts.SIDES, sides), (TieCounts.HALF, half)):
        rules = structs.replace(GOVERNMENT, procedure=Procedure(tie_counts=stated))
        assert tally(rules, counts, members=members, present=members, tie_breaker=YES).outcome is outcome
    assert tally(GOVERNMENT, counts, members=members, present=members, tie_breaker=YES).outcome is sides


def test_what_is_not_stated_is_not_in_the_bytes() -> None:
    """Rule sets signed before a field existed keep their form, and the default is the Government's."""
    assert b"tie_counts" not in codec.encode(Procedure())
    assert b"forms" not in codec.encode(Procedure())
    assert codec.decode(codec.encode(Procedure()), Procedure, limit=codec.MAX_SMALL) == Procedure()


def test_quorum_locks_the_vote() -> None:
    assert quorum_size(GOVERNMENT, 27) == 18
    assert tally(GOVERNMENT, {YES: 17}, members=27, present=17).outcome is Outcome.NO_QUORUM
    assert tally(GOVERNMENT, {YES: 17}, members=27, present=18).outcome is Outcome.ADOPTED


@given(members=st.integers(1, 400))
def test_majority_is_the_first_number_above_half(members: int) -> None:
    needed = majority_size(GOVERNMENT, members)
    assert needed * 2 > members >= (needed - 1) * 2


@given(data=st.data(), members=st.integers(1, 60))
def test_one_more_in_favour_never_hurts(data: st.DataObject, members: int) -> None:
    yes = data.draw(st.integers(0, members - 1))
    no = data.draw(st.integers(0, members - 1 - yes))
    before = tally(GOVERNMENT, {YES: yes, NO: no}, members=members, tie_breaker=YES).outcome
    after = tally(GOVERNMENT, {YES: yes + 1, NO: no}, members=members, tie_breaker=YES).outcome
    if before is Outcome.ADOPTED and yes + 1 != no and yes != no:
        assert after is Outcome.ADOPTED


VOTES = st.lists(st.tuples(st.sampled_from([YES, NO, OTHER]), st.booleans()), max_size=27)


@given(votes=VOTES, order=st.randoms(use_true_random=False))
def test_the_order_of_votes_and_whatever_came_late_change_nothing(
    votes: list[tuple[ChoiceCode, bool]], order: Random
) -> None:
    in_time = [choice for choice, late in votes if not late]
    shuffled = list(votes)
    order.shuffle(shuffled)
    first = tally(GOVERNMENT, Counter(in_time), members=27, present=27)
    again = tally(GOVERNMENT, Counter(choice for choice, late in shuffled if not late), members=27, present=27)
    assert first == again
    assert first.in_favour + first.against <= len(in_time)


@given(yes=st.integers(0, 27), present=st.integers(0, 27))
def test_more_members_in_the_room_never_undo_a_decision(yes: int, present: int) -> None:
    fewer = tally(GOVERNMENT, {YES: yes}, members=27, present=present).outcome
    more = tally(GOVERNMENT, {YES: yes}, members=27, present=27).outcome
    assert fewer in {more, Outcome.NO_QUORUM}


def test_silence_is_consent_only_where_the_rules_say_so() -> None:
    silent = structs.replace(GOVERNMENT, procedure=Procedure(silence=Silence.IN_FAVOUR))
    counts = {YES: 10, NO: 3}
    assert tally(GOVERNMENT, counts, members=27, silent=14).outcome is Outcome.NOT_ADOPTED
    found = tally(silent, counts, members=27, silent=14)
    assert (found.outcome, found.in_favour, found.silent) == (Outcome.ADOPTED, 24, 14)
    assert explain(silent, found).vi == "24/27 đồng ý (gồm 14 không trả lời): quá nửa tổng số thành viên"


@pytest.mark.parametrize(
    ("yes", "no", "premier", "present", "vi", "en"),
    [
        (14, 13, None, 27, "14/27 đồng ý: quá nửa tổng số thành viên", "14 of 27 agree: more than half of all members"),
        (
            13,
            12,
            YES,
            27,
            "13/27 đồng ý: chưa quá nửa tổng số thành viên (cần 14)",
            "13 of 27 agree: not more than half of all members (14 needed)",
        ),
        (
            13,
            13,
            NO,
            27,
            "13/27 đồng ý, 13/27 không đồng ý: số phiếu ngang nhau, không thông qua theo ý kiến Thủ tướng",
            "13 of 27 agree, 13 disagree: a tie, not adopted with the side of the Prime Minister",
        ),
        (
            13,
            13,
            None,
            27,
            "13/27 đồng ý, 13/27 không đồng ý: số phiếu ngang nhau, chờ ý kiến của Thủ tướng",
            "13 of 27 agree, 13 disagree: a tie, to be ruled on by the Prime Minister",
        ),
        (
            17,
            0,
            None,
            17,
            "17/27 có mặt: chưa đủ 18 thành viên để họp và biểu quyết",
            "17 of 27 present: 18 are needed to meet and to vote",
        ),
    ],
)
def test_a_result_in_one_plain_sentence(
    yes: int, no: int, premier: ChoiceCode | None, present: int, vi: str, en: str
) -> None:
    found = tally(GOVERNMENT, {YES: yes, NO: no}, members=27, present=present, tie_breaker=premier)
    sentence = explain(GOVERNMENT, found)
    assert (sentence.vi, sentence.en) == (vi, en)


def test_the_article_named_is_that_of_the_deciding_rule() -> None:
    articles = (
        Article(RuleTopic.QUORUM, "Luật A", "Điều 1"),
        Article(RuleTopic.TIE, "Luật A", "Điều 2", checked=True),
    )
    rules = structs.replace(GOVERNMENT, basis=("Luật A",), procedure=Procedure(articles=articles))
    assert explain(rules, tally(rules, {YES: 1}, members=27, present=1)).article == "Điều 1 Luật A"
    assert explain(rules, tally(rules, {YES: 13, NO: 13}, members=27)).article == "Điều 2 Luật A"
    assert explain(rules, tally(rules, {YES: 14}, members=27)).article == "Luật A"
    assert explain(GOVERNMENT, tally(GOVERNMENT, {YES: 14}, members=27)).article == ""


def test_a_rule_set_signed_before_the_procedure_was_stated_keeps_its_bytes() -> None:
    old = codec.encode(GOVERNMENT)
    assert b"procedure" not in old
    assert codec.decode(old, RuleSet, limit=codec.MAX_SMALL) == GOVERNMENT
    assert GOVERNMENT.run == Procedure()

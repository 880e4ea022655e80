# SPDX-License-Identifier: AGPL-3.0-or-later
"""The test table of the Government's procedure, and what must hold for every count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.ballot import Choice, NoteRule
from client.domain.ids import ChoiceCode, Moment, RuleSetId
from client.domain.rules import Outcome, RuleSet, TieRule, majority_size, quorum_size, tally

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

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a refusal means: the numbered rules, and that nothing unknown is ever final."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.outbox import TRANSITIONS, OutboxKind, OutboxState
from client.protocol.http import Problem
from client.sync.conflict import Refusal, Verdict, judge
from tests.unit.sync.samples import PACK, act, digest

VOTE, COMMENT = act(1), act(2, kind=OutboxKind.COMMENT, subject=PACK)
OTHER = digest("another statement")


@pytest.mark.parametrize(
    ("refusal", "rule", "verdict"),
    [
        (Refusal("device-revoked"), 1, Verdict.SUSPEND),
        (Refusal("unknown-device"), 1, Verdict.SUSPEND),
        (Refusal("vote-conflict", VOTE.statement), 2, Verdict.ASK),
        (Refusal("vote-conflict", OTHER), 3, Verdict.CONFLICT),
        (Refusal("vote-conflict"), 4, Verdict.KEEP),
        (Refusal("poll-not-open"), 5, Verdict.KEEP),
        (Refusal("poll-unknown"), 5, Verdict.KEEP),
        (Refusal("not-eligible"), 6, Verdict.REFUSE),
        (Refusal("device-fork"), 6, Verdict.REFUSE),
        (Refusal("revote-forbidden"), 6, Verdict.REFUSE),
        (Refusal("internal"), 7, Verdict.KEEP),
        (Refusal("clock-skew"), 7, Verdict.KEEP),
        (Refusal("replay"), 7, Verdict.KEEP),
        (Refusal("signature"), 7, Verdict.KEEP),
    ],
)
def test_rules(refusal: Refusal, rule: int, verdict: Verdict) -> None:
    ruling = judge(VOTE, refusal)
    assert (ruling.rule, ruling.verdict) == (rule, verdict)


def test_only_a_repeated_request_proves_that_one_arrived() -> None:
    assert [each.value for each in Problem if Refusal(each.value).arrived] == ["replay"]


def test_a_comment_has_no_head_to_conflict_with() -> None:
    assert judge(COMMENT, Refusal("vote-conflict", OTHER)).verdict is Verdict.KEEP


@given(st.text(max_size=30), st.sampled_from([None, VOTE.statement, OTHER]), st.sampled_from([VOTE, COMMENT]))
def test_what_is_not_known_to_be_final_stays_queued(problem: str, head: str | None, item: object) -> None:
    ruling = judge(item, Refusal(problem, head))  # type: ignore[arg-type]
    known = {each.value for each in Problem}
    if problem not in known:
        assert ruling.verdict is Verdict.KEEP
        assert ruling.state is OutboxState.QUEUED


@given(st.sampled_from([each.value for each in Problem]), st.sampled_from([None, VOTE.statement, OTHER]))
def test_every_ruling_is_an_arrow_from_queued(problem: str, head: str | None) -> None:
    state = judge(VOTE, Refusal(problem, head)).state
    assert state is OutboxState.QUEUED or state in TRANSITIONS[OutboxState.QUEUED]
    assert state not in {OutboxState.RECEIPTED, OutboxState.LATE, OutboxState.WITHDRAWN}, "no answer but a receipt does"

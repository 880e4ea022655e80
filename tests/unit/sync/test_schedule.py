# SPDX-License-Identifier: AGPL-3.0-or-later
"""When to try again: bounds that hold for every draw, and the closing that forces a try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sync import schedule

draws = st.floats(0, 1, exclude_max=True)
failures = st.integers(1, 10_000)


@given(failures, draws)
def test_a_wait_is_between_nothing_and_five_minutes(count: int, draw: float) -> None:
    delay = schedule.retry_delay_s(count, draw=draw)
    assert 0 <= delay <= min(schedule.MAX_S, 2.0 ** min(count - 1, 20))


@given(failures)
def test_waits_are_spread_over_their_whole_range(count: int) -> None:
    assert schedule.retry_delay_s(count, draw=0.0) == 0
    assert schedule.retry_delay_s(count, draw=0.5) == schedule.ceiling_s(count) / 2


@pytest.mark.parametrize(("count", "ceiling"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (500, 300)])
def test_the_longest_wait_doubles(count: int, ceiling: float) -> None:
    assert schedule.ceiling_s(count) == ceiling


@given(failures, draws, st.floats(-10, 1e6))
def test_retry_after_is_a_floor_up_to_an_hour(count: int, draw: float, asked: float) -> None:
    delay = schedule.retry_delay_s(count, draw=draw, retry_after_s=asked)
    assert delay >= min(max(asked, 0), schedule.MAX_RETRY_AFTER_S)
    assert delay <= max(schedule.MAX_S, schedule.MAX_RETRY_AFTER_S)


@given(failures, draws, st.floats(0.001, schedule.CLOSING_WINDOW_S))
def test_a_closing_within_ten_minutes_forces_a_try_every_few_seconds(count: int, draw: float, closes: float) -> None:
    delay = schedule.retry_delay_s(count, draw=draw, closes_in_s=closes)
    assert delay <= schedule.CLOSING_CAP_S
    assert delay <= closes / 2, "there is a try left before it closes"


@given(failures, draws, st.floats(schedule.CLOSING_WINDOW_S, 1e6, exclude_min=True), st.floats(0, 1e6))
def test_no_wait_reaches_into_the_window(count: int, draw: float, closes: float, asked: float) -> None:
    plain = schedule.retry_delay_s(count, draw=draw, closes_in_s=closes)
    assert plain <= closes - schedule.CLOSING_WINDOW_S
    told = schedule.retry_delay_s(count, draw=draw, retry_after_s=asked, closes_in_s=closes)
    assert told < closes, "the service's wish never costs the vote"


@given(failures, draws, st.floats(-1e6, 0))
def test_a_closing_that_has_passed_hurries_nobody(count: int, draw: float, closes: float) -> None:
    assert schedule.retry_delay_s(count, draw=draw, closes_in_s=closes) == schedule.retry_delay_s(count, draw=draw)


@given(draws, st.floats(1, 3600))
def test_looks_without_news_are_spread_by_a_fifth(draw: float, interval: float) -> None:
    assert 0.8 * interval <= schedule.idle_delay_s(draw=draw, interval_s=interval) <= 1.2 * interval

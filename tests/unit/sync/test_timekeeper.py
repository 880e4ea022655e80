# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the device believes the time to be, whatever its clocks claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.clock import Millis, from_rfc3339
from client.sync.timekeeper import Timekeeper
from tests.unit.sync.samples import NOW, HandClock

TRUE = from_rfc3339(NOW)
TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


@pytest.mark.parametrize("off", [-TEN_YEARS, -3_600_000, 0, 3_600_000, TEN_YEARS])
def test_a_signed_time_corrects_a_wrong_clock(off: int) -> None:
    clock = HandClock(TRUE + off)
    keeper = Timekeeper(clock)
    asked = clock.monotonic()
    clock.tick(0.2)
    keeper.learn(Millis(TRUE), asked=asked)
    assert keeper.now() == TRUE + 100
    assert keeper.error_ms() == 100
    clock.tick(60)
    assert keeper.now() == TRUE + 60_100


def test_before_the_first_signed_time_the_clock_is_a_claim_above_the_floor() -> None:
    clock = HandClock(TRUE - TEN_YEARS)
    keeper = Timekeeper(clock, floor=TRUE)
    assert keeper.now() == TRUE
    assert keeper.error_ms() is None
    clock.wall = TRUE + 5
    assert keeper.now() == TRUE + 5


@given(st.lists(st.tuples(st.integers(-TEN_YEARS, TEN_YEARS), st.floats(0, 3600)), max_size=12))
def test_whatever_the_wall_clock_does_time_does_not_go_back_by_more_than_drift(
    moves: list[tuple[int, float]],
) -> None:
    clock = HandClock(TRUE)
    keeper = Timekeeper(clock)
    keeper.learn(Millis(TRUE), asked=clock.monotonic())
    passed = 0.0
    for jump, seconds in moves:
        clock.wall += jump
        clock.tick(seconds)
        passed += seconds
        assert keeper.now() >= TRUE + passed * 1000 - 10, "never behind the monotonic clock"
        assert keeper.now() >= TRUE


def test_a_jump_ahead_is_sleep_and_widens_the_error() -> None:
    clock = HandClock(TRUE)
    keeper = Timekeeper(clock)
    keeper.learn(Millis(TRUE), asked=0.0)
    clock.wall += 7_200_000
    assert keeper.now() == TRUE + 7_200_001
    assert keeper.error_ms() == 7_200_001
    clock.wall -= 2 * 7_200_000
    assert keeper.now() == TRUE + 1, "a jump back is ignored"


def test_an_unverified_time_dates_requests_and_leaves_no_floor() -> None:
    keeper = Timekeeper(HandClock(TRUE))
    keeper.learn(Millis(TRUE + TEN_YEARS), asked=0.0, verified=False)
    assert keeper.request_time() > TRUE + TEN_YEARS - 1
    keeper.forget()
    assert keeper.now() == TRUE


def test_the_floor_holds_while_requests_follow_the_service() -> None:
    """A service that was an hour ahead and was put right must still be able to understand this device."""
    keeper = Timekeeper(HandClock(TRUE))
    keeper.learn(Millis(TRUE + 3_600_000), asked=0.0)
    keeper.learn(Millis(TRUE), asked=0.0)
    assert keeper.now() == TRUE + 3_600_000
    assert keeper.request_time() == TRUE + 1

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lease day by day: warned from three days on, locked on the fifteenth, never lengthened by a clock set back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.clock import Millis
from client.domain.lease import DAY_MS, Lease, LeaseState, lease

FRESH = Millis(1_800_000_000_000)


def after(passed: float, **more: Millis | int) -> Lease:
    return lease(fresh=FRESH, now=Millis(FRESH + round(passed * DAY_MS)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "state", "left"),
    [
        (0, LeaseState.RUNNING, 14),
        (10.9, LeaseState.RUNNING, 4),
        (11, LeaseState.ENDING, 3),
        (13, LeaseState.ENDING, 1),
        (13.999, LeaseState.ENDING, 1),
        (14, LeaseState.LAPSED, 0),
        (400, LeaseState.LAPSED, 0),
    ],
)
def test_day_by_day(days: float, state: LeaseState, left: int) -> None:
    found = after(days)
    assert (found.state, found.days_left) == (state, left)


def test_a_new_device_has_none() -> None:
    found = lease(fresh=None, now=FRESH)
    assert (found.state, found.days_left) == (LeaseState.NONE, 0)
    assert found.covers(Millis(FRESH + 400 * DAY_MS))


def test_policy_sets_the_length_and_a_short_one_does_not_warn_all_the_time() -> None:
    assert after(20, days=60).state is LeaseState.RUNNING
    assert after(0.5, days=1).state is LeaseState.RUNNING
    assert after(1, days=1).state is LeaseState.LAPSED


def test_a_journey_is_covered_until_the_end_of_the_lease() -> None:
    assert after(2).covers(Millis(FRESH + 14 * DAY_MS - 1))
    assert not after(2).covers(Millis(FRESH + 14 * DAY_MS))


@given(st.integers(0, 40 * DAY_MS), st.integers(0, 40 * DAY_MS), st.integers(1, 60))
def test_setting_the_clock_back_buys_nothing(first: int, second: int, days: int) -> None:
    seen = lease(fresh=FRESH, now=Millis(FRESH + first), days=days)
    later = lease(fresh=FRESH, now=Millis(FRESH + second), latest=Millis(FRESH + first), days=days)
    assert later.left_ms <= seen.left_ms
    assert (later.state is LeaseState.LAPSED) == (max(first, second) >= days * DAY_MS)

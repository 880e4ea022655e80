# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a member is reminded: marks, nights, once, and never of what is past."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.domain.reminders import (
    DAY_MS,
    HOUR_MS,
    Local,
    Occasion,
    Reminder,
    ReminderKind,
    fresh,
    in_force,
    is_night,
    next_change,
    schedule,
)

HANOI, WASHINGTON = timezone(timedelta(hours=7)), timezone(timedelta(hours=-5))
MONDAY = from_rfc3339("2026-11-23T08:00:00.000+07:00")


def in_zone(zone: timezone) -> Local:
    return lambda at: datetime.fromtimestamp(at / 1000, zone)


def at(text: str) -> Millis:
    return from_rfc3339(f"2026-11-{text}:00.000+07:00")


def marks(occasion: Occasion, zone: timezone = HANOI) -> list[str]:
    plan = schedule([occasion], Millis(occasion.due - 30 * DAY_MS), in_zone(zone))
    return [f"{in_zone(zone)(each.at):%d %H:%M}" for each in plan]


@pytest.mark.parametrize(
    ("kind", "due", "expected"),
    [
        (ReminderKind.BALLOT, "27T17:00", ["26 17:00", "27 15:00"]),
        (ReminderKind.BALLOT, "27T08:30", ["26 08:30", "27 07:00"]),  # two hours before is night: the morning
        (ReminderKind.BALLOT, "27T07:30", ["26 07:30", "26 20:00"]),  # the morning would be too late: the evening
        (ReminderKind.COMMENTS, "27T17:00", ["26 17:00", "27 15:00"]),
        (ReminderKind.SESSION, "27T08:00", ["27 07:00", "27 07:30"]),
        (ReminderKind.SESSION, "27T06:30", ["26 20:00"]),
        (ReminderKind.PAPERS, "27T08:00", ["24 07:00", "26 07:00"]),
        (ReminderKind.LEASE, "27T02:00", ["24 07:00", "26 07:00"]),
    ],
)
def test_when_each_is_said(kind: ReminderKind, due: str, expected: list[str]) -> None:
    assert marks(Occasion(kind, "x", at(due))) == expected


def test_the_night_is_where_the_machine_stands() -> None:
    ballot = Occasion(ReminderKind.BALLOT, "q", at("27T17:00"))  # 05:00 in Washington
    assert marks(ballot, WASHINGTON) == ["26 07:00", "26 20:00"]
    assert is_night(at("27T17:00"), in_zone(WASHINGTON))
    assert not is_night(at("27T17:00"), in_zone(HANOI))


def test_only_the_latest_mark_that_passed_is_said() -> None:
    session = Occasion(ReminderKind.SESSION, "p", at("27T08:00"))
    plan = schedule([session], MONDAY, in_zone(HANOI))
    assert in_force(plan, at("26T22:00")) == ()
    [first] = in_force(plan, at("27T07:05"))
    [second] = in_force(plan, at("27T07:45"))
    assert (first.mark, second.mark) == (0, 1)
    assert fresh([second], frozenset({first.key})) == (second,)
    assert fresh([second], frozenset({first.key, second.key})) == ()
    assert in_force(plan, at("27T08:00")) == ()


def test_a_moved_deadline_is_said_anew() -> None:
    before, after = (Occasion(ReminderKind.BALLOT, "q", at(due)) for due in ("27T17:00", "27T18:00"))
    said = {each.key for each in schedule([before], MONDAY, in_zone(HANOI))}
    assert not said & {each.key for each in schedule([after], MONDAY, in_zone(HANOI))}
    read_since = Occasion(ReminderKind.PAPERS, "p", at("27T17:00"), pages=3)
    more = Occasion(ReminderKind.PAPERS, "p", at("27T17:00"), pages=9)
    keys = [[each.key for each in schedule([one], MONDAY, in_zone(HANOI))] for one in (read_since, more)]
    assert keys[0] == keys[1]


def test_the_most_urgent_comes_first() -> None:
    later, sooner = (Occasion(ReminderKind.BALLOT, due, at(due)) for due in ("27T17:00", "27T12:00"))
    plan = schedule([later, sooner], MONDAY, in_zone(HANOI))
    assert [each.occasion for each in in_force(plan, at("27T11:00"))] == [sooner, later]


def test_when_to_look_again() -> None:
    session = Occasion(ReminderKind.SESSION, "p", at("27T08:00"))
    plan = schedule([session], MONDAY, in_zone(HANOI))
    assert next_change(plan, MONDAY) == at("27T07:00")
    assert next_change(plan, at("27T07:40")) == at("27T08:00")
    assert next_change(plan, at("27T08:00")) is None


moments = st.integers(min_value=MONDAY, max_value=MONDAY + 40 * DAY_MS).map(Millis)
zones = st.integers(min_value=-12, max_value=14).map(lambda hours: timezone(timedelta(hours=hours)))


@given(st.sampled_from(ReminderKind), moments, moments, zones)
def test_never_at_night_never_too_late_never_twice(
    kind: ReminderKind, due: Millis, now: Millis, zone: timezone
) -> None:
    local = in_zone(zone)
    plan = schedule([Occasion(kind, "x", due)], now, local)
    assert bool(plan) == (due > now)
    assert len({each.key for each in plan}) == len(plan) == len({each.at for each in plan})
    for each in plan:
        assert each.at < due, to_rfc3339(due)
        assert not is_night(each.at, local), to_rfc3339(each.at)
        assert due - each.at <= 5 * DAY_MS
    assert len(in_force(plan, now)) <= 1


@given(st.lists(st.tuples(st.sampled_from(ReminderKind), moments), max_size=5), zones)
def test_a_program_that_runs_says_each_mark_once(wanted: list[tuple[ReminderKind, Millis]], zone: timezone) -> None:
    occasions = [Occasion(kind, str(n), due) for n, (kind, due) in enumerate(wanted)]
    now, said, heard = MONDAY, frozenset[str](), list[Reminder]()
    while True:
        plan = schedule(occasions, now, in_zone(zone))
        new = fresh(in_force(plan, now), said)
        heard += new
        said |= {each.key for each in new}
        after = next_change(plan, now)
        if after is None:
            break
        assert after > now
        now = after
    ahead = [each for each in schedule(occasions, MONDAY, in_zone(zone)) if each.at > MONDAY]
    assert {each.key for each in ahead} <= {each.key for each in heard}
    assert len({each.key for each in heard}) == len(heard)
    assert all(each.occasion.due > MONDAY - HOUR_MS for each in heard)

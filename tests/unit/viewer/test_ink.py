# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ink: packing is exact to the quantum, smoothing removes tremor, erasing hits what is drawn."""

from __future__ import annotations

import math
import random
from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from client.domain.annotation import MAX_POINTS, POINT_BYTES
from client.errors import FormatRefused, LimitExceeded
from client.viewer.ink import (
    UNITS,
    InkPoint,
    Smoother,
    bounds,
    crosses,
    extend_segments,
    nib,
    pack_points,
    packed_bounds,
    sampled,
    segments,
    shifted,
    thin,
    unpack_points,
)

PLACES = st.tuples(st.floats(-100, 100), st.floats(-100, 100))
POINTS = st.lists(
    st.builds(InkPoint, st.floats(-500, 2_000), st.floats(-500, 2_000), st.floats(0, 1), st.integers(0, 500)),
    min_size=1,
    max_size=40,
)


@given(POINTS)
def test_packing_is_exact_to_the_quantum_and_then_stable(points: list[InkPoint]) -> None:
    packed = pack_points(points)
    assert len(packed) == POINT_BYTES * len(points)
    back = unpack_points(packed)
    for before, after in zip(points, back, strict=True):
        assert abs(before.x - after.x) <= 0.5 / UNITS
        assert abs(before.y - after.y) <= 0.5 / UNITS
        assert abs(before.pressure - after.pressure) <= 1 / 65_535
        assert before.dt_ms == after.dt_ms
    assert pack_points(back) == packed


def test_limits_of_packed_ink() -> None:
    point = InkPoint(1, 2)
    assert len(unpack_points(pack_points([point] * MAX_POINTS))) == MAX_POINTS
    with pytest.raises(LimitExceeded):
        pack_points([point] * (MAX_POINTS + 1))
    with pytest.raises(LimitExceeded):
        unpack_points(bytes(POINT_BYTES * (MAX_POINTS + 1)))
    for bad in (b"", bytes(POINT_BYTES - 1), bytes(POINT_BYTES + 1)):
        with pytest.raises(FormatRefused):
            unpack_points(bad)
    with pytest.raises(FormatRefused):
        pack_points([])


def test_out_of_range_values_are_clamped_not_wrapped() -> None:
    (back,) = unpack_points(pack_points([InkPoint(1e9, -1e9, 7.0, 10**9)]))
    assert back == InkPoint(20_000.0, -20_000.0, 1.0, 65_535)


def test_smoothing_takes_tremor_out_of_a_slow_line_and_does_not_lag_a_fast_one() -> None:
    noise = random.Random(1)
    smoother = Smoother()
    raw, smooth = [], []
    for step in range(400):
        x, y = step * 0.05, noise.gauss(0, 0.5)
        raw.append(y)
        smooth.append(smoother.add(x, y, 1 / 240)[1])
    assert math.fsum(v * v for v in smooth[50:]) < 0.25 * math.fsum(v * v for v in raw[50:])
    fast = Smoother()
    lag = max(step * 20.0 - fast.add(step * 20.0, 0, 1 / 240)[0] for step in range(100))
    assert lag < 40.0  # two samples, 8 ms, even from a standing start at 4,800 points a second


def test_smoother_stays_put_without_time() -> None:
    smoother = Smoother()
    assert smoother.add(3, 4, 0) == (3, 4)
    assert smoother.add(9, 9, 0) == (3, 4)


def test_thinning_keeps_ends_and_time() -> None:
    points = [InkPoint(index * 0.01, 0, 1.0, 4) for index in range(101)]
    kept = thin(points, 0.1)
    assert (kept[0], kept[-1].x) == (points[0], points[-1].x)
    assert 9 <= len(kept) <= 12
    assert sum(point.dt_ms for point in kept) == 4 * 101


@given(POINTS, st.floats(0.1, 20))
def test_drawn_ink_is_connected_and_inside_its_bounds(points: list[InkPoint], width: float) -> None:
    flat = segments(points, width)
    assert len(flat) % 5 == 0
    pieces = [flat[at : at + 5] for at in range(0, len(flat), 5)]
    assert pieces[0][:2] == array("f", points[0][:2])
    for one, following in pairwise(pieces):
        assert one[2:4] == following[:2]
    box = bounds(points, width)
    for piece in pieces:
        for x, y in ((piece[0], piece[1]), (piece[2], piece[3])):
            assert box.x0 - 0.01 <= x <= box.x1 + 0.01
            assert box.y0 - 0.01 <= y <= box.y1 + 0.01
        assert piece[4] <= width * 1.001


def test_a_growing_stroke_is_drawn_like_a_finished_one_up_to_its_end() -> None:
    points = [InkPoint(index * 3.0, math.sin(index) * 5, 0.5) for index in range(12)]
    growing = array("f")
    for index in range(len(points) - 1):
        extend_segments(growing, points, index, 2.0)
    assert growing == segments(points, 2.0)


def test_a_dot_is_drawn() -> None:
    assert list(segments([InkPoint(5, 6, 1.0)], 2.0)) == [5, 6, 5, 6, 2.0]


def test_nib_grows_with_pressure() -> None:
    assert 0 < nib(2.0, 0.0) < nib(2.0, 0.5) < nib(2.0, 1.0) == pytest.approx(2.0)


def test_eraser_hits_only_what_it_touches() -> None:
    flat = segments([InkPoint(0, 0), InkPoint(100, 0)], 2.0)
    assert crosses(flat, (50, 2.9), (50, 2.9), radius=2.0)
    assert not crosses(flat, (50, 3.1), (50, 3.1), radius=2.0)
    assert not crosses(flat, (104, 0), (104, 0), radius=2.0)


def test_a_fast_sweep_skips_nothing() -> None:
    flat = segments([InkPoint(50, 0), InkPoint(50, 100)], 1.0)
    assert crosses(flat, (0, 50), (100, 50), radius=1.0)
    assert not crosses(flat, (0, 200), (100, 200), radius=1.0)
    assert crosses(flat, (48.6, 20), (48.6, 40), radius=1.0), "beside it, all the way"
    assert not crosses(flat, (48.4, 20), (48.4, 40), radius=1.0)


@settings(deadline=None)
@given(st.lists(PLACES, min_size=2, max_size=3), PLACES, PLACES, st.floats(0.5, 20))
def test_an_eraser_touches_what_is_within_its_reach(
    path: list[tuple[float, float]], start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    flat = segments([InkPoint(x, y) for x, y in path], 1.0)

    def along(one: tuple[float, float], two: tuple[float, float]) -> list[tuple[float, float]]:
        return [(one[0] + (two[0] - one[0]) * n / 40, one[1] + (two[1] - one[1]) * n / 40) for n in range(41)]

    pieces = [flat[at : at + 5] for at in range(0, len(flat), 5)]
    ink = [(*place, thick) for x0, y0, x1, y1, thick in pieces for place in along((x0, y0), (x1, y1))]
    nearest = min(math.hypot(x - at[0], y - at[1]) - thick / 2 for x, y, thick in ink for at in along(start, end))
    slack = 4.5  # between the places looked at
    if crosses(flat, start, end, radius):
        assert nearest <= radius + slack
    else:
        assert nearest > radius


@given(st.lists(PLACES, min_size=1, max_size=40), st.floats(-300, 300), st.floats(-300, 300))
def test_packed_points_are_shifted_without_unpacking(path: list[tuple[float, float]], dx: float, dy: float) -> None:
    packed = pack_points([InkPoint(x, y, 0.5, 7) for x, y in path])
    before, after = unpack_points(packed), unpack_points(shifted(packed, dx, dy))
    for old, new in zip(before, after, strict=True):
        assert abs(new.x - old.x - dx) <= 0.5 / UNITS + 1e-6
        assert abs(new.y - old.y - dy) <= 0.5 / UNITS + 1e-6
        assert (new.pressure, new.dt_ms) == (old.pressure, old.dt_ms)
    assert astuple(packed_bounds(packed, 2.5)) == pytest.approx(astuple(bounds(before, 2.5)))
    assert sampled(packed, 100) == [(one.x, one.y) for one in before]
    assert 1 <= len(sampled(packed, 4)) <= 8

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Layout: points and pixels agree in both directions, for many pages and any rotation."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.viewer.geometry import (
    MAX_SCALE,
    MIN_SCALE,
    Box,
    Layout,
    PagePoint,
    clamp_scale,
    turn_point,
    unturn_point,
)

A4 = (595.0, 842.0)
SIZES = st.lists(st.tuples(st.floats(50, 2_000), st.floats(50, 2_000)), min_size=1, max_size=40)
ROTATIONS = st.sampled_from([0, 90, 180, 270])
SCALES = st.floats(0.1, 8.0)
COLUMNS = st.sampled_from([1, 2])


@settings(deadline=None)
@given(SIZES, ROTATIONS, COLUMNS, SCALES, st.integers(100, 3_000), st.data())
def test_page_points_survive_the_way_to_the_sheet_and_back(
    sizes: list[tuple[float, float]], rotation: int, columns: int, scale: float, view: int, data: st.DataObject
) -> None:
    layout = Layout(sizes, rotation=rotation, columns=columns)
    page = data.draw(st.integers(0, len(sizes) - 1))
    x = data.draw(st.floats(0.05, 0.95)) * sizes[page][0]
    y = data.draw(st.floats(0.05, 0.95)) * sizes[page][1]
    sheet = layout.to_sheet(PagePoint(page, x, y), scale, view)
    back = layout.to_page(*sheet, scale, view)
    assert back.page == page
    assert (back.x, back.y) == pytest.approx((x, y), abs=1e-6)


@given(ROTATIONS, st.floats(0, 500), st.floats(0, 500))
def test_turning_is_undone_by_unturning(rotation: int, x: float, y: float) -> None:
    assert unturn_point(*turn_point(x, y, A4, rotation), A4, rotation) == pytest.approx((x, y))


def test_turned_corners() -> None:
    assert turn_point(0, 0, A4, 90) == (842.0, 0)  # the top left corner goes to the top right
    assert turn_point(0, 0, A4, 180) == A4
    assert turn_point(0, 0, A4, 270) == (0, 595.0)


@given(SIZES, SCALES, st.integers(100, 3_000))
def test_pages_lie_in_order_without_overlap(sizes: list[tuple[float, float]], scale: float, view: int) -> None:
    layout = Layout(sizes)
    boxes = [layout.page_box(page, scale, view) for page in range(len(sizes))]
    for above, below in pairwise(boxes):
        assert layout.gap - 1 <= below.y - (above.y + above.height) <= layout.gap + 1
    width, height = layout.sheet_size(scale)
    assert boxes[-1].y + boxes[-1].height + layout.margin == height
    assert all(box.x >= 0 and box.x + box.width <= max(width, view) for box in boxes)


@given(SIZES, COLUMNS, SCALES, st.integers(200, 2_000), st.data())
def test_visible_pages_are_those_in_rows_the_window_touches(
    sizes: list[tuple[float, float]], columns: int, scale: float, view: int, data: st.DataObject
) -> None:
    layout = Layout(sizes, columns=columns)
    sheet = layout.sheet_size(scale)[1]
    y = data.draw(st.integers(0, max(sheet - view, 0)))
    touched = [p for p in range(len(sizes)) if _row_box(layout, p, scale).intersection(Box(0, y, 1, view))]
    seen = layout.visible(y, view, scale)
    assert len(seen) >= 1
    if touched:
        assert touched == list(seen)


def _row_box(layout: Layout, page: int, scale: float) -> Box:
    top, height = layout.row_span(page, scale)
    return Box(0, top, 1, height)


@given(SIZES, ROTATIONS, SCALES, st.integers(100, 3_000))
def test_facing_pages_stand_side_by_side_and_rows_below_one_another(
    sizes: list[tuple[float, float]], rotation: int, scale: float, view: int
) -> None:
    layout = Layout(sizes, rotation=rotation, columns=2)
    boxes = [layout.page_box(page, scale, view) for page in range(len(sizes))]
    width, height = layout.sheet_size(scale)
    for page, box in enumerate(boxes):
        assert box.x >= 0
        assert box.x + box.width <= max(width, view) + 1
        assert box.y + box.height + layout.margin <= height
        if page % 2:
            left = boxes[page - 1]
            assert box.x - (left.x + left.width) == layout.gap
            assert box.y == left.y
        elif page:
            above = max(boxes[page - 2].y + boxes[page - 2].height, boxes[page - 1].y + boxes[page - 1].height)
            assert abs(box.y - above - layout.gap) <= 1


def test_facing_pages_fit() -> None:
    layout = Layout([A4, A4, (842.0, 595.0)], columns=2)
    assert layout.sheet_size(layout.fit_width(1_000))[0] == pytest.approx(1_000, abs=1)
    scale = layout.fit_page(1, 1_000, 900)
    assert max(layout.pixels(page, scale)[1] for page in (0, 1)) <= 900 - 2 * layout.margin
    assert list(layout.row_of(1)) == [0, 1]
    assert list(layout.row_of(2)) == [2]


@given(SIZES, SCALES, SCALES, st.data())
def test_zoom_keeps_the_point_under_the_fingers(
    sizes: list[tuple[float, float]], old: float, new: float, data: st.DataObject
) -> None:
    layout = Layout(sizes)
    view = 200
    page = data.draw(st.integers(0, len(sizes) - 1))
    width, height = sizes[page]
    point = PagePoint(page, width * data.draw(st.floats(0.1, 0.9)), height * data.draw(st.floats(0.1, 0.9)))
    x, y = layout.to_sheet(point, old, view)
    sheet = layout.sheet_size(old)
    left = min(max(round(x) - 100, 0), max(sheet[0] - view, 0))
    top = min(max(round(y) - 100, 0), max(sheet[1] - view, 0))
    focus = (x - left, y - top)
    moved = layout.zoom_about(Box(left, top, view, view), focus, old, new)
    there = layout.to_sheet(point, new, view)
    limits = layout.sheet_size(new)
    for now, wanted, most in zip(moved, (there[0] - focus[0], there[1] - focus[1]), limits, strict=True):
        inside = min(max(wanted, 0.0), max(most - view, 0))
        assert now == pytest.approx(inside, abs=1e-3)


def test_fitting() -> None:
    layout = Layout([A4, (842.0, 595.0)])
    assert layout.sheet_size(layout.fit_width(1_000))[0] == 1_000
    scale = layout.fit_page(0, 1_000, 900)
    assert layout.pixels(0, scale)[1] == 900 - 2 * layout.margin
    assert Layout([A4], rotation=90).widest == 842.0
    assert clamp_scale(0) == MIN_SCALE
    assert clamp_scale(1e9) == MAX_SCALE


def test_twenty_thousand_pages_cost_a_handful_of_steps() -> None:
    layout = Layout([A4] * 20_000)
    asked = 0
    original = layout._top

    def counted(page: int, scale: float) -> int:
        nonlocal asked
        asked += 1
        return original(page, scale)

    layout._top = counted  # type: ignore[method-assign]
    middle = layout.sheet_size(1.5)[1] // 2
    assert layout.page_at(middle, 1.5) == pytest.approx(10_000, abs=1)
    assert asked < 20

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shapes as strokes, what a lasso catches, and a history of undo that survives a restart."""

from __future__ import annotations

import math
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.domain.annotation import MAX_POINTS, Annotation, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId
from client.viewer.edits import AddStroke, Change, DeleteAnnotations, ReplaceAnnotations, UndoStack
from client.viewer.ink import InkPoint, bounds, pack_points, segments, unpack_points
from client.viewer.lasso import Loop, box_of, caught, moved, recoloured
from client.viewer.shapes import Shape, outline
from client.viewer.undo_journal import MAX_BYTES, Did, Entry, Lapsed, decoded, encoded
from tests.unit.viewer.test_edits import COMMON, Page, ids

SQUARE = [(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)]


def ink(number: int, *points: tuple[float, float], colour: str = "#102030") -> InkStroke:
    packed = pack_points([InkPoint(x, y) for x, y in points])
    return InkStroke(id=AnnotationId(f"a_{number}"), page=0, colour=colour, width=1.0, points=packed, **COMMON)


@pytest.mark.parametrize("shape", [Shape.RECTANGLE, Shape.ELLIPSE])
@pytest.mark.parametrize("end", [(220.0, 130.0), (40.0, 20.0), (14_000.0, 9_000.0), (100.0, 300.0)])
def test_shapes_close_and_stay_in_their_box(shape: Shape, end: tuple[float, float]) -> None:
    points = outline(shape, (100.0, 100.0), end)
    assert math.dist(points[0][:2], points[-1][:2]) < 0.01
    assert len(points) < MAX_POINTS / 4
    drawn = segments(points, 1.0)
    swing = max(3.0, *(math.dist(a[:2], b[:2]) for a, b in pairwise(points)))
    left, right = sorted((100.0, end[0]))
    top, bottom = sorted((100.0, end[1]))
    xs, ys = [*drawn[0::5], *drawn[2::5]], [*drawn[1::5], *drawn[3::5]]
    assert left - swing / 8 <= min(xs) <= left + 0.1
    assert right - 0.1 <= max(xs) <= right + swing / 8
    assert top - swing / 8 <= min(ys) <= top + 0.1
    assert bottom - 0.1 <= max(ys) <= bottom + swing / 8


def test_a_line_goes_straight() -> None:
    points = outline(Shape.LINE, (0.0, 0.0), (30.0, 40.0))
    assert all(abs(point.y * 3 - point.x * 4) < 1e-6 for point in points)
    assert len(points) == 18


def test_inside_follows_the_loop_and_not_its_box() -> None:
    notch = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (5.0, 2.0), (0.0, 10.0)]
    loop = Loop(notch)
    assert (2, 3) in loop
    assert (5, 8) not in loop
    assert (11, 5) not in loop
    assert (5, -1) not in loop
    assert (1, 11) not in loop


def test_a_lasso_catches_what_lies_mostly_inside() -> None:
    within = ink(1, (110, 110), (150, 150))
    mostly = ink(2, (110, 120), (150, 120), (190, 120), (230, 120))
    hardly = ink(3, (190, 120), (230, 120), (260, 120))
    note = TextNote(id=AnnotationId("a_4"), page=0, at=Rect(150, 150, 170, 170), text="x", **COMMON)
    marks: list[Annotation] = [within, mostly, hardly, note]
    assert caught(marks, SQUARE) == (within, mostly, note)
    assert caught(marks, SQUARE[:2]) == ()


def test_moved_and_recoloured_are_new_marks_at_their_place() -> None:
    new = ids()
    stroke = ink(1, (110, 110), (150, 150))
    note = TextNote(id=AnnotationId("a_4"), page=0, at=Rect(150, 150, 170, 170), text="x", **COMMON)
    before = box_of((stroke, note))
    copies = moved((stroke, note), 5.5, -3.25, new)
    assert {one.id for one in copies}.isdisjoint({stroke.id, note.id})
    assert box_of(copies) == Rect(before.x0 + 5.5, before.y0 - 3.25, before.x1 + 5.5, before.y1 - 3.25)
    red = recoloured(copies, "#B3261E", new)
    assert {one.colour for one in red} == {"#B3261E"}
    assert recoloured(red, "#B3261E", new) == red, "what has the colour is left alone"
    assert isinstance(red[0], InkStroke)
    assert bounds(unpack_points(red[0].points), 1.0).x0 == bounds(unpack_points(stroke.points), 1.0).x0 + 5.5


class Member:
    """One stack and its page; whatever is done goes into the journal too."""

    def __init__(self) -> None:
        self.new, self.page = ids(), Page()
        self.stack = UndoStack(self.new)
        self.kept: list[bytes] = []

    def apply(self, change: Change | None) -> None:
        if change is not None:
            self.page.apply(change)
            self.kept.append(encoded(change.entry))

    def restart(self) -> None:
        self.stack = UndoStack(self.new)
        self.stack.replay(decoded(self.kept), set(self.page.present))

    def act(self, step: str, fresh: InkStroke) -> None:
        present = list(self.page.present.values())
        match step:
            case "undo":
                self.apply(self.stack.undo())
            case "redo":
                self.apply(self.stack.redo())
            case "erase" if present:
                self.apply(self.stack.do(DeleteAnnotations((present[0],))))
            case "replace" if present:
                self.apply(self.stack.do(ReplaceAnnotations((present[-1],), (fresh,))))
            case _:
                self.apply(self.stack.do(AddStroke(fresh)))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["write", "write", "erase", "replace", "undo", "redo", "restart"]), max_size=40))
def test_any_history_goes_on_after_a_restart_as_if_there_had_been_none(steps: list[str]) -> None:
    """Two members do the same; one restarts now and then. Their pages, and what undo does, are the same."""
    steady, restarted = Member(), Member()
    numbers = count(1000)
    for step in [*steps, "restart", "undo", "undo", "undo", "redo", "redo"]:
        fresh = ink(next(numbers), (1, 1), (2, 2))
        if step == "restart":
            restarted.restart()
            continue
        steady.act(step, fresh)
        restarted.act(step, fresh)
        assert steady.page.present == restarted.page.present
        assert steady.stack.can_undo == restarted.stack.can_undo
        assert steady.stack.can_redo == restarted.stack.can_redo


def test_steps_whose_marks_went_another_way_are_left_out() -> None:
    entries: list[Entry] = [Did((), (ink(1, (1, 1)),)), Did((), (ink(2, (1, 1)),)), Did((ink(2, (1, 1)),), ())]
    stack = UndoStack(ids())
    stack.replay(entries, live=set())
    first = stack.undo()
    assert first is not None
    assert [one.page for one in first.added] == [0], "the erasing can be undone: its mark is added anew"
    assert stack.undo() is not None
    assert stack.undo() is None, "the first stroke was taken by somebody else"


def test_a_journal_that_cannot_be_read_ends_the_history_and_nothing_else() -> None:
    good = encoded(Did((), (ink(1, (1, 1)),)))
    assert decoded([good, b"\xc1nonsense", good]) == [decoded([good])[0], Lapsed(), decoded([good])[0]]
    large = Did((), tuple(ink(n, *[(float(k), 1.0) for k in range(5_000)]) for n in range(20)))
    assert encoded(large) == encoded(Lapsed())
    assert decoded([b"x" * (MAX_BYTES + 1)]) == [Lapsed()]
    stack = UndoStack(ids())
    stack.replay([decoded([good])[0], Lapsed()], {AnnotationId("a_1")})
    assert not stack.can_undo

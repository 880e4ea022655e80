# SPDX-License-Identifier: AGPL-3.0-or-later
"""Undo and redo: any history of edits, undone and redone, leaves the same ink on the page."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.viewer.edits import (
    AddBookmark,
    AddHighlight,
    AddNote,
    AddStroke,
    Change,
    DeleteAnnotations,
    EditNote,
    ReplaceAnnotations,
    UndoStack,
)
from client.viewer.undo_journal import Did

COMMON = {
    "paper": PaperId("paper_one"),
    "plain": Hash("sha256:" + "0" * 64),
    "made": Moment("2026-11-23T01:02:03.000Z"),
}


def ids() -> Callable[[], AnnotationId]:
    numbers = count()
    return lambda: AnnotationId(f"note_{next(numbers)}")


def stroke(new: Callable[[], AnnotationId], page: int = 0) -> InkStroke:
    return InkStroke(id=new(), page=page, colour="#102030", width=1.0, points=bytes(12), **COMMON)


class Page:
    """The annotations as the store would hold them; ids that were deleted never come back."""

    def __init__(self) -> None:
        self.present: dict[AnnotationId, Annotation] = {}
        self.deleted: set[AnnotationId] = set()

    def apply(self, change: Change | None) -> None:
        assert change is not None
        for gone in change.deleted:
            del self.present[gone]
            self.deleted.add(gone)
        for added in change.added:
            assert added.id not in self.deleted
            assert added.id not in self.present
            self.present[added.id] = added

    def contents(self) -> list[Annotation]:
        plain = [replace(one, id=AnnotationId("same")) for one in self.present.values()]
        return sorted(plain, key=repr)


def test_a_stroke_undone_and_redone_has_a_new_id() -> None:
    new = ids()
    stack, page = UndoStack(new), Page()
    first = stroke(new, page=4)
    change = stack.do(AddStroke(first))
    page.apply(change)
    assert change.pages == {4}
    page.apply(stack.undo())
    assert page.present == {}
    page.apply(stack.redo())
    (back,) = page.present.values()
    assert back.id != first.id
    assert replace(back, id=first.id) == first


def test_each_kind_of_edit_names_what_it_changes() -> None:
    new = ids()
    note = TextNote(id=new(), page=1, at=Rect(0, 0, 9, 9), text="cũ", **COMMON)
    after = replace(note, id=new(), text="mới", page=2)
    highlight = Highlight(id=new(), page=3, colour="#FFFF00", rects=(Rect(0, 0, 9, 9),), **COMMON)
    bookmark = Bookmark(id=new(), page=5, **COMMON)
    stack = UndoStack(new)
    assert stack.do(AddNote(note)) == Change((), (note,), frozenset({1}), Did((), (note,)))
    assert stack.do(EditNote(note, after)) == Change((note.id,), (after,), frozenset({1, 2}), Did((note,), (after,)))
    assert stack.do(AddHighlight(highlight)) == Change((), (highlight,), frozenset({3}), Did((), (highlight,)))
    assert stack.do(AddBookmark(bookmark)) == Change((), (bookmark,), frozenset({5}), Did((), (bookmark,)))
    assert stack.do(DeleteAnnotations((highlight, bookmark))).pages == {3, 5}
    gone = stack.do(ReplaceAnnotations((after,), ()))
    assert gone == Change((after.id,), (), frozenset({2}), Did((after,), ()))


def test_nothing_to_undo_is_none() -> None:
    stack = UndoStack(ids())
    assert (stack.undo(), stack.redo(), stack.can_undo, stack.can_redo) == (None, None, False, False)


def test_the_oldest_step_is_forgotten_beyond_the_limit() -> None:
    new = ids()
    stack = UndoStack(new, limit=3)
    for _ in range(4):
        stack.do(AddStroke(stroke(new)))
    undone = 0
    while stack.undo() is not None:
        undone += 1
    assert undone == 3


def test_steps_over_annotations_deleted_elsewhere_leave() -> None:
    new = ids()
    stack, page = UndoStack(new), Page()
    first, second = stroke(new), stroke(new)
    page.apply(stack.do(AddStroke(first)))
    page.apply(stack.do(AddStroke(second)))
    page.apply(stack.undo())
    page.apply(stack.redo())
    renewed = next(one for one in page.present.values() if one.id not in {first.id, second.id})
    stack.forget([renewed.id])
    change = stack.undo()
    assert change is not None
    assert change.deleted == (first.id,)
    assert not stack.can_undo


@given(
    st.lists(st.sampled_from(["add", "erase", "edit", "undo", "redo"]), max_size=60), st.randoms(use_true_random=False)
)
def test_any_history_can_be_walked_back_and_forth(steps: list[str], random: object) -> None:
    new = ids()
    stack, page = UndoStack(new, limit=1_000), Page()
    for step in steps:
        present = list(page.present.values())
        if step == "add":
            page.apply(stack.do(AddStroke(stroke(new, page=len(present)))))
        elif step == "erase" and present:
            page.apply(stack.do(DeleteAnnotations(tuple(random.sample(present, random.randint(1, len(present)))))))  # type: ignore[attr-defined]
        elif step == "edit" and present:
            before = random.choice(present)  # type: ignore[attr-defined]
            page.apply(stack.do(ReplaceAnnotations((before,), (replace(before, id=new(), colour="#AABBCC"),))))
        elif step == "undo" and stack.can_undo:
            page.apply(stack.undo())
        elif step == "redo" and stack.can_redo:
            page.apply(stack.redo())
    end = page.contents()
    undone = 0
    while stack.can_undo:
        page.apply(stack.undo())
        undone += 1
    assert page.contents() == []
    for _ in range(undone):
        page.apply(stack.redo())
    assert page.contents() == end

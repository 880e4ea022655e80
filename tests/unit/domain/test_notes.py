# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes of two devices: every interleaving of six steps ends alike on both, with nothing lost and nothing doubled."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from client.domain.annotation import Rect, TextNote
from client.domain.ids import AnnotationId, DeviceId, Hash, Moment, PaperId
from client.domain.notes import Head, NoteChange, NoteState, folded, merged, withheld

DEPTH: Final = 6
FIRST: Final = "an_first"


def note(name: str) -> TextNote:
    return TextNote(
        id=AnnotationId(name),
        paper=PaperId("do_0001"),
        plain=Hash("sha256:" + "0" * 64),
        page=0,
        made=Moment("2026-11-23T03:00:00.000Z"),
        at=Rect(0, 0, 10, 10),
        text=name,
    )


class Tablet(Struct, frozen=True):
    """What one device shows, knows and has taken; a value, so that every branch starts from the same place."""

    page: tuple[tuple[str, bool], ...] = ((FIRST, True),)
    known: tuple[tuple[str, NoteState], ...] = ((FIRST, NoteState(0, told=True, here=True)),)
    taken: int = 0
    made: int = 0

    def look(self) -> dict[str, NoteState]:
        known = dict(self.known)
        for name, live in self.page:
            if live or name in known:
                known[name] = folded(known.get(name), deleted=not live)
        return known

    def change(self, who: str) -> Tablet:
        """The text of the oldest live note is changed: the old one goes, a new one comes."""
        page = dict(self.page)
        oldest = next((name for name, live in page.items() if live), None)
        if oldest is not None:
            page[oldest] = False
        page[f"an_{who}{self.made}"] = True
        return Tablet(tuple(page.items()), self.known, self.taken, self.made + 1)

    def undo(self) -> Tablet:
        """The last deleted note comes back."""
        page = dict(self.page)
        last = next((name for name, live in reversed(page.items()) if not live), None)
        if last is not None:
            page[last] = True
        return Tablet(tuple(page.items()), self.known, self.taken, self.made)

    def take(self, batch: tuple[NoteChange, ...]) -> Tablet:
        known, page = self.look(), dict(self.page)
        for change in batch:
            state = merged(known.get(change.id), change)
            known[change.id] = state
            if state.here:
                page[change.id] = state.live
        return Tablet(tuple(page.items()), tuple(known.items()), self.taken + 1, self.made)

    def tell(self) -> tuple[Tablet, tuple[NoteChange, ...]]:
        known, page = self.look(), dict(self.page)
        batch = []
        for name, state in known.items():
            if not state.told:
                batch.append(NoteChange(AnnotationId(name), state.marks, note(name) if page.get(name) else None))
                known[name] = NoteState(state.marks, told=True, here=state.here)
        return Tablet(self.page, tuple(known.items()), self.taken, self.made), tuple(batch)

    @property
    def live(self) -> frozenset[str]:
        return frozenset(name for name, live in self.page if live)


Batches = tuple[tuple[NoteChange, ...], ...]
State = tuple[Tablet, Tablet, Batches, Batches]


def meet(mine: Tablet, theirs: Batches, own: Batches) -> tuple[Tablet, Batches]:
    for batch in theirs[mine.taken :]:
        mine = mine.take(batch)
    mine, told = mine.tell()
    return mine, (*own, told) if told else own


def step(state: State, what: str) -> State:
    one, two, ones, twos = state
    if what == "1 syncs":
        one, ones = meet(one, twos, ones)
    elif what == "2 syncs":
        two, twos = meet(two, ones, twos)
    elif what.startswith("1"):
        one = one.change("one") if what == "1 changes" else one.undo()
    else:
        two = two.change("two") if what == "2 changes" else two.undo()
    return one, two, ones, twos


STEPS: Final = ("1 changes", "1 undoes", "1 syncs", "2 changes", "2 undoes", "2 syncs")


def check(state: State, history: tuple[str, ...]) -> None:
    alone = history.count("2 changes") + history.count("2 undoes") == 0
    shown = state[0].live
    for what in ("1 syncs", "2 syncs", "1 syncs", "2 syncs"):
        state = step(state, what)
    one, two, ones, twos = state
    assert one.live == two.live, history
    told = [change.id for batch in (*ones, *twos) for change in batch if change.body is not None]
    both = {name for name, _ in one.page} & {name for name, _ in two.page}
    assert set(told) <= both, "no body that was told is ever dropped"
    if alone:
        assert one.live == shown, "what one device did alone is what both show"
    if "1 undoes" not in history and "2 undoes" not in history:
        assert len(told) == len(set(told)), "no body is told twice"
        newest = {f"an_{who}{tablet.made - 1}" for who, tablet in (("one", one), ("two", two)) if tablet.made}
        assert newest & one.live or not newest, f"the newest text stays: {history}"


def walk(state: State, history: tuple[str, ...], depth: int) -> int:
    if depth == 0:
        check(state, history)
        return 1
    return sum(walk(step(state, what), (*history, what), depth - 1) for what in STEPS)


def test_every_interleaving_of_two_devices_to_depth_six() -> None:
    assert walk((Tablet(), Tablet(), (), ()), (), DEPTH) == len(STEPS) ** DEPTH


def test_a_text_changed_on_both_devices_keeps_both() -> None:
    state: State = (Tablet(), Tablet(), (), ())
    for what in ("1 changes", "2 changes", "1 syncs", "2 syncs", "1 syncs"):
        state = step(state, what)
    assert state[0].live == state[1].live == {"an_one0", "an_two0"}


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.randoms())
def test_order_and_repetition_change_nothing(marks: list[int], rng: object) -> None:
    changes = [NoteChange(AnnotationId("an_1"), count) for count in marks]
    shuffled = changes * 2
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    ends = []
    for order in (changes, shuffled):
        state: NoteState | None = None
        for change in order:
            state = merged(state, change)
        assert state is not None
        ends.append(state.marks)
    assert ends[0] == ends[1] == max(marks)


@pytest.mark.parametrize(
    ("known", "deleted", "marks", "told"),
    [
        (None, False, 0, False),
        (None, True, 1, False),
        (NoteState(0, told=True, here=True), False, 0, True),
        (NoteState(0, told=True, here=True), True, 1, False),
        (NoteState(1, told=True, here=True), True, 1, True),
        (NoteState(1, told=True, here=True), False, 2, False),
        (NoteState(3, told=True, here=False), False, 4, False),
    ],
)
def test_what_was_done_here_is_found_by_looking(known: NoteState | None, deleted: bool, marks: int, told: bool) -> None:
    state = folded(known, deleted=deleted)
    assert (state.marks, state.told) == (marks, told)


def test_a_chain_that_is_shorter_than_somebody_saw_it_is_noticed() -> None:
    a, b = DeviceId("d_0001"), DeviceId("d_0002")
    two, three = Head(2, Hash("sha256:" + "2" * 64)), Head(3, Hash("sha256:" + "3" * 64))
    other = Head(3, Hash("sha256:" + "4" * 64))
    assert withheld([(a, two)], {a: three}) == ()
    assert withheld([(a, three)], {a: three, b: two}) == ()
    assert withheld([(a, three)], {a: two}) == (a,)
    assert withheld([(a, three), (b, two)], {a: other}) == (a, b)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choices of one author on two devices, and what a reader ends with: every interleaving of a few steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import pytest

from client.domain.sharing import Choice, Told, due, heard

STEPS = ("choose", "take_back", "delete", "restore", "tell", "hear")


@dataclass
class Side:
    """One device of the author: its choice, whether the note is there, and what it has heard of the other's chain."""

    choice: Choice | None = None
    there: bool = True
    told: list[int] = field(default_factory=list)
    heard: int = 0

    def do(self, step: str, other: Side) -> None:
        known = self.choice
        if step == "choose":
            self.choice = Choice(True, 0, Told.NEVER) if known is None else Choice(True, known.marks, known.told)
        elif step == "take_back" and known is not None:
            self.choice = None if known.told is Told.NEVER else Choice(False, known.marks, known.told)
        elif step in {"delete", "restore"}:
            self.there = step == "restore"
        elif step == "tell" and known is not None:
            marks = due(known, self.there)
            if marks is not None:
                self.told.append(marks)
                self.choice = Choice(known.chosen, marks, Told.TOLD)
        elif step == "hear":
            for marks in other.told[self.heard :]:
                self.choice = heard(self.choice, marks)
            self.heard = len(other.told)


@pytest.mark.parametrize("first", STEPS)
def test_both_devices_and_the_reader_end_alike(first: str) -> None:
    for rest in product(product("ab", STEPS), repeat=4):
        a, b = Side(), Side()
        b.do("choose", a), b.do("tell", a)
        for who, step in (("a", first), *rest):
            one, two = (a, b) if who == "a" else (b, a)
            one.do(step, two)
        b.there = a.there  # deletions go the way of notes
        for _ in range(3):
            for one, two in ((a, b), (b, a)):
                one.do("hear", two), one.do("tell", two)
        marks = max(a.told + b.told)
        shown = marks % 2 == 0
        assert due(a.choice, a.there) is None if a.choice is not None else True
        assert due(b.choice, b.there) is None if b.choice is not None else True
        for side in (a, b):
            assert side.choice is not None
            assert side.choice.marks == marks
            assert (side.choice.chosen and side.there) is shown, (first, rest, a, b)


@pytest.mark.parametrize(
    ("choice", "there", "count"),
    [
        (Choice(True, 0, Told.NEVER), True, 0),
        (Choice(True, 0, Told.NEVER), False, None),  # rule 3
        (Choice(False, 0, Told.TOLD), True, 1),
        (Choice(True, 0, Told.TOLD), False, 1),  # rule 2
        (Choice(True, 1, Told.TOLD), True, 2),
        (Choice(True, 0, Told.AGAIN), True, 0),
        (Choice(True, 0, Told.AGAIN), False, 1),
        (Choice(False, 1, Told.TOLD), True, None),
        (Choice(False, 0, Told.TOLD), None, None),  # rule 5
    ],
)
def test_what_is_to_be_told(choice: Choice, there: bool | None, count: int | None) -> None:
    assert due(choice, there) == count


def test_a_withdrawal_that_waits_stands_against_what_the_other_device_told_meanwhile() -> None:
    assert heard(Choice(False, 0, Told.TOLD), 2) == Choice(False, 2, Told.TOLD)
    assert due(Choice(False, 2, Told.TOLD), True) == 3

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which word of a revised paper is which word of the one before.

Decides: pairs of equal words that are the same passage. Refuses: to pair what only looks alike: a run of words
that occurs twice is paired by what stands beside it, or not at all. Steps:

1. Runs of ``SEED`` words that occur exactly once in both texts are the same, wherever they stand, so passages and
   whole pages may have moved (the idea of "patience" diffs, but without their demand for order).
2. Each pair grows to both sides as long as the words are equal.
3. What is left between two neighbours that did not move is compared word by word.

Linear in the length of the texts but for step 3, whose pieces are bounded by ``MAX_CELLS``.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

SEED: Final = 6
SHORT_SEED: Final = 3
"""For what is left in a gap too large to compare word by word."""
MAX_CELLS: Final = 60_000
"""Largest gap compared word by word: words of one side times words of the other."""
REACH: Final = 40
"""Words looked at behind a neighbour when the gap has no other end."""

UNPAIRED: Final = -1


def align(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """For each word of ``old`` the index of the same word in ``new``, or ``UNPAIRED``; no index occurs twice."""
    return _Aligner(old, new).run()


class _Window(NamedTuple):
    """A stretch of the old text and one of the new: ``[a0, a1)`` and ``[b0, b1)``."""

    a0: int
    a1: int
    b0: int
    b1: int


class _Aligner:
    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        self.a = [numbers.setdefault(token, len(numbers)) for token in old]
        self.b = [numbers.setdefault(token, len(numbers)) for token in new]
        self.pairs = [UNPAIRED] * len(self.a)
        self.taken = bytearray(len(self.b))

    def run(self) -> list[int]:
        self._seed(_Window(0, len(self.a), 0, len(self.b)), SEED)
        for first, end in self._gaps():
            self._fill(first, end)
        return self.pairs

    def _seed(self, within: _Window, length: int) -> None:
        """Steps 1 and 2 within two stretches."""
        there = _unique(self.b, within.b0, within.b1, length)
        for gram, at in _unique(self.a, within.a0, within.a1, length).items():
            target = there.get(gram)
            if target is not None and self.pairs[at] == UNPAIRED and not self.taken[target]:
                self._grow(at, target, within)

    def _grow(self, at: int, target: int, within: _Window) -> None:
        a, b, pairs, taken = self.a, self.b, self.pairs, self.taken
        i, j = at, target
        while i < within.a1 and j < within.b1 and a[i] == b[j] and pairs[i] == UNPAIRED and not taken[j]:
            pairs[i], taken[j] = j, 1
            i, j = i + 1, j + 1
        i, j = at - 1, target - 1
        while i >= within.a0 and j >= within.b0 and a[i] == b[j] and pairs[i] == UNPAIRED and not taken[j]:
            pairs[i], taken[j] = j, 1
            i, j = i - 1, j - 1

    def _gaps(self) -> list[tuple[int, int]]:
        """Stretches of unpaired words of ``old``."""
        gaps = []
        start = -1
        for index, target in enumerate(self.pairs):
            if target == UNPAIRED:
                if start < 0:
                    start = index
            elif start >= 0:
                gaps.append((start, index))
                start = -1
        if start >= 0:
            gaps.append((start, len(self.pairs)))
        return gaps

    def _fill(self, first: int, end: int) -> None:
        """Step 3 for one gap: between its neighbours, or behind and before them when they went apart."""
        left = self.pairs[first - 1] if first else -1
        right = self.pairs[end] if end < len(self.a) else len(self.b)
        if left < right and not any(self.taken[left + 1 : right]):
            self._compare(first, end, left + 1, right)
            return
        size = end - first + REACH
        stop = self._free(left + 1, left + 1 + size)
        self._compare(first, end, left + 1, stop)
        still = next((i for i in range(end - 1, first - 1, -1) if self.pairs[i] != UNPAIRED), first - 1) + 1
        start = right
        while start > 0 and right - start < size and not self.taken[start - 1]:
            start -= 1
        if still < end and start < right:
            self._compare(still, end, start, right)

    def _free(self, start: int, stop: int) -> int:
        """Where the run of untaken words from ``start`` ends."""
        stop = min(stop, len(self.b))
        while start < stop and not self.taken[start]:
            start += 1
        return start

    def _compare(self, a0: int, a1: int, b0: int, b1: int) -> None:
        """Step 3, word by word."""
        if a0 >= a1 or b0 >= b1:
            return
        if (a1 - a0) * (b1 - b0) > MAX_CELLS:
            self._seed(_Window(a0, a1, b0, b1), SHORT_SEED)
            return
        matcher = SequenceMatcher(None, self.a[a0:a1], self.b[b0:b1], autojunk=False)
        for i, j, size in matcher.get_matching_blocks():
            for k in range(size):
                if self.pairs[a0 + i + k] == UNPAIRED and not self.taken[b0 + j + k]:
                    self.pairs[a0 + i + k], self.taken[b0 + j + k] = b0 + j + k, 1


def _unique(values: Sequence[int], start: int, end: int, length: int) -> dict[bytes, int]:
    """Where each run of ``length`` values that occurs once begins, in the order of the text.

    Runs are compared as bytes, which remember their hash: twice as fast as tuples.
    """
    data, width = array("I", values[start:end]), array("I").itemsize
    packed, span = data.tobytes(), width * length
    found: dict[bytes, int] = {}
    again: set[bytes] = set()
    for at in range(len(data) - length + 1):
        gram = packed[width * at : width * at + span]
        if gram in found:
            again.add(gram)
        else:
            found[gram] = start + at
    for gram in again:
        del found[gram]
    return found

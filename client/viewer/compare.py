# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between two versions of a paper, as passages a reader can jump through.

Decides: where a change begins and ends, and whether text came, went, was reworded or moved. Refuses: to report
page furniture and mere re-flow; a paper set in another size has no changes. Words are indexes into
``Document.words``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from client.viewer.alignment import UNPAIRED, align
from client.viewer.page_words import Document

NEAR: Final = 3
"""Unchanged words between two changes that still make one passage of them."""
MOVED_WORDS: Final = 8
"""A shorter run that stands elsewhere is not worth telling."""


class Kind(Enum):
    """What happened to a passage."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"


class Passage(Struct, frozen=True, kw_only=True):
    """One changed passage.

    Attributes:
        old: Words of the earlier version, ``[first, end)``; empty where text was added, and then the place it was
            added at.
        new: Likewise of the later version.
        old_page: Page of the passage, or of the place, in the earlier version; likewise ``new_page``.
    """

    kind: Kind
    old: tuple[int, int]
    new: tuple[int, int]
    old_page: int
    new_page: int


class Comparison(Struct, frozen=True, kw_only=True):
    """Two versions compared.

    Attributes:
        pairs: For each word of the earlier version its index in the later one, or ``UNPAIRED``.
        passages: Changed passages in the order of the later version.
        removed_pages: Pages of the earlier version of which nothing is left.
    """

    pairs: list[int]
    passages: tuple[Passage, ...]
    removed_pages: tuple[int, ...]

    @property
    def new_pages(self) -> tuple[int, ...]:
        """Pages of the later version to look at, counting from 0."""
        return tuple(sorted({passage.new_page for passage in self.passages}))


def compare(old: Document, new: Document) -> Comparison:
    """Everything that differs between ``old`` and ``new``."""
    pairs = align(old.tokens, new.tokens)
    back = [UNPAIRED] * len(new.tokens)
    for index, target in enumerate(pairs):
        if target != UNPAIRED:
            back[target] = index
    spans = _merged(_differences(pairs, back))
    found = [_passage(old, new, span) for span in spans]
    found += [
        Passage(
            kind=Kind.MOVED,
            old=(i, i + size),
            new=(j, j + size),
            old_page=old.page_of(i),
            new_page=new.page_of(j),
        )
        for j, i, size in _moved(back)
    ]
    found.sort(key=lambda passage: (passage.new, passage.old))
    return Comparison(pairs=pairs, passages=tuple(found), removed_pages=_removed_pages(old, pairs))


class _Span(Struct, frozen=True):
    """A difference: unpaired words of the old text and of the new, either may be empty."""

    i0: int
    i1: int
    j0: int
    j1: int


def _runs(pairs: Sequence[int]) -> list[tuple[int, int]]:
    runs = []
    start = -1
    for index, target in enumerate(pairs):
        if target == UNPAIRED:
            if start < 0:
                start = index
        elif start >= 0:
            runs.append((start, index))
            start = -1
    if start >= 0:
        runs.append((start, len(pairs)))
    return runs


def _differences(pairs: Sequence[int], back: Sequence[int]) -> list[_Span]:
    """Unpaired runs of both texts; one of each side that follow the same word belong together."""
    gone = dict(_runs(pairs))
    ends = {end: start for start, end in gone.items()}
    spans = []
    for start, end in _runs(back):
        after = back[start - 1] + 1 if start else 0
        if after not in gone and end < len(back):  # the word before may have come from elsewhere
            after = ends.get(back[end], after)
        spans.append(_Span(after, gone.pop(after, after), start, end))
    for start, end in gone.items():
        at = pairs[start - 1] + 1 if start else 0
        spans.append(_Span(start, end, at, at))
    return sorted(spans, key=lambda span: (span.j0, span.j1, span.i0))


def _merged(spans: Sequence[_Span]) -> list[_Span]:
    """Differences a few words apart on both sides become one."""
    merged: list[_Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last is not None and 0 <= span.j0 - last.j1 <= NEAR and 0 <= span.i0 - last.i1 <= NEAR:
            merged[-1] = replace(last, i1=span.i1, j1=span.j1)
        else:
            merged.append(span)
    return merged


def _passage(old: Document, new: Document, span: _Span) -> Passage:
    kind = Kind.ADDED if span.i0 == span.i1 else Kind.REMOVED if span.j0 == span.j1 else Kind.REWORDED
    return Passage(
        kind=kind,
        old=(span.i0, span.i1),
        new=(span.j0, span.j1),
        old_page=_page_at(old, span.i0, empty=span.i0 == span.i1),
        new_page=_page_at(new, span.j0, empty=span.j0 == span.j1),
    )


def _page_at(document: Document, index: int, *, empty: bool) -> int:
    """The page of a word; of an empty place, the page of the word before it."""
    if empty and index > 0:
        index -= 1
    return min(document.page_of(min(index, max(len(document.words) - 1, 0))), document.page_count - 1)


def _moved(back: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs ``(new, old, size)`` that stand outside the order most of the text kept."""
    runs: list[tuple[int, int, int]] = []
    for j, i in enumerate(back):
        if i == UNPAIRED:
            continue
        if runs and runs[-1][0] + runs[-1][2] == j and runs[-1][1] + runs[-1][2] == i:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((j, i, 1))
    kept = _heaviest_rising([(i, size) for _, i, size in runs])
    moved: list[tuple[int, int, int]] = []
    for index, (j, i, size) in enumerate(runs):
        if index in kept:
            continue
        last = moved[-1] if moved else None
        if last and 0 <= j - last[0] - last[2] <= NEAR and 0 <= i - last[1] - last[2] <= NEAR:
            moved[-1] = (last[0], last[1], max(j + size - last[0], i + size - last[1]))
        else:
            moved.append((j, i, size))
    return [run for run in moved if run[2] >= MOVED_WORDS]


def _heaviest_rising(runs: Sequence[tuple[int, int]]) -> set[int]:
    """Indexes of the rising subsequence with most words (a Fenwick tree of maxima over old positions)."""
    order = sorted({start for start, _ in runs})
    tree: list[tuple[int, int]] = [(0, -1)] * (len(order) + 1)
    before: list[int] = []
    best = (0, -1)
    for index, (start, size) in enumerate(runs):
        slot = bisect_left(order, start)
        top = (0, -1)
        at = slot
        while at > 0:
            top = max(top, tree[at])
            at &= at - 1
        before.append(top[1])
        value = (top[0] + size, index)
        best = max(best, value)
        at = slot + 1
        while at < len(tree):
            tree[at] = max(tree[at], value)
            at += at & -at
    kept: set[int] = set()
    at = best[1]
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _removed_pages(old: Document, pairs: Sequence[int]) -> tuple[int, ...]:
    gone = []
    for page in range(old.page_count):
        first, end = old.span(page)
        if first < end and all(target == UNPAIRED for target in pairs[first:end]):
            gone.append(page)
    return tuple(gone)

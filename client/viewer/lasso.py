# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which marks a loop drawn on a page catches, and what becomes of them: moved, another colour.

Pure. A mark is caught when more than half of it lies inside the loop: a loop drawn in haste cuts through the ends
of words. Highlights belong to their text and are not caught. New marks get ids of their own (``edits``, rule 1).
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from client.domain.annotation import Annotation, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId
from client.viewer.ink import packed_bounds, sampled, shifted

Point = tuple[float, float]
SHARE: Final = 0.5
SAMPLES: Final = 24
"""Points of a stroke that are looked at; enough to tell half from less."""
ROWS: Final = 1_024
"""Lines across a loop at which its sides are known."""
CORNERS: Final = 3
"""Fewer points enclose nothing."""
Movable = InkStroke | TextNote


class Loop:
    """The inside of a loop by the even-odd rule, asked for thousands of points: where its sides cross ``ROWS`` lines.

    Args:
        corners: At least three; closed by itself.
    """

    def __init__(self, corners: Sequence[Point]) -> None:
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        self.box = Rect(min(xs), min(ys), max(xs), max(ys))
        self._step = max(self.box.y1 - self.box.y0, 1e-6) / ROWS
        self._rows: list[list[float]] = [[] for _ in range(ROWS)]
        for one, two in pairwise([corners[-1], *corners]):
            self._enter(*sorted((one, two), key=lambda corner: corner[1]))
        for row in self._rows:
            row.sort()

    def _enter(self, upper: Point, lower: Point) -> None:
        top, step = self.box.y0, self._step
        first = math.ceil((upper[1] - top) / step - 0.5)
        for row in range(first, min(ROWS, math.ceil((lower[1] - top) / step - 0.5))):
            share = (top + (row + 0.5) * step - upper[1]) / (lower[1] - upper[1])
            self._rows[row].append(upper[0] + share * (lower[0] - upper[0]))

    def __contains__(self, point: Point) -> bool:
        """Whether a point lies inside, to a thousandth of the loop's height."""
        row = int((point[1] - self.box.y0) / self._step)
        return 0 <= row < ROWS and bisect(self._rows[row], point[0]) % 2 == 1


def caught(marks: Iterable[Annotation], corners: Sequence[Point]) -> tuple[Movable, ...]:
    """Strokes and notes of which more than ``SHARE`` lies inside the loop of ``corners`` (three or more)."""
    if len(corners) < CORNERS:
        return ()
    loop = Loop(corners)
    found: list[Movable] = []
    for mark in marks:
        if isinstance(mark, TextNote):
            if (mark.at.x0, mark.at.y0) in loop:
                found.append(mark)
        elif isinstance(mark, InkStroke):
            points = sampled(mark.points, SAMPLES)
            if sum(point in loop for point in points) > SHARE * len(points):
                found.append(mark)
    return tuple(found)


def box_of(marks: Iterable[Movable]) -> Rect:
    """The box around them; at least one mark."""
    boxes = [mark.at if isinstance(mark, TextNote) else packed_bounds(mark.points, mark.width) for mark in marks]
    return Rect(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def moved(marks: Iterable[Movable], dx: float, dy: float, new_id: Callable[[], AnnotationId]) -> tuple[Movable, ...]:
    """Copies further right and down by points; a note loses its passage, because it is no longer there."""
    copies: list[Movable] = []
    for mark in marks:
        if isinstance(mark, TextNote):
            at = Rect(mark.at.x0 + dx, mark.at.y0 + dy, mark.at.x1 + dx, mark.at.y1 + dy)
            copies.append(replace(mark, id=new_id(), at=at, quote=None))
        else:
            copies.append(replace(mark, id=new_id(), points=shifted(mark.points, dx, dy)))
    return tuple(copies)


def recoloured(marks: Iterable[Movable], colour: str, new_id: Callable[[], AnnotationId]) -> tuple[Movable, ...]:
    """Copies in ``colour``; those that have it already come back as they are."""
    return tuple(mark if mark.colour == colour else replace(mark, id=new_id(), colour=colour) for mark in marks)

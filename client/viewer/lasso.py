# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which marks a loop drawn on a page catches, and what becomes of them: moved, another colour.

Pure. A mark is caught when more than half of it lies inside the loop: a loop drawn in haste cuts through the ends
of words. Highlights belong to their text and are not caught. New marks get ids of their own (``edits``, rule 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from client.domain.annotation import Annotation, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId
from client.viewer.ink import bounds, pack_points, unpack_points

Point = tuple[float, float]
SHARE: Final = 0.5
SAMPLES: Final = 64
"""Points of a stroke that are looked at; enough to tell half from less."""
CORNERS: Final = 3
"""Fewer points enclose nothing."""
Movable = InkStroke | TextNote


def inside(point: Point, loop: Sequence[Point]) -> bool:
    """Even-odd rule; ``loop`` is closed by itself."""
    x, y = point
    within = False
    x0, y0 = loop[-1]
    for x1, y1 in loop:
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            within = not within
        x0, y0 = x1, y1
    return within


def caught(marks: Iterable[Annotation], loop: Sequence[Point]) -> tuple[Movable, ...]:
    """Strokes and notes of which more than ``SHARE`` lies inside ``loop`` (three points or more)."""
    if len(loop) < CORNERS:
        return ()
    left, right = min(x for x, _ in loop), max(x for x, _ in loop)
    top, bottom = min(y for _, y in loop), max(y for _, y in loop)
    found: list[Movable] = []
    for mark in marks:
        if isinstance(mark, TextNote):
            if inside((mark.at.x0, mark.at.y0), loop):
                found.append(mark)
        elif isinstance(mark, InkStroke):
            points = unpack_points(mark.points)
            looked_at = points[:: max(1, len(points) // SAMPLES)]
            within = sum(left <= p.x <= right and top <= p.y <= bottom and inside((p.x, p.y), loop) for p in looked_at)
            if within > SHARE * len(looked_at):
                found.append(mark)
    return tuple(found)


def box_of(marks: Iterable[Movable]) -> Rect:
    """The box around them; at least one mark."""
    boxes = [
        mark.at if isinstance(mark, TextNote) else bounds(unpack_points(mark.points), mark.width) for mark in marks
    ]
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
            points = [point._replace(x=point.x + dx, y=point.y + dy) for point in unpack_points(mark.points)]
            copies.append(replace(mark, id=new_id(), points=pack_points(points)))
    return tuple(copies)


def recoloured(marks: Iterable[Movable], colour: str, new_id: Callable[[], AnnotationId]) -> tuple[Movable, ...]:
    """Copies in ``colour``; those that have it already come back as they are."""
    return tuple(mark if mark.colour == colour else replace(mark, id=new_id(), colour=colour) for mark in marks)

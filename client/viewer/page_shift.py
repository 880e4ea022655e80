# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes, distances and strokes that belong together, for moving notes to another page; page points throughout."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final, Protocol

from client.domain.annotation import POINT_BYTES, InkStroke, Rect
from client.viewer.ink import UNITS, unpack_points

TOGETHER_PT: Final = 14.0
"""A stroke nearer than this to the one written before belongs to the same word or drawing."""
_FARTHEST: Final = 20_000
_POINT: Final = struct.Struct("<iiHH")
assert _POINT.size == POINT_BYTES


class Boxed(Protocol):
    """Anything with a box."""

    @property
    def x0(self) -> float: ...  # noqa: D102
    @property
    def y0(self) -> float: ...  # noqa: D102
    @property
    def x1(self) -> float: ...  # noqa: D102
    @property
    def y1(self) -> float: ...  # noqa: D102


def covers(rect: Rect, word: Boxed, *, part: bool) -> bool:
    """Whether ``rect`` covers the middle of ``word``, or any ``part`` of it."""
    if part:
        return rect.x0 < word.x1 and word.x0 < rect.x1 and rect.y0 < word.y1 and word.y0 < rect.y1
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return rect.x0 <= x <= rect.x1 and rect.y0 <= y <= rect.y1


def distance(word: Boxed, at: tuple[float, float]) -> float:
    """How far ``at`` is from a word; height counts four times, so that the line beside wins."""
    aside = max(word.x0 - at[0], 0.0, at[0] - word.x1)
    off = max(word.y0 - at[1], 0.0, at[1] - word.y1)
    return aside + 4 * off


def moved(box: Rect, dx: float, dy: float) -> Rect:
    """The box elsewhere, within what a coordinate may be."""
    return Rect(
        *(_within(value + by) for value, by in zip((box.x0, box.y0, box.x1, box.y1), (dx, dy) * 2, strict=True))
    )


def _within(value: float) -> float:
    return min(max(value, -_FARTHEST), _FARTHEST)


def moved_points(packed: bytes, dx: float, dy: float) -> bytes:
    """A stroke's points elsewhere, pressure and times as they were."""
    by_x, by_y, far = round(dx * UNITS), round(dy * UNITS), _FARTHEST * UNITS
    return b"".join(
        _POINT.pack(min(max(x + by_x, -far), far), min(max(y + by_y, -far), far), pressure, dt)
        for x, y, pressure, dt in _POINT.iter_unpack(packed)
    )


def box_of(stroke: InkStroke) -> Rect:
    """The box around a stroke's points."""
    points = unpack_points(stroke.points)
    xs, ys = [point.x for point in points], [point.y for point in points]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def around(strokes: Sequence[InkStroke]) -> Rect:
    """The box around several strokes."""
    return _union([box_of(stroke) for stroke in strokes])


def _union(boxes: Sequence[Rect]) -> Rect:
    return Rect(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def groups(strokes: Sequence[InkStroke]) -> list[list[InkStroke]]:
    """Strokes on one page, written one after another and close together."""
    found: list[list[InkStroke]] = []
    last: tuple[int, Rect] | None = None
    for stroke in sorted(strokes, key=lambda one: (one.page, one.made, one.id)):
        box = box_of(stroke)
        if last is not None and last[0] == stroke.page and _gap(last[1], box) <= TOGETHER_PT:
            found[-1].append(stroke)
            last = (stroke.page, _union((last[1], box)))
        else:
            found.append([stroke])
            last = (stroke.page, box)
    return found


def _gap(a: Rect, b: Rect) -> float:
    return max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1, 0.0)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shapes for circling a passage, as points of an ordinary stroke: every device, export and eraser knows strokes.

Pure. Points are page points; the spacing is even and small, because the drawn curve runs through the points and
would swing out at the corners of widely spaced ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Final

from client.viewer.ink import InkPoint

SPACING_PT: Final = 3.0
MOST_POINTS: Final = 2_000
"""A tenth of what one stroke may hold; a larger shape gets wider spacing."""
_PRESSURE: Final = 0.8


class Shape(StrEnum):
    """What the pen leaves between coming down and being lifted."""

    FREE = "free"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LINE = "line"


def outline(shape: Shape, start: tuple[float, float], end: tuple[float, float]) -> tuple[InkPoint, ...]:
    """The shape with ``start`` and ``end`` as opposite corners (of its box), closed where it is a ring.

    A free line has no outline: its end points alone are given.
    """
    match shape:
        case Shape.RECTANGLE:
            corners = [start, (end[0], start[1]), end, (start[0], end[1]), start]
            points = list(_along(corners))
        case Shape.ELLIPSE:
            points = list(_around(start, end))
        case Shape.LINE | Shape.FREE:
            points = list(_along([start, end]))
    return tuple(InkPoint(x, y, _PRESSURE) for x, y in points)


def _spacing(length: float) -> float:
    return max(SPACING_PT, length / MOST_POINTS)


def _along(corners: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    step = _spacing(sum(math.dist(a, b) for a, b in pairwise(corners)))
    yield corners[0]
    for (x0, y0), (x1, y1) in pairwise(corners):
        pieces = max(1, math.ceil(math.dist((x0, y0), (x1, y1)) / step))
        for piece in range(1, pieces + 1):
            yield x0 + (x1 - x0) * piece / pieces, y0 + (y1 - y0) * piece / pieces


def _around(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    middle_x, middle_y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    half_x, half_y = abs(end[0] - start[0]) / 2, abs(end[1] - start[1]) / 2
    length = math.pi * (half_x + half_y)  # near enough to space points by
    pieces = min(max(16, math.ceil(length / _spacing(length))), MOST_POINTS)
    for piece in range(pieces + 1):
        turn = 2 * math.pi * piece / pieces
        yield middle_x + half_x * math.cos(turn), middle_y + half_y * math.sin(turn)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pen strokes as numbers: smoothing while writing, packing, drawing segments, erasing.

Decides: how raw pen samples become the stroke that is stored and the line that is drawn. Refuses: packed
bytes that are not whole points. Rules: storage is quantised to 1/256 pt (0.1 µm on A4 paper is nobody's
handwriting); what is drawn is computed from what is stored, so a stroke looks the same after reopening.

Sources: Casiez, Roussel, Vogel, "1€ Filter", CHI 2012 (smoothing); Catmull and Rom 1974 (curve through the
samples, centripetal parameter not needed at pen sampling rates).
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import add, sub
from typing import Final, NamedTuple

from client.domain.annotation import MAX_POINTS, POINT_BYTES, Rect
from client.errors import FormatRefused, LimitExceeded

UNITS: Final = 256
"""Stored units per point."""
MAX_UNITS: Final = 20_000 * UNITS
MIN_WIDTH: Final = 0.35
"""Nib width without pressure, as a share of the width at full pressure."""
MIN_STEP_PT: Final = 0.1
STEP_PT: Final = 1.5
"""Longest straight piece of a drawn curve."""
MAX_PIECES: Final = 8

_POINT: Final = struct.Struct("<iiHH")
_PLACE: Final = struct.Struct("<ii")
assert _POINT.size == POINT_BYTES == 3 * array("i").itemsize


class InkPoint(NamedTuple):
    """One sample: page points, pressure 0..1, milliseconds since the sample before."""

    x: float
    y: float
    pressure: float = 1.0
    dt_ms: int = 0


def pack_points(points: Sequence[InkPoint]) -> bytes:
    """Quantised bytes for ``InkStroke.points``.

    Raises:
        FormatRefused: No point at all.
        LimitExceeded: More than ``MAX_POINTS``; the writer starts a new stroke before that.
    """
    if not points:
        raise FormatRefused("stroke without points")
    if len(points) > MAX_POINTS:
        raise LimitExceeded(f"stroke of {len(points)} points")
    return b"".join(
        _POINT.pack(
            _units(point.x),
            _units(point.y),
            min(max(round(point.pressure * 65_535), 0), 65_535),
            min(max(point.dt_ms, 0), 65_535),
        )
        for point in points
    )


def unpack_points(packed: bytes) -> list[InkPoint]:
    """The inverse of :func:`pack_points`.

    Raises:
        FormatRefused: If ``packed`` is empty or cut.
        LimitExceeded: If it holds more than ``MAX_POINTS``.
    """
    if not packed or len(packed) % POINT_BYTES:
        raise FormatRefused(f"ink of {len(packed)} bytes")
    if len(packed) > MAX_POINTS * POINT_BYTES:
        raise LimitExceeded(f"ink of {len(packed)} bytes")
    return [InkPoint(x / UNITS, y / UNITS, p / 65_535, dt) for x, y, p, dt in _POINT.iter_unpack(packed)]


def sampled(packed: bytes, most: int) -> list[tuple[float, float]]:
    """Places of up to about twice ``most`` packed points, evenly spread, the first among them."""
    step = POINT_BYTES * max(1, len(packed) // POINT_BYTES // most)
    return [(x / UNITS, y / UNITS) for x, y in (_PLACE.unpack_from(packed, at) for at in range(0, len(packed), step))]


def shifted(packed: bytes, dx: float, dy: float) -> bytes:
    """Packed points further right and down by points; many strokes are carried at once, so nothing is unpacked."""
    numbers = _numbers(packed)
    for axis, by in ((0, _units(dx)), (1, _units(dy))):
        numbers[axis::3] = array("i", [min(max(value + by, -MAX_UNITS), MAX_UNITS) for value in numbers[axis::3]])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(packed: bytes) -> array[int]:
    """Three for each point; the third is pressure and time."""
    numbers = array("i", packed)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _units(value: float) -> int:
    return min(max(round(value * UNITS), -MAX_UNITS), MAX_UNITS)


STEADY_HZ: Final = 12.0
QUICKNESS: Final = 0.3
"""For a pen's clean samples: what shakes is steadied, while letters and tone marks, written at 5 to 8 Hz, keep nine
tenths of their height. Stronger smoothing flattens handwriting (3 Hz and 0.02 leave 40 to 68 %)."""


class Smoother:
    """The 1€ filter on both axes: strong smoothing when slow (tremor), none to speak of when fast (lag).

    Args:
        min_cutoff: Hertz at rest; lower is smoother.
        beta: How fast the cutoff rises with speed, per point a second.
    """

    def __init__(self, min_cutoff: float = STEADY_HZ, beta: float = QUICKNESS) -> None:
        self._min_cutoff = min_cutoff
        self._beta = beta
        self._last: tuple[float, float] | None = None
        self._speed = (0.0, 0.0)

    def add(self, x: float, y: float, dt_s: float) -> tuple[float, float]:
        """Feeds a raw sample ``dt_s`` seconds after the last; returns the smoothed place."""
        if self._last is None or dt_s <= 0:
            if self._last is None:
                self._last = (x, y)
            return self._last
        rate = _gain(1.0, dt_s)
        smooth = []
        speeds = []
        for value, last, speed in zip((x, y), self._last, self._speed, strict=True):
            new_speed = speed + rate * ((value - last) / dt_s - speed)
            gain = _gain(self._min_cutoff + self._beta * abs(new_speed), dt_s)
            smooth.append(last + gain * (value - last))
            speeds.append(new_speed)
        self._last = (smooth[0], smooth[1])
        self._speed = (speeds[0], speeds[1])
        return self._last


def _gain(cutoff_hz: float, dt_s: float) -> float:
    turn = 2 * math.pi * cutoff_hz * dt_s
    return turn / (turn + 1)


def thin(points: Iterable[InkPoint], min_step: float = MIN_STEP_PT) -> list[InkPoint]:
    """Drops samples nearer than ``min_step`` points to the one kept before; first and last stay.

    The dropped samples' time is added to the next one kept.
    """
    kept: list[InkPoint] = []
    waited = 0
    last: InkPoint | None = None
    for point in points:
        last = point
        waited += point.dt_ms
        if kept and math.hypot(point.x - kept[-1].x, point.y - kept[-1].y) < min_step:
            continue
        kept.append(point._replace(dt_ms=waited))
        waited = 0
    if last is not None and kept and (last.x, last.y) != (kept[-1].x, kept[-1].y):
        kept.append(last._replace(dt_ms=waited))
    return kept


def nib(width: float, pressure: float) -> float:
    """Drawn width in points at a pressure of 0..1."""
    return width * (MIN_WIDTH + (1 - MIN_WIDTH) * min(max(pressure, 0.0), 1.0))


def segments(points: Sequence[InkPoint], width: float) -> array[float]:
    """The curve as straight pieces: flat ``x0, y0, x1, y1, nib`` five floats each, page points.

    A single point gives one piece of no length, to be drawn with a round cap.
    """
    flat = array("f")
    if len(points) == 1:
        only = points[0]
        flat.extend((only.x, only.y, only.x, only.y, nib(width, only.pressure)))
        return flat
    for index in range(len(points) - 1):
        extend_segments(flat, points, index, width)
    return flat


def extend_segments(flat: array[float], points: Sequence[InkPoint], index: int, width: float) -> None:
    """Appends the pieces from ``points[index]`` to the next; wet ink grows by this, one sample at a time."""
    here, there = points[index], points[index + 1]
    before = points[index - 1] if index else here
    after = points[index + 2] if index + 2 < len(points) else there
    length = math.hypot(there.x - here.x, there.y - here.y)
    if length <= STEP_PT:  # as nearly always with a pen
        pressure = here.pressure + (there.pressure - here.pressure) / 2
        flat.extend((here.x, here.y, there.x, there.y, nib(width, pressure)))
        return
    pieces = min(max(1, math.ceil(length / STEP_PT)), MAX_PIECES)
    x0, y0 = here.x, here.y
    for piece in range(1, pieces + 1):
        t = piece / pieces
        last = piece == pieces  # exactly at the sample, so that pieces join
        x1 = there.x if last else _catmull_rom(before.x, here.x, there.x, after.x, t)
        y1 = there.y if last else _catmull_rom(before.y, here.y, there.y, after.y, t)
        pressure = here.pressure + (there.pressure - here.pressure) * (t - 0.5 / pieces)
        flat.extend((x0, y0, x1, y1, nib(width, pressure)))
        x0, y0 = x1, y1


def _catmull_rom(before: float, here: float, there: float, after: float, t: float) -> float:
    return 0.5 * (
        2 * here
        + (there - before) * t
        + (2 * before - 5 * here + 4 * there - after) * t * t
        + (3 * here - before - 3 * there + after) * t * t * t
    )


def packed_bounds(packed: bytes, width: float) -> Rect:
    """As :func:`bounds`, of packed points; a lasso asks for hundreds at once."""
    numbers = _numbers(packed)
    xs, ys = numbers[0::3], numbers[1::3]
    across, down = map(abs, map(sub, xs[1:], xs)), map(abs, map(sub, ys[1:], ys))
    pad = width / 2 + max(map(add, across, down), default=0) / UNITS / 4
    return Rect(min(xs) / UNITS - pad, min(ys) / UNITS - pad, max(xs) / UNITS + pad, max(ys) / UNITS + pad)


def bounds(points: Sequence[InkPoint], width: float) -> Rect:
    """The box that the drawn stroke stays inside, page points; the curve may swing out by a quarter step."""
    xs = [point.x for point in points]
    ys = [point.y for point in points]
    swing = max((abs(b.x - a.x) + abs(b.y - a.y) for a, b in pairwise(points)), default=0.0)
    pad = width / 2 + swing / 4
    return Rect(min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad)


def crosses(pieces: Sequence[float], start: tuple[float, float], end: tuple[float, float], radius: float) -> bool:
    """Whether an eraser of ``radius`` points swept straight from ``start`` to ``end`` touches the ink.

    ``pieces`` as :func:`segments` gives them, or a part of them; a fast sweep skips nothing.
    """
    left, right = min(start[0], end[0]) - radius, max(start[0], end[0]) + radius
    top, bottom = min(start[1], end[1]) - radius, max(start[1], end[1]) + radius
    flat = iter(pieces)
    for x0, y0, x1, y1, thick in zip(flat, flat, flat, flat, flat, strict=True):
        half = thick / 2
        beside = max(x0, x1) + half < left or min(x0, x1) - half > right
        if beside or max(y0, y1) + half < top or min(y0, y1) - half > bottom:
            continue
        if _apart((x0, y0), (x1, y1), start, end) <= radius + half:
            return True
    return False


def _apart(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> float:  # fmt: skip
    """Between two straight pieces; 0 where they cross."""
    if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
        return 0.0
    return min(_distance(a, c, d), _distance(b, c, d), _distance(c, a, b), _distance(d, a, b))


def _side(start: tuple[float, float], end: tuple[float, float], place: tuple[float, float]) -> float:
    """On which side of a line a place lies: the sign."""
    return (end[0] - start[0]) * (place[1] - start[1]) - (end[1] - start[1]) * (place[0] - start[0])


def _distance(place: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """From a point to a straight piece."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    px, py = place[0] - start[0], place[1] - start[1]
    square = dx * dx + dy * dy
    t = 0.0 if square == 0 else min(max((px * dx + py * dy) / square, 0.0), 1.0)
    return math.hypot(px - t * dx, py - t * dy)

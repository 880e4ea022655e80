# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sheet glides on after a finger lets go; pure numbers. Pixels and seconds."""

from __future__ import annotations

import math
from typing import Final

WINDOW_S: Final = 0.08
"""Only the last moments before lifting count."""
LEAST: Final = 40.0
"""Pixels a second below which nothing glides."""
MOST: Final = 6000.0
HALF_LIFE_S: Final = 0.22


class Kinetic:
    """Collects movement while a finger is down, then gives the steps of the glide."""

    def __init__(self) -> None:
        self._trail: list[tuple[float, float, float]] = []
        self._velocity = (0.0, 0.0)

    @property
    def gliding(self) -> bool:
        """Whether there are steps left."""
        return self._velocity != (0.0, 0.0)

    def stop(self) -> None:
        """A finger came down."""
        self._trail.clear()
        self._velocity = (0.0, 0.0)

    def add(self, x: float, y: float, now_s: float) -> None:
        """The finger is here."""
        self._trail.append((x, y, now_s))
        while self._trail and now_s - self._trail[0][2] > WINDOW_S:
            self._trail.pop(0)

    def release(self, now_s: float) -> None:
        """The finger was lifted."""
        trail = [sample for sample in self._trail if now_s - sample[2] <= WINDOW_S]
        self._trail.clear()
        if len(trail) < 2 or trail[-1][2] <= trail[0][2]:
            return
        (x0, y0, t0), (x1, y1, t1) = trail[0], trail[-1]
        vx, vy = (x0 - x1) / (t1 - t0), (y0 - y1) / (t1 - t0)
        speed = math.hypot(vx, vy)
        if speed >= LEAST:
            share = min(1.0, MOST / speed)
            self._velocity = vx * share, vy * share

    def step(self, dt_s: float) -> tuple[float, float]:
        """How far the window moves in the next ``dt_s``."""
        vx, vy = self._velocity
        keep = 0.5 ** (dt_s / HALF_LIFE_S)
        self._velocity = (vx * keep, vy * keep)
        if math.hypot(*self._velocity) < LEAST:
            self._velocity = (0.0, 0.0)
        return vx * dt_s, vy * dt_s

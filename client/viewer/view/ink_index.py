# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the strokes of one page lie: a grid of small cells, so that an eraser looks at what is near it.

Decides: which strokes may touch a box. Refuses: to say that they do; that is the shape's word. Rule: a stroke stands
in the cells of its parts, not in those of the box around all of it; a part that spans too many cells stands apart and
is always looked at.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtCore import QRectF

from client.domain.annotation import InkStroke
from client.domain.ids import AnnotationId

CELL_PT: Final = 16.0
MOST_CELLS: Final = 64
"""More for one part of a stroke, and it is looked at wherever one looks."""

Cell = tuple[int, int]
Found = dict[AnnotationId, InkStroke]


class InkIndex:
    """See the module."""

    def __init__(self) -> None:
        self._cells: dict[Cell, Found] = {}
        self._where: dict[AnnotationId, set[Cell]] = {}
        self._wide: Found = {}

    def __contains__(self, name: object) -> bool:
        return name in self._where

    def __len__(self) -> int:
        return len(self._where)

    def enter(self, stroke: InkStroke, boxes: Iterable[QRectF]) -> None:
        """One more stroke; ``boxes`` (page points) hold its ink."""
        where: set[Cell] = set()
        for box in boxes:
            across, down = _span(box)
            if len(across) * len(down) > MOST_CELLS:
                self._wide[stroke.id] = stroke
            else:
                where.update((column, row) for row in down for column in across)
        for cell in where:
            self._cells.setdefault(cell, {})[stroke.id] = stroke
        self._where[stroke.id] = where

    def leave(self, name: AnnotationId) -> None:
        """A stroke is gone; unknown ones are fine."""
        self._wide.pop(name, None)
        for cell in self._where.pop(name, ()):
            here = self._cells[cell]
            del here[name]
            if not here:
                del self._cells[cell]

    def near(self, box: QRectF) -> list[InkStroke]:
        """Strokes that may touch ``box`` (page points), oldest first."""
        found = dict(self._wide)
        for here in self._under(box):
            found.update(here)
        return sorted(found.values(), key=lambda one: (one.made, one.id))

    def _under(self, box: QRectF) -> Iterator[Found]:
        across, down = _span(box)
        if len(across) * len(down) > len(self._cells):
            yield from (
                here for (column, row), here in self._cells.items() if column in across and row in down
            )  # fmt: skip
            return
        for row in down:
            for column in across:
                here = self._cells.get((column, row))
                if here is not None:
                    yield here


def _span(box: QRectF) -> tuple[range, range]:
    """Columns and rows that a box touches."""
    return (
        range(math.floor(box.left() / CELL_PT), math.floor(box.right() / CELL_PT) + 1),
        range(math.floor(box.top() / CELL_PT), math.floor(box.bottom() / CELL_PT) + 1),
    )

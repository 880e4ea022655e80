# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets blocks on A4 pages by the measures of Decree 30/2020/NĐ-CP, Annex I.

Decides: where each line of a paper stands. Refuses: to read fonts or write PDF (``writer.py`` does).

Rules:
1. A4 upright, margins 20 mm above and below, 30 mm left, 18 mm right (Annex I, part I: 20-25, 20-25, 30-35, 15-20).
2. The page number stands in the middle of the top margin, 13 pt, from the second page on.
3. Lines break greedily between words, those of centred titles evenly; justified text gains its space at the
   spaces, the last line none.
4. A kept paragraph (a heading) moves to the next page unless two more lines fit under it; a signature block is
   never alone on a page.
5. The same blocks and metrics always give the same layout.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from server.documents.model import (
    MM,
    Align,
    Block,
    Bookmark,
    Cell,
    Columns,
    Face,
    Layout,
    Line,
    Metrics,
    PageBreak,
    Para,
    Rule,
    Run,
    Sheet,
    Table,
)

PAGE_WIDTH: Final = 595.0
PAGE_HEIGHT: Final = 842.0
LEFT: Final = 30 * MM
RIGHT: Final = PAGE_WIDTH - 18 * MM
TOP: Final = 20 * MM
BOTTOM: Final = PAGE_HEIGHT - 20 * MM
MEASURE: Final = RIGHT - LEFT
LEADING: Final = 1.35
"""Line height over type size."""
RISE: Final = 1.02
"""Baseline below the top of its line, over type size."""
NOTICE: Final = "(dữ liệu giả định)"
"""Stands at the top right of every page of an invented paper; a real one passes an empty notice."""


class Ruler:
    """Measures and breaks text with one set of metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._advance = {face: dict(table) for face, table in metrics.items()}
        self.word = cache(self._word)

    def _word(self, face: Face, word: str) -> float:
        table = self._advance[face]
        return sum(table[char] for char in word)

    def width(self, face: Face, size: float, text: str) -> float:
        """Width of ``text`` in points, without kerning.

        Raises:
            KeyError: A character has no glyph in the face.
        """
        return size * self._word(face, text)

    def wrap(self, face: Face, size: float, text: str, measure: float, first: float = 0.0) -> list[tuple[str, float]]:
        """Lines of ``text`` with their natural widths; the first line is ``first`` points shorter."""
        space = self.word(face, " ") * size
        lines: list[tuple[str, float]] = []
        words: list[str] = []
        used, room = 0.0, measure - first
        for word in text.split(" "):
            width = self.word(face, word) * size
            if words and used + space + width > room:
                lines.append((" ".join(words), used))
                words, used, room = [word], width, measure
            else:
                used += width + (space if words else 0.0)
                words.append(word)
        lines.append((" ".join(words), used))
        return lines

    def balance(self, face: Face, size: float, text: str, measure: float) -> list[tuple[str, float]]:
        """Lines of about equal width, no more of them than `wrap` gives: for centred titles."""
        lines = self.wrap(face, size, text, measure)
        while len(lines) > 1:
            measure = max(width for _, width in lines) - 0.01
            tried = self.wrap(face, size, text, measure)
            if len(tried) > len(lines) or max(width for _, width in tried) > measure:
                break
            lines = tried
        return lines


class Typesetter:
    """Fills pages block by block; use once."""

    def __init__(self, metrics: Metrics, *, notice: str = NOTICE) -> None:
        self._ruler = Ruler(metrics)
        self._notice = notice
        self._sheets: list[Sheet] = []
        self._runs: list[Run] = []
        self._rules: list[Rule] = []
        self._bookmarks: list[Bookmark] = []
        self._y = TOP

    def typeset(self, blocks: Sequence[Block]) -> Layout:
        """Place all blocks and close the last page."""
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            match block:
                case Para():
                    self._para(block, self._tail(following))
                case Line():
                    self._line(block)
                case Columns():
                    self._columns(block)
                case Table():
                    self._table(block)
                case PageBreak():
                    self._turn()
        self._turn()
        return Layout(tuple(self._sheets), tuple(self._bookmarks))

    def _turn(self) -> None:
        """Close the page with its number and notice, and begin another."""
        number = len(self._sheets) + 1
        if number > 1:
            text = str(number)
            x = (PAGE_WIDTH - self._ruler.width(Face.REGULAR, 13, text)) / 2
            self._runs.append(Run(x, 44, Face.REGULAR, 13, text))
        if self._notice:
            x = RIGHT - self._ruler.width(Face.ITALIC, 9, self._notice)
            self._runs.append(Run(x, 34, Face.ITALIC, 9, self._notice))
        self._sheets.append(Sheet(tuple(self._runs), tuple(self._rules)))
        self._runs, self._rules, self._y = [], [], TOP

    def _need(self, height: float) -> None:
        if self._y + height > BOTTOM and self._y > TOP:
            self._turn()

    def _tail(self, following: Block | None) -> float:
        """Height that must fit under a paragraph: a signature block takes the paragraph above it along."""
        if not isinstance(following, Columns):
            return 0.0
        split = MEASURE * following.share
        left = self._column(following.left, LEFT, split - 6, following.squeeze)
        right = self._column(following.right, LEFT + split, MEASURE - split, following.squeeze)
        return following.before + max(left[2], right[2])

    def _para(self, block: Para, tail: float) -> None:
        step = block.size * LEADING
        left, measure = LEFT + block.inset, MEASURE - 2 * block.inset
        indent = block.indent if block.align in (Align.JUSTIFY, Align.LEFT) else 0.0
        if block.align is Align.CENTRE:
            lines = self._ruler.balance(block.face, block.size, block.text, measure)
        else:
            lines = self._ruler.wrap(block.face, block.size, block.text, measure, indent)
        fit = len(lines) + 2 if block.keep else len(lines) if tail else min(len(lines), 2)
        self._need(block.before + step * fit + (tail + block.after if tail else 0.0))
        self._y += block.before if self._y > TOP else 0.0
        if block.bookmark:
            title = block.outline or block.text
            self._bookmarks.append(Bookmark(block.bookmark, title, len(self._sheets), self._y))
        for index, (text, width) in enumerate(lines):
            self._need(step)
            shift = indent if index == 0 else 0.0
            room = measure - shift
            stretch, x = 0.0, left + shift
            if block.align is Align.JUSTIFY and index < len(lines) - 1 and " " in text:
                stretch = (room - width) / text.count(" ")
            elif block.align is Align.CENTRE:
                x += (room - width) / 2
            elif block.align is Align.RIGHT:
                x += room - width
            self._runs.append(Run(x, self._y + block.size * RISE, block.face, block.size, text, stretch))
            self._y += step
        self._y += block.after

    def _line(self, block: Line) -> None:
        y = self._y + block.before
        half = MEASURE * block.share / 2
        middle = (LEFT + RIGHT) / 2
        self._rules.append(Rule(middle - half, y, middle + half, y, 0.8))
        self._y = y + block.after

    def _columns(self, block: Columns) -> None:
        split = MEASURE * block.share
        left = self._column(block.left, LEFT, split - 6, block.squeeze)
        right = self._column(block.right, LEFT + split, MEASURE - split, block.squeeze)
        height = max(left[2], right[2])
        self._need(block.before + height)
        top = self._y + block.before
        for runs, rules, _ in (left, right):
            self._runs.extend(run._replace(y=run.y + top) for run in runs)
            self._rules.extend(rule._replace(y0=rule.y0 + top, y1=rule.y1 + top) for rule in rules)
        self._y = top + height + block.after

    def _column(
        self, cells: Sequence[Cell], x: float, measure: float, squeeze: float
    ) -> tuple[list[Run], list[Rule], float]:
        """Place a column's cells from y = 0."""
        runs: list[Run] = []
        rules: list[Rule] = []
        y = 0.0
        for cell in cells:
            y += cell.gap
            for text, natural in self._ruler.balance(cell.face, cell.size, cell.text, measure / squeeze):
                width = natural * squeeze
                at = x if cell.left else x + (measure - width) / 2
                runs.append(Run(at, y + cell.size * RISE, cell.face, cell.size, text, 0.0, squeeze))
                y += cell.size * 1.3
                middle, half = at + width / 2, width * cell.ruled / 2
            if cell.ruled:
                rules.append(Rule(middle - half, y + 1, middle + half, y + 1, 0.8))
                y += 4
        return runs, rules, y

    def _table(self, block: Table) -> None:
        self._y += 4
        self._row(block, block.header, Face.BOLD, turn=False)
        for row in block.rows:
            self._row(block, row, Face.REGULAR if row[0].isdigit() else Face.BOLD, turn=True)
        self._y += 8

    def _row(self, block: Table, row: tuple[str, ...], face: Face, *, turn: bool) -> None:
        step = block.size * 1.3
        edges = [LEFT]
        for share in block.widths:
            edges.append(edges[-1] + share * MEASURE)
        cells = [
            self._ruler.wrap(face, block.size, text, right - left - 2 * block.pad)
            for text, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        height = max(map(len, cells)) * step + 2 * block.pad
        if self._y + height + (0 if turn else 3 * step) > BOTTOM:
            self._turn()
            if turn:
                self._row(block, block.header, Face.BOLD, turn=False)
        for column, (lines, left, right) in enumerate(zip(cells, edges, edges[1:], strict=False)):
            y = self._y + block.pad
            for text, width in lines:
                x = left + block.pad
                if not turn or column == 0:
                    x = (left + right - width) / 2
                elif column in block.numeric:
                    x = right - block.pad - width
                self._runs.append(Run(x, y + block.size * RISE, face, block.size, text))
                y += step
        low = self._y + height
        self._rules.extend(Rule(left, self._y, left, low, 0.5) for left in edges)
        self._rules.extend(Rule(edges[0], y, edges[-1], y, 0.5) for y in (self._y, low))
        self._y = low

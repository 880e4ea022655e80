# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a drag over a page to the words meant: boxes per line, and the quotation that finds them again.

Decides: which words a drag covers. Refuses: nothing; without a text layer the drag itself becomes a free
band. Rules: words are taken in the file's reading order from the word nearest the start to the word nearest
the end; a box covers its whole line's height, so the band is even; the quotation is NFC with single spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from client.domain.annotation import Quote, Rect
from client.viewer.messages import Word

CONTEXT: Final = 80
"""Characters of context on either side of a quotation."""
MAX_QUOTE: Final = 4_000
MAX_RECTS: Final = 400
MIN_BAND_PT: Final = 8.0
"""Height of a free band at least: a line of text."""

Point = tuple[float, float]


class Passage(Struct, frozen=True):
    """A stretch of text on one page.

    Attributes:
        rects: One box per line, page points, top to bottom.
        quote: None for a free band.
        first: Index of the first word; ``last`` of the last, inclusive; -1 for a free band.
    """

    rects: tuple[Rect, ...]
    quote: Quote | None
    first: int = -1
    last: int = -1


def passage(words: Sequence[Word], start: Point, end: Point) -> Passage:
    """What a drag from ``start`` to ``end`` (page points) means on a page with these words."""
    if not words:
        return free_band(start, end)
    return passage_of(words, *sorted((nearest_word(words, start), nearest_word(words, end))))


def word_passage(words: Sequence[Word], at: Point) -> Passage | None:
    """The single word under a tap; None between words or without text."""
    for index, word in enumerate(words):
        if word.x0 <= at[0] <= word.x1 and word.y0 <= at[1] <= word.y1:
            return passage_of(words, index, index)
    return None


def passage_of(words: Sequence[Word], first: int, last: int) -> Passage:
    """The words ``first`` to ``last`` inclusive."""
    chosen = words[first : last + 1]
    quote = Quote(
        text=_joined(chosen)[:MAX_QUOTE],
        before=_joined(words[max(0, first - CONTEXT) : first])[-CONTEXT:],
        after=_joined(words[last + 1 : last + 1 + CONTEXT])[:CONTEXT],
    )
    return Passage(line_rects(chosen)[:MAX_RECTS], quote, first, last)


def line_rects(words: Sequence[Word]) -> tuple[Rect, ...]:
    """One box around the words of each line."""
    rects = []
    for _, line in groupby(words, key=lambda word: (word.block, word.line)):
        boxes = list(line)
        rects.append(
            Rect(
                min(box.x0 for box in boxes),
                min(box.y0 for box in boxes),
                max(box.x1 for box in boxes),
                max(box.y1 for box in boxes),
            )
        )
    return tuple(rects)


def free_band(start: Point, end: Point) -> Passage:
    """A band along the drag, for scans without text."""
    x0, x1 = sorted((start[0], end[0]))
    y0, y1 = sorted((start[1], end[1]))
    if y1 - y0 < MIN_BAND_PT:
        middle = (y0 + y1) / 2
        y0, y1 = middle - MIN_BAND_PT / 2, middle + MIN_BAND_PT / 2
    return Passage((Rect(x0, y0, x1, y1),), None)


def nearest_word(words: Sequence[Word], at: Point) -> int:
    """Index of the word a finger at ``at`` means; ``words`` is not empty.

    Height counts four times: a finger right of a short line means that line, not a longer one nearby.
    """
    x, y = at

    def distance(index: int) -> float:
        word = words[index]
        aside = max(word.x0 - x, 0.0, x - word.x1)
        off = max(word.y0 - y, 0.0, y - word.y1)
        return aside + 4 * off

    return min(range(len(words)), key=distance)


def _joined(words: Sequence[Word]) -> str:
    return unicodedata.normalize("NFC", " ".join(word.text for word in words))

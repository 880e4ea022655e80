# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of a whole paper with their boxes: how they are packed for the store, and one text out of many pages.

Decides: what counts as the paper's text and what as page furniture (running heads, page numbers), which moves
when pages are inserted and means nothing. Refuses: packed words beyond the limits; the store is ours, but what it
keeps came out of a process that has read a hostile paper. Coordinates are page points as displayed, origin top
left, kept to 1/16 pt.
"""

from __future__ import annotations

import re
import struct
import sys
import unicodedata
import zlib
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Final

from client.errors import FormatRefused, LimitExceeded
from client.viewer.messages import MAX_WORDS, Word

MAX_PACKED: Final = 4 * 1024 * 1024
"""Bytes of one page's words, unpacked; a page of print has about 12 KB."""
UNITS: Final = 16

_EDGE_LINES: Final = 2
"""How many lines from the top and from the bottom may be furniture."""
_SAME_HEIGHT_PT: Final = 12.0
_OFTEN: Final = 0.4
"""Share of pages a line must stand on, at the same height, to be furniture."""
_FEWEST: Final = 3

_DIGITS: Final = re.compile(r"[0-9]+|\b[ivxlc]+\b")
_ALIKE: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "})


_HEAD: Final = struct.Struct("<II")
"""How many words, and how many bytes their texts have; then x0, y0, x1, y1, block, line column by column."""
_COLUMNS: Final = 6
_SEPARATOR: Final = "\x00"
_FARTHEST: Final = 20_000 * UNITS


def pack_words(words: Sequence[Word]) -> bytes:
    """Words of one page as bytes for the store."""
    texts = _SEPARATOR.join(word.text.replace(_SEPARATOR, " ") for word in words).encode()
    columns = array("i")
    for name in ("x0", "y0", "x1", "y1"):
        columns.extend(min(max(round(getattr(word, name) * UNITS), -_FARTHEST), _FARTHEST) for word in words)
    columns.extend(min(word.block, _FARTHEST) for word in words)
    columns.extend(min(word.line, _FARTHEST) for word in words)
    if sys.byteorder == "big":
        columns.byteswap()
    return zlib.compress(_HEAD.pack(len(words), len(texts)) + columns.tobytes() + texts, 1)


def unpack_words(packed: bytes) -> tuple[Word, ...]:
    """The inverse of :func:`pack_words`, to 1/16 pt.

    Raises:
        FormatRefused: Not packed words.
        LimitExceeded: More than ``MAX_PACKED`` bytes or ``MAX_WORDS`` words.
    """
    opener = zlib.decompressobj()
    try:
        plain = opener.decompress(packed, MAX_PACKED)
        if opener.unconsumed_tail:
            raise LimitExceeded("words of a page")
        count, length = _HEAD.unpack_from(plain)
        if count > MAX_WORDS:
            raise LimitExceeded(f"{count} words on a page")
        columns = array("i")
        columns.frombytes(plain[_HEAD.size : len(plain) - length])
        texts = plain[len(plain) - length :].decode().split(_SEPARATOR) if count else []
    except (zlib.error, struct.error, ValueError) as error:
        raise FormatRefused("words of a page") from error
    if len(columns) != _COLUMNS * count or len(texts) != count or not opener.eof:
        raise FormatRefused("words of a page")
    if sys.byteorder == "big":
        columns.byteswap()
    if columns and not -_FARTHEST <= min(columns) <= max(columns) <= _FARTHEST:
        raise FormatRefused("words of a page: far off the page")
    points = [value / UNITS for value in columns[: 4 * count]]
    x0, y0, x1, y1 = (points[k * count : (k + 1) * count] for k in range(4))
    return tuple(map(Word, x0, y0, x1, y1, texts, columns[4 * count : 5 * count], columns[5 * count :]))


class Document:
    """All words of a paper as one text.

    Args:
        pages: The words of each page, in reading order.
        sizes: Width and height of each page in points, where known.

    Attributes:
        words: Every word that is text, page by page; ``tokens`` the same words as they are compared.
        starts: Index of the first word of each page, and the total at the end.
    """

    def __init__(self, pages: Sequence[Sequence[Word]], sizes: Sequence[tuple[float, float]] | None = None) -> None:
        self.pages = pages
        self.sizes = sizes
        bare = _without_furniture(pages)
        self.words: list[Word] = [word for page in bare for word in page]
        self.tokens: list[str] = _tokens(self.words)
        self.starts: list[int] = [0]
        for page in bare:
            self.starts.append(self.starts[-1] + len(page))

    @property
    def page_count(self) -> int:
        """Pages, with or without words."""
        return len(self.pages)

    def page_of(self, index: int) -> int:
        """The page a word stands on; pages without words are passed over."""
        return bisect_right(self.starts, index) - 1

    def span(self, page: int) -> tuple[int, int]:
        """First word of a page and the one after its last."""
        return self.starts[page], self.starts[page + 1]

    def text(self, first: int, end: int) -> str:
        """The words from ``first`` to before ``end``."""
        return " ".join(word.text for word in self.words[first:end])


def comparable(text: str) -> str:
    """A word as it is compared: NFC, one kind of quotation mark and dash."""
    return unicodedata.normalize("NFC", text).translate(_ALIKE)


def _tokens(words: Sequence[Word]) -> list[str]:
    known: dict[str, str] = {}
    tokens = []
    for word in words:
        token = known.get(word.text)
        if token is None:
            token = known[word.text] = comparable(word.text)
        tokens.append(token)
    return tokens


_Line = tuple[str, float, tuple[int, ...]]
"""Its text with numbers made alike, its top, the indexes of its words."""


def _without_furniture(pages: Sequence[Sequence[Word]]) -> list[Sequence[Word]]:
    """The pages without running heads and page numbers."""
    edges = [_edge_lines(page) for page in pages]
    heights: dict[str, list[float]] = {}
    for lines in edges:
        for key, top, _ in lines:
            heights.setdefault(key, []).append(top)
    enough = max(_FEWEST, _OFTEN * sum(1 for page in pages if page))
    often = {key: tops for key, tops in heights.items() if len(tops) >= enough}
    return [_bare(page, lines, often, enough) for page, lines in zip(pages, edges, strict=True)]


def _bare(page: Sequence[Word], lines: Sequence[_Line], often: dict[str, list[float]], enough: float) -> Sequence[Word]:
    gone: set[int] = set()
    for key, top, indexes in lines:
        tops = often.get(key)
        if tops and sum(abs(top - other) <= _SAME_HEIGHT_PT for other in tops) >= enough:
            gone.update(indexes)
    return [word for index, word in enumerate(page) if index not in gone] if gone else page


def _edge_lines(page: Sequence[Word]) -> list[_Line]:
    """The lines nearest to the top and to the bottom."""
    runs = _runs(page)
    tops: dict[tuple[int, int], float] = {}
    for key, top, _, _ in runs:
        tops[key] = min(top, tops.get(key, top))
    order = sorted(tops, key=tops.__getitem__)
    members: dict[tuple[int, int], list[int]] = {key: [] for key in {*order[:_EDGE_LINES], *order[-_EDGE_LINES:]}}
    for key, _, first, end in runs:
        if key in members:
            members[key].extend(range(first, end))
    return [
        (_DIGITS.sub("#", " ".join(page[i].text for i in indexes).casefold()), tops[key], tuple(indexes))
        for key, indexes in members.items()
    ]


def _runs(page: Sequence[Word]) -> list[tuple[tuple[int, int], float, int, int]]:
    """Words of one line that follow one another: block and line, highest top, first word and the one after the last."""
    runs: list[tuple[tuple[int, int], float, int, int]] = []
    block = line = -1
    top, first = 0.0, 0
    for index, word in enumerate(page):
        if word.line == line and word.block == block:
            top = min(top, word.y0)
            continue
        if index:
            runs.append(((block, line), top, first, index))
        block, line, top, first = word.block, word.line, word.y0, index
    if page:
        runs.append(((block, line), top, first, len(page)))
    return runs


def most_common(values: Sequence[int]) -> tuple[int, int]:
    """The value met most often and how often; the smallest among equals. ``values`` is not empty."""
    counts = Counter(values)
    best = min(counts, key=lambda value: (-counts[value], value))
    return best, counts[best]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page's words as running text for large type, and whether they are good enough for that.

Decides: which words make a paragraph, and what share of them are Vietnamese syllables. Refuses: text layers that
would mislead (scans without or with a poor layer, legacy fonts whose letters come out as others): the page itself
is then the only truth. Pure.

Rules: a syllable is an onset, a nucleus and perhaps a coda, one tone; everything with letters that is none counts
against the page, short foreign words too, so the bar is below one hundred per cent. A paragraph ends with its block,
at a wider gap between lines, and where a line ends early or a new one is indented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from client.viewer.messages import Word

GOOD_ENOUGH: Final = 0.8
FEWEST: Final = 8
"""Words with letters below which a page says nothing about its text layer."""
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ONSET: Final = "ngh|gh|gi|kh|ng|nh|ph|qu|th|tr|ch|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x|"
_NUCLEUS: Final = (
    "uyê|uya|iê|yê|ươ|uô|uâ|uơ|uê|uy|oa|oă|oe|oo|ua|ưa|ia|ya|"
    "[aăâeêioôơuưy]"
)  # fmt: skip
_CODA: Final = "ch|ng|nh|c|m|n|p|t|i|y|o|u|"
_SYLLABLE: Final = re.compile(f"({_ONSET})({_NUCLEUS})({_CODA})")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENDS: Final = frozenset('.:;!?…”"')
WIDER: Final = 0.65
"""A gap of this share of a line's height more than the line itself ends a paragraph."""
INDENT_PT: Final = 9.0
EARLY: Final = 0.85
"""A line that ends before this share of the text's width may end a paragraph."""


def is_syllable(word: str) -> bool:
    """Whether ``word`` could be a Vietnamese syllable, in any case and spelling of tones."""
    bare = "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if c not in _TONES)
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def quality(words: Iterable[Word]) -> float:
    """Share of words with letters that are syllables, 0 to 1; 0 for a page with next to no words."""
    found = [match for word in words for match in _WORD.findall(unicodedata.normalize("NFC", word.text))]
    if len(found) < FEWEST:
        return 0.0
    return sum(map(is_syllable, found)) / len(found)


def reads_well(words: Sequence[Word]) -> bool:
    """Whether large type may be offered for a page."""
    return quality(words) >= GOOD_ENOUGH


def paragraphs(words: Sequence[Word]) -> tuple[str, ...]:
    """Running text in the file's reading order."""
    lines = [list(line) for _, line in groupby(words, key=lambda word: (word.block, word.line))]
    if not lines:
        return ()
    left = min(word.x0 for word in words)
    right = max(word.x1 for word in words)
    made: list[list[str]] = []
    before: list[Word] | None = None
    for line in lines:
        text = [word.text for word in line]
        if before is None or _begins(line, before, left, right):
            made.append(text)
        else:
            made[-1] += text
        before = line
    return tuple(unicodedata.normalize("NFC", " ".join(one)) for one in made)


def _begins(line: Sequence[Word], before: Sequence[Word], left: float, right: float) -> bool:
    """Whether ``line`` begins a paragraph after the line ``before``."""
    height = max(word.y1 - word.y0 for word in before)
    gap = min(word.y0 for word in line) - max(word.y1 for word in before)
    if gap > WIDER * height or gap < -2 * height:  # far below, or the top of another column
        return True
    ended = before[-1].text[-1:] in _ENDS
    early = before[-1].x1 < left + EARLY * (right - left)
    indented = line[0].x0 - before[0].x0 > INDENT_PT
    return (ended and (early or indented or line[0].block != before[0].block)) or (early and indented)

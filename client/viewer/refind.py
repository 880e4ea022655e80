# SPDX-License-Identifier: AGPL-3.0-or-later
"""What anchors are made of: groups of words that stand together, quotations with their context, pages by their text.

Decides: when a group of words is a passage, which of several equal quotations is meant, which page is which.
Refuses: nothing; doubt is an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from client.domain.annotation import Quote
from client.viewer.alignment import UNPAIRED
from client.viewer.page_words import Document, comparable, most_common

LOOSE: Final = 1.6
"""How much longer than before a passage may be, with what was put in between."""
AROUND: Final = 8
"""Words on either side that vouch for a very short passage, or make the anchor of a note."""
PAGE_SHARE: Final = 0.34
"""Share of a page's text that must be on a page for it to be the same page."""


class Doubt(Enum):
    """Why the member is asked."""

    NONE = "none"
    GONE = "gone"
    CHANGED = "changed"
    RESHAPED = "reshaped"
    NO_TEXT = "no_text"


class Quotations:
    """Finds quotations in a text; the index of its words is made when first needed."""

    def __init__(self, document: Document) -> None:
        self._tokens = document.tokens
        self._places: dict[str, list[int]] = {}

    def find(self, quote: Quote) -> tuple[int, int, Doubt] | None:
        """First word, the one after the last, and the doubt: none if it stands there once, or once with its context."""
        wanted = [comparable(part) for part in quote.text.split()]
        if not wanted:
            return None
        if not self._places:
            for index, token in enumerate(self._tokens):
                self._places.setdefault(token, []).append(index)
        size = len(wanted)
        found = [at for at in self._places.get(wanted[0], ()) if self._tokens[at : at + size] == wanted]
        if not found:
            return None
        before = [comparable(part) for part in quote.before.split()][-AROUND:]
        after = [comparable(part) for part in quote.after.split()][:AROUND]
        scores = {at: _context(self._tokens, at, at + size, before, after) for at in found}
        best = max(found, key=lambda at: (scores[at], -at))
        rivals = sum(scores[at] == scores[best] for at in found)
        return best, best + size, Doubt.NONE if rivals == 1 else Doubt.CHANGED


def tightest(targets: Sequence[int], size: int) -> Sequence[int]:
    """The largest group of ``targets`` (sorted) that stand together within ``LOOSE`` times ``size`` words."""
    room = LOOSE * size + 4
    best: Sequence[int] = ()
    start = 0
    for end in range(len(targets)):
        while targets[end] - targets[start] >= room:
            start += 1
        if end + 1 - start > len(best):
            best = targets[start : end + 1]
    return best


def _context(tokens: Sequence[str], first: int, end: int, before: Sequence[str], after: Sequence[str]) -> int:
    """How many words of the context stand there, counted from the quotation outwards."""
    left = 0
    while left < len(before) and first - left > 0 and tokens[first - left - 1] == before[-left - 1]:
        left += 1
    right = 0
    while right < len(after) and end + right < len(tokens) and tokens[end + right] == after[right]:
        right += 1
    return left + right


def page_map(old: Document | None, new: Document, pairs: Sequence[int]) -> list[tuple[int, Doubt]]:
    """For each old page the new page that has most of its text."""
    last = new.page_count - 1
    if old is None:
        return []
    known: list[int | None] = []
    found: list[tuple[int, Doubt]] = []
    for page in range(old.page_count):
        first, end = old.span(page)
        targets = [new.page_of(target) for target in pairs[first:end] if target != UNPAIRED]
        if not targets:
            known.append(None)
            found.append((min(page, last), Doubt.GONE if end > first else Doubt.NO_TEXT))
            continue
        best, count = most_common(targets)
        known.append(best)
        found.append((best, Doubt.NONE if count >= PAGE_SHARE * (end - first) else Doubt.CHANGED))
    for page, target in enumerate(known):
        if target is None:
            found[page] = _between(page, known, found[page], last)
    return found


def _between(page: int, known: Sequence[int | None], now: tuple[int, Doubt], last: int) -> tuple[int, Doubt]:
    """Rule 5: the page without text between two pages that are known."""
    left = next((p for p in range(page - 1, -1, -1) if known[p] is not None), None)
    right = next((p for p in range(page + 1, len(known)) if known[p] is not None), None)
    from_left = None if left is None else (known[left] or 0) + page - left
    from_right = None if right is None else (known[right] or 0) - (right - page)
    if from_left is not None and from_left == from_right and now[1] is Doubt.NO_TEXT:
        return from_left, Doubt.NONE
    guess = from_left if from_left is not None else from_right
    return (now[0] if guess is None else min(max(guess, 0), last)), now[1]

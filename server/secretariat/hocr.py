# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads hOCR, the form in which text recognition says which words stand where on a picture of a page.

Format: hOCR 1.2 (https://kba.github.io/hocr-spec/1.2/), the parts ``ocr_page`` and ``ocrx_word``. Decides: what is a
word. Refuses: more than the limits below, and a page without a size. Pure: text in, boxes out.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

from msgspec import Struct

from client.errors import BadInput

MAX_CHARS: Final = 64 * 1024 * 1024
MAX_PAGES: Final = 5_000
MAX_WORDS: Final = 5_000
"""On one page; the rest is left out."""
MAX_WORD: Final = 100
MIN_CONFIDENCE: Final = 30
"""Percent; below it a word is more likely dirt."""
_VOID: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr"})
"""Elements without an end."""
_BOX: Final = re.compile(r"\bbbox (\d{1,6}) (\d{1,6}) (\d{1,6}) (\d{1,6})\b")
_CONFIDENCE: Final = re.compile(r"\bx_wconf (\d{1,3})\b")


class Word(Struct, frozen=True, array_like=True):
    """A word and its box in pixels of the picture, origin at the top left."""

    x0: int
    y0: int
    x1: int
    y1: int
    text: str


class Page(Struct, frozen=True):
    """One picture: its size in pixels, and its words in reading order."""

    width: int
    height: int
    words: tuple[Word, ...]


def parse(text: str) -> tuple[Page, ...]:
    """The pages of a document, in order.

    Raises:
        BadInput: It is too large, names no page, or a page without a size.
    """
    if len(text) > MAX_CHARS:
        raise BadInput(f"hOCR: over {MAX_CHARS} characters")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if not reader.pages:
        raise BadInput("hOCR: no ocr_page")
    return tuple(Page(width, height, tuple(words)) for (width, height), words in reader.pages)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pages: list[tuple[tuple[int, int], list[Word]]] = []
        self._box: tuple[int, int, int, int] | None = None
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A page or a word begins; anything inside a word is formatting."""
        if self._box is not None:
            self._depth += tag not in _VOID
            return
        given = dict(attrs)
        kinds, title = (given.get("class") or "").split(), given.get("title") or ""
        box = _BOX.search(title)
        if "ocr_page" in kinds:
            if box is None or len(self.pages) == MAX_PAGES:
                raise BadInput("hOCR: page without a size, or too many pages")
            x0, y0, x1, y1 = (int(part) for part in box.groups())
            if x1 <= x0 or y1 <= y0:
                raise BadInput("hOCR: page without a size")
            self.pages.append(((x1, y1), []))
        elif "ocrx_word" in kinds and box is not None and self.pages:
            sure = _CONFIDENCE.search(title)
            if sure is None or int(sure[1]) >= MIN_CONFIDENCE:
                x0, y0, x1, y1 = (int(part) for part in box.groups())
                self._box, self._depth, self._text = (x0, y0, x1, y1), 0, []

    def handle_data(self, data: str) -> None:
        """Letters of a word."""
        if self._box is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A word ends where its own element does."""
        if self._box is None or tag in _VOID:
            return
        if self._depth:
            self._depth -= 1
            return
        x0, y0, x1, y1 = self._box
        self._box = None
        word = " ".join(unicodedata.normalize("NFC", "".join(self._text)).split())[:MAX_WORD]
        (width, height), words = self.pages[-1]
        if word.isprintable() and word and x0 < x1 <= width and y0 < y1 <= height and len(words) < MAX_WORDS:
            words.append(Word(x0, y0, x1, y1, word))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed between two versions, for people: the words before and after, and where to look on both pages.

Decides: how much of a passage is shown. Refuses: nothing; a long passage is cut, and the page shows the rest. Kept
in the store, so that the meeting's page and the screen of changes need neither version's text.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from client.domain.annotation import Rect
from client.errors import FormatRefused
from client.viewer.compare import Comparison, Kind, Passage
from client.viewer.highlight import line_rects
from client.viewer.page_words import Document

MAX_CHANGES: Final = 5_000
"""Passages kept; a paper with more is another paper."""
MAX_TEXT: Final = 600
MAX_RECTS: Final = 120

_Page = Annotated[int, Meta(ge=0, lt=20_000)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]
_Rects = Annotated[tuple[Rect, ...], Meta(max_length=MAX_RECTS)]


class Change(Struct, frozen=True, kw_only=True):
    """One changed passage.

    Attributes:
        old_page: Counts from 0; for what was added, the page it was added on. Likewise ``new_page``.
        old_text: Empty for what was added; cut to ``MAX_TEXT`` characters. Likewise ``new_text``.
        old_rects: Its lines on ``old_page``, page points. Likewise ``new_rects``.
    """

    kind: Kind
    old_page: _Page
    new_page: _Page
    old_text: _Text = ""
    new_text: _Text = ""
    old_rects: _Rects = ()
    new_rects: _Rects = ()


class Summary(Struct, frozen=True, kw_only=True):
    """All changes, in the order of the later version; ``removed_pages`` counts in the earlier one."""

    changes: Annotated[tuple[Change, ...], Meta(max_length=MAX_CHANGES)] = ()
    removed_pages: Annotated[tuple[_Page, ...], Meta(max_length=20_000)] = ()

    @property
    def new_pages(self) -> tuple[int, ...]:
        """Pages of the later version to look at, counting from 0."""
        return tuple(sorted({change.new_page for change in self.changes}))


_decoder = msgspec.msgpack.Decoder(Summary)


def summary(old: Document, new: Document, found: Comparison) -> Summary:
    """The comparison for people."""
    changes = tuple(_change(old, new, passage) for passage in found.passages[:MAX_CHANGES])
    return Summary(changes=changes, removed_pages=found.removed_pages)


def pack_summary(found: Summary) -> bytes:
    """For the store."""
    return msgspec.msgpack.encode(found)


def unpack_summary(packed: bytes) -> Summary:
    """The inverse of :func:`pack_summary`.

    Raises:
        FormatRefused: Not a packed summary.
    """
    try:
        return _decoder.decode(packed)
    except msgspec.MsgspecError as error:
        raise FormatRefused("summary of changes") from error


def _change(old: Document, new: Document, passage: Passage) -> Change:
    return Change(
        kind=passage.kind,
        old_page=passage.old_page,
        new_page=passage.new_page,
        old_text=_cut(old.text(*passage.old)),
        new_text=_cut(new.text(*passage.new)),
        old_rects=_rects(old, passage.old, passage.old_page),
        new_rects=_rects(new, passage.new, passage.new_page),
    )


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 2] + " …"


def _rects(document: Document, words: tuple[int, int], page: int) -> tuple[Rect, ...]:
    """The lines of a passage on one page."""
    first, end = document.span(page)
    return line_rects(document.words[max(words[0], first) : min(words[1], end)])[:MAX_RECTS]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notes as the render process is told to write them into a copy of a paper: only what the copy will show.

Page points as displayed, origin top left, like everything that crosses to the render process.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

MAX_MARKS: Final = 20_000
MAX_STROKE_BYTES: Final = 12 * 20_000
"""One packed point is little-endian ``<iiHH``: x and y in 1/256 pt, pressure, milliseconds."""

_Page = Annotated[int, Meta(ge=0, lt=20_000)]
_Coordinate = Annotated[float, Meta(ge=-20_000, le=20_000)]
_Colour = Annotated[str, Meta(pattern=r"^#[0-9A-F]{6}$")]
_Text = Annotated[str, Meta(max_length=20_000)]
_Date = Annotated[str, Meta(pattern=r"^D:\d{14}Z$")]
"""ISO 32000-1, 7.9.4."""


class Box(Struct, frozen=True, array_like=True):
    """A rectangle."""

    x0: _Coordinate
    y0: _Coordinate
    x1: _Coordinate
    y1: _Coordinate


class _Mark(Struct, frozen=True, kw_only=True, tag_field="k", forbid_unknown_fields=True):
    page: _Page
    colour: _Colour
    date: _Date


class InkMark(_Mark, tag="ink", frozen=True, kw_only=True):
    """A stroke, written as an Ink annotation."""

    width: Annotated[float, Meta(gt=0, le=72)]
    points: Annotated[bytes, Meta(min_length=12, max_length=MAX_STROKE_BYTES)]


class BandMark(_Mark, tag="band", frozen=True, kw_only=True):
    """A Highlight or Underline annotation over lines of text; ``text`` is the quotation."""

    underline: bool
    boxes: Annotated[tuple[Box, ...], Meta(min_length=1, max_length=400)]
    text: _Text = ""


class NoteMark(_Mark, tag="note", frozen=True, kw_only=True):
    """A Text annotation: a sheet that opens."""

    at: Box
    text: _Text


class PageMark(_Mark, tag="page", frozen=True, kw_only=True):
    """A bookmark, written as a FreeText annotation at the page's upper right; ``text`` is what it says."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]


Mark = InkMark | BandMark | NoteMark | PageMark
Marks = Annotated[tuple[Mark, ...], Meta(max_length=MAX_MARKS)]

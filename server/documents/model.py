# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a paper is made of before it is a PDF: blocks in, placed text and rules out.

Decides: the closed set of block kinds an author module may use and the placed marks the PDF writer accepts.
Refuses: any knowledge of fonts files, of PDF or of what the text says.

Lengths are PDF points (1/72 inch). Positions have their origin at the **top left** of the page, y downwards;
the y of a run is its baseline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

MM = 72 / 25.4
"""Points in a millimetre."""


class Face(Enum):
    """The four cuts of the document typeface; the value is the font file's suffix."""

    REGULAR = "Regular"
    ITALIC = "Italic"
    BOLD = "Bold"
    BOLD_ITALIC = "BoldItalic"


class Align(Enum):
    """How a line sits in its measure."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFY = "justify"


Metrics = Mapping[Face, Mapping[str, float]]
"""Advance width of each character in em, per face."""


class Run(NamedTuple):
    """One line of text in one face, already placed."""

    x: float
    y: float
    face: Face
    size: float
    text: str
    stretch: float = 0.0
    """Points added to every space (justification)."""
    squeeze: float = 1.0
    """Horizontal scale; the header is set narrower because Noto Serif runs wider than Times."""


class Rule(NamedTuple):
    """A straight line."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.6


class Sheet(NamedTuple):
    """One placed page."""

    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]


class Bookmark(NamedTuple):
    """One entry of the PDF outline; ``level`` from 1, ``page`` from 0, ``y`` from the top."""

    level: int
    title: str
    page: int
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Para:
    """A paragraph, wrapped to the measure."""

    text: str
    face: Face = Face.REGULAR
    size: float = 13.0
    align: Align = Align.JUSTIFY
    indent: float = 28.0
    inset: float = 0.0
    """Taken from both sides of the measure."""
    before: float = 3.0
    after: float = 3.0
    keep: bool = False
    """Never leave this paragraph alone at the foot of a page."""
    bookmark: int = 0
    """Outline level; 0 for none."""
    outline: str = ""
    """Outline title when it is not the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A centred rule under a heading, ``share`` of the measure long."""

    share: float
    before: float = 1.0
    after: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One line of a column of a two-column block."""

    text: str
    face: Face = Face.REGULAR
    size: float = 12.0
    ruled: float = 0.0
    """Length of a rule under the line, as a share of the line's own width."""
    left: bool = False
    """Flush left instead of centred in the column."""
    gap: float = 0.0
    """Space above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Two columns side by side, kept on one page: the document header and the signature block."""

    left: tuple[Cell, ...]
    right: tuple[Cell, ...]
    share: float = 0.42
    """Width of the left column as a share of the measure."""
    squeeze: float = 1.0
    before: float = 0.0
    after: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A ruled table; the header row repeats on every page it reaches; a row whose first cell is no number is bold."""

    widths: tuple[float, ...]
    """Shares of the measure, summing to 1."""
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    """Columns set flush right."""
    size: float = 11.0
    pad: float = 3.0
    """Space inside a cell, on all sides."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Continue on a new page."""


Block = Para | Line | Columns | Table | PageBreak


class Layout(NamedTuple):
    """A typeset paper."""

    sheets: tuple[Sheet, ...]
    bookmarks: tuple[Bookmark, ...]

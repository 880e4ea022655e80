# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours, words and pens that the canvas is given; it has none of its own, because themes live elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QColor

from client.errors import EcabinetError
from client.viewer.shapes import Shape


@dataclass(frozen=True, slots=True)
class CanvasStyle:
    """How the canvas looks; colours are ``#RRGGBB``.

    Attributes:
        desk: Around the pages.
        edge: The line around a page.
        paper, night_paper, sepia_paper: A page whose picture has not come yet.
        words: Text on such a page; ``night_words`` on a dark one.
        accent: What is being selected or focused.
        hit, current_hit: Found passages, and the one the reader is at.
        family: Font family of words on pages.
        text_px: Their size, device-independent pixels.
        watermark_share: Opacity of the watermark, 0 to 1.
    """

    desk: str
    edge: str = "#3C4856"
    paper: str = "#FFFFFF"
    night_paper: str = "#000000"
    sepia_paper: str = "#F6ECD8"
    words: str = "#52606D"
    night_words: str = "#AEB9C4"
    accent: str = "#0F4C81"
    hit: str = "#FFE08A"
    current_hit: str = "#FFB74D"
    family: str = "Noto Sans"
    text_px: int = 16
    watermark_share: float = 0.07


@dataclass(frozen=True, slots=True)
class CanvasWords:
    """What the canvas says, in the language in force.

    Attributes:
        page: Accessible name for a page number (from 1) and a count.
        failed: One line for a page that cannot be drawn.
        watermark: Member and time, over every page; empty for none.
    """

    page: Callable[[int, int], str]
    failed: Callable[[EcabinetError], str]
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class PenStyle:
    """A pen: ``colour`` is ``#RRGGBB`` in capitals, ``width`` the nib in points at full pressure."""

    colour: str = "#0F3D8C"
    width: float = 1.6
    shape: Shape = Shape.FREE


def night_colour(colour: str) -> QColor:
    """The colour on a dark page: lightness turned over, hue kept, as the render process does with pages."""
    shown = QColor(colour)
    return QColor.fromHslF(max(shown.hslHueF(), 0.0), shown.hslSaturationF(), 1.0 - shown.lightnessF())

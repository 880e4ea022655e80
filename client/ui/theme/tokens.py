# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every colour and measure of the program, as values.

Style sheets and custom paint both read these; no other module writes a colour or a size of its own. Contrast
of each text and border pair is computed from here by a test (WCAG 2.2: 4.5:1 for text, 3:1 for controls).
Like a ``QPalette``, the tokens in force are carried by the application object, see ``client.ui.theme.apply``.
Structs, not dataclasses, as everywhere before the first paint.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct


class Tone(Enum):
    """What a chip or banner means; never told by colour alone."""

    NEUTRAL = "neutral"
    INFO = "info"
    OK = "ok"
    WARNING = "warning"
    DANGER = "danger"
    LIVE = "live"
    PRACTICE = "practice"


class Pair(Struct, frozen=True):
    """Text on a ground, both ``#RRGGBB``."""

    ink: str
    ground: str


class Colours(Struct, frozen=True):
    """One colour scheme, all ``#RRGGBB``.

    Attributes:
        ground: Behind everything; ``surface``: cards and bars; ``field``: inside inputs; ``desk``: around pages.
        hairline: Decorative lines only; ``border``: edges of inputs, radio buttons and switches.
        selected: Ground of what is chosen, under ``primary`` text.
    """

    ground: str
    surface: str
    field: str
    desk: str
    ink: str
    secondary: str
    primary: str
    primary_pressed: str
    on_primary: str
    selected: str
    hairline: str
    border: str
    disabled: str
    mark: str
    neutral: Pair
    info: Pair
    ok: Pair
    warning: Pair
    danger: Pair
    live: Pair
    practice: Pair

    def tone(self, tone: Tone) -> Pair:
        """The pair of ``tone``."""
        pairs = {
            Tone.NEUTRAL: self.neutral,
            Tone.INFO: self.info,
            Tone.OK: self.ok,
            Tone.WARNING: self.warning,
            Tone.DANGER: self.danger,
            Tone.LIVE: self.live,
            Tone.PRACTICE: self.practice,
        }
        return pairs[tone]


LIGHT: Final = Colours(
    ground="#F4F5F7",
    surface="#FFFFFF",
    field="#FFFFFF",
    desk="#6B7480",
    ink="#1B2430",
    secondary="#52606D",
    primary="#0F4C81",
    primary_pressed="#0A3961",
    on_primary="#FFFFFF",
    selected="#E3EDF7",
    hairline="#D5DAE1",
    border="#76828F",
    disabled="#6A7683",
    mark="#FFE08A",
    neutral=Pair("#3C4856", "#E9ECF0"),
    info=Pair("#0F4C81", "#E3EDF7"),
    ok=Pair("#1E6B3A", "#E4F3E8"),
    warning=Pair("#8A5A00", "#FFF3D6"),
    danger=Pair("#9C1F18", "#FCE9E7"),
    live=Pair("#FFFFFF", "#B3261E"),
    practice=Pair("#FFFFFF", "#6A3A96"),
)

DARK: Final = Colours(
    ground="#14181D",
    surface="#1D232A",
    field="#161B21",
    desk="#0C0F12",
    ink="#EEF1F4",
    secondary="#AEB9C4",
    primary="#7DB7EA",
    primary_pressed="#A5CEF2",
    on_primary="#0B1B2A",
    selected="#20374C",
    hairline="#343D47",
    border="#8A96A3",
    disabled="#87929E",
    mark="#6B5614",
    neutral=Pair("#D3DAE1", "#2E3741"),
    info=Pair("#A5CEF2", "#20374C"),
    ok=Pair("#8FDCA8", "#173424"),
    warning=Pair("#F3CB7C", "#3B2E11"),
    danger=Pair("#FFB1A9", "#46211E"),
    live=Pair("#FFFFFF", "#B3261E"),
    practice=Pair("#FFFFFF", "#6A3A96"),
)

PEN_COLOURS: Final = ("#0F3D8C", "#B3261E", "#1B2430")
HIGHLIGHT_COLOURS: Final = ("#FFE08A", "#B5E6B0", "#F8BBD0")
"""What pen and highlighter write on paper: the same in the light and the dark scheme."""
AUTHOR_COLOURS: Final = ("#7A3E9D", "#0B6E75", "#9C4A00", "#8A2F5B", "#3F5B1F", "#34508F")
"""Of what other people shared, with white words on it: none is a colour of the member's own pens."""
OLD_BAND, NEW_BAND = "#F6B8B3", "#B9E3C4"
"""Multiplied into a page under comparison: red for what was, green for what is; kind and words say the same."""
CODE: Final = Pair("#000000", "#FFFFFF")
"""A QR code: full contrast in every scheme, or cameras do not read it."""
SCALES: Final = (100, 125, 150)
"""Text sizes on offer, per cent."""


class Measures(Struct, frozen=True):
    """Sizes in device-independent pixels at one text size.

    Text grows with ``percent``; targets have a floor and grow with the text they hold; gaps stay.
    """

    percent: int = 100

    def text(self, size: int) -> int:
        """A text height of ``size`` px at 100 %, at this text size."""
        return round(size * self.percent / 100)

    def target(self, size: int) -> int:
        """A target of at least ``size`` px that still holds its scaled text."""
        return max(size, round(size * (0.5 + self.percent / 200)))

    @property
    def display(self) -> int:
        """The one large line of a screen (lock screen, result)."""
        return self.text(28)

    @property
    def title(self) -> int:
        """Screen titles."""
        return self.text(22)

    @property
    def heading(self) -> int:
        """Card and section headings."""
        return self.text(17)

    @property
    def body(self) -> int:
        """Running text."""
        return self.text(16)

    @property
    def note(self) -> int:
        """Secondary lines."""
        return self.text(15)

    @property
    def small(self) -> int:
        """Chips, rail labels; nothing is smaller than this."""
        return self.text(14)

    @property
    def touch(self) -> int:
        """Least side of anything that can be touched."""
        return self.target(48)

    @property
    def tool(self) -> int:
        """Toolbar buttons and tabs."""
        return self.target(56)

    @property
    def choice(self) -> int:
        """Ballot choices, primary buttons, keypad keys (12 mm on a Surface Pro)."""
        return self.target(64)

    @property
    def icon(self) -> int:
        """Icon side in rows, bars and buttons."""
        return self.target(24)


GAP: Final = 8
"""Least distance between targets."""
PAD: Final = 16
"""Inside cards."""
EDGE: Final = 24
"""Around a screen's content."""
RADIUS: Final = 10
RADIUS_SMALL: Final = 8
COLUMN: Final = 1200
"""Widest comfortable column of rows, at 100 %."""


class Tokens(Struct, frozen=True):
    """What is in force: one colour scheme at one text size."""

    colours: Colours = LIGHT
    measures: Measures = Measures()

    @property
    def dark(self) -> bool:
        """Whether the dark scheme is in force."""
        return self.colours is DARK


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2.2), 0 to 1."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member may choose; attributes with units, never string keys. Policy may fix any of them."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct


class Theme(Enum):
    """Colours of the program; pages have their own night mode."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


class Hand(Enum):
    """Where the reader's tools sit."""

    RIGHT = "right"
    LEFT = "left"


class Settings(Struct, frozen=True):
    """One member's choices on this device, kept in ``record.db``."""

    language: Annotated[str, Meta(pattern=r"^(vi|en)$")] = "vi"
    text_percent: Annotated[int, Meta(ge=100, le=150)] = 100
    theme: Theme = Theme.LIGHT
    hand: Hand = Hand.RIGHT
    pen_only_writes: bool = True
    toolbar_labels: bool = False
    auto_lock_s: Annotated[int, Meta(ge=30, le=3600)] = 300
    night_pages: bool = False
    reminders: bool = True
    welcomed: bool = False
    """The three cards of the first minutes were shown."""

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the bundled fonts, icons and translations are, from source, wheel or frozen build."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Absolute path of a bundled resource, e.g. ``resource_path("icons", "pen.svg")``."""
    return _root(getattr(sys, "_MEIPASS", None)).joinpath("resources", *parts)


@cache
def _root(frozen: str | None) -> Path:
    """Resolving a path asks the disk about each of its parts, and a screen has dozens of icons."""
    return Path(frozen) if frozen else Path(__file__).resolve().parent.parent

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Loads the bundled Noto Sans; the program never depends on what fonts a machine has."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from client.errors import EnvironmentFault
from client.resources import resource_path

FAMILY: Final = "Noto Sans"
_FILES: Final = ("Regular", "Italic", "Medium", "SemiBold", "Bold")


def load_fonts() -> None:
    """Make the bundled family known to Qt; calling it again does nothing.

    Raises:
        EnvironmentFault: A font file of the installation is missing or damaged.
    """
    if FAMILY in QFontDatabase.families():
        return
    for style in _FILES:
        if QFontDatabase.addApplicationFont(str(resource_path("fonts", f"NotoSans-{style}.ttf"))) < 0:
            raise EnvironmentFault(f"font {style}")


def font(size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The program's font at ``size_px`` device-independent pixels."""
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    return made

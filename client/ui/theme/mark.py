# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program's own mark, for its windows and for the system's tray."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QIcon

from client.ui.theme import icons
from client.ui.theme.apply import tokens

_SIDES: Final = (16, 24, 32, 48, 128)


def mark(*, practice: bool = False) -> QIcon:
    """The icon; that of the practice world differs in colour and sign."""
    made = QIcon()
    for side in _SIDES:
        made.addPixmap(icons.pixmap("ecabinet_practice" if practice else "ecabinet", tokens().colours.ink, side))
    return made

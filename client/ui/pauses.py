# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the interpreter's own pauses out of strokes and page turns.

Rules:
1. A thread that computes hands over within ``SWITCH_S`` when the GUI thread wants to go on; Python's own 5 ms is
   more than a pen sample's time (``sys.setswitchinterval``).
2. What is alive once the windows stand is never walked again (``gc.freeze``): a full collection of the whole
   program takes tens of milliseconds.
3. Full collections happen between strokes, by a timer, not whenever some thread has made enough objects.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

SWITCH_S: Final = 0.0005
COLLECT_MS: Final = 30_000
_THRESHOLDS: Final = (5_000, 20, 1_000_000)
"""Young objects as usual, only less often; the oldest generation by rule 3."""


class Pauses(QObject):
    """In force from the moment it is made; one for the program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_S)
        gc.set_threshold(*_THRESHOLDS)
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> bool:
        """A full collection, unless a pen, finger or button is down; whether it was made."""
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return False
        gc.collect()
        return True

    def settled(self) -> None:
        """The windows stand: what lives now lives long."""
        gc.collect()
        gc.freeze()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps the interpreter's own pauses out of strokes and page turns.

Rules:
1. A thread that computes hands over within ``SWITCH_S`` when the GUI thread wants to go on; Python's own 5 ms is
   more than a pen sample's time (``sys.setswitchinterval``).
2. What is alive once the windows stand is never walked again (``gc.freeze``): a full collection of the whole
   program takes tens of milliseconds.
3. Nothing is collected but by timers of the GUI thread, and not while a pen, finger or button is down. Python's own
   collector runs on whichever thread happens to allocate; an object of Qt that dies there, instead of on the thread
   that made it, takes the whole program down.
4. With a full collection, freed memory goes back to the system.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

SWITCH_S: Final = 0.0005
YOUNG_MS: Final = 250
"""So that few come together: one look stays well under a frame."""
YOUNG: Final = 5_000
"""New objects that are worth a look; walking so many takes less than a millisecond."""
COLLECT_MS: Final = 30_000


class Pauses(QObject):
    """In force from the moment it is made; one for the program."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_S)
        gc.disable()
        self._timers: list[QTimer] = []
        for interval, collect in ((YOUNG_MS, self.collect_young), (COLLECT_MS, self.collect)):
            timer = QTimer(self)
            timer.setInterval(interval)
            timer.timeout.connect(collect)
            timer.start()
            self._timers.append(timer)

    def collect_young(self) -> bool:
        """What was made since the last time, if it is much and nothing is pressed; whether it was done."""
        if gc.get_count()[0] < YOUNG or _pressed():
            return False
        gc.collect(0)
        return True

    def collect(self) -> bool:
        """A full collection, unless a pen, finger or button is down; whether it was made."""
        if _pressed():
            return False
        gc.collect()
        give_back()
        return True

    def loaded(self) -> None:
        """What was just loaded lives to the end: it is not walked even once while digits are typed."""
        gc.freeze()

    def hold(self) -> None:
        """A first screen is about to be built: nothing is collected until ``settled``."""
        for timer in self._timers:
            timer.stop()

    def settled(self) -> None:
        """The windows stand: what lives now lives long."""
        gc.collect()
        gc.freeze()
        for timer in self._timers:
            timer.start()


def give_back() -> bool:
    """Hand memory that was freed back to the system, where its library keeps it (glibc); whether it can be asked.

    Pictures of pages come and go, and glibc keeps their room in the heap of whichever thread freed them: 18 MB after
    fifty pages, given back in 2 ms.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except AttributeError:  # another C library
        return False
    trim(0)
    return True


def _pressed() -> bool:
    return QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton

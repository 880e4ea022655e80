# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts work off until a widget was painted once: nothing that loads much may stand before the first paint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

NEVER_MS: Final = 1_000
"""A window that is covered, minimised or has no screen is never painted; its work is done all the same."""


class FirstPaint(QObject):
    """Calls ``then`` once, on the event loop, after ``widget`` was painted; not at all when it is deleted before."""

    def __init__(self, widget: QWidget, then: Callable[[], object]) -> None:
        super().__init__(widget)
        self._widget, self._then = widget, then
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self._turned = False
        self._soon.start(0)  # the time counts from the event loop's first turn: before it nothing can be painted
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The paint is on its way; the timer fires when it is done."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._turned = True
            self._soon.start(0)
        return False

    def _look(self) -> None:
        if self._turned:
            self._do()
        else:
            self._turned = True
            self._soon.start(NEVER_MS)

    def _do(self) -> None:
        self._widget.removeEventFilter(self)
        self._then()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what is written in sight while the system's on-screen keyboard covers the lower part of the window.

The window's content gives way upwards; the lists in it then scroll to the field that has the focus.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow


class KeyboardRoom(QObject):
    """Watches the keyboard for one window."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        method = QGuiApplication.inputMethod()
        method.keyboardRectangleChanged.connect(self._look)
        method.visibleChanged.connect(self._look)

    def give(self, covered: QRectF) -> None:
        """Leave free what is covered.

        Args:
            covered: In pixels of the window; empty for nothing.
        """
        window = self._window
        overlap = 0 if covered.isEmpty() else max(0, round(window.height() - covered.top()))
        window.setContentsMargins(0, 0, 0, min(overlap, window.height() // 2))

    def _look(self) -> None:
        method = QGuiApplication.inputMethod()
        self.give(method.keyboardRectangle() if method.isVisible() else QRectF())

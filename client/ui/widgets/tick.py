# SPDX-License-Identifier: AGPL-3.0-or-later
"""A box to tick with words that wrap; the words can be touched as well as the box."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from client.ui.theme.apply import tokens
from client.ui.widgets.layouts import hbox
from client.ui.widgets.text import Label

_SIDE: Final = 24


class Tick(QWidget):
    """One box.

    Attributes:
        toggled: Whether it is ticked now.
    """

    toggled = Signal(bool)

    def __init__(self, text: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        side = tokens().measures.touch
        self.box = QCheckBox()
        self.box.setAccessibleName(text)
        self.box.setChecked(on)
        self.box.setMinimumSize(side, side)
        self.box.setStyleSheet(f"QCheckBox::indicator {{ width: {_SIDE}px; height: {_SIDE}px; }}")
        self.box.toggled.connect(self.toggled)
        self.words = Label(text)
        row = hbox(self.box, self.words, parent=self)
        row.setStretch(1, 1)
        self.setMinimumHeight(side)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def on(self) -> bool:
        """Whether it is ticked."""
        return self.box.isChecked()

    def click(self) -> None:
        """As a finger does."""
        self.box.click()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The words tick too."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.setFocus()
            self.box.click()
        super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Taken, so that the release comes here."""
        event.accept()

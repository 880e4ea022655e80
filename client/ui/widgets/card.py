# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cards: frames on the ground, plain or pressed as a whole (mouse, touch, pen, Enter, Space)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from client.ui.theme.tokens import GAP, PAD

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Card(QFrame):
    """A surface with content in ``column``."""

    def __init__(self, parent: QWidget | None = None, *, padding: int = PAD, part: str = "card") -> None:
        super().__init__(parent)
        self.setProperty("part", part)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(padding, padding, padding, padding)
        self.column.setSpacing(GAP)


class PressableFrame(QFrame):
    """A frame that acts as one button.

    Attributes:
        activated: Pressed and released inside, or by keyboard.
    """

    activated = Signal()

    def __init__(self, part: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", part)
        self.setAccessibleName(name)
        self._pressable = False
        self.set_pressable(True)

    def set_pressable(self, pressable: bool) -> None:
        """Whether it acts at all; one that does not takes no focus."""
        self._pressable = pressable
        if pressable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.unsetCursor()

    def set_selected(self, selected: bool) -> None:
        """Mark it as the chosen one."""
        self._set("selected", selected)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show that the finger hit it."""
        if event.button() is Qt.MouseButton.LeftButton and self._pressable:
            self._set("pressed", True)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Act when released inside."""
        if self.property("pressed"):
            self._set("pressed", False)
            if self.rect().contains(event.position().toPoint()):
                self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space act."""
        if event.key() in _KEYS and self._pressable:
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def _set(self, name: str, value: bool) -> None:
        self.setProperty(name, value)
        self.style().unpolish(self)
        self.style().polish(self)


class CardButton(PressableFrame):
    """A card that opens something; content in ``column``."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("card", name, parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(PAD, PAD - 2, PAD, PAD - 2)
        self.column.setSpacing(GAP - 2)

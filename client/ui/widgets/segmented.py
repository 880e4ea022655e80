# SPDX-License-Identifier: AGPL-3.0-or-later
"""One of a few: segments in a row (settings, filters) and tabs over content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import FlowLayout

V = TypeVar("V")


class _OneOf(QWidget, Generic[V]):
    """Buttons of which exactly one is pressed; arrow keys move among them; a full line wraps."""

    chosen = Signal(object)
    _VARIANT = "segment"
    _SPACING = GAP

    def __init__(self, name: str, options: Sequence[tuple[V, str]], value: V, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = [option for option, _ in options]
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.row = FlowLayout(self, spacing=self._SPACING)
        for index, (option, text) in enumerate(options):
            button = Button(text, variant=self._VARIANT)
            button.setCheckable(True)
            button.setChecked(option == value)
            button.setAccessibleName(f"{name}: {text}" if name else text)
            self._group.addButton(button, index)
            self.row.addWidget(button)
        self._group.idClicked.connect(lambda index: self.chosen.emit(self._values[index]))

    def showEvent(self, event: QShowEvent) -> None:
        """Measure again: before they are shown, buttons do not know that the words of the pressed one are bold."""
        for button in self._group.buttons():
            button.updateGeometry()
        super().showEvent(event)

    @property
    def value(self) -> V:
        """The chosen one."""
        return self._values[self._group.checkedId()]

    def choose(self, value: V) -> None:
        """Press the button of ``value`` without emitting ``chosen``."""
        self.button(value).setChecked(True)

    def button(self, value: V) -> Button:
        """The button of ``value``."""
        found = self._group.button(self._values.index(value))
        assert isinstance(found, Button)
        return found


class Segmented(_OneOf[V]):
    """Segments.

    Attributes:
        chosen: The value that was pressed.

    Args:
        name: What is chosen, for screen readers.
        options: Values and their words.
        value: The one pressed at first.
    """


class Tabs(_OneOf[V]):
    """Tabs, 56 px high, words may carry a count; the caller switches the content."""

    _VARIANT = "tab"
    _SPACING = 0

    def set_text(self, value: V, text: str) -> None:
        """Change the words of a tab."""
        self.button(value).setText(text)
        self.button(value).setAccessibleName(text)

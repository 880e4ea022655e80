# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a list says when it is empty: an icon, what that means, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button
from client.ui.widgets.text import IconLabel, Label


class EmptyState(QWidget):
    """Centred words; ``button`` is there if ``action`` was given."""

    def __init__(self, icon_name: str, title: str, note: str, action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(EDGE, EDGE * 2, EDGE, EDGE * 2)
        column.setSpacing(GAP + 4)
        column.addStretch(1)
        column.addWidget(IconLabel(icon_name, side=tokens().measures.text(48)), 0, Qt.AlignmentFlag.AlignHCenter)
        for text, role in ((title, "heading"), (note, "note")):
            label = Label(text, role)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        self.button = Button(action) if action else None
        if self.button is not None:
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def add_centred(self, *widgets: QWidget) -> None:
        """Put more under what is there, each as wide as its words; a line takes the width of a short sentence."""
        for widget in widgets:
            if isinstance(widget, Label):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                self._column.insertWidget(self._column.count() - 1, widget)
            else:
                widget.setFixedWidth(tokens().measures.text(320))
                self._column.insertWidget(self._column.count() - 1, widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def add_row(self, *buttons: QWidget) -> None:
        """Put buttons side by side under what is there."""
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        self._column.insertLayout(self._column.count() - 1, row)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search field on home: Enter, or the button, leads to the search screen with what was written.

Like the field there it has no key hooks and no completion: Vietnamese input methods write into it undisturbed.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import ToolButton


class HomeSearch(QWidget):
    """One line.

    Attributes:
        wanted: What to search for, never empty.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Tìm ở mọi nơi"))
        self.field.setPlaceholderText(tr("Tìm tài liệu, ghi chú, phiên họp"))
        self.field.setMinimumHeight(tokens().measures.target(48))
        self.field.returnPressed.connect(self._go)
        self.button = ToolButton("search", tr("Tìm"))
        self.button.clicked.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        row.setSpacing(GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.field)

    def begin(self) -> None:
        """Write here: what stood before is chosen, so that writing replaces it."""
        self.field.setFocus()
        self.field.selectAll()

    def _go(self) -> None:
        text = self.field.text().strip()
        if text:
            self.field.clear()
            self.wanted.emit(text)
        else:
            self.field.setFocus()

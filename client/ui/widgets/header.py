# SPDX-License-Identifier: AGPL-3.0-or-later
"""The top line of a screen: back, title, what may be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client.ui.i18n import tr
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import vbox
from client.ui.widgets.text import Label


class Header(QWidget):
    """Title and a quiet second line; buttons go into ``row`` at the right.

    Attributes:
        back: The back button was pressed.

    Args:
        title: Wraps.
        with_back: Whether there is a way back to show.
    """

    back = Signal()

    def __init__(
        self, title: str = "", note: str = "", *, with_back: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(EDGE, GAP * 2, EDGE, GAP * 2)
        self.row.setSpacing(GAP * 2)
        if with_back:
            self.back_button = Button(tr("Quay lại"), "chevron_left")
            self.back_button.clicked.connect(self.back)
            self.row.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        self.title = Label(title, "title")
        self.note = Label(note, "note")
        self.row.addLayout(vbox(self.title, self.note, spacing=2), 1)
        self.set(title, note)

    def set(self, title: str, note: str = "") -> None:
        """Change the words; an empty second line takes no room."""
        self.title.setText(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))

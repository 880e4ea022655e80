# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a destructive act: what was done, and Undo. No dialog before, a way back after (ux.md, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client.ui.announce import announce
from client.ui.i18n import tr
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.text import Label

SHOWN_MS: Final = 10_000


class UndoBar(Card):
    """One line at the bottom edge for ten seconds; a newer act replaces it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=10, part="bar")
        self._undo: Callable[[], object] | None = None
        self._words = Label("", "strong")
        self.undo_button = Button(tr("Hoàn tác"), "undo")
        self.undo_button.clicked.connect(self._undo_now)
        row = QHBoxLayout()
        row.setSpacing(GAP * 2)
        row.addWidget(self._words, 1)
        row.addWidget(self.undo_button)
        self.column.addLayout(row)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer(self, text: str, undo: Callable[[], object]) -> None:
        """Show ``text``; pressing the button calls ``undo`` once."""
        self._undo = undo
        self._words.setText(text)
        self.show()
        self.raise_()
        self._timer.start(SHOWN_MS)
        announce(self, text)

    def _undo_now(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

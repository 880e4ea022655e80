# SPDX-License-Identifier: AGPL-3.0-or-later
"""Đến trang: a page number by finger or keyboard. A number beyond the last page means the last page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from client.ui.i18n import tr
from client.ui.widgets.keypad import Keypad
from client.ui.widgets.layouts import hbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

_DIGITS = 5


class PagePad(Sheet):
    """Digits, then "Đến trang".

    Attributes:
        chosen: The page, from 0.
    """

    chosen = Signal(int)

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(tr("Đến trang"), parent)
        self._count, self._digits = count, ""
        self.shown = Label("", "digits")
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.keypad = Keypad(self)
        self.keypad.digit.connect(self._add)
        self.keypad.backspace.connect(self._remove)
        self.column.addWidget(self.shown)
        self.column.addLayout(hbox(None, self.keypad, None))
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.go_button = self.add_button(tr("Đến trang"), variant="primary", icon_name="forward")
        self.go_button.clicked.connect(self._go)
        self._show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, Backspace, Enter."""
        if event.text().isascii() and event.text().isdigit():
            self._add(event.text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        else:
            super().keyPressEvent(event)

    def _add(self, digit: str) -> None:
        self._digits = (self._digits + digit).lstrip("0")[:_DIGITS]
        self._show()

    def _remove(self) -> None:
        self._digits = self._digits[:-1]
        self._show()

    def _show(self) -> None:
        self.shown.setText(tr("{n} / {count}").format(n=self._digits or "–", count=self._count))
        self.shown.setAccessibleName(tr("Trang {n} / {count}").format(n=self._digits or "–", count=self._count))
        self.go_button.setEnabled(bool(self._digits))

    def _go(self) -> None:
        if self._digits:
            self.chosen.emit(min(int(self._digits), self._count) - 1)
            self.accept()

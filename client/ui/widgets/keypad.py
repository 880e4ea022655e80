# SPDX-License-Identifier: AGPL-3.0-or-later
"""Digits by finger or keyboard: a 64 px keypad, and a PIN entry that shows dots only.

The digits live in one Python string until they are handed over, then are dropped; they are never put into a
text field, the clipboard or an accessible name.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from client.ui.announce import announce
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.icons import icon, icon_size
from client.ui.theme.tokens import EDGE, GAP
from client.ui.widgets.button import Button
from client.ui.widgets.text import Label

MIN_PIN: Final = 6
MAX_PIN: Final = 32
_SHOWN = 12
"""Dots drawn at most; more digits are taken and shown as a number of digits to screen readers."""


class Keypad(QWidget):
    """Ten digits and a correction key.

    Attributes:
        digit: ``"0"`` to ``"9"``.
        backspace: Take back the last one.
    """

    digit = Signal(str)
    backspace = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP + 4)
        for index, text in enumerate("1234567890"):
            row, column = (3, 1) if text == "0" else divmod(index, 3)
            key = self._key(text)
            key.clicked.connect(lambda _=False, text=text: self.digit.emit(text))
            grid.addWidget(key, row, column)
        back = self._key("")
        side = tokens().measures.icon
        back.setIcon(icon("backspace", tokens().colours.ink, side, ratio=self.devicePixelRatioF()))
        back.setIconSize(icon_size(side))
        back.setAccessibleName(tr("Xóa một chữ số"))
        back.setToolTip(tr("Xóa một chữ số"))
        back.clicked.connect(self.backspace)
        grid.addWidget(back, 3, 2)

    @staticmethod
    def _key(text: str) -> Button:
        key = Button(text, variant="key")
        side = tokens().measures.choice
        key.setFixedSize(side + 16, side)
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard types digits into the entry itself
        return key


class PinDots(QWidget):
    """How many digits were typed, as dots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._focused = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_focused(self, focused: bool) -> None:
        """Draw the frame of the entry that takes the keyboard's digits."""
        self._focused = focused
        self.update()

    def set_count(self, count: int) -> None:
        """Show ``count`` dots."""
        self._count = count
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the keypad."""
        side = tokens().measures.choice
        return QSize(3 * (side + 16) + 2 * (GAP + 4), side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A field with dots; empty places for the first six."""
        c = tokens().colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(c.field))
        painter.setPen(QPen(QColor(c.primary if self._focused else c.border), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        places = min(max(self._count, MIN_PIN), _SHOWN)
        step = min(30.0, (self.width() - 32) / places)
        x = (self.width() - step * (places - 1)) / 2
        for place in range(places):
            filled = place < self._count
            painter.setPen(QPen(QColor(c.ink if filled else c.border), 2))
            painter.setBrush(QColor(c.ink) if filled else Qt.BrushStyle.NoBrush)
            radius = 6.0 if filled else 5.0
            painter.drawEllipse(QRectF(x + place * step - radius, self.height() / 2 - radius, 2 * radius, 2 * radius))
        painter.end()


class PinEntry(QWidget):
    """Dots over a keypad; the physical keyboard works too. Enter submits when six or more digits are there.

    Attributes:
        submitted: The digits; the entry forgets them at once.
        edited: How many digits are there now.
    """

    submitted = Signal(str)
    edited = Signal(int)

    def __init__(self, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Mã PIN"))
        self.dots = PinDots(self)
        self.message = Label("", "note")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setMinimumHeight(round(tokens().measures.body * 1.5))
        self.keypad = Keypad(self)
        self.action = Button(action, variant="primary")
        self.action.setEnabled(False)
        self.action.clicked.connect(self._submit)
        self.keypad.digit.connect(self._add)
        self.keypad.backspace.connect(self._remove)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP + 4)
        self._grid.setHorizontalSpacing(EDGE)
        self._wide: bool | None = None
        self.set_wide(False)

    def set_wide(self, wide: bool) -> None:
        """Put the keys beside the dots (low windows) or under them."""
        if wide == self._wide:
            return
        self._wide = wide
        side = self.dots.sizeHint().width()
        for part in (self.dots, self.message, self.keypad, self.action):
            self._grid.removeWidget(part)
        self._grid.addWidget(self.dots, 0, 0)
        self._grid.addWidget(self.message, 1, 0)
        self._grid.addWidget(self.keypad, *((0, 1, 3, 1) if wide else (2, 0)))
        self._grid.addWidget(self.action, *((2, 0) if wide else (3, 0)))
        self.message.setFixedWidth(side)
        self.action.setFixedWidth(side)
        self.setFixedWidth(2 * side + EDGE if wide else side)

    def clear(self) -> None:
        """Forget what was typed."""
        self._digits = ""
        self._show()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """A line between dots and keys: tries left, waiting time."""
        self.message.set_role("error" if wrong else "note")
        self.message.setText(text)
        announce(self, text, urgent=wrong)

    def set_open(self, is_open: bool) -> None:
        """Take digits or not (while a PIN is checked, while waiting)."""
        self.keypad.setEnabled(is_open)
        self.action.setEnabled(is_open and len(self._digits) >= MIN_PIN)
        self.setEnabled(is_open)
        if is_open:
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, Backspace, Enter."""
        if event.text().isascii() and event.text().isdigit():
            self._add(event.text())
        elif event.key() is Qt.Key.Key_Backspace:
            self._remove()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard types here now."""
        super().focusInEvent(event)
        self.dots.set_focused(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It types elsewhere."""
        super().focusOutEvent(event)
        self.dots.set_focused(False)

    def _add(self, digit: str) -> None:
        if len(self._digits) < MAX_PIN:
            self._digits += digit
            self._show()

    def _remove(self) -> None:
        self._digits = self._digits[:-1]
        self._show()

    def _submit(self) -> None:
        if len(self._digits) < MIN_PIN or not self.isEnabled():
            return
        digits, self._digits = self._digits, ""
        self._show()
        self.submitted.emit(digits)

    def _show(self) -> None:
        count = len(self._digits)
        self.dots.set_count(count)
        self.action.setEnabled(count >= MIN_PIN and self.isEnabled())
        self.setAccessibleDescription(tr("Đã nhập {n} chữ số").format(n=count))
        self.edited.emit(count)

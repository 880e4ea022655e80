# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold of every screen: targets big enough, names for all controls, no text cut off."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from client.ui.widgets.card import PressableFrame
from client.ui.widgets.chip import Chip
from client.ui.widgets.keypad import Keypad
from client.ui.widgets.text import ElidedLabel

TARGET = 48
MANY = 400
"""More presses of Tab than any screen has controls."""


class Longer(QTranslator):
    """A pseudo-locale: every string about 40 % longer, its places kept."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{source} {'ẵ' * max(1, round(len(source) * 0.4))}"

    def isEmpty(self) -> bool:
        return False


def controls(screen: QWidget) -> list[QWidget]:
    """Everything in sight that can be pressed or typed into."""
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, PressableFrame)
    return [
        widget
        for widget in screen.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.isVisible()
        and not (isinstance(widget, PressableFrame) and widget.focusPolicy() is Qt.FocusPolicy.NoFocus)
    ]


def too_small(screen: QWidget) -> list[str]:
    return [
        f"{type(w).__name__} {w.accessibleName()!r} {w.width()}x{w.height()}"
        for w in controls(screen)
        if min(w.width(), w.height()) < TARGET
    ]


def unnamed(screen: QWidget) -> list[str]:
    return [f"{type(w).__name__} {w.objectName()}" for w in controls(screen) if not w.accessibleName().strip()]


def cut_off(screen: QWidget) -> list[str]:
    """Labels with less room than their text, and anything that sticks out of the window's width."""
    found = []
    for label in screen.findChildren(QLabel):
        if not label.isVisible() or not label.text() or isinstance(label, ElidedLabel):
            continue
        needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        narrow = not label.wordWrap() and label.width() < label.sizeHint().width()
        if label.height() < needed or narrow:
            found.append(f"{label.text()[:40]!r} {label.width()}x{label.height()} needs {needed}")
    found += [
        f"{type(w).__name__} {w.accessibleName()!r} {w.width()} < {w.minimumSizeHint().width()}"
        for kind in (QAbstractButton, Chip)
        for w in screen.findChildren(kind)
        if w.isVisible() and w.width() < w.minimumSizeHint().width()
    ]
    window = screen.window()
    for widget in (*controls(screen), *screen.findChildren(QLabel), *screen.findChildren(Chip)):
        if widget.isVisible():
            right = widget.mapTo(window, widget.rect().topRight()).x()
            if right >= window.width():
                found.append(f"{type(widget).__name__} {widget.accessibleName()[:40]!r} ends at {right}")
    return found


def _is_digit(widget: QWidget) -> bool:
    """A key of the number pad: whoever has a keyboard types the digit."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, Keypad):
        parent = parent.parentWidget()
    return parent is not None


def unreachable(root: QWidget) -> list[str]:
    """Enabled controls that Tab never comes to; of an exclusive group one is enough, arrows lead to the others."""
    wanted = [widget for widget in controls(root) if widget.isEnabled() and not _is_digit(widget)]
    if not wanted:
        return []
    met: set[QWidget] = set()
    at = wanted[0]
    at.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(MANY):
        focused = QApplication.focusWidget()
        if focused is None or focused in met:
            break
        met.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    groups = {id(w.group()) for w in met if isinstance(w, QAbstractButton) and w.group() is not None}
    return [
        f"{type(w).__name__} {w.accessibleName()!r}"
        for w in wanted
        if w not in met and not (isinstance(w, QAbstractButton) and w.group() is not None and id(w.group()) in groups)
    ]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program's sign in the system's tray, where there is one: says a word, and brings the window back when pressed.

A message there is read by anybody who sees the screen, so it names the program and a kind, nothing else. Showing one
takes no focus; only a press of the member does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from client.ui.i18n import tr
from client.ui.theme.mark import mark

_SHOWN_MS: Final = 10_000


class Outside(Protocol):
    """Where a word outside the window is said."""

    def say(self, text: str) -> None:
        """Say ``text``, once."""
        ...


class Tray(QObject):
    """The system's tray; silent where there is none, and it is looked for anew each time (it may come late).

    Args:
        open_window: Called when the sign or a message is pressed.
    """

    def __init__(self, open_window: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._open = open_window
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None

    def say(self, text: str) -> None:
        """Say ``text`` where the system allows it."""
        if self._icon is None:
            if not QSystemTrayIcon.isSystemTrayAvailable():
                return
            self._icon = self._make()
        self._icon.show()
        self._icon.showMessage("e-Cabinet", text, mark(), _SHOWN_MS)

    def _make(self) -> QSystemTrayIcon:
        made = QSystemTrayIcon(mark(), self)
        made.setToolTip("e-Cabinet")
        self._menu = QMenu()
        self._menu.addAction(tr("Mở e-Cabinet"), self._open)
        made.setContextMenu(self._menu)
        made.messageClicked.connect(self._open)
        made.activated.connect(self._pressed)
        return made

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._open()

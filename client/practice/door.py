# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door between the real window and the practice: one of them is in sight. Light; what is behind it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from client.errors import EcabinetError
from client.settings import Settings
from client.surroundings import Surroundings
from client.ui.main_window import MainWindow

if TYPE_CHECKING:
    from client.practice.window import Practice


class PracticeDoor(QObject):
    """Opens and closes the practice.

    Args:
        window: The real window.
        base: The profile's folder.
        around: What the machine provides.
        failed: Told when it cannot be opened.
    """

    def __init__(
        self, window: MainWindow, base: Path, around: Surroundings, failed: Callable[[EcabinetError], object]
    ) -> None:
        super().__init__(window)
        self._window, self._base, self._around, self._failed = window, base, around, failed
        self.practice: Practice | None = None

    def open(self, settings: Settings) -> None:
        """Show the practice in the place of the real window; nothing when it is open already."""
        from client.practice.window import Practice

        if self.practice is None:
            self.practice = Practice(self._base, self._around, settings, self._not_opened)
            self.practice.opened.connect(self._window.hide)
            self.practice.left.connect(self._back)
            self.practice.open(self._window)

    def close(self) -> None:
        """Leave the practice, if it is open."""
        if self.practice is not None:
            self.practice.close()

    def _back(self) -> None:
        self.practice = None
        self._window.show()

    def _not_opened(self, error: EcabinetError) -> None:
        self._back()
        self._failed(error)

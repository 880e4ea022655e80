# SPDX-License-Identifier: AGPL-3.0-or-later
"""The practice in a window of its own, with a bridge and tasks of its own: nothing of it reaches the real window.

While it is open the real window is out of sight; leaving it, locking and closing bring the real window back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from client.errors import EcabinetError
from client.practice.world import PracticeWorld
from client.settings import Settings
from client.surroundings import Surroundings
from client.ui import navigator as places
from client.ui.bridge import Bridge
from client.ui.main_window import MainWindow
from client.ui.preferences import Preferences
from client.ui.screens.registry import factories
from client.ui.tasks import Tasks
from client.ui.theme.mark import mark
from client.ui.widgets.practice_banner import practice_title


class Practice(QObject):
    """One practice at a time.

    Attributes:
        opened: The window is in sight.
        left: It is gone, and what it wrote too.
        tasks: Of the practice window.

    Args:
        base: The profile's folder.
        around: What the machine provides.
        settings: How the member likes the screens.
        failed: Told when it cannot be opened.
    """

    opened = Signal()
    left = Signal()

    def __init__(
        self, base: Path, around: Surroundings, settings: Settings, failed: Callable[[EcabinetError], object]
    ) -> None:
        super().__init__()
        self._base, self._around, self._settings, self._failed = base, around, settings, failed
        self.window: MainWindow | None = None
        self._world: PracticeWorld | None = None
        self.tasks = Tasks(self)

    def open(self, like: MainWindow) -> None:
        """Build it on a worker thread, then show it where ``like`` stands."""
        bridge = Bridge(self)
        self.tasks.call(
            lambda: PracticeWorld(self._base, self._around, bridge),
            lambda world: self._show(world, bridge, like),
            self._failed,
            owner=self,
        )

    def close(self) -> None:
        """Leave; closing it twice does nothing."""
        if self.window is not None:
            self.window.close()

    def _show(self, world: PracticeWorld, bridge: Bridge, like: MainWindow) -> None:
        self._world = world
        window = MainWindow(bridge, self.tasks, factories(), self._gone)
        window.setWindowTitle(practice_title())
        window.setWindowIcon(mark(practice=True))
        window.setGeometry(like.geometry())
        window.practice_left.connect(window.close)
        window.practice_again.connect(lambda: self._again(window))
        window.lock_wanted.connect(window.close)
        preferences = Preferences(self._settings, lambda _settings: None, self._around.policy, self)
        window.show_workspace(world.context(preferences), places.Home())
        window.setWindowState(like.windowState())
        window.show()
        self.window = window
        self.opened.emit()

    def _again(self, window: MainWindow) -> None:
        """Begin anew in the place of the old one."""
        self._take_down()
        self.open(window)
        self.opened.connect(window.deleteLater)
        window.hide()

    def _gone(self) -> None:
        self._take_down()
        self.left.emit()

    def _take_down(self) -> None:
        world, self._world, self.window = self._world, None, None
        if world is not None:
            world.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The base of all screens behind the lock.

Life of a screen: built once when first needed; ``enter(route)`` each time it is shown, ``leave()`` before it
is hidden. While it is hidden, changes only mark it stale; it redraws when it is entered again.
"""

from __future__ import annotations

from typing import ClassVar, Final, Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from client.store.changes import ChangeSet, Topic
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.navigator import Navigator, Route
from client.ui.tasks import Tasks

R = TypeVar("R", bound=Route)
COALESCE_MS: Final = 120
"""Changes that come within this time are drawn together (a download commits many chunks a second)."""


class Screen(QWidget, Generic[R]):
    """A screen of the workspace, made for one kind of route.

    Attributes:
        TOPICS: Changes that make ``refresh()`` worth while.
        IMMERSIVE: Whether the rail is hidden while this screen shows (reader, ballot).
    """

    TOPICS: ClassVar[frozenset[Topic]] = frozenset()
    IMMERSIVE: ClassVar[bool] = False

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self.bridge = bridge
        self.tasks = tasks
        self.navigator = navigator
        self.route: R | None = None
        self.setProperty("part", "ground")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE_MS)
        self._soon.timeout.connect(self._refresh_if_shown)
        bridge.changed.connect(self._on_changed)

    def enter(self, route: R) -> None:
        """Show ``route``; the base remembers it and refreshes."""
        self.route = route
        self.refresh()

    def leave(self) -> None:
        """About to be hidden: save what is open."""

    def back_inside(self) -> bool:
        """A step back within this screen, if there is one; whether it was made (Alt+Left)."""
        return False

    def refresh(self) -> None:
        """Read again and redraw; called on the GUI thread, must not block."""

    def heading(self) -> str:
        """What a screen reader hears on entering."""
        return self.accessibleName()

    def _on_changed(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.topics & self.TOPICS and not self._soon.isActive():
            self._soon.start()

    def _refresh_if_shown(self) -> None:
        if self.isVisible():
            self.refresh()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window: lock or enrolment in front, the workspace behind, never both in sight.

Locking hides the workspace and keeps it, so that nothing half-done is lost; the title and the lock screen
never name a session. A change of language, text size or theme builds the workspace again at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from client.ui import navigator as places
from client.ui.bridge import Bridge
from client.ui.tasks import Tasks

if TYPE_CHECKING:
    from client.ui.context import AppContext
    from client.ui.workspace import ScreenFactory, Workspace

SIZE: Final = QSize(1368, 912)
SMALLEST: Final = QSize(720, 640)


class MainWindow(QMainWindow):
    """The only top-level window.

    Attributes:
        lock_wanted: The member wants to lock; answer with ``show_front(LockScreen(...))``.

    Args:
        bridge: Where events of other threads arrive.
        tasks: Runs callbacks on the GUI thread.
        factories: How to build each screen of the workspace.
        on_close: Called once when the window closes; starts the shutdown.
    """

    lock_wanted = Signal()

    def __init__(
        self,
        bridge: Bridge,
        tasks: Tasks,
        factories: Mapping[type[places.Route], ScreenFactory],
        on_close: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__()
        self._bridge, self._tasks, self._factories, self._on_close = bridge, tasks, factories, on_close
        self._ctx: AppContext | None = None
        self._front: QWidget | None = None
        self.workspace: Workspace | None = None
        self.setWindowTitle("e-Cabinet")
        self.setObjectName("main_window")
        self.setMinimumSize(SMALLEST)
        self.resize(SIZE)
        self._stack = QStackedWidget(self)
        self.setCentralWidget(self._stack)

    @property
    def locked(self) -> bool:
        """Whether the workspace is out of sight."""
        return self.workspace is None or self._stack.currentWidget() is not self.workspace

    def show_front(self, screen: QWidget) -> None:
        """Put a lock or enrolment screen in front; the one before is deleted, the workspace stays hidden."""
        if self.workspace is not None and not self.locked:
            self.workspace.suspend()
        self._drop(self._front)
        self._front = screen
        self._stack.addWidget(screen)
        self._stack.setCurrentWidget(screen)

    def show_workspace(self, ctx: AppContext, route: places.Route | None = None) -> None:
        """Show the workspace of ``ctx``: the one that was hidden, or a new one at ``route`` (home)."""
        if self.workspace is None or self._ctx is not ctx:
            self._drop(self.workspace)
            self._ctx = ctx
            self.workspace = self._make(ctx)
            self.workspace.resume(route or places.Home(), ())
        elif route is not None:
            self.workspace.go(route)
        self._stack.setCurrentWidget(self.workspace)
        self._drop(self._front)
        self._front = None

    def rebuild(self) -> None:
        """Build the workspace again in the language and tokens in force, at the same place."""
        old = self.workspace
        if old is None or self._ctx is None:
            return
        old.suspend()
        new = self._make(self._ctx)
        new.resume(old.route or places.Home(), old.history)
        if not self.locked:
            self._stack.setCurrentWidget(new)
        self.workspace = new
        self._drop(old)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the screen save, then shut down."""
        if self.workspace is not None:
            self.workspace.suspend()
        self._on_close()
        event.accept()

    def _make(self, ctx: AppContext) -> Workspace:
        from client.ui.workspace import Workspace  # after the lock screen's first paint

        made = Workspace(ctx, self._bridge, self._tasks, self._factories, self._stack)
        made.lock_wanted.connect(self.lock_wanted)
        self._stack.addWidget(made)
        return made

    def _drop(self, widget: QWidget | None) -> None:
        if widget is not None:
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

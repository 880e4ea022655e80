# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window: lock or enrolment in front, the workspace behind, never both in sight.

Locking hides the workspace and keeps it, so that nothing half-done is lost; the title and the lock screen
never name a session. A change of language, text size or theme builds the workspace again at the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMainWindow, QStackedWidget, QWidget
from shiboken6 import isValid

from client.ui import navigator as places
from client.ui.bridge import Bridge
from client.ui.first_paint import FirstPaint
from client.ui.keyboard_room import KeyboardRoom
from client.ui.screen_guard import keep_out_of_captures
from client.ui.shortcuts import LOCK_KEY
from client.ui.tasks import Tasks

if TYPE_CHECKING:
    from client.domain.reminders import ReminderKind
    from client.ui.context import AppContext
    from client.ui.tray import Outside
    from client.ui.workspace import ScreenFactory, Workspace

SIZE: Final = QSize(1368, 912)
SMALLEST: Final = QSize(720, 640)


class MainWindow(QMainWindow):
    """The only top-level window.

    Attributes:
        lock_wanted: The member wants to lock; answer with ``show_front(LockScreen(...))``.
        practice_wanted: "Tập dượt" was pressed.
        practice_again, practice_left: In the practice window: begin anew, or back to the real program.

    Args:
        bridge: Where events of other threads arrive.
        tasks: Runs callbacks on the GUI thread.
        factories: How to build each screen of the workspace.
        on_close: Called once when the window closes; starts the shutdown.
    """

    lock_wanted = Signal()
    practice_wanted = Signal()
    practice_again = Signal()
    practice_left = Signal()

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
        self._covered: list[QDialog] = []
        self.workspace: Workspace | None = None
        self._tray: Outside | None = None
        self.setWindowTitle("e-Cabinet")
        self.setObjectName("main_window")
        self.setMinimumSize(SMALLEST)
        self.resize(SIZE)
        self._stack = QStackedWidget(self)
        self.setCentralWidget(self._stack)
        self.keyboard = KeyboardRoom(self)
        self.guard = keep_out_of_captures(self.winId)
        QShortcut(QKeySequence(LOCK_KEY), self, self.ask_to_lock)
        FirstPaint(self, self._wear_icon)

    @property
    def locked(self) -> bool:
        """Whether the workspace is out of sight."""
        return self.workspace is None or self._stack.currentWidget() is not self.workspace

    @property
    def front(self) -> QWidget | None:
        """The lock, enrolment or other screen in front; None while the workspace is in sight."""
        return self._front

    def show_front(self, screen: QWidget) -> None:
        """Put a lock or enrolment screen in front; the one before is deleted, the workspace stays hidden."""
        if self.workspace is not None and not self.locked:
            self.workspace.suspend()
            self._cover()
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
        self._uncover()

    def build_ahead(self) -> None:
        """The reader is the next place for most: built while nobody waits for it and no hand is on the screen."""
        idle = QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton
        if self.workspace is not None and not self.locked and idle:
            self.workspace.screen_of(places.Paper)

    def drop_workspace(self) -> None:
        """Forget the workspace: the device it belonged to is closed for good."""
        self._drop(self.workspace)
        self.workspace = self._ctx = None

    def ask_to_lock(self) -> None:
        """Lock, if anything is open."""
        if not self.locked:
            self.lock_wanted.emit()

    def come_back(self) -> None:
        """The member wants the window in front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

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

    def _wear_icon(self) -> None:
        """The program's own, unless another was given."""
        if self.windowIcon().isNull():
            from client.ui.theme.mark import mark

            self.setWindowIcon(mark())

    def _remind(self, kind: ReminderKind) -> None:
        """Outside the window only what is not seen in it."""
        from client.ui.models.reminders import outside_words  # like the workspace: after the first paint
        from client.ui.tray import Tray

        space = self.workspace
        if self.locked or space is None or space.immersive or not self.isActiveWindow():
            if self._tray is None:
                self._tray = Tray(self.come_back, self)
            self._tray.say(outside_words(kind))

    def _cover(self) -> None:
        """Take open sheets out of sight with what is written in them; nothing stands in front of the lock."""
        self._covered = [sheet for sheet in self.findChildren(QDialog) if sheet.isVisible()]
        for sheet in self._covered:
            sheet.hide()

    def _uncover(self) -> None:
        sheets, self._covered = self._covered, []
        for sheet in sheets:
            if isValid(sheet):
                sheet.show()

    def _make(self, ctx: AppContext) -> Workspace:
        from client.ui.workspace import Workspace  # after the lock screen's first paint

        made = Workspace(ctx, self._bridge, self._tasks, self._factories, self._stack)
        made.lock_wanted.connect(self.lock_wanted)
        made.practice_wanted.connect(self.practice_wanted)
        made.practice_again.connect(self.practice_again)
        made.practice_left.connect(self.practice_left)
        made.reminders.outside.connect(self._remind)
        self._stack.addWidget(made)
        return made

    def _drop(self, widget: QWidget | None) -> None:
        if widget is not None:
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root of the windows: builds each object once, wires it, owns start and shutdown order.

What happens at start, and why in this order (docs/adr/0010, 0022):

1. ``begin``: the window with one screen in front, the lock on most days. Nothing else was loaded yet.
2. ``_after_paint``: the render process starts on another core, the program asks to be told when the machine sleeps.
   Meanwhile the lock asks keystore and vault how they stand, and takes digits as soon as it knows.
3. ``_answered``: while digits are typed everything is loaded that the home screen needs (``client.ahead``), and what
   Qt makes once for the whole program is made (``client.ui.warm``).
4. ``unlocked``: on a worker thread stores, trust, acts and engine are built and all is read that the windows need.
5. ``_built``: the workspace is shown; then the network and the indexing begin.

Order of shutdown is the reverse; the window is gone at once, what was saved stays saved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from client.ahead import Ahead
from client.errors import EcabinetError, InternalFault, RecordIncomplete
from client.front import Front
from client.paths import ProfilePaths
from client.practice.door import PracticeDoor
from client.settings import Settings
from client.surroundings import Surroundings
from client.ui.application import follow, put_in_force
from client.ui.bridge import Bridge
from client.ui.first_paint import FirstPaint
from client.ui.i18n import error_next_step, error_title
from client.ui.main_window import MainWindow
from client.ui.pauses import Pauses
from client.ui.screens.registry import factories
from client.ui.sleep_watch import SleepWatch, has_logind, system_bus
from client.ui.tasks import Tasks

if TYPE_CHECKING:
    from client.core import Core
    from client.keys.device import DeviceKeys
    from client.opening import Opened
    from client.protocol.messages import Root
    from client.ui import navigator as places
    from client.ui.auto_lock import IdleWatch
    from client.ui.body_switch import BodySwitch
    from client.ui.context import AppContext
    from client.ui.preferences import Preferences

log = logging.getLogger(__name__)

_SETTLED_MS: Final = 3_000
"""After the first screen has filled, before anybody writes."""


class Windows:
    """The running program: one window, one profile.

    Args:
        app: The Qt application.
        paths: The profile's files.
        around: What the machine provides.
        root: Whose signatures count, for a device that is not enrolled yet.
        hint: Shown on the lock screen; the demonstration's PIN.
        on_ready: Called on the GUI thread each time the workspace is shown.
    """

    def __init__(
        self,
        app: QApplication,
        paths: ProfilePaths,
        around: Surroundings,
        *,
        root: Root | None = None,
        hint: str = "",
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._app, self._paths, self._on_ready = app, paths, on_ready
        self.bridge = Bridge()
        self.tasks = Tasks()
        self._pauses = Pauses(self.bridge)
        self._around = around = replace(around, on_render=self.bridge.post_render_event)
        self._ahead, self._loading = Ahead(around), False
        self.window = MainWindow(self.bridge, self.tasks, factories(), self.shut_down)
        self.window.lock_wanted.connect(self.lock)
        self.window.practice_wanted.connect(self.practise)
        self.practice = PracticeDoor(self.window, paths.base, around, self._tell)
        self.tasks.unexpected.connect(self._tell)
        self._idle: IdleWatch | None = None
        self._sleep = SleepWatch(app)
        self._sleep.due.connect(self.window.ask_to_lock)
        self.bridge.engine_event.connect(self._on_engine)
        self.core: Core | None = None
        self.context: AppContext | None = None
        self._keys: DeviceKeys | None = None
        self._front = Front(self.window, self.tasks, paths, around, self, root=root, hint=hint)
        self._front.unlocked.connect(self.unlocked)
        self._front.practice_wanted.connect(self.practise)
        self._front.shut.connect(self._unwatched)
        self._front.answered.connect(self._answered)
        self._front.anew.connect(self._begin_anew)

    # -- the start, step by step ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Show enrolment, the lock screen, or how an erasure goes on."""
        self._front.show()
        FirstPaint(self.window, self._after_paint)
        self.window.show()

    def _after_paint(self) -> None:
        self.tasks.call(self._ahead.render, lambda _host: None)
        if has_logind():
            self._sleep.listen(system_bus())

    def _answered(self) -> None:
        if not self._loading:
            self._loading = True
            self.tasks.call(self._ahead.load, lambda _none: self._pauses.loaded())

    def unlocked(self, keys: DeviceKeys) -> None:
        """Build the client on a worker thread, once; then show it."""
        self._keys = keys
        if self.context is not None:
            self._show()
            return
        self._pauses.hold()

        def build() -> Opened:
            from client.opening import open_device

            return open_device(self._paths, keys, self._around, self._ahead.render())

        self.tasks.call(build, self._built, self._stop_with)

    def _built(self, opened: Opened) -> None:
        from client.ui.preferences import Preferences

        core = self.core = opened.core
        core.record.subscribe(self.bridge.post_change)
        core.papers.subscribe(self.bridge.post_change)
        core.engine.subscribe(self.bridge.post_engine_event)
        preferences = Preferences(opened.settings, core.keep_settings, self._around.policy)
        follow(self._app, preferences, self.window)
        preferences.changed.connect(lambda settings: self._watched(settings.auto_lock_s))
        self.context = opened.context(preferences, self.bodies(), self.window.guard)
        put_in_force(self._app, preferences.current)
        self._show(opened.left)
        if core.recovery.alarm:
            self.tasks.unexpected.emit(RecordIncomplete())
        core.start_background()
        from client.ui.network import NetworkWatch

        self._network = NetworkWatch(core.wake, self._around.clock, self.window)
        QTimer.singleShot(_SETTLED_MS - 500, self.window, self.window.build_ahead)
        QTimer.singleShot(_SETTLED_MS, self._pauses, self._pauses.settled)

    def _show(self, left: places.Route | None = None) -> None:
        assert self.context is not None
        assert self.core is not None
        if self._front.hold_if_due(self.core.engine.status(), self._keys):
            return
        self.window.show_workspace(self.context, left)
        if left is not None and self.window.workspace is not None:
            self.window.workspace.tell_restart()
        self._watched(self.context.settings.auto_lock_s)
        if not self.context.settings.welcomed:
            self._welcome(self.context.preferences)
        self._on_ready()

    def _welcome(self, preferences: Preferences) -> None:
        from client.ui.screens.welcome import WelcomeSheet

        sheet = WelcomeSheet(self.window)
        sheet.finished.connect(lambda _result: preferences.change(welcomed=True))
        sheet.open()

    # -- what the member asks for ---------------------------------------------------------------------------

    def lock(self) -> None:
        """Hide everything behind the PIN; what runs goes on, what is open stays open."""
        self.practice.close()
        self._front.lock(self.context.member.name if self.context else "")

    def practise(self) -> None:
        """Open the practice world in a window of its own; the real one comes back when it is left."""
        self.practice.open(self.context.settings if self.context is not None else Settings())

    def shut_down(self) -> None:
        """Stop everything; called once, when the window closes."""
        self._unwatched()
        if self.core is not None:
            self.core.forget_place()
        self.tasks.stop()
        if self.core is not None:
            self.core.close()
        self._ahead.stop()

    def bodies(self) -> BodySwitch:
        """What else can be opened on this machine, and how."""
        from client import bodies
        from client.body_door import BodyDoor
        from client.ui.body_switch import BodySwitch

        door = BodyDoor(self.window, self._paths, self._move_to, self._tell)
        add = door.add if self._around.policy.server_url is None else None
        return BodySwitch(bodies.beside(self._paths), door.switch, add)

    def _move_to(self, paths: ProfilePaths, root: Root | None = None) -> None:
        """Open another body's profile: this one is closed first, nothing of the two ever meets."""
        core = self.let_go() if self.core is not None else None
        self._keys = None
        self._unwatched()

        def close() -> None:
            if core is not None:
                core.close()
            self._ahead.stop()

        def moved(_none: object) -> None:
            self._paths = paths
            self._front.move_to(paths, root)
            self._begin_anew()

        self.tasks.call(close, moved)

    def let_go(self) -> Core:
        """Forget the open device; its windows are gone at once, the caller closes it on a worker thread."""
        core, self.core, self.context = self.core, None, None
        assert core is not None
        core.forget_place()  # left on purpose: coming back is not a restart after a failure
        self._unwatched()
        self.window.drop_workspace()
        return core

    def _watched(self, idle_s: int) -> None:
        """Lock after so many seconds without the member."""
        if self._idle is None:
            from client.ui.auto_lock import IdleWatch

            self._idle = IdleWatch(self._app, self._around.clock, idle_s)
            self._idle.due.connect(self.lock)
        self._idle.start(idle_s)

    def _unwatched(self) -> None:
        if self._idle is not None:
            self._idle.stop()

    def _begin_anew(self) -> None:
        self.tasks.call(self._render_anew, lambda _none: None)
        self._front.show()

    def _render_anew(self) -> None:
        self._ahead.stop()
        self._ahead.render()

    # -- what is told -----------------------------------------------------------------------------------------

    def _on_engine(self, event: object) -> None:
        """What the service said may open or close this device."""
        from client.sync.events import SyncFinished

        if isinstance(event, SyncFinished) and self.core is not None:
            self._front.on_synced(event.status, self._keys)

    def tell_failure(self) -> None:
        """A failure that nobody caught was written down; on any thread."""
        self.tasks.unexpected.emit(InternalFault("crash report written"))

    def _tell(self, error: EcabinetError) -> None:
        if self.window.workspace is not None and not self.window.locked:
            return  # the workspace shows it in place
        from PySide6.QtWidgets import QMessageBox

        QMessageBox.warning(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")

    def _stop_with(self, error: EcabinetError) -> None:
        from PySide6.QtWidgets import QMessageBox

        log.error("cannot open: %s", error)
        QMessageBox.critical(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")
        self.window.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root of the windows: builds each object once, wires it, owns start and shutdown order.

Order of start, so that the first paint comes early: render process (started by the caller before Qt is loaded), Qt,
lock or enrolment screen; after the first paint, on a worker thread, everything heavy: keystore, cryptography, stores,
network (``client.core``, imported late on purpose). Order of shutdown is the reverse; the window is gone at once, what
was saved stays saved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from client import bodies, glance
from client.body_door import BodyDoor
from client.entry import Ending, Enrolling, LateVault, card_of
from client.errors import EcabinetError, InternalFault, RecordIncomplete
from client.launch import load_the_rest
from client.paths import ProfilePaths
from client.practice.door import PracticeDoor
from client.settings import Settings
from client.surroundings import LateListener, Surroundings, make_render_host
from client.ui import navigator as places
from client.ui.application import follow, put_in_force
from client.ui.auto_lock import IdleWatch
from client.ui.body_switch import BodySwitch
from client.ui.bridge import Bridge
from client.ui.first_paint import FirstPaint
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.main_window import MainWindow
from client.ui.pauses import Pauses
from client.ui.preferences import Preferences
from client.ui.screens.held import HeldScreen
from client.ui.screens.lock import LockScreen
from client.ui.screens.registry import factories
from client.ui.situations import Facts, Kind, Step, of_error
from client.ui.sleep_watch import SleepWatch, has_logind, system_bus
from client.ui.tasks import Tasks
from client.viewer.host import RenderHost

if TYPE_CHECKING:
    from client.core import Core
    from client.keys.device import DeviceKeys
    from client.profile import Profile
    from client.protocol.messages import Root
    from client.ui.context import AppContext
    from client.wipe import Erasure

log = logging.getLogger(__name__)

_SETTLED_MS: Final = 3_000
"""After the first screen has filled, before anybody writes."""


class Windows:
    """The running program: one window, one profile.

    Args:
        app: The Qt application.
        paths: The profile's files.
        around: What the machine provides.
        render: The render host, started, whose events come by way of ``events``.
        root: Whose signatures count, for a device that is not enrolled yet.
        hint: Shown on the lock screen; the demonstration's PIN.
        on_ready: Called on the GUI thread each time the workspace is shown.
    """

    def __init__(
        self,
        app: QApplication,
        paths: ProfilePaths,
        around: Surroundings,
        render: RenderHost,
        events: LateListener,
        *,
        root: Root | None = None,
        hint: str = "",
        on_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._app, self._paths, self._root, self._hint, self._on_ready = app, paths, root, hint, on_ready
        self.bridge = Bridge()
        self.tasks = Tasks()
        self._pauses = Pauses(self.bridge)
        self._around, self._render = around, render
        events.target = self.bridge.post_render_event
        self.window = MainWindow(self.bridge, self.tasks, factories(), self.shut_down)
        self.window.lock_wanted.connect(self.lock)
        self.window.practice_wanted.connect(self.practise)
        self.practice = PracticeDoor(self.window, paths.base, around, self._tell)
        self.tasks.unexpected.connect(self._tell)
        self._idle = IdleWatch(app, around.clock, Settings().auto_lock_s)
        self._idle.due.connect(self.lock)
        self._sleep, self._ending = SleepWatch(app), Ending(paths, around)
        self._sleep.due.connect(self.window.ask_to_lock)
        self.bridge.engine_event.connect(self._on_engine)
        self.core: Core | None = None
        self.context: AppContext | None = None
        self._keys: DeviceKeys | None = None
        self._held: HeldScreen | None = None

    def begin(self) -> None:
        """Show enrolment, the lock screen, or how an erasure goes on."""
        self._front()
        FirstPaint(self.window, self._after_paint)
        self.window.show()

    def _after_paint(self) -> None:
        self.tasks.call(load_the_rest, lambda _none: None)
        if has_logind():
            self._sleep.listen(system_bus())

    def _front(self) -> None:
        if self._ending.begun:
            self._erase(self._ending.go_on)
            return
        found = glance.at(self._paths.profile)
        if found is not None and found.state == "active":
            self.lock()
        else:
            self._enrol()

    def lock(self) -> None:
        """Hide everything behind the PIN; what runs goes on, what is open stays open."""
        self._idle.stop()
        self.practice.close()
        name = self.context.member.name if self.context else ""
        vault = LateVault(self._paths, self._around)
        screen = LockScreen(vault, self.tasks, self._around.clock, name=name, hint=self._hint, bodies=self._bodies())
        screen.unlocked.connect(self.unlocked)
        screen.destroyed_keys.connect(lambda: self._hold(Kind.KEYS_DESTROYED))
        screen.forgotten.connect(lambda: self._hold(Kind.PIN_FORGOTTEN))
        screen.stuck.connect(self._on_stuck)
        screen.practice_wanted.connect(self.practise)
        self._held = None
        self.window.show_front(screen)

    def practise(self) -> None:
        """Open the practice world in a window of its own; the real one comes back when it is left."""
        self.practice.open(self.context.settings if self.context is not None else Settings())

    def unlocked(self, keys: DeviceKeys) -> None:
        """Build the client on a worker thread, once; then show it."""
        self._keys = keys
        if self.context is not None:
            self._show()
            return
        from client import profile as profiles

        profile = profiles.load(self._paths.profile)
        if profile is None:
            raise InternalFault("unlocked without a profile")

        def build() -> tuple[Core, places.Route | None]:
            from client.core import Core
            from client.store import place
            from client.ui import kept_place

            core = Core(self._paths, profile, keys, self._around, render=self._render)
            return core, kept_place.route_of(core.record.read(place.left).result())

        self.tasks.call(
            build,
            lambda built: self._built(built[0], profile, keys, left=built[1]),
            self._stop_with,
        )

    def tell_failure(self) -> None:
        """A failure that nobody caught was written down; on any thread."""
        self.tasks.unexpected.emit(InternalFault("crash report written"))

    def _move_to(self, paths: ProfilePaths, root: Root | None = None) -> None:
        """Open another body's profile: this one is closed first, nothing of the two ever meets."""
        core = self._let_go() if self.core is not None else None
        self._keys, self._root = None, root or self._root
        self._idle.stop()

        def moved(_none: object) -> None:
            self._paths, self._ending = paths, Ending(paths, self._around)
            self._begin_anew(None)

        self.tasks.call(self._render.stop if core is None else core.close, moved)

    def _bodies(self) -> BodySwitch:
        door = BodyDoor(self.window, self._paths, self._move_to, self._tell)
        add = door.add if self._around.policy.server_url is None else None
        return BodySwitch(bodies.beside(self._paths), door.switch, add)

    def shut_down(self) -> None:
        """Stop everything; called once, when the window closes."""
        self._idle.stop()
        if self.core is not None:
            self.core.forget_place()
        self.tasks.stop()
        if self.core is None:
            self._render.stop()
        else:
            self.core.close()

    def _enrol(self) -> None:
        from client import profile as profiles
        from client.ui.screens.enrol import EnrolScreen

        profile = profiles.load(self._paths.profile)
        port = Enrolling(self._paths, self._around, self._root)
        rules = self._around.policy
        server, suggested = rules.server_url or "", rules.suggested.server_url or ""
        screen = EnrolScreen(port, self.tasks, server=server, suggested=suggested, bodies=self._bodies())
        screen.finished.connect(self.lock)
        self.window.show_front(screen)
        if profile is not None:  # closed while the registrar had not approved yet
            screen.wait_for_approval(profile.digits, profile.qr)

    # -- inside ---------------------------------------------------------------------------------------------

    def _built(self, core: Core, profile: Profile, keys: DeviceKeys, *, left: places.Route | None) -> None:
        self.core = core
        core.start_rendering()
        core.record.subscribe(self.bridge.post_change)
        core.papers.subscribe(self.bridge.post_change)
        core.engine.subscribe(self.bridge.post_engine_event)
        preferences = Preferences(core.load_settings(), core.keep_settings, self._around.policy)
        follow(self._app, preferences, self.window)
        preferences.changed.connect(lambda settings: self._idle.start(settings.auto_lock_s))
        from client.notices import Notices
        from client.ui.context import AppContext

        self.context = AppContext(
            record=core.record,
            papers=core.papers,
            engine=core.engine,
            acts=core.acts,
            render=core.render,
            vault=LateVault(self._paths, self._around).open(),
            preferences=preferences,
            clock=self._around.clock,
            member=card_of(core, profile, keys),
            policy=self._around.policy,
            diagnostics=core.diagnostics(),
            travel=core.travel,
            now=core.time.now,
            people=core.people,
            notices=Notices(core),
            bodies=self._bodies(),
            guard=self.window.guard,
            release_news=core.release_news,
        )
        put_in_force(self._app, preferences.current)
        self._show(left)
        if core.recovery.alarm:
            self.tasks.unexpected.emit(RecordIncomplete())
        core.start_background()
        from client.ui.network import NetworkWatch

        self._network = NetworkWatch(core.wake, self._around.clock, self.window)
        QTimer.singleShot(_SETTLED_MS - 500, self.window, self.window.build_ahead)
        QTimer.singleShot(_SETTLED_MS, self._pauses, self._pauses.settled)

    def _show(self, left: places.Route | None = None) -> None:
        assert self.context is not None
        if self._hold_if_due():
            return
        self.window.show_workspace(self.context, left)
        if left is not None and self.window.workspace is not None:
            self.window.workspace.tell_restart()
        self._idle.start(self.context.settings.auto_lock_s)
        if not self.context.settings.welcomed:
            self._welcome(self.context.preferences)
        self._on_ready()

    def _welcome(self, preferences: Preferences) -> None:
        from client.ui.screens.welcome import WelcomeSheet

        sheet = WelcomeSheet(self.window)
        sheet.finished.connect(lambda _result: preferences.change(welcomed=True))
        sheet.open()

    # -- what stands in the way ---------------------------------------------------------------------------------

    def _hold_if_due(self) -> bool:
        """Put the reason in front why this device must not open now; whether there is one."""
        assert self.core is not None
        status = self.core.engine.status()
        if status.wipe and self._keys is not None:
            core, keys = self._let_go(), self._keys
            self._erase(lambda: self._ending.obey(core, keys))
        elif status.suspended:
            self._hold(Kind.SUSPENDED)
        elif status.lease.lapsed:
            self._hold(Kind.LEASE_LAPSED)
        else:
            return False
        return True

    def _hold(self, kind: Kind, *, reported: bool = False, before: str = "") -> None:
        self._idle.stop()
        facts = Facts(
            waiting=0 if self.core is None else self.core.engine.status().pending,
            days=self._around.policy.offline_lease_days,
            reported=reported,
            before=before,
            now=self._around.keystore.backend_name,
        )
        self._held = HeldScreen(kind, facts)
        self._held.chosen.connect(self._on_step)
        self.window.show_front(self._held)

    def _on_stuck(self, error: EcabinetError) -> None:
        """The vault cannot even be asked for a PIN."""
        from client import profile as profiles

        profile = profiles.load(self._paths.profile)
        before = profile.keystore if profile is not None else ""
        kind = of_error(error, before=before, now=self._around.keystore.backend_name)
        if kind is not None:
            self._hold(kind, before=before)

    def _on_step(self, step: Step) -> None:
        if step in {Step.RETRY, Step.BACK}:
            self.lock()
        elif step is Step.START_OVER:
            core = self._let_go() if self.core is not None else None
            self._erase(lambda: self._ending.start_over(core))
        elif step is Step.SET_ASIDE:
            self.tasks.call(self._ending.set_aside, self._begin_anew, self._say)
        elif step is Step.ENROL:
            self.tasks.call(self._ending.forget, self._begin_anew, self._say)
        elif self.core is None:
            self._erase(self._ending.go_on)
        else:
            assert self._held is not None
            self._held.busy(tr("Đang kết nối…"))
            self.core.engine.poke("member")

    def _erase(self, work: Callable[[], Erasure | None]) -> None:
        """Do it on a worker thread behind a screen that says so."""
        self._hold(Kind.ERASING)
        self.tasks.call(work, self._erased, self._not_erased)

    def _erased(self, done: Erasure | None) -> None:
        if done is None or not done.ordered:
            self.tasks.call(self._ending.forget, self._begin_anew, self._say)
        else:
            self._hold(Kind.WIPED, reported=done.reported is not None)

    def _not_erased(self, error: EcabinetError) -> None:
        log.error("erasing is not finished: %s", error)
        self._say(error)

    def _say(self, error: EcabinetError) -> None:
        if self._held is not None:
            self._held.say(f"{error_title(error)}. {error_next_step(error)} [{error.code}]")

    def _begin_anew(self, _none: object) -> None:
        self._render = make_render_host(self._around)
        self._front()

    def _let_go(self) -> Core:
        """Forget the open device; its windows are gone at once, the caller closes it on a worker thread."""
        core, self.core, self.context = self.core, None, None
        assert core is not None
        core.forget_place()  # left on purpose: coming back is not a restart after a failure
        self._idle.stop()
        self.window.drop_workspace()
        return core

    def _on_engine(self, event: object) -> None:
        """What the service said may open or close this device."""
        from client.sync.events import SyncFinished

        if not isinstance(event, SyncFinished) or self.core is None:
            return
        held = None if self._held is None else self._held.kind
        status = event.status
        if status.wipe or held is None:
            if not self.window.locked or status.wipe:
                self._hold_if_due()
        elif held in {Kind.SUSPENDED, Kind.LEASE_LAPSED}:
            if status.suspended or status.lease.lapsed:
                self._hold_if_due()
                if status.error is not None:
                    self._say(status.error)
            else:
                self.lock()  # the PIN again before anything is shown

    def _tell(self, error: EcabinetError) -> None:
        if self.window.workspace is not None and not self.window.locked:
            return  # the workspace shows it in place
        QMessageBox.warning(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")

    def _stop_with(self, error: EcabinetError) -> None:
        log.error("cannot open: %s", error)
        QMessageBox.critical(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")
        self.window.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root of the windows: builds each object once, wires it, owns start and shutdown order.

Order of start, so that the first paint comes early: render process (started by the caller before Qt is loaded), Qt,
lock or enrolment screen; after the first paint, on a worker thread, everything heavy: keystore, cryptography, stores,
network (``client.core``, imported late on purpose). Order of shutdown is the reverse; the window is gone at once, what
was saved stays saved.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from client import profile as profiles
from client.errors import BadInput, EcabinetError, InternalFault, RecordIncomplete, Unreachable
from client.paths import ProfilePaths
from client.settings import Settings
from client.store import place
from client.surroundings import LateListener, Surroundings
from client.ui import kept_place
from client.ui import navigator as places
from client.ui.application import follow, put_in_force
from client.ui.auto_lock import IdleWatch
from client.ui.bridge import Bridge
from client.ui.i18n import error_next_step, error_title
from client.ui.main_window import MainWindow
from client.ui.pauses import Pauses
from client.ui.preferences import Preferences
from client.ui.screens.lock import LockScreen
from client.ui.screens.registry import factories
from client.ui.tasks import Tasks
from client.viewer.host import RenderHost

if TYPE_CHECKING:
    from client.core import Core
    from client.enrol import NewDevice
    from client.keys.device import DeviceKeys
    from client.keys.unlock import Vault, VaultStatus
    from client.profile import Profile
    from client.protocol.messages import Root
    from client.ui.context import AppContext, MemberCard
    from client.ui.screens.enrol import Approval, Begun

log = logging.getLogger(__name__)

_NEEDED_SOON: Final = ("client.core", "client.ui.workspace", "client.ui.screens.sessions")
"""Imported in the background while the member types the PIN."""
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
        self.tasks.unexpected.connect(self._tell)
        self._idle = IdleWatch(app, around.clock, Settings().auto_lock_s)
        self._idle.due.connect(self.lock)
        self.core: Core | None = None
        self.context: AppContext | None = None

    def begin(self) -> None:
        """Show enrolment or the lock screen."""
        profile = profiles.load(self._paths.profile)
        if profile is not None and profile.state == "active":
            self.lock()
        else:
            self._enrol(profile)
        self.window.show()
        QTimer.singleShot(0, lambda: self.tasks.call(_preload, lambda _none: None))

    def lock(self) -> None:
        """Hide everything behind the PIN; what runs goes on, what is open stays open."""
        self._idle.stop()
        name = self.context.member.name if self.context else ""
        vault = LateVault(self._paths, self._around)
        screen = LockScreen(vault, self.tasks, self._around.clock, name=name, hint=self._hint)
        screen.unlocked.connect(self.unlocked)
        screen.destroyed_keys.connect(self._forget_enrolment)
        self.window.show_front(screen)

    def unlocked(self, keys: DeviceKeys) -> None:
        """Build the client on a worker thread, once; then show it."""
        if self.context is not None:
            self._show()
            return
        profile = profiles.load(self._paths.profile)
        if profile is None:
            raise InternalFault("unlocked without a profile")

        def build() -> tuple[Core, places.Route | None]:
            from client.core import Core

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

    def shut_down(self) -> None:
        """Stop everything; called once, when the window closes."""
        self._idle.stop()
        if self.core is not None:
            self.core.record.write(place.forget)
        self.tasks.stop()
        if self.core is None:
            self._render.stop()
        else:
            self.core.close()

    def _enrol(self, profile: Profile | None) -> None:
        from client.ui.screens.enrol import EnrolScreen

        port = _Enrolment(self._paths, self._around, self._root)
        screen = EnrolScreen(port, self.tasks, server=self._around.policy.server_url or "")
        screen.finished.connect(self.lock)
        self.window.show_front(screen)
        if profile is not None:  # closed while the registrar had not approved yet
            screen.wait_for_approval(profile.digits)

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
            member=_card(core, profile, keys),
            policy=self._around.policy,
            diagnostics=core.diagnostics(),
            travel=core.travel,
        )
        put_in_force(self._app, preferences.current)
        self._show(left)
        if core.recovery.alarm:
            self.tasks.unexpected.emit(RecordIncomplete())
        core.start_background()
        QTimer.singleShot(_SETTLED_MS, self._pauses, self._pauses.settled)

    def _show(self, left: places.Route | None = None) -> None:
        assert self.context is not None
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

    def _forget_enrolment(self) -> None:
        """The keys are gone; what they sealed is noise and a new enrolment starts clean."""
        self._paths.profile.unlink(missing_ok=True)
        self.begin()

    def _tell(self, error: EcabinetError) -> None:
        if self.window.workspace is not None and not self.window.locked:
            return  # the workspace shows it in place
        QMessageBox.warning(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")

    def _stop_with(self, error: EcabinetError) -> None:
        log.error("cannot open: %s", error)
        QMessageBox.critical(self.window, error_title(error), f"{error_next_step(error)}\n\n[{error.code}]")
        self.window.close()


class LateVault:
    """The vault, made when it is first asked, on the worker thread that asks."""

    def __init__(self, paths: ProfilePaths, around: Surroundings) -> None:
        self._paths, self._around = paths, around
        self._vault: Vault | None = None

    def open(self) -> Vault:
        """The vault itself."""
        if self._vault is None:
            from client.enrol import vault_of

            profile = profiles.load(self._paths.profile)
            self._vault = vault_of(self._paths, self._around, profile.device if profile else None)
        return self._vault

    def status(self) -> VaultStatus:
        """See ``Vault.status``."""
        return self.open().status()

    def unlock(self, pin_code: str) -> DeviceKeys:
        """See ``Vault.unlock``."""
        return self.open().unlock(pin_code)


class _Enrolment:
    """Does what the enrolment screen asks for, on its worker threads."""

    def __init__(self, paths: ProfilePaths, around: Surroundings, root: Root | None) -> None:
        self._paths, self._around, self._root = paths, around, root
        self._begun: tuple[str, str, NewDevice] | None = None

    def begin(self, server: str, ticket: str, pin: str) -> Begun:
        """Keys, PIN, request; after a lost answer the same request again, after any other failure a clean start."""
        from client.ui.screens.enrol import Begun

        if self._begun is not None and self._begun[:2] == (server, pin):
            device = self._begun[2]
        else:
            device = self._new_device(server, pin)
        self._begun = None
        try:
            device.hand_in(ticket)
        except Unreachable:
            # The ticket may be spent: then these keys are the ones that the registrar will see.
            self._begun = (server, pin, device)
            raise
        except EcabinetError:
            device.close()
            device.vault.destroy()
            raise
        device.close()
        return Begun(device.fingerprint.digits24)

    def _new_device(self, server: str, pin: str) -> NewDevice:
        from client.enrol import NewDevice, vault_of

        if self._root is None:
            raise BadInput("root: not installed")
        left_over = vault_of(self._paths, self._around, None)
        if left_over.exists():  # of an attempt that failed before its profile was kept
            left_over.destroy()
        device = NewDevice(self._paths, self._around, self._root, server, ca_file=self._around.policy.ca_file)
        device.set_pin(pin)
        return device

    def ask(self) -> Approval:
        """Where the request stands, whether made now or before the program was last closed."""
        from client.enrol import ask_state
        from client.ui.screens.enrol import Approval

        known = profiles.load(self._paths.profile)
        if known is None:
            raise InternalFault("asked before the request")
        return Approval(ask_state(self._paths, known, self._around))


def _card(core: Core, profile: Profile, keys: DeviceKeys) -> MemberCard:
    from client.ui.context import MemberCard

    directory = core.trust.directory()
    entries = directory.members if directory else ()
    name = next((entry.name for entry in entries if entry.id == profile.member), "")
    entry = core.trust.device(profile.device)
    assert profile.member is not None
    return MemberCard(
        id=profile.member,
        name=name,
        body=profile.root.body,
        device=profile.device,
        device_name=profile.name,
        fingerprint=keys.fingerprint.digits24,
        enrolled=entry.since if entry else "",
    )


def _preload() -> None:
    for name in _NEEDED_SOON:
        importlib.import_module(name)

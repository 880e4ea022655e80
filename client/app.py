# SPDX-License-Identifier: AGPL-3.0-or-later
"""The composition root of the windows: builds each object once, wires it, owns start and shutdown order.

Order of start, so that the first paint comes early: render process (it starts while Qt loads), Qt, lock or
enrolment screen; only then, on a worker thread, keys, stores and the network parts (``Core``). Order of shutdown is
the reverse; the window is gone at once, what was saved stays saved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QApplication, QMessageBox

from client import profile as profiles
from client.core import Core, Surroundings, make_render_host
from client.enrol import NewDevice, ask_state, vault_of
from client.errors import BadInput, EcabinetError, InternalFault
from client.keys.device import DeviceKeys
from client.keys.keyring_store import OsKeyring
from client.keys.unlock import Vault
from client.paths import ProfilePaths
from client.policy import Policy
from client.profile import Profile
from client.protocol import codec
from client.protocol.messages import Root
from client.settings import Settings
from client.ui.application import follow, make_application, put_in_force
from client.ui.auto_lock import IdleWatch
from client.ui.bridge import Bridge
from client.ui.context import AppContext, MemberCard
from client.ui.i18n import error_next_step, error_title
from client.ui.main_window import MainWindow
from client.ui.preferences import Preferences
from client.ui.screens.enrol import Approval, Begun, EnrolScreen
from client.ui.screens.lock import LockScreen
from client.ui.screens.registry import factories
from client.ui.tasks import Tasks

log = logging.getLogger(__name__)


class Windows:
    """The running program: one window, one profile.

    Args:
        app: The Qt application.
        paths: The profile's files.
        around: What the machine provides; its ``on_render`` is replaced by the bridge.
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
        self._app, self._paths, self._root, self._hint, self._on_ready = app, paths, root, hint, on_ready
        self.bridge = Bridge()
        self.tasks = Tasks()
        self._around = replace(around, on_render=self.bridge.post_render_event)
        self._render = make_render_host(self._around)
        self._render.start()
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
            server = self._around.policy.server_url or ""
            port = _Enrolment(self._paths, self._around, self._root)
            screen = EnrolScreen(port, self.tasks, server=server)
            screen.finished.connect(self.lock)
            self.window.show_front(screen)
            if profile is not None:  # closed while the registrar had not approved yet
                screen.wait_for_approval(profile.digits)
        self.window.show()

    def lock(self) -> None:
        """Hide everything behind the PIN; what runs goes on, what is open stays open."""
        self._idle.stop()
        name = self.context.member.name if self.context else ""
        screen = LockScreen(self._vault(), self.tasks, self._around.clock, name=name, hint=self._hint)
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
        self.tasks.call(
            lambda: Core(self._paths, profile, keys, self._around, render=self._render),
            lambda core: self._built(core, profile, keys),
            self._stop_with,
        )

    def shut_down(self) -> None:
        """Stop everything; called once, when the window closes."""
        self._idle.stop()
        self.tasks.stop()
        if self.core is None:
            self._render.stop()
        else:
            self.core.close()

    # -- inside ---------------------------------------------------------------------------------------------

    def _built(self, core: Core, profile: Profile, keys: DeviceKeys) -> None:
        self.core = core
        core.start_rendering()
        core.record.subscribe(self.bridge.post_change)
        core.papers.subscribe(self.bridge.post_change)
        core.engine.subscribe(self.bridge.post_engine_event)
        preferences = Preferences(core.load_settings(), core.keep_settings, self._around.policy)
        follow(self._app, preferences, self.window)
        preferences.changed.connect(lambda settings: self._idle.start(settings.auto_lock_s))
        self.context = AppContext(
            record=core.record,
            papers=core.papers,
            engine=core.engine,
            acts=core.acts,
            render=core.render,
            vault=self._vault(),
            preferences=preferences,
            clock=self._around.clock,
            member=_card(core, profile, keys),
            policy=self._around.policy,
        )
        put_in_force(self._app, preferences.current)
        self._show()
        core.start_background()

    def _show(self) -> None:
        assert self.context is not None
        self.window.show_workspace(self.context)
        self._idle.start(self.context.settings.auto_lock_s)
        self._on_ready()

    def _vault(self) -> Vault:
        profile = profiles.load(self._paths.profile)
        return vault_of(self._paths, self._around, profile.device if profile else None)

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


class _Enrolment:
    """Does what the enrolment screen asks for, on its worker threads."""

    def __init__(self, paths: ProfilePaths, around: Surroundings, root: Root | None) -> None:
        self._paths, self._around, self._root = paths, around, root

    def begin(self, server: str, ticket: str, pin: str) -> Begun:
        """Keys, PIN, request; a failed attempt leaves nothing behind."""
        if self._root is None:
            raise BadInput("root: not installed")
        left_over = vault_of(self._paths, self._around, None)
        if left_over.exists():  # of an attempt that failed before its profile was kept
            left_over.destroy()
        ca_file = self._around.policy.ca_file
        device = NewDevice(self._paths, self._around, self._root, server, ca_file=ca_file)
        try:
            device.set_pin(pin)
            device.hand_in(ticket)
        except EcabinetError:
            device.close()
            device.vault.destroy()
            raise
        device.close()
        return Begun(device.fingerprint.digits24)

    def ask(self) -> Approval:
        """Where the request stands, whether made now or before the program was last closed."""
        known = profiles.load(self._paths.profile)
        if known is None:
            raise InternalFault("asked before the request")
        return Approval(ask_state(self._paths, known, self._around))


def _card(core: Core, profile: Profile, keys: DeviceKeys) -> MemberCard:
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


def load_root(path: Path) -> Root:
    """The trust root a machine was given.

    Raises:
        BadInput: The file cannot be read or is not a root.
    """
    try:
        return codec.decode(path.read_bytes().strip(), Root, limit=codec.MAX_SMALL)
    except (OSError, EcabinetError) as error:
        raise BadInput("root file") from error


def run_windows(paths: ProfilePaths, policy: Policy, *, root_file: Path | None, language: str | None) -> int:
    """The program as members use it; returns when the window closes."""
    settings = msgspec.structs.replace(Settings(), language=language or "vi")
    root = load_root(root_file) if root_file else None
    around = Surroundings(keystore=OsKeyring(), policy=policy)
    app = make_application(["ecabinet"], settings)
    windows = Windows(app, paths, around, root=root)
    windows.begin()
    return app.exec()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in front of an open device, or instead of it: enrolment, the lock, why it must not open, its erasure.

One of them is in sight at a time. This decides which one and what its buttons lead to; what they do is done on worker
threads by ``client.entry``. It opens nothing itself: whoever made it is told that the PIN was right.

Its modules stand between the program's start and its first paint: what only some days need is imported where it is
needed (docs/adr/0010, 0022).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client import glance
from client.entry import Ending, LateVault
from client.errors import EcabinetError, KeyFileDamaged, KeystoreUnavailable
from client.paths import ProfilePaths
from client.surroundings import Surroundings
from client.ui.first_paint import FirstPaint
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.main_window import MainWindow
from client.ui.screens.lock import LockScreen
from client.ui.tasks import Tasks

if TYPE_CHECKING:
    from client.core import Core
    from client.keys.device import DeviceKeys
    from client.profile import Profile
    from client.protocol.messages import Root
    from client.sync.events import SyncStatus
    from client.ui.body_switch import BodySwitch
    from client.ui.screens.held import HeldScreen
    from client.ui.situations import Kind, Step
    from client.wipe import Erasure

log = logging.getLogger(__name__)


class Behind(Protocol):
    """The device behind the front."""

    @property
    def core(self) -> Core | None:
        """The client, once it was opened."""
        ...

    def let_go(self) -> Core:
        """Forget the open device; the caller closes it."""
        ...

    def bodies(self) -> BodySwitch:
        """What else can be opened on this machine."""
        ...


class Front(QObject):
    """The screens in front of one profile.

    Attributes:
        unlocked: ``DeviceKeys``: the PIN was right.
        practice_wanted: "Tập dượt" was pressed.
        shut: A screen was put in front.
        answered: The keystore was asked how it stands, or need not be: nobody waits for the interpreter now.
        anew: Nothing is left of what was open: begin as after the program's start.

    Args:
        window: Shows them.
        tasks: Runs what takes long.
        paths: The profile's files.
        around: What the machine provides.
        behind: What may be open already.
        root: Whose signatures count, for a device that is not enrolled yet.
        hint: Shown on the lock screen.
    """

    unlocked = Signal(object)
    practice_wanted = Signal()
    shut = Signal()
    answered = Signal()
    anew = Signal()

    def __init__(
        self,
        window: MainWindow,
        tasks: Tasks,
        paths: ProfilePaths,
        around: Surroundings,
        behind: Behind,
        *,
        root: Root | None,
        hint: str,
    ) -> None:
        super().__init__(window)
        self._window, self._tasks, self._around, self._behind = window, tasks, around, behind
        self._paths, self._root, self._hint = paths, root, hint
        self._ending = Ending(paths, around)
        self._held: HeldScreen | None = None

    @property
    def held(self) -> Kind | None:
        """Why the device does not open, if that is what is shown."""
        return None if self._held is None else self._held.kind

    def move_to(self, paths: ProfilePaths, root: Root | None = None) -> None:
        """From now on another profile's, with its trust root if it is new."""
        self._paths, self._root = paths, root or self._root
        self._ending = Ending(paths, self._around)

    def show(self) -> None:
        """Enrolment, the lock screen, or how an erasure goes on."""
        if self._ending.begun:
            self._erase(self._ending.go_on)
            self.answered.emit()
            return
        found = glance.at(self._paths.profile)
        if found is not None and found.state == "active":
            self.lock()
        else:
            self._enrol()

    def lock(self, name: str = "") -> None:
        """Ask for the PIN of ``name``."""
        vault = LateVault(self._paths, self._around)
        bodies = self._behind.bodies()
        screen = LockScreen(vault, self._tasks, self._around.clock, name=name, hint=self._hint, bodies=bodies)
        screen.unlocked.connect(self.unlocked)
        screen.destroyed_keys.connect(self._on_destroyed)
        screen.forgotten.connect(self._on_forgotten)
        screen.stuck.connect(self._on_stuck)
        screen.practice_wanted.connect(self.practice_wanted)
        screen.answered.connect(self._vault_answered)
        self._held = None
        self._put(screen)

    def _vault_answered(self) -> None:
        """The keypad takes digits; now the whole profile is judged, of which a glance was enough so far."""
        self._tasks.call(self._profile, lambda _profile: self.answered.emit(), self._on_stuck, owner=self)

    def _profile(self) -> Profile | None:
        from client import profile as profiles

        return profiles.load(self._paths.profile)

    def _enrol(self) -> None:
        from client.entry import Enrolling
        from client.ui.screens.enrol import EnrolScreen

        profile = self._profile()
        port = Enrolling(self._paths, self._around, self._root)
        rules = self._around.policy
        server, suggested = rules.server_url or "", rules.suggested.server_url or ""
        bodies = self._behind.bodies()
        screen = EnrolScreen(port, self._tasks, server=server, suggested=suggested, bodies=bodies)
        screen.finished.connect(self.lock)
        self._held = None
        self._put(screen)
        if profile is not None:  # closed while the registrar had not approved yet
            screen.wait_for_approval(profile.digits, profile.qr)
        FirstPaint(screen, self._ask_keystore)

    def _ask_keystore(self) -> None:
        """A machine without a safe place for keys is told so before anybody types a code."""
        self._tasks.call(self._keystore, lambda _name: self.answered.emit(), self._on_stuck, owner=self)

    def _put(self, screen: QWidget) -> None:
        self._window.show_front(screen)
        self.shut.emit()

    def _keystore(self) -> str:
        return self._around.keystore.backend_name

    # -- what stands in the way -------------------------------------------------------------------------------

    def hold_if_due(self, status: SyncStatus, keys: DeviceKeys | None) -> bool:
        """Put the reason in front why this device must not open now; whether there is one."""
        from client.ui.situations import Kind

        if status.wipe and keys is not None:
            core = self._behind.let_go()
            self._erase(lambda: self._ending.obey(core, keys))
        elif status.suspended:
            self._hold(Kind.SUSPENDED)
        elif status.lease.lapsed:
            self._hold(Kind.LEASE_LAPSED)
        else:
            return False
        return True

    def on_synced(self, status: SyncStatus, keys: DeviceKeys | None) -> None:
        """What the service said may open or close this device."""
        from client.ui.situations import Kind

        if status.wipe or self.held is None:
            if not self._window.locked or status.wipe:
                self.hold_if_due(status, keys)
        elif self.held in {Kind.SUSPENDED, Kind.LEASE_LAPSED}:
            if status.suspended or status.lease.lapsed:
                self.hold_if_due(status, keys)
                if status.error is not None:
                    self._say(status.error)
            else:
                self._window.lock_wanted.emit()  # the PIN again before anything is shown

    def _hold(self, kind: Kind, *, reported: bool = False, before: str = "", now: str = "") -> None:
        from client.ui.screens.held import HeldScreen
        from client.ui.situations import Facts

        core = self._behind.core
        facts = Facts(
            waiting=0 if core is None else core.engine.status().pending,
            days=self._around.policy.offline_lease_days,
            reported=reported,
            before=before,
            now=now,
        )
        self._held = HeldScreen(kind, facts)
        self._held.chosen.connect(self._on_step)
        self._put(self._held)

    def _on_destroyed(self) -> None:
        from client.ui.situations import Kind

        self._hold(Kind.KEYS_DESTROYED)

    def _on_forgotten(self) -> None:
        from client.ui.situations import Kind

        self._hold(Kind.PIN_FORGOTTEN)

    def _on_stuck(self, error: EcabinetError) -> None:
        """The vault cannot even be asked for a PIN."""
        self.answered.emit()
        self._tasks.call(self._keystores, lambda names: self._say_stuck(error, *names), owner=self)

    def _keystores(self) -> tuple[str, str]:
        """Names of the keystore at enrolment and of today's; either may be none."""
        try:
            profile = self._profile()
        except KeyFileDamaged:
            profile = None
        try:
            now = self._keystore()
        except KeystoreUnavailable:
            now = ""
        return "" if profile is None else profile.keystore, now

    def _say_stuck(self, error: EcabinetError, before: str, now: str) -> None:
        from client.ui.situations import of_error

        kind = of_error(error, before=before, now=now)
        if kind is not None:
            self._hold(kind, before=before, now=now)

    def _on_step(self, step: Step) -> None:
        from client.ui.situations import Step

        core = self._behind.core
        if step in {Step.RETRY, Step.BACK} and core is None:
            self.show()
        elif step in {Step.RETRY, Step.BACK}:
            self._window.lock_wanted.emit()
        elif step is Step.START_OVER:
            open_one = self._behind.let_go() if core is not None else None
            self._erase(lambda: self._ending.start_over(open_one))
        elif step is Step.SET_ASIDE:
            self._tasks.call(self._ending.set_aside, self._begin_anew, self._say)
        elif step is Step.ENROL:
            self._tasks.call(self._ending.forget, self._begin_anew, self._say)
        elif core is None:
            self._erase(self._ending.go_on)
        else:
            assert self._held is not None
            self._held.busy(tr("Đang kết nối…"))
            core.engine.poke("member")

    # -- erasing ------------------------------------------------------------------------------------------------

    def _erase(self, work: Callable[[], Erasure | None]) -> None:
        """Do it on a worker thread behind a screen that says so."""
        from client.ui.situations import Kind

        self._hold(Kind.ERASING)
        self._tasks.call(work, self._erased, self._not_erased)

    def _erased(self, done: Erasure | None) -> None:
        from client.ui.situations import Kind

        if done is None or not done.ordered:
            self._tasks.call(self._ending.forget, self._begin_anew, self._say)
        else:
            self._hold(Kind.WIPED, reported=done.reported is not None)

    def _not_erased(self, error: EcabinetError) -> None:
        log.error("erasing is not finished: %s", error)
        self._say(error)

    def _say(self, error: EcabinetError) -> None:
        if self._held is not None:
            self._held.say(f"{error_title(error)}. {error_next_step(error)} [{error.code}]")

    def _begin_anew(self, _none: object) -> None:
        self.anew.emit()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands between the program's start and an open device, without a window: the vault, enrolment, starting over.

Every method may block (Argon2id, keystore, network, disk) and belongs on a worker thread. ``client.front`` shows what
comes out of them.

Rules:
1. Starting over erases in the order of a wipe, after the numbers of what was signed were noted, so that the member is
   told which acts never reached the service (``client.left_behind``).
2. Setting aside moves what is here, sealed as it is, into a folder of its own; nothing is opened, nothing is deleted,
   and the keystore's entries stay, so that IT staff can put it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client import glance
from client.errors import BadInput, EcabinetError, EnvironmentFault, InternalFault, Unreachable
from client.paths import ProfilePaths
from client.surroundings import Surroundings, vault_of

if TYPE_CHECKING:
    from client.core import Core
    from client.enrol import NewDevice
    from client.keys.device import DeviceKeys
    from client.keys.unlock import Vault, VaultStatus
    from client.profile import Profile
    from client.protocol.messages import Root
    from client.ui.screens.enrol import Approval, Begun
    from client.wipe import Erasure

ASIDE: Final = "old-"
"""Folders of profiles that were set aside: ``old-<device>`` inside the profile's folder."""


def _profile(paths: ProfilePaths) -> Profile | None:
    """The whole of it; judging it takes what is not loaded before the first paint."""
    from client import profile

    return profile.load(paths.profile)


class LateVault:
    """The vault, made when it is first asked, on the worker thread that asks."""

    def __init__(self, paths: ProfilePaths, around: Surroundings) -> None:
        self._paths, self._around = paths, around
        self._vault: Vault | None = None

    def open(self) -> Vault:
        """The vault itself."""
        if self._vault is None:
            known = glance.at(self._paths.profile)
            self._vault = vault_of(self._paths, self._around, known.device if known else None)
        return self._vault

    def status(self) -> VaultStatus:
        """See ``Vault.status``."""
        return self.open().status()

    def unlock(self, pin_code: str) -> DeviceKeys:
        """See ``Vault.unlock``."""
        return self.open().unlock(pin_code)


class Enrolling:
    """Does what the enrolment screen asks for."""

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
        return Begun(device.fingerprint.digits24, device.profile.qr)

    def _new_device(self, server: str, pin: str) -> NewDevice:
        from client.enrol import NewDevice

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

        known = _profile(self._paths)
        if known is None:
            raise InternalFault("asked before the request")
        return Approval(ask_state(self._paths, known, self._around))


class Ending:
    """Erases, reports, sets aside; every step can be repeated after a crash."""

    def __init__(self, paths: ProfilePaths, around: Surroundings) -> None:
        self._paths, self._around = paths, around

    @property
    def begun(self) -> bool:
        """Whether an erasure was decided that is not confirmed yet; reads nothing, for the moment of start."""
        return self._paths.erasure.exists()

    def obey(self, core: Core, keys: DeviceKeys) -> Erasure:
        """Carry out the registrar's order on the open device, then try to report."""
        from client import wipe

        wipe.obey(core, keys)
        return self.go_on()

    def go_on(self) -> Erasure:
        """Finish what was decided, and try to report; without a network it is reported later.

        Raises:
            EnvironmentFault: Something could not be erased.
        """
        from client import wipe

        done = wipe.carry_out(self._paths, self._around)
        try:
            return wipe.send_report(self._paths, self._around)
        except EcabinetError:
            return done  # the screen says that the service does not know yet

    def forget(self) -> None:
        """The member read that all is gone."""
        from client import wipe

        wipe.forget(self._paths)

    def start_over(self, core: Core | None = None) -> None:
        """Erase this profile on the member's wish.

        Raises:
            EnvironmentFault: Something could not be erased.
        """
        from client import left_behind, wipe

        profile = _profile(self._paths)
        if profile is None:
            raise InternalFault("nothing to erase")
        wipe.decide(self._paths, profile, self._around, left=left_behind.look(self._paths, profile.device))
        if core is not None:
            core.close()
        wipe.carry_out(self._paths, self._around)
        wipe.forget(self._paths)

    def set_aside(self) -> None:
        """Move what is here into a folder of its own, the profile last.

        Raises:
            EnvironmentFault: A file could not be moved.
        """
        from client import left_behind

        profile = _profile(self._paths)
        if profile is None:
            raise InternalFault("nothing to set aside")
        base = self._paths.base
        target = base / f"{ASIDE}{profile.device}"
        left = left_behind.look(self._paths, profile.device)
        stay = {self._paths.profile, self._paths.log.parent, target}
        try:
            target.mkdir(mode=0o700, exist_ok=True)
            left_behind.keep(self._paths, left)
            moving = [path for path in base.iterdir() if path not in stay | {self._paths.left_behind}]
            for path in [path for path in moving if not path.name.startswith(ASIDE)]:
                path.rename(target / path.name)
            self._paths.profile.rename(target / self._paths.profile.name)
        except OSError as error:
            raise EnvironmentFault(f"cannot set aside: errno {error.errno}") from error

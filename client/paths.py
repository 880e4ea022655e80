# SPDX-License-Identifier: AGPL-3.0-or-later
"""The folders and files of one profile on this machine; nothing else knows where things lie.

A profile is one enrolment with one body's service; several live side by side and never mix. Names come from
this module only: no text from the wire ever becomes a path.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "ecabinet"


@dataclass(frozen=True, slots=True)
class ProfilePaths:
    """Files of one profile under ``base``; created with owner-only permissions."""

    base: Path

    @property
    def record(self) -> Path:
        """The small irreplaceable store."""
        return self.base / "record.db"

    @property
    def papers(self) -> Path:
        """The large re-fetchable store."""
        return self.base / "papers.db"

    @property
    def key_file(self) -> Path:
        """Device keys, sealed under PIN and keystore secret."""
        return self.base / "device.key"

    @property
    def sealed_copies(self) -> Path:
        """Sealed copies of signed acts (save step 1)."""
        return self.base / "outbox"

    @property
    def profile(self) -> Path:
        """Public facts of the enrolment: service address, root, device id."""
        return self.base / "profile.json"

    @property
    def erasure(self) -> Path:
        """What is left of an erased profile: that it was erased, and whether the service was told."""
        return self.base / "erased.json"

    @property
    def left_behind(self) -> Path:
        """Numbers of acts that an earlier device of this profile signed, until the service was asked for them."""
        return self.base / "left-behind.json"

    @property
    def log(self) -> Path:
        """The redacted log."""
        return self.base / "log" / "ecabinet.log"

    @property
    def crash(self) -> Path:
        """Reports of failures, without content."""
        return self.base / "log" / "crash"

    def create(self) -> None:
        """Make the folders, readable by their owner only."""
        for folder in (self.base, self.sealed_copies, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)


def siblings(paths: ProfilePaths) -> tuple[ProfilePaths, ...]:
    """The profiles that lie beside this one, itself included, by name: one per body that this user belongs to."""
    folder = paths.base.parent
    found = [ProfilePaths(each) for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
    mine = [each for each in found if each.profile.is_file() or each.erasure.is_file() or each.base == paths.base]
    return tuple(sorted(mine, key=lambda each: each.base.name))


def new_sibling(paths: ProfilePaths) -> ProfilePaths:
    """A folder of its own for one more body; the name is ours, never from the wire."""
    taken = {each.name for each in paths.base.parent.iterdir()}
    number = next(n for n in range(2, len(taken) + 3) if f"body-{n}" not in taken)
    return ProfilePaths(paths.base.parent / f"body-{number}")


def default_profile() -> ProfilePaths:
    """The profile of this user: the platform's data folder."""
    return ProfilePaths(Path(platformdirs.user_data_dir(APP, appauthor=False)) / "default")


def _machine_places() -> tuple[str, str]:
    if sys.platform == "win32":
        return r"Software\Policies\e-Cabinet\Client", r"Software\e-Cabinet\Client\Install"
    if sys.platform == "darwin":
        return "/Library/Managed Preferences/vn.ecabinet.Client.plist", "/Library/Preferences/vn.ecabinet.Client.plist"
    return "/etc/ecabinet/policies.json", "/etc/xdg/ecabinet/defaults.json"


ENFORCED_POLICY, MACHINE_DEFAULTS = _machine_places()
"""Where IT staff place what is fixed, and the installer what is suggested: files, or keys of HKEY_LOCAL_MACHINE."""

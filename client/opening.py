# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the device's keys to all that the windows are given: built and read in one go on a worker thread.

What the home screen shows first is read by itself; here is what must be known before there is a home screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from client import profile as profiles
from client.core import Core
from client.entry import LateVault
from client.errors import InternalFault
from client.keys.device import DeviceKeys
from client.notices import Notices
from client.paths import ProfilePaths
from client.settings import Settings
from client.store import place
from client.surroundings import Surroundings
from client.ui import kept_place
from client.ui.context import AppContext, MemberCard

if TYPE_CHECKING:
    from client.diagnostics import Diagnostics
    from client.keys.unlock import Vault
    from client.profile import Profile
    from client.ui import navigator as places
    from client.ui.body_switch import BodySwitch
    from client.ui.preferences import Preferences
    from client.ui.screen_guard import Guard
    from client.viewer.host import RenderHost


@dataclass(frozen=True, slots=True)
class Opened:
    """A device that is open.

    Attributes:
        core: The client without windows; its background work has not begun.
        settings: The member's choices.
        member: Who it is.
        left: Where the program was when it died, if it died.
    """

    core: Core
    settings: Settings
    member: MemberCard
    left: places.Route | None
    vault: Vault
    notices: Notices
    diagnostics: Diagnostics

    def context(self, preferences: Preferences, bodies: BodySwitch, guard: Guard) -> AppContext:
        """All that a screen may use."""
        core = self.core
        return AppContext(
            record=core.record,
            papers=core.papers,
            engine=core.engine,
            acts=core.acts,
            render=core.render,
            vault=self.vault,
            preferences=preferences,
            clock=core.around.clock,
            member=self.member,
            policy=core.around.policy,
            diagnostics=self.diagnostics,
            travel=core.travel,
            now=core.time.now,
            people=core.people,
            notices=self.notices,
            bodies=bodies,
            guard=guard,
            release_news=core.release_news,
        )


def open_device(paths: ProfilePaths, keys: DeviceKeys, around: Surroundings, render: RenderHost) -> Opened:
    """Open it.

    Args:
        paths: The profile's files.
        keys: From the vault.
        around: What the machine provides.
        render: Started; the core stops it.

    Raises:
        StoreDamaged, StoreTooNew, StoreBusy, DiskFull: See ``Core``; nothing was changed.
    """
    profile = profiles.load(paths.profile)
    if profile is None:
        raise InternalFault("unlocked without a profile")
    core = Core(paths, profile, keys, around, render=render)
    try:
        core.start_rendering()
        return Opened(
            core,
            core.load_settings(),
            card_of(core, profile, keys),
            kept_place.route_of(core.record.read(place.left).result()),
            LateVault(paths, around).open(),
            Notices(core),
            core.diagnostics(),
        )
    except BaseException:
        core.close()
        raise


def card_of(core: Core, profile: Profile, keys: DeviceKeys) -> MemberCard:
    """Who is using the program, as directory and profile say."""
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

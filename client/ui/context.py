# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen is given: the ports of an unlocked device, built once by ``client.app``."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from client.clock import Clock
from client.domain.ids import DeviceId, MemberId, Moment, PackId
from client.domain.travel import TravelReport
from client.policy import Policy
from client.settings import Settings
from client.store.gate import Gate
from client.ui.preferences import Preferences
from client.ui.screen_guard import Guard

if TYPE_CHECKING:
    from client.diagnostics import Diagnostics
    from client.keys.unlock import Vault
    from client.sync.acts import Acts
    from client.sync.engine import Engine
    from client.ui.notice_bar import NoticePort
    from client.viewer.host import RenderHost


@dataclass(frozen=True, slots=True)
class MemberCard:
    """Who is using the program.

    Attributes:
        body: Name of the body, e.g. "Chính phủ nước Cộng hòa xã hội chủ nghĩa Việt Nam".
        device, device_name, fingerprint: For the settings screen; the fingerprint as 24 digits.
    """

    id: MemberId
    name: str
    body: str
    device: DeviceId
    device_name: str = ""
    fingerprint: str = ""
    enrolled: str = ""

    def __repr__(self) -> str:
        """The id only: names do not reach a log."""
        return f"MemberCard({self.id})"


class RunningCheck(Protocol):
    """A travel check under way."""

    @property
    def report(self) -> Future[TravelReport | None]:
        """The judgement; None when it was cancelled."""
        ...

    def cancel(self) -> None:
        """End after the paper in hand."""
        ...


class Travel(Protocol):
    """Makes travel checks."""

    def start(
        self, ends: Moment, only: frozenset[PackId] | None, on_progress: Callable[[int, int], None]
    ) -> RunningCheck:
        """Begin one; ``on_progress`` is called on its thread with papers looked at and papers there are."""
        ...


@dataclass(frozen=True, slots=True)
class AppContext:
    """The ports; ``vault`` is None only where signing needs no PIN (self-test)."""

    record: Gate
    papers: Gate
    engine: Engine
    acts: Acts
    render: RenderHost
    vault: Vault | None
    preferences: Preferences
    clock: Clock
    member: MemberCard
    policy: Policy
    diagnostics: Diagnostics
    travel: Travel
    notices: NoticePort | None = None
    guard: Guard = Guard.NOT_OFFERED

    @property
    def settings(self) -> Settings:
        """The member's choices in force."""
        return self.preferences.current

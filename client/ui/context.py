# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a screen is given: the ports of an unlocked device, built once by ``client.app``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from client.clock import Clock, Millis
from client.domain.ids import DeviceId, MemberId, Moment, PackId, PaperId
from client.domain.outbox import OutboxItem
from client.domain.people import Person
from client.domain.releases import ReleaseNews
from client.domain.travel import TravelReport
from client.policy import Policy
from client.settings import Settings
from client.store.gate import Gate
from client.ui.models.live import Viewer
from client.ui.preferences import Preferences
from client.ui.screen_guard import Guard

if TYPE_CHECKING:
    from client.diagnostics import Diagnostics
    from client.keys.unlock import Vault
    from client.sync.acts import Acts
    from client.sync.events import SyncStatus
    from client.ui.body_switch import BodySwitch
    from client.ui.notice_bar import NoticePort
    from client.viewer.host import RenderHost


class CarrierPort(Protocol):
    """Acts carried to the secretariat by hand; see ``sync.engine``."""

    def hand_out(self, n: int) -> bytes:
        """The file of one act."""
        ...

    def take_receipt(self, data: bytes) -> OutboxItem:
        """Take in the receipt that came back."""
        ...


class DownloadsPort(Protocol):
    """What the member decided about downloads; see ``sync.choices``."""

    def held(self) -> frozenset[PackId]:
        """Packs the member paused."""
        ...

    def hold(self, pack: PackId) -> None:
        """Pause a pack."""
        ...

    def let_go(self, pack: PackId) -> None:
        """Go on with a pack."""
        ...

    def give_up(self, pack: PackId) -> None:
        """Drop what was fetched of a pack and do not fetch it."""
        ...

    def take_off(self, pack: PackId) -> None:
        """Drop all of a pack's papers and do not fetch them; waits for the stores."""
        ...

    def prefer(self, pack: PackId, paper: PaperId | None = None) -> None:
        """Fetch a pack, and a paper in it, first."""
        ...


class EnginePort(Protocol):
    """What screens ask of the engine."""

    @property
    def carrier(self) -> CarrierPort:
        """For acts carried by hand."""
        ...

    @property
    def downloads(self) -> DownloadsPort:
        """For pausing and ordering downloads."""
        ...

    def status(self) -> SyncStatus:
        """How things stand."""
        ...

    def poke(self, reason: str = "") -> None:
        """Look soon."""
        ...


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
    engine: EnginePort
    acts: Acts
    render: RenderHost
    vault: Vault | None
    preferences: Preferences
    clock: Clock
    member: MemberCard
    policy: Policy
    diagnostics: Diagnostics | None
    """None in the practice world, like ``travel``: there is nothing to diagnose and nowhere to travel with."""
    travel: Travel | None

    now: Callable[[], Millis]
    """The estimate of present time: what deadlines and countdowns are measured by (``sync.timekeeper``)."""
    people: Callable[[], Mapping[MemberId, Person]]
    """Who is who by the current directory."""
    notices: NoticePort | None = None
    guard: Guard = Guard.NOT_OFFERED
    release_news: Callable[[], ReleaseNews | None] = lambda: None
    """Whether there is a newer program; None where nobody is asked."""
    bodies: BodySwitch | None = None
    practice_pin: str = ""
    """Set in the practice world only: every screen says so, and what signs there."""

    @property
    def viewer(self) -> Viewer:
        """Whose screens these are."""
        return Viewer(self.member.id, self.engine.status().active)

    @property
    def practice(self) -> bool:
        """Whether this is the practice world."""
        return bool(self.practice_pin)

    @property
    def settings(self) -> Settings:
        """The member's choices in force."""
        return self.preferences.current

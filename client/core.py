# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's client without its windows: every part built once, wired, started and stopped in order.

The windows (``client.app``), the scripted member of the tests and the self-test all stand on this class, so
what is tested is what runs. Nothing here decides anything; it only says what is connected to what.

Order of start: stores, trust and time, acts (recovery first), engine, then rendering and indexing. Order of stop
is the reverse: nothing may write after the stores are closed.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from client import profile as profiles
from client import updates
from client.build_info import program_version
from client.clock import from_rfc3339, to_rfc3339
from client.crash import CrashReports
from client.crypto.secret import Secret
from client.diagnostics import Diagnostics
from client.domain.ids import MemberId, Moment
from client.domain.people import Person
from client.domain.releases import ReleaseNews
from client.errors import BadInput, EnvironmentFault, SignatureInvalid, StoreDamaged, Untrusted
from client.indexer import Indexer
from client.keys.anchor import FreshnessAnchor
from client.keys.device import DeviceKeys
from client.paths import ProfilePaths
from client.profile import Profile
from client.protocol.messages import DeviceState
from client.settings import Settings
from client.store import place, trusted
from client.store import settings as stored_settings
from client.store.connection import Connection, open_papers, open_record
from client.store.gate import Gate
from client.store.sealed_copy import SealedCopies
from client.surroundings import Surroundings, accepted_sandboxes, make_render_host, render_command
from client.sync.acts import Acts, Identity, RecoveryReport
from client.sync.engine import Engine
from client.sync.fetchers import STREAMS
from client.sync.live import Live
from client.sync.pins import pinned_context
from client.sync.releases import REALM
from client.sync.schedule import Pace
from client.sync.timekeeper import Timekeeper
from client.sync.transport import RequestSigner, Transport
from client.sync.trust import TufTrust
from client.sync.trust_store import GateTrustStore
from client.travel import TravelChecker
from client.updates import UpdateWatch
from client.viewer.host import RenderHost

log = logging.getLogger(__name__)

BUILD_DATE = "2026-11-23T00:00:00.000Z"
"""It is never earlier than this (protocol.md, section 8)."""
SETTINGS = "settings"


class Core:
    """One unlocked device of one member.

    Args:
        paths: Its files.
        profile: Its enrolment; must name the member.
        keys: From the vault.
        around: What the machine provides.
        render: One that was started earlier to save time; this object stops it.

    Attributes:
        recovery: What was found and put back when the stores were opened.

    Raises:
        StoreDamaged, StoreTooNew, StoreBusy, DiskFull: ``record.db`` cannot be used; nothing was changed.
        BadInput: The enrolment was not finished.
    """

    def __init__(
        self,
        paths: ProfilePaths,
        profile: Profile,
        keys: DeviceKeys,
        around: Surroundings,
        *,
        render: RenderHost | None = None,
    ) -> None:
        if profile.member is None:
            raise BadInput("profile: no member yet")
        self.render = render or make_render_host(around)
        self.paths, self.profile, self.around = paths, profile, around
        self._member: MemberId = profile.member
        self._keys = keys
        self._closers: list[Callable[[], object]] = []
        paths.create()
        try:
            self._build()
        except BaseException:
            self.close()
            raise

    def _build(self) -> None:
        self.record = self._gate(lambda: open_record(self.paths.record, self._keys.record_key), "record")
        self.papers = self._gate(lambda: _papers_or_anew(self.paths.papers, self._keys.papers_key), "papers")
        self.time = self._timekeeper()
        self.trust = TufTrust(self.profile.root, GateTrustStore(self.record))
        identity = Identity(self._member, self.profile.device, self._keys.signing)
        self.acts = self._acts(identity)
        self.engine = Engine(
            identity,
            sealing=self._keys.sealing,
            transport=self._transport(),
            trust=self.trust,
            record=self.record,
            papers=self.papers,
            time=self.time,
            clock=self.around.clock,
            rng=self.around.rng,
            held=self.acts.held,
            catch_up=self.acts.catch_up,
            lease_days=self.around.policy.offline_lease_days,
            pace=Pace(streams=STREAMS),
        )
        self._closers.append(self.engine.stop)
        self.acts.on_saved = lambda: self.engine.poke("act")
        self.live = Live(self._transport(), poke=self.engine.poke, rng=self.around.rng)
        self.engine.prepare()
        self._check_member()
        self.recovery: RecoveryReport = self.acts.recover().result()
        if self.recovery != RecoveryReport():
            log.info("recovery: %s", self.recovery)
        sandboxes = accepted_sandboxes(self.around.policy)
        self.indexer = Indexer(self.record, self.papers, render_command(), self.around.clock, sandboxes)
        self.travel = TravelChecker(
            self.record,
            self.papers,
            render_command(),
            self.around.clock,
            sandboxes,
            now=self.time.moment,
            last_sync=lambda: self.time.last_sync,
            lease=self._lease_ends,
            active=lambda: self.engine.status().active,
            on_lost=lambda: self.engine.poke("travel"),
        )
        self._closers.append(self.travel.stop)
        self.updates = self._updates()

    def start_rendering(self) -> None:
        """Start the render process; one that was started before goes on."""
        self._closers.append(self.render.stop)
        self.render.start()

    def start_background(self) -> None:
        """Start synchronising, listening and indexing."""
        self.engine.start()
        self._closers.append(self.live.stop)
        self.live.start()
        self._closers.append(self.indexer.stop)
        self.indexer.start()
        if self.updates is not None:
            self._closers.append(self.updates.stop)
            self.updates.start()

    def set_offline(self, offline: bool) -> None:
        """Work offline on purpose, or stop doing so."""
        self.engine.set_offline(offline)
        self.live.set_offline(offline)
        if self.updates is not None:
            self.updates.set_offline(offline)

    def release_news(self) -> ReleaseNews | None:
        """Whether there is a newer program; None where policy has nobody asked."""
        if self.updates is not None:
            return self.updates.news
        return ReleaseNews(trouble=self._no_updates) if self._no_updates else None

    def wake(self, reason: str) -> None:
        """The network came or changed, or the machine woke: look and listen now, on a fresh connection."""
        self.engine.poke(reason)
        self.live.wake()

    def people(self) -> dict[MemberId, Person]:
        """Who is who by the current directory; empty before there is one."""
        directory = self.trust.directory()
        if directory is None:
            return {}
        reachable = {device.member for device in directory.devices if device.state is DeviceState.ACTIVE}
        return {
            entry.id: Person(entry.id, entry.name, entry.role, entry.serves, entry.id in reachable)
            for entry in directory.members
        }

    def load_settings(self) -> Settings:
        """The member's choices as stored."""
        suggested = self.around.policy.suggested
        first = Settings(
            language=suggested.language or Settings().language,
            auto_lock_s=suggested.auto_lock_s or Settings().auto_lock_s,
        )
        return self.record.read(lambda conn: stored_settings.get(conn, SETTINGS, Settings, first)).result()

    def keep_settings(self, wanted: Settings) -> None:
        """Store the member's choices; does not wait."""
        self.record.write(lambda conn: stored_settings.put(conn, SETTINGS, wanted))

    def forget_place(self) -> None:
        """The member leaves on purpose: the next start begins at home."""
        self.record.write(place.forget)

    def diagnostics(self) -> Diagnostics:
        """Somebody to ask how all this is."""
        version = program_version()
        return Diagnostics(
            version=version,
            device=self.profile.device,
            server_url=self.profile.server_url,
            keystore=self.around.keystore.backend_name,
            sandbox=lambda: self.render.sandbox,
            paths=self.paths,
            policy=self.around.policy,
            record=self.record,
            papers=self.papers,
            engine=self.engine,
            time=self.time,
            clock=self.around.clock,
            reports=CrashReports(self.paths.crash, self.around.clock, program_version),
            release_news=self.release_news,
        )

    def close(self) -> None:
        """Stop everything in reverse order of start; what was saved stays saved."""
        while self._closers:
            self._closers.pop()()

    # -- parts ---------------------------------------------------------------------------------------------

    def _gate(self, opener: Callable[[], Connection], name: str) -> Gate:
        gate = Gate(opener, name)
        opened = gate.start()
        self._closers.append(gate.stop)
        opened.result()
        return gate

    def _updates(self) -> UpdateWatch | None:
        """Whom to ask about releases; what stands in the way is told where the news would be, and stops nothing."""
        self._no_updates, around = "", self.around
        if not updates.wanted(around.policy):
            return None
        store, now = GateTrustStore(self.record, REALM), self.time.now
        context = tls_context(around.policy.ca_file)
        try:
            found = updates.follow(around.policy, store, verify=context, clock=around.clock, rng=around.rng, now=now)
        except (updates.UpdateRootUnusable, BadInput, Untrusted) as error:
            log.info("update metadata cannot be asked for: %s", error)
            self._no_updates = error.code
            return None
        return UpdateWatch(*found)

    def _lease_ends(self) -> Moment | None:
        ends = self.engine.status().lease.ends
        return None if ends is None else Moment(to_rfc3339(ends))

    def _timekeeper(self) -> Timekeeper:
        floor = self.record.read(trusted.floor).result() or BUILD_DATE
        return Timekeeper(self.around.clock, max(from_rfc3339(floor), from_rfc3339(BUILD_DATE)))

    def _transport(self) -> Transport:
        transport = Transport(
            self.profile.server_url,
            verify=tls_context(self.profile.ca_file or self.around.policy.ca_file, self.around.policy.ca_pins),
            clock=self.around.clock,
            rng=self.around.rng,
            signer=RequestSigner(self.profile.device, self._keys.signing),
            proxy=self.around.policy.proxy,
        )
        transport.request_time = self.time.request_time
        self._closers.append(transport.close)
        return transport

    def _acts(self, identity: Identity) -> Acts:
        key = self._keys.record_key
        acts = Acts(
            identity,
            record=self.record,
            reopen=lambda: open_record(self.paths.record, key, read_only=True),
            copies=SealedCopies(self.paths.sealed_copies, key, self.around.rng),
            anchor=FreshnessAnchor(self.around.keystore, self.profile.device),
            time=self.time,
            rng=self.around.rng,
            readers=self.trust.readers,
        )
        self._closers.append(acts.close)
        return acts

    def _check_member(self) -> None:
        """The directory, not the profile file, says whose device this is."""
        entry = self.trust.device(self.profile.device)
        if entry is not None and entry.member != self._member:
            raise SignatureInvalid("the directory lists this device for another member")


def _papers_or_anew(path: Path, key: Secret) -> Connection:
    """Open ``papers.db``; a damaged one is set aside, because everything in it can be fetched again."""
    try:
        return open_papers(path, key)
    except StoreDamaged as error:
        log.info("papers.db set aside: %s", error)
        for suffix in ("", "-wal", "-shm"):
            broken = path.with_name(path.name + suffix)
            broken.unlink(missing_ok=True)
        return open_papers(path, key)


def tls_context(ca_file: str | None, pins: tuple[str, ...] | None = None) -> ssl.SSLContext | None:
    """A context that trusts only ``ca_file`` and, of what that or the system vouches for, only ``pins``.

    None means the system's trust as it is.

    Raises:
        EnvironmentFault: The file cannot be used; nothing falls back to weaker trust.
    """
    if ca_file is None and pins is None:
        return None
    try:
        if pins is not None:
            return pinned_context(ca_file, pins)
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise EnvironmentFault("ca_file cannot be read") from error


def save_profile(paths: ProfilePaths, profile: Profile) -> None:
    """Write the profile's public facts."""
    paths.create()
    profiles.save(paths.profile, profile)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the practice world, and takes it away without a trace.

Real stores, real acts, a real render process; keys and keystore live in memory, so what is left on disk after a crash
cannot be read by anybody and is removed at the next start. There is no transport: nothing can leave.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from client.clock import from_rfc3339
from client.crypto import dsse, hpke
from client.domain.ids import DeviceId
from client.domain.outbox import OutboxItem
from client.errors import BadInput
from client.keys import device as devices
from client.keys.anchor import FreshnessAnchor
from client.keys.device import DeviceKeys
from client.keys.keyring_store import MemoryStore
from client.keys.unlock import Vault
from client.paths import ProfilePaths
from client.practice import content
from client.practice.room import Later, PracticeRoom
from client.protocol import codec
from client.protocol.messages import Reader
from client.resources import resource_path
from client.store import packs, papers, polls, trusted
from client.store.changes import ChangeSet
from client.store.connection import Connection, open_papers, open_record
from client.store.gate import Gate, Handle
from client.store.sealed_copy import SealedCopies
from client.surroundings import Surroundings, make_render_host
from client.sync.acts import Acts, Identity
from client.sync.choices import Downloads
from client.sync.events import Connectivity, SyncStatus
from client.sync.timekeeper import Timekeeper
from client.ui.bridge import Bridge
from client.ui.context import AppContext, CarrierPort, MemberCard
from client.ui.models.rules import kept_name
from client.ui.preferences import Preferences

PIN: Final = "314159"
FOLDER: Final = "tap-duot"
_DEVICE: Final = DeviceId("d_tapduot")


class NothingLeaves:
    """Refuses to carry practice acts to the secretariat."""

    def hand_out(self, n: int) -> bytes:
        """Refuse.

        Raises:
            BadInput: Always.
        """
        raise BadInput(f"practice act {n}")

    def take_receipt(self, data: bytes) -> OutboxItem:
        """Refuse.

        Raises:
            BadInput: Always.
        """
        raise BadInput(f"receipt of {len(data)} bytes in a practice")


class PracticeEngine:
    """What the screens ask of the engine: always connected, and answers by itself."""

    def __init__(self, time: Timekeeper, downloads: Downloads, wake: Callable[[], None]) -> None:
        self._time, self._wake, self.downloads = time, wake, downloads

    @property
    def carrier(self) -> CarrierPort:
        """Nothing of a practice is carried anywhere; the screens do not offer it."""
        return NothingLeaves()

    def status(self) -> SyncStatus:
        """Connected, as far as practising goes."""
        return SyncStatus(online=Connectivity.ONLINE, last_sync=self._time.moment())

    def poke(self, reason: str = "") -> None:  # noqa: ARG002 - the port's form
        """Something was saved, or the member asked."""
        self._wake()


class LaterUntilStopped(Later, Protocol):
    """Runs work later, until it is stopped."""

    def stop(self) -> None:
        """Begin nothing more."""
        ...


class Timers:
    """Runs work later on threads of its own; stopped, it runs nothing more."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._running: set[threading.Timer] = set()
        self._stopped = False

    def __call__(self, wait_s: float, work: Callable[[], None]) -> None:
        """Run ``work`` in ``wait_s`` seconds; one piece of work at a time."""
        timer = threading.Timer(wait_s, lambda: self._run(timer, work))
        timer.daemon = True
        with self._lock:
            if self._stopped:
                return
            self._running.add(timer)
        timer.start()

    def stop(self) -> None:
        """Wait for what runs now; nothing else begins."""
        with self._lock:
            self._stopped = True
            for timer in self._running:
                timer.cancel()

    def _run(self, timer: threading.Timer, work: Callable[[], None]) -> None:
        with self._lock:
            self._running.discard(timer)
            if not self._stopped:
                work()


class PracticeWorld:
    """One practice, from its folder to its screens' context. Made on a worker thread: keys and PIN take a moment.

    Args:
        base: The profile's folder; the practice has a folder of its own in it, emptied first.
        around: Clock, randomness and policy of this machine; its keystore is not used.
        bridge: Of the practice window.
        later: Runs the script; tests run it by hand.
    """

    def __init__(
        self, base: Path, around: Surroundings, bridge: Bridge, later: LaterUntilStopped | None = None
    ) -> None:
        self._folder = base / FOLDER
        self._closers: list[Callable[[], object]] = []
        self._around = replace(around, keystore=MemoryStore(), on_render=bridge.post_render_event)
        remove(self._folder)
        self.paths = ProfilePaths(self._folder)
        self.paths.create()
        self._closers.append(lambda: remove(self._folder))
        self._later = later or Timers()
        try:
            self._build(bridge)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop, and remove everything it wrote."""
        while self._closers:
            self._closers.pop()()

    def context(self, preferences: Preferences) -> AppContext:
        """What the screens are given; on the GUI thread.

        Args:
            preferences: How the screens look; what is changed in the practice is not kept.
        """
        return AppContext(
            record=self.record,
            papers=self.papers,
            engine=self._engine,
            acts=self._acts,
            render=self._render,
            vault=self._vault,
            preferences=preferences,
            clock=self._around.clock,
            member=MemberCard(content.ME, content.NAME, "Tập dượt (dữ liệu giả định)", _DEVICE, "TẬP DƯỢT"),
            policy=self._around.policy,
            diagnostics=None,
            travel=None,
            now=self._time.now,
            people=content.people,
            practice_pin=PIN,
        )

    def _build(self, bridge: Bridge) -> None:
        around = self._around
        keys = devices.generate(_DEVICE, around.rng)
        self.record = self._gate(lambda: open_record(self.paths.record, keys.record_key), "practice record")
        self.papers = self._gate(lambda: open_papers(self.paths.papers, keys.papers_key), "practice papers")
        self._time = Timekeeper(around.clock, from_rfc3339("2026-01-01T00:00:00.000Z"))
        self._vault = Vault(self.paths.key_file, around.keystore, around.clock, around.rng, device_id=_DEVICE)
        self._vault.create(keys, PIN)
        self._acts = self._make_acts(keys)
        self.room = PracticeRoom(self.record, around.clock, self._later)
        self._closers.append(self._later.stop)
        self._engine = PracticeEngine(self._time, Downloads(self.record, self.papers, lambda: None), self.room.poked)
        self._acts.on_saved = self._engine.poke
        self._fill(keys)
        self.room.begin()
        self.record.subscribe(bridge.post_change)
        self.papers.subscribe(bridge.post_change)
        self._render = make_render_host(around)
        self._render.start()
        self._closers.append(self._render.stop)

    def _gate(self, opener: Callable[[], Connection], name: str) -> Gate:
        gate = Gate(opener, name)
        opened: Future[None] = gate.start()
        self._closers.append(gate.stop)
        opened.result()
        return gate

    def _make_acts(self, keys: DeviceKeys) -> Acts:
        key = keys.record_key
        nobody = Reader("reader-practice", hpke.generate().public)
        acts = Acts(
            Identity(content.ME, _DEVICE, keys.signing),
            record=self.record,
            reopen=lambda: open_record(self.paths.record, key, read_only=True),
            copies=SealedCopies(self.paths.sealed_copies, key, self._around.rng),
            anchor=FreshnessAnchor(self._around.keystore, _DEVICE),
            time=self._time,
            rng=self._around.rng,
            readers=lambda: (nobody,),
        )
        self._closers.append(acts.close)
        return acts

    def _fill(self, keys: DeviceKeys) -> None:
        now = self._around.clock.now()
        files = {paper: resource_path("practice", name).read_bytes() for paper, name in content.FILES.items()}
        for data in files.values():
            self.papers.write(partial(_keep_paper, data=data)).result()
        rules = dsse.sign(codec.encode(content.RULES), keyid="practice", key=keys.signing)

        def write(conn: Handle) -> tuple[None, ChangeSet]:
            changes = trusted.save_target(conn, kept_name(content.RULES_ID), rules)[1]
            for revision in content.packs_of(files, now):
                changes |= packs.upsert(conn, revision)[1]
            for poll in content.polls_of(now):
                changes |= polls.save(conn, poll)[1]
            return None, changes

        self.record.write(write).result()


def remove(folder: Path) -> None:
    """Take a practice away; one that is not there is no fault."""
    shutil.rmtree(folder, ignore_errors=True)


def _keep_paper(conn: Handle, *, data: bytes) -> tuple[None, ChangeSet]:
    blob = content.blob_hash(data)
    changes = ChangeSet()
    for index, at in enumerate(range(0, len(data), papers.CHUNK)):
        changes |= papers.append(conn, blob, index, data[at : at + papers.CHUNK])[1]
    return None, changes | papers.finish(conn, blob, content.plain_hash(data), len(data))[1]

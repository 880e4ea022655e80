# SPDX-License-Identifier: AGPL-3.0-or-later
"""One device of one member, assembled as the program assembles it, on real stores and without windows."""

from __future__ import annotations

import os
import ssl
import threading
import time
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from client.clock import Clock, SystemClock
from client.crypto.hpke import SealingKey
from client.crypto.random import Random, system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, Poll
from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, PackId, PollId, QuestionId
from client.domain.outbox import OutboxItem
from client.domain.pack import PackRevision
from client.domain.projection import BallotView, ballot_view
from client.protocol.messages import Root
from client.store import outbox, packs, papers, polls
from client.store.connection import Connection, open_papers, open_record
from client.store.gate import Gate
from client.store.sealed_copy import SealedCopies
from client.sync.acts import Acts, Identity
from client.sync.engine import Engine, EngineEvent, Report
from client.sync.schedule import Pace
from client.sync.timekeeper import Timekeeper
from client.sync.transport import RequestSigner, Timeouts, Transport
from client.sync.trust import TufTrust
from client.sync.trust_store import GateTrustStore


class MemoryAnchor:
    """The freshness anchor outside the store; survives ``Device.crash``."""

    def __init__(self) -> None:
        self.value: tuple[int, str] | None = None
        self.broken = False

    def read(self) -> tuple[int, str] | None:
        return self.value

    def write(self, n: int, hash: str, /) -> None:  # noqa: A002
        if self.broken:
            raise OSError(5, "keystore")
        assert self.value is None or n > self.value[0] or (n, hash) == self.value
        self.value = n, hash


class Device:
    """Keys and folder; ``start`` opens the stores, ``close`` closes them, keys and anchor stay."""

    def __init__(
        self,
        folder: Path,
        root: Root,
        url: str,
        *,
        member: str = "m_017",
        device: str = "d_0001",
        clock: Clock | None = None,
        streams: int = 1,
    ) -> None:
        self.streams = streams
        self.verify: ssl.SSLContext | None = None
        self.folder, self.root, self.url, self.clock = folder, root, url, clock or SystemClock()
        folder.mkdir(parents=True, exist_ok=True)
        self.member, self.device = MemberId(member), DeviceId(device)
        self.signing, self.sealing = SigningKey.generate(), SealingKey.generate()
        self.record_key, self.papers_key = Secret(os.urandom(48)), Secret(os.urandom(48))
        self.anchor = MemoryAnchor()
        self.rng: Random = system_random
        self.events: list[EngineEvent] = []
        self.heard = threading.Condition()
        self.started = False

    def start(self) -> Device:
        self.time = Timekeeper(self.clock)
        self.record = Gate(self._open_record, "record")
        self.papers = Gate(lambda: open_papers(self.folder / "papers.db", self.papers_key), "papers")
        self.record.start().result()
        self.papers.start().result()
        self.trust = TufTrust(self.root, GateTrustStore(self.record))
        self.transport = self.new_transport()
        identity = Identity(self.member, self.device, self.signing)
        self.acts = Acts(
            identity,
            record=self.record,
            reopen=lambda: open_record(self.folder / "record.db", self.record_key, read_only=True),
            copies=SealedCopies(self.folder / "outbox", self.record_key, self.rng),
            anchor=self.anchor,
            time=self.time,
            rng=self.rng,
            readers=self.trust.readers,
        )
        self.engine = Engine(
            identity,
            sealing=self.sealing,
            transport=self.transport,
            trust=self.trust,
            record=self.record,
            papers=self.papers,
            time=self.time,
            clock=self.clock,
            rng=self.rng,
            held=self.acts.held,
            catch_up=self.acts.catch_up,
            pace=Pace(streams=self.streams),
        )
        self.acts.on_saved = lambda: self.engine.poke("act")
        self.engine.subscribe(self._hear)
        self.started = True
        return self

    def new_transport(self) -> Transport:
        return Transport(
            self.url,
            verify=self.verify,
            clock=self.clock,
            rng=self.rng,
            signer=RequestSigner(self.device, self.signing),
            timeouts=Timeouts(connect_s=5, read_s=10, event_s=20),
        )

    def close(self) -> None:
        if not self.started:
            return
        self.started = False
        self.engine.stop()
        self.acts.close()
        self.record.stop()
        self.papers.stop()
        self.transport.close()

    def restart(self) -> Device:
        self.close()
        return self.start()

    def wait_for(self, kind: type, timeout_s: float = 20) -> None:
        """Until an event of that kind was heard."""
        with self.heard:
            assert self.heard.wait_for(lambda: any(isinstance(e, kind) for e in self.events), timeout_s), self.events

    def rows(self, blobs: Iterable[Hash]) -> list[int]:
        """How many rows of each paper are committed: what a restart would find."""
        return [self.papers.read(lambda conn, blob=blob: papers.chunks(conn, blob)).result() for blob in blobs]

    def wait_for_rows(self, blobs: Collection[Hash], enough: int, timeout_s: float = 20) -> None:
        """Until so many rows of these papers together are committed: what the wire let pass is not there at once."""
        until = time.monotonic() + timeout_s
        while sum(self.rows(blobs)) < enough:  # each question waits its turn behind the store's commits
            assert time.monotonic() < until, "what passed the wire never reached the store"

    def _hear(self, event: EngineEvent) -> None:
        with self.heard:
            self.events.append(event)
            self.heard.notify_all()

    def _open_record(self) -> Connection:
        return open_record(self.folder / "record.db", self.record_key)

    # -- short words for tests ----------------------------------------------------------------------------------

    def sync(self) -> Report:
        report = self.engine.run_once()
        assert report.error is None, report.problems
        return report

    def items(self) -> tuple[OutboxItem, ...]:
        return self.record.read(outbox.items).result()

    def pack(self, name: str) -> PackRevision | None:
        return self.record.read(lambda conn: packs.readable(conn, PackId(name))).result()

    def revision(self, name: str, rev: int) -> PackRevision:
        found = self.record.read(lambda conn: packs.get(conn, PackId(name), rev)).result()
        assert found is not None
        return found

    def poll(self, name: str) -> Poll:
        found = self.record.read(lambda conn: polls.get(conn, PollId(name))).result()
        assert found is not None
        return found

    def ballot(self, name: str) -> BallotView:
        """The ballot as the screens see it."""
        acts = self.record.read(lambda conn: outbox.of_poll(conn, PollId(name))).result()
        return ballot_view(self.poll(name), acts, active=True, now=self.time.moment())

    def paper(self, blob: Hash | None, plain: Hash | None) -> bytes:
        assert blob is not None
        assert plain is not None
        return self.papers.read(lambda conn: papers.read(conn, blob, plain=plain)).result()

    def vote(self, poll: str, choice: str = "yes", *, replaces: Hash | None = None) -> OutboxItem:
        return self.acts.cast_vote(self.poll(poll), answers(choice), replaces=replaces).result()


def answers(choice: str = "yes") -> Sequence[Answer]:
    return (Answer(QuestionId("q1"), ChoiceCode(choice), "lý do" if choice == "no" else None),)

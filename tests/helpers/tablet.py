# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device whose clocks, network and death belong to a test: it may end at any commit point, as by ``kill -9``.

What a killed process leaves is what its files held at that moment. So the files are copied at the moment of death,
on the threads that own them, nothing of the dying program leaves any more, and the copy is what starts again.
"""

from __future__ import annotations

import random
import shutil
from functools import partial
from pathlib import Path
from typing import Any

from client.clock import Millis
from client.domain.ids import MemberId
from client.domain.outbox import standing
from client.domain.pack import PackRevision
from client.protocol.messages import Root
from client.store import annotations as marks
from client.store import outbox, packs, polls
from client.store.gate import Gate
from client.sync import crashpoints
from client.sync.acts import RecoveryReport
from client.sync.engine import Report
from client.sync.transport import Transport
from tests.helpers.device import Device
from tests.helpers.inprocess import URL, Network
from tests.helpers.invariants import DeviceEvidence, Diary, evidence_of

STORES = ("record", "papers")


class TrueClock:
    """What time it is; only a test lets it pass."""

    def __init__(self, now: int) -> None:
        self.at, self.elapsed = now, 0.0

    def now(self) -> Millis:
        return Millis(self.at)

    def monotonic(self) -> float:
        return self.elapsed

    def pass_s(self, seconds: float) -> None:
        self.at += round(seconds * 1000)
        self.elapsed += seconds


class TabletClock:
    """The clocks of one machine: the wall may be set wrong or stand still, and while it sleeps the other one stops.

    Attributes:
        off_ms: How far the wall clock is ahead of the truth.
        frozen: The wall clock stands at this moment.
    """

    def __init__(self, truth: TrueClock) -> None:
        self._truth = truth
        self.off_ms = 0
        self.frozen: int | None = None
        self._slept_s, self._asleep_since = 0.0, -1.0

    def now(self) -> Millis:
        return Millis(self._truth.at + self.off_ms if self.frozen is None else self.frozen)

    def monotonic(self) -> float:
        here = self._truth.elapsed if self._asleep_since < 0 else self._asleep_since
        return here - self._slept_s

    @property
    def asleep(self) -> bool:
        return self._asleep_since >= 0

    def sleep(self) -> None:
        if not self.asleep:
            self._asleep_since = self._truth.elapsed

    def wake(self) -> None:
        if self.asleep:
            self._slept_s += self._truth.elapsed - self._asleep_since
            self._asleep_since = -1.0


class Tablet(Device):
    """One device in a history.

    Args:
        folder: Its files.
        root: Whose signatures it believes.
        clock: Its own clocks.
        seed: Decides everything it draws.

    Attributes:
        net: Its way to the service.
        diary: What its member was shown.
        fuse: The process ends at the commit point after this many others; None when it is not to end.
        died_at: The point at which it ended.
        deaths: How often it ended.
    """

    def __init__(
        self, folder: Path, root: Root, net: Network, clock: TabletClock, *, member: MemberId, device: str, seed: str
    ) -> None:
        super().__init__(folder, root, URL, member=member, device=device, clock=clock)
        self.rng = random.Random(seed).randbytes
        self.hands, self.net, self.diary = clock, net, Diary()
        self.fuse: int | None = None
        self.died_at = ""
        self.deaths = 0
        self.revoked = False
        self._anchored: tuple[int, str] | None = None

    # -- life and death ----------------------------------------------------------------------------------------

    def start(self) -> Tablet:
        """As ``Core`` does: stores, trust, recovery, then the rest."""
        super().start()
        self.engine.prepare()
        self.recovery: RecoveryReport = self.acts.recover().result()
        return self

    def new_transport(self) -> Transport:
        made = super().new_transport()
        made._client._transport.close()
        made._client._transport = self.net
        return made

    def reached(self, point: str) -> None:
        """A commit point was reached; burns the fuse."""
        if self.fuse is None or self.net.dead:
            return
        if self.fuse:
            self.fuse -= 1
            return
        self.die(point)

    def die(self, point: str = "between") -> None:
        """End here and now; ``rise`` brings back what was on the disk."""
        for store in STORES:
            gate: Gate = getattr(self, store)
            if gate.on_thread():
                self._keep(store)
            else:
                gate.call(partial(self._keep, store)).result()
        if (self.folder / "outbox").is_dir():
            shutil.copytree(self.folder / "outbox", self._left / "outbox")
        self._anchored = self.anchor.value
        self.net.dead, self.died_at, self.fuse = True, point, None
        self.deaths += 1

    def rise(self) -> None:
        """Start again on what the dead process left."""
        assert self.net.dead
        self.close()
        shutil.rmtree(self.folder)
        self._left.rename(self.folder)
        self.anchor.value, self.net.dead = self._anchored, False
        self.start()

    @property
    def _left(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.left")

    def _keep(self, store: str, _conn: object = None) -> None:
        self._left.mkdir(exist_ok=True)
        for path in self.folder.glob(f"{store}.db*"):
            if not path.name.endswith(("-shm", ".lock")):  # both belong to the living
                shutil.copy(path, self._left / path.name)

    # -- what it shows -----------------------------------------------------------------------------------------

    def look(self) -> Report:
        """One look; the network may be as it likes."""
        return self.engine.run_once()

    def shows(self) -> dict[str, Any]:
        """The screens, for the diary and for a trace."""
        items = self.record.read(outbox.items).result()
        current: tuple[PackRevision, ...] = self.record.read(packs.current).result()
        return {
            "outbox": [
                {"n": i.n, "kind": i.kind.value, "statement": i.statement, "says": standing(i).value, "on": i.subject}
                for i in items
            ],
            "packs": [
                {
                    "pack": r.pack,
                    "rev": r.rev,
                    "state": r.state.value,
                    "papers": [p.id for p in r.papers if p.can_open],
                }
                for r in current
            ],
            "polls": {p.id: p.state.value for p in self.record.read(polls.all).result()},
            "notes": self.notes(),
        }

    def notes(self) -> list[str]:
        """Live notes by name."""
        return sorted(note.id for note in self.record.read(marks.all_live).result())

    def seen(self) -> dict[str, Any]:
        """Somebody looked at the screens."""
        shown = self.shows()
        self.diary.saw(shown)
        return shown

    def evidence(self) -> DeviceEvidence:
        """For the invariants."""
        found = self.recovery
        return evidence_of(
            self.record,
            self.papers,
            copies=self.folder / "outbox",
            anchor=self.anchor.value,
            recovery={"missing": found.missing, "altered": found.altered, "unreadable": found.unreadable},
            unlock_s=0.0,
        )


class Stage:
    """Calls ``Tablet.reached`` for whoever acts; one at a time in this process."""

    def __init__(self) -> None:
        self.acting: Tablet | None = None
        self.points: list[str] = []

    def __enter__(self) -> Stage:
        crashpoints.install(self._reached)
        return self

    def __exit__(self, *_: object) -> None:
        crashpoints.install(None)

    def _reached(self, name: str) -> None:
        if self.acting is not None:
            self.points.append(name)
            self.acting.reached(name)

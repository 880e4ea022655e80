# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole histories: one secretariat, the real service, three tablets of two members, and everything that can happen.

Each step is a method; what the members were shown goes into their diaries, what the wire did into a trace. A seed or
Hypothesis decides the steps; ``settle`` lets the weather clear and demands what must hold in the end.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx

from client.clock import Millis, to_rfc3339
from client.domain.ballot import Answer
from client.domain.comment import CommentDraft
from client.domain.ids import AnnotationId, ChoiceCode, DeviceId, MemberId, Moment, PaperId, QuestionId
from client.domain.outbox import OutboxState
from client.errors import BadInput, NotSaved
from client.protocol.messages import DeviceState, PollWording
from client.store import annotations as marks
from client.sync.engine import Report
from server.config import DATABASE_FILE
from tests.helpers.inprocess import Fate, InProcessService, Network
from tests.helpers.invariants import ServiceEvidence, breaches, service_evidence
from tests.helpers.pack import some_bytes
from tests.helpers.room import Room
from tests.helpers.scene import HOUR_MS, MEMBERS, PACK, Scene, recalled, stroke
from tests.helpers.sharing import Sharing
from tests.helpers.tablet import Stage, Tablet, TabletClock, TrueClock

WIRE: Final = ("POST", "PUT", "GET /time", "GET /tuf", "GET /env", "GET /polls", "GET /blobs", "GET /notes", "GET /st")
"""Kinds of exchanges, as they begin."""
NEW: Final = "d_0004"
CANARY: Final = "chim hoang yen trong mo than (du lieu gia dinh)"
_HASH: Final = re.compile(r"sha256(?::|%3A)([0-9a-f]{64})")


class History:
    """One history on a copy of the scene.

    Args:
        scene: Where it starts.
        folder: The copy.
        seed: Of everything the tablets draw.
        tablets: How many take part.

    Attributes:
        fate: Decides an exchange for which nothing was laid.
        trace: One line for each thing that happened.
        notes: Live notes of the member with two tablets, as they were made and rubbed out.
    """

    def __init__(self, scene: Scene, folder: Path, *, seed: object = 0, tablets: int | None = None) -> None:
        self.folder = folder
        for name in ("service", *(name for name, _ in scene.who)):
            shutil.copytree(scene.folder / name, folder / name)
        self.clock = TrueClock(scene.clock.at)
        self.stage = Stage()
        self.fate: Callable[[Tablet, httpx.Request], Fate] = lambda *_: Fate.FINE
        self.trace: list[str] = []
        self._names: dict[str, str] = {}
        self.service = InProcessService(folder / "service", root=scene.office.root, clock=self.clock).start()
        self.office, self._published = scene.office_at(folder / "service", self.service, self.clock)
        self.polls, self.papers = list(scene.polls), list(scene.papers)
        self.seed = seed
        taking_part = zip(scene.who, scene.tablets[:tablets], strict=False)
        self.tablets = [self._wired(self._blank(*who, like=each)) for who, each in taking_part]
        self.offline: set[str] = set()
        self.laid: defaultdict[str, list[tuple[str, Fate]]] = defaultdict(list)
        self.made_notes: defaultdict[str, set[str]] = defaultdict(set)
        self.gone_notes: set[str] = set()
        self.counter = Counter[str]()
        self.spoilt: set[str] = set()
        self.plan = scene.plan
        self.sharing = Sharing(self)
        self.room = Room(self) if scene.room else None
        self._rose = False

    def __enter__(self) -> History:
        self.stage.__enter__()
        for each in self.tablets:
            each.start()
            each.seen()
        return self

    def __exit__(self, *_: object) -> None:
        self.stage.__exit__()
        for each in self.tablets:
            each.close()
        self.office.close()
        self.service.stop()

    # -- the member ----------------------------------------------------------------------------------------------

    def vote(self, tablet: Tablet, poll: str, choice: str) -> None:
        """As the screens offer it, or not at all."""

        def act() -> str:
            known = [each for each in tablet.shows()["polls"] if each == poll]
            view = tablet.ballot(poll) if known else None
            why_not = None if view is None else view.why_not or (self.room and self.room.says(tablet, poll))
            if view is None or why_not:
                return f"not offered ({why_not.value if why_not else 'unknown'})"
            note = "lý do (dữ liệu giả định)" if choice == "no" else None
            given = (Answer(QuestionId("q1"), ChoiceCode(choice), note),)
            item = tablet.acts.cast_vote(tablet.poll(poll), given, replaces=view.replaces).result()
            self._told(tablet, item.n)
            return f"saved {item.n}"

        self._act(tablet, f"votes {choice} on {poll}", act)

    def comment(self, tablet: Tablet) -> None:
        def act() -> str:
            self.counter["comment"] += 1
            draft = CommentDraft(pack=PACK, text=f"{CANARY} {self.counter['comment']}", paper=PaperId("do_1"))
            item = tablet.acts.send_comment(draft).result()
            self._told(tablet, item.n)
            return f"saved {item.n}"

        self._act(tablet, "comments", act)

    def withdraw(self, tablet: Tablet) -> None:
        """The newest act that waits."""

        def act() -> str:
            waiting = [item.n for item in tablet.items() if item.state is OutboxState.QUEUED]
            if not waiting:
                return "nothing waits"
            tablet.acts.withdraw(waiting[-1]).result()
            return f"withdrawn {waiting[-1]}"

        self._act(tablet, "withdraws", act)

    def draw(self, tablet: Tablet) -> None:
        def act() -> str:
            self.counter["note"] += 1
            name = f"an_{self.counter['note']:04d}"
            tablet.record.write(lambda conn: marks.add(conn, stroke(name, tablet.time.moment()))).result()
            if not tablet.net.dead:
                tablet.diary.drew("do_1", name)
                self.made_notes[tablet.device].add(name)
            return name

        self._act(tablet, "draws", act)

    def rub_out(self, tablet: Tablet, pick: int) -> None:
        def act() -> str:
            live = tablet.notes()
            if not live:
                return "nothing there"
            name = live[pick % len(live)]
            at = tablet.time.moment()
            tablet.record.write(lambda conn: marks.delete(conn, AnnotationId(name), at)).result()
            self.gone_notes.add(name)
            self.sharing.rubbed_out(tablet, name)
            for each in self.tablets:
                each.diary.rubbed_out(name)
            return name

        self._act(tablet, "rubs out", act)

    def share(self, tablet: Tablet, pick: int, readers: tuple[MemberId, ...]) -> None:
        """Seal a note to named people; to nobody any more if there are none."""
        self._act(tablet, "shares", lambda: self.sharing.share(tablet, pick, readers))

    def act_in_room(self, tablet: Tablet, what: str) -> None:
        """An act in the live session."""
        room = self.room
        assert room is not None
        self._act(tablet, what, lambda: room.act(tablet, what))

    def look(self, tablet: Tablet) -> Report | None:
        """One look at the service."""
        self.look_clean(tablet)
        return self._report

    def look_clean(self, tablet: Tablet) -> bool:
        """One look; whether it went through to its end with nothing spoilt in it."""
        self.spoilt.discard(tablet.device)
        report = self._report = self._look(tablet)
        clean = report is not None and report.error is None and not report.problems
        clean = clean and tablet.device not in self.spoilt and not tablet.revoked
        if self.room is not None:
            self.room.looked(tablet)
        if clean:
            self.sharing.looked(tablet)
        return clean

    def _look(self, tablet: Tablet) -> Report | None:
        reports: list[Report] = []

        def act() -> str:
            reports.append(tablet.look())
            [report] = reports
            return f"looked: {report.error.code if report.error else 'complete'}"

        self._act(tablet, "looks", act)
        return reports[0] if reports else None

    # -- the machine and the wire --------------------------------------------------------------------------------

    def doom(self, tablet: Tablet, points: int) -> None:
        """Its process will end after so many commit points."""
        tablet.fuse = points
        self.say(f"{tablet.device} has a fuse of {points}")

    def kill(self, tablet: Tablet) -> None:
        """Between two things."""
        tablet.die()
        self.say(f"{tablet.device} is killed")
        self._rise(tablet)

    def restart(self, tablet: Tablet) -> None:
        tablet.fuse = None
        self._ended(tablet)
        tablet.restart()
        self.say(f"{tablet.device} restarts")

    def go_offline(self, tablet: Tablet) -> None:
        self.offline.add(tablet.device)
        self.say(f"{tablet.device} offline")

    def come_back(self, tablet: Tablet) -> None:
        self.offline.discard(tablet.device)
        tablet.hands.wake()
        self.say(f"{tablet.device} online and awake")

    def sleep(self, tablet: Tablet) -> None:
        tablet.hands.sleep()
        self.say(f"{tablet.device} sleeps")

    def set_clock(self, tablet: Tablet, off_ms: int) -> None:
        tablet.hands.off_ms, tablet.hands.frozen = off_ms, None
        self.say(f"{tablet.device} clock {off_ms:+} ms")

    def freeze_clock(self, tablet: Tablet) -> None:
        tablet.hands.frozen = tablet.hands.now()
        self.say(f"{tablet.device} clock stands still")

    def lay(self, tablet: Tablet, what: str, fate: Fate) -> None:
        """What becomes of its next exchange of a kind: one of ``WIRE``."""
        self.laid[tablet.device].append((what, fate))
        self.say(f"{tablet.device} will meet {what}: {fate.value}")

    def pass_s(self, seconds: float) -> None:
        """Time goes on for everybody; the service opens and closes what is due."""
        self.clock.pass_s(seconds)
        self.service.tick()
        self.say(f"{seconds:g} s pass")

    def service_dies(self) -> None:
        self.service.die()
        self.say("the service is killed")

    # -- the secretariat -------------------------------------------------------------------------------------------

    def revise(self, *, new_poll: bool = False) -> None:
        """The next revision: one paper replaced, perhaps one poll more."""
        self.counter["revision"] += 1
        version = self.counter["revision"] + 1
        self.papers[0] = self.office.paper("do_1", some_bytes(1600, seed=100 + version), version=version)
        if new_poll:
            name = f"po_{len(self.polls) + 1:04d}"
            self.polls.append(self.office.poll(name, PACK, closes=self._in_ms(2 * HOUR_MS)))
        self.office.publish(PACK, self.papers, polls=self.polls)
        self.say(f"revision {self.office.manifests[PACK].rev}, {len(self.polls)} polls")

    def recall(self) -> None:
        """The second paper is recalled."""
        self.papers[1] = recalled(self.papers[1], self._in_ms(0))
        self.office.publish(PACK, self.papers, polls=self.polls)
        self.say(f"recalled in revision {self.office.manifests[PACK].rev}")

    def close(self, poll: PollWording) -> None:
        if self.state_of(poll.id) == "open":
            self.office.close_poll(poll)
            self.say(f"{poll.id} closed")

    def revoke(self, tablet: Tablet) -> None:
        self.office.set_state(DeviceId(tablet.device), DeviceState.REVOKED)
        tablet.revoked = True
        self.say(f"{tablet.device} revoked")

    def enrol(self) -> None:
        """One more tablet of the first member, listed and with envelopes for what is published."""
        made = self._wired(self._blank(NEW, MEMBERS[0]))
        self.office.add_device(made.device, sign=made.signing.public, seal=made.sealing.public, member=made.member)
        self.office.release()
        self.tablets.append(made.start())
        made.seen()
        self.say(f"{made.device} enrolled")

    @property
    def sharers(self) -> list[Tablet]:
        """Tablets that drew something that is still there; only where there is somebody to keep it from."""
        if self.room is None:
            return []
        return [each for each in self.tablets if self.made_notes[each.device] - self.gone_notes]

    def is_away(self, tablet: Tablet) -> bool:
        return tablet.device in self.offline or tablet.hands.asleep

    def state_of(self, poll: str) -> str:
        """By the service's own books."""
        with closing(sqlite3.connect(f"file:{self.folder / 'service' / DATABASE_FILE}?mode=ro", uri=True)) as conn:
            row = conn.execute("SELECT state FROM polls WHERE poll = ?", (poll,)).fetchone()
        assert row is not None
        return str(row[0])

    # -- what must hold ----------------------------------------------------------------------------------------------

    def breaches(self) -> list[str]:
        """Of every tablet, now."""
        service = self.books()
        found = [line for tablet in self.tablets for line in self._breaches(tablet, service)]
        return found + self.sharing.found + ([] if self.room is None else self.room.found)

    @property
    def tablets_rose(self) -> bool:
        """Whether somebody came back from the dead since this was asked last."""
        rose, self._rose = self._rose, False
        return rose

    def books(self) -> ServiceEvidence:
        return service_evidence(self.folder / "service")

    def _breaches(self, tablet: Tablet, service: ServiceEvidence) -> Iterator[str]:
        services = {self.office.receipt.id: self.office.receipt.sign}
        recalled = [f"U paper {paper.id} does not open" for paper in self.papers if paper.recalled is not None]
        for line in breaches(tablet.diary, tablet.evidence(), service, services=services):
            # A recalled paper's bytes go first, its line in the list last: whoever dies in between may see it, closed.
            if not line.startswith(tuple(recalled)):
                yield f"{line} [{tablet.device}]"

    # -- inside ----------------------------------------------------------------------------------------------------

    def _act(self, tablet: Tablet, what: str, act: Callable[[], str]) -> None:
        self.stage.acting = tablet
        try:
            outcome = act()
        except BadInput as error:
            outcome = f"refused here ({error.detail})"
        except NotSaved as error:
            outcome = f"not saved ({error.detail})"
        finally:
            self.stage.acting = None
        if tablet.net.dead:
            self.say(f"{tablet.device} {what}: dies at {tablet.died_at}")
            self._rise(tablet)
            return
        self.say(f"{tablet.device} {what}: {outcome}")
        self._show(tablet)

    def _told(self, tablet: Tablet, n: int) -> None:
        if not tablet.net.dead:
            tablet.diary.told(n)

    def _ended(self, tablet: Tablet) -> None:
        if self.room is not None:
            self.room.ended(tablet)

    def _rise(self, tablet: Tablet) -> None:
        self._ended(tablet)
        tablet.rise()
        self._rose = True
        found = {name: value for name, value in dataclasses.asdict(tablet.recovery).items() if value}
        self.say(f"{tablet.device} is back: {found}")
        self._show(tablet)

    def _show(self, tablet: Tablet) -> None:
        shown = tablet.seen()
        acts = " ".join(f"{i['n']}:{i['says']}" for i in shown["outbox"])
        revisions = " ".join(f"{p['pack']}.{p['rev']}:{p['state']}" for p in shown["packs"])
        states = " ".join(f"{poll}:{state}" for poll, state in sorted(shown["polls"].items()))
        self.say(f"  {tablet.device} shows [{acts}] [{revisions}] [{states}] {shown['notes']}")

    def say(self, line: str) -> None:
        """One line more of the trace."""
        self.trace.append(f"{self.clock.elapsed:10.3f} {self.named(line)}")

    def named(self, line: str) -> str:
        """Hashes by names that are the same in every run."""
        blobs = self.blob_names()

        def name(found: re.Match[str]) -> str:
            digest = found[1]
            known = blobs.get(f"sha256:{digest}")
            return known or self._names.setdefault(digest, f"#{len(self._names) + 1}")

        return _HASH.sub(name, line)

    def blob_names(self) -> dict[str, str]:
        listed = [paper for manifest in self._published for paper in manifest.papers]
        return {str(p.blob): f"{p.id}" if p.version == 1 else f"{p.id}v{p.version}" for p in listed if p.blob}

    def _blank(self, device: str, member: MemberId, *, like: Tablet | None = None) -> Tablet:
        """A tablet with keys of its own, or with those of a tablet of the scene."""
        net, clock = Network(self.service, wait=self.clock.pass_s), TabletClock(self.clock)
        made = Tablet(
            self.folder / device,
            self.office.root,
            net,
            clock,
            member=member,
            device=device,
            seed=f"{self.seed}/{device}",
        )
        if like is not None:
            made.signing, made.sealing = like.signing, like.sealing
            made.record_key, made.papers_key = like.record_key, like.papers_key
            made.anchor.value = like.anchor.value
        return made

    def _wired(self, made: Tablet) -> Tablet:
        """What becomes of its exchanges is decided here, and told in the trace."""

        def fate(request: httpx.Request) -> Fate:
            if made.device in self.offline:
                return Fate.NOBODY
            laid, name = self.laid[made.device], f"{request.method} {request.url.path}"
            met = next((each for each in laid if name.startswith(each[0])), None)
            if met is None:
                return self.fate(made, request)
            laid.remove(met)
            return met[1]

        made.net._fate = fate

        def heard(request: httpx.Request, met: Fate, status: int) -> None:
            if met is not Fate.FINE:
                self.spoilt.add(made.device)
            self.say(f"  {made.device} {request.method} {request.url.path}: {met.value} {status or ''}".rstrip())

        made.net._heard = heard
        return made

    def _in_ms(self, ms: int) -> Moment:
        return Moment(to_rfc3339(Millis(self.clock.now() + ms)))

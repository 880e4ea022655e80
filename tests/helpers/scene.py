# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where every history starts: one secretariat, the real service, three tablets, all synchronised once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.crypto import hashing
from client.domain.annotation import InkStroke
from client.domain.ballot import BallotKind
from client.domain.ids import AnnotationId, Hash, ItemId, MemberId, Moment, PackId, PaperId, RuleSetId, SessionId
from client.domain.live import Plan, PlannedItem
from client.domain.paper import PaperVersion
from client.protocol import codec, http, names
from client.protocol.messages import PackManifest, PollWording, SessionPlan
from client.viewer.ink import InkPoint, pack_points
from server.secretariat.rules import PRESETS
from tests.helpers.inprocess import URL, InProcessService, Network
from tests.helpers.pack import Office, some_bytes
from tests.helpers.tablet import Tablet, TabletClock, TrueClock

START: Final = from_rfc3339("2026-11-26T01:00:00.000Z")
PACK: Final = PackId("pk_0001")
MEMBERS: Final = (MemberId("m_017"), MemberId("m_018"))
WHO: Final = (("d_0001", MEMBERS[0]), ("d_0002", MEMBERS[0]), ("d_0003", MEMBERS[1]))
THIRD: Final = MemberId("m_019")
LIVE_WHO: Final = (*WHO, ("d_0005", THIRD))
"""With a room there is somebody else in it, to whom a note may not be shared."""
SESSION: Final = SessionId("se_0001")
ITEM: Final = ItemId("it_1")
LIVE_POLL: Final = "po_live"
RULES: Final = RuleSetId("gov-2025/1")
HOUR_MS: Final = 3_600_000


class Scene:
    """What every history starts from: published, synchronised once on every tablet; copied for each.

    Args:
        folder: Kept below it.
        room: Three members, a session that can be run, and a vote in it.

    Attributes:
        who: Devices and their members.
        plan: Hash of the session's plan.
    """

    def __init__(self, folder: Path, *, room: bool = False) -> None:
        self.folder, self.room = folder, room
        self.who = LIVE_WHO if room else WHO
        members = (*MEMBERS, THIRD) if room else MEMBERS
        self.clock = TrueClock(START)
        self.office = Office(folder / "service", clock=self.clock, members=members)
        service = InProcessService(folder / "service", root=self.office.root, clock=self.clock).start()
        self.office.connect(URL)
        self.office._http._transport = Network(service)
        self.tablets = [
            Tablet(
                folder / name,
                self.office.root,
                Network(service),
                TabletClock(self.clock),
                member=member,
                device=name,
                seed=name,
            )
            for name, member in self.who
        ]
        for each in self.tablets:
            self.office.add_device(each.device, sign=each.signing.public, seal=each.sealing.public, member=each.member)
        self.polls = [
            self.office.poll("po_0001", PACK, closes=self._in_ms(6 * HOUR_MS)),
            self.office.poll("po_0002", PACK, opens=self._in_ms(HOUR_MS // 2), closes=self._in_ms(48 * HOUR_MS)),
        ]
        if room:
            self.polls.append(self._vote_in_session())
            self._put_rules()
        self.papers = [self.office.paper(f"do_{n}", some_bytes(1500 + n, seed=n)) for n in (1, 2)]
        self.office.publish(PACK, self.papers, polls=self.polls)
        self.plan = self._put_plan(members) if room else None
        for each in self.tablets:
            each.start()
            assert each.look().error is None
            each.close()
        service.stop()

    def _vote_in_session(self) -> PollWording:
        return self.office.poll(LIVE_POLL, PACK, kind=BallotKind.SESSION, item=ITEM, closes=None)

    def _put_rules(self) -> None:
        stem, _, version = RULES.partition("/")
        self.office.target(names.rules_target(stem, int(version)), self.office.sign(PRESETS[RULES]))

    def _put_plan(self, members: Sequence[MemberId]) -> Hash:
        plan = Plan(
            starts=self._in_ms(24 * HOUR_MS),
            members=tuple(members),
            chair=members[0],
            operators=(),
            rules=RULES,
            items=(PlannedItem(ITEM, 30),),
        )
        signed = SessionPlan(session=SESSION, pack=PACK, version=1, plan=plan)
        self.office.put(http.PATH_SESSION.format(session=SESSION), self.office.sign(signed))
        return Hash(hashing.sha256(codec.encode(signed)))

    def _in_ms(self, ms: int) -> Moment:
        return Moment(to_rfc3339(Millis(self.clock.now() + ms)))

    def office_at(self, folder: Path, service: InProcessService, clock: TrueClock) -> tuple[Office, list[PackManifest]]:
        """The secretariat of a copy, and every manifest it publishes."""
        twin = copy.copy(self.office)
        twin.folder, twin.clock, twin.uploads = folder, clock, []
        for name in ("targets", "scope_keys", "manifests", "blob_keys"):
            setattr(twin, name, dict(getattr(self.office, name)))
        twin._http = httpx.Client(transport=Network(service), trust_env=False)
        published, honest = [*twin.manifests.values()], twin.put_manifest

        def noted(manifest: PackManifest) -> None:
            published.append(manifest)
            honest(manifest)

        twin.put_manifest = noted  # type: ignore[method-assign]
        return twin, published


def recalled(paper: PaperVersion, at: Moment) -> PaperVersion:
    """The entry of a paper that is recalled: nothing in it leads to bytes."""
    return PaperVersion(id=paper.id, kind=paper.kind, title=paper.title, version=paper.version, recalled=at)


def stroke(name: str, at: Moment) -> InkStroke:
    """A stroke on the first paper."""
    return InkStroke(
        id=AnnotationId(name),
        paper=PaperId("do_1"),
        plain=Hash("sha256:" + "0" * 64),
        page=0,
        made=at,
        colour="#B3261E",
        width=2.0,
        points=pack_points([InkPoint(100 + 5 * k, 200 + k % 7, 0.5, 4) for k in range(6)]),
    )

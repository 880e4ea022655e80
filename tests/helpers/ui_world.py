# SPDX-License-Identifier: AGPL-3.0-or-later
"""A member's device for tests of the windows: the real ``Core`` (SQLCipher stores, acts, engine, render host)
with packs, polls and acts put in through the store's own functions. Only the network is absent: the service's
address refuses connections.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from client.clock import Millis, SystemClock, from_rfc3339, to_rfc3339
from client.core import Core
from client.crypto import dsse, hashing, hpke
from client.crypto.kdf import Argon2Params
from client.crypto.metadata.keys import HeldKey
from client.crypto.random import system_random
from client.domain.ballot import (
    BallotKind,
    Choice,
    LatePolicy,
    NoteRule,
    OpenIssue,
    PageLink,
    Poll,
    PollState,
    Question,
)
from client.domain.ids import (
    ChoiceCode,
    DeviceId,
    Hash,
    ItemId,
    MemberId,
    Moment,
    PackId,
    PaperId,
    PollId,
    QuestionId,
    RuleSetId,
    SessionId,
)
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperKind, PaperVersion, SecrecyLevel, Urgency
from client.domain.session import AgendaItem, Session, SessionKind
from client.keys import device as devices
from client.keys.device import DeviceKeys
from client.keys.keyring_store import MemoryStore
from client.keys.unlock import Vault
from client.notices import Notices
from client.paths import ProfilePaths
from client.policy import Policy
from client.profile import Profile
from client.protocol import codec, names
from client.protocol.messages import (
    DeviceEntry,
    DeviceState,
    Directory,
    MemberEntry,
    Reader,
    Target,
)
from client.settings import Settings
from client.store import packs, polls, reading, search
from client.surroundings import Surroundings
from client.ui.bridge import Bridge
from client.ui.context import AppContext, MemberCard
from client.ui.preferences import Preferences
from client.ui.tasks import Tasks
from tests.helpers.ceremony import Ceremony, Shelf, held, published, role_of

PIN = "284915"
NOW = "2026-11-27T01:32:00.000Z"
"""08:32 on Friday 27/11/2026 in Việt Nam: the regular session is in progress."""
LIGHT_KDF = Argon2Params(memory_kib=64, iterations=1, lanes=1, testing=True)
REGULAR, THEMATIC, OPINION, COMING, PAST = (
    PackId(name) for name in ("p_regular", "p_thematic", "p_opinion", "p_coming", "p_past")
)
CHOICES = (
    Choice(ChoiceCode("yes"), "Đồng ý", "Agree", NoteRule.OPTIONAL),
    Choice(ChoiceCode("no"), "Không đồng ý", "Disagree", NoteRule.REQUIRED),
    Choice(ChoiceCode("other_opinion"), "Ý kiến khác", "Other opinion", NoteRule.REQUIRED),
)


class SetClock:
    """A clock that stands at ``NOW`` until moved; the monotonic one moves with it."""

    def __init__(self, at: str = NOW) -> None:
        self.at = from_rfc3339(at)
        self.elapsed = 0.0

    def now(self) -> Millis:
        return Millis(self.at + round(self.elapsed * 1000))

    def monotonic(self) -> float:
        return 1000.0 + self.elapsed

    def advance(self, seconds: float) -> None:
        self.elapsed += seconds


def digest(text: str) -> Hash:
    return Hash("sha256:" + hashlib.sha256(text.encode()).hexdigest())


@dataclass
class UiWorld:
    """The device, and what its windows are built from."""

    core: Core
    vault: Vault
    bridge: Bridge
    tasks: Tasks
    ctx: AppContext
    clock: SetClock

    def close(self) -> None:
        self.tasks.stop()
        self.core.close()

    def write(self, fn: Any) -> Any:
        """One transaction of the store, done when this returns."""
        return self.core.record.write(fn).result()


def make_world(folder: Path, *, fill: bool = True, settings: Settings | None = None) -> UiWorld:
    clock = SetClock()
    keystore = MemoryStore()
    around = Surroundings(keystore=keystore, clock=clock, policy=Policy(open_without_sandbox=True))
    service = held("receipt-1")
    ceremony = Ceremony(service, clock.now(), body="Chính phủ (dữ liệu giả định)")
    device = DeviceId("d_9f2c41aa")
    keys = devices.generate(device, system_random)
    paths = ProfilePaths(folder)
    paths.create()
    vault = Vault(paths.key_file, keystore, SystemClock(), system_random, LIGHT_KDF, device_id=device)
    vault.create(keys, PIN)
    profile = Profile(
        server_url="http://127.0.0.1:9",
        root=ceremony.root,
        device=device,
        name="SURFACE-017",
        keystore="memory",
        member=MemberId("m_017"),
        state="active",
    )
    core = Core(paths, profile, keys, around)
    _give_directory(core, ceremony, service, keys)
    bridge, tasks = Bridge(), Tasks()
    core.record.subscribe(bridge.post_change)
    core.papers.subscribe(bridge.post_change)
    core.engine.subscribe(bridge.post_engine_event)
    preferences = Preferences(settings or Settings(), core.keep_settings, Policy())
    card = MemberCard(
        MemberId("m_017"),
        "Thành viên thứ 17 (dữ liệu giả định)",
        profile.root.body,
        device,
        profile.name,
        keys.fingerprint.digits24,
    )
    ctx = AppContext(
        record=core.record,
        papers=core.papers,
        engine=core.engine,
        acts=core.acts,
        render=core.render,
        vault=vault,
        preferences=preferences,
        clock=clock,
        member=card,
        policy=Policy(),
        diagnostics=core.diagnostics(),
        travel=core.travel,
        now=core.time.now,
        people=core.people,
        notices=Notices(core),
    )
    world = UiWorld(core, vault, bridge, tasks, ctx, clock)
    if fill:
        fill_world(world)
    return world


def _give_directory(core: Core, ceremony: Ceremony, service: HeldKey, keys: DeviceKeys) -> None:
    """Signed metadata and directory, judged by the real trust: the device is active, comments have a reader."""
    since, until = Moment("2026-01-01T00:00:00.000Z"), Moment("2028-01-01T00:00:00.000Z")
    entry = DeviceEntry(
        core.profile.device,
        MemberId("m_017"),
        keys.signing.public,
        keys.sealing.public,
        DeviceState.ACTIVE,
        since,
        until,
    )
    directory = Directory(
        version=1,
        devices=(entry,),
        members=tuple(
            MemberEntry(MemberId(f"m_{n:03d}"), f"Thành viên thứ {n} (dữ liệu giả định)", ("government",), "member")
            for n in range(1, 28)
        ),
        services=(role_of(service),),
        readers=(Reader("reader-1", hpke.generate().public),),
    )
    data = dsse.sign(codec.encode(directory), keyid="registrar-1", key=ceremony.registrar.key)
    name, now = names.directory_target(1), core.around.clock.now()
    upload = ceremony.sign({name: Target(Hash(hashing.sha256(data)), len(data))}, version=1, now=now)
    shelf = Shelf(roles=published(upload, service, version=1, now=now))
    shelf.targets[name] = data
    core.trust.refresh(shelf, now)


# -- content ---------------------------------------------------------------------------------------------------


def paper(name: str, title: str, kind: PaperKind = PaperKind.SUBMISSION, pages: int = 12, **more: Any) -> PaperVersion:
    """A paper as a manifest names it; stubs carry nothing that leads to bytes."""
    stub = more.get("secrecy", SecrecyLevel.NORMAL) is not SecrecyLevel.NORMAL
    body: dict[str, Any] = {}
    if not stub:
        version = more.get("version", 1)
        body = {
            "pages": pages,
            "plain": digest(f"{name} v{version}"),
            "size": 98_304 * pages,
            "blob": digest(f"blob {name} v{version}"),
            "blob_size": 98_400 * pages,
            "key": os.urandom(32),
        }
    more.setdefault("sent", Moment("2026-11-20T02:00:00.000Z"))
    return PaperVersion(id=PaperId(name), kind=kind, title=title, **body, **more)


def revision(pack: PackId, session: Session, papers: tuple[PaperVersion, ...], **more: Any) -> PackRevision:
    total = sum(one.blob_size for one in papers)
    more.setdefault("state", PackState.READY)
    more.setdefault("rev", 1)
    more.setdefault("done_bytes", total)
    return PackRevision(pack=pack, session=session, papers=papers, total_bytes=total, **more)


def poll(name: str, pack: PackId, title: str, **more: Any) -> Poll:
    fields: dict[str, Any] = {
        "kind": BallotKind.OPINION,
        "item": None,
        "closes": Moment("2026-11-28T10:00:00.000Z"),
        "state": PollState.OPEN,
        "issues": (),
        "eligible": True,
    }
    fields.update(more)
    return Poll(
        id=PollId(name),
        definition=digest(name),
        pack=pack,
        rev=1,
        title=title,
        summary="Nội dung xin ý kiến: (1) sự cần thiết ban hành; (2) thời hạn chuyển tiếp. (dữ liệu giả định)",
        questions=(Question(QuestionId("q1"), "Đồng chí có đồng ý với dự thảo Nghị định?", CHOICES),),
        opens=Moment("2026-11-24T01:00:00.000Z"),
        revote=True,
        late=LatePolicy.NOT_COUNTED,
        rules=RuleSetId("gov-2025/1"),
        basis=("Điều 5 Quy chế (dữ liệu giả định)",),
        **fields,
    )


def _regular() -> PackRevision:
    papers = (
        paper("a_program", "Chương trình phiên họp", PaperKind.OTHER, 2),
        paper(
            "a_submission",
            "Tờ trình về dự thảo Nghị định quy định chi tiết một số điều của Luật Đầu tư công (dữ liệu giả định)",
            number="123/TTr-BTC",
            agency="Bộ Tài chính",
        ),
        paper(
            "a_draft",
            "Dự thảo Nghị định quy định chi tiết một số điều của Luật Đầu tư công",
            PaperKind.DRAFT,
            34,
            version=2,
            sent=Moment("2026-11-25T09:30:00.000Z"),
        ),
        paper("a_appraisal", "Báo cáo thẩm định dự thảo Nghị định", PaperKind.APPRAISAL, 21, number="318/BCTĐ-BTP"),
        paper("a_report", "Báo cáo tình hình kinh tế - xã hội tháng 11 và 11 tháng năm 2026", PaperKind.REPORT, 48),
        paper(
            "a_annex",
            "Phụ lục số liệu kinh tế - xã hội",
            PaperKind.ANNEX,
            19,
            urgency=Urgency.FLASH,
        ),
        paper(
            "a_secret",
            "Báo cáo chuyên đề",
            PaperKind.REPORT,
            secrecy=SecrecyLevel.SECRET,
            copy_number="17/27",
        ),
    )
    agenda = (
        AgendaItem(ItemId("item1"), "Khai mạc, thông qua chương trình", (PaperId("a_program"),), "", "08:00", "08:10"),
        AgendaItem(
            ItemId("item2"),
            "Dự thảo Nghị định quy định chi tiết một số điều của Luật Đầu tư công (dữ liệu giả định)",
            (PaperId("a_submission"), PaperId("a_draft"), PaperId("a_appraisal")),
            "Bộ Tài chính",
            "08:10",
            "08:50",
        ),
        AgendaItem(
            ItemId("item3"),
            "Tình hình kinh tế - xã hội tháng 11 và 11 tháng năm 2026 (dữ liệu giả định)",
            (PaperId("a_report"), PaperId("a_annex")),
            "Bộ Tài chính",
            "08:50",
            "10:00",
        ),
        AgendaItem(ItemId("item4"), "Nội dung chuyên đề", (PaperId("a_secret"),), "Bộ Công an", "10:15", "11:00"),
    )
    session = Session(
        SessionId("s_regular"),
        "Phiên họp Chính phủ thường kỳ tháng 11 năm 2026 (dữ liệu giả định)",
        SessionKind.REGULAR,
        Moment("2026-11-27T01:00:00.000Z"),
        "Phòng họp số 1 (dữ liệu giả định)",
        agenda,
    )
    return revision(REGULAR, session, papers)


def _simple(pack: PackId, name: str, title: str, kind: SessionKind, starts: str, count: int) -> PackRevision:
    papers = tuple(paper(f"{name}{n}", f"Tài liệu số {n} (dữ liệu giả định)", pages=8 + n) for n in range(1, count + 1))
    agenda = (AgendaItem(ItemId(f"{name}item"), "Nội dung chính", tuple(p.id for p in papers), "Bộ Tư pháp"),)
    session = Session(SessionId(f"s_{name}"), title, kind, Moment(starts), "", agenda)
    return revision(pack, session, papers)


def fill_world(world: UiWorld) -> None:
    """Five packs in five states, three polls, some reading, an indexed page."""
    regular = _regular()
    thematic = _simple(
        THEMATIC,
        "them",
        "Phiên họp chuyên đề về xây dựng pháp luật (dữ liệu giả định)",
        SessionKind.THEMATIC,
        "2026-12-01T07:00:00.000Z",
        5,
    )
    opinion = _simple(
        OPINION,
        "opin",
        "Phiếu lấy ý kiến Thành viên Chính phủ: dự thảo Nghị định mẫu (dữ liệu giả định)",
        SessionKind.OPINION,
        "2026-11-24T01:00:00.000Z",
        3,
    )
    coming = _simple(
        COMING,
        "come",
        "Hội nghị trực tuyến Chính phủ với địa phương (dữ liệu giả định)",
        SessionKind.THEMATIC,
        "2026-12-05T01:00:00.000Z",
        4,
    )
    past = _simple(
        PAST,
        "past",
        "Phiên họp Chính phủ thường kỳ tháng 10 năm 2026 (dữ liệu giả định)",
        SessionKind.REGULAR,
        "2026-10-29T01:00:00.000Z",
        2,
    )
    fetching = msgspec.structs.replace(coming, state=PackState.FETCHING, done_bytes=coming.total_bytes * 62 // 100)
    newer = msgspec.structs.replace(
        thematic,
        rev=2,
        papers=(
            *thematic.papers[:1],
            msgspec.structs.replace(thematic.papers[1], version=2, plain=digest("them2 v2")),
            *thematic.papers[2:],
        ),
    )
    world.write(lambda c: [packs.upsert(c, one) for one in (regular, thematic, newer, opinion, fetching, past)][-1])
    issue = OpenIssue(
        "Thời hạn chuyển tiếp",
        ("Phương án 1: 06 tháng", "Phương án 2: 12 tháng"),
        (("Bộ Tài chính", "Bộ Công Thương"), ("Bộ Tư pháp",)),
        (PageLink(PaperId("opin2"), 6),),
    )
    for one_poll in (
        poll("q_opinion", OPINION, "Phiếu lấy ý kiến về dự thảo Nghị định mẫu (dữ liệu giả định)", issues=(issue,)),
        poll(
            "q_session",
            REGULAR,
            "Biểu quyết thông qua dự thảo Nghị định (dữ liệu giả định)",
            kind=BallotKind.SESSION,
            item=ItemId("item2"),
            closes=None,
            state=PollState.ANNOUNCED,
        ),
        poll(
            "q_past",
            PAST,
            "Biểu quyết tháng 10 (dữ liệu giả định)",
            kind=BallotKind.SESSION,
            state=PollState.CLOSED,
            closed=Moment("2026-10-29T04:00:00.000Z"),
        ),
    ):
        world.write(lambda c, one_poll=one_poll: polls.save(c, one_poll))
    for name, count in (("a_program", 2), ("a_submission", 12), ("a_draft", 5)):
        plain = next(p.plain for p in regular.papers if p.id == name)
        world.write(lambda c, plain=plain, n=count: [reading.mark_page_seen(c, plain, page) for page in range(n)][-1])
    _index(world, regular)


def _index(world: UiWorld, pack: PackRevision) -> None:
    texts = {
        "a_draft": (
            "Nghị định này quy định chi tiết một số điều của Luật Đầu tư công về kế hoạch đầu tư công trung hạn.",
            "Điều 12. Thời hạn chuyển tiếp là 06 tháng kể từ ngày nghị định có hiệu lực thi hành.",
        ),
        "a_report": ("Tình hình đầu tư công: giải ngân vốn đầu tư công 11 tháng đạt 73,5 % kế hoạch.",),
    }
    for one in pack.papers:
        for page, text in enumerate(texts.get(one.id, ())):
            plain = one.plain
            assert plain is not None
            world.core.papers.write(
                lambda c, plain=plain, page=page, text=text: search.index_page(c, plain, page, text)
            ).result()


def moment(world: UiWorld) -> Moment:
    return Moment(to_rfc3339(world.clock.now()))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is practised on: one session in progress, one opinion ballot. All of it invented, and it says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from client.clock import Millis, to_rfc3339
from client.crypto import hashing
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
from client.domain.live import Plan, PlannedItem
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperKind, PaperVersion
from client.domain.people import Person
from client.domain.rules import RuleSet, TieRule
from client.domain.session import AgendaItem, Session, SessionKind

ME: Final = MemberId("m_tapduot")
NAME: Final = "TẬP DƯỢT – không phải phiếu thật"
SESSION: Final = SessionId("s_tapduot")
PACK: Final = PackId("p_tapduot")
OPINION_PACK: Final = PackId("p_tapduot_yk")
VOTE: Final = PollId("q_tapduot_bq")
OPINION: Final = PollId("q_tapduot_yk")
OPENING, DRAFT_ITEM = ItemId("i_tapduot_1"), ItemId("i_tapduot_2")
PROGRAM, SUBMISSION, DRAFT, APPRAISAL = (PaperId(f"a_tapduot_{n}") for n in range(1, 5))
RULES_ID: Final = RuleSetId("tap-duot/1")
MEMBERS: Final = (ME, *(MemberId(f"m_tapduot_{n:02d}") for n in range(1, 27)))
_HOUR: Final = 3_600_000
_PAPERS: Final = (
    (PROGRAM, "chuong-trinh.pdf", "Chương trình phiên họp tập dượt (dữ liệu giả định)", PaperKind.OTHER, 1),
    (SUBMISSION, "to-trinh.pdf", "Tờ trình về trung tâm logistics vùng (dữ liệu giả định)", PaperKind.SUBMISSION, 2),
    (DRAFT, "du-thao.pdf", "Dự thảo Nghị quyết về trung tâm logistics vùng (dữ liệu giả định)", PaperKind.DRAFT, 5),
    (APPRAISAL, "tham-dinh.pdf", "Báo cáo thẩm định (dữ liệu giả định)", PaperKind.APPRAISAL, 2),
)
FILES: Final = {paper: name for paper, name, *_ in _PAPERS}
"""Under ``resources/practice``."""
PAGES: Final = {paper: pages for paper, _, _, _, pages in _PAPERS}

RULES: Final = RuleSet(
    id=RULES_ID,
    title="Quy chế tập dượt (dữ liệu giả định)",
    valid_from=Moment("2025-03-01T00:00:00.000Z"),
    quorum="2/3",
    majority="1/2",
    tie=TieRule.PRIME_MINISTER,
    choices=(
        Choice(ChoiceCode("yes"), "Đồng ý", "In favour", NoteRule.OPTIONAL),
        Choice(ChoiceCode("no"), "Không đồng ý", "Against", NoteRule.REQUIRED),
        Choice(ChoiceCode("other_opinion"), "Ý kiến khác", "Other opinion", NoteRule.REQUIRED),
    ),
    favour=ChoiceCode("yes"),
    against=ChoiceCode("no"),
    basis=("Quy chế tập dượt (dữ liệu giả định)",),
)


def people() -> dict[MemberId, Person]:
    """The invented members."""
    names = {ME: "Thành viên đang tập dượt (dữ liệu giả định)"}
    names |= {one: f"Thành viên tập dượt số {n} (dữ liệu giả định)" for n, one in enumerate(MEMBERS[1:], 1)}
    return {one: Person(one, name, "member") for one, name in names.items()}


def plan(now: Millis) -> Plan:
    """How the session is to run."""
    items = (PlannedItem(OPENING, 10), PlannedItem(DRAFT_ITEM, 40))
    return Plan(moment(now), MEMBERS, MEMBERS[1], (), RULES_ID, items)


def packs_of(files: dict[PaperId, bytes], now: Millis) -> tuple[PackRevision, PackRevision]:
    """The session's pack and the opinion ballot's, both complete."""
    program, submission, draft, appraisal = (_paper(row, files[row[0]]) for row in _PAPERS)
    title = "Phiên họp TẬP DƯỢT (dữ liệu giả định)"
    agenda = (
        AgendaItem(OPENING, "Khai mạc, thông qua chương trình (tập dượt)", (PROGRAM,), "Văn phòng Chính phủ"),
        AgendaItem(
            DRAFT_ITEM,
            "Dự thảo Nghị quyết về trung tâm logistics vùng (dữ liệu giả định)",
            (SUBMISSION, DRAFT, APPRAISAL),
            "Bộ Công Thương",
        ),
    )
    session = Session(SESSION, title, SessionKind.REGULAR, moment(now), "Phòng họp tập dượt", agenda)
    opinion = Session(
        SessionId("s_tapduot_yk"),
        "Phiếu lấy ý kiến TẬP DƯỢT (dữ liệu giả định)",
        SessionKind.OPINION,
        moment(now),
        "",
        (AgendaItem(ItemId("i_tapduot_3"), "Hồ sơ lấy ý kiến (tập dượt)", (SUBMISSION, DRAFT), "Bộ Công Thương"),),
    )
    return _revision(PACK, session, (program, submission, draft, appraisal)), _revision(
        OPINION_PACK, opinion, (submission, draft)
    )


def polls_of(now: Millis) -> tuple[Poll, Poll]:
    """The vote in session, not open yet, and the opinion ballot, open for a day."""
    issue = OpenIssue(
        "Mức hỗ trợ lãi suất tối đa",
        ("Phương án 1: 50% trong 03 năm", "Phương án 2: 30% trong 05 năm"),
        (("Bộ Công Thương",), ("Bộ Tài chính",)),
        (PageLink(DRAFT, 1),),
    )
    vote = _poll(VOTE, BallotKind.SESSION, PACK, "Biểu quyết TẬP DƯỢT: thông qua Nghị quyết", now, item=DRAFT_ITEM)
    opinion = _poll(
        OPINION,
        BallotKind.OPINION,
        OPINION_PACK,
        "Phiếu lấy ý kiến TẬP DƯỢT về trung tâm logistics vùng",
        now,
        issues=(issue,),
        closes=moment(Millis(now + 33 * _HOUR)),
    )
    return vote, opinion


def moment(at: Millis) -> Moment:
    """As the wire writes it."""
    return Moment(to_rfc3339(at))


def plain_hash(data: bytes) -> Hash:
    """What a paper's bytes are known by."""
    return Hash(hashing.sha256(data))


def blob_hash(data: bytes) -> Hash:
    """Under what they are kept."""
    return Hash(hashing.sha256(b"practice" + data))


def _paper(row: tuple[PaperId, str, str, PaperKind, int], data: bytes) -> PaperVersion:
    ident, _, title, kind, pages = row
    sent = datetime(2026, 11, 20, 2, tzinfo=UTC) - timedelta(days=0)
    return PaperVersion(
        id=ident,
        kind=kind,
        title=title,
        pages=pages,
        plain=plain_hash(data),
        size=len(data),
        blob=blob_hash(data),
        blob_size=len(data),
        key=bytes(32),
        sent=Moment(sent.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
    )


def _revision(pack: PackId, session: Session, papers: tuple[PaperVersion, ...]) -> PackRevision:
    size = sum(one.blob_size for one in papers)
    return PackRevision(
        pack=pack, rev=1, state=PackState.READY, session=session, papers=papers, done_bytes=size, total_bytes=size
    )


def _poll(
    ident: PollId,
    kind: BallotKind,
    pack: PackId,
    title: str,
    now: Millis,
    *,
    item: ItemId | None = None,
    issues: tuple[OpenIssue, ...] = (),
    closes: Moment | None = None,
) -> Poll:
    return Poll(
        id=ident,
        kind=kind,
        definition=Hash(hashing.sha256(ident.encode())),
        pack=pack,
        rev=1,
        item=item,
        title=f"{title} (dữ liệu giả định)",
        summary="Phiếu để tập thao tác: đọc tài liệu, chọn, kiểm tra, ký. Không gửi đi đâu (dữ liệu giả định).",
        questions=(Question(QuestionId("q1"), "Đồng chí có đồng ý với dự thảo không? (tập dượt)", RULES.choices),),
        issues=issues,
        eligible=True,
        opens=moment(now),
        closes=closes,
        revote=True,
        late=LatePolicy.NOT_COUNTED,
        rules=RULES_ID,
        state=PollState.OPEN if kind is BallotKind.OPINION else PollState.ANNOUNCED,
        basis=RULES.basis,
    )

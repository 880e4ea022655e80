# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a session leaves behind on paper: minutes, the result sheet of a vote, the session's resolution.

Decides the wording and order of the three papers by the forms of Decree 30/2020/NĐ-CP, Annex III (1.11 biên bản, 1.1
nghị quyết, 1.2 quyết định). Facts come in as values, already verified by whoever calls; nothing here reads a store, a service or a
clock. Times are Việt Nam time (UTC+7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.documents import form
from server.documents.model import Align, Block, Face, Para, Table

NO_CONCLUSION: Final = "Chưa ghi kết luận."
NUMBER: Final = "Số:         /{kind}"
"""The number is given by the registry of documents, by hand or by its own system."""


@dataclass(frozen=True, slots=True)
class VotePaper:
    """One question of one vote.

    Attributes:
        counts: Label and number, in the order of the ballot.
        in_room, absent: Of the votes counted.
        no_response: Members of whom none was counted.
        late: Votes that came too late and were not counted.
        sentence: What the figures mean.
        article: What that rests on; empty where none is known.
        outcome: "Thông qua", "Không thông qua" ...
        certified: The result is final.
    """

    title: str
    question: str
    counts: tuple[tuple[str, int], ...]
    members: int
    in_room: int
    absent: int
    no_response: int
    late: int
    sentence: str
    article: str
    outcome: str
    closed: datetime
    certified: bool


@dataclass(frozen=True, slots=True)
class ItemPaper:
    """One agenda item."""

    title: str
    agency: str
    minutes: int
    speakers: tuple[str, ...]
    votes: tuple[VotePaper, ...]
    conclusion: str
    without_debate: bool


@dataclass(frozen=True, slots=True)
class SessionPaper:
    """A session that has ended.

    Attributes:
        body: "Chính phủ".
        symbol: Its symbol in document numbers, "CP".
        decision: Kind, symbol and enacting words of its decisions: "Nghị quyết", "NQ", "QUYẾT NGHỊ".
        member: What its members are called: "thành viên Chính phủ".
        place: Where it met.
        chair: Who chaired.
        signs: The lines above the chair's name in a decision: "TM. CHÍNH PHỦ", "THỦ TƯỚNG".
        secretary: Who kept the minutes.
        present, remote: Names of those who were there to the end.
        left: Names of those who were there and left before the end, with the time; they are not counted.
        excused: Names of those absent with consent, with the reason for calling them so.
        absent: Names of the other absent members.
        guests: As announced.
        members: How many members the body has.
        grounds: Acts the resolution rests on.
    """

    body: str
    symbol: str
    decision: tuple[str, str, str]
    member: str
    title: str
    place: str
    begun: datetime
    ended: datetime
    chair: str
    signs: tuple[str, ...]
    secretary: str
    members: int
    present: tuple[str, ...]
    remote: tuple[str, ...]
    left: tuple[tuple[str, datetime | None], ...]
    excused: tuple[str, ...]
    absent: tuple[str, ...]
    guests: tuple[str, ...]
    items: tuple[ItemPaper, ...]
    grounds: tuple[str, ...]


def minutes(paper: SessionPaper) -> list[Block]:
    """Biên bản phiên họp."""
    blocks: list[Block] = [
        form.header(paper.body, NUMBER.format(kind=f"BB-{paper.symbol}"), paper.ended.date()),
        *form.name("Biên bản", paper.title),
        Para(text=f"Thời gian bắt đầu: {_moment(paper.begun)}.", indent=0),
        Para(text=f"Địa điểm: {paper.place or 'theo giấy mời'}.", indent=0),
        form.section("I. Thành phần tham dự"),
        form.body(f"Chủ trì: {paper.chair}."),
        form.body(f"Thư ký ghi biên bản: {paper.secretary}."),
        form.body(
            f"Có mặt {len(paper.present) + len(paper.remote)}/{paper.members} {paper.member}"
            + (f", trong đó {len(paper.remote)} người dự từ xa." if paper.remote else ".")
        ),
        form.body(f"Thành viên có mặt: {_names((*paper.present, *paper.remote))}."),
    ]
    if paper.left:
        gone = [name if at is None else f"{name} (lúc {_clock(at)})" for name, at in paper.left]
        blocks.append(form.body(f"Đã rời phiên họp trước khi kết thúc ({len(gone)}): {_names(gone)}."))
    if paper.excused:
        blocks.append(form.body(f"Vắng mặt, được đồng ý ({len(paper.excused)}): {_names(paper.excused)}."))
    if paper.absent:
        blocks.append(form.body(f"Vắng mặt ({len(paper.absent)}): {_names(paper.absent)}."))
    if paper.guests:
        blocks.append(form.body(f"Khách mời: {'; '.join(paper.guests)}."))
    blocks.append(form.section("II. Nội dung"))
    for number, item in enumerate(paper.items, 1):
        blocks += _item(number, item)
    blocks += [
        Para(text=f"Phiên họp kết thúc vào {_moment(paper.ended)}./.", before=8),
        form.signatures(("THƯ KÝ", paper.secretary), ("CHỦ TRÌ", paper.chair)),
    ]
    return blocks


def _item(number: int, item: ItemPaper) -> list[Block]:
    agency = f" ({item.agency} trình)" if item.agency else ""
    blocks: list[Block] = [form.section(f"{number}. {item.title}{agency}", level=2)]
    if item.without_debate:
        blocks.append(form.body("Các thành viên không có ý kiến khác; nội dung được thông qua không thảo luận."))
    else:
        blocks.append(form.body(f"Thời gian xem xét: {item.minutes} phút."))
    if item.speakers:
        blocks.append(form.body(f"Đã phát biểu: {_names(item.speakers)}."))
    for vote in item.votes:
        counts = ", ".join(f"{label} {count}" for label, count in vote.counts)
        blocks.append(
            form.body(f"Biểu quyết: {vote.question} Kết quả: {counts}; {vote.sentence}{_basis(vote)}. {vote.outcome}.")
        )
    blocks.append(form.body(f"Kết luận: {item.conclusion or NO_CONCLUSION}"))
    return blocks


def result_sheet(paper: SessionPaper, votes: Sequence[VotePaper]) -> list[Block]:
    """Phiếu tổng hợp kết quả biểu quyết: one table for each question."""
    made = max((vote.closed for vote in votes), default=paper.ended)
    blocks: list[Block] = [
        form.header(paper.body, NUMBER.format(kind=f"KQ-{paper.symbol}"), made.date()),
        *form.name("Kết quả biểu quyết", paper.title),
    ]
    for number, vote in enumerate(votes, 1):
        blocks.append(form.section(f"{number}. {vote.title}"))
        blocks.append(form.body(f"Câu hỏi: {vote.question}"))
        rows = [(str(at), label, str(count)) for at, (label, count) in enumerate(vote.counts, 1)]
        silent = str(len(rows) + 1)
        blocks.append(
            Table(
                widths=(0.12, 0.63, 0.25),
                header=("TT", "Lựa chọn", "Số thành viên"),
                rows=(
                    *rows,
                    (silent, "Không có phiếu được tính", str(vote.no_response)),
                    ("", "Tổng số thành viên", str(vote.members)),
                ),
                numeric=frozenset({2}),
                size=12,
            )
        )
        blocks.append(
            form.body(
                f"Trong số phiếu được tính: {vote.in_room} phiếu tại phòng họp, {vote.absent} phiếu biểu quyết vắng mặt;"
                f" {vote.late} phiếu đến sau khi đóng, không được tính."
            )
        )
        kind = "chính thức" if vote.certified else "theo danh sách đóng phiếu, chưa xác nhận"
        blocks.append(
            Para(text=f"{vote.outcome} - {vote.sentence}{_basis(vote)} (kết quả {kind}).", face=Face.BOLD, before=4)
        )
    blocks.append(form.close(("TL. CHỦ TRÌ", "THƯ KÝ"), ("Các thành viên", "Lưu: VT"), signer=paper.secretary, gap=62))
    return blocks


def resolution(paper: SessionPaper) -> list[Block]:
    """The session's decision (nghị quyết, or the kind the body issues): what was adopted and concluded, by item."""
    body = paper.body
    kind, symbol, enacting = paper.decision
    blocks: list[Block] = [
        form.header(body, NUMBER.format(kind=f"{symbol}-{paper.symbol}"), paper.ended.date()),
        *form.name(kind, paper.title),
        Para(text=body.upper(), face=Face.BOLD, align=Align.CENTRE, after=6, keep=True),
        *form.grounds([f"Căn cứ {text};" for text in paper.grounds]),
        form.body(f"Trên cơ sở thảo luận và biểu quyết của các {paper.member} tại phiên họp ngày {_day(paper.begun)},"),
        Para(text=f"{enacting}:", face=Face.BOLD, align=Align.CENTRE, before=6, after=6, keep=True),
    ]
    for number, item in enumerate(paper.items, 1):
        blocks.append(form.article(str(number), item.title, level=1))
        blocks += [form.body(f"{vote.outcome}: {vote.sentence}{_basis(vote)}.") for vote in item.votes]
        blocks.append(form.body(item.conclusion or NO_CONCLUSION))
    last = len(paper.items) + 1
    blocks += [
        form.article(str(last), "Tổ chức thực hiện", level=1),
        form.body(f"Các cơ quan, đơn vị liên quan chịu trách nhiệm thi hành {kind} này./."),
        form.close(
            paper.signs,
            (f"Các {paper.member}", "Các cơ quan, đơn vị liên quan", "Lưu: VT"),
            signer=paper.chair,
            gap=62,
        ),
    ]
    return blocks


def _basis(vote: VotePaper) -> str:
    return f" ({vote.article})" if vote.article else ""


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "không có"


def _moment(at: datetime) -> str:
    return f"{_clock(at)}, ngày {_day(at)}"


def _clock(at: datetime) -> str:
    return f"{at.hour:02d} giờ {at.minute:02d} phút"


def _day(at: datetime) -> str:
    month = f"{at.month:02d}" if at.month < 3 else str(at.month)
    return f"{at.day:02d} tháng {month} năm {at.year}"

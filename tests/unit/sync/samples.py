# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small values and a clock that the tests of synchronisation share."""

from __future__ import annotations

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.crypto.hashing import sha256
from client.domain.ballot import (
    BallotKind,
    Choice,
    LatePolicy,
    NoteRule,
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
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.domain.paper import PaperKind, PaperVersion
from client.domain.session import AgendaItem, Session, SessionKind
from client.protocol.messages import VoteClock
from client.sync.statements import Place

NOW = Moment("2026-11-23T03:00:00.000Z")
MEMBER, DEVICE = MemberId("m_017"), DeviceId("d_0001")
PACK, POLL = PackId("pk_0001"), PollId("po_0001")
CHOICES = (
    Choice(ChoiceCode("yes"), "Đồng ý", "Agree"),
    Choice(ChoiceCode("no"), "Không đồng ý", "Disagree", NoteRule.REQUIRED),
)


class HandClock:
    """A clock whose two hands are moved by hand."""

    def __init__(self, wall: int = from_rfc3339(NOW)) -> None:
        self.wall, self.passed = wall, 0.0

    def now(self) -> Millis:
        return Millis(self.wall)

    def monotonic(self) -> float:
        return self.passed

    def tick(self, seconds: float) -> None:
        """Time passes for both."""
        self.wall += round(seconds * 1000)
        self.passed += seconds


def digest(text: str) -> Hash:
    return Hash(sha256(text.encode()))


def later(seconds: float, start: Moment = NOW) -> Moment:
    return Moment(to_rfc3339(Millis(from_rfc3339(start) + round(seconds * 1000))))


def act(
    n: int, *, kind: OutboxKind = OutboxKind.VOTE, subject: str = POLL, state: OutboxState = OutboxState.QUEUED
) -> OutboxItem:
    return OutboxItem(n=n, kind=kind, subject=subject, statement=digest(f"act {n}"), state=state, made=NOW)


def paper(ident: str, content: str = "") -> PaperVersion:
    text = content or ident
    return PaperVersion(
        id=PaperId(ident),
        kind=PaperKind.SUBMISSION,
        title="Tờ trình (dữ liệu giả định)",
        plain=digest(f"plain {text}"),
        size=1000,
        blob=digest(f"blob {text}"),
        blob_size=1100,
        key=bytes(32),
    )


def session(*papers: str, starts: Moment = NOW) -> Session:
    return Session(
        id=SessionId("se_0001"),
        title="Phiên họp thử (dữ liệu giả định)",
        kind=SessionKind.REGULAR,
        starts=starts,
        agenda=(AgendaItem(ItemId("it_1"), "Nội dung 1", tuple(PaperId(each) for each in papers)),),
    )


def poll(**changes: object) -> Poll:
    values: dict[str, object] = {
        "id": POLL,
        "kind": BallotKind.OPINION,
        "definition": digest("definition"),
        "pack": PACK,
        "rev": 1,
        "item": None,
        "title": "Phiếu lấy ý kiến (dữ liệu giả định)",
        "summary": "",
        "questions": (Question(QuestionId("q1"), "Đồng ý thông qua?", CHOICES),),
        "issues": (),
        "eligible": True,
        "opens": later(-3600),
        "closes": later(3600),
        "revote": True,
        "late": LatePolicy.NOT_COUNTED,
        "rules": RuleSetId("gov-2025/1"),
        "state": PollState.OPEN,
    }
    return Poll(**(values | changes))  # type: ignore[arg-type]


def place(n: int = 1, prev: Hash | None = None) -> Place:
    return Place(n=n, prev=prev, made=NOW, clock=VoteClock(last_sync=None, est_err_ms=None), nonce=bytes(16))

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small valid values for the store's tests; all content invented."""

from client.crypto.hashing import sha256
from client.domain.annotation import Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ballot import Answer, BallotKind, Choice, LatePolicy, Poll, PollState, Question
from client.domain.comment import Comment, CommentDraft
from client.domain.ids import (
    AnnotationId,
    ChoiceCode,
    CommentId,
    Hash,
    Moment,
    PackId,
    PaperId,
    PollId,
    QuestionId,
    RuleSetId,
)
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperKind, PaperVersion

T1, T2, T3 = (Moment(f"2026-11-2{day}T02:14:09.000Z") for day in (1, 2, 3))
PACK = PackId("pk_7f3a")
PAPER = PaperId("do_0007")
POLL = PollId("po_0012")


def named(text: str) -> Hash:
    """A hash that stands for ``text``."""
    return Hash(sha256(text.encode()))


def paper(name: str, version: int = 1) -> PaperVersion:
    return PaperVersion(
        id=PaperId(name),
        kind=PaperKind.REPORT,
        title="Báo cáo (dữ liệu giả định)",
        version=version,
        plain=named(f"{name}{version}"),
        blob=named(f"blob {name}{version}"),
        key=b"k" * 32,
        size=10,
        blob_size=82,
    )


def revision(rev: int, *papers: PaperVersion, state: PackState = PackState.KNOWN, pack: PackId = PACK) -> PackRevision:
    return PackRevision(pack=pack, rev=rev, state=state, papers=papers, manifest=named(f"{pack}{rev}"), read_until=T3)


def act(n: int, *, kind: OutboxKind = OutboxKind.VOTE, subject: str = POLL) -> OutboxItem:
    return OutboxItem(
        n=n, kind=kind, subject=subject, statement=named(f"act {n}"), state=OutboxState.QUEUED, made=T1, deadline=T3
    )


ANSWERS = (
    Answer(q=QuestionId("q1"), choice=ChoiceCode("yes")),
    Answer(q=QuestionId("q2"), choice=ChoiceCode("no"), note="Ý kiến khác (dữ liệu giả định)"),
)

BALLOT = Poll(
    id=POLL,
    kind=BallotKind.OPINION,
    definition=named("definition"),
    pack=PACK,
    rev=1,
    item=None,
    title="Lấy ý kiến (dữ liệu giả định)",
    summary="",
    questions=(
        Question(
            id=QuestionId("q1"),
            text="Đồng ý?",
            choices=(
                Choice(code=ChoiceCode("yes"), vi="Tán thành", en="In favour"),
                Choice(code=ChoiceCode("no"), vi="Không tán thành", en="Against"),
            ),
        ),
    ),
    issues=(),
    eligible=True,
    opens=T1,
    closes=T3,
    revote=True,
    late=LatePolicy.NOT_COUNTED,
    rules=RuleSetId("gov-2025/1"),
    state=PollState.OPEN,
)


def marks() -> tuple[InkStroke, Highlight, TextNote, Bookmark]:
    """One of each kind, on pages 0 to 3."""

    def common(number: int) -> dict[str, object]:
        return {
            "id": AnnotationId(f"an_{number:04d}"),
            "paper": PAPER,
            "plain": named("pdf"),
            "page": number,
            "made": T1,
        }

    return (
        InkStroke(**common(0), colour="#1A73E8", width=1.5, points=bytes(range(12)) * 300),  # type: ignore[arg-type]
        Highlight(**common(1), colour="#FFD54A", rects=(Rect(1, 2, 3, 4),), quote=Quote(text="đoạn")),  # type: ignore[arg-type]
        TextNote(**common(2), at=Rect(0, 0, 10, 10), text="Ghi chú riêng"),  # type: ignore[arg-type]
        Bookmark(**common(3), label="Phụ lục"),  # type: ignore[arg-type]
    )


def comment(number: int, pack: PackId = PACK) -> Comment:
    draft = CommentDraft(pack=pack, text=f"Góp ý {number} (dữ liệu giả định)", paper=PAPER, page=2)
    return Comment(id=CommentId(f"co_{number:04d}"), n=number, draft=draft, made=T1)

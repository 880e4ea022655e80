# SPDX-License-Identifier: AGPL-3.0-or-later
"""One meeting: items with their papers, ballots, my comments; and the outbox as a list of acts with their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from client.domain.ballot import Answer, Poll, PollState
from client.domain.bulletin import Reply
from client.domain.comment import Comment
from client.domain.comments_due import CommentsDue
from client.domain.ids import Hash, ItemId, PaperId
from client.domain.live import ItemConclusion, SessionDraft
from client.domain.live_view import SessionView
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState, Standing, standing
from client.domain.pack import PackRevision
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView
from client.domain.session import AgendaItem, SessionKind
from client.ui.models.home import PackCard, is_unanswered

CLOSED = frozenset({PollState.CLOSED, PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED})


@dataclass(frozen=True, slots=True)
class PaperView:
    """One paper of an item.

    Attributes:
        seen: Pages shown on this device.
        changed: Its version differs from the revision the member had before.
        late: It came less than three days before the session.
        openable: Its bytes belong to a revision that can be read.
    """

    paper: PaperVersion
    seen: int
    changed: bool
    late: bool
    openable: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item; ``item`` is None for papers that belong to none."""

    number: int
    item: AgendaItem | None
    papers: tuple[PaperView, ...]


@dataclass(frozen=True, slots=True)
class CommentView:
    """One comment of mine, what became of it, and the answer once there is one."""

    comment: Comment
    act: OutboxItem | None
    standing: Standing | None
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """All that the meeting screen shows."""

    card: PackCard
    items: tuple[ItemView, ...]
    ballots: tuple[BallotView, ...]
    comments: tuple[CommentView, ...]
    room: SessionView | None = None
    """The live session, once the service has one."""
    conclusions: Mapping[ItemId, ItemConclusion] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    """Answers to comments of others, the newest first."""
    asked: CommentsDue | None = None
    """Comments asked of the member and not answered yet."""


@dataclass(frozen=True, slots=True)
class ActView:
    """One act in the outbox.

    Attributes:
        poll, answers: For a vote; the poll may be gone.
        comment: For a comment.
        can_withdraw: It was never sent, so it can still be taken back.
    """

    item: OutboxItem
    standing: Standing
    poll: Poll | None = None
    answers: tuple[Answer, ...] = ()
    comment: Comment | None = None
    session: SessionDraft | None = None
    overtaken: bool = False
    """A later vote in the same ballot was counted: nothing is left to decide."""

    @property
    def can_withdraw(self) -> bool:
        """Queued and never tried (domain.outbox)."""
        return self.item.state is OutboxState.QUEUED and self.item.tries == 0 and not self.item.unknown

    @property
    def waits(self) -> bool:
        """It is not over: queued, suspended, or in conflict and waiting for the member."""
        return is_unanswered(self.item) and not self.overtaken


def items_of(revision: PackRevision, seen: Mapping[Hash, int], *, openable: bool) -> tuple[ItemView, ...]:
    """The agenda with its papers; papers of no item come last, under an item that is None."""
    session = revision.session
    if session is None:
        return ()
    papers = {paper.id: paper for paper in revision.papers}
    changed = frozenset(revision.changed)
    # Papers of an opinion ballot come with it; only a session's papers are due days ahead.
    due = None if session.kind is SessionKind.OPINION else session.starts

    def view(paper_id: PaperId) -> PaperView:
        paper = papers[paper_id]
        count = seen.get(paper.plain, 0) if paper.plain else 0
        return PaperView(paper, count, paper.id in changed, due is not None and paper.is_late_for(due), openable)

    views = [
        ItemView(number, item, tuple(view(paper) for paper in item.papers if paper in papers))
        for number, item in enumerate(session.agenda, start=1)
    ]
    placed = {paper for item in session.agenda for paper in item.papers}
    rest = tuple(view(paper.id) for paper in revision.papers if paper.id not in placed)
    if rest:
        views.append(ItemView(len(views) + 1, None, rest))
    return tuple(views)


def comment_views(
    comments: Sequence[Comment], acts: Mapping[int, OutboxItem], replies: Sequence[Reply] = ()
) -> tuple[CommentView, ...]:
    """My comments with their answers, newest first."""
    answers = {reply.comment: reply for reply in replies}
    found = []
    for comment in comments:
        act = acts.get(comment.n)
        found.append(CommentView(comment, act, standing(act) if act is not None else None, answers.get(comment.id)))
    return tuple(reversed(found))


def act_views(
    items: Sequence[OutboxItem],
    polls: Mapping[str, Poll],
    answers: Mapping[int, tuple[Answer, ...]],
    comments: Mapping[int, Comment],
    sessions: Mapping[int, SessionDraft] = MappingProxyType({}),
) -> tuple[ActView, ...]:
    """All acts, newest first."""
    views = []
    counted = {item.subject: item.n for item in items if item.state is OutboxState.RECEIPTED}
    for item in sorted(items, key=lambda act: act.n, reverse=True):
        poll = polls.get(item.subject) if item.kind is OutboxKind.VOTE else None
        closed = poll is not None and poll.state in CLOSED
        views.append(
            ActView(
                item,
                standing(item, closed_without_receipt=closed, admitted=poll is not None and poll.admitted),
                poll,
                answers.get(item.n, ()),
                comments.get(item.n),
                sessions.get(item.n),
                overtaken=item.state is OutboxState.CONFLICT and counted.get(item.subject, 0) > item.n,
            )
        )
    return tuple(views)

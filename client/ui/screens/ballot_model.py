# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the ballot screens show, computed in one visit to the store thread; no widgets here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from client.clock import Clock, to_rfc3339
from client.domain.ballot import Poll, PollState
from client.domain.ids import Hash, Moment, PollId
from client.domain.outbox import KEPT_OTHER, Standing
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView, MyVote, ballot_view
from client.domain.session import AgendaItem
from client.store import outbox, packs, polls, reading, trusted
from client.store.gate import Gate
from client.store.outbox import Draft
from client.ui.models.home import is_due, is_waiting
from client.ui.models.meeting import CLOSED, PaperView, items_of
from client.ui.screens.ballot_rules import allows_absent_vote, kept_name

_OPEN = frozenset({PollState.OPEN, PollState.CLOSING})


@dataclass(frozen=True, slots=True)
class BallotPage:
    """One ballot with all that belongs to it.

    Attributes:
        view: The ballot joined with my votes.
        item: The agenda item it is about, if it is about one.
        agency: Who submits.
        papers: Papers of the item, or of the whole pack.
        opened: Hashes of those that were opened on this device: what a vote says was read.
        draft: What was chosen and not signed.
        absent_allowed: Its rules know a vote given while absent.
    """

    view: BallotView
    item: AgendaItem | None
    agency: str
    papers: tuple[PaperView, ...]
    opened: tuple[Hash, ...]
    draft: Draft | None
    absent_allowed: bool

    @property
    def poll(self) -> Poll:
        """The ballot."""
        return self.view.poll

    @property
    def can_cast(self) -> bool:
        """A vote may be signed now.

        A vote that lost against one of another device is no ground for a new one while this device does not know
        which vote it would replace.
        """
        return self.view.why_not is None and (not self.other_device or self.view.other is not None)

    @property
    def undecided(self) -> bool:
        """Two devices voted, and the member has not said yet which choice is to stand."""
        current = self.view.current
        return (
            self.other_device
            and self.view.other is not None
            and current is not None
            and current.item.reason != KEPT_OTHER
        )

    @property
    def other_device(self) -> bool:
        """The service holds another vote of this member."""
        return self.view.current is not None and self.view.current.standing is Standing.OTHER_DEVICE

    def vote(self, n: int) -> MyVote | None:
        """My vote of this number."""
        return next((vote for vote in self.view.history if vote.item.n == n), None)


@dataclass(frozen=True, slots=True)
class BallotGroups:
    """All ballots in the order of what they ask of the member."""

    due: tuple[BallotView, ...]
    waiting: tuple[BallotView, ...]
    others: tuple[BallotView, ...]
    closed: tuple[BallotView, ...]


def read_ballot(record: Gate, clock: Clock, poll: PollId, *, active: bool) -> Future[BallotPage | None]:
    """One ballot; None when it is not on this device."""
    now = Moment(to_rfc3339(clock.now()))
    return record.read(
        lambda c: (
            None
            if (found := polls.get(c, poll)) is None
            else _page(
                ballot_view(found, outbox.of_poll(c, poll), active=active, now=now),
                revision := packs.readable(c, found.pack),
                reading.opened_hashes(c, plains := _plains(_papers(found, revision))),
                {plain: len(reading.seen(c, plain)) for plain in plains},
                outbox.draft(c, poll),
                absent_allowed=allows_absent_vote(found, trusted.load_target(c, kept_name(found.rules))),
            )
        )
    )


def group(views: Sequence[BallotView]) -> BallotGroups:
    """Sort ballots: what awaits me by deadline, what is over with the newest first."""
    by_deadline = sorted(views, key=lambda view: (view.poll.closes or "9", view.poll.id))
    closed = [view for view in views if view.poll.state in CLOSED and not is_waiting(view)]
    closed.sort(key=lambda view: view.poll.closed or view.poll.closes or "", reverse=True)
    due = tuple(view for view in by_deadline if is_due(view))
    waiting = tuple(view for view in by_deadline if is_waiting(view))
    named = {view.poll.id for view in (*closed, *due, *waiting)}
    others = tuple(view for view in by_deadline if view.poll.id not in named)
    return BallotGroups(due, waiting, others, tuple(closed))


def is_open(poll: Poll) -> bool:
    """Whether time is running."""
    return poll.state in _OPEN


def _page(
    view: BallotView,
    revision: PackRevision | None,
    opened: tuple[Hash, ...],
    seen: Mapping[Hash, int],
    draft: Draft | None,
    *,
    absent_allowed: bool,
) -> BallotPage:
    item = _item(view.poll, revision)
    agency = item.agency if item is not None else ""
    papers: tuple[PaperView, ...] = ()
    if revision is not None:
        wanted = {paper.id for paper in _papers(view.poll, revision)}
        items = items_of(revision, seen, openable=revision.state is PackState.READY)
        papers = tuple(paper for one in items for paper in one.papers if paper.paper.id in wanted)
        agencies = {one.item.agency for one in items if one.item is not None and one.item.agency}
        if not agency and len(agencies) == 1:
            agency = agencies.pop()
    return BallotPage(view, item, agency, papers, opened, draft, absent_allowed)


def _item(poll: Poll, revision: PackRevision | None) -> AgendaItem | None:
    agenda = revision.session.agenda if revision is not None and revision.session is not None else ()
    return next((item for item in agenda if item.id == poll.item), None)


def _papers(poll: Poll, revision: PackRevision | None) -> tuple[PaperVersion, ...]:
    if revision is None:
        return ()
    item = _item(poll, revision)
    return tuple(paper for paper in revision.papers if item is None or paper.id in item.papers)


def _plains(papers: Iterable[PaperVersion]) -> tuple[Hash, ...]:
    return tuple(paper.plain for paper in papers if paper.plain is not None)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the ballot screens show, computed in one visit to the store thread; no widgets here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from client.clock import Clock
from client.domain.ballot import BallotKind, Poll, PollState, VoteMode
from client.domain.bulletin import Extension
from client.domain.ids import Hash, PollId
from client.domain.live_view import vote_mode
from client.domain.outbox import KEPT_OTHER, Standing
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView, MyVote
from client.domain.session import AgendaItem
from client.store import bulletins, live, outbox, packs, polls, reading, trusted
from client.store.gate import Gate, Handle
from client.store.outbox import Draft
from client.ui.models.home import is_due, is_waiting
from client.ui.models.live import Viewer, views_of
from client.ui.models.meeting import CLOSED, PaperView, items_of
from client.ui.models.result import Result, result_of
from client.ui.models.rules import absent_vote_allowed, kept_name

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
    mode: VoteMode | None = None
    """How the session's roll says a vote would be marked; None where no roll speaks."""
    result: Result | None = None
    extension: Extension | None = None
    """The newest later deadline, with its reason."""
    silent: tuple[str, ...] = ()
    """On an aide's device: names of members served of whom no vote stands; the screen fills it in."""

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


def read_ballot(record: Gate, clock: Clock, poll: PollId, viewer: Viewer) -> Future[BallotPage | None]:
    """One ballot; None when it is not on this device."""
    return record.read(lambda conn: _read(conn, clock, poll, viewer))


def _read(conn: Handle, clock: Clock, poll: PollId, viewer: Viewer) -> BallotPage | None:
    found = polls.get(conn, poll)
    if found is None:
        return None
    [view] = views_of(conn, (found,), clock, viewer)
    revision = packs.readable(conn, found.pack)
    room = live.of_pack(conn, found.pack) if found.kind is BallotKind.SESSION else None
    plains = _plains(_papers(found, revision))
    return _page(
        view,
        revision,
        reading.opened_hashes(conn, plains),
        {plain: len(reading.seen(conn, plain)) for plain in plains},
        outbox.draft(conn, poll),
        absent_allowed=absent_vote_allowed(found, trusted.load_target(conn, kept_name(found.rules))),
        mode=None if room is None else vote_mode(room, viewer.member),
        result=result_of(conn, found, room),
        extension=bulletins.extension(conn, poll),
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
    mode: VoteMode | None,
    result: Result | None,
    extension: Extension | None,
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
    return BallotPage(view, item, agency, papers, opened, draft, absent_allowed, mode, result, extension)


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

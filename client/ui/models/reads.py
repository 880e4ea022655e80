# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads for the screens: each gathers what one screen shows in one visit to the store thread.

The views are computed there too, so the GUI thread gets finished values.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass

from client.clock import Clock, to_rfc3339
from client.domain.ballot import Answer, Poll
from client.domain.ids import Hash, Moment, PackId, PaperId, PollId
from client.domain.outbox import OutboxItem
from client.domain.pack import PackRevision, PackState
from client.domain.projection import BallotView, ballot_view
from client.store import comments, outbox, packs, polls, reading
from client.store.gate import Gate
from client.ui import words
from client.ui.models.home import HomeView, PackCard, home_view
from client.ui.models.meeting import ActView, CommentView, ItemView, MeetingView, act_views, comment_views, items_of

Votes = dict[PollId, tuple[tuple[OutboxItem, tuple[Answer, ...]], ...]]


@dataclass(frozen=True, slots=True)
class PackPapers:
    """A pack with its papers, for the list of all papers."""

    card: PackCard
    items: tuple[ItemView, ...]


def read_home(record: Gate, clock: Clock, *, active: bool) -> Future[HomeView]:
    """All cards of the home screen."""
    return record.read(
        lambda c: _home(
            revisions := packs.current(c),
            found := polls.all(c),
            {poll.id: outbox.of_poll(c, poll.id) for poll in found},
            {plain: len(reading.seen(c, plain)) for plain in _plains(revisions)},
            clock,
            active=active,
        )
    )


def read_ballots(record: Gate, clock: Clock, *, active: bool) -> Future[tuple[BallotView, ...]]:
    """All ballots as the member sees them."""
    return record.read(
        lambda c: _ballots(
            found := polls.all(c), {poll.id: outbox.of_poll(c, poll.id) for poll in found}, clock, active=active
        )
    )


def read_meeting(record: Gate, clock: Clock, pack: PackId, *, active: bool) -> Future[MeetingView | None]:
    """One meeting; None when nothing of it can be shown yet."""
    return record.read(
        lambda c: _meeting(
            pack,
            _home(
                revisions := packs.current(c),
                found := polls.all(c),
                votes := {poll.id: outbox.of_poll(c, poll.id) for poll in found},
                seen := {plain: len(reading.seen(c, plain)) for plain in _plains(revisions)},
                clock,
                active=active,
            ),
            seen,
            _ballots(found, votes, clock, active=active),
            comment_views(comments.of_pack(c, pack), {item.n: item for item in outbox.items(c)}),
        )
    )


def read_papers(record: Gate, clock: Clock) -> Future[tuple[PackPapers, ...]]:
    """Every pack with its papers, in the order of the home screen."""
    return record.read(
        lambda c: _papers(
            _home(
                revisions := packs.current(c),
                (),
                {},
                seen := {plain: len(reading.seen(c, plain)) for plain in _plains(revisions)},
                clock,
                active=True,
            ),
            seen,
        )
    )


def read_outbox(record: Gate) -> Future[tuple[ActView, ...]]:
    """Every act of this device, newest first."""
    return record.read(
        lambda c: act_views(
            outbox.items(c),
            {poll.id: poll for poll in polls.all(c)},
            {item.n: answers for poll in polls.all(c) for item, answers in outbox.of_poll(c, poll.id)},
            {comment.n: comment for comment in comments.all(c)},
        )
    )


def read_names(record: Gate) -> Future[dict[str, str]]:
    """Titles by pack id, poll id, and :func:`pack_paper`."""
    return record.read(lambda c: _names(packs.current(c), polls.all(c)))


def pack_paper(pack: PackId | None, paper: PaperId) -> str:
    """A paper of a pack, as :func:`read_names` names it: paper ids repeat from pack to pack."""
    return f"{pack}/{paper}"


def _names(revisions: tuple[PackRevision, ...], found: tuple[Poll, ...]) -> dict[str, str]:
    names: dict[str, str] = {poll.id: poll.title for poll in found}
    for revision in revisions:
        if revision.session is not None:
            names[revision.pack] = revision.session.title
        names |= {pack_paper(revision.pack, paper.id): words.paper_title(paper) for paper in revision.papers}
    return names


def _plains(revisions: Iterable[PackRevision]) -> set[Hash]:
    return {paper.plain for revision in revisions for paper in revision.papers if paper.plain}


def _ballots(found: tuple[Poll, ...], votes: Votes, clock: Clock, *, active: bool) -> tuple[BallotView, ...]:
    now = Moment(to_rfc3339(clock.now()))
    return tuple(ballot_view(poll, votes.get(poll.id, ()), active=active, now=now) for poll in found)


def _home(
    revisions: tuple[PackRevision, ...],
    found: tuple[Poll, ...],
    votes: Votes,
    seen: dict[Hash, int],
    clock: Clock,
    *,
    active: bool,
) -> HomeView:
    return home_view(revisions, _ballots(found, votes, clock, active=active), seen, clock.now())


def _meeting(
    pack: PackId,
    home: HomeView,
    seen: dict[Hash, int],
    ballots: tuple[BallotView, ...],
    mine: tuple[CommentView, ...],
) -> MeetingView | None:
    card = next((card for card in home.all if card.pack == pack), None)
    if card is None:
        return None
    items = items_of(card.revision, seen, openable=card.revision.state is PackState.READY)
    return MeetingView(card, items, tuple(view for view in ballots if view.poll.pack == pack), mine)


def _papers(home: HomeView, seen: dict[Hash, int]) -> tuple[PackPapers, ...]:
    return tuple(
        PackPapers(card, items_of(card.revision, seen, openable=card.revision.state is PackState.READY))
        for card in home.all
    )

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads for the screens: each gathers what one screen shows in one visit to the store thread.

The views are computed there too, so the GUI thread gets finished values.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass

from client.clock import Clock
from client.domain.ballot import Poll
from client.domain.ids import Hash, PackId, PaperId
from client.domain.live import SessionPhase
from client.domain.live_view import session_view
from client.domain.pack import PackRevision, PackState
from client.domain.projection import BallotView
from client.store import bulletins, comments, live, outbox, packs, polls, reading
from client.store.gate import Gate, Handle
from client.ui import words
from client.ui.models.home import HomeView, OwnComments, PackCard, home_view
from client.ui.models.live import Viewer, views_of
from client.ui.models.meeting import ActView, ItemView, MeetingView, act_views, comment_views, items_of


@dataclass(frozen=True, slots=True)
class PackPapers:
    """A pack with its papers, for the list of all papers."""

    card: PackCard
    items: tuple[ItemView, ...]


def read_home(record: Gate, clock: Clock, viewer: Viewer) -> Future[HomeView]:
    """All cards of the home screen."""
    return record.read(lambda conn: _home(conn, clock, viewer))


def read_ballots(record: Gate, clock: Clock, viewer: Viewer) -> Future[tuple[BallotView, ...]]:
    """All ballots as the member sees them."""
    return record.read(lambda conn: views_of(conn, polls.all(conn), clock, viewer))


def read_meeting(record: Gate, clock: Clock, pack: PackId, viewer: Viewer) -> Future[MeetingView | None]:
    """One meeting; None when nothing of it can be shown yet."""
    return record.read(lambda conn: _meeting(conn, pack, clock, viewer))


def read_papers(record: Gate, clock: Clock) -> Future[tuple[PackPapers, ...]]:
    """Every pack with its papers, in the order of the home screen."""
    return record.read(lambda conn: _papers(conn, clock))


def read_outbox(record: Gate) -> Future[tuple[ActView, ...]]:
    """Every act of this device, newest first."""
    return record.read(
        lambda c: act_views(
            outbox.items(c),
            {poll.id: poll for poll in polls.all(c)},
            {item.n: answers for poll in polls.all(c) for item, answers in outbox.of_poll(c, poll.id)},
            {comment.n: comment for comment in comments.all(c)},
            {item.n: draft for room in live.all(c) for item, draft in live.acts(c, room.session)},
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


def _seen(conn: Handle, revisions: Iterable[PackRevision]) -> dict[Hash, int]:
    plains = {paper.plain for revision in revisions for paper in revision.papers if paper.plain}
    return {plain: len(reading.seen(conn, plain)) for plain in plains}


def _home(conn: Handle, clock: Clock, viewer: Viewer) -> HomeView:
    revisions = packs.current(conn)
    ballots = views_of(conn, polls.all(conn), clock, viewer)
    return home_view(
        revisions,
        ballots,
        _seen(conn, revisions),
        clock.now(),
        phases=_phases(conn),
        held=packs.held(conn),
        own=_own_comments(conn, revisions),
    )


def _own_comments(conn: Handle, revisions: Iterable[PackRevision]) -> OwnComments:
    """Read only where comments are asked for at all."""
    if not any(revision.session is not None and revision.session.comments_due for revision in revisions):
        return OwnComments()
    acts = {item.n: item for item in outbox.items(conn)}
    return OwnComments(comments.all(conn), acts, comments.none_to_make(conn))


def _meeting(conn: Handle, pack: PackId, clock: Clock, viewer: Viewer) -> MeetingView | None:
    home = _home(conn, clock, viewer)
    card = next((card for card in home.all if card.pack == pack), None)
    if card is None:
        return None
    seen = _seen(conn, (card.revision,))
    ballots = views_of(conn, [poll for poll in polls.all(conn) if poll.pack == pack], clock, viewer)
    room, answers = live.of_pack(conn, pack), bulletins.replies(conn, pack)
    mine = comments.of_pack(conn, pack)
    own = {comment.id for comment in mine}
    return MeetingView(
        card=card,
        items=items_of(card.revision, seen, openable=card.revision.state is PackState.READY),
        ballots=ballots,
        comments=comment_views(mine, {item.n: item for item in outbox.items(conn)}, answers),
        room=None
        if room is None
        else session_view(room, live.acts(conn, room.session), member=viewer.member, now=clock.now()),
        conclusions=live.conclusions(conn, card.session.id),
        replies=tuple(reply for reply in answers if reply.comment not in own),
        asked=next((each for each in home.comments if each.pack == pack), None),
    )


def _papers(conn: Handle, clock: Clock) -> tuple[PackPapers, ...]:
    revisions = packs.current(conn)
    seen = _seen(conn, revisions)
    return tuple(
        PackPapers(card, items_of(card.revision, seen, openable=card.revision.state is PackState.READY))
        for card in home_view(revisions, (), seen, clock.now(), phases=_phases(conn), held=packs.held(conn)).all
    )


def _phases(conn: Handle) -> dict[PackId, SessionPhase]:
    return {each.pack: each.room.phase for each in live.all(conn)}

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session as the screens show it: the member's view joined with agenda, papers and open votes.

No rule is decided here: what the room says and what a vote may do come from ``client.domain``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from client.clock import Clock, to_rfc3339
from client.domain.ballot import BallotKind, Poll, PollState, WhyNot
from client.domain.ids import MemberId, Moment, PackId
from client.domain.live import DeclareAbsence, LiveSession, Presence, SessionPhase
from client.domain.live_view import SessionView, room_says, session_view
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView, ballot_view
from client.domain.session import AgendaItem, Session
from client.store import live, outbox, packs, polls, trusted
from client.store.gate import Gate, Handle
from client.ui.models.home import RUNNING
from client.ui.models.rules import absent_vote_allowed, kept_name

OPEN: Final = frozenset({PollState.OPEN, PollState.CLOSING})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose screens these are, and whether the directory lists the device as active."""

    member: MemberId
    active: bool


@dataclass(frozen=True, slots=True)
class ShownPage:
    """What the presenter shows; ``page`` counts from 0."""

    paper: PaperVersion
    page: int


@dataclass(frozen=True, slots=True)
class LiveNow:
    """The session in progress.

    Attributes:
        number: Place of the current item on the agenda, from 1; 0 when none is current.
        page: The presenter's page, if that paper is on this device.
        votes: Votes of the session that are open, those the member can still answer first.
    """

    pack: PackId
    session: Session
    view: SessionView
    item: AgendaItem | None
    number: int
    page: ShownPage | None
    votes: tuple[BallotView, ...]

    @property
    def live(self) -> LiveSession:
        """What was received."""
        return self.view.live


def read_live(record: Gate, clock: Clock, viewer: Viewer) -> Future[LiveNow | None]:
    """The session in progress; None when there is none."""
    return record.read(lambda conn: _live_now(conn, clock, viewer))


def views_of(conn: Handle, found: Sequence[Poll], clock: Clock, viewer: Viewer) -> tuple[BallotView, ...]:
    """Ballots joined with this device's votes and with what their session says."""
    rooms = {each.pack: each for each in live.all(conn)}
    now = Moment(to_rfc3339(clock.now()))
    return tuple(
        ballot_view(
            poll,
            outbox.of_poll(conn, poll.id),
            active=viewer.active,
            now=now,
            in_room=in_room(conn, poll, rooms, viewer.member, now),
        )
        for poll in found
    )


def in_room(
    conn: Handle, poll: Poll, rooms: Mapping[PackId, LiveSession], member: MemberId, now: Moment
) -> WhyNot | None:
    """What the live session has against a vote in ``poll``."""
    room = rooms.get(poll.pack)
    if poll.kind is not BallotKind.SESSION or room is None:
        return None
    allowed = absent_vote_allowed(poll, trusted.load_target(conn, kept_name(poll.rules)))
    return room_says(room, poll, member, absent_vote=allowed, now=now)


def _live_now(conn: Handle, clock: Clock, viewer: Viewer) -> LiveNow | None:
    running = [each for each in live.all(conn) if each.room.phase in RUNNING]
    for found in sorted(running, key=lambda each: each.at, reverse=True):
        revision = packs.readable(conn, found.pack)
        if revision is None or revision.session is None:
            continue
        view = session_view(found, live.acts(conn, found.session), member=viewer.member, now=clock.now())
        agenda = revision.session.agenda
        places = {item.id: number for number, item in enumerate(agenda, 1)}
        current = found.room.current
        item = next((each for each in agenda if each.id == current), None)
        shown = found.room.pages
        papers = {paper.id: paper for paper in revision.papers if not paper.is_stub}
        page = ShownPage(papers[shown.paper], shown.page) if shown is not None and shown.paper in papers else None
        open_polls = [
            poll
            for poll in polls.all(conn)
            if poll.pack == found.pack and poll.kind is BallotKind.SESSION and poll.state in OPEN
        ]
        votes = sorted(views_of(conn, open_polls, clock, viewer), key=lambda one: one.current is not None)
        number = places.get(current, 0) if current is not None else 0
        return LiveNow(found.pack, revision.session, view, item, number, page, tuple(votes))
    return None


@dataclass(frozen=True, slots=True)
class Attendance:
    """What the member may do about attendance now; who decides is the service and the secretary."""

    confirm: bool = False
    check_in: bool = False
    absence: bool = False
    substitute: bool = False


def attendance_of(view: SessionView) -> Attendance:
    """What is left to do, from the roll and from what waits here."""
    phase, me = view.live.room.phase, view.me
    if me is None or phase is SessionPhase.CLOSED:
        return Attendance()
    waits = view.attendance is not None and view.attendance.waits
    here = me.presence in {Presence.PRESENT, Presence.REMOTE, Presence.CHECKED_IN}
    absent = me.presence in {Presence.ABSENT_ASKED, Presence.ABSENT_APPROVED, Presence.ABSENT}
    before = phase is SessionPhase.SCHEDULED
    asked = waits and view.attendance is not None and isinstance(view.attendance.draft.act, DeclareAbsence)
    return Attendance(
        confirm=before and me.presence is not Presence.WILL_ATTEND and not here and not waits,
        check_in=not before and not here and not waits,
        absence=not here and not absent and not waits,
        substitute=(absent or asked) and view.substitute is None,
    )

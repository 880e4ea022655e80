# SPDX-License-Identifier: AGPL-3.0-or-later
"""My meetings: which cards there are, in what state and in what order.

Order: sessions in progress, then what awaits an answer (by deadline), then packs whose papers changed, then
the rest by date. What is over goes to a list of its own, newest first. A session is in progress from its
start to the end of its last item; without times on the items, for eight hours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from types import MappingProxyType
from typing import Final

from client.clock import Millis, from_rfc3339
from client.domain.ballot import BallotKind, PollState
from client.domain.comment import Comment
from client.domain.comments_due import CommentsDue, comments_due
from client.domain.ids import Hash, Moment, PackId
from client.domain.live import SessionPhase
from client.domain.outbox import KEPT_OTHER, OutboxItem, OutboxState
from client.domain.pack import PackRevision, PackState
from client.domain.paper import PaperVersion
from client.domain.projection import BallotView
from client.domain.session import Session, SessionKind

_VIETNAM: Final = timezone(timedelta(hours=7))
_DAY_MS: Final = 86_400_000
_MISSED_MS: Final = 7 * _DAY_MS
_WITHOUT_TIMES: Final = timedelta(hours=8)
RUNNING: Final = frozenset({SessionPhase.ROLL_CALL, SessionPhase.IN_SESSION, SessionPhase.PAUSED})
_ON_ITS_WAY: Final = frozenset({PackState.KNOWN, PackState.KEYED, PackState.MANIFEST_OK, PackState.FETCHING})
_ENDED: Final = frozenset({PackState.EXPIRED, PackState.SHREDDED})
_UNANSWERED: Final = frozenset({OutboxState.QUEUED, OutboxState.SUSPENDED, OutboxState.CONFLICT})


class PackShown(Enum):
    """The state of a pack as a member understands it (ux.md, screen B)."""

    NOT_FETCHED = "not_fetched"
    FETCHING = "fetching"
    PAUSED = "paused"
    TAKEN_OFF = "taken_off"
    """The member took its papers off this device, or never let them come."""
    READY = "ready"
    CHANGED = "changed"
    BLOCKED = "blocked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ReadCount:
    """Papers whose every page was shown, of those that can be read here."""

    read: int
    papers: int


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """What is left to read until a pack is needed; computed and kept on this device only.

    Attributes:
        pages: Pages not shown yet.
        days: Days to read in, today among them and the day it is needed not, at least one.
        until: When the session starts, or the ballot closes.
    """

    pages: int
    days: int
    until: Millis

    @property
    def a_day(self) -> int:
        """Pages to read each day."""
        return -(-self.pages // self.days)


@dataclass(frozen=True, slots=True)
class PackCard:
    """One session or dossier.

    Attributes:
        revision: What can be read now, or else the newest that is on its way.
        share: Fetched share of what is on its way, per cent.
    """

    revision: PackRevision
    session: Session
    shown: PackShown
    share: int
    live: bool
    count: ReadCount
    reason: str = ""
    plan: ReadingPlan | None = None

    @property
    def pack(self) -> PackId:
        """Which pack."""
        return self.revision.pack


@dataclass(frozen=True, slots=True)
class HomeView:
    """The cards: packs in order, ballots that await an answer or a receipt, by deadline, and what is over."""

    packs: tuple[PackCard, ...]
    due: tuple[BallotView, ...]
    over: tuple[PackCard, ...]
    dossiers: tuple[PackCard, ...] = ()
    """Opinion dossiers whose ballot is among ``due``: not listed again."""
    missed: tuple[BallotView, ...] = ()
    """Opinion ballots that closed without an answer of the member, or of a member this aide serves, of the last days,
    the newest first."""
    to_remind: tuple[BallotView, ...] = ()
    """On an aide's device: open opinion ballots that a member served has not answered, by deadline."""
    comments: tuple[CommentsDue, ...] = ()
    """Comments asked of the member, by deadline: due, waiting for a receipt, or missed."""
    unnamed: int = 0
    """Packs known but not opened yet: no title to show."""

    @property
    def all(self) -> tuple[PackCard, ...]:
        """Every pack there is."""
        return (*self.packs, *self.dossiers, *self.over)


@dataclass(frozen=True, slots=True)
class OwnComments:
    """What this device knows of the member's comments.

    Attributes:
        none_until: Packs on which the member has none to make, with the deadline for which it was said.
    """

    made: Sequence[Comment] = ()
    acts: Mapping[int, OutboxItem] = field(default_factory=dict)
    none_until: Mapping[PackId, Moment] = field(default_factory=dict)


def home_view(
    revisions: Sequence[PackRevision],
    ballots: Sequence[BallotView],
    seen: Mapping[Hash, int],
    now: Millis,
    *,
    phases: Mapping[PackId, SessionPhase] = MappingProxyType({}),
    held: frozenset[PackId] = frozenset(),
    own: OwnComments | None = None,
) -> HomeView:
    """Join what the store has.

    Args:
        revisions: ``packs.current``: per pack the readable revision, then newer ones on their way.
        ballots: All ballots as projected.
        seen: Pages shown, by the hash of the PDF.
        now: Present time.
        phases: Where live sessions stand, by the service's signed word; without one the agenda's times speak.
        held: Packs the member does not want fetched.
        own: My comments.
    """
    by_pack: dict[PackId, list[PackRevision]] = {}
    for revision in revisions:
        by_pack.setdefault(revision.pack, []).append(revision)
    open_packs = {view.poll.pack for view in ballots if is_due(view)}
    known = _Known(seen, now, _first_deadlines(ballots), phases, held)
    cards = [card for several in by_pack.values() if (card := _card(several, known)) is not None]
    over = [card for card in cards if _is_over(card, ballots, now, phases.get(card.pack))]
    shown = {view.poll.pack for view in ballots if is_due(view) or is_waiting(view)}
    # A dossier whose ballot has a card of its own would stand there twice.
    double = [card for card in cards if card.session.kind is SessionKind.OPINION and card.pack in shown]
    current = [card for card in cards if card not in over and card not in double]
    current.sort(key=lambda card: _rank(card, open_packs))
    over.sort(key=lambda card: card.session.starts, reverse=True)
    due = sorted((v for v in ballots if is_due(v) or is_waiting(v)), key=lambda v: v.poll.closes or "9")
    to_remind = sorted((v for v in ballots if is_to_remind(v)), key=lambda v: v.poll.closes or "9")
    missed = sorted((v for v in ballots if is_missed(v, now)), key=lambda v: v.poll.closed or "", reverse=True)
    return HomeView(
        packs=tuple(current),
        due=tuple(due),
        over=tuple(over),
        dossiers=tuple(double),
        missed=tuple(missed),
        to_remind=tuple(to_remind),
        comments=_comments([card for card in cards if card not in over], own or OwnComments(), now),
        unnamed=len(by_pack) - len(cards),
    )


def is_due(view: BallotView) -> bool:
    """Whether this ballot awaits the member: it can be cast and nothing of theirs stands in it."""
    return view.why_not is None and view.current is None


def is_missed(view: BallotView, now: Millis) -> bool:
    """Whether an opinion was asked for, the ballot closed lately, and nothing of the member stands in it.

    Silence is ``no_response``, never consent (product.md, section 2): the member is told, for a week.
    """
    poll = view.poll
    silent = (poll.eligible and view.current is None) or bool(poll.silent)
    if poll.kind is not BallotKind.OPINION or poll.closed is None or not silent:
        return False
    return now - from_rfc3339(poll.closed) < _MISSED_MS


def is_to_remind(view: BallotView) -> bool:
    """Whether the member whose aide this is has still to answer: the aide is warned as well."""
    running = view.poll.state in {PollState.OPEN, PollState.CLOSING}
    return running and view.poll.kind is BallotKind.OPINION and bool(view.poll.silent)


def is_near(view: BallotView, now: Millis) -> bool:
    """Whether a ballot that awaits the member, or one whose aide this is, closes within a day."""
    closes = view.poll.closes
    return (is_due(view) or is_to_remind(view)) and closes is not None and from_rfc3339(closes) - now < _DAY_MS


def is_waiting(view: BallotView) -> bool:
    """Whether a vote of mine in it has no receipt yet; it stays on the home screen until it has."""
    return view.current is not None and is_unanswered(view.current.item)


def is_unanswered(item: OutboxItem) -> bool:
    """Whether an act still waits: for its receipt, or in a conflict for the member."""
    return item.state in _UNANSWERED and item.reason != KEPT_OTHER


def session_end(session: Session) -> Millis:
    """When the session is over by its own agenda."""
    starts = datetime.fromisoformat(session.starts).astimezone(_VIETNAM)
    ends = [item.ends for item in session.agenda if item.ends]
    if not ends:
        return Millis(from_rfc3339(session.starts) + int(_WITHOUT_TIMES.total_seconds() * 1000))
    hour, minute = map(int, max(ends).split(":"))
    last = starts.replace(hour=min(hour, 23), minute=minute, second=0, microsecond=0)
    return Millis(int(max(last, starts).timestamp() * 1000))


def read_count(papers: Sequence[PaperVersion], seen: Mapping[Hash, int]) -> ReadCount:
    """How many of ``papers`` were shown to their last page."""
    readable = [paper for paper in papers if not paper.is_stub and paper.plain is not None]
    done = sum(1 for paper in readable if paper.plain and paper.pages and seen.get(paper.plain, 0) >= paper.pages)
    return ReadCount(done, len(readable))


def reading_plan(
    papers: Sequence[PaperVersion], seen: Mapping[Hash, int], *, until: Millis, now: Millis
) -> ReadingPlan | None:
    """How to be through with ``papers`` in time; None when nothing is left, or no time."""
    left = sum(max(0, p.pages - seen.get(p.plain, 0)) for p in papers if p.plain is not None and not p.is_stub)
    if not left or until <= now:
        return None
    days = (vietnam_day(until) - vietnam_day(now)).days
    return ReadingPlan(left, max(1, days), until)


def vietnam_day(at: Millis) -> date:
    """The day it is in Việt Nam."""
    return datetime.fromtimestamp(at / 1000, _VIETNAM).date()


def _comments(cards: Sequence[PackCard], own: OwnComments, now: Millis) -> tuple[CommentsDue, ...]:
    """What is asked about ``cards``, by deadline; nothing about packs that were withdrawn."""
    found = []
    for card in cards:
        if card.shown is not PackShown.WITHDRAWN:
            mine = [comment for comment in own.made if comment.draft.pack == card.pack]
            none_until = own.none_until.get(card.pack)
            found.append(comments_due(card.pack, card.session, mine, own.acts, none_until=none_until, now=now))
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (each.until, each.pack)))


def _first_deadlines(ballots: Sequence[BallotView]) -> dict[PackId, Millis]:
    """By pack, when the first of its ballots that await me closes."""
    found: dict[PackId, Millis] = {}
    for view in ballots:
        if is_due(view) and view.poll.closes is not None:
            at = from_rfc3339(view.poll.closes)
            found[view.poll.pack] = min(at, found.get(view.poll.pack, at))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What every card is drawn from besides its pack."""

    seen: Mapping[Hash, int]
    now: Millis
    closes: Mapping[PackId, Millis]
    phases: Mapping[PackId, SessionPhase]
    held: frozenset[PackId]


def _card(several: Sequence[PackRevision], known: _Known) -> PackCard | None:
    ready = next((rev for rev in several if rev.state is PackState.READY), None)
    newest = max(several, key=lambda rev: rev.rev)
    base = ready or next((rev for rev in reversed(several) if rev.session is not None), None)
    if base is None or base.session is None:
        return None
    session = base.session
    starts = from_rfc3339(session.starts)
    phase = known.phases.get(base.pack)
    by_agenda = session.kind is not SessionKind.OPINION and starts <= known.now < session_end(session)
    live = by_agenda if phase is None else phase in RUNNING
    share = 100 * newest.done_bytes // newest.total_bytes if newest.total_bytes else 0
    shown = _shown(ready, newest, held=base.pack in known.held)
    needed = known.closes.get(base.pack) if session.kind is SessionKind.OPINION else None if live else starts
    plan = reading_plan(base.papers, known.seen, until=needed, now=known.now) if needed is not None else None
    return PackCard(base, session, shown, share, live, read_count(base.papers, known.seen), newest.reason, plan)


def is_recalled(revision: PackRevision) -> bool:
    """Whether every paper that ever had bytes was withdrawn."""
    gone = [paper for paper in revision.papers if paper.recalled is not None]
    return bool(gone) and all(not paper.can_open for paper in revision.papers)


def _shown(ready: PackRevision | None, newest: PackRevision, *, held: bool) -> PackShown:
    if newest.state is PackState.BLOCKED:
        return PackShown.BLOCKED
    if is_recalled(ready or newest):
        return PackShown.WITHDRAWN
    if newest.state in _ON_ITS_WAY and (newest.state is PackState.FETCHING or (held and ready is None)):
        return _coming(newest, nothing_here=ready is None, held=held)
    if ready is not None:
        return PackShown.CHANGED if ready.changed else PackShown.READY
    return PackShown.WITHDRAWN if newest.state in _ENDED else PackShown.NOT_FETCHED


def _coming(newest: PackRevision, *, nothing_here: bool, held: bool) -> PackShown:
    """A revision that is being fetched, or would be if the member did not hold it."""
    if not held:
        return PackShown.FETCHING
    return PackShown.TAKEN_OFF if nothing_here and not newest.done_bytes else PackShown.PAUSED


def _rank(card: PackCard, open_packs: set[PackId]) -> tuple[int, str]:
    place = 3
    if card.live:
        place = 0
    elif card.pack in open_packs:
        place = 1
    elif card.shown is PackShown.CHANGED:
        place = 2
    return place, card.session.starts


def _is_over(card: PackCard, ballots: Sequence[BallotView], now: Millis, phase: SessionPhase | None) -> bool:
    mine = [view for view in ballots if view.poll.pack == card.pack]
    still = any(view.poll.state in {PollState.ANNOUNCED, PollState.OPEN, PollState.CLOSING} for view in mine)
    if card.session.kind is SessionKind.OPINION:
        return bool(mine) and not still
    if phase is not None and phase is not SessionPhase.SCHEDULED:
        return not still and phase is SessionPhase.CLOSED
    return not still and session_end(card.session) <= now

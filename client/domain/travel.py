# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether this device can do without a network until a trip ends: facts in, findings out, nothing else.

Rules, each a :class:`Check`:

1. Complete: every paper with bytes is here, and the newest listed revision is the one that is read.
2. Genuine: the bytes hash, read again now, to what the publisher signed.
3. Opens: the render process drew the first page.
4. Searchable: the text of every page is in the index.
5. Kept: the reading time of the pack does not end during the trip.
6. Lease: the device does not lock itself before the trip ends for want of contact with the service.
7. Fresh: the last complete synchronisation is not older than a day, else papers may have changed since.
8. Ballots: those that close during the trip and still want something of the member.

Ready means that nothing is ``BAD``. A ``NOTE`` is worth doing before leaving and stops nobody from reading. What
was not looked at is never called good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Final

from msgspec import Struct

from client.clock import from_rfc3339
from client.domain.ballot import Poll, PollState
from client.domain.ids import Moment, PackId, PaperId, PollId
from client.domain.outbox import OutboxState
from client.domain.pack import PackRevision, PackState
from client.domain.projection import BallotView

FRESH_MS: Final = 24 * 3_600_000


class Check(Enum):
    """What is looked at, in the order it is told."""

    COMPLETE = "complete"
    GENUINE = "genuine"
    OPENS = "opens"
    SEARCHABLE = "searchable"
    KEPT = "kept"
    LEASE = "lease"
    FRESH = "fresh"
    BALLOTS = "ballots"


class Level(Enum):
    """How bad it is."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


class Step(Enum):
    """What the member can do about it."""

    NOTHING = "nothing"
    SYNC = "sync"
    """Synchronise while there is a network, then check again."""
    WAIT = "wait"
    """The device is still busy with it; check again later."""
    VOTE = "vote"
    """Vote before leaving."""
    SECRETARIAT = "secretariat"
    """Only the secretariat can help."""


class PaperFacts(Struct, frozen=True):
    """What was seen of one paper that has bytes.

    Attributes:
        pages: As the manifest says, 0 when it does not.
        genuine: The stored bytes have the promised hash; None when there are none.
        opens: The first page was drawn; None when it was not tried.
        indexed: Pages whose text can be found.
    """

    paper: PaperId
    pages: int
    present: bool
    genuine: bool | None = None
    opens: bool | None = None
    indexed: int = 0


class PackFacts(Struct, frozen=True):
    """What was seen of one pack.

    Attributes:
        revision: What can be read now, or else the newest that is on its way.
        newer: A later revision is listed and not complete yet.
    """

    revision: PackRevision
    papers: tuple[PaperFacts, ...]
    newer: bool = False


class TripFacts(Struct, frozen=True):
    """All that is judged.

    Attributes:
        now: Estimated present time.
        ends: When the trip ends.
        lease: Until when the device works without contact with the service; None when nothing limits it.
        last_sync: Of the last complete synchronisation; None when there was none.
    """

    now: Moment
    ends: Moment
    packs: tuple[PackFacts, ...]
    ballots: tuple[BallotView, ...] = ()
    lease: Moment | None = None
    last_sync: Moment | None = None


class Finding(Struct, frozen=True):
    """One thing worth saying.

    Attributes:
        pack, papers, poll: What it is about, as far as it is about one of them.
        at: The moment that matters (end of the lease, of the reading time, of voting; last synchronisation).
    """

    check: Check
    level: Level
    step: Step = Step.NOTHING
    pack: PackId | None = None
    papers: tuple[PaperId, ...] = ()
    poll: PollId | None = None
    at: Moment | None = None


class TravelReport(Struct, frozen=True):
    """The judgement.

    Attributes:
        ends: Of the trip it is about.
        checked: When it was made; papers that change later are not in it.
        papers: How many were looked at.
    """

    ends: Moment
    checked: Moment
    papers: int
    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether reading and voting work without a network until the trip ends."""
        return all(finding.level is not Level.BAD for finding in self.findings)

    def of(self, check: Check) -> tuple[Finding, ...]:
        """The findings of one check."""
        return tuple(finding for finding in self.findings if finding.check is check)


def judge(facts: TripFacts) -> TravelReport:
    """The findings in the order of :class:`Check`; a check without any trouble has one that is ``GOOD``."""
    found = [
        *(() if facts.packs else (Finding(Check.COMPLETE, Level.BAD, Step.SYNC),)),
        *(each for pack in facts.packs for each in _pack(pack, facts.ends)),
        *_lease(facts),
        *_fresh(facts),
        *_ballots(facts),
    ]
    troubled = {finding.check for finding in found}
    looked_at = [check for check in Check if check not in troubled and _applies(check, facts)]
    found += [Finding(check, Level.GOOD, at=_good_at(check, facts)) for check in looked_at]
    order = list(Check)
    found.sort(key=lambda finding: order.index(finding.check))
    count = sum(len(pack.papers) for pack in facts.packs)
    return TravelReport(facts.ends, facts.now, count, tuple(found))


def _applies(check: Check, facts: TripFacts) -> bool:
    if check is Check.LEASE:
        return facts.lease is not None
    if check is Check.BALLOTS:
        return True
    papers = [paper for pack in facts.packs for paper in pack.papers]
    if check is Check.OPENS:
        return any(paper.opens for paper in papers)
    if check is Check.GENUINE:
        return any(paper.genuine for paper in papers)
    if check is Check.SEARCHABLE:
        return any(paper.genuine and paper.opens for paper in papers)
    return bool(facts.packs)


def _good_at(check: Check, facts: TripFacts) -> Moment | None:
    ends = [pack.revision.read_until for pack in facts.packs if pack.revision.read_until is not None]
    moments = {
        Check.LEASE: facts.lease,
        Check.FRESH: facts.last_sync,
        Check.KEPT: min(ends, default=None),
    }
    return moments.get(check)


def _pack(pack: PackFacts, ends: Moment) -> Iterator[Finding]:
    """Rules 1 to 5."""
    revision = pack.revision
    ready = revision.state is PackState.READY
    missing = tuple(paper.paper for paper in pack.papers if not paper.present)
    if revision.state is PackState.BLOCKED:
        yield Finding(Check.COMPLETE, Level.BAD, Step.SECRETARIAT, revision.pack)
    elif missing or not ready:
        yield Finding(Check.COMPLETE, Level.BAD, Step.SYNC, revision.pack, missing)
    elif pack.newer:
        yield Finding(Check.COMPLETE, Level.NOTE, Step.SYNC, revision.pack)
    altered = tuple(paper.paper for paper in pack.papers if paper.genuine is False)
    if altered:
        yield Finding(Check.GENUINE, Level.BAD, Step.SYNC, revision.pack, altered)
    closed = tuple(paper.paper for paper in pack.papers if paper.opens is False)
    if closed:
        yield Finding(Check.OPENS, Level.BAD, Step.SECRETARIAT, revision.pack, closed)
    silent = tuple(p.paper for p in pack.papers if p.genuine and p.opens and p.indexed < max(p.pages, 1))
    if silent:
        yield Finding(Check.SEARCHABLE, Level.NOTE, Step.WAIT, revision.pack, silent)
    if revision.read_until is not None and revision.read_until <= ends:
        yield Finding(Check.KEPT, Level.BAD, Step.SECRETARIAT, revision.pack, at=revision.read_until)


def _lease(facts: TripFacts) -> Iterator[Finding]:
    """Rule 6: contact renews it, so a lease that ends too early is renewed by synchronising just before leaving."""
    if facts.lease is not None and facts.lease <= facts.ends:
        yield Finding(Check.LEASE, Level.BAD, Step.SYNC, at=facts.lease)


def _fresh(facts: TripFacts) -> Iterator[Finding]:
    """Rule 7."""
    last = facts.last_sync
    if last is None or from_rfc3339(facts.now) - from_rfc3339(last) > FRESH_MS:
        yield Finding(Check.FRESH, Level.NOTE, Step.SYNC, at=last)


def _ballots(facts: TripFacts) -> Iterator[Finding]:
    """Rule 8: a vote that waits here must still be sent; one that was not cast can be cast and must arrive."""
    for view in sorted(facts.ballots, key=lambda view: (view.poll.closes or "", view.poll.id)):
        poll = view.poll
        if not _closes_meanwhile(poll, facts):
            continue
        state = None if view.current is None else view.current.item.state
        waits = state in {OutboxState.QUEUED, OutboxState.SUSPENDED}
        if state is OutboxState.RECEIPTED:
            yield Finding(Check.BALLOTS, Level.GOOD, pack=poll.pack, poll=poll.id, at=poll.closes)
        else:
            step = Step.SYNC if waits else Step.VOTE
            yield Finding(Check.BALLOTS, Level.NOTE, step, poll.pack, poll=poll.id, at=poll.closes)


def _closes_meanwhile(poll: Poll, facts: TripFacts) -> bool:
    running = poll.state in {PollState.ANNOUNCED, PollState.OPEN, PollState.CLOSING}
    return poll.eligible and running and poll.closes is not None and poll.closes <= facts.ends


def chosen(revisions: Sequence[PackRevision], packs: frozenset[PackId] | None) -> tuple[tuple[PackRevision, bool], ...]:
    """Which revisions a check is about, each with whether a newer one is on its way.

    Args:
        revisions: ``store.packs.current``: per pack the readable revision, then newer ones.
        packs: Only these; None for all.
    """
    by_pack: dict[PackId, list[PackRevision]] = {}
    for revision in revisions:
        if packs is None or revision.pack in packs:
            by_pack.setdefault(revision.pack, []).append(revision)
    found = []
    for several in by_pack.values():
        ready = next((revision for revision in several if revision.state is PackState.READY), None)
        base = ready or several[-1]
        found.append((base, several[-1].rev > base.rev and several[-1].state is not PackState.BLOCKED))
    return tuple(found)

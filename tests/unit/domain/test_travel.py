# SPDX-License-Identifier: AGPL-3.0-or-later
"""The travel check's rules: each trouble alone, nothing called good that was not looked at."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from client.domain.ids import DeviceId, PackId, PaperId
from client.domain.outbox import OtherVote, OutboxItem, OutboxKind, OutboxState
from client.domain.pack import PackRevision, PackState
from client.domain.projection import ballot_view
from client.domain.travel import Check, Level, PackFacts, PaperFacts, Step, TripFacts, chosen, judge
from tests.unit.sync.samples import NOW, PACK, digest, later, poll

DAY = 86_400.0
ENDS = later(3 * DAY)
GOOD = PaperFacts(PaperId("do_0001"), 12, present=True, genuine=True, opens=True, indexed=12)
REVISION = PackRevision(pack=PACK, rev=1, state=PackState.READY, read_until=later(30 * DAY))


def facts(paper: PaperFacts = GOOD, **changes: Any) -> TripFacts:
    pack = PackFacts(changes.pop("revision", REVISION), (paper,), newer=changes.pop("newer", False))
    values: dict[str, Any] = {"packs": (pack,), "lease": later(14 * DAY), "last_sync": NOW, **changes}
    return TripFacts(now=NOW, ends=ENDS, **values)


def vote(state: OutboxState) -> OutboxItem:
    other = OtherVote(digest("x"), DeviceId("d_0002"), NOW) if state is OutboxState.CONFLICT else None
    return OutboxItem(
        n=1, kind=OutboxKind.VOTE, subject="po_0001", statement=digest("v"), state=state, made=NOW, other=other
    )


def ballots(*votes: OutboxItem, **changes: Any) -> tuple[Any, ...]:
    return (ballot_view(poll(**changes), [(one, ()) for one in votes], active=True, now=NOW),)


def test_ready_when_everything_was_looked_at_and_is_good() -> None:
    report = judge(facts())
    assert report.ready
    assert [finding.check for finding in report.findings] == list(Check)
    assert {finding.level for finding in report.findings} == {Level.GOOD}
    assert (report.papers, report.ends) == (1, ENDS)


@pytest.mark.parametrize(
    ("given", "check", "level", "step"),
    [
        (facts(structs.replace(GOOD, present=False, genuine=None)), Check.COMPLETE, Level.BAD, Step.SYNC),
        (facts(revision=structs.replace(REVISION, state=PackState.FETCHING)), Check.COMPLETE, Level.BAD, Step.SYNC),
        (
            facts(revision=structs.replace(REVISION, state=PackState.BLOCKED)),
            Check.COMPLETE,
            Level.BAD,
            Step.SECRETARIAT,
        ),
        (facts(newer=True), Check.COMPLETE, Level.NOTE, Step.SYNC),
        (facts(packs=()), Check.COMPLETE, Level.BAD, Step.SYNC),
        (facts(structs.replace(GOOD, genuine=False, opens=None)), Check.GENUINE, Level.BAD, Step.SYNC),
        (facts(structs.replace(GOOD, opens=False)), Check.OPENS, Level.BAD, Step.SECRETARIAT),
        (facts(structs.replace(GOOD, indexed=11)), Check.SEARCHABLE, Level.NOTE, Step.WAIT),
        (facts(revision=structs.replace(REVISION, read_until=ENDS)), Check.KEPT, Level.BAD, Step.SECRETARIAT),
        (facts(lease=ENDS), Check.LEASE, Level.BAD, Step.SYNC),
        (facts(last_sync=later(-DAY - 1)), Check.FRESH, Level.NOTE, Step.SYNC),
        (facts(last_sync=None), Check.FRESH, Level.NOTE, Step.SYNC),
        (facts(ballots=ballots()), Check.BALLOTS, Level.NOTE, Step.VOTE),
        (facts(ballots=ballots(vote(OutboxState.QUEUED))), Check.BALLOTS, Level.NOTE, Step.SYNC),
        (facts(ballots=ballots(vote(OutboxState.CONFLICT))), Check.BALLOTS, Level.NOTE, Step.VOTE),
        (facts(ballots=ballots(vote(OutboxState.RECEIPTED))), Check.BALLOTS, Level.GOOD, Step.NOTHING),
    ],
)
def test_each_trouble_alone(given: TripFacts, check: Check, level: Level, step: Step) -> None:
    report = judge(given)
    [finding] = report.of(check)
    assert (finding.level, finding.step) == (level, step)
    assert report.ready is (level is not Level.BAD)
    others = [each for each in report.findings if each.check is not check]
    assert {each.level for each in others} <= {Level.GOOD}, "one trouble is told once"


def test_what_ends_at_the_last_moment_of_the_trip_does_not_outlast_it() -> None:
    assert judge(facts(lease=later(1, ENDS))).ready
    assert not judge(facts(lease=ENDS)).ready


def test_ballots_that_do_not_concern_the_trip_are_left_out() -> None:
    for changes in ({"closes": later(1, ENDS)}, {"closes": None}, {"eligible": False}):
        [finding] = judge(facts(ballots=ballots(**changes))).of(Check.BALLOTS)
        assert (finding.level, finding.poll) == (Level.GOOD, None)


def test_what_was_not_looked_at_is_not_called_good() -> None:
    absent = judge(facts(structs.replace(GOOD, present=False, genuine=None, opens=None, indexed=0), lease=None))
    assert not absent.of(Check.GENUINE)
    assert not absent.of(Check.OPENS)
    assert not absent.of(Check.SEARCHABLE)
    assert not absent.of(Check.LEASE)


def test_the_readable_revision_is_checked_and_a_newer_one_is_known() -> None:
    two = structs.replace(REVISION, rev=2, state=PackState.FETCHING)
    other = structs.replace(REVISION, pack=PackId("pk_0002"))
    assert chosen((REVISION, two, other), None) == ((REVISION, True), (other, False))
    assert chosen((two, other), frozenset({PACK})) == ((two, False),)
    blocked = structs.replace(two, state=PackState.BLOCKED)
    assert chosen((REVISION, blocked), None) == ((REVISION, False),)

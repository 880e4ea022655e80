# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before a trip: the device says truthfully whether it can do without a network, and what is left to do."""

from __future__ import annotations

import threading

import pytest
from msgspec import structs

from client.clock import Millis, to_rfc3339
from client.crypto import hashing
from client.domain.ids import Hash, Moment, PackId, PaperId
from client.domain.pack import PackState
from client.domain.travel import Check, Level, Step, TravelReport
from client.store import packs, papers
from client.store.changes import ChangeSet
from client.store.connection import Connection
from tests.helpers.member import Member
from tests.helpers.world import World

WAIT_S = 60.0
DAY_MS = 86_400_000


@pytest.fixture
def tablet(world: World) -> Member:
    """Enrolled, synchronised, indexed; one ballot open."""
    world.desk.publish(world.write_session().session)
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    world.open_poll(world.desk.packs[0].polls[0].id)
    assert member.sync()["error"] is None
    member.index()
    return member


def ends(tablet: Member, days: float) -> Moment:
    return Moment(to_rfc3339(Millis(tablet.around.clock.now() + round(days * DAY_MS))))


def check(tablet: Member, days: float = 1.0) -> TravelReport:
    report = tablet.core.travel.start(ends(tablet, days)).report.result(WAIT_S)
    assert report is not None
    return report


def damage(tablet: Member) -> PaperId:
    """Flip a byte of one stored paper, as a damaged disk would."""
    revision = tablet.core.record.read(packs.current).result()[0]
    paper = next(paper for paper in revision.papers if paper.blob)

    def write(conn: Connection) -> tuple[None, ChangeSet]:
        conn.execute(
            "UPDATE chunks SET data = zeroblob(length(data)) WHERE id >> 16 = (SELECT id FROM blobs WHERE blob = ?)",
            (paper.blob,),
        )
        return None, ChangeSet()

    tablet.core.papers.write(write).result()
    return paper.id


def add_what_does_not_open(tablet: Member) -> PaperId:
    """A paper whose bytes are exactly what was signed, and no PDF."""
    text = b"not a PDF (du lieu gia dinh)" * 40
    plain, blob = Hash(hashing.sha256(text)), Hash(hashing.sha256(b"sealed"))
    revision = tablet.core.record.read(packs.current).result()[0]
    paper = structs.replace(
        next(paper for paper in revision.papers if paper.blob),
        id=PaperId("do_broken"),
        plain=plain,
        blob=blob,
        size=len(text),
    )
    alone = structs.replace(
        revision, pack=PackId("pk_broken"), rev=1, papers=(paper,), changed=(), state=PackState.READY
    )
    tablet.core.papers.write(lambda conn: papers.append(conn, blob, 0, text)).result()
    assert tablet.core.papers.write(lambda conn: papers.finish(conn, blob, plain, len(text))).result()
    tablet.core.record.write(lambda conn: packs.upsert(conn, alone)).result()
    return paper.id


def test_ready_then_damaged_then_fetched_again(world: World, tablet: Member) -> None:
    report = check(tablet)
    assert report.ready, report.findings
    assert report.papers > 3
    assert {finding.check for finding in report.findings} >= {Check.COMPLETE, Check.GENUINE, Check.OPENS, Check.KEPT}
    broken = damage(tablet)
    report = check(tablet)
    [finding] = report.of(Check.GENUINE)
    assert (finding.papers, finding.level, finding.step) == ((broken,), Level.BAD, Step.SYNC)
    assert not report.ready
    [missing] = check(tablet).of(Check.COMPLETE)
    assert missing.papers == (broken,), "what was damaged is gone, and said to be"
    assert tablet.sync()["error"] is None
    assert check(tablet).of(Check.GENUINE)[0].level is Level.GOOD
    tablet.close()


def test_a_paper_that_does_not_open_and_a_trip_that_outlasts_the_papers(world: World, tablet: Member) -> None:
    unopened = add_what_does_not_open(tablet)
    report = check(tablet)
    [finding] = report.of(Check.OPENS)
    assert (finding.papers, finding.step) == ((unopened,), Step.SECRETARIAT)
    only = tablet.core.travel.start(ends(tablet, 1), frozenset({PackId("pk_broken")})).report.result(WAIT_S)
    assert only is not None
    assert only.papers == 1
    long = check(tablet, days=4_000)
    assert {Check.KEPT, Check.LEASE} <= {finding.check for finding in long.findings if finding.level is Level.BAD}
    assert check(tablet, days=13).of(Check.LEASE)[0].level is Level.GOOD
    assert check(tablet, days=15).of(Check.LEASE)[0].level is Level.BAD, "two weeks without contact lock the device"
    tablet.close()


def test_a_ballot_that_closes_meanwhile_is_named_until_the_vote_is_counted(world: World, tablet: Member) -> None:
    poll = tablet.polls()[0]["poll"]
    world.desk.open_poll(poll, closes=ends(tablet, 0.5))
    assert tablet.sync()["error"] is None
    [finding] = [found for found in check(tablet).of(Check.BALLOTS) if found.poll == poll]
    assert finding.step is Step.VOTE
    world.wire.cut()
    tablet.vote(poll, {"q1": "yes"})
    [finding] = [found for found in check(tablet).of(Check.BALLOTS) if found.poll == poll]
    assert finding.step is Step.SYNC, "signed here, not counted yet"
    world.wire.join()
    assert tablet.sync()["error"] is None
    [finding] = [found for found in check(tablet).of(Check.BALLOTS) if found.poll == poll]
    assert finding.level is Level.GOOD
    tablet.close()


def test_a_check_can_be_stopped_and_says_nothing_then(tablet: Member) -> None:
    looked = threading.Event()
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 1:
            looked.set()

    running = tablet.core.travel.start(ends(tablet, 1), on_progress=progress)
    assert looked.wait(WAIT_S)
    running.cancel()
    assert running.report.result(WAIT_S) is None
    assert seen[-1][0] < seen[-1][1]
    tablet.core.travel.start(ends(tablet, 1))
    tablet.close()

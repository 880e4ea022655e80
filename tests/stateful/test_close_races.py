# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vote and the close of its ballot within a millisecond of each other, under every clock a tablet may have.

The service's clock decides, to the millisecond, whichever of vote and ticker comes first. Whatever the tablet's clocks
say, what it shows is what was counted; what it shows as counted is in the signed list.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import httpx
import pytest

from client.clock import from_rfc3339
from client.domain.outbox import OutboxState
from tests.helpers.history import History
from tests.helpers.inprocess import Fate, Network
from tests.helpers.scene import HOUR_MS, START, Scene
from tests.helpers.settle import settle
from tests.helpers.tablet import Tablet

pytestmark = pytest.mark.expects_warnings("acts that could not be saved are told in the log, too")
YEAR_MS = 365 * 24 * HOUR_MS
CLOSES = START + 6 * HOUR_MS
POLL = "po_0001"
CLOCKS = {
    "10 years slow": -10 * YEAR_MS,
    "400 days slow": -400 * 24 * HOUR_MS,
    "an hour slow": -HOUR_MS,
    "a second slow": -1_000,
    "right": 0,
    "a second fast": 1_000,
    "an hour fast": HOUR_MS,
    "400 days fast": 400 * 24 * HOUR_MS,
    "10 years fast": 10 * YEAR_MS,
}
SHORT = {"10 years slow", "an hour slow", "right", "an hour fast", "10 years fast"}
ARRIVALS = (-1, 0, 1)


def arrives(history: History, off_ms: int, *, ticker_first: bool = False, fate: Fate = Fate.FINE) -> None:
    """The next statement reaches the service that many milliseconds after the close; other requests take no time."""

    def at(_tablet: Tablet, request: httpx.Request) -> Fate:
        if request.method != "POST":
            return Fate.FINE
        history.clock.at = CLOSES + off_ms
        if ticker_first:
            history.service.tick()
        return fate

    history.fate = at
    for each in history.tablets:
        each.net._wait = lambda _s: None


def short(name: str) -> pytest.ParameterSet:
    return pytest.param(CLOCKS[name], id=name, marks=() if name in SHORT else pytest.mark.slow)


@pytest.mark.parametrize("clock", [short(name) for name in CLOCKS])
@pytest.mark.parametrize("arrival", ARRIVALS)
def test_to_the_millisecond_whatever_the_tablet_s_clock_says(
    scene: Scene, fresh: Path, clock: int, arrival: int
) -> None:
    with History(scene, fresh, tablets=1) as history:
        [tablet] = history.tablets
        history.set_clock(tablet, clock)
        history.look(tablet)
        history.vote(tablet, POLL, "yes")
        history.pass_s(6 * 3600 - 30)
        arrives(history, arrival, ticker_first=arrival > 0)
        history.look(tablet)
        [item] = tablet.items()
        assert item.state is (OutboxState.RECEIPTED if arrival < 0 else OutboxState.LATE)
        assert item.received is not None
        assert from_rfc3339(item.received) == CLOSES + arrival
        assert settle(history) == []
        assert len(history.books().heads) == (arrival < 0)


@pytest.mark.parametrize("arrival", ARRIVALS)
@pytest.mark.parametrize("fate", [Fate.RESET_AFTER, Fate.DIES_AFTER, Fate.DIES_INSIDE, Fate.TWICE_SECOND])
def test_the_answer_is_lost_over_the_close(scene: Scene, fresh: Path, fate: Fate, arrival: int) -> None:
    """Received in time and lost on the way back counts; what was not kept before the close does not."""
    with History(scene, fresh, tablets=1) as history:
        [tablet] = history.tablets
        history.vote(tablet, POLL, "yes")
        history.pass_s(6 * 3600 - 30)
        arrives(history, arrival, fate=fate)
        history.look(tablet)
        assert history.breaches() == []
        history.clock.at = CLOSES + 60_000
        assert settle(history) == []
        counted = arrival < 0 and fate is not Fate.DIES_INSIDE
        assert tablet.items()[0].state is (OutboxState.RECEIPTED if counted else OutboxState.LATE)
        assert len(history.books().heads) == counted


@pytest.mark.parametrize("wall", [name for name in CLOCKS if name in SHORT])
def test_asleep_over_the_close(scene: Scene, fresh: Path, wall: str) -> None:
    """The monotonic clock stood still, the wall clock may be anything: the vote goes out late and says so."""
    with History(scene, fresh, tablets=1) as history:
        [tablet] = history.tablets
        history.vote(tablet, POLL, "yes")
        history.sleep(tablet)
        history.set_clock(tablet, CLOCKS[wall])
        history.pass_s(7 * 3600)
        history.come_back(tablet)
        shown = tablet.seen()["outbox"][0]["says"]
        assert shown == "saved_not_counted", "nobody has said yet that it closed"
        history.look(tablet)
        assert tablet.items()[0].state is OutboxState.LATE
        assert settle(history) == []


@pytest.mark.parametrize("jumps", [(HOUR_MS, -HOUR_MS), (10 * YEAR_MS,), (-10 * YEAR_MS, 10 * YEAR_MS)])
def test_the_clock_jumps_while_a_vote_is_made_without_a_network(
    scene: Scene, fresh: Path, jumps: tuple[int, ...]
) -> None:
    with History(scene, fresh, tablets=1) as history:
        [tablet] = history.tablets
        history.go_offline(tablet)
        for n, jump in enumerate(jumps):
            history.set_clock(tablet, jump)
            history.pass_s(60)
            if n == 0:
                history.vote(tablet, POLL, "yes")
            else:
                history.comment(tablet)
        history.freeze_clock(tablet)
        history.pass_s(60)
        assert history.breaches() == []
        history.kill(tablet)
        history.come_back(tablet)
        history.look(tablet)
        assert {item.state for item in tablet.items()} <= {OutboxState.RECEIPTED, OutboxState.QUEUED}
        assert settle(history) == []
        assert len(history.books().heads) == 1


def races(scene: Scene, folder: Path, seed: int) -> None:
    """Three tablets vote and the ballot closes, all on threads of their own; either way is whole."""
    draw = random.Random(seed)
    with History(scene, folder, seed=seed) as history:
        for each in history.tablets:
            history.vote(each, POLL, draw.choice(("yes", "no")))
        history.pass_s(6 * 3600 - 30)
        history.clock.at = CLOSES - 1
        start = threading.Barrier(len(history.tablets) + 1)
        reports: list[object] = []

        def send(tablet: Tablet) -> None:
            start.wait()
            reports.append(tablet.look())

        def close() -> None:
            start.wait()
            threading.Event().wait(draw.uniform(0, 0.2))
            history.clock.at = CLOSES
            history.service.tick()

        for each in history.tablets:
            each.net = each.transport._client._transport = Network(history.service)
        threads = [threading.Thread(target=send, args=(each,)) for each in history.tablets]
        threads.append(threading.Thread(target=close))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(reports) == len(history.tablets)
        for each in history.tablets:
            each.seen()
        assert history.breaches() == [], f"seed {seed}"
        assert settle(history) == [], f"seed {seed}"
        for each in history.tablets:
            for item in each.items():
                counted = item.state is OutboxState.RECEIPTED
                assert item.received is None or counted == (from_rfc3339(item.received) < CLOSES), f"seed {seed}"


@pytest.mark.parametrize("seed", range(6))
def test_everybody_votes_as_it_closes(scene: Scene, fresh: Path, seed: int) -> None:
    races(scene, fresh, seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(100, 1_100, 100))
def test_everybody_votes_as_it_closes_again_and_again(scene: Scene, fresh: Path, start: int) -> None:
    for seed in range(start, start + 100):
        races(scene, fresh / str(seed), seed)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several papers at once: the plan's order in what the engine sees, bounded work, and an end to all of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from client.domain.ids import Hash, PackId, PaperId
from client.errors import Unreachable
from client.sync.actions import FetchPaper, ReadyPack, RefetchPack
from client.sync.fetchers import Fetchers, Outcome
from client.sync.means import Brake, Stopped

NEVER = 20
PACK = PackId("pk_0001")


def paper(number: int, *, pack: str = "pk_0001", blob: str = "") -> FetchPaper:
    return FetchPaper(PackId(pack), 1, PaperId(f"do_{number}"), Hash(blob or f"sha256:{number:064}"))


class Line:
    """Fetches that stand still until they are let go; what is on its way is known."""

    def __init__(self) -> None:
        self.cond = threading.Condition()
        self.asked: list[FetchPaper] = []
        self.going: set[FetchPaper] = set()
        self.most = 0
        self.let_go: set[FetchPaper] = set()
        self.broken: set[FetchPaper] = set()
        self.cuts = 0

    def fetch(self, action: FetchPaper, brake: Brake) -> Outcome:
        with self.cond:
            assert action.blob not in {each.blob for each in self.going}, "one blob twice at once"
            self.asked.append(action)
            self.going.add(action)
            self.most = max(self.most, len(self.going))
            self.cond.notify_all()
            done = lambda: action in self.let_go or brake.urgent or self._over(brake) or self.cuts  # noqa: E731
            while not self.cond.wait_for(done, 0.01):
                pass
            self.going.discard(action)
            self.cond.notify_all()
            if action in self.broken or (self.cuts and action not in self.let_go):
                raise Unreachable("cut")
            brake.check()
            return Outcome.DONE if action in self.let_go else Outcome.STEPPED_ASIDE

    @staticmethod
    def _over(brake: Brake) -> bool:
        try:
            brake.check()
        except Stopped:
            return True
        return False

    def cut(self) -> None:
        with self.cond:
            self.cuts += 1
            self.cond.notify_all()

    def finish(self, *actions: FetchPaper, broken: bool = False) -> None:
        with self.cond:
            self.let_go |= set(actions)
            if broken:
                self.broken |= set(actions)
            self.cond.notify_all()

    def wait_for(self, true: Callable[[], bool]) -> None:
        with self.cond:
            assert self.cond.wait_for(true, NEVER), self.asked


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def brake() -> Brake:
    return Brake()


def fetchers(line: Line, brake: Brake, streams: int = 3) -> Fetchers:
    return Fetchers(line.fetch, brake, line.cut, streams)


def test_the_next_papers_are_on_their_way_before_the_first_is_here(line: Line, brake: Brake) -> None:
    plan = [paper(n) for n in range(6)]
    at_once = fetchers(line, brake)
    at_once.ahead([*plan[:4], ReadyPack(PACK, 1), *plan[4:]])
    line.wait_for(lambda: line.going == set(plan[:3]))
    line.finish(plan[1])
    line.wait_for(lambda: line.going == {plan[0], plan[2], plan[3]})
    line.finish(*plan)
    for position, action in enumerate(plan):
        at_once.ahead(plan[position:])
        assert at_once.take(action) is Outcome.DONE
    assert sorted(line.asked, key=lambda each: each.paper) == plan, "each was asked for once"
    assert line.most == 3


def test_with_one_stream_everything_happens_in_order_on_this_thread(line: Line, brake: Brake) -> None:
    plan = [paper(n) for n in range(3)]
    one = fetchers(line, brake, 1)
    one.ahead(plan)
    assert line.asked == []
    line.finish(*plan)
    before = threading.active_count()
    for action in plan:
        assert one.take(action) is Outcome.DONE
        assert threading.active_count() == before
    assert line.asked == plan


def test_nothing_is_begun_ahead_of_a_pack_that_starts_anew(line: Line, brake: Brake) -> None:
    at_once = fetchers(line, brake)
    at_once.ahead([paper(1), RefetchPack(PackId("pk_0002"), 1), paper(2, pack="pk_0002")])
    line.wait_for(lambda: line.going == {paper(1)})
    line.finish(paper(1))
    assert at_once.take(paper(1)) is Outcome.DONE
    assert line.asked == [paper(1)]


def test_a_blob_that_two_packs_name_is_fetched_once_at_a_time(line: Line, brake: Brake) -> None:
    same = "sha256:" + "e" * 64
    first, second = paper(1, blob=same), paper(1, pack="pk_0002", blob=same)
    at_once = fetchers(line, brake)
    at_once.ahead([first, second])
    line.wait_for(lambda: line.going == {first})
    line.finish(first, second)
    assert at_once.take(first) is Outcome.DONE
    assert at_once.take(second) is Outcome.DONE  # the line itself asserts that they did not overlap


def test_after_a_failure_nothing_new_is_begun_until_it_was_seen(line: Line, brake: Brake) -> None:
    plan = [paper(n) for n in range(5)]
    at_once = fetchers(line, brake, 2)
    at_once.ahead(plan)
    line.wait_for(lambda: line.going == set(plan[:2]))
    line.finish(plan[1], broken=True)
    line.wait_for(lambda: line.going == {plan[0]})
    line.finish(plan[0])
    assert at_once.take(plan[0]) is Outcome.DONE
    assert line.asked == plan[:2]
    with pytest.raises(Unreachable):
        at_once.take(plan[1])
    at_once.ahead(plan[2:])
    line.wait_for(lambda: line.going == set(plan[2:4]))
    at_once.drop()


def test_something_urgent_makes_all_step_aside(line: Line, brake: Brake) -> None:
    plan = [paper(n) for n in range(4)]
    at_once = fetchers(line, brake)
    at_once.ahead(plan)
    line.wait_for(lambda: len(line.going) == 3)
    brake.hurry()
    assert at_once.take(plan[0]) is Outcome.STEPPED_ASIDE
    at_once.drop()
    assert not line.going
    assert line.cuts == 0
    assert plan[3] not in line.asked, "nothing new while something waits"
    brake.settle()
    line.finish(*plan)
    at_once.ahead(plan)
    assert [at_once.take(each) for each in plan] == [Outcome.DONE] * 4


def test_a_line_that_stands_still_is_cut_for_something_urgent(brake: Brake) -> None:
    standing, cut = threading.Event(), threading.Event()

    def fetch(_action: FetchPaper, _brake: Brake) -> Outcome:  # inside a read that ends only when the socket does
        standing.set()
        assert cut.wait(NEVER)
        raise Unreachable("reset")

    at_once = Fetchers(fetch, brake, cut.set, 2)
    at_once.ahead([paper(1)])
    assert standing.wait(NEVER)
    brake.hurry()
    assert at_once.take(paper(1)) is Outcome.STEPPED_ASIDE, "our own cut is nobody's failure"


def test_dropping_ends_all_and_what_comes_later_runs_again(line: Line, brake: Brake) -> None:
    plan = [paper(n) for n in range(5)]
    at_once = fetchers(line, brake)
    at_once.ahead(plan)
    line.wait_for(lambda: len(line.going) == 3)
    at_once.drop()
    assert not line.going
    line.finish(*plan)
    at_once.ahead(plan)
    assert [at_once.take(each) for each in plan] == [Outcome.DONE] * 5


def test_the_brake_ends_the_wait(line: Line, brake: Brake) -> None:
    at_once = fetchers(line, brake)
    at_once.ahead([paper(1), paper(2)])
    line.wait_for(lambda: len(line.going) == 2)
    brake.pull()
    with pytest.raises(Stopped):
        at_once.take(paper(1))
    at_once.drop()
    assert not line.going

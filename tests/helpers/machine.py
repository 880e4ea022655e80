# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole histories as Hypothesis writes them: it picks the steps, and makes a failing history short.

After every step every tablet's diary is held against what tablets and service have; at the end the weather clears
and everything must come to rest.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from client.domain.ids import MemberId
from tests.helpers.history import NEW, WIRE, History
from tests.helpers.inprocess import Fate
from tests.helpers.room import ACTS, CLOSES, OPENS, ORDERS
from tests.helpers.scene import LIVE_POLL, Scene
from tests.helpers.settle import settle
from tests.helpers.sharing import READERS
from tests.helpers.simulate import CLOCKS, PAUSES, POINTS
from tests.helpers.tablet import Tablet

TABLETS = st.integers(0, 3)
POLLS = st.integers(0, 3)
FATES = st.sampled_from([fate for fate in Fate if fate is not Fate.FINE])


class Histories(RuleBasedStateMachine):
    """The steps; ``machine`` says where they are played."""

    scene: ClassVar[Scene]
    base: ClassVar[Path]
    only: ClassVar[frozenset[str]] = frozenset()
    count: ClassVar[int] = 3
    sitting: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=self.base))
        self.history = History(self.scene, self.folder / "history", tablets=self.count).__enter__()
        if self.sitting:
            assert self.history.room
            self.history.room.rest()
        self.failed = False

    def teardown(self) -> None:
        try:
            if not self.failed:
                self.judge(settle(self.history))
        finally:
            self.history.__exit__()
            shutil.rmtree(self.folder)

    def judge(self, found: list[str]) -> None:
        self.failed = self.failed or bool(found)
        assert not found, "\n".join((*found, *self.history.trace))

    def at(self, number: int) -> Tablet:
        return self.history.tablets[number % len(self.history.tablets)]

    @classmethod
    def setup_state(cls) -> Any:
        """Only the steps of the theme."""
        whole = super().setup_state()
        return dataclasses.replace(
            whole, rules=[each for each in whole.rules if not cls.only or each.function.__name__ in cls.only]
        )

    def _meet(self, who: int, what: str, fate: Fate) -> None:
        self.history.lay(self.at(who), what, fate)
        self.history.look(self.at(who))

    @rule(who=TABLETS, poll=POLLS, choice=st.sampled_from(("yes", "no")))
    def vote(self, who: int, poll: int, choice: str) -> None:
        polls = self.history.polls
        self.history.vote(self.at(who), str(polls[poll % len(polls)].id), choice)

    @rule(who=TABLETS, fate=st.sampled_from(Fate), points=st.none() | st.integers(0, POINTS))
    def vote_and_look(self, who: int, fate: Fate, points: int | None) -> None:
        """The commonest thing there is, with something happening to it."""
        tablet = self.at(who)
        if points is not None:
            self.history.doom(tablet, points)
        self.history.vote(tablet, "po_0001", "yes")
        self._meet(who, "POST", fate)

    @rule(who=TABLETS)
    def comment(self, who: int) -> None:
        self.history.comment(self.at(who))

    @rule(who=TABLETS)
    def withdraw(self, who: int) -> None:
        self.history.withdraw(self.at(who))

    @rule(who=st.integers(0, 1))
    def draw(self, who: int) -> None:
        self.history.draw(self.at(who))

    @precondition(lambda self: self.history.counter["note"])
    @rule(who=st.integers(0, 1), pick=st.integers(0, 5))
    def rub_out(self, who: int, pick: int) -> None:
        self.history.rub_out(self.at(who), pick)

    @rule(who=TABLETS)
    def look(self, who: int) -> None:
        self.history.look(self.at(who))

    @rule(who=TABLETS, what=st.sampled_from(WIRE), fate=FATES)
    def look_in_bad_weather(self, who: int, what: str, fate: Fate) -> None:
        self._meet(who, what, fate)

    @rule(who=TABLETS, fate=FATES)
    def post_in_bad_weather(self, who: int, fate: Fate) -> None:
        self._meet(who, "POST", fate)

    @rule(who=TABLETS, fate=FATES)
    def put_in_bad_weather(self, who: int, fate: Fate) -> None:
        self._meet(who, "PUT", fate)

    @rule(who=TABLETS, points=st.integers(0, POINTS))
    def doom(self, who: int, points: int) -> None:
        self.history.doom(self.at(who), points)

    @rule(who=TABLETS)
    def kill(self, who: int) -> None:
        self.history.kill(self.at(who))

    @rule(who=TABLETS)
    def restart(self, who: int) -> None:
        self.history.restart(self.at(who))

    @rule(who=TABLETS, asleep=st.booleans())
    def go_away(self, who: int, asleep: bool) -> None:
        (self.history.sleep if asleep else self.history.go_offline)(self.at(who))

    @rule(who=TABLETS)
    def come_back(self, who: int) -> None:
        self.history.come_back(self.at(who))

    @rule(who=TABLETS, off_ms=st.sampled_from(CLOCKS))
    def set_clock(self, who: int, off_ms: int) -> None:
        self.history.set_clock(self.at(who), off_ms)

    @rule(seconds=st.sampled_from(PAUSES))
    def time(self, seconds: float) -> None:
        self.history.pass_s(seconds)

    @rule(new_poll=st.booleans())
    def revise(self, new_poll: bool) -> None:
        self.history.revise(new_poll=new_poll)

    @precondition(lambda self: self.history.papers[1].recalled is None)
    @rule()
    def recall(self) -> None:
        self.history.recall()

    @rule(poll=POLLS)
    def close(self, poll: int) -> None:
        polls = self.history.polls
        self.history.close(polls[poll % len(polls)])

    @precondition(lambda self: not any(each.revoked for each in self.history.tablets))
    @rule(who=TABLETS)
    def revoke(self, who: int) -> None:
        self.history.revoke(self.at(who))

    @precondition(lambda self: self.history.tablets[-1].device != NEW)
    @rule()
    def enrol(self) -> None:
        self.history.enrol()

    @rule()
    def service_dies(self) -> None:
        self.history.service_dies()

    # -- with a room ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.history.sharers)
    @rule(pick=st.integers(0, 5), readers=st.sampled_from(READERS), who=st.integers(0, 1))
    def share(self, who: int, pick: int, readers: tuple[MemberId, ...]) -> None:
        sharers = self.history.sharers
        self.history.share(sharers[who % len(sharers)], pick, readers)

    @precondition(lambda self: self.history.sharers)
    @rule(readers=st.sampled_from(READERS), back=st.booleans(), who=st.integers(0, 1))
    def share_and_look(self, who: int, readers: tuple[MemberId, ...], back: bool) -> None:
        """What sharing is for: it arrives; and perhaps it is withdrawn and goes."""
        tablet = self.history.sharers[who % len(self.history.sharers)]
        for chosen in (readers, ()) if back else (readers,):
            self.history.share(tablet, 0, chosen)
            self.history.look(tablet)
            for each in self.history.tablets:
                if each.member != tablet.member:
                    self.history.look(each)

    @precondition(lambda self: self.history.room)
    @rule(what=st.sampled_from((*ORDERS, OPENS, OPENS, CLOSES)))
    def order(self, what: str) -> None:
        assert self.history.room
        self.history.room.order(what)

    @precondition(lambda self: self.history.room)
    @rule()
    def begin_and_open(self) -> None:
        """Random commands seldom bring a session to its vote."""
        assert self.history.room
        self.history.room.rest()

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS, what=st.sampled_from(sorted(ACTS)))
    def act_in_room(self, who: int, what: str) -> None:
        self.history.act_in_room(self.at(who), what)

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS, fate=FATES, choice=st.sampled_from(("yes", "no")), send=st.booleans())
    def vote_in_room(self, who: int, fate: Fate, choice: str, send: bool) -> None:
        self.history.look(self.at(who))
        self.history.vote(self.at(who), LIVE_POLL, choice)
        if send:
            self._meet(who, "POST", fate)

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS)
    def hear(self, who: int) -> None:
        assert self.history.room
        if not self.history.is_away(self.at(who)):
            self.history.room.hear(self.at(who))

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS, listener=TABLETS, what=st.sampled_from(sorted(ACTS)))
    def hear_of_an_act(self, who: int, listener: int, what: str) -> None:
        """What the stream is for."""
        self.hear(listener)
        self.history.act_in_room(self.at(who), what)
        self.history.look(self.at(who))
        self.hear(listener)

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS, what=st.sampled_from(sorted(ORDERS)))
    def miss_an_order(self, who: int, what: str) -> None:
        """The line is lost, something happens, another line goes on."""
        assert self.history.room
        self.hear(who)
        self.history.room.lose(self.at(who))
        self.history.room.order(what)
        self.hear(who)

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS)
    def lose_the_line(self, who: int) -> None:
        assert self.history.room
        self.history.room.lose(self.at(who))

    @precondition(lambda self: self.history.room)
    @rule(who=TABLETS, fate=FATES)
    def hear_in_bad_weather(self, who: int, fate: Fate) -> None:
        self.history.lay(self.at(who), "GET /events", fate)
        self.hear(who)

    @invariant()
    def nothing_promised_is_broken(self) -> None:
        self.judge(self.history.breaches())


@dataclass(frozen=True)
class Theme:
    """Some of the steps, on some of the tablets: what they are about happens more often.

    Attributes:
        steps: Names of rules; none means all.
        tablets: How many take part.
        room: On a scene with a room.
        sitting: The session has begun and its vote is open.
    """

    steps: frozenset[str] = frozenset()
    tablets: int = 3
    room: bool = False
    sitting: bool = False


EVERYTHING: Final = Theme()
VOTING: Final = Theme(frozenset({"vote_and_look", "vote", "look", "close", "service_dies"}), 2)
OUTBOX: Final = Theme(frozenset({"vote_and_look", "comment", "withdraw", "kill", "restart"}), 1)
TAKING_BACK: Final = Theme(frozenset({"vote_and_look", "withdraw"}), 1)
TELLING: Final = Theme(frozenset({"draw", "put_in_bad_weather", "look"}), 2)
PACKS: Final = Theme(frozenset({"look", "look_in_bad_weather", "revise", "recall", "kill", "doom"}), 1)
NOTES: Final = Theme(frozenset({"draw", "rub_out", "look", "put_in_bad_weather", "doom", "enrol"}), 2)
SHARING: Final = Theme(
    frozenset({"draw", "rub_out", "share", "share_and_look", "look", "put_in_bad_weather", "kill", "doom"}),
    4,
    room=True,
)
ROOM: Final = Theme(
    frozenset({"order", "begin_and_open", "act_in_room", "vote_in_room", "hear", "lose_the_line"})
    | {"hear_of_an_act", "miss_an_order", "hear_in_bad_weather", "kill", "service_dies"},
    4,
    room=True,
    sitting=True,
)
DEVICES: Final = Theme(frozenset({"comment", "vote", "revoke", "look", "kill", "enrol"}), 1)


def machine(
    scene: Scene, base: Path, theme: Theme = EVERYTHING, *, turn: int = 0
) -> Callable[[], RuleBasedStateMachine]:
    """Plays on copies of ``scene`` below ``base``; each ``turn`` writes other histories, the same in every run."""
    assert scene.room or not theme.room
    around = {"scene": scene, "base": base, "only": theme.steps, "count": theme.tablets, "sitting": theme.sitting}
    played = type("Played", (Histories,), around)
    return seed(turn)(played) if turn else played


def how(examples: int, steps: int, *, phases: tuple[Phase, ...] = tuple(Phase)) -> settings:
    """Repeatable, and as long as it takes."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=[phase for phase in phases if phase is not Phase.explain],
        deadline=None,
        database=None,
        derandomize=True,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )

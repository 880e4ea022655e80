# SPDX-License-Identifier: AGPL-3.0-or-later
"""One number decides a history: members, clocks, weather, secretariat, deaths. The same number gives the same trace.

``python -m tests.helpers.simulate SEED [STEPS] [room]`` plays one again, prints its trace and what does not hold.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.helpers.history import NEW, History
from tests.helpers.inprocess import Fate
from tests.helpers.room import ACTS, CLOSES, OPENS, ORDERS, Room
from tests.helpers.scene import LIVE_POLL, Scene
from tests.helpers.settle import settle
from tests.helpers.sharing import READERS
from tests.helpers.tablet import Tablet

STEPS: Final = 12
YEAR_MS: Final = 365 * 24 * 3_600_000
CLOCKS: Final = (-10 * YEAR_MS, -3_600_000, -90_000, 0, 90_000, 3_600_000, 10 * YEAR_MS)
PAUSES: Final = (1.0, 30.0, 300.0, 1800.0, 7200.0)
CLIMATES: Final = (0.0, 0.05, 0.15, 0.4)
"""How many exchanges of a history are spoilt."""
POINTS: Final = 14
"""Longest fuse: a whole act, or half a look."""
BAD: Final = tuple(fate for fate in Fate if fate is not Fate.FINE)
DEADLY: Final = (Fate.DIES_BEFORE, Fate.DIES_INSIDE, Fate.DIES_AFTER)
SPARE: Final = 4
"""A service that dies takes a restart: only one in so many of them does."""


@dataclass(frozen=True)
class Outcome:
    """What a seed led to."""

    seed: int
    trace: tuple[str, ...]
    breaches: tuple[str, ...]
    points: frozenset[str]
    deaths: int
    again: str

    @property
    def told(self) -> str:
        """For whoever has to find out why."""
        lines = "\n".join(self.breaches)
        return f"{lines}\nplay it again: .venv/bin/python -m tests.helpers.simulate {self.again}"


class Simulation:
    """Plays one seed.

    Args:
        history: Fresh.
        seed: Decides everything.
    """

    def __init__(self, history: History, seed: int) -> None:
        self.history, self.seed = history, seed
        self.random = random.Random(seed)
        self._asked: Counter[str] = Counter()
        self._bad = self.random.choice(CLIMATES)
        history.fate = self._fate

    def play(self, steps: int) -> Outcome:
        history = self.history
        found: list[str] = []
        for _ in range(steps):
            self._step()
            found += history.breaches() if history.tablets_rose else []
            if found:
                break
        found = found or settle(history)
        return Outcome(
            self.seed,
            tuple(history.trace),
            tuple(found),
            frozenset(history.stage.points),
            sum(each.deaths for each in history.tablets),
            f"{self.seed} {steps}{'' if history.room is None else ' room'}",
        )

    def _fate(self, tablet: Tablet, request: httpx.Request) -> Fate:
        """By what is asked and how often it was, so that the order of unrelated requests does not matter."""
        what = self.history.named(f"{tablet.device} {request.method} {request.url.path}")
        self._asked[what] += 1
        draw = random.Random(f"{self.seed}/{what}/{self._asked[what]}")
        if draw.random() >= self._bad:
            return Fate.FINE
        fate = draw.choice(BAD)
        return fate if fate not in DEADLY or draw.randrange(SPARE) == 0 else Fate.RESET_AFTER

    def _step(self) -> None:
        history, tablet = self.history, self.random.choice(self.history.tablets)
        acts: dict[str, tuple[int, Callable[[], object]]] = {
            "vote": (6, lambda: history.vote(tablet, self._poll(), self.random.choice(("yes", "no")))),
            "comment": (3, lambda: history.comment(tablet)),
            "withdraw": (1, lambda: history.withdraw(tablet)),
            "draw": (3, lambda: history.draw(tablet)),
            "rub out": (1, lambda: history.rub_out(tablet, self.random.randrange(8))),
            "look": (6, lambda: history.look(tablet)),
            "doom": (4, lambda: history.doom(tablet, self.random.randrange(POINTS))),
            "kill": (1, lambda: history.kill(tablet)),
            "restart": (1, lambda: history.restart(tablet)),
            "offline": (1, lambda: history.go_offline(tablet)),
            "sleep": (1, lambda: history.sleep(tablet)),
            "back": (2, lambda: history.come_back(tablet)),
            "clock": (1, lambda: history.set_clock(tablet, self.random.choice(CLOCKS))),
            "frozen": (1, lambda: history.freeze_clock(tablet)),
            "time": (4, self._time),
            "revise": (1, lambda: history.revise(new_poll=self.random.random() < 0.5)),
            "recall": (1, history.recall),
            "close": (1, lambda: history.close(self.random.choice(history.polls))),
            "revoke": (1, lambda: self._revoke(tablet)),
            "enrol": (1, self._enrol),
            "service": (1, history.service_dies),
            **({} if history.room is None else self._in_the_room(history.room, tablet)),
        }
        name = self.random.choices(list(acts), [weight for weight, _ in acts.values()])[0]
        acts[name][1]()

    def _in_the_room(self, room: Room, tablet: Tablet) -> dict[str, tuple[int, Callable[[], object]]]:
        """What there is besides where a session can be run and notes be shared."""
        draw, history = self.random, self.history

        def hear() -> None:
            if not history.is_away(tablet):
                room.hear(tablet)

        def share() -> None:
            if not history.sharers:
                history.draw(tablet)
            if history.sharers:  # whoever draws may die of it
                history.share(draw.choice(history.sharers), draw.randrange(6), draw.choice(READERS))

        return {
            "share": (4, share),
            "order": (4, lambda: room.order(draw.choice((*ORDERS, OPENS, CLOSES)))),
            "ready": (2, room.rest),
            "act": (4, lambda: history.act_in_room(tablet, draw.choice(sorted(ACTS)))),
            "vote in the room": (4, lambda: history.vote(tablet, LIVE_POLL, draw.choice(("yes", "no")))),
            "hear": (6, hear),
            "lose": (1, lambda: room.lose(tablet)),
        }

    def _poll(self) -> str:
        return str(self.random.choice(self.history.polls).id)

    def _time(self) -> None:
        """Time passes, and whoever is awake and due looks."""
        self.history.pass_s(self.random.choice(PAUSES))
        for each in self.history.tablets:
            if each.engine.status().next_try_s in {None, 0.0} and not each.hands.asleep:
                self.history.look(each)

    def _enrol(self) -> None:
        if self.history.tablets[-1].device != NEW:
            self.history.enrol()

    def _revoke(self, tablet: Tablet) -> None:
        """At most one of three, and not often."""
        if self.random.random() < 0.4 and not any(each.revoked for each in self.history.tablets):
            self.history.revoke(tablet)


def simulate(scene: Scene, folder: Path, seed: int, steps: int = STEPS) -> Outcome:
    """Play one seed in ``folder``."""
    with History(scene, folder, seed=seed) as history:
        return Simulation(history, seed).play(steps)


def main(seed: int, steps: int, *, room: bool) -> int:
    """One seed, told in full."""
    with tempfile.TemporaryDirectory() as base:
        outcome = simulate(Scene(Path(base) / "scene", room=room), Path(base) / "history", seed, steps)
    print("\n".join(outcome.trace))
    print("\n".join(outcome.breaches) or "everything holds")
    return 1 if outcome.breaches else 0


if __name__ == "__main__":
    arguments = [each for each in sys.argv[1:] if each != "room"]
    steps = int(arguments[1]) if len(arguments) > 1 else STEPS
    sys.exit(main(int(arguments[0]), steps, room="room" in sys.argv))

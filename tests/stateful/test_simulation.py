# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seeded histories of three tablets, a service, a secretariat, wrong clocks and bad weather; invariants after each.

A failing seed is printed with the command that plays it again. The same seed gives the same trace to the byte, also
with other keys, other hashes and another order of what the system's threads did.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.scene import Scene
from tests.helpers.simulate import simulate

SHORT = range(0, 200, 25)
IN_A_ROOM = range(2_000_000, 2_000_040, 20)
LONG = range(200, 20_200, 200)
LONGER = range(1_000_000, 1_000_400, 50)
LONG_IN_A_ROOM = range(2_100_000, 2_104_000, 200)
"""Where each test begins; it plays as many seeds as lie between two."""
MANY_STEPS, ROOM_STEPS = 60, 20
TWICE = range(3)
REACHED = {"act.committed", "send.answered", "send.receipted", "trust.metadata_kept", "pack.ready", "poll.saved"}
"""Points that the short seeds reach; without them they would prove little."""
REACHED_IN_A_ROOM = {"session.saved", "shared.waiting", "shared.taken"}

pytestmark = pytest.mark.expects_warnings("acts that could not be saved are told in the log, too")


def play(scene: Scene, fresh: Path, seeds: range, **options: int) -> tuple[frozenset[str], int]:
    """All of them; commit points reached, and how often a tablet died."""
    points, deaths = frozenset[str](), 0
    for seed in seeds:
        outcome = simulate(scene, fresh, seed, **options)
        assert not outcome.breaches, outcome.told
        points, deaths = points | outcome.points, deaths + outcome.deaths
        shutil.rmtree(fresh)
    return points, deaths


@pytest.mark.parametrize("start", SHORT)
def test_every_history_keeps_what_was_promised(scene: Scene, fresh: Path, start: int) -> None:
    points, deaths = play(scene, fresh, range(start, start + SHORT.step))
    assert points >= REACHED
    assert deaths


@pytest.mark.parametrize("start", IN_A_ROOM)
def test_every_history_with_a_session_and_shared_notes(room_scene: Scene, fresh: Path, start: int) -> None:
    points, _ = play(room_scene, fresh, range(start, start + IN_A_ROOM.step), steps=ROOM_STEPS)
    assert points >= REACHED_IN_A_ROOM


def test_the_same_seed_gives_the_same_session(room_scene: Scene, fresh: Path) -> None:
    first, again = (simulate(room_scene, fresh / name, 2_000_003, ROOM_STEPS) for name in ("first", "again"))
    assert first.trace == again.trace


@pytest.mark.parametrize("seed", TWICE)
def test_the_same_seed_gives_the_same_trace(scene: Scene, other_scene: Scene, fresh: Path, seed: int) -> None:
    first = simulate(scene, fresh / "first", seed)
    again = simulate(scene, fresh / "again", seed)
    other = simulate(other_scene, fresh / "other", seed)
    assert "\n".join(first.trace).encode() == "\n".join(again.trace).encode()
    assert first.trace == other.trace, "nothing in it depends on keys"
    assert len(first.trace) > 30


@pytest.fixture(scope="module")
def other_scene(stage_folder: Path) -> Scene:
    """The same with other keys and salts."""
    return Scene(stage_folder / "other")


@pytest.mark.slow
@pytest.mark.parametrize("start", LONG)
def test_many_histories(scene: Scene, fresh: Path, start: int) -> None:
    play(scene, fresh, range(start, start + LONG.step))


@pytest.mark.slow
@pytest.mark.parametrize("start", LONGER)
def test_long_histories(scene: Scene, fresh: Path, start: int) -> None:
    play(scene, fresh, range(start, start + LONGER.step), steps=MANY_STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("start", LONG_IN_A_ROOM)
def test_many_histories_with_a_session_and_shared_notes(room_scene: Scene, fresh: Path, start: int) -> None:
    play(room_scene, fresh, range(start, start + LONG_IN_A_ROOM.step), steps=ROOM_STEPS)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole histories written by Hypothesis: real stores, the real service, every promise looked at after every step."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.helpers.machine import DEVICES, EVERYTHING, NOTES, OUTBOX, PACKS, ROOM, SHARING, VOTING, how, machine
from tests.helpers.scene import Scene

pytestmark = pytest.mark.expects_warnings("acts that could not be saved are told in the log, too")


THEMES = {
    "everything": EVERYTHING,
    "voting": VOTING,
    "outbox": OUTBOX,
    "packs": PACKS,
    "notes": NOTES,
    "devices": DEVICES,
    "sharing": SHARING,
    "room": ROOM,
}


EACH, STEPS = 13, 40
"""Histories of each theme on every commit: a hundred together."""
TURNS, LONG, LONG_STEPS = 10, 50, 100


@pytest.mark.parametrize("theme", THEMES)
def test_no_history_breaks_a_promise(scene: Scene, room_scene: Scene, stage_folder: Path, theme: str) -> None:
    where = room_scene if THEMES[theme].room else scene
    run_state_machine_as_test(machine(where, stage_folder, THEMES[theme]), settings=how(EACH, STEPS))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("turn", range(1, TURNS + 1))
@pytest.mark.parametrize("theme", THEMES)
def test_no_long_history_breaks_a_promise(
    scene: Scene, room_scene: Scene, stage_folder: Path, theme: str, turn: int
) -> None:
    where = room_scene if THEMES[theme].room else scene
    run_state_machine_as_test(machine(where, stage_folder, THEMES[theme], turn=turn), settings=how(LONG, LONG_STEPS))

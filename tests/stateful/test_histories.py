# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole histories written by Hypothesis: real stores, the real service, every promise looked at after every step."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.helpers.machine import DEVICES, EVERYTHING, NOTES, OUTBOX, PACKS, VOTING, how, machine
from tests.helpers.scene import Scene

pytestmark = pytest.mark.expects_warnings("acts that could not be saved are told in the log, too")


THEMES = {
    "everything": EVERYTHING,
    "voting": VOTING,
    "outbox": OUTBOX,
    "packs": PACKS,
    "notes": NOTES,
    "devices": DEVICES,
}


@pytest.mark.parametrize("theme", THEMES)
def test_no_history_breaks_a_promise(scene: Scene, stage_folder: Path, theme: str) -> None:
    run_state_machine_as_test(machine(scene, stage_folder, THEMES[theme]), settings=how(5, 15))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("theme", THEMES)
def test_no_long_history_breaks_a_promise(scene: Scene, stage_folder: Path, theme: str) -> None:
    run_state_machine_as_test(machine(scene, stage_folder, THEMES[theme]), settings=how(300, 60))

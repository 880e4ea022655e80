# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole life of the real packages, every night: built twice in two places, compared, installed, upgraded, removed.

What is done and held to which budget is in ``cycle.py`` and its two halves. Takes ten to twenty minutes and, for
packages of Debian and Python, a network. ``ECABINET_CYCLE`` names a folder that outlives the run, so that it can be
taken up again; the figures of the last run are in ``docs/quality.md``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.installer import cycle, cycle_debian, cycle_windows
from tests.installer.cycle import Cycle, Facts

Needs = Callable[..., None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    """One run for both halves."""
    named = os.environ.get("ECABINET_CYCLE")
    return cycle.begin(Path(named) if named else tmp_path_factory.mktemp("cycle"))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(os.name == "posix" and os.getuid() != 0, reason="a chroot needs root")
def test_debian_from_freezing_to_purging(whole: Cycle, needs: Needs) -> None:
    needs(*cycle_debian.TOOLS)
    steps = cycle_debian.live(whole)
    assert steps[-1] == "purged, nothing left"
    assert any("store ok" in step and "sandbox" in step for step in steps)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_windows_from_layout_to_removal(whole: Cycle, needs: Needs) -> None:
    needs(*cycle_windows.TOOLS)
    steps = cycle_windows.live(whole)
    assert steps[-1] == "removed, nothing left"
    assert any("store ok" in step and "properties remembered" in step for step in steps)


def test_a_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    """A step is done once, again if what it made is gone, and always if it makes nothing that could be looked at."""
    run, made = Cycle(tmp_path, "1" * 40), tmp_path / "made"
    calls: list[str] = []

    def build() -> Facts:
        calls.append("build")
        made.write_text("x")
        return {"MB": 1}

    def fail() -> Facts:
        raise OSError("stopped")

    assert run.step("build", build, made)["MB"] == 1
    with pytest.raises(OSError, match="stopped"):
        run.step("look", fail)
    again = Cycle(tmp_path, "1" * 40)
    assert again.step("build", build, made)["MB"] == 1
    assert calls == ["build"]
    made.unlink()
    again.step("build", build, made)
    again.step("look", lambda: {"seen": True})
    assert calls == ["build", "build"]
    assert set(again.noted) == {"build", "look"}


def test_two_runs_side_by_side_do_a_step_once(tmp_path: Path) -> None:
    """Debian's half and Windows' half may run at the same time; both want the second checkout."""
    made, calls, inside, go_on = tmp_path / "made", [], threading.Event(), threading.Event()

    def build() -> Facts:
        calls.append("build")
        inside.set()
        assert go_on.wait(30)
        made.write_text("x")
        return {"MB": 1}

    def run() -> Facts:
        return Cycle(tmp_path, "1" * 40).step("build", build, made)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(run)
        assert inside.wait(30)
        second = pool.submit(run)
        go_on.set()
        assert first.result() == second.result()
    assert calls == ["build"]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The member's program, and the service's, are killed at random moments of a random day.

The seed of a failing day is in the message.

What is random is the day: commands and delays. The delay before a kill is the fault itself; how far the program got
in that time differs from run to run, what must hold afterwards does not.
"""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests.helpers.lab import Lab, ServiceProcess, Trial
from tests.helpers.member import Member

SHORT = range(4)
LONG = range(4, 204)
SHORT_OF_BOTH = range(2)
LONG_OF_BOTH = range(2, 52)
STEPS = 10
KILL = 0.35
LONGEST_S = 0.08
LONGEST_START_S = 0.9
"""Reaches from before the program has started to after it has recovered."""


class Day:
    """One day of one member.

    Args:
        trial: Where it happens.
        seed: Decides commands and delays.
    """

    def __init__(self, trial: Trial, seed: int) -> None:
        self.trial, self.random = trial, random.Random(seed)
        self.kills = 0
        self.tablet = trial.process()
        self._open()

    def live(self) -> None:
        """All steps; ends with the program closed in the ordinary way or killed once more."""
        for step in range(STEPS):
            command = self.random.choices(("vote", "comment", "annotate", "sync"), (4, 3, 2, 3))[0]
            doomed = self.random.random() < KILL
            delay = self.random.uniform(0, LONGEST_S) if doomed else None
            self._do(command, step, delay)
        self.tablet.kill()

    def _do(self, command: str, step: int, delay: float | None) -> None:
        timer = None if delay is None else self._doom(delay)
        try:
            self._command(command, step)
            self.trial.diary.saw(self.tablet.do("status"))
        except ProcessLookupError:
            assert timer is not None, "died without being killed"
        except RuntimeError as error:
            if error.args[0] != "user.bad_input":  # a vote that waits is not cast again
                raise
        if timer is not None:
            timer.join()
            self._open()

    def _command(self, command: str, step: int) -> None:
        tablet, lab, diary = self.tablet, self.trial.lab, self.trial.diary
        if command == "vote":
            diary.told(tablet.do("vote", poll=lab.poll, answers={"q1": "yes"}))
        elif command == "comment":
            diary.told(tablet.do("comment", wanted=lab.paper, text=f"Ý kiến {step} (dữ liệu giả định)"))
        elif command == "annotate":
            diary.drew(lab.paper, tablet.do("annotate", wanted=lab.paper))
        else:
            self._sync()

    def _sync(self) -> None:
        """Look at the service; in a day with both, it may be killed meanwhile and is back afterwards."""
        service = self.trial.service
        if not isinstance(service, ServiceProcess):
            assert self.tablet.do("sync")["error"] is None
            return
        timer = threading.Timer(self.random.uniform(0, LONGEST_S), service.kill)
        self.kills += 1
        timer.start()
        try:
            self.tablet.do("sync")
        finally:
            timer.join()
            service.start()

    def _doom(self, delay: float) -> threading.Timer:
        self.kills += 1
        timer = threading.Timer(delay, self.tablet._process.kill)
        timer.start()
        return timer

    def _open(self) -> None:
        """Start again until the program is unlocked; it may be killed over its recovery, too."""
        while True:
            self.tablet.kill()
            self.tablet = self.trial.process()
            doomed = self.random.random() < KILL
            timer = self._doom(self.random.uniform(0, LONGEST_START_S)) if doomed else None
            try:
                recovered = self.tablet.do("unlock")
                self.trial.diary.saw(self.tablet.do("status"))
            except ProcessLookupError:
                continue
            finally:
                if timer is not None:
                    timer.join()
            assert recovered["missing"] == []
            assert not recovered["altered"]
            if timer is None:
                return


def a_day(lab: Lab, folder: Path, seed: int, *, both: bool = False) -> None:
    with lab.trial(folder, process=both) as trial:
        day = Day(trial, seed)
        day.live()
        tablet: Member = trial.member()
        trial.says(tablet)
        assert trial.breaches(tablet) == [], f"seed {seed}, {day.kills} kills"
        assert tablet.sync()["error"] is None, f"seed {seed}"
        trial.says(tablet)
        assert trial.breaches(tablet, settled=True) == [], f"seed {seed}, {day.kills} kills"
        assert trial.closing_breaches(tablet) == [], f"seed {seed}, {day.kills} kills"
        assert day.kills, f"seed {seed} kills nobody"


@pytest.mark.parametrize("seed", SHORT)
def test_a_day_with_kills(lab: Lab, tmp_path: Path, seed: int) -> None:
    a_day(lab, tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", LONG)
def test_many_days_with_kills(lab: Lab, tmp_path: Path, seed: int) -> None:
    a_day(lab, tmp_path, seed)


@pytest.mark.timeout(600)  # a dozen processes start one after the other
@pytest.mark.parametrize("seed", SHORT_OF_BOTH)
def test_a_day_with_kills_of_both(lab: Lab, tmp_path: Path, seed: int) -> None:
    a_day(lab, tmp_path, seed, both=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", LONG_OF_BOTH)
def test_many_days_with_kills_of_both(lab: Lab, tmp_path: Path, seed: int) -> None:
    a_day(lab, tmp_path, seed, both=True)

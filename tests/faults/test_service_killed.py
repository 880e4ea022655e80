# SPDX-License-Identifier: AGPL-3.0-or-later
"""The service's process is killed around a vote; restarted at the same address it knows what it promised.

A receipt leaves only after the commit. So a vote whose answer was lost has the same receipt, byte for byte, when it
is sent again, and a vote that was not committed leaves no trace and is decided anew.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.helpers import invariants
from tests.helpers.doomed_service import MOMENTS as MOMENTS_INSIDE
from tests.helpers.lab import Lab, ServiceProcess, Trial
from tests.helpers.weather import Line

POST = ("POST", "/statements")


def receipt_in(answer: bytes) -> str:
    """The receipt in an answer to a statement."""
    found: str = json.loads(answer.partition(b"\r\n\r\n")[2])["receipt"]
    return found


def before_it_arrives(kill: Callable[[], None], line: Line) -> None:
    kill()
    line.reset()


def while_it_decides(kill: Callable[[], None], line: Line, *, head_start_s: float = 0.002) -> None:
    """The kill races the decision: either outcome must be whole."""
    killer = threading.Timer(head_start_s, kill)
    killer.start()
    with contextlib.suppress(OSError):
        line.forward()
    killer.join()
    line.reset()


def after_the_commit(kill: Callable[[], None], line: Line) -> None:
    line.forward()
    kill()
    line.reset()


def after_the_answer(kill: Callable[[], None], line: Line) -> None:
    answer = line.forward()
    kill()
    line.deliver(answer)


def as_it_comes(line: Line) -> None:
    """A process that died says nothing, and its connection ends."""
    answer = line.forward()
    if not answer:
        line.reset()
    line.deliver(answer)


STEP_S = 0.0004
"""Fifty steps reach from before the request is read to after it was answered."""
MOMENTS = (before_it_arrives, while_it_decides, after_the_commit, after_the_answer)


def restart(trial: Trial) -> None:
    """The operator's supervisor brings the service back."""
    assert isinstance(trial.service, ServiceProcess)
    url = trial.service.url
    assert trial.service.start() == url


def a_kill(trial: Trial, moment: Callable[[Callable[[], None], Line], None], choice: str = "yes") -> None:
    """One vote, one kill, one restart; the vote has one receipt."""
    assert isinstance(trial.service, ServiceProcess)
    kill, tablet = trial.service.kill, trial.member()
    before = trial.says(tablet)
    trial.vote(tablet, choice)
    asked = len(trial.weather.asked(*POST))
    trial.weather.lay(*POST, lambda line: moment(kill, line))
    tablet.sync()
    heard = moment is after_the_answer
    assert trial.says(tablet)[-1] == ("counted" if heard else "sent_awaiting_receipt")
    assert trial.breaches(tablet) == []
    restart(trial)
    assert trial.breaches(tablet) == [], "what was promised survived the kill"
    assert tablet.sync()["error"] is None
    assert trial.says(tablet) == ["replaced"] * len(before) + ["counted"]
    receipts = {receipt_in(a) for e in trial.weather.asked(*POST)[asked:] for a in e.answers if a}
    assert len(receipts) == 1, "one vote, one receipt"
    assert len(invariants.service_evidence(trial.service_folder).statements) == len(before) + 1
    assert trial.breaches(tablet, settled=True) == []
    tablet.close()


def test_the_service_is_killed_around_each_vote_of_a_chain(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path, process=True) as trial:
        for turn, moment in enumerate(MOMENTS):
            a_kill(trial, moment, "no" if turn % 2 else "yes")
        # Nonces lived in the killed process: a caught request passes the guard again, and counts nothing again.
        held = invariants.service_evidence(trial.service_folder)
        for exchange in trial.weather.asked(*POST):
            answer = trial.weather.repeat(exchange)
            assert b"problem:replay" in answer or receipt_in(answer) in {
                stored.receipt_text for stored in held.statements.values()
            }
        assert invariants.service_evidence(trial.service_folder) == held
        assert trial.closing_breaches(trial.member()) == []


@pytest.mark.parametrize("moment", MOMENTS_INSIDE)
def test_the_service_is_killed_at_a_moment_of_its_decision(lab: Lab, tmp_path: Path, moment: str) -> None:
    """Before the commit nothing is left of the vote, after it everything, whether or not it was answered."""
    with lab.trial(tmp_path, process=True) as trial:
        assert isinstance(trial.service, ServiceProcess)
        tablet = trial.member()
        trial.vote(tablet)
        trial.service.kill()
        trial.service.start(die_at=moment)
        trial.weather.lay(*POST, as_it_comes)
        tablet.sync()
        assert trial.says(tablet) == ["counted" if moment == "reply" else "sent_awaiting_receipt"]
        kept = len(invariants.service_evidence(trial.service_folder).statements)
        assert kept == (moment in {"commit", "reply"})
        assert trial.breaches(tablet) == []
        trial.service.kill()
        restart(trial)
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert len(invariants.service_evidence(trial.service_folder).statements) == 1
        assert trial.breaches(tablet, settled=True) == []
        assert trial.closing_breaches(tablet) == []


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(50))
def test_the_service_is_killed_while_it_decides_again_and_again(lab: Lab, tmp_path: Path, turn: int) -> None:
    with lab.trial(tmp_path, process=True) as trial:
        a_kill(trial, partial(while_it_decides, head_start_s=turn * STEP_S))
        assert trial.closing_breaches(trial.member()) == []

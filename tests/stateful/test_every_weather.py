# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each kind of weather on the sending of a vote, and by night on every kind of exchange: late at most, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.history import WIRE, History
from tests.helpers.inprocess import Fate
from tests.helpers.scene import Scene
from tests.helpers.settle import settle

pytestmark = pytest.mark.expects_warnings("acts that could not be saved are told in the log, too")
KINDS = 22
"""At least so many."""


def met(scene: Scene, folder: Path, what: str, fate: Fate) -> None:
    """A day with news, votes and notes on which that exchange is spoilt, twice."""
    with History(scene, folder, tablets=2) as history:
        one, two = history.tablets
        history.vote(one, "po_0001", "yes")
        history.comment(two)
        history.draw(one)
        history.revise()
        for each in (one, two):
            history.lay(each, what, fate)
            history.look(each)
            assert history.breaches() == []
        spoilt = [line for line in history.trace if f": {fate.value}" in line and " will meet " not in line]
        assert spoilt, "it was met"
        assert settle(history) == []


@pytest.mark.parametrize("fate", Fate, ids=lambda fate: fate.value)
def test_a_vote_in_every_weather(scene: Scene, fresh: Path, fate: Fate) -> None:
    met(scene, fresh, "POST", fate)


@pytest.mark.slow
@pytest.mark.parametrize("what", WIRE)
@pytest.mark.parametrize("fate", Fate, ids=lambda fate: fate.value)
def test_every_exchange_in_every_weather(scene: Scene, fresh: Path, fate: Fate, what: str) -> None:
    met(scene, fresh, what, fate)


def test_there_is_enough_weather() -> None:
    assert len(Fate) - 1 >= KINDS

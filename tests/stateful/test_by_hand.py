# SPDX-License-Identifier: AGPL-3.0-or-later
"""An act handed out as a file while the engine is still knocking at a dead network cannot be taken back any more."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from client.errors import BadInput
from tests.helpers.history import History
from tests.helpers.inprocess import Fate
from tests.helpers.scene import Scene
from tests.helpers.tablet import Tablet


def test_handed_out_while_nobody_answers(scene: Scene, fresh: Path) -> None:
    with History(scene, fresh, tablets=1) as history:
        [tablet] = history.tablets
        history.vote(tablet, "po_0001", "yes")
        handed: list[bytes] = []

        def meanwhile(_tablet: Tablet, request: httpx.Request) -> Fate:
            if request.method != "POST":
                return Fate.FINE
            handed.append(tablet.engine.carrier.hand_out(1))
            return Fate.NOBODY

        history.fate = meanwhile
        history.look(tablet)
        assert len(handed) == 1
        [item] = tablet.items()
        assert (item.tries, item.unknown) == (1, False), "the try by hand, and no other"
        with pytest.raises(BadInput):
            tablet.acts.withdraw(1).result()
        history.fate = lambda *_: Fate.FINE
        history.look(tablet)
        assert [each["says"] for each in tablet.shows()["outbox"]] == ["counted"]
        assert history.breaches() == []

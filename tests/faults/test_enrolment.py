# SPDX-License-Identifier: AGPL-3.0-or-later
"""An enrolment meets bad weather: the ticket is spent once and the same keys go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from client.enrol import NewDevice
from client.errors import Unreachable
from tests.helpers import weather
from tests.helpers.lab import Lab
from tests.helpers.member import LIGHT, PIN, Member


def test_an_enrolment_whose_answer_was_lost_can_be_repeated(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        ticket = trial.desk.open_ticket("m_018").ticket
        person = Member(tmp_path / "another")
        device = NewDevice(person.paths, person.around, lab.root, trial.weather.url, params=LIGHT)
        device.set_pin(PIN)
        trial.weather.lay("POST", "/enrol", weather.reset_after)
        with pytest.raises(Unreachable):
            device.hand_in(ticket)
        assert device.hand_in(ticket).state == "pending"
        device.close()

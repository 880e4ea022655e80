# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the lab found and the product does not hold yet: each is played, and its failing is expected by name.

Expected failures are strict: whoever closes a gap is told to move its test among the others.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers import weather
from tests.helpers.lab import Lab, Trial

POST = ("POST", "/statements")


def gap(reason: str) -> pytest.MarkDecorator:
    """An invariant that does not hold yet."""
    return pytest.mark.xfail(reason=reason, raises=AssertionError)


def reported(trial: Trial) -> bool:
    """Whether recovery raised the alarm."""
    return bool(trial.recovery["missing"]) or bool(trial.recovery["altered"])


@gap("a whole tablet put back from an image, keystore included, is not noticed at open nor at sync")
def test_a_whole_image_put_back_is_reported(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        image = tmp_path / "image"
        shutil.copytree(trial.tablet_folder, image)
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        tablet.close()
        shutil.rmtree(trial.tablet_folder)
        shutil.copytree(image, trial.tablet_folder)
        trial.point_to(trial.weather.url)
        tablet = trial.member()
        said = tablet.sync()["error"]
        assert reported(trial) or said is not None or tablet.status()["outbox"], "the counted vote is gone unseen"


@gap("the anchor does not know of withdrawals: an older record.db brings a withdrawn vote back and it is counted")
def test_a_withdrawn_vote_does_not_come_back(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        record, older = trial.tablet_folder / "profile" / "record.db", tmp_path / "older.db"
        tablet = trial.member()
        n = trial.vote(tablet)
        tablet.close()
        shutil.copy(record, older)
        tablet = trial.member()
        tablet.core.acts.withdraw(n).result()
        assert trial.says(tablet) == ["withdrawn"]
        tablet.close()
        shutil.copy(older, record)
        tablet = trial.member()
        tablet.sync()
        assert reported(trial) or trial.says(tablet) != ["counted"]


@gap("recovery looks for copies without a row, not for waiting rows without a copy")
def test_a_removed_copy_of_a_waiting_act_is_put_back_or_reported(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        tablet.close()
        for copy in tablet.paths.sealed_copies.iterdir():
            copy.unlink()
        tablet = trial.member()
        assert reported(trial) or trial.breaches(tablet) == []


@gap("a refusal is not signed and yet final: whoever answers in between turns a counted vote into a refused one")
def test_an_unsigned_refusal_does_not_hide_a_counted_vote(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        body = json.dumps({"type": "urn:ecab:problem:bad-request", "title": "bad", "status": 400}).encode()
        trial.weather.lay(*POST, weather.says("400 Bad Request", "application/problem+json", body, ask=True))
        tablet.sync()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]


@gap("a request refused as repeated has certainly arrived once, and is shown as never sent")
def test_a_repeated_request_is_not_shown_as_never_sent(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, weather.sent_twice(1))
        tablet.sync()
        assert trial.says(tablet) == ["sent_awaiting_receipt"]

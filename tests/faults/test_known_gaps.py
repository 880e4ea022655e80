# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the lab found and the product does not hold yet: each is played, and its failing is expected by name.

Expected failures are strict: whoever closes a gap is told to move its test among the others.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.lab import Lab, Trial


def gap(reason: str) -> pytest.MarkDecorator:
    """An invariant that does not hold yet."""
    return pytest.mark.xfail(reason=reason, raises=AssertionError)


def reported(trial: Trial) -> bool:
    """Whether recovery raised the alarm."""
    return bool(trial.recovery["missing"]) or bool(trial.recovery["altered"])


@gap(
    "a whole tablet put back from an image, keystore included: the service has no list of a device's statements to ask"
)
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

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Single files of a tablet are put back from an earlier day or removed: what was decided since stays decided."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from client.store import witnessed
from client.store.witnessed import Lost
from tests.helpers.invariants import service_evidence
from tests.helpers.lab import Lab, Trial


def withdrawn_and_put_back(trial: Trial) -> None:
    """A vote is withdrawn, then the database of before comes back."""
    record, older = trial.tablet_folder / "profile" / "record.db", trial.folder / "older.db"
    tablet = trial.member()
    n = trial.vote(tablet)
    tablet.close()
    shutil.copy(record, older)
    tablet = trial.member()
    tablet.core.acts.withdraw(n).result()
    assert trial.says(tablet) == ["withdrawn"]
    tablet.close()
    shutil.copy(older, record)


def test_a_withdrawn_vote_does_not_come_back(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        withdrawn_and_put_back(trial)
        tablet = trial.member()
        assert (trial.recovery["withdrawn"], trial.recovery["rolled_back"]) == ((1,), (1,))
        assert tablet.core.recovery.alarm
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["withdrawn"]
        assert service_evidence(trial.service_folder).statements == {}
        tablet.close()
        tablet = trial.member()
        assert not tablet.core.recovery.alarm, "told once"
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["withdrawn", "counted"]


def test_a_removed_copy_of_a_waiting_act_is_put_back(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        tablet.close()
        [copy] = tablet.paths.sealed_copies.iterdir()
        copy.unlink()
        tablet = trial.member()
        assert trial.recovery["copied"] == (1,)
        assert trial.breaches(tablet) == []
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []


def test_a_whole_image_put_back_is_reported_and_made_good(lab: Lab, tmp_path: Path) -> None:
    """Keystore included: nothing on the tablet can tell, the service can."""
    with lab.trial(tmp_path) as trial:
        image = tmp_path / "image"
        shutil.copytree(trial.tablet_folder, image)
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        [lost] = tablet.status()["outbox"]
        tablet.close()
        put_back(trial, image)
        tablet = trial.member()
        assert tablet.status()["outbox"] == []
        assert not tablet.core.recovery.alarm, "the tablet by itself sees nothing"
        assert tablet.sync()["error"] == "machine.record_incomplete"
        [found] = tablet.status()["outbox"]
        assert (found["n"], found["statement"], found["says"]) == (lost["n"], lost["statement"], "counted")
        assert tablet.sync()["error"] is None, "told once"
        assert trial.vote(tablet, "no") == lost["n"] + 1
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["replaced", "counted"]
        assert trial.breaches(tablet, settled=True) == []
        tablet.close()
        tablet = trial.member()
        assert not tablet.core.recovery.alarm


def test_a_number_used_twice_after_an_image_was_put_back_is_told(lab: Lab, tmp_path: Path) -> None:
    """The member votes again before the service could be asked: both acts have number 1."""
    with lab.trial(tmp_path) as trial:
        image = tmp_path / "image"
        shutil.copytree(trial.tablet_folder, image)
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        tablet.close()
        put_back(trial, image)
        tablet = trial.member()
        assert tablet.vote(trial.lab.poll, {"q1": "yes"}) == 1
        assert tablet.sync()["error"] == "machine.record_incomplete"
        [here] = tablet.status()["outbox"]
        assert here["says"] == "refused"
        assert tablet.vote(trial.lab.poll, {"q1": "yes"}) == 2, "the number of the service is not used again"


def put_back(trial: Trial, image: Path) -> None:
    """The tablet as it was when the image was taken."""
    shutil.rmtree(trial.tablet_folder)
    shutil.copytree(image, trial.tablet_folder)
    trial.point_to(trial.weather.url)


@pytest.mark.parametrize("point", ["witness.noted", "witness.put_back"])
def test_killed_while_the_lost_vote_comes_back(lab: Lab, tmp_path: Path, point: str) -> None:
    with lab.trial(tmp_path) as trial:
        image = tmp_path / "image"
        shutil.copytree(trial.tablet_folder, image)
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync()["error"] is None
        tablet.close()
        put_back(trial, image)
        process = trial.process(crash_at=point)
        process.do("unlock")
        with pytest.raises(ProcessLookupError):
            process.do("sync")
        process.kill()
        tablet = trial.member()
        assert tablet.core.record.read(witnessed.lost).result() == Lost(missing=(1,)), "still to be told"
        tablet.sync()
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []
        tablet.core.record.write(witnessed.confirm_lost).result()
        assert tablet.core.record.read(witnessed.lost).result() == Lost()

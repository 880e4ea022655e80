# SPDX-License-Identifier: AGPL-3.0-or-later
"""Single files of a tablet are put back from an earlier day or removed: what was decided since stays decided."""

from __future__ import annotations

import shutil
from pathlib import Path

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

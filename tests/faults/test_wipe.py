# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device is ordered to erase itself: killed at each step it goes on; afterwards an image of its disk opens to nobody.

"Image" is every byte of the tablet's folder: databases with their logs, key file, sealed copies, program log. The
keystore is what a disk image does not have.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from client import wipe
from client.clock import from_rfc3339
from client.domain.ids import DeviceId
from client.errors import KeyFileDamaged, KeystoreMissing, KeystoreUnavailable, Unreachable
from client.keys.keyring_store import MemoryStore
from client.sync import crashpoints
from tests.helpers.canaries import sightings
from tests.helpers.lab import Lab, Trial
from tests.helpers.member import Member
from tests.helpers.sealed import keystore_of

CANARIES = ("Thu hoi bi mat 0451", "Nghị định", "Tờ trình", "Bộ trưởng A", "Phiên họp")
"""A comment's words, and words of the papers, agenda and directory that the tablet holds."""
LEFT = {"erased.json"}


def ordered(trial: Trial) -> DeviceId:
    [entry] = [entry for entry in trial.desk.devices if entry.state.value == "active"]
    trial.desk.revoke(entry.id, wipe=True)
    return entry.id


def used(trial: Trial) -> Member:
    """A tablet with a vote and a comment on it, opened and read."""
    tablet = trial.member()
    trial.vote(tablet)
    tablet.comment(trial.lab.paper, CANARIES[0])
    assert tablet.sync()["error"] is None
    return tablet


def left(trial: Trial) -> set[str]:
    return {path.name for path in (trial.tablet_folder / "profile").rglob("*") if path.is_file()}


def secrets(folder: Path) -> dict[str, object]:
    return keystore_of(folder)._secrets  # type: ignore[attr-defined]


def test_an_order_is_seen_carried_out_and_reported(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = used(trial)
        device = ordered(trial)
        [waiting] = trial.desk.wiped()
        assert (waiting.device, waiting.reported) == (device, None)
        tablet.sync()
        status = tablet.status()
        assert (status["wipe"], status["active"], status["suspended"]) == (True, False, True)
        assert tablet.wipe()["reported"]
        assert left(trial) == LEFT
        assert secrets(trial.tablet_folder) == {}
        [done] = trial.desk.wiped()
        assert done.device == device
        assert done.seen is not None
        assert done.reported is not None
        assert from_rfc3339(done.seen) <= from_rfc3339(done.reported)
        assert tablet.wipe()["reported"], "again changes nothing"


@pytest.mark.parametrize("point", crashpoints.WIPE)
def test_killed_on_the_way_it_goes_on_without_a_pin(lab: Lab, tmp_path: Path, point: str) -> None:
    with lab.trial(tmp_path) as trial:
        used(trial).close()
        ordered(trial)
        process = trial.process(crash_at=point)
        process.do("unlock")
        process.do("sync")
        with pytest.raises(ProcessLookupError):
            process.do("wipe")
        process.kill()
        found = wipe.load(trial_paths(trial))
        assert found is not None, "the intent is there before anything is destroyed"
        after = Member(trial.tablet_folder)
        assert after.wipe()["reported"]
        assert left(trial) == LEFT
        assert secrets(trial.tablet_folder) == {}
        assert [order.reported is not None for order in trial.desk.wiped()] == [True]


def test_an_image_from_before_opens_to_nobody_after(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = used(trial)
        image = tmp_path / "image"
        shutil.copytree(trial.tablet_folder / "profile", image)  # while it runs: with the write-ahead logs
        assert sightings([image], CANARIES) == [], "nothing in clear before"
        ordered(trial)
        tablet.sync()
        tablet.wipe()
        assert sightings([trial.tablet_folder], CANARIES) == [], "nothing in clear after"
        shutil.rmtree(trial.tablet_folder / "profile")
        shutil.copytree(image, trial.tablet_folder / "profile")
        with pytest.raises(KeystoreMissing):
            Member(trial.tablet_folder).unlock()
        assert sightings([trial.tablet_folder], CANARIES) == []


def test_without_a_network_it_is_erased_all_the_same_and_reported_later(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = used(trial)
        ordered(trial)
        tablet.sync()
        trial.weather.cut()
        with pytest.raises(Unreachable):
            tablet.wipe()
        assert left(trial) == LEFT
        assert secrets(trial.tablet_folder) == {}
        found = wipe.load(tablet.paths)
        assert found is not None
        assert (found.done, found.reported) == (True, None)


def test_a_keystore_that_does_not_answer_keeps_no_file_alive(lab: Lab, tmp_path: Path) -> None:
    class Deaf(MemoryStore):
        def delete(self, name: str) -> None:
            raise KeystoreUnavailable(name)

    with lab.trial(tmp_path) as trial:
        tablet = used(trial)
        ordered(trial)
        tablet.sync()
        core, real = tablet.core, tablet.around.keystore
        object.__setattr__(core.around, "keystore", Deaf())
        with pytest.raises(KeystoreUnavailable):
            tablet.wipe()
        assert left(trial) == LEFT
        object.__setattr__(tablet.around, "keystore", real)
        assert tablet.wipe()["reported"], "the secret goes at the next start"
        assert secrets(trial.tablet_folder) == {}


def test_a_damaged_intent_is_said_and_not_guessed(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        paths = trial_paths(trial)
        paths.erasure.write_bytes(b'{"device":"../x"}')
        with pytest.raises(KeyFileDamaged):
            wipe.load(paths)


def trial_paths(trial: Trial) -> wipe.ProfilePaths:
    return wipe.ProfilePaths(trial.tablet_folder / "profile")

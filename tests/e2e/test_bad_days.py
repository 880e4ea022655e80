# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad days: each ends in a plain sentence with a next step, and nothing that was saved is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from client import profile as profiles
from client.errors import (
    EcabinetError,
    KeyFileDamaged,
    KeystoreMissing,
    KeystoreUnavailable,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
    WrongPin,
)
from client.keys.keyring_store import MemoryStore, OsKeyring
from client.store.connection import open_record
from tests.helpers.member import Member
from tests.helpers.world import ROOT, MemberProcess, World


@pytest.fixture
def tablet(world: World) -> Member:
    """An enrolled, synchronised tablet with one vote that waits; locked."""
    world.desk.publish(world.write_session().session)
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    poll = world.desk.packs[0].polls[0].id
    world.open_poll(poll)
    assert member.sync()["error"] is None
    world.wire.cut()
    member.vote(poll, {"q1": "yes"})
    member.close()
    return member


def has_a_next_step(error: EcabinetError) -> bool:
    return bool(error.title.vi and error.next_step.vi and error.title.en and error.next_step.en)


def test_lost_papers_are_fetched_again_and_the_vote_is_still_there(world: World, tablet: Member) -> None:
    tablet.paths.papers.write_bytes(b"not a database, and larger than one page " * 1000)
    tablet.unlock()
    assert [i["says"] for i in tablet.status()["outbox"]] == ["saved_not_counted"]
    world.wire.join()
    assert tablet.sync()["error"] is None
    status = tablet.status()
    assert [i["says"] for i in status["outbox"]] == ["counted"]
    assert status["packs"][0]["state"] == "ready"
    paper = next(p for p in status["packs"][0]["papers"] if not tablet.paper(p)[1].is_stub)
    assert tablet.open_paper(paper)["pages"] >= 1
    tablet.close()


def test_a_damaged_record_is_not_opened_and_not_touched(tablet: Member) -> None:
    damaged = bytearray(tablet.paths.record.read_bytes())
    damaged[100:200] = bytes(100)
    tablet.paths.record.write_bytes(damaged)
    with pytest.raises(StoreDamaged) as caught:
        tablet.unlock()
    assert has_a_next_step(caught.value)
    assert tablet.paths.record.read_bytes() == bytes(damaged)
    assert list(tablet.paths.sealed_copies.iterdir()), "the sealed copy of the vote must survive"


def test_a_record_that_was_rolled_back_gets_its_vote_back_from_the_sealed_copy(world: World, tablet: Member) -> None:
    tablet.paths.record.unlink()
    recovered = tablet.unlock()
    assert recovered["restored"] == (1,)
    world.wire.join()
    assert tablet.sync()["error"] is None
    assert [i["says"] for i in tablet.status()["outbox"]] == ["counted"]
    tablet.close()


def test_a_store_of_a_newer_version_is_refused(tablet: Member) -> None:
    profile = profiles.load(tablet.paths.profile)
    assert profile is not None
    tablet.unlock()
    key = tablet.core._keys.record_key
    tablet.close()
    connection = open_record(tablet.paths.record, key)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(StoreTooNew) as caught:
        tablet.unlock()
    assert has_a_next_step(caught.value)


def test_two_programs_on_one_store(tablet: Member) -> None:
    first = MemberProcess(tablet.paths.base.parent)
    first.do("unlock")
    with pytest.raises(StoreBusy) as caught:
        tablet.unlock()
    assert has_a_next_step(caught.value)
    first.end()
    tablet.unlock()
    tablet.close()


def test_a_wrong_pin_counts_and_a_right_one_forgives(tablet: Member) -> None:
    with pytest.raises(WrongPin) as caught:
        tablet.unlock("314159")
    assert caught.value.tries_left == 9
    tablet.unlock()
    tablet.close()


def test_a_keystore_that_lost_the_secret(tablet: Member) -> None:
    tablet.around = type(tablet.around)(keystore=MemoryStore())
    with pytest.raises(KeystoreMissing) as caught:
        tablet.unlock()
    assert has_a_next_step(caught.value)


def test_a_damaged_key_file(tablet: Member) -> None:
    tablet.paths.key_file.write_bytes(tablet.paths.key_file.read_bytes()[:-20])
    with pytest.raises(KeyFileDamaged):
        tablet.unlock()


def test_no_keystore_means_no_enrolment_and_nothing_on_disk(tmp_path: Path) -> None:
    with pytest.raises(KeystoreUnavailable) as caught:
        OsKeyring()
    assert has_a_next_step(caught.value)
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-m", "client", "--profile", str(tmp_path / "p"), "--self-test", "--json"],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    told = {check["name"]: check["state"] for check in json.loads(result.stdout)["checks"]}
    assert told["keystore"] == "notice", "IT staff are told; the member is told on the screen (tests/ui/test_entry.py)"
    assert not (tmp_path / "p" / "device.key").exists()


def test_a_service_that_is_not_one(world: World, tablet: Member) -> None:
    tablet.unlock()
    assert tablet.sync()["error"] == "service.not_sent"
    assert tablet.status()["online"] == "offline"
    assert tablet.status()["pending"] == 1
    tablet.close()


def test_self_test_is_green_here() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "client", "--self-test", "--json"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    found = json.loads(result.stdout)
    states = {check["name"]: check["state"] for check in found["checks"]}
    assert result.returncode == 0, found
    assert states["store"] == states["render"] == states["plaintext"] == "ok"
    assert states.keys() >= {"keystore", "service"}
    assert next(c for c in found["checks"] if c["name"] == "keystore")["detail"]

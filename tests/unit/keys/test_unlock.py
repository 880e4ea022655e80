# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: right PIN, wrong PINs, waits, crashes, copied files, damage, destruction."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from client.crypto.kdf import Argon2Params
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.errors import (
    BadInput,
    DiskFull,
    KeyFileDamaged,
    KeystoreMissing,
    KeystoreUnavailable,
    PinLocked,
    WrongPin,
)
from client.keys import files
from client.keys.anchor import FreshnessAnchor
from client.keys.attempts import MAX_TRIES, WAITS_S
from client.keys.keyring_store import MemoryStore, PassphraseFileStore
from client.keys.unlock import Vault, VaultStatus
from tests.unit.keys.world import DEVICE, LIGHT, PIN, WRONG, World

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    found.vault().create(found.keys, PIN)
    return found


def fail(world: World, times: int) -> None:
    """Wrong PINs, each at its time."""
    for _ in range(times):
        world.clock.pass_s(world.vault().status().wait_s)
        with pytest.raises(WrongPin):
            world.vault().unlock(WRONG)


def test_the_keys_come_back(world: World) -> None:
    keys = world.vault().unlock(PIN)
    assert (keys.device_id, dict(keys.anchors)) == (DEVICE, {"registrar": "p256:x"})
    assert keys.fingerprint == world.keys.fingerprint
    assert (keys.record_key, keys.papers_key) == (world.keys.record_key, world.keys.papers_key)
    assert keys.sealing.private_bytes() == world.keys.sealing.private_bytes()
    world.vault().verify_pin(PIN)
    assert world.vault().status() == VaultStatus(exists=True, tries_left=10, wait_s=0)


def test_no_key_stands_in_any_file(world: World) -> None:
    keys = world.keys
    secrets = [keys.record_key, keys.papers_key, keys.signing.private_bytes(), keys.sealing.private_bytes()]
    for path in world.path.parent.iterdir():
        data = path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert not any(secret.reveal()[:24] in data for secret in secrets)
        assert PIN.encode() not in data


def test_create_refuses_a_second_file_and_bad_pins(world: World, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        world.vault().create(world.keys, PIN)
    other = Vault(tmp_path / "other.keys", MemoryStore(), world.clock, system_random, LIGHT)
    for pin in ("", "12345", "12345a", "٢٧١٨٢٨", "000000", "123456", "654321", "789012", "121212", "123123", "1" * 33):
        with pytest.raises(BadInput):
            other.create(world.keys, pin)
    assert not other.exists()
    assert other.status() == VaultStatus(exists=False, tries_left=0, wait_s=0, destroyed=True)


def test_wrong_pins_count_and_a_right_one_resets(world: World) -> None:
    for left in (9, 8, 7):
        with pytest.raises(WrongPin) as caught:
            world.vault().unlock(WRONG)
        assert caught.value.tries_left == left == world.vault().status().tries_left
    with pytest.raises(WrongPin):
        world.vault().verify_pin(WRONG)
    world.vault().unlock(PIN)
    assert world.vault().status().tries_left == MAX_TRIES


def test_what_is_no_attempt_is_not_counted(world: World) -> None:
    for pin in ("", "12345", "abcdef"):
        with pytest.raises(BadInput):
            world.vault().unlock(pin)
    world.store.delete(f"unlock/{DEVICE}/a")
    with pytest.raises(KeystoreMissing):
        world.vault().unlock(PIN)
    assert world.vault().status().tries_left == MAX_TRIES


def test_waits_from_the_fifth_and_destruction_at_the_tenth(world: World) -> None:
    FreshnessAnchor(world.store, DEVICE).write(3, "sha256:" + "a" * 64)
    fail(world, 5)
    for wait in WAITS_S:
        assert world.vault().status().wait_s == wait
        with pytest.raises(PinLocked) as locked:
            world.vault().unlock(PIN)
        assert locked.value.wait_s == wait
        world.clock.pass_s(wait - 1)
        assert world.vault().status().wait_s == 1
        world.clock.pass_s(1)
        if wait != WAITS_S[-1]:
            fail(world, 1)
    with pytest.raises(PinLocked) as gone:
        world.vault().unlock(WRONG)
    assert gone.value.wait_s is None
    assert list(world.path.parent.iterdir()) == []
    assert isinstance(world.store, MemoryStore)
    assert world.store._secrets == {}
    with pytest.raises(KeyFileDamaged):
        world.vault().unlock(PIN)


def test_setting_the_clock_back_neither_shortens_nor_prolongs_the_wait(world: World) -> None:
    fail(world, 5)
    world.clock.set_by(-365 * 86_400)
    vault = world.vault()
    assert vault.status().wait_s == 30
    world.clock.pass_s(29)
    assert vault.status().wait_s == 1
    world.clock.pass_s(1)
    assert vault.unlock(PIN).device_id == DEVICE


def test_a_clock_that_was_ahead_does_not_lock_for_a_year(world: World) -> None:
    world.clock.set_by(365 * 86_400)
    fail(world, 5)
    world.clock.set_by(-365 * 86_400)
    vault = world.vault()
    assert vault.status().wait_s == 30
    world.clock.pass_s(30)
    assert vault.unlock(PIN).device_id == DEVICE


@pytest.mark.parametrize("content", [None, b"", b"junk", b"[]", b'{"tries":"0"}', b'{"tries": 0, "at": 0}', b"x" * 300])
def test_a_counter_file_put_back_is_noticed_and_gains_nothing(world: World, content: bytes | None) -> None:
    fail(world, 3)
    if content is None:
        world.tries.unlink()
    else:
        world.tries.write_bytes(content)
    status = world.vault().status()
    assert (status.tries_left, status.counter_rolled_back) == (7, True)
    with pytest.raises(WrongPin) as caught:
        world.vault().unlock(WRONG)
    assert caught.value.tries_left == 6
    assert not world.vault().status().counter_rolled_back


def test_a_counter_missing_in_the_keystore_or_everywhere(world: World) -> None:
    fail(world, 3)
    world.store.delete(f"attempts/{DEVICE}")
    assert world.vault().status() == VaultStatus(exists=True, tries_left=7, wait_s=0)
    world.tries.unlink()
    assert world.vault().status() == VaultStatus(True, tries_left=5, wait_s=0, counter_rolled_back=True)
    world.vault().unlock(PIN)
    assert world.vault().status().tries_left == MAX_TRIES


CRASHING = """
import os, signal, sys
from pathlib import Path
from client.crypto.secret import Secret
from client.keys.keyring_store import PassphraseFileStore
from tests.unit.keys.world import LIGHT, World

class Dies(PassphraseFileStore):
    def put(self, name, value):
        super().put(name, value)
        if name.startswith(sys.argv[2]) and b'"tries": 0' not in value.reveal():
            os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
world = World(folder, Dies(folder / "store", Secret(b"demo"), params=LIGHT))
if sys.argv[2] == "unlock/":
    world.vault().change_pin(sys.argv[3], "162534")
world.vault().unlock(sys.argv[3])
"""


def crash(folder: Path, entry: str, pin: str) -> None:
    done = subprocess.run([sys.executable, "-c", CRASHING, str(folder), entry, pin], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL


def on_disk(folder: Path) -> World:
    return World(folder, PassphraseFileStore(folder / "store", Secret(b"demo"), params=LIGHT))


def test_killed_between_raising_the_count_and_the_check(tmp_path: Path) -> None:
    world = on_disk(tmp_path)
    world.vault().create(world.keys, PIN)
    crash(tmp_path, "attempts/", PIN)
    crash(tmp_path, "attempts/", WRONG)
    assert on_disk(tmp_path).vault().status().tries_left == MAX_TRIES - 2
    on_disk(tmp_path).vault().unlock(PIN)
    assert on_disk(tmp_path).vault().status().tries_left == MAX_TRIES


def test_killed_during_the_tenth_try_the_keys_are_gone_at_the_next(tmp_path: Path) -> None:
    world = on_disk(tmp_path)
    world.vault().create(world.keys, PIN)
    ninth = json.dumps({"tries": 9, "at": 0}).encode()
    world.tries.write_bytes(ninth)
    crash(tmp_path, "attempts/", WRONG)
    assert world.path.exists()
    with pytest.raises(PinLocked) as gone:
        on_disk(tmp_path).vault().unlock(PIN)
    assert gone.value.wait_s is None
    assert not world.path.exists()


def test_killed_while_changing_the_pin_the_old_one_works(tmp_path: Path) -> None:
    world = on_disk(tmp_path)
    world.vault().create(world.keys, PIN)
    crash(tmp_path, "unlock/", PIN)
    after = on_disk(tmp_path)
    assert after.vault().unlock(PIN).fingerprint == world.keys.fingerprint
    assert after.store.get(f"unlock/{DEVICE}/b") is None, "the unused secret is cleared away"


def test_changing_the_pin_makes_old_copies_worthless(world: World) -> None:
    old_file = world.path.read_bytes()
    vault = world.vault()
    for new in (PIN, "111111", "12"):
        with pytest.raises(BadInput):
            vault.change_pin(PIN, new)
    with pytest.raises(WrongPin):
        vault.change_pin(WRONG, "162534")
    vault.change_pin(PIN, "162534")
    assert world.store.get(f"unlock/{DEVICE}/a") is None
    assert vault.unlock("162534").fingerprint == world.keys.fingerprint
    with pytest.raises(WrongPin):
        vault.unlock(PIN)
    world.path.write_bytes(old_file)
    with pytest.raises(KeystoreMissing):
        world.vault().unlock(PIN)


def test_every_flipped_byte_is_damage_not_an_attempt(world: World) -> None:
    whole = world.path.read_bytes()
    for at in range(0, len(whole), 37):
        world.path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        with pytest.raises(KeyFileDamaged):
            world.vault().unlock(PIN)
    for cut in (0, 10, 200, len(whole) - 1):
        world.path.write_bytes(whole[:cut])
        with pytest.raises(KeyFileDamaged):
            world.vault().unlock(PIN)
    world.path.write_bytes(bytes(files.MAX_FILE + 1))
    with pytest.raises(KeyFileDamaged, match="over"):
        world.vault().unlock(PIN)
    world.path.write_bytes(whole)
    assert world.vault().status().tries_left == MAX_TRIES
    world.vault().unlock(PIN)


def test_a_cheap_file_is_refused_by_a_program_that_is_not_under_test(world: World) -> None:
    strict = Vault(world.path, world.store, world.clock, system_random, Argon2Params())
    with pytest.raises(KeyFileDamaged):
        strict.unlock(PIN)


def test_a_keystore_that_forgets_is_found_at_once(tmp_path: Path) -> None:
    class Forgets(MemoryStore):
        def put(self, name: str, value: Secret) -> None:
            """Says nothing."""

    world = World(tmp_path, Forgets())
    with pytest.raises(KeystoreUnavailable):
        world.vault().create(world.keys, PIN)
    assert not world.path.exists()


def test_destroy_works_on_a_damaged_file_and_twice(world: World) -> None:
    world.path.write_bytes(b"junk")
    vault = Vault(world.path, world.store, world.clock, system_random, LIGHT, device_id=DEVICE)
    vault.destroy()
    vault.destroy()
    assert list(world.path.parent.iterdir()) == []
    assert isinstance(world.store, MemoryStore)
    assert world.store._secrets == {}


def test_destroy_removes_the_file_even_if_the_keystore_does_not_answer(world: World) -> None:
    class Broken(MemoryStore):
        def delete(self, name: str) -> None:
            raise KeystoreUnavailable(name)

    with pytest.raises(KeystoreUnavailable):
        Vault(world.path, Broken(), world.clock, system_random, LIGHT).destroy()
    assert not world.path.exists()


def test_a_full_disk_leaves_the_old_file(world: World) -> None:
    class Full:
        def __call__(self, *args: object, **kwargs: object) -> None:
            raise OSError(28, "No space left on device")

    before = world.path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("client.durable.os.fsync", Full())
        with pytest.raises(DiskFull):
            files.write(world.path, b"new")
    assert world.path.read_bytes() == before
    assert not world.path.with_name("device.keys.new").exists()

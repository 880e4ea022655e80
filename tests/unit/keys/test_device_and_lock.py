# SPDX-License-Identifier: AGPL-3.0-or-later
"""Device keys, their fingerprint, and the table of states row by row."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from client.clock import Millis
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.errors import FormatRefused, InternalFault, KeyFileDamaged
from client.keys import device, lock, pin
from client.keys.lock import AutoLock, DeviceEvent, DeviceState


def test_keys_are_fresh_and_of_the_right_sizes() -> None:
    one, two = device.generate("d_1", system_random), device.generate("d_1", system_random)
    assert len(one.record_key) == len(one.papers_key) == 48
    assert one.record_key != one.papers_key
    assert one.fingerprint != two.fingerprint
    with pytest.raises(TypeError):
        one.anchors["x"] = "y"  # type: ignore[index]
    with pytest.raises(FormatRefused):
        device.DeviceKeys("d_1", one.signing, one.sealing, Secret(bytes(32)), one.papers_key)


def test_nothing_secret_in_the_representation() -> None:
    keys = device.generate("d_1", lambda n: b"canary"[:n] * 8)
    assert "canary" not in repr(keys)
    assert "Secret(48 bytes)" in repr(keys)


def test_fingerprint_is_stable_and_depends_on_both_keys() -> None:
    found = device.fingerprint("p256:a", "hpke-mlkem768-x25519:b")
    assert found == device.fingerprint("p256:a", "hpke-mlkem768-x25519:b")
    assert re.fullmatch(r"\d{4}( \d{4}){5}", found.digits24)
    others = [
        device.fingerprint("p256:b", "hpke-mlkem768-x25519:b"),
        device.fingerprint("p256:a", "hpke-mlkem768-x25519:c"),
        device.fingerprint("p256:a\nhpke-mlkem768-x25519:b", ""),
    ]
    assert len({found.digits24, *(other.digits24 for other in others)}) == 4
    assert len({found.hash, *(other.hash for other in others)}) == 4


def test_encoding_refuses_what_is_not_whole() -> None:
    keys = device.generate("d_1", system_random)
    data = device.encode(keys)
    assert device.decode(data).fingerprint == keys.fingerprint
    fields = json.loads(data)
    for broken in (
        b"",
        b"[]",
        json.dumps({**fields, "t": "ecab.keys/2"}).encode(),
        json.dumps({**fields, "signing": "AAAA"}).encode(),
        json.dumps({**fields, "record": "AAAA"}).encode(),
        json.dumps({**fields, "sealing": 1}).encode(),
        json.dumps({name: value for name, value in fields.items() if name != "papers"}).encode(),
    ):
        with pytest.raises(KeyFileDamaged) as caught:
            device.decode(broken)
        assert caught.value.__cause__ is None


ARROWS = {
    (state, event): lock.TRANSITIONS.get((state, event)) for state, event in itertools.product(DeviceState, DeviceEvent)
}


@pytest.mark.parametrize(("state", "event"), ARROWS)
def test_every_pair_is_an_arrow_or_a_bug(state: DeviceState, event: DeviceEvent) -> None:
    target = ARROWS[state, event]
    if target is None:
        with pytest.raises(InternalFault):
            lock.after(state, event)
    else:
        assert lock.after(state, event) is target


def test_what_the_table_promises() -> None:
    reached = {DeviceState.NEW}
    for _ in DeviceState:
        reached |= {target for (state, _), target in lock.TRANSITIONS.items() if state in reached}
    assert reached == set(DeviceState)
    assert {target for (state, _), target in lock.TRANSITIONS.items() if state is DeviceState.WIPED} == {
        DeviceState.WIPED
    }
    into_active = {
        (state, event) for (state, event), target in lock.TRANSITIONS.items() if target is DeviceState.ACTIVE
    }
    assert into_active == {
        (DeviceState.PENDING, DeviceEvent.ADMITTED),
        (DeviceState.LOCKED, DeviceEvent.UNLOCKED),
    }


def test_auto_lock_by_either_clock() -> None:
    start = AutoLock(idle_s=300, last_monotonic=1_000, last_wall=Millis(50_000_000))
    assert start.remaining(1_000, Millis(50_000_000)) == 300
    assert not start.due(1_299, Millis(50_299_000))
    assert start.due(1_300, Millis(50_300_000))
    assert start.due(1_001, Millis(50_300_000)), "the machine slept"
    assert start.due(1_300, Millis(0)), "the wall clock was set back"
    assert start.touched(1_200, Millis(50_200_000)).remaining(1_300, Millis(50_300_000)) == 200


@pytest.mark.parametrize("code", ["271828", "135791", "112358", "000001", "1" * 31 + "2"])
def test_pins_that_are_taken(code: str) -> None:
    pin.check_new(code)

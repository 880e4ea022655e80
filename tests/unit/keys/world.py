# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the tests of keys share: a clock that is set, a light PIN cost, a vault on a real folder."""

from __future__ import annotations

from pathlib import Path

from client.clock import Millis
from client.crypto.kdf import Argon2Params
from client.crypto.random import system_random
from client.keys import device
from client.keys.device import DeviceKeys
from client.keys.keyring_store import MemoryStore, SecretStore
from client.keys.unlock import Vault

LIGHT = Argon2Params(memory_kib=64, iterations=1, lanes=1, testing=True)
PIN, WRONG = "271828", "314159"
DEVICE = "d_9f2c"


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.wall = Millis(1_795_000_000_000)
        self.ticks = 100.0

    def now(self) -> Millis:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def pass_s(self, seconds: float) -> None:
        """Time passes for both clocks."""
        self.ticks += seconds
        self.wall = Millis(self.wall + int(seconds * 1000))

    def set_by(self, seconds: float) -> None:
        """Somebody sets the wall clock."""
        self.wall = Millis(self.wall + int(seconds * 1000))


class World:
    """One device: folder, keystore, clock and keys."""

    def __init__(self, folder: Path, store: SecretStore | None = None) -> None:
        self.path = folder / "device.keys"
        self.tries = folder / "device.keys.tries"
        self.store = store if store is not None else MemoryStore()
        self.clock = SetClock()
        self.keys: DeviceKeys = device.generate(DEVICE, system_random, anchors={"registrar": "p256:x"})

    def vault(self) -> Vault:
        """A vault as a freshly started program makes it."""
        return Vault(self.path, self.store, self.clock, system_random, LIGHT)

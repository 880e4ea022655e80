# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault: the key file, opened by the PIN **and** the operating system's keystore together.

Key of the file = HKDF-SHA256(keystore secret, salt = Argon2id(PIN), info = device id); it is derived for each
use and kept nowhere. Whoever has the file alone, or the file and the PIN, has nothing.

Rules:

1. An attempt is counted before the PIN is looked at (``attempts``); the tenth wrong one destroys the keys.
2. What is not an attempt is not counted: a keystore that does not answer, a damaged file, a malformed PIN.
3. Changing the PIN changes the keystore secret too (slots a and b take turns), so an old copy of the file with
   an old PIN is worthless. A crash leaves the old PIN or the new one, never neither.
4. Destroying deletes keystore secrets first: from then on the file is noise.

Every method that takes a PIN runs Argon2id (0.1 to 0.5 s) and syncs files: never on the GUI thread.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from pathlib import Path

from client.clock import Clock
from client.crypto import kdf
from client.crypto.kdf import Argon2Params
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.errors import (
    BadInput,
    DecryptionFailed,
    FormatRefused,
    KeyFileDamaged,
    KeystoreMissing,
    KeystoreUnavailable,
    PinLocked,
    WrongPin,
)
from client.keys import anchor, device, files, pin
from client.keys.attempts import MAX_TRIES, Attempts
from client.keys.device import DeviceKeys
from client.keys.files import Container
from client.keys.keyring_store import SecretStore

_MAGIC = b"ecab-keyfile/1"
_SALT_SIZE = 16
_SECRET_SIZE = 32
_SLOTS = ("a", "b")
_MAX_DEVICE_ID = 80


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """What the lock screen shows.

    Args:
        exists: There is a key file.
        tries_left: Wrong PINs until the keys are destroyed.
        wait_s: Seconds until the next try is accepted, 0 for now.
        counter_rolled_back: The counter file was put back or removed; tell IT staff.
        destroyed: Neither key file nor keystore secret is there: what they protected is gone for good.
    """

    exists: bool
    tries_left: int
    wait_s: int
    counter_rolled_back: bool = False
    destroyed: bool = False


class Vault:
    """The key file of one device.

    Args:
        path: The key file; the counter stands beside it (``.tries``).
        store: The keystore.
        clock: For the waits.
        rng: For salts, nonces and keystore secrets.
        params: Argon2id cost of what is written here; a file brings its own.
        device_id: Whose keystore entries :meth:`destroy` deletes when the file is too damaged to tell.
    """

    def __init__(
        self,
        path: Path,
        store: SecretStore,
        clock: Clock,
        rng: Random,
        params: Argon2Params | None = None,
        *,
        device_id: str | None = None,
    ) -> None:
        self._path = path
        self._store = store
        self._clock = clock
        self._rng = rng
        self._params = params if params is not None else Argon2Params()
        self._device_id = device_id
        self._attempts: Attempts | None = None
        self._lock = threading.Lock()

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self._path.exists()

    def status(self) -> VaultStatus:
        """Tries and waits, without counting anything.

        Raises:
            KeyFileDamaged: The file cannot be read.
            KeystoreUnavailable: The keystore cannot be asked.
        """
        if not self.exists():
            with self._lock:
                names = [_entry(self._device_id, slot) for slot in _SLOTS] if self._device_id is not None else []
                left = any(self._store.get(name) is not None for name in names)
            return VaultStatus(exists=False, tries_left=0, wait_s=0, destroyed=not left)
        with self._lock:
            attempts = self._counter(_device_id(self._read()))
            tries = attempts.load()
            return VaultStatus(True, tries.left, attempts.wait_s(tries), tries.rolled_back)

    def create(self, keys: DeviceKeys, pin_code: str) -> None:
        """Write the key file of a new device.

        Raises:
            BadInput: The PIN is too short or trivial, or there is a key file already.
            KeystoreUnavailable: The keystore does not keep what it is given.
            DiskFull: Nothing was written.
        """
        pin.check_new(pin_code)
        with self._lock:
            if self.exists():
                raise BadInput("key file exists")
            self._counter(keys.device_id).reset()
            self._write(keys, pin_code, _SLOTS[0])

    def unlock(self, pin_code: str) -> DeviceKeys:
        """The device's keys.

        Raises:
            WrongPin: With the tries that are left.
            PinLocked: Wait; or, with no wait, the keys were destroyed just now.
            BadInput: Not of the form of a PIN; not counted.
            KeystoreMissing: The keystore no longer has the secret; not counted.
            KeystoreUnavailable: The keystore cannot be asked; not counted.
            KeyFileDamaged: Missing, cut or altered; not counted.
        """
        with self._lock:
            keys, slot = self._check(pin_code)
            self._store.delete(_entry(keys.device_id, _other(slot)))  # left by an interrupted change of PIN
            return keys

    def verify_pin(self, pin_code: str) -> None:
        """Return only if the PIN is right; the same count and errors as :meth:`unlock`. Asked to sign a vote."""
        with self._lock:
            self._check(pin_code)

    def change_pin(self, old: str, new: str) -> None:
        """Seal the keys anew under another PIN, salt and keystore secret.

        Raises:
            BadInput: ``new`` is too short, trivial or the same; nothing was counted.
            WrongPin: ``old`` is wrong; and the rest of :meth:`unlock`.
        """
        pin.check_new(new)
        if new == old:
            raise BadInput("pin: same as before")
        with self._lock:
            keys, slot = self._check(old)
            self._write(keys, new, _other(slot))
            self._store.delete(_entry(keys.device_id, slot))

    def forget_secret(self) -> None:
        """Delete the keystore's part alone: from here on the key file is noise. The first step of a wipe.

        Raises:
            KeystoreUnavailable: The keystore kept its part.
        """
        with self._lock:
            self._forget_secret(self._owner())

    def destroy(self) -> None:
        """Delete keystore secrets, key file, counter and anchor, in that order; again is harmless.

        Raises:
            KeystoreUnavailable: The keystore kept its part; the files are gone all the same.
        """
        with self._lock:
            self._destroy()

    # -- behind the lock ---------------------------------------------------------------------------------

    def _check(self, pin_code: str) -> tuple[DeviceKeys, str]:
        """Count, check, and give the keys and the keystore slot they need."""
        pin.check_form(pin_code)
        found = self._read()
        device_id, slot = _device_id(found), _slot(found)
        params = found.params(testing=self._params.testing)
        attempts = self._counter(device_id)
        tries = attempts.load()
        if tries.count >= MAX_TRIES:  # the tenth was counted, and then the program died
            self._destroy()
            raise PinLocked(None)
        wait_s = attempts.wait_s(tries)
        if wait_s:
            raise PinLocked(wait_s)
        secret = self._store.get(_entry(device_id, slot))
        if secret is None:
            raise KeystoreMissing(f"slot {slot}")
        tries = attempts.raise_(tries)
        key = _derive(pin_code, found.raw("salt"), params, secret, device_id)
        try:
            body = found.open(key)
        except DecryptionFailed as error:
            if tries.left:
                raise WrongPin(tries.left) from error
            self._destroy()
            raise PinLocked(None) from error
        keys = device.decode(body)
        attempts.reset()
        return keys, slot

    def _write(self, keys: DeviceKeys, pin_code: str, slot: str) -> None:
        secret, salt = Secret.random(_SECRET_SIZE, self._rng), self._rng(_SALT_SIZE)
        name = _entry(keys.device_id, slot)
        self._store.put(name, secret)
        if self._store.get(name) != secret:  # some back ends drop entries without a word
            raise KeystoreUnavailable(f"{self._store.backend_name} does not keep entries")
        cost = [self._params.memory_kib, self._params.iterations, self._params.lanes]
        header = {
            "device": keys.device_id,
            "slot": slot,
            "salt": base64.b64encode(salt).decode(),
            "argon2id": cost,
        }
        key = _derive(pin_code, salt, self._params, secret, keys.device_id)
        files.write(self._path, files.pack(_MAGIC, header, device.encode(keys), key=key, rng=self._rng))

    def _destroy(self) -> None:
        device_id = self._owner()
        try:
            self._forget_secret(device_id)
        finally:
            files.remove(self._path)
        if device_id is not None:
            self._counter(device_id).forget()
            self._store.delete(anchor.entry_name(device_id))

    def _forget_secret(self, device_id: str | None) -> None:
        for slot in _SLOTS if device_id is not None else ():
            self._store.delete(_entry(str(device_id), slot))

    def _owner(self) -> str | None:
        """Whose key file it is, as far as it can be told."""
        try:
            return _device_id(self._read())
        except KeyFileDamaged:
            return self._device_id

    def _read(self) -> Container:
        data = files.read(self._path)
        if data is None:
            raise KeyFileDamaged("missing")
        return files.unpack(_MAGIC, data)

    def _counter(self, device_id: str) -> Attempts:
        if self._attempts is None or self._attempts.device_id != device_id:
            path = self._path.with_name(self._path.name + ".tries")
            self._device_id = device_id
            self._attempts = Attempts(path, self._store, device_id, self._clock)
        return self._attempts


def _derive(pin_code: str, salt: bytes, params: Argon2Params, secret: Secret, device_id: str) -> Secret:
    try:
        stretched = kdf.argon2id(pin_code, salt, params=params)
    except FormatRefused as error:
        raise KeyFileDamaged("salt") from error
    return kdf.hkdf(secret, stretched.reveal(), b"ecab/keyfile/1|" + device_id.encode(), _SECRET_SIZE)


def _entry(device_id: str, slot: str) -> str:
    return f"unlock/{device_id}/{slot}"


def _other(slot: str) -> str:
    return _SLOTS[1 - _SLOTS.index(slot)]


def _device_id(found: Container) -> str:
    value = found.header.get("device")
    if not isinstance(value, str) or not 1 <= len(value) <= _MAX_DEVICE_ID:
        raise KeyFileDamaged("device")
    return value


def _slot(found: Container) -> str:
    value = found.header.get("slot")
    if value not in _SLOTS:
        raise KeyFileDamaged("slot")
    return str(value)

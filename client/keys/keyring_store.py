# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where small secrets rest: the operating system's keystore, or nowhere.

Rules: no plaintext fallback, ever. :class:`OsKeyring` refuses the ``fail`` and ``null`` back ends, anything of
``keyrings.alt`` (plain or obfuscated files), anything with a priority of zero or less, and a chain that holds
nothing usable; of a chain it takes the first usable member and talks to that one only, so that a refused
write cannot slide down the chain. The two demo stores name themselves as such and are chosen only by a flag
the member sees.
"""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from client.crypto.kdf import Argon2Params, argon2id
from client.crypto.random import Random, system_random
from client.crypto.secret import Secret
from client.errors import DecryptionFailed, KeyFileDamaged, KeystoreUnavailable
from client.keys import files

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

MAX_SECRET = 1024
"""Bytes; Windows Credential Manager takes 2,560 bytes of UTF-16, base64 of this fits."""
SERVICE = "vn.ecabinet"
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
_MAGIC = b"ecab-secrets/1"
_SALT_SIZE = 16


class SecretStore(Protocol):
    """A place for secrets of up to 1 KiB, by name."""

    @property
    def backend_name(self) -> str:
        """What holds the secrets, for the settings screen and ``--self-test``."""
        ...

    def get(self, name: str) -> Secret | None:
        """The secret, None if there is none. Raises ``KeystoreUnavailable`` if it cannot be asked."""
        ...

    def put(self, name: str, value: Secret) -> None:
        """Keep it, replacing an older one. Raises ``KeystoreUnavailable``."""
        ...

    def delete(self, name: str) -> None:
        """Forget it; nothing happens if there is none. Raises ``KeystoreUnavailable``."""
        ...


class OsKeyring:
    """The operating system's keystore: Secret Service, KWallet, Credential Manager, Keychain.

    Args:
        service: The name our entries stand under.
        backend: What to use; by default what ``keyring`` finds on this machine.

    Raises:
        KeystoreUnavailable: Nothing usable.
    """

    def __init__(self, service: str = SERVICE, backend: KeyringBackend | None = None) -> None:
        from keyring.errors import KeyringError  # 0.2 s: only when the real keystore is wanted

        self._errors: tuple[type[Exception], ...] = (KeyringError, RuntimeError, OSError)
        self._service = service
        try:
            self._backend = _usable(backend) if backend is not None else _found()
        except self._errors as error:
            raise KeystoreUnavailable(type(error).__name__) from error
        self.backend_name = _name(self._backend)

    def get(self, name: str) -> Secret | None:
        """See :class:`SecretStore`."""
        try:
            text = self._backend.get_password(self._service, name)
        except self._errors as error:
            raise KeystoreUnavailable(f"{self.backend_name}: {type(error).__name__}") from error
        return None if text is None else _decode(text)

    def put(self, name: str, value: Secret) -> None:
        """See :class:`SecretStore`."""
        _check(value)
        try:
            self._backend.set_password(self._service, name, base64.b64encode(value.reveal()).decode())
        except self._errors as error:
            raise KeystoreUnavailable(f"{self.backend_name}: {type(error).__name__}") from error

    def delete(self, name: str) -> None:
        """See :class:`SecretStore`."""
        if self.get(name) is None:
            return
        try:
            self._backend.delete_password(self._service, name)
        except self._errors as error:
            raise KeystoreUnavailable(f"{self.backend_name}: {type(error).__name__}") from error


class MemoryStore:
    """Secrets that die with the process; for tests and the visible demo flag."""

    backend_name = "memory (demo)"

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    def get(self, name: str) -> Secret | None:
        """See :class:`SecretStore`."""
        return self._secrets.get(name)

    def put(self, name: str, value: Secret) -> None:
        """See :class:`SecretStore`."""
        _check(value)
        self._secrets[name] = value

    def delete(self, name: str) -> None:
        """See :class:`SecretStore`."""
        self._secrets.pop(name, None)


class PassphraseFileStore:
    """Secrets in one file sealed under a passphrase; for a demo that keeps its state between runs.

    Every change rewrites the file durably. One process at a time.

    Args:
        path: The file; made at the first ``put``.
        passphrase: Stretched with Argon2id once, here (0.1 to 0.5 s).
        params: Cost for a new file; an existing file brings its own.
        rng: Randomness for salt and nonces.

    Raises:
        KeystoreUnavailable: Wrong passphrase.
        KeyFileDamaged: Not such a file, or damaged.
    """

    backend_name = "sealed file (demo)"

    def __init__(
        self, path: Path, passphrase: Secret, *, params: Argon2Params | None = None, rng: Random = system_random
    ) -> None:
        cost = params if params is not None else Argon2Params()
        self._path = path
        self._rng = rng
        self._secrets: dict[str, Secret] = {}
        data = files.read(path, limit=16 * files.MAX_FILE)
        found = None if data is None else files.unpack(_MAGIC, data)
        self._params = cost if found is None else found.params(testing=cost.testing)
        self._salt = rng(_SALT_SIZE) if found is None else found.raw("salt")
        self._key = argon2id(passphrase.reveal(), self._salt, params=self._params)
        if found is not None:
            try:
                entries: dict[str, str] = json.loads(found.open(self._key))
            except DecryptionFailed as error:
                raise KeystoreUnavailable("wrong passphrase") from error
            self._secrets = {name: _decode(text) for name, text in entries.items()}

    def get(self, name: str) -> Secret | None:
        """See :class:`SecretStore`."""
        return self._secrets.get(name)

    def put(self, name: str, value: Secret) -> None:
        """See :class:`SecretStore`."""
        _check(value)
        self._write({**self._secrets, name: value})

    def delete(self, name: str) -> None:
        """See :class:`SecretStore`."""
        if name in self._secrets:
            self._write({key: value for key, value in self._secrets.items() if key != name})

    def _write(self, secrets: dict[str, Secret]) -> None:
        cost = [self._params.memory_kib, self._params.iterations, self._params.lanes]
        header = {"salt": base64.b64encode(self._salt).decode(), "argon2id": cost}
        entries = {name: base64.b64encode(value.reveal()).decode() for name, value in secrets.items()}
        body = json.dumps(entries, sort_keys=True).encode()
        files.write(self._path, files.pack(_MAGIC, header, body, key=self._key, rng=self._rng))
        self._secrets = secrets


def _found() -> Any:
    """What ``keyring`` finds on this machine; it looks once and keeps to it, so what came late is looked for anew."""
    import keyring
    import keyring.backend
    import keyring.core

    try:
        return _usable(keyring.get_keyring())
    except KeystoreUnavailable:
        with suppress(KeyError):  # one that was named was not looked for
            keyring.backend.get_all_keyring.reset()
        keyring.core.init_backend()
        return _usable(keyring.get_keyring())


def _usable(backend: Any) -> Any:
    """``backend``, or the first usable member if it is a chain."""
    is_chain = type(backend).__module__.startswith("keyring.backends.chainer")
    members = list(backend.backends) if is_chain else [backend]
    for member in members:
        module = type(member).__module__
        refused = any(module == name or module.startswith(name + ".") for name in _REFUSED)
        if not refused and member.priority > 0:
            return member
    raise KeystoreUnavailable(", ".join(_name(member) for member in members) or "empty chain")


def _name(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _check(value: Secret) -> None:
    if len(value) > MAX_SECRET:
        raise KeystoreUnavailable(f"secret of {len(value)} bytes")


def _decode(text: str) -> Secret:
    try:
        return Secret(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise KeyFileDamaged("keystore entry") from error

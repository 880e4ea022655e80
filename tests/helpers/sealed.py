# SPDX-License-Identifier: AGPL-3.0-or-later
"""A keystore that outlives the process: sealed under a passphrase, for tests and the demo only. Light to import."""

from __future__ import annotations

from pathlib import Path

from client.crypto.kdf import Argon2Params
from client.crypto.secret import Secret
from client.keys.keyring_store import PassphraseFileStore, SecretStore

LIGHT = Argon2Params(memory_kib=64, iterations=1, lanes=1, testing=True)


def keystore_of(folder: Path) -> SecretStore:
    """That of the device whose files lie in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return PassphraseFileStore(folder / "keystore.sealed", Secret(b"scripted member"), params=LIGHT)

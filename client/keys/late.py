# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine's keystore, looked for when it is first asked: finding it takes longer than showing the lock screen.

Nothing changes but the moment: a machine without a usable keystore is told so by the first question, and again by
each further one, because the system's keystore may come late.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client.crypto.secret import Secret
    from client.keys.keyring_store import SecretStore


def os_keyring() -> SecretStore:
    """The operating system's. Raises ``KeystoreUnavailable`` where there is none."""
    from client.keys.keyring_store import OsKeyring

    return OsKeyring()


class LateKeystore:
    """Asks ``find`` for the keystore once somebody needs it; any thread, but never the windows' one.

    Args:
        find: Finds it or raises ``KeystoreUnavailable``, and so does then every method here.
    """

    def __init__(self, find: Callable[[], SecretStore] = os_keyring) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._found: SecretStore | None = None

    @property
    def backend_name(self) -> str:
        """See ``SecretStore``."""
        return self._store().backend_name

    def get(self, name: str) -> Secret | None:
        """See ``SecretStore``."""
        return self._store().get(name)

    def put(self, name: str, value: Secret) -> None:
        """See ``SecretStore``."""
        self._store().put(name, value)

    def delete(self, name: str) -> None:
        """See ``SecretStore``."""
        self._store().delete(name)

    def _store(self) -> SecretStore:
        with self._lock:
            if self._found is None:
                self._found = self._find()
            return self._found

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A back end for ``keyring`` in front of the prepared profile's sealed file: found as any other is.

Named by ``PYTHON_KEYRING_BACKEND``; the folder is told in ``ECABINET_BENCH``.
"""

from __future__ import annotations

import base64
import os
from functools import cached_property
from pathlib import Path

from keyring.backend import KeyringBackend


class SealedFile(KeyringBackend):
    """Opened when first asked."""

    priority = 1

    @cached_property
    def _store(self):
        from tests.helpers.sealed import keystore_of

        return keystore_of(Path(os.environ["ECABINET_BENCH"]))

    def get_password(self, service: str, username: str) -> str | None:
        kept = self._store.get(username)
        return None if kept is None else base64.b64encode(kept.reveal()).decode()

    def set_password(self, service: str, username: str, password: str) -> None:
        from client.crypto.secret import Secret

        self._store.put(username, Secret(base64.b64decode(password)))

    def delete_password(self, service: str, username: str) -> None:
        self._store.delete(username)

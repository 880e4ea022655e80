# SPDX-License-Identifier: AGPL-3.0-or-later
"""The freshness anchor: number and hash of the newest statement, kept outside the database.

It is the last save step of a vote but one (protocol.md, section 5): a database that is behind its anchor was
rolled back or has lost commits, and says so. It only moves forward.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from client.crypto.hashing import is_hash, short
from client.crypto.secret import Secret
from client.errors import FormatRefused, RollbackDetected
from client.keys.keyring_store import SecretStore


class Anchor(NamedTuple):
    """The newest statement of this device.

    Args:
        n: Its number, 1 or more.
        hash: ``sha256:...`` of its payload.
    """

    n: int
    hash: str


def entry_name(device_id: str) -> str:
    """The anchor's name in the keystore."""
    return f"anchor/{device_id}"


class FreshnessAnchor:
    """The anchor of one device in ``store``."""

    def __init__(self, store: SecretStore, device_id: str) -> None:
        self._store = store
        self._name = entry_name(device_id)

    def read(self) -> Anchor | None:
        """The anchor, None before the first statement.

        Raises:
            FormatRefused: The entry is not an anchor.
            KeystoreUnavailable: The keystore cannot be asked.
        """
        entry = self._store.get(self._name)
        if entry is None:
            return None
        try:
            fields = json.loads(entry.reveal())
        except ValueError as error:
            raise FormatRefused("anchor") from error
        if not isinstance(fields, dict) or fields.keys() != {"n", "hash"}:
            raise FormatRefused("anchor")
        return _checked(fields["n"], fields["hash"])

    def write(self, n: int, hash: str) -> None:  # noqa: A002  # the port's name for it
        """Move the anchor to statement ``n``; the same one again changes nothing.

        Raises:
            RollbackDetected: ``n`` is older, or another statement had that number.
            FormatRefused: Not a number and a hash.
            KeystoreUnavailable: The keystore did not take it.
        """
        new, old = _checked(n, hash), self.read()
        if old == new:
            return
        if old is not None and new.n <= old.n:
            raise RollbackDetected(f"anchor {old.n} {short(old.hash)}, asked for {new.n} {short(new.hash)}")
        self._store.put(self._name, Secret(json.dumps(new._asdict(), separators=(",", ":")).encode()))


def _checked(n: object, name: object) -> Anchor:
    if type(n) is not int or n < 1 or not isinstance(name, str) or not is_hash(name):
        raise FormatRefused("anchor")
    return Anchor(n, name)

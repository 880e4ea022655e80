# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many wrong PINs there were, in a way that a restart, a crash or a copied file does not undo.

Rules:

1. The count is raised and on disk **before** the PIN is looked at; a crash in between costs one try.
2. It stands in a file and in the keystore; the higher one counts. Raising writes the file first and resetting
   the keystore first, so an honest file is never behind: a file that is behind was put back, and is reported.
3. Both copies gone counts as half of the tries used.
4. From the fifth wrong PIN on each next try waits; the tenth is the last.
5. Waiting is counted by the wall clock or, if that was set back, by the monotonic clock since this object
   first looked: setting the clock back gains nothing and never locks for longer than the wait itself.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from client.clock import Clock, Millis
from client.crypto.secret import Secret
from client.keys import files
from client.keys.keyring_store import SecretStore

MAX_TRIES = 10
WAIT_FROM = 5
WAITS_S = (30, 60, 5 * 60, 15 * 60, 60 * 60)
"""After wrong PIN 5, 6, 7, 8, 9."""
_MAX_ENTRY = 256


@dataclass(frozen=True, slots=True)
class Tries:
    """The count as it stands.

    Args:
        count: Wrong PINs since the last right one, one in progress included.
        at: When the newest was begun, UTC milliseconds by our reckoning.
        rolled_back: The file was behind the keystore, damaged or gone.
    """

    count: int
    at: Millis
    rolled_back: bool = False

    @property
    def left(self) -> int:
        """Tries before the keys are destroyed."""
        return max(0, MAX_TRIES - self.count)


class Attempts:
    """The counter of one device.

    Args:
        path: The counter file.
        store: The keystore that holds the second copy.
        device_id: Names that copy.
        clock: Wall and monotonic.
    """

    def __init__(self, path: Path, store: SecretStore, device_id: str, clock: Clock) -> None:
        self._path = path
        self._store = store
        self.device_id = device_id
        self._name = f"attempts/{device_id}"
        self._clock = clock
        self._origin: tuple[Millis, float] | None = None

    def load(self) -> Tries:
        """The higher of both copies."""
        on_disk = _parse(files.read(self._path))
        entry = self._store.get(self._name)
        in_store = _parse(None if entry is None else entry.reveal())
        if on_disk is None and in_store is None:
            return Tries(MAX_TRIES // 2, Millis(0), rolled_back=True)
        count = max(copy.count for copy in (on_disk, in_store) if copy is not None)
        at = max(copy.at for copy in (on_disk, in_store) if copy is not None)
        behind = on_disk is None or (in_store is not None and on_disk.count < in_store.count)
        return Tries(count, at, rolled_back=behind)

    def wait_s(self, tries: Tries) -> int:
        """Whole seconds until the next try is accepted, 0 for now."""
        if tries.count < WAIT_FROM:
            return 0
        wait = WAITS_S[min(tries.count - WAIT_FROM, len(WAITS_S) - 1)]
        passed = (self._now(tries.at) - tries.at) / 1000
        return max(0, math.ceil(wait - passed))

    def raise_(self, tries: Tries) -> Tries:
        """Count one more, durably, before the PIN is checked."""
        raised = Tries(tries.count + 1, self._now(tries.at))
        files.write(self._path, _encode(raised))
        self._store.put(self._name, Secret(_encode(raised)))
        return raised

    def reset(self) -> None:
        """The PIN was right."""
        fresh = Tries(0, Millis(0))
        self._store.put(self._name, Secret(_encode(fresh)))
        files.write(self._path, _encode(fresh))
        self._origin = None

    def forget(self) -> None:
        """Remove both copies; only when the keys are gone."""
        files.remove(self._path)
        self._store.delete(self._name)

    def _now(self, floor: Millis) -> Millis:
        """The wall clock, but never behind the newest attempt plus what has passed since we first looked."""
        monotonic = self._clock.monotonic()
        if self._origin is None or floor > self._origin[0]:
            self._origin = (floor, monotonic)
        since, start = self._origin
        return Millis(max(self._clock.now(), since + int((monotonic - start) * 1000)))


def _encode(tries: Tries) -> bytes:
    return json.dumps({"tries": tries.count, "at": tries.at}).encode()


def _parse(data: bytes | None) -> Tries | None:
    """A copy as written; None for none or for a damaged one, which rule 2 or 3 then deals with."""
    if data is None or len(data) > _MAX_ENTRY:
        return None
    try:
        fields = json.loads(data)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not all(type(fields.get(name)) is int for name in ("tries", "at")):
        return None
    return Tries(max(0, fields["tries"]), Millis(fields["at"]))

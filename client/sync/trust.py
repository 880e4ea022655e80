# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word counts: one signed index and the directory it names, behind the interface that TUF fills later.

Decides which bytes are the current index, directory and targets. Fetches nothing, opens nothing sealed.

Rules:
1. The index is signed by the root's publisher, the directory by its registrar; nobody else's signature counts.
2. Versions only grow; the same version with other bytes is a rollback too; an index past its end is frozen.
3. A new index is believed only together with the directory it names: until that is here and verified, the
   index held before stays in force. The directory is kept before the index, so a crash keeps the old pair.
4. Every target is checked by size and hash against the current index before anyone sees it.
5. What was kept on disk is verified again when it is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from client.clock import Millis, from_rfc3339
from client.crypto import dsse, hashing
from client.domain.ids import DeviceId
from client.errors import ContentMismatch, FormatRefused, RollbackDetected, SignatureInvalid
from client.protocol import codec, names
from client.protocol.messages import DeviceEntry, Directory, Index, Reader, Root, Target
from client.sync.crashpoints import crash_point

INDEX_LIMIT: Final = codec.MAX_INDEX * 4 // 3 + codec.MAX_SMALL
DIRECTORY_LIMIT: Final = codec.MAX_DIRECTORY * 4 // 3 + codec.MAX_SMALL


class TrustStore(Protocol):
    """Where verified bytes are kept between runs."""

    def load_index(self) -> bytes | None:
        """The newest index kept (DSSE)."""
        ...

    def save_index(self, envelope: bytes, version: int) -> None:
        """Keep an index."""
        ...

    def load_target(self, name: str) -> bytes | None:
        """A kept target."""
        ...

    def save_target(self, name: str, data: bytes) -> None:
        """Keep a target."""
        ...


class Trust(Protocol):
    """What the rest of synchronisation may ask; TUF takes the place of the class below behind it."""

    def load(self) -> None:
        """Take up what was kept."""
        ...

    def accept_index(self, envelope: bytes, now: Millis) -> Index:
        """Judge a newly fetched index."""
        ...

    def missing_directory(self) -> str | None:
        """Name of the directory target that has to be fetched, if any."""
        ...

    def accept_directory(self, name: str, data: bytes) -> Directory:
        """Judge a newly fetched directory."""
        ...

    def target(self, name: str) -> Target | None:
        """What the current index promises under ``name``."""
        ...

    def check_target(self, name: str, data: bytes) -> bytes:
        """``data``, once it is what the index promises under ``name``."""
        ...

    def index(self) -> Index | None:
        """The current index."""
        ...

    def directory(self) -> Directory | None:
        """The current directory."""
        ...

    def service_keys(self) -> Mapping[str, str]:
        """Receipt services: key id to public key."""
        ...

    def publisher_keys(self) -> Mapping[str, str]:
        """Publishers: key id to public key."""
        ...

    def device_keys(self) -> Mapping[str, str]:
        """Every device ever listed, whatever its state: device id to public key."""
        ...

    def device(self, device: DeviceId) -> DeviceEntry | None:
        """A device's entry in the directory."""
        ...

    def readers(self) -> tuple[Reader, ...]:
        """To whom comments are sealed."""
        ...


@dataclass(frozen=True)
class _Held:
    """What is believed now; replaced as a whole so that readers on other threads never see halves."""

    index: Index
    index_hash: str
    directory: Directory


@dataclass(frozen=True)
class _Staged:
    """A verified index that waits for its directory."""

    index: Index
    index_hash: str
    envelope: bytes


class SignedIndexTrust:
    """Trust in one publisher-signed index and one registrar-signed directory.

    Args:
        root: Given at installation.
        store: Where verified bytes are kept.
    """

    def __init__(self, root: Root, store: TrustStore) -> None:
        self._root = root
        self._store = store
        self._held: _Held | None = None
        self._staged: _Staged | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Take up what earlier runs verified and kept (rule 5).

        Raises:
            Untrusted: What was kept no longer verifies: the store was altered.
        """
        envelope = self._store.load_index()
        if envelope is None:
            return
        index, index_hash = self._open_index(envelope)
        name = _directory_name(index)
        kept = self._store.load_target(name)
        if kept is None:
            raise ContentMismatch(f"{name} is not here")
        held = _Held(index, index_hash, self._open_directory(index, name, kept))
        with self._lock:
            self._held = held

    def accept_index(self, envelope: bytes, now: Millis) -> Index:
        """The index, once it is the publisher's, no older than the one held, and not past its end.

        It comes into force at once if its directory is the one held, else with :meth:`accept_directory`.

        Args:
            envelope: As fetched (DSSE).
            now: The estimate of present time.

        Raises:
            SignatureInvalid, FormatRefused: Not the publisher's index.
            RollbackDetected: Older than the one held, another one of the same version, or past its end.
        """
        index, index_hash = self._open_index(envelope)
        name = _directory_name(index)
        with self._lock:
            self._staged = None
            if from_rfc3339(index.expires) <= now:
                raise RollbackDetected(f"index {index.version} expired")
            held = self._held
            if held is None:
                self._staged = _Staged(index, index_hash, envelope)
            elif index_hash != held.index_hash:
                _check_newer(index, held)
                if name == _directory_name(held.index):
                    self._keep(envelope, _Held(index, index_hash, held.directory))
                else:
                    self._staged = _Staged(index, index_hash, envelope)
        return index

    def missing_directory(self) -> str | None:
        """Name of the directory that must be fetched before the index last accepted comes into force."""
        staged = self._staged
        return None if staged is None else _directory_name(staged.index)

    def accept_directory(self, name: str, data: bytes) -> Directory:
        """The directory, once index and registrar vouch for it; both come into force.

        Raises:
            ContentMismatch, SignatureInvalid, FormatRefused: It is not the one the index names.
        """
        with self._lock:
            staged = self._staged
            if staged is None or _directory_name(staged.index) != name:
                raise ContentMismatch(f"{name} was not asked for")
            directory = self._open_directory(staged.index, name, data)
            self._store.save_target(name, data)
            crash_point("trust.directory_kept")
            self._keep(staged.envelope, _Held(staged.index, staged.index_hash, directory))
            self._staged = None
        return directory

    def _keep(self, envelope: bytes, held: _Held) -> None:
        self._store.save_index(envelope, held.index.version)
        crash_point("trust.index_kept")
        self._held = held

    def target(self, name: str) -> Target | None:
        """What the current index promises under ``name``."""
        held = self._held
        return None if held is None else held.index.targets.get(name)

    def check_target(self, name: str, data: bytes) -> bytes:
        """``data``, once it has the promised size and hash.

        Raises:
            ContentMismatch: It has not, or nothing of that name is promised.
        """
        return _checked(self.target(name), name, data)

    def index(self) -> Index | None:
        """The current index; None before the first."""
        held = self._held
        return None if held is None else held.index

    def directory(self) -> Directory | None:
        """The current directory; None before the first."""
        held = self._held
        return None if held is None else held.directory

    def service_keys(self) -> Mapping[str, str]:
        """Receipt services: key id to public key."""
        directory = self.directory()
        return {} if directory is None else {role.id: role.sign for role in directory.services}

    def publisher_keys(self) -> Mapping[str, str]:
        """Publishers: key id to public key."""
        return {self._root.publisher.id: self._root.publisher.sign}

    def device_keys(self) -> Mapping[str, str]:
        """Every listed device, whatever its state: a signature outlives its device."""
        directory = self.directory()
        return {} if directory is None else {entry.id: entry.sign for entry in directory.devices}

    def device(self, device: DeviceId) -> DeviceEntry | None:
        """A device's entry in the directory."""
        directory = self.directory()
        if directory is None:
            return None
        return next((entry for entry in directory.devices if entry.id == device), None)

    def readers(self) -> tuple[Reader, ...]:
        """To whom comments are sealed."""
        directory = self.directory()
        return () if directory is None else directory.readers

    def _open_index(self, envelope: bytes) -> tuple[Index, str]:
        opened = dsse.open_(envelope, self.publisher_keys(), limit=INDEX_LIMIT)
        return codec.decode(opened.payload, Index, limit=codec.MAX_INDEX), opened.hash

    def _open_directory(self, index: Index, name: str, data: bytes) -> Directory:
        _checked(index.targets.get(name), name, data)
        registrar = {self._root.registrar.id: self._root.registrar.sign}
        opened = dsse.open_(data, registrar, limit=DIRECTORY_LIMIT)
        directory = codec.decode(opened.payload, Directory, limit=codec.MAX_DIRECTORY)
        if names.directory_target(directory.version) != name:
            raise SignatureInvalid(f"{name} holds version {directory.version}")
        return directory


def _directory_name(index: Index) -> str:
    """The one directory target of an index.

    Raises:
        FormatRefused: None, or more than one.
    """
    found = [name for name in index.targets if names.split_target(name)[:2] == ("d", "directory")]
    if len(found) != 1:
        raise FormatRefused(f"{len(found)} directories in the index")
    return found[0]


def _check_newer(index: Index, held: _Held) -> None:
    """Rule 2."""
    if index.version <= held.index.version:
        raise RollbackDetected(f"index {index.version}, have {held.index.version}")
    name, known = _directory_name(index), _directory_name(held.index)
    if names.split_target(name)[2] < names.split_target(known)[2]:
        raise RollbackDetected(f"{name}, have {known}")
    if name == known and index.targets[name] != held.index.targets[known]:
        raise RollbackDetected(f"two of {name}")


def _checked(promised: Target | None, name: str, data: bytes) -> bytes:
    if promised is None or promised.size != len(data) or promised.sha256 != hashing.sha256(data):
        raise ContentMismatch(name)
    return data

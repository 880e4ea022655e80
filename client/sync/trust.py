# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose word counts: TUF metadata followed from the installed root, and the directory it names.

Decides which roles, directory and targets are in force. Opens nothing sealed; fetches through a port.

Rules:
1. The installed root is believed; every later one is kept as soon as it verified, so that replaced keys never
   count again. What was verified under an earlier root stays in force until a newer set verified.
2. The reference time is the trusted estimate (``timekeeper``), never the wall clock; what was kept is taken up again
   without it, so that a device long offline still knows what it knew.
3. A set is believed only together with the directory it names: until that is here and verified, the set held
   before stays in force. The directory is kept before the set, so a crash keeps the old pair.
4. A version of targets, registrar, publisher or directory goes back only when its signer's keys were replaced.
5. Every target is checked by size and hash before anyone sees it, and what was kept is verified again when loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from client.clock import Millis
from client.crypto import dsse, hashing
from client.crypto.metadata import verify
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, TARGETS, FileInfo, Kept, KeptSource, Verified
from client.domain.ids import DeviceId
from client.errors import ContentMismatch, FormatRefused, RollbackDetected, ServiceRefused, SignatureInvalid
from client.protocol import codec, names
from client.protocol.http import Problem
from client.protocol.messages import DeviceEntry, Directory, Reader, Root, Target, TargetName
from client.sync.crashpoints import crash_point

DIRECTORY_LIMIT: Final = codec.MAX_DIRECTORY * 4 // 3 + codec.MAX_SMALL
_SECRETARIAT: Final = (verify.ROOT, TARGETS, REGISTRAR, PUBLISHER)
_CUSTOM: Final = ("scope", "epoch", "key_hash")


class TrustStore(Protocol):
    """Where verified bytes are kept between runs."""

    def load_roots(self) -> tuple[bytes, ...]:
        """Roots kept after the installed one, in order."""
        ...

    def save_root(self, version: int, data: bytes) -> None:
        """Keep one more root."""
        ...

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        """Version of the root that the kept set was verified under, and role to bytes."""
        ...

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep a verified set as a whole: role to version and bytes."""
        ...

    def load_target(self, name: str) -> bytes | None:
        """A kept target."""
        ...

    def save_target(self, name: str, data: bytes) -> None:
        """Keep a target."""
        ...


class Wire(Protocol):
    """How trust asks the service."""

    def get_metadata(self, name: str, limit: int) -> bytes:
        """A metadata file."""
        ...

    def get_target(self, name: str, limit: int) -> bytes:
        """A target's bytes."""
        ...


class Trust(Protocol):
    """What the rest of synchronisation may ask."""

    def load(self) -> None:
        """Take up what was kept."""
        ...

    def refresh(self, wire: Wire, now: Millis) -> None:
        """Fetch and judge what is new."""
        ...

    def targets(self) -> Mapping[str, Target]:
        """All targets in force."""
        ...

    def target(self, name: str) -> Target | None:
        """What is promised under ``name``."""
        ...

    def check_target(self, name: str, data: bytes) -> bytes:
        """``data``, once it is what is promised under ``name``."""
        ...

    def directory(self) -> Directory | None:
        """The directory in force."""
        ...

    def until(self) -> Millis | None:
        """When the first of what the secretariat signed ends; None before the first set."""
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

    verified: Verified
    roles: Mapping[str, bytes]
    targets: Mapping[str, Target]
    directory: Directory


class _WireSource:
    """The service as the source of metadata; every new root is kept the moment it verified (rule 1)."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def root(self, version: int) -> bytes | None:
        try:
            return self._wire.get_metadata(verify.file_name(verify.ROOT, version), verify.LIMITS[verify.ROOT])
        except ServiceRefused as refused:
            if refused.problem == Problem.NOT_FOUND.value:
                return None
            raise

    def metadata(self, name: str, limit: int) -> bytes:
        return self._wire.get_metadata(name, limit)


class TufTrust:
    """Trust by TUF, kept in the device's record.

    Args:
        root: Given at installation.
        store: Where verified bytes are kept.
    """

    def __init__(self, root: Root, store: TrustStore) -> None:
        self._installed = root.roots
        self._store = store
        self._roots: tuple[bytes, ...] = root.roots
        self._held: _Held | None = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """Take up what earlier runs verified and kept.

        Raises:
            Untrusted: What was kept no longer verifies: the store was altered.
        """
        chain = (*self._installed, *self._newer(self._store.load_roots()))
        version, roles = self._store.load_metadata()
        verify.root_version(chain)
        held = None
        if roles:
            first = verify.peek_unverified(verify.ROOT, chain[0])[0]
            kept = Kept(chain[: max(version - first, 0) + 1], roles)
            verified, kept = verify.follow(kept, KeptSource(kept), at=None)
            targets = _targets(verified)
            name = _directory_name(targets)
            data = self._store.load_target(name)
            if data is None:
                raise ContentMismatch(f"{name} is not here")
            held = _Held(verified, kept.roles, targets, _open_directory(verified, targets, name, data))
        with self._lock:
            self._roots, self._held = chain, held

    def refresh(self, wire: Wire, now: Millis) -> None:
        """Follow the service's metadata; a newer set comes into force together with its directory, or not at all.

        Args:
            wire: The service.
            now: The estimate of present time: the reference for end dates.

        Raises:
            ServiceError: The way there.
            SignatureInvalid, ContentMismatch, FormatRefused: It does not verify.
            RollbackDetected: Older than what is held; ``MetadataExpired`` when the service holds news back.
        """
        with self._lock:
            held = self._held
            before = Kept(self._roots, {} if held is None else held.roles)
            verified, kept = verify.follow(before, _WireSource(wire), at=now, keep_root=self._keep_root)
            if held is not None and kept.roles == held.roles:
                return
            targets = _targets(verified)
            name = _directory_name(targets)
            if held is not None:
                _check_not_older(verified, targets, held)
            if held is not None and held.targets.get(name) == targets[name]:
                directory = held.directory
            else:
                data = wire.get_target(name, DIRECTORY_LIMIT)
                directory = _open_directory(verified, targets, name, data)
                self._store.save_target(name, data)
                crash_point("trust.directory_kept")
            marked = {role: (verified.versions[role], data) for role, data in kept.roles.items()}
            self._store.save_metadata(verified.versions[verify.ROOT], marked)
            crash_point("trust.metadata_kept")
            self._held = _Held(verified, kept.roles, targets, directory)

    def targets(self) -> Mapping[str, Target]:
        """All targets in force, by name."""
        held = self._held
        return {} if held is None else held.targets

    def target(self, name: str) -> Target | None:
        """What is promised under ``name``."""
        return self.targets().get(name)

    def check_target(self, name: str, data: bytes) -> bytes:
        """``data``, once it has the promised size and hash.

        Raises:
            ContentMismatch: It has not, or nothing of that name is promised.
        """
        return _checked(self.target(name), name, data)

    def directory(self) -> Directory | None:
        """The directory in force; None before the first."""
        held = self._held
        return None if held is None else held.directory

    def until(self) -> Millis | None:
        """When the first of what the secretariat signed ends; None before the first set."""
        held = self._held
        return None if held is None else Millis(min(held.verified.expires[role] for role in _SECRETARIAT))

    def service_keys(self) -> Mapping[str, str]:
        """Receipt services: key id to public key."""
        directory = self.directory()
        return {} if directory is None else {role.id: role.sign for role in directory.services}

    def publisher_keys(self) -> Mapping[str, str]:
        """Publishers, replaced ones too: what they signed counts only where metadata of today names its hash."""
        held = self._held
        return {} if held is None else _keys_of(held.verified, PUBLISHER)

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

    def _keep_root(self, version: int, data: bytes) -> None:
        """Rule 1."""
        self._store.save_root(version, data)
        self._roots = (*self._roots, data)
        crash_point("trust.root_kept")

    def _newer(self, kept: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """Kept roots that an installation with a newer root does not bring itself."""
        last = verify.peek_unverified(verify.ROOT, self._installed[-1])[0]
        return tuple(data for data in kept if verify.peek_unverified(verify.ROOT, data)[0] > last)


def _targets(verified: Verified) -> Mapping[str, Target]:
    """Every file as the rest of synchronisation knows targets.

    Raises:
        FormatRefused: A name or field that is none of ours.
    """
    try:
        return {msgspec.convert(name, TargetName): _target(info) for name, info in verified.files.items()}
    except msgspec.ValidationError as error:
        raise FormatRefused("target") from error


def _target(info: FileInfo) -> Target:
    custom = {key: info.custom[key] for key in _CUSTOM if key in info.custom}
    return msgspec.convert({"sha256": info.sha256, "size": info.size, **custom}, Target)


def _keys_of(verified: Verified, role: str) -> dict[str, str]:
    return {**verified.earlier[role], **verified.keys[role]}


def _directory_name(targets: Mapping[str, Target]) -> str:
    """The one directory among the targets.

    Raises:
        FormatRefused: None, or more than one.
    """
    found = [name for name in targets if names.split_target(name)[:2] == ("d", "directory")]
    if len(found) != 1:
        raise FormatRefused(f"{len(found)} directories")
    return found[0]


def _open_directory(verified: Verified, targets: Mapping[str, Target], name: str, data: bytes) -> Directory:
    _checked(targets.get(name), name, data)
    opened = dsse.open_(data, _keys_of(verified, REGISTRAR), limit=DIRECTORY_LIMIT)
    directory = codec.decode(opened.payload, Directory, limit=codec.MAX_DIRECTORY)
    if names.directory_target(directory.version) != name:
        raise SignatureInvalid(f"{name} holds version {directory.version}")
    return directory


def _check_not_older(verified: Verified, targets: Mapping[str, Target], held: _Held) -> None:
    """Rule 4, which also holds where new service keys took away what the library compares with."""
    for role in (TARGETS, REGISTRAR, PUBLISHER):
        same_keys = verified.keys[role] == held.verified.keys[role]
        if same_keys and verified.versions[role] < held.verified.versions[role]:
            raise RollbackDetected(f"{role} {verified.versions[role]}, have {held.verified.versions[role]}")
    name, known = _directory_name(targets), _directory_name(held.targets)
    same_keys = verified.keys[REGISTRAR] == held.verified.keys[REGISTRAR]
    if same_keys and names.split_target(name)[2] < names.split_target(known)[2]:
        raise RollbackDetected(f"{name}, have {known}")
    if same_keys and name == known and targets[name] != held.targets[known]:
        raise RollbackDetected(f"two of {name}")


def _checked(promised: Target | None, name: str, data: bytes) -> bytes:
    if promised is None or promised.size != len(data) or promised.sha256 != hashing.sha256(data):
        raise ContentMismatch(name)
    return data

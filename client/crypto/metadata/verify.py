# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follows TUF metadata from a trusted root to the files it vouches for: the client workflow (TUF 1.0.34, section 5).

Decides what the newest consistent set of roles is. Reads no clock, keeps nothing, fetches through a port.

Rules:
1. Roots are followed one by one; each is signed by the threshold of the one before and by its own.
2. The reference time is the caller's; without one (what was kept is read again) no end date counts.
3. A timestamp older than the kept one, a snapshot that lowers any role's version, and any role past its end are
   refused; every role's bytes have the length and hash that the role above it states, so sets never mix.
4. Two roles are delegated, the registrar's and the publisher's, with exactly the paths below; what either lists
   outside its paths refuses the set.
5. Sizes are limited before anything is parsed. Fields nobody knows are kept and signed, and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from client.clock import Millis
from client.crypto import hashing
from client.crypto.metadata.faults import millis, moment, translated
from client.crypto.metadata.keys import publics_of
from client.errors import (
    ContentMismatch,
    FormatRefused,
    LimitExceeded,
    MetadataExpired,
)

ROOT, TIMESTAMP, SNAPSHOT, TARGETS = "root", "timestamp", "snapshot", "targets"
REGISTRAR, PUBLISHER = "registrar", "publisher"
ROLES: Final = (TIMESTAMP, SNAPSHOT, TARGETS, REGISTRAR, PUBLISHER)
PATHS: Final[Mapping[str, tuple[str, ...]]] = {REGISTRAR: ("d/*",), PUBLISHER: ("p/*", "r/*")}
EARLIER: Final = "x-ecab-earlier"
"""Field of the top-level targets: keys of registrar and publisher that signed before they were replaced."""

KIB: Final = 1024
LIMITS: Final[Mapping[str, int]] = {
    ROOT: 64 * KIB,
    TIMESTAMP: 16 * KIB,
    SNAPSHOT: 64 * KIB,
    TARGETS: 64 * KIB,
    REGISTRAR: 64 * KIB,
    PUBLISHER: 4096 * KIB,
}
MAX_ROOTS: Final = 64
"""New roots followed in one pass; a service cannot keep a client busy with them for ever."""
_UNDATED: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What a file must be; ``custom`` as written, unchecked."""

    sha256: str
    size: int
    custom: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verified:
    """A consistent set.

    Attributes:
        versions, expires: Of every role; ends in UTC milliseconds.
        keys: Role to key id to public key, for all six roles.
        earlier: The same for replaced keys of registrar and publisher.
        files: All targets of registrar and publisher.
    """

    versions: Mapping[str, int]
    expires: Mapping[str, int]
    keys: Mapping[str, Mapping[str, str]]
    earlier: Mapping[str, Mapping[str, str]]
    files: Mapping[str, FileInfo]


@dataclass(frozen=True, slots=True)
class Kept:
    """Metadata as bytes: a chain of roots, its first one trusted, and the set last verified, if any."""

    roots: tuple[bytes, ...]
    roles: Mapping[str, bytes]


class Source(Protocol):
    """Where metadata comes from."""

    def root(self, version: int) -> bytes | None:
        """One version of the root, or None where there is none yet."""
        ...

    def metadata(self, name: str, limit: int) -> bytes:
        """A file by its name (``timestamp.json``, ``7.snapshot.json``), at most ``limit`` bytes."""
        ...


class KeptSource:
    """A set that is here already, as a source."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def root(self, version: int) -> bytes | None:
        """From the chain, where it goes on."""
        numbered = {peek_unverified(ROOT, data)[0]: data for data in self._kept.roots}
        return numbered.get(version)

    def metadata(self, name: str, limit: int) -> bytes:
        """The bytes of the role, whatever version is asked for; ``follow`` checks them."""
        del limit
        role = name.removesuffix(".json").rpartition(".")[2]
        if role not in self._kept.roles:
            raise ContentMismatch(f"{name} is not here")
        return self._kept.roles[role]


def file_name(role: str, version: int | None = None) -> str:
    """``7.snapshot.json``; ``timestamp.json`` without a version."""
    return f"{role}.json" if version is None else f"{version}.{role}.json"


def follow(
    kept: Kept, source: Source, *, at: Millis | None, keep_root: Callable[[int, bytes], None] = lambda _v, _d: None
) -> tuple[Verified, Kept]:
    """The newest set of ``source`` that continues what was kept.

    Args:
        kept: The trusted root chain, and the set verified last.
        source: Asked for whatever is not here.
        at: The reference time; None to judge no end dates.
        keep_root: Told every new root as soon as it verified, whatever becomes of the rest.

    Returns:
        The set, and its bytes with the whole chain of roots.

    Raises:
        SignatureInvalid: A threshold is not met.
        RollbackDetected: A version went back; ``MetadataExpired`` for a role past its end.
        ContentMismatch: Length or hash differ from what the role above states.
        FormatRefused: Not such metadata; ``LimitExceeded`` if too large.
    """
    course = _Course(kept, at)
    for data in kept.roots[1:]:
        course.root(data)
    new_roots = list(kept.roots)
    for _ in range(MAX_ROOTS):
        found = source.root(course.trusted.root.version + 1)
        if found is None:
            break
        course.root(found)
        keep_root(course.trusted.root.version, found)
        new_roots.append(found)
    if course.trusted.root.is_expired(course.trusted.reference_time):
        raise MetadataExpired(ROOT)
    roles = {
        TIMESTAMP: course.timestamp(source),
        SNAPSHOT: course.snapshot(source),
        TARGETS: course.targets(source, TARGETS, ROOT),
    }
    for role in PATHS:
        roles[role] = course.targets(source, role, TARGETS)
    return course.verified(), Kept(tuple(new_roots), roles)


def root_keys(chain: tuple[bytes, ...], role: str = ROOT) -> Mapping[str, str]:
    """Key ids and public keys that the newest root of a chain names for a top-level role, once the chain holds."""
    return _root_of(chain).role_keys(role)


def root_version(chain: tuple[bytes, ...]) -> int:
    """Version of the newest root of a chain, once the chain holds."""
    return _root_of(chain).trusted.root.version


def delegated_keys(
    chain: tuple[bytes, ...], targets: bytes
) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
    """Keys of registrar and publisher, and replaced ones, once the newest root vouches for the top-level targets.

    Raises:
        SignatureInvalid, FormatRefused: It does not.
    """
    course = _root_of(chain)
    with translated(TARGETS):
        found = _parsed(TARGETS, targets)
        course.trusted.root.verify_delegate(TARGETS, found.signed_bytes, found.signatures)
        return _delegated(found.signed), _earlier(found.signed)


def peek_unverified(role: str, data: bytes) -> tuple[int, Millis, str]:
    """Version, end and hash of the signed part **without any check of signatures**: to compare, not to believe.

    Raises:
        FormatRefused: Not metadata.
    """
    with translated(role):
        found = _parsed(role, data)
        return found.signed.version, millis(found.signed.expires), hashing.sha256(found.signed_bytes)


def files_unverified(role: str, data: bytes) -> Mapping[str, FileInfo]:
    """The files that registrar or publisher lists, **without any check of signatures**."""
    with translated(role):
        return dict(_files(role, _parsed(role, data).signed))


def snapshot_of(chain: tuple[bytes, ...], data: bytes) -> Mapping[str, tuple[int, str]]:
    """Role to version and hash, once the chain's newest root vouches for the snapshot; its end does not matter.

    Raises:
        SignatureInvalid, FormatRefused: It does not.
    """
    course = _root_of(chain)
    with translated(SNAPSHOT):
        found = _parsed(SNAPSHOT, data)
        course.trusted.root.verify_delegate(SNAPSHOT, found.signed_bytes, found.signatures)
        meta = found.signed.meta.items()
        return {
            name.removesuffix(".json"): (info.version, f"sha256:{(info.hashes or {}).get('sha256', '')}")
            for name, info in meta
        }


def _root_of(chain: tuple[bytes, ...]) -> _Course:
    course = _Course(Kept(chain, {}), None)
    for data in chain[1:]:
        course.root(data)
    return course


class _Course:
    """The library's trusted set on its way, with its errors translated and our rules 4 and 5 added."""

    def __init__(self, kept: Kept, at: Millis | None) -> None:
        self._kept = kept
        with translated(ROOT):
            _sized(ROOT, kept.roots[0])
            self.trusted = TrustedMetadataSet(kept.roots[0], EnvelopeType.METADATA)
        self.trusted.reference_time = _UNDATED if at is None else moment(at)
        self._check_root()

    def root(self, data: bytes) -> None:
        """Rule 1."""
        with translated(ROOT):
            _sized(ROOT, data)
            self.trusted.update_root(data)
        self._check_root()

    def timestamp(self, source: Source) -> bytes:
        """The newest timestamp; the kept one where the source has nothing newer."""
        kept = self._kept.roles.get(TIMESTAMP)
        if kept is not None and not self._take(partial(self.trusted.update_timestamp, kept)):
            kept = None  # signed by a key that is no longer the root's: it protects from nothing
        fetched = source.metadata(file_name(TIMESTAMP), LIMITS[TIMESTAMP])
        if fetched != kept:
            with translated(TIMESTAMP):
                _sized(TIMESTAMP, fetched)
                try:
                    self.trusted.update_timestamp(fetched)
                except exceptions.EqualVersionNumberError:
                    if _parsed(TIMESTAMP, fetched).signed != self.trusted.timestamp:
                        raise
                    fetched = kept or fetched
        if self.trusted.timestamp.is_expired(self.trusted.reference_time):
            raise MetadataExpired(TIMESTAMP)
        return fetched

    def snapshot(self, source: Source) -> bytes:
        """The snapshot the timestamp names."""
        kept = self._kept.roles.get(SNAPSHOT)
        if kept is not None and self._take(partial(self.trusted.update_snapshot, kept, trusted=True), final=True):
            return kept
        info = self.trusted.timestamp.snapshot_meta
        fetched = source.metadata(file_name(SNAPSHOT, info.version), _limit(SNAPSHOT, info.length))
        with translated(SNAPSHOT):
            _sized(SNAPSHOT, fetched)
            self.trusted.update_snapshot(fetched)
        return fetched

    def targets(self, source: Source, role: str, delegator: str) -> bytes:
        """The targets metadata of a role that the snapshot names."""
        info = self.trusted.snapshot.meta.get(f"{role}.json")
        if info is None:
            raise FormatRefused(f"snapshot without {role}")
        kept = self._kept.roles.get(role)
        if kept is not None and self._take(
            lambda: self.trusted.update_delegated_targets(kept, role, delegator), final=True
        ):
            return kept
        fetched = source.metadata(file_name(role, info.version), _limit(role, info.length))
        with translated(role):
            _sized(role, fetched)
            self.trusted.update_delegated_targets(fetched, role, delegator)
        if role == TARGETS:
            _delegated(self.trusted.targets)
        return fetched

    def role_keys(self, role: str) -> Mapping[str, str]:
        """A top-level role's keys by the newest root."""
        root = self.trusted.root
        return publics_of(root.keys[keyid] for keyid in root.roles[role].keyids)

    def verified(self) -> Verified:
        """What all of it says."""
        top = self.trusted.targets
        roles = {role: self.trusted[role] for role in (ROOT, *ROLES)}
        keys = {role: self.role_keys(role) for role in (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)}
        return Verified(
            versions={role: signed.version for role, signed in roles.items()},
            expires={role: int(millis(signed.expires)) for role, signed in roles.items()},
            keys={**keys, **_delegated(top)},
            earlier=_earlier(top),
            files={name: info for role in PATHS for name, info in _files(role, self.trusted[role])},
        )

    def _take(self, load: Callable[[], object], *, final: bool = False) -> bool:
        """Load something kept: as the final one, or (``final`` off) at least to compare the next one with."""
        try:
            load()
        except exceptions.ExpiredMetadataError:
            return not final
        except exceptions.RepositoryError:
            return False
        return True

    def _check_root(self) -> None:
        """Every key of a root must be of our kind, whether or not it signs anything now."""
        publics_of(self.trusted.root.keys.values())


def _delegated(top: Targets) -> dict[str, dict[str, str]]:
    """Rule 4 for the delegations; role to its keys."""
    delegations = top.delegations
    roles = None if delegations is None else delegations.roles
    if delegations is None or roles is None or tuple(roles) != tuple(PATHS) or top.targets:
        raise FormatRefused("targets: not the two delegations")
    for role, paths in PATHS.items():
        if tuple(roles[role].paths or ()) != paths:
            raise FormatRefused(f"targets: paths of {role}")
    publics_of(delegations.keys.values())
    return {role: publics_of(delegations.keys[keyid] for keyid in roles[role].keyids) for role in PATHS}


def _earlier(top: Targets) -> dict[str, dict[str, str]]:
    """Replaced keys by role; nothing signed by them counts unless a current signature names its hash."""
    field = top.unrecognized_fields.get(EARLIER, {})
    found: dict[str, dict[str, str]] = {}
    for role in PATHS:
        keys = field.get(role, {}) if isinstance(field, dict) else None
        if not isinstance(keys, dict) or not all(isinstance(v, str) for v in keys.values()):
            raise FormatRefused(f"targets: {EARLIER}")
        found[role] = dict(keys)
    return found


def _files(role: str, signed: object) -> Iterator[tuple[str, FileInfo]]:
    assert isinstance(signed, Targets)
    prefixes = tuple(path.removesuffix("*") for path in PATHS[role])
    for name, entry in signed.targets.items():
        digest = entry.hashes.get("sha256")
        if digest is None or not name.startswith(prefixes):
            raise FormatRefused(f"{role}: {name[:80]}")
        custom = entry.unrecognized_fields.get("custom", {})
        if not isinstance(custom, dict):
            raise FormatRefused(f"{role}: custom of {name[:80]}")
        yield name, FileInfo(f"sha256:{digest}", entry.length, custom)


def _parsed(role: str, data: bytes) -> Metadata[Any]:
    _sized(role, data)
    found = Metadata.from_bytes(data)
    expected = TARGETS if role in PATHS else role
    if found.signed.type != expected:
        raise FormatRefused(f"{role}: type {found.signed.type}")
    return found


def _sized(role: str, data: bytes) -> None:
    if len(data) > LIMITS[role]:
        raise LimitExceeded(f"{role}: {len(data)} bytes, limit {LIMITS[role]}")


def _limit(role: str, stated: int | None) -> int:
    return LIMITS[role] if stated is None else min(stated, LIMITS[role])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One client's way through TUF metadata: the library's trusted set, our errors, and a size for everything.

``verify`` goes this way for what the secretariat signs, ``releases`` for what the publisher of the program signs; the
top-level roles are the same. Reads no clock, keeps nothing, fetches through a port.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol

from tuf.api import exceptions
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from client.clock import Millis
from client.crypto.metadata.faults import moment, translated
from client.crypto.metadata.keys import publics_of
from client.errors import ContentMismatch, FormatRefused, LimitExceeded, MetadataExpired

ROOT, TIMESTAMP, SNAPSHOT, TARGETS = "root", "timestamp", "snapshot", "targets"
TOP: Final = (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)
REGISTRAR, PUBLISHER = "registrar", "publisher"

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
        numbered = {_version_of(data): data for data in self._kept.roots}
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


class Course:
    """The library's trusted set on its way, with its errors translated and limits added."""

    def __init__(self, kept: Kept, at: Millis | None) -> None:
        self._kept = kept
        with translated(ROOT):
            sized(ROOT, kept.roots[0])
            self.trusted = TrustedMetadataSet(kept.roots[0], EnvelopeType.METADATA)
        self.trusted.reference_time = _UNDATED if at is None else moment(at)
        self._check_root()

    def root(self, data: bytes) -> None:
        """One more root, signed by the threshold of the one before and by its own."""
        with translated(ROOT):
            sized(ROOT, data)
            self.trusted.update_root(data)
        self._check_root()

    def roots(
        self, source: Source, keep_root: Callable[[int, bytes], None] = lambda _version, _data: None
    ) -> tuple[bytes, ...]:
        """The kept chain and every root of the source that goes on from it; the last one must not have ended.

        Args:
            source: Asked for one version after the other.
            keep_root: Told every new root as soon as it verified, whatever becomes of the rest.
        """
        chain = list(self._kept.roots)
        for data in self._kept.roots[1:]:
            self.root(data)
        for _ in range(MAX_ROOTS):
            found = source.root(self.trusted.root.version + 1)
            if found is None:
                break
            self.root(found)
            keep_root(self.trusted.root.version, found)
            chain.append(found)
        if self.trusted.root.is_expired(self.trusted.reference_time):
            raise MetadataExpired(ROOT)
        return tuple(chain)

    def timestamp(self, source: Source) -> bytes:
        """The newest timestamp; the kept one where the source has nothing newer."""
        kept = self._kept.roles.get(TIMESTAMP)
        if kept is not None and not self._take(partial(self.trusted.update_timestamp, kept)):
            kept = None  # signed by a key that is no longer the root's: it protects from nothing
        fetched = source.metadata(file_name(TIMESTAMP), LIMITS[TIMESTAMP])
        if fetched != kept:
            with translated(TIMESTAMP):
                sized(TIMESTAMP, fetched)
                try:
                    self.trusted.update_timestamp(fetched)
                except exceptions.EqualVersionNumberError:
                    if parsed(TIMESTAMP, fetched).signed != self.trusted.timestamp:
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
            sized(SNAPSHOT, fetched)
            self.trusted.update_snapshot(fetched)
        return fetched

    def targets(
        self, source: Source, role: str, delegator: str, *, check: Callable[[Targets], object] = lambda _targets: None
    ) -> bytes:
        """The targets metadata of a role that the snapshot names; ``check`` judges what was fetched."""
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
            sized(role, fetched)
            self.trusted.update_delegated_targets(fetched, role, delegator)
        found = self.trusted[role]
        assert isinstance(found, Targets)  # what update_delegated_targets put there
        check(found)
        return fetched

    def role_keys(self, role: str) -> Mapping[str, str]:
        """A top-level role's keys by the newest root."""
        root = self.trusted.root
        return publics_of(root.keys[keyid] for keyid in root.roles[role].keyids)

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


def _version_of(root: bytes) -> int:
    with translated(ROOT):
        version: int = parsed(ROOT, root).signed.version
        return version


def parsed(role: str, data: bytes) -> Metadata[Any]:
    """Metadata of the kind that ``role`` has, its signatures unchecked; call it inside ``translated``."""
    sized(role, data)
    found = Metadata.from_bytes(data)
    expected = role if role in TOP else TARGETS
    if found.signed.type != expected:
        raise FormatRefused(f"{role}: type {found.signed.type}")
    return found


def sized(role: str, data: bytes) -> None:
    """Refuse what is too large, before it is parsed.

    Raises:
        LimitExceeded: More bytes than a role of this name may have.
    """
    if len(data) > LIMITS[role]:
        raise LimitExceeded(f"{role}: {len(data)} bytes, limit {LIMITS[role]}")


def _limit(role: str, stated: int | None) -> int:
    return LIMITS[role] if stated is None else min(stated, LIMITS[role])

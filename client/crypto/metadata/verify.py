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
from typing import Final

from tuf.api.metadata import Targets

from client.clock import Millis
from client.crypto import hashing
from client.crypto.metadata.course import (
    LIMITS,
    MAX_ROOTS,
    PUBLISHER,
    REGISTRAR,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Course,
    FileInfo,
    Kept,
    KeptSource,
    Source,
    file_name,
    parsed,
)
from client.crypto.metadata.faults import millis, translated
from client.crypto.metadata.keys import publics_of
from client.errors import FormatRefused

__all__ = [
    "LIMITS",
    "MAX_ROOTS",
    "PUBLISHER",
    "REGISTRAR",
    "ROOT",
    "SNAPSHOT",
    "TARGETS",
    "TIMESTAMP",
    "FileInfo",
    "Kept",
    "KeptSource",
    "Source",
    "file_name",
]

ROLES: Final = (TIMESTAMP, SNAPSHOT, TARGETS, REGISTRAR, PUBLISHER)
PATHS: Final[Mapping[str, tuple[str, ...]]] = {REGISTRAR: ("d/*",), PUBLISHER: ("p/*", "r/*")}
EARLIER: Final = "x-ecab-earlier"
"""Field of the top-level targets: keys of registrar and publisher that signed before they were replaced."""


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
    course = Course(kept, at)
    roots = course.roots(source, keep_root)
    roles = {
        TIMESTAMP: course.timestamp(source),
        SNAPSHOT: course.snapshot(source),
        TARGETS: course.targets(source, TARGETS, ROOT, check=_delegated),
    }
    for role in PATHS:
        roles[role] = course.targets(source, role, TARGETS)
    return _verified(course), Kept(roots, roles)


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
        found = parsed(TARGETS, targets)
        course.trusted.root.verify_delegate(TARGETS, found.signed_bytes, found.signatures)
        return _delegated(found.signed), _earlier(found.signed)


def delegated_unverified(targets: bytes) -> dict[str, dict[str, str]]:
    """Keys of registrar and publisher, replaced ones too, **without any check**: the targets verified before.

    Raises:
        FormatRefused: Not metadata.
    """
    with translated(TARGETS):
        signed = parsed(TARGETS, targets).signed
        keys, earlier = _delegated(signed), _earlier(signed)
        return {role: {**earlier.get(role, {}), **found} for role, found in keys.items()}


def peek_unverified(role: str, data: bytes) -> tuple[int, Millis, str]:
    """Version, end and hash of the signed part **without any check of signatures**: to compare, not to believe.

    Raises:
        FormatRefused: Not metadata.
    """
    with translated(role):
        found = parsed(role, data)
        return found.signed.version, millis(found.signed.expires), hashing.sha256(found.signed_bytes)


def files_unverified(role: str, data: bytes) -> Mapping[str, FileInfo]:
    """The files that registrar or publisher lists, **without any check of signatures**."""
    with translated(role):
        return dict(_files(role, parsed(role, data).signed))


def snapshot_of(chain: tuple[bytes, ...], data: bytes) -> Mapping[str, tuple[int, str]]:
    """Role to version and hash, once the chain's newest root vouches for the snapshot; its end does not matter.

    Raises:
        SignatureInvalid, FormatRefused: It does not.
    """
    course = _root_of(chain)
    with translated(SNAPSHOT):
        found = parsed(SNAPSHOT, data)
        course.trusted.root.verify_delegate(SNAPSHOT, found.signed_bytes, found.signatures)
        meta = found.signed.meta.items()
        return {
            name.removesuffix(".json"): (info.version, f"sha256:{(info.hashes or {}).get('sha256', '')}")
            for name, info in meta
        }


def _verified(course: Course) -> Verified:
    """What all of it says."""
    top = course.trusted.targets
    roles = {role: course.trusted[role] for role in (ROOT, *ROLES)}
    keys = {role: course.role_keys(role) for role in (ROOT, TIMESTAMP, SNAPSHOT, TARGETS)}
    return Verified(
        versions={role: signed.version for role, signed in roles.items()},
        expires={role: int(millis(signed.expires)) for role, signed in roles.items()},
        keys={**keys, **_delegated(top)},
        earlier=_earlier(top),
        files={name: info for role in PATHS for name, info in _files(role, course.trusted[role])},
    )


def _root_of(chain: tuple[bytes, ...]) -> Course:
    course = Course(Kept(chain, {}), None)
    for data in chain[1:]:
        course.root(data)
    return course


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

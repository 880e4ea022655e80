# SPDX-License-Identifier: AGPL-3.0-or-later
"""Follows the update metadata of the program itself: which releases its publisher vouches for.

Another repository than the secretariat's, with a root of its own: whoever runs the service or the registrar's desk
cannot announce a release, and whoever publishes releases says nothing about members. Here are the top-level roles
only; a delegation refuses the set. What is listed is told to people and never fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tuf.api.metadata import Targets

from client.clock import Millis
from client.crypto.metadata.course import SNAPSHOT, TARGETS, TIMESTAMP, Course, FileInfo, Kept, Source
from client.crypto.metadata.faults import millis
from client.errors import FormatRefused


@dataclass(frozen=True, slots=True)
class Announced:
    """A consistent set.

    Attributes:
        versions: Of every role.
        until: When the first of them ends, UTC milliseconds.
        files: Installers by their path, ``win-x64/ecabinet.msi``.
    """

    versions: Mapping[str, int]
    until: Millis
    files: Mapping[str, FileInfo]


def follow(
    kept: Kept, source: Source, *, at: Millis | None, keep_root: Callable[[int, bytes], None] = lambda _v, _d: None
) -> tuple[Announced, Kept]:
    """The newest set of ``source`` that continues what was kept; arguments and errors as ``verify.follow``."""
    course = Course(kept, at)
    roots = course.roots(source, keep_root)
    roles = {
        TIMESTAMP: course.timestamp(source),
        SNAPSHOT: course.snapshot(source),
        TARGETS: course.targets(source, TARGETS, "root", check=_undelegated),
    }
    trusted = course.trusted
    signed = (trusted.root, trusted.timestamp, trusted.snapshot, trusted.targets)
    announced = Announced(
        versions={one.type: one.version for one in signed},
        until=Millis(min(millis(one.expires) for one in signed)),
        files=_files(trusted.targets),
    )
    return announced, Kept(roots, roles)


def _undelegated(targets: Targets) -> None:
    if targets.delegations is not None:
        raise FormatRefused("update metadata with delegations")


def _files(targets: Targets) -> dict[str, FileInfo]:
    found = {}
    for name, entry in targets.targets.items():
        digest, custom = entry.hashes.get("sha256"), entry.unrecognized_fields.get("custom", {})
        if digest is None or not isinstance(custom, dict):
            raise FormatRefused(f"update metadata: {name[:80]}")
        found[name] = FileInfo(f"sha256:{digest}", entry.length, custom)
    return found

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Update metadata (The Update Framework) beside a release set: clients *learn* of a version, they download nothing.

Roles: ``root`` (threshold of several keys, kept off line), ``targets``, ``snapshot``, ``timestamp``. A target's
custom data says version, channel, target system and the lowest version that may still be used. Rollback protection
is TUF's own: version numbers only grow, and the client remembers them. Needs python-tuf (the project's environment).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.packaging.builder.errors import BuilderError, Refused
from resources.packaging.builder.release import Release
from resources.packaging.builder.tuf_keys import ROLES, TufKeys

if TYPE_CHECKING:
    from securesystemslib.signer import Signer
    from tuf.api.metadata import Metadata, MetaFile, Root, TargetFile

DAYS: Final = {"root": 365, "targets": 180, "snapshot": 30, "timestamp": 30}
"""Closed networks: a stale mirror should warn within a month, not die within a day."""


def publish(
    release: Release, folder: Path, artefacts: Mapping[str, Path], keys: TufKeys, *, now: int, min_version: str
) -> Path:
    """Write the metadata of ``release`` into ``folder`` (``metadata/`` and nothing else); returns that folder.

    Signing the same release again renews the end dates.

    Args:
        release: Its version must not be lower than what is published.
        folder: Of an earlier release: continued; empty: begun, with a root of ``keys``.
        artefacts: Target system to installer.
        keys: Who signs.
        now: Seconds since 1970.
        min_version: Lowest version that may still be used.

    Raises:
        Refused: Going back to a lower version, fewer root signatures than the threshold, a minimum above the release,
            or keys that the root does not name.
    """
    from tuf.api.metadata import Metadata, Snapshot, Targets, Timestamp

    if _numbers(min_version) > _numbers(release.version):
        raise Refused(f"nobody could use {release.version}: the minimum would be {min_version}")
    metadata = folder / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    ends = {role: _moment(now) + dt.timedelta(days=days) for role, days in DAYS.items()}
    if not list(metadata.glob("*.root.json")):
        _begin(metadata, keys, ends["root"])
    version = _next(metadata, release)
    made = _described(release, artefacts, min_version)
    root = _newest_root(metadata)
    targets = Metadata(Targets(version=version, expires=ends["targets"], targets=made))
    signed = {"targets": _signed(root, "targets", targets, keys.targets)}
    snapshot = Metadata(
        Snapshot(version=version, expires=ends["snapshot"], meta={"targets.json": _meta(version, signed["targets"])})
    )
    signed["snapshot"] = _signed(root, "snapshot", snapshot, keys.snapshot)
    timestamp = Metadata(
        Timestamp(version=version, expires=ends["timestamp"], snapshot_meta=_meta(version, signed["snapshot"]))
    )
    signed["timestamp"] = _signed(root, "timestamp", timestamp, keys.timestamp)
    for role in ("targets", "snapshot"):
        _put(metadata / f"{version}.{role}.json", signed[role])
    _put(metadata / "timestamp.json", signed["timestamp"])  # last: from here on clients see the new set
    return folder


def renew_root(folder: Path, keys: TufKeys, *, now: int) -> Path:
    """Write the next root: ``keys`` and their threshold come into force; returns its path.

    A root ends after a year, so this is done at least that often, and whenever a key is lost. ``keys.before`` are
    those of the root in force (the same ones, if nothing but the date changes). Publish a release afterwards.

    Raises:
        Refused: The old or the new threshold is not met.
    """
    metadata = folder / "metadata"
    old = _newest_root(metadata).signed
    document = _root(keys, _moment(now) + dt.timedelta(days=DAYS["root"]), old.version + 1)
    for signer in {one.public_key.keyid: one for one in (*keys.before, *keys.root)}.values():
        document.sign(signer, append=True)
    _met("the root in force", old, "root", document)
    _met("the new root", document.signed, "root", document)
    path = metadata / f"{document.signed.version}.root.json"
    _put(path, document.to_bytes())
    return path


def _moment(now: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(now, dt.UTC).replace(microsecond=0)


def _described(release: Release, artefacts: Mapping[str, Path], min_version: str) -> dict[str, TargetFile]:
    from tuf.api.metadata import TargetFile

    made: dict[str, TargetFile] = {}
    for target, path in sorted(artefacts.items()):
        file = TargetFile.from_file(f"{target}/{path.name}", str(path))
        file.unrecognized_fields["custom"] = {
            "version": release.version,
            "channel": release.channel,
            "target": target,
            "min_version": min_version,
        }
        made[file.path] = file
    return made


def _meta(version: int, data: bytes) -> MetaFile:
    from tuf.api.metadata import MetaFile

    return MetaFile(version, length=len(data), hashes={"sha256": hashlib.sha256(data).hexdigest()})


def _signed(root: Metadata[Root], role: str, document: Metadata[Any], signer: Signer) -> bytes:
    document.sign(signer)
    _met("the root", root.signed, role, document)
    return document.to_bytes()


def _met(who: str, root: Root, role: str, document: Metadata[Any]) -> None:
    """Refuse what no client would take."""
    from tuf.api.exceptions import UnsignedMetadataError

    try:
        root.verify_delegate(role, document.signed_bytes, document.signatures)
    except UnsignedMetadataError as error:
        raise Refused(f"{who} does not accept the keys of {role}: {error}") from error


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all: the folder may be what a web server gives out."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(data)
    aside.replace(path)


def _root(keys: TufKeys, expires: dt.datetime, version: int) -> Metadata[Root]:
    from tuf.api.metadata import Metadata, Root

    if len(keys.root) < keys.threshold:
        raise Refused(f"root needs {keys.threshold} keys, {len(keys.root)} are named")
    root = Root(version=version, expires=expires, consistent_snapshot=True)
    for signer in keys.root:
        root.add_key(signer.public_key, "root")
    for role in ROLES[1:]:
        root.add_key(getattr(keys, role).public_key, role)
    root.roles["root"].threshold = keys.threshold
    return Metadata(root)


def _begin(metadata: Path, keys: TufKeys, expires: dt.datetime) -> None:
    document = _root(keys, expires, 1)
    for signer in keys.root:
        document.sign(signer, append=True)
    _met("the new root", document.signed, "root", document)
    _put(metadata / "1.root.json", document.to_bytes())


def _newest_root(metadata: Path) -> Metadata[Root]:
    from tuf.api.metadata import Metadata, Root

    found = sorted(metadata.glob("*.root.json"), key=lambda path: int(path.name.split(".")[0]))
    if not found:
        raise BuilderError(f"no root in {metadata}: publish a release first")
    return Metadata[Root].from_bytes(found[-1].read_bytes())


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _next(metadata: Path, release: Release) -> int:
    """The next version number of the roles; refuses a release lower than the one published."""
    published = sorted(metadata.glob("*.targets.json"), key=lambda path: int(path.name.split(".")[0]))
    if not published:
        return 1
    document = json.loads(published[-1].read_bytes())["signed"]
    for name, file in document["targets"].items():
        if _numbers(file["custom"]["version"]) > _numbers(release.version):
            raise Refused(f"{name} is published, {release.version} would go back")
    return int(document["version"]) + 1

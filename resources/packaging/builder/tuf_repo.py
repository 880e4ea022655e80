# SPDX-License-Identifier: AGPL-3.0-or-later
"""Update metadata (The Update Framework) beside a release set: clients *learn* of a version, they download nothing.

Roles: ``root`` (threshold of several keys, kept off line), ``targets``, ``snapshot``, ``timestamp``. A target's
custom data says version, channel, target system and the lowest version that may still be used. Rollback protection
is TUF's own: version numbers only grow, and the client remembers them. Needs python-tuf (the project's environment).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.packaging.builder.errors import BuilderError, MissingTool, Refused
from resources.packaging.builder.release import Release

if TYPE_CHECKING:
    from securesystemslib.signer import Signer
    from tuf.api.metadata import Metadata

DAYS: Final = {"root": 365, "targets": 180, "snapshot": 30, "timestamp": 30}
"""Closed networks: a stale mirror should warn within a month, not die within a day."""
ROLES: Final = ("root", "targets", "snapshot", "timestamp")


@dataclass(frozen=True, slots=True)
class TufKeys:
    """Who signs which role.

    Attributes:
        threshold: Signatures that ``root`` needs, of those in ``root``.
    """

    root: Sequence[Signer]
    targets: Signer
    snapshot: Signer
    timestamp: Signer
    threshold: int = 2


def key_files(env: Mapping[str, str]) -> TufKeys:
    """Keys named by ``SIGN_TUF_ROOT`` (several, ``:`` between), ``SIGN_TUF_TARGETS``, ``_SNAPSHOT``, ``_TIMESTAMP``.

    Each is the PEM file of a private key; tokens sign through ``pkcs11:`` once the site's library is set up.

    Raises:
        BuilderError: One is not named or cannot be read.
    """
    names = [f"SIGN_TUF_{role.upper()}" for role in ROLES]
    lacking = [name for name in names if not env.get(name)]
    if lacking:
        raise BuilderError(f"update metadata needs {', '.join(lacking)}")
    root = [_signer(Path(path)) for path in env["SIGN_TUF_ROOT"].split(":")]
    targets, snapshot, timestamp = (_signer(Path(env[name])) for name in names[1:])
    return TufKeys(root, targets, snapshot, timestamp, threshold=int(env.get("SIGN_TUF_THRESHOLD", "2")))


def _signer(path: Path) -> Signer:
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from securesystemslib.signer import CryptoSigner
    except ImportError as error:
        raise MissingTool("update metadata needs python-tuf: make .venv/ready, then .venv/bin/python") from error
    try:
        key: Any = load_pem_private_key(path.read_bytes(), None)
        return CryptoSigner(key)
    except (OSError, ValueError, TypeError) as error:
        raise BuilderError(f"{path.name}: not a private key without password") from error


def publish(
    release: Release, folder: Path, artefacts: Mapping[str, Path], keys: TufKeys, *, now: int, min_version: str
) -> Path:
    """Write the metadata of ``release`` into ``folder`` (``metadata/`` and nothing else); returns that folder.

    Args:
        release: Its version must not be lower than what is published.
        folder: Of an earlier release: continued; empty: begun, with a root of ``keys``.
        artefacts: Target system to installer.
        keys: Who signs.
        now: Seconds since 1970.
        min_version: Lowest version that may still be used.

    Raises:
        Refused: Going back to a lower version, or fewer root signatures than the threshold.
    """
    from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp

    metadata = folder / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    moment = dt.datetime.fromtimestamp(now, dt.UTC).replace(microsecond=0)

    def expires(role: str) -> dt.datetime:
        return moment + dt.timedelta(days=DAYS[role])

    if not list(metadata.glob("*.root.json")):
        _begin(metadata, keys, expires("root"))
    version = _next(metadata, release)
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
    targets = Metadata(Targets(version=version, expires=expires("targets"), targets=made))
    snapshot = Metadata(
        Snapshot(version=version, expires=expires("snapshot"), meta={"targets.json": MetaFile(version)})
    )
    timestamp = Metadata(Timestamp(version=version, expires=expires("timestamp"), snapshot_meta=MetaFile(version)))
    _write(targets, keys.targets, metadata / f"{version}.targets.json")
    _write(snapshot, keys.snapshot, metadata / f"{version}.snapshot.json")
    _write(timestamp, keys.timestamp, metadata / "timestamp.json")
    return folder


def _write(document: Metadata[Any], signer: Signer, path: Path) -> None:
    document.sign(signer)
    path.write_bytes(document.to_bytes())


def _begin(metadata: Path, keys: TufKeys, expires: dt.datetime) -> None:
    from tuf.api.metadata import Metadata, Root

    if len(keys.root) < keys.threshold:
        raise Refused(f"root needs {keys.threshold} keys, {len(keys.root)} are named")
    root = Root(version=1, expires=expires, consistent_snapshot=True)
    for signer in keys.root:
        root.add_key(signer.public_key, "root")
    for role in ROLES[1:]:
        signer = getattr(keys, role)
        root.add_key(signer.public_key, role)
    root.roles["root"].threshold = keys.threshold
    document = Metadata(root)
    for signer in keys.root:
        document.sign(signer, append=True)
    (metadata / "1.root.json").write_bytes(document.to_bytes())


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

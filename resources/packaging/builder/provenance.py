# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the artefacts came to be.

An in-toto Statement v1 with SLSA provenance v1, the same bytes for the same release.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import lock, tree
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import CHANNELS, RELEASE_VERSION, Channel, Release

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://slsa.dev/provenance/v1"
BUILD_TYPE: Final = "urn:ecabinet:build_installer:v1"


def statement(release: Release, artefacts: list[Path]) -> bytes:
    """The statement about ``artefacts``."""
    locks = sorted((release.packaging / "locks").glob("*.txt"))
    source = [{"uri": "urn:ecabinet:source", "digest": {"gitCommit": release.commit}}] if release.commit else []
    materials = source + [{"uri": f"urn:ecabinet:{p.name}", "digest": {"sha256": tree.sha256(p)}} for p in locks]
    moment = dt.datetime.fromtimestamp(release.epoch, dt.UTC).isoformat().replace("+00:00", "Z")
    made = {
        "_type": STATEMENT,
        "subject": [{"name": path.name, "digest": {"sha256": tree.sha256(path)}} for path in sorted(artefacts)],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"version": release.version, "channel": release.channel},
                "internalParameters": {"SOURCE_DATE_EPOCH": release.epoch, "targets": sorted(lock.PLATFORMS)},
                "resolvedDependencies": materials,
            },
            "runDetails": {
                "builder": {"id": "urn:ecabinet:build_installer"},
                "metadata": {"invocationId": release.commit_name, "finishedOn": moment},
            },
        },
    }
    return json.dumps(made, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Origin:
    """What a statement says the files were built as, and from."""

    version: str
    channel: Channel
    commit: str
    epoch: int


def origin(payload: bytes) -> Origin:
    """What ``payload`` says about the build.

    Raises:
        NotVerified: It does not say.
    """
    try:
        build = json.loads(payload)["predicate"]["buildDefinition"]
        commits = [one["digest"]["gitCommit"] for one in build["resolvedDependencies"] if "gitCommit" in one["digest"]]
        outer, channel = build["externalParameters"], build["externalParameters"]["channel"]
        if channel not in CHANNELS or not RELEASE_VERSION.fullmatch(outer["version"]):
            raise NotVerified("provenance: names no version and channel of ours")
        epoch = int(build["internalParameters"]["SOURCE_DATE_EPOCH"])
        return Origin(outer["version"], channel, commits[0] if commits else "", epoch)
    except (ValueError, KeyError, TypeError) as error:
        raise NotVerified("provenance: does not say what was built from what") from error


def check(payload: bytes, folder: Path, names: set[str]) -> None:
    """Compare a statement with the files in ``folder``.

    Raises:
        NotVerified: It speaks of other bytes, or is silent about one of ``names``.
    """
    try:
        made: dict[str, Any] = json.loads(payload)
        subjects = {one["name"]: one["digest"]["sha256"] for one in made["subject"]}
        right_kind = (made["_type"], made["predicateType"]) == (STATEMENT, PREDICATE)
    except (ValueError, KeyError, TypeError) as error:
        raise NotVerified("provenance: not a statement") from error
    if not right_kind:
        raise NotVerified("provenance: another kind of statement")
    silent = sorted(names - set(subjects))
    if silent:
        raise NotVerified(f"provenance: says nothing about {', '.join(silent)}")
    for name in sorted(names):
        if tree.sha256(folder / name) != subjects[name]:
            raise NotVerified(f"provenance: speaks of another {name}")

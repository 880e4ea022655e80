# SPDX-License-Identifier: AGPL-3.0-or-later
"""The software bill of materials (CycloneDX 1.6) of one target, the same bytes for the same release.

Wheels come from the lock with the hashes it allows, everything that is no wheel from the reviewed table.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from resources.packaging.builder import licences, tree
from resources.packaging.builder.licences import Component
from resources.packaging.builder.policy_files import stable_uuid
from resources.packaging.builder.release import NAME, PUBLISHER, Release


def document(release: Release, target: str, artefacts: list[Path], site: Path | None = None) -> bytes:
    """The bill of ``target``.

    Args:
        release: What it is a release of.
        target: Whose lock counts.
        artefacts: The installers it describes, by hash.
        site: Folder with the wheels' metadata; the project's environment if not given.

    Raises:
        Refused: Channel production and a licence nobody knows or allowed.
    """
    found = licences.components(release.root, target, site)
    unknown = licences.unknown(found, release.root)
    release.refuse(f"unknown licence: {', '.join(unknown)}" if unknown else "")
    own = f"pkg:generic/{NAME}@{release.version}"
    top = {
        "type": "application",
        "bom-ref": own,
        "name": release.product,
        "version": release.version,
        "publisher": PUBLISHER,
        "licenses": [{"license": {"id": "AGPL-3.0-or-later"}}],
        "components": [_artefact(path) for path in sorted(artefacts)],
    }
    made = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{stable_uuid(f'sbom {release.version} {release.commit} {target}').lower()}",
        "version": 1,
        "metadata": {
            "timestamp": dt.datetime.fromtimestamp(release.epoch, dt.UTC).isoformat().replace("+00:00", "Z"),
            "component": top,
            "properties": [
                {"name": "ecabinet:channel", "value": release.channel},
                {"name": "ecabinet:commit", "value": release.commit_name},
                {"name": "ecabinet:target", "value": target},
            ],
        },
        "components": [_component(one) for one in found],
        "dependencies": _dependencies(own, found),
    }
    return (json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _artefact(path: Path) -> dict[str, Any]:
    return {
        "type": "file",
        "bom-ref": f"file:{path.name}",
        "name": path.name,
        "hashes": [{"alg": "SHA-256", "content": tree.sha256(path)}],
    }


def _ref(one: Component) -> str:
    kind = "pypi" if one.is_wheel else "generic"
    inside = f"?in={one.inside}" if one.inside else ""
    return f"pkg:{kind}/{one.name.replace(' ', '-').replace(',', '')}@{one.version}{inside}"


def _component(one: Component) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": _ref(one),
        "name": one.name,
        "version": one.version,
        "licenses": [_licence(one.licence)] if one.licence else [],
    }
    if one.supplier:
        made["supplier"] = {"name": one.supplier}
    if one.is_wheel:
        made["purl"] = f"pkg:pypi/{one.name}@{one.version}"
        made["properties"] = [{"name": "ecabinet:wheel-sha256", "value": value} for value in one.hashes]
    return made


def _licence(expression: str) -> dict[str, Any]:
    single = not any(word in expression for word in (" OR ", " AND ", " WITH ", "LicenseRef-"))
    return {"license": {"id": expression}} if single else {"expression": expression}


def _dependencies(own: str, found: list[Component]) -> list[dict[str, Any]]:
    carriers = {one.name: _ref(one) for one in found if not one.inside}
    carried: dict[str, list[str]] = {}
    for one in found:
        carried.setdefault(carriers.get(one.inside, own) if one.inside else own, []).append(_ref(one))
    refs = [own, *(_ref(one) for one in found)]
    return [{"ref": ref, "dependsOn": sorted(carried.get(ref, []))} for ref in sorted(set(refs))]

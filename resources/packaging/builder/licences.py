# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is shipped under which licence, and the texts that must travel along.

A component's licence is an SPDX expression from the wheel's own metadata or, where that is silent, from the reviewed
table; the gate refuses every expression that names a licence nobody has allowed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder.lock import lock_path, pinned

_LICENCE_FILE: Final = re.compile(r"(^|/)(licen[cs]e|copying|notice|copyright)[^/]*$", re.IGNORECASE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that is shipped.

    Attributes:
        licence: SPDX expression; empty if nobody knows it.
        inside: Name of the component that carries it.
        hashes: SHA-256 of the wheels the lock allows.
    """

    name: str
    version: str
    licence: str
    inside: str = ""
    supplier: str = ""
    hashes: tuple[str, ...] = field(default=())

    @property
    def is_wheel(self) -> bool:
        """Whether it is a Python package."""
        return bool(self.hashes)


def table(root: Path) -> dict[str, Any]:
    """The reviewed table."""
    return tomllib.loads((root / "resources/packaging/licences/overrides.toml").read_text("utf-8"))


def site_packages(root: Path) -> Path:
    """Where the project's environment keeps its packages."""
    (found,) = (root / ".venv" / "lib").glob("python3.*/site-packages")
    return found


def components(root: Path, target: str, site: Path | None = None) -> list[Component]:
    """Everything that is shipped for ``target``.

    Args:
        root: Top of the project.
        target: Whose lock counts.
        site: Folder with the wheels' metadata; the project's environment if not given.
    """
    reviewed = table(root)
    known = {_plain(d.name): d for d in distributions(path=[str(site or site_packages(root))])}
    text = lock_path(root, target).read_text("utf-8")
    hashes = _hashes(text)
    wheels = [
        Component(name, version, _licence(name, known.get(name), reviewed), hashes=hashes[name])
        for name, version in pinned(text).items()
    ]
    native = [
        Component(one["name"], one["version"], one["licence"], one.get("inside", ""), one["supplier"])
        for one in reviewed["native"]
        if target in one["targets"]
    ]
    return wheels + native


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def _hashes(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", text):
        for name in pinned(block):
            found[name] = tuple(sorted(_HASH.findall(block)))
    return found


def _licence(name: str, wheel: Distribution | None, reviewed: dict[str, Any]) -> str:
    by_hand: str = reviewed["wheels"].get(name, "")
    if by_hand or wheel is None:
        return by_hand
    metadata = wheel.metadata.json
    said = str(metadata.get("license_expression") or metadata.get("license") or "")
    return said if _named(said) <= set(reviewed["allowed"]) else ""


def _named(expression: str) -> set[str]:
    parts = re.split(r"\s+(?:OR|AND)\s+", expression.replace("(", " ").replace(")", " ").strip())
    return {part.strip() for part in parts if part.strip()}


def unknown(found: Iterable[Component], root: Path) -> list[str]:
    """Components whose licence nobody knows or allowed; the gate."""
    allowed = set(table(root)["allowed"])
    return sorted(f"{c.name} {c.version}" for c in found if not c.licence or not _named(c.licence) <= allowed)


def texts(root: Path, target: str, site: Path | None = None) -> dict[str, bytes]:
    """Name to content of the licence folder that is shipped: notice, list, every text."""
    folder = root / "resources" / "packaging" / "licences"
    found = components(root, target, site)
    listed = [f"{c.name} {c.version}\t{c.licence}{f' (in {c.inside})' if c.inside else ''}" for c in found]
    made = {"NOTICE.md": (folder / "NOTICE.md").read_bytes(), "COMPONENTS.txt": ("\n".join(listed) + "\n").encode()}
    made |= {path.name: path.read_bytes() for path in sorted((folder / "texts").glob("*.txt"))}
    made["OFL-1.1-Noto.txt"] = (root / "resources/fonts/OFL.txt").read_bytes()
    made["MIT-Fluent-Icons.txt"] = (root / "resources/icons/LICENSE").read_bytes()
    wheels = {c.name for c in found if c.is_wheel}
    for wheel in distributions(path=[str(site or site_packages(root))]):
        if _plain(wheel.name) in wheels:
            made |= {f"{_plain(wheel.name)}/{name}": data for name, data in _texts_of(wheel).items()}
    return made


def _texts_of(wheel: Distribution) -> dict[str, bytes]:
    found = {}
    for file in wheel.files or []:
        if ".dist-info" in str(file) and _LICENCE_FILE.search(str(file)):
            found[file.name] = Path(str(wheel.locate_file(file))).read_bytes()
    return found

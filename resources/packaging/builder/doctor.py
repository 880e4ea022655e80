# SPDX-License-Identifier: AGPL-3.0-or-later
"""Says which outside programs are here and what is missing for which step."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.packaging.builder.errors import MissingTool
from resources.packaging.builder.tools import PKCS11_SIGNING, TOOLS, here, how_to_install, version_of

ROOT: Final = Path(__file__).resolve().parents[3]
STEPS: Final = {
    "lock": ("uv",),
    "fetch": ("uv",),
    "linux": (
        "pyinstaller",
        "strip",
        "dpkg-deb",
        "dpkg-shlibdeps",
        "xz",
        "lintian",
        "desktop-file-validate",
        "appstreamcli",
    ),
    "windows": ("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres", "wixl", "msibuild", "msiinfo", "msiextract"),
    "sign": ("openssl", "osslsigncode"),
    "repositories": ("gpg", "apt-ftparchive"),
    "manifest": ("cyclonedx-py", "openssl", "git"),
    "tests": ("softhsm2-util", "debootstrap", "update-mime-database", "wine"),
}
"""Step to the programs it runs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One program."""

    command: str
    version: str
    steps: tuple[str, ...]
    state: str
    advice: str


def look(root: Path, steps: Sequence[str] = ()) -> list[Finding]:
    """Every program of ``steps`` (all if none are named); ``state`` is ``ok``, ``missing`` or ``too old``."""
    wanted = steps or tuple(STEPS)
    commands = sorted({command for step in wanted for command in STEPS[step]})
    found = [_finding(command, tuple(s for s in wanted if command in STEPS[s]), root) for command in commands]
    return [*found, host_python(ROOT)] if "windows" in wanted else found


def _finding(command: str, steps: tuple[str, ...], root: Path) -> Finding:
    tool, path = TOOLS[command], here(command, root)
    if path is None:
        return Finding(command, "", steps, "missing", how_to_install(tool))
    version = version_of(tool, path)
    state, advice = "ok", ""
    if tool.minimum and version and version < tool.minimum:
        state, advice = "too old", how_to_install(tool)
    elif command == "osslsigncode" and version < PKCS11_SIGNING:
        advice = (
            "2.9 or newer is needed to sign with a PKCS#11 token: apt-get install -t bookworm-backports osslsigncode"
        )
    return Finding(command, ".".join(map(str, version)), steps, state, advice)


def host_python(root: Path) -> Finding:
    """The Python that compiles for Windows: of the same minor version as the one that is shipped."""
    from resources.packaging.builder import layout

    version = tomllib.loads((root / "resources/packaging/windows/runtime.toml").read_text("utf-8"))["version"]
    try:
        return Finding(layout.host_python(version), version, ("windows",), "ok", "")
    except MissingTool as error:
        return Finding(f"python{version}", "", ("windows",), "missing", str(error))


def failed(findings: Sequence[Finding]) -> bool:
    """Whether anything is missing or too old."""
    return any(finding.state != "ok" for finding in findings)

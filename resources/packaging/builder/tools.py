# SPDX-License-Identifier: AGPL-3.0-or-later
"""Outside programs: where each is found, which Debian package brings it, and running it reproducibly.

Decides the environment every program runs in: nothing of the caller's environment but ``PATH`` and ``HOME`` reaches
it unless handed over, time zone, locale and hash seed are fixed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.packaging.builder.errors import MissingTool, ToolFailed

_LAST_LINES: Final = 12
Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program and how to get it.

    Attributes:
        package: Debian package, or an instruction where Debian has none.
        minimum: Oldest version that will do; empty for any.
        ask: Arguments that make it say its version.
    """

    command: str
    package: str
    minimum: Version = ()
    ask: tuple[str, ...] = ("--version",)


_ALL: Final = (
    Tool("git", "git"),
    Tool("openssl", "openssl", (3, 0), ("version",)),
    Tool("gpg", "gnupg"),
    Tool("xz", "xz-utils"),
    Tool("strip", "binutils"),
    Tool("dpkg", "dpkg"),
    Tool("dpkg-deb", "dpkg"),
    Tool("dpkg-shlibdeps", "dpkg-dev"),
    Tool("apt-ftparchive", "apt-utils"),
    Tool("lintian", "lintian"),
    Tool("desktop-file-validate", "desktop-file-utils", ask=()),
    Tool("appstreamcli", "appstream"),
    Tool("update-mime-database", "shared-mime-info", ask=("-v",)),
    Tool("wixl", "wixl"),
    Tool("msibuild", "msitools", ask=()),
    Tool("msiinfo", "msitools", ask=("--version",)),
    Tool("msiextract", "msitools"),
    Tool("osslsigncode", "osslsigncode", (2, 5)),
    Tool("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64"),
    Tool("x86_64-w64-mingw32-windres", "binutils-mingw-w64-x86-64"),
    Tool("wine", "wine", ask=()),
    Tool("softhsm2-util", "softhsm2"),
    Tool("debootstrap", "debootstrap"),
    Tool("pyinstaller", "the project's environment: make .venv/ready", (6, 22)),
    Tool("cyclonedx-py", "the project's environment: make .venv/ready", (7, 5)),
    Tool("uv", "the project's environment: make .tools/bin/uv", (0, 13)),
)
TOOLS: Final = {tool.command: tool for tool in _ALL}
PKCS11_SIGNING: Final = (2, 9)
"""First osslsigncode whose PKCS#11 engine support works with OpenSSL 3."""


def here(command: str, root: Path | None = None) -> Path | None:
    """Where a program is: beside the project first, then on ``PATH``."""
    own = [root / ".venv/bin" / command, root / ".tools/bin" / command] if root else []
    for path in own:
        if path.exists():
            return path
    found = shutil.which(command)
    return Path(found) if found else None


def need(command: str, root: Path | None = None) -> str:
    """The path of a program.

    Raises:
        MissingTool: It is not here or too old; names what to install.
    """
    tool = TOOLS[command]
    path = here(command, root)
    if path is None:
        raise MissingTool(f"{command} is not installed: {how_to_install(tool)}")
    found = version_of(tool, path)
    if tool.minimum and found and found < tool.minimum:
        raise MissingTool(
            f"{command} {_dotted(found)} is too old, {_dotted(tool.minimum)} is needed: {how_to_install(tool)}"
        )
    return str(path)


def how_to_install(tool: Tool) -> str:
    """One line for whoever has to put it right."""
    return tool.package if " " in tool.package else f"apt-get install {tool.package}"


def version_of(tool: Tool, path: Path) -> Version:
    """The first dotted number the program says; empty where it does not say one."""
    if not tool.ask:
        return ()
    said = subprocess.run([path, *tool.ask], capture_output=True, text=True, check=False, timeout=60)
    match = re.search(r"(\d+(?:\.\d+)+)", said.stdout + said.stderr)
    return tuple(int(part) for part in match.group(1).split(".")) if match else ()


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment programs run in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    fixed = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | fixed | dict(extra or {})


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    extra: Mapping[str, str] | None = None,
    given: bytes | None = None,
    ok: Sequence[int] = (0,),
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end.

    Args:
        command: The program and its arguments; no shell is involved.
        cwd: Where it runs.
        extra: Added to the fixed environment.
        given: Its standard input.
        ok: Exit statuses that are no failure.

    Raises:
        ToolFailed: Any other exit status; carries the last lines it said, never its arguments.
    """
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment(extra), input=given, capture_output=True, check=False
    )
    if done.returncode not in ok:
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace").strip().splitlines()[-_LAST_LINES:]
        raise ToolFailed(f"{Path(str(command[0])).name} ended with {done.returncode}:\n  " + "\n  ".join(said))
    return done

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One list of wheels with hashes per target, at the versions that ``uv.lock`` says were tested.

Markers are decided for the target, not for the machine this runs on; only wheels are allowed, so that installing runs
nobody's build script.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.packaging.builder.release import NAME
from resources.packaging.builder.tools import need, run

UV_ENV: Final = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}


@dataclass(frozen=True, slots=True)
class Platform:
    """A target as uv names it.

    Attributes:
        python: Minor version of the interpreter that is shipped.
    """

    triple: str
    python: str


PLATFORMS: Final = {
    "linux": Platform("x86_64-manylinux_2_34", "3.11"),
    "win-x64": Platform("x86_64-pc-windows-msvc", "3.13"),
    "macos": Platform("aarch64-apple-darwin", "3.13"),
}
"""No win-arm64: cryptography has no wheel for it; the x64 package runs there under Windows' own emulation."""
_LINE: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", re.MULTILINE)


def lock_path(root: Path, target: str) -> Path:
    """Where a target's list is kept."""
    return root / "resources" / "packaging" / "locks" / f"{target}.txt"


def make(root: Path, target: str) -> Path:
    """Write a target's list anew; needs a package index."""
    uv, platform = need("uv", root), PLATFORMS[target]
    with tempfile.TemporaryDirectory() as folder:
        tested = Path(folder) / "tested.txt"
        export = [uv, "export", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes", "--no-header"]
        tested.write_bytes(run([*export, "--format", "requirements-txt"], cwd=root, extra=UV_ENV).stdout)
        compiled = run(
            [
                *(uv, "pip", "compile", "pyproject.toml", "--no-header", "--no-annotate", "--generate-hashes"),
                *("--constraints", tested, "--only-binary", ":all:"),
                *("--python-platform", platform.triple, "--python-version", platform.python),
            ],
            cwd=root,
            extra=UV_ENV,
        ).stdout
    path = lock_path(root, target)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"# Wheels of {NAME} for {target} (Python {platform.python}); made by build_installer.py lock\n"
    path.write_bytes(head.encode() + compiled)
    return path


def pinned(text: str) -> dict[str, str]:
    """Name to version of every line of a list."""
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in _LINE.findall(text)}

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Freezes the client into one folder with PyInstaller (Linux, macOS) and lets the result test itself.

PyInstaller cannot freeze for another system: the target is the machine's own. Needs ``make .venv/ready``.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from resources.packaging.builder import stage, tree
from resources.packaging.builder.environment import superfluous_modules
from resources.packaging.builder.errors import BuilderError, NotVerified
from resources.packaging.builder.release import NAME, Release
from resources.packaging.builder.tools import need, run

_SYSTEMS = {"linux": "linux", "macos": "darwin"}


def freeze(release: Release, target: str) -> Path:
    """Freeze for ``target`` into ``dist/<version>/<target>/tree``; returns that folder.

    Raises:
        BuilderError: This machine is not of the target's system.
        NotVerified: The result's self-test failed.
    """
    if sys.platform != _SYSTEMS[target]:
        raise BuilderError(f"freezing for {target} needs a machine of that system; this one is {sys.platform}")
    release.refuse_tree()
    pyinstaller = need("pyinstaller", release.root)
    if target == "linux":
        need("strip")
    with tempfile.TemporaryDirectory(prefix="ecabinet-freeze-") as folder:
        work = Path(folder)
        stage.write(release, work / "stage")
        handed_over = {
            "ECABINET_STAGE": str(work / "stage"),
            "ECABINET_NAME": release.product,
            "ECABINET_VERSION": release.version,
            "ECABINET_LEFT_OUT": " ".join(superfluous_modules(release.root, target)),
            "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        }
        spec = release.packaging / "pyinstaller" / "ecabinet.spec"
        words: list[str | Path] = [
            pyinstaller,
            "--noconfirm",
            "--clean",
            "--log-level",
            "WARN",
            "--distpath",
            work / "out",
        ]
        run([*words, "--workpath", work / "work", spec], cwd=work, extra=release.reproducible() | handed_over)
        made = release.target(target) / "tree"
        shutil.rmtree(made, ignore_errors=True)
        shutil.move(work / "out" / (NAME if target == "linux" else f"{release.product}.app"), made)
    tree.settle(made, release.epoch)
    names_no_folder(made, release.root)
    if target == "linux":
        self_test(made / NAME)
    return made


def names_no_folder(made: Path, root: Path) -> None:
    """What is shipped must not depend on, or tell, where it was built.

    Raises:
        NotVerified: A file names the folder.
    """
    needle = str(root).encode()
    telling = [
        path.relative_to(made).as_posix()
        for path in tree.files(made)
        if not path.is_symlink() and needle in path.read_bytes()
    ]
    if telling:
        raise NotVerified(f"the folder of this machine is named in {', '.join(telling[:5])}")


def self_test(program: Path) -> dict[str, Any]:
    """Run a program's ``--self-test`` with a home of its own.

    Raises:
        NotVerified: It failed, or it says it is something else than a build.
    """
    with tempfile.TemporaryDirectory(prefix="ecabinet-home-") as home:
        done = run([program, "--self-test", "--json"], extra={"HOME": home}, ok=(0, 1))
    found: dict[str, Any] = json.loads(done.stdout)
    failed = [f"{check['name']} ({check['detail']})" for check in found["checks"] if check["state"] == "failed"]
    if failed or not found["ok"]:
        raise NotVerified("self-test failed: " + ", ".join(failed))
    if "SOURCE" in found["version"]:
        raise NotVerified("the frozen program does not know that it is a build")
    return found

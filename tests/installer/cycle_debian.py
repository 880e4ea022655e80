# SPDX-License-Identifier: AGPL-3.0-or-later
"""Debian's half of the cycle: frozen and packed in two places, compared, then lived through in a clean Debian."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from resources.packaging.builder import apt, smoke, tree
from resources.packaging.builder.errors import NotVerified
from tests.installer import keys
from tests.installer.cycle import MB, NEW, OLD, ROOT, Cycle, Facts, measured, say, whole, within

TOOLS: Final = ("pyinstaller", "dpkg-deb", "dpkg-shlibdeps", "lintian", "apt-ftparchive", "gpg", "debootstrap")
SLOWEST_START: Final = 2.0
"""Times the start from source."""


def live(cycle: Cycle) -> list[str]:
    """All of it; returns the steps of the life in a clean Debian.

    Raises:
        NotVerified: Other bytes from the other checkout, over a budget, or a step of the life that went wrong.
    """
    cycle.elsewhere()
    first = _package(cycle, OLD, "here", ROOT, cycle.dist)
    second = _package(cycle, OLD, "elsewhere", cycle.other, cycle.other / "dist")
    if (first["tree"], first["sha256"]) != (second["tree"], second["sha256"]):
        raise NotVerified("the same commit in another folder gives other bytes")
    newer = _package(cycle, NEW, "here", ROOT, cycle.dist)
    program = cycle.dist / OLD / "linux" / "tree" / "ecabinet"
    cycle.step("start against the source", lambda: _start(program))
    clean = cycle.work / "debian-clean"

    def bootstrap() -> Facts:
        smoke.clean(clean)
        return {"MB": round(tree.size(clean) / MB)}

    cycle.step("clean Debian", bootstrap, clean / "usr/bin/apt-get")
    done = cycle.step("life in Debian", lambda: _life(cycle, clean, [Path(first["path"]), Path(newer["path"])]))
    steps: list[str] = done["steps"]
    return steps


def _package(cycle: Cycle, version: str, where: str, root: Path, dist: Path) -> Facts:
    folder = dist / version / "linux"
    package = folder / f"ecabinet_{version}~test_amd64.deb"

    def freeze() -> Facts:
        cycle.build("--version", version, "freeze", "--target", "linux", root=root)
        made = folder / "tree"
        return {"MB": round(tree.size(made) / MB, 1), "files": len(tree.files(made)), "tree": whole(made)}

    def pack() -> Facts:
        cycle.build("--version", version, "package", "--format", "deb", root=root)
        within("deb", package.stat().st_size)  # signed by its repository, not inside
        return measured(package) | {"path": str(package)}

    frozen = cycle.step(f"freeze {version} {where}", freeze, folder / "tree" / "ecabinet")
    return cycle.step(f"package and lintian {version} {where}", pack, package) | {"tree": frozen["tree"]}


def _start(program: Path) -> Facts:
    frozen, source = _start_s(program), _start_s(ROOT / ".venv" / "bin" / "ecabinet")
    if frozen > SLOWEST_START * source:
        raise NotVerified(f"starts in {frozen:.2f} s CPU, from source in {source:.2f}")
    return {"frozen_s": round(frozen, 2), "source_s": round(source, 2), "ratio": round(frozen / source, 2)}


def _start_s(program: Path) -> float:
    """CPU seconds of a start that tests itself, median of five: a busy machine changes them little."""
    times = []
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as installed
    with tempfile.TemporaryDirectory() as home:
        for _ in range(5):
            words = [str(program), "--self-test"]
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=env | {"HOME": home})
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise NotVerified(f"{program} --self-test ended with {process.returncode}")
            times.append(used.ru_utime + used.ru_stime)
    return statistics.median(times)


def _life(cycle: Cycle, clean: Path, packages: list[Path]) -> Facts:
    inside = cycle.work / "debian"
    shutil.rmtree(inside, ignore_errors=True)
    subprocess.run(["cp", "-a", str(clean), str(inside)], check=True)
    key = keys.of_archive(tree.fresh(cycle.work / "gpg"))
    repository = apt.publish(tree.fresh(cycle.work / "repository"), packages, key, now=int(time.time()) - 60)
    steps = []
    for line in smoke.cycle(repository, inside, f"{OLD}~test", f"{NEW}~test"):
        say(f"  {line}")
        steps.append(line)
    return {"steps": steps}

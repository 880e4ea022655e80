# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole life of the real packages: frozen twice in two places, installed in a clean Debian, upgraded, purged.

Takes ten to twenty minutes and, for packages of Debian and Python, a network: ``make nightly``. The budgets are
asserted here; the figures of the last run are in ``docs/quality.md``.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.packaging.builder import apt, smoke, smoke_wine, tree
from resources.packaging.builder import release as releases
from resources.packaging.builder.signing import Signing

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000
BUDGET = {"deb": 60 * MB, "msi": 60 * MB, "layout": 130 * MB}
SIGNATURES = 300_000
"""Room for nine signatures with their chains and time stamps, and one of the package."""
Needs = Callable[..., None]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


def build(root: Path, *words: str) -> str:
    command = [sys.executable, "build_installer.py", *words]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def elsewhere(folder: Path) -> Path:
    """The same commit in another folder, with an environment of its own."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    subprocess.run(["make", ".venv/ready", f"PYTHON={sys.executable}"], cwd=folder, check=True, capture_output=True)
    return folder


def start_s(*command: str | Path) -> float:
    """CPU seconds of a start, median of five: a busy machine does not change them."""
    times = []
    for _ in range(5):
        process = subprocess.Popen([*map(str, command), "--self-test"], stdout=subprocess.DEVNULL)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        times.append(used.ru_utime + used.ru_stime)
    return statistics.median(times)


@pytest.mark.skipif(os.name == "posix" and os.getuid() != 0, reason="a chroot needs root")
def test_debian_from_freezing_to_purging(tmp_path: Path, gpg_key: Signing, needs: Needs) -> None:
    needs("pyinstaller", "dpkg-deb", "dpkg-shlibdeps", "lintian", "apt-ftparchive", "gpg", "debootstrap")
    here, other = tmp_path / "dist", elsewhere(tmp_path / "other")
    packages = []
    for version in ("0.9.0", "0.9.1"):
        build(ROOT, "--dist", str(here), "--version", version, "freeze", "--target", "linux")
        build(ROOT, "--dist", str(here), "--version", version, "package", "--format", "deb")
        packages += sorted((here / version / "linux").glob("*.deb"))
    build(other, "--version", "0.9.0", "freeze", "--target", "linux")
    build(other, "--version", "0.9.0", "package", "--format", "deb")
    (again,) = (other / "dist" / "0.9.0" / "linux").glob("*.deb")
    assert tree.sha256(again) == tree.sha256(packages[0]), "the same commit gives the same bytes"
    assert packages[0].stat().st_size <= BUDGET["deb"]  # signed by its repository, not inside
    frozen = start_s(here / "0.9.0" / "linux" / "tree" / "ecabinet")
    assert frozen <= 2 * start_s(ROOT / ".venv" / "bin" / "ecabinet")

    repository = apt.publish(tmp_path / "repo", packages, gpg_key, now=int(time.time()) - 60)
    steps = list(smoke.cycle(repository, tmp_path / "debian", "0.9.0~test", "0.9.1~test"))
    assert steps[-1] == "purged, nothing left"
    assert any("store ok" in step and "sandbox" in step for step in steps)


def test_windows_from_layout_to_removal(tmp_path: Path, needs: Needs) -> None:
    """Built twice, inspected, then installed, tested, upgraded, kept from going back and removed under wine."""
    needs("uv", "x86_64-w64-mingw32-gcc", "wixl", "msibuild", "msiextract", "wine")
    dist = tmp_path / "dist"
    build(ROOT, "--dist", str(dist), "--version", "0.9.0", "fetch", "--target", "win-x64")
    shutil.copytree(dist / "0.9.0", dist / "0.9.1")
    made = []
    for version, name in (("0.9.0", "a"), ("0.9.0", "b"), ("0.9.1", "c")):
        build(ROOT, "--dist", str(dist), "--version", version, "layout", "--target", "win-x64")
        build(ROOT, "--dist", str(dist), "--version", version, "package", "--format", "msi")
        (package,) = (dist / version / "win-x64").glob("*.msi")
        made.append(Path(shutil.move(package, tmp_path / f"{name}.msi")))
    assert tree.sha256(made[0]) == tree.sha256(made[1])
    folder = dist / "0.9.1" / "win-x64" / "tree"
    assert made[0].stat().st_size + SIGNATURES <= BUDGET["msi"]
    assert tree.size(folder) + SIGNATURES <= BUDGET["layout"]
    listed = subprocess.run(["msiextract", "-l", made[0]], check=True, capture_output=True, text=True).stdout
    assert "ecabinet.exe" in listed
    assert not [name for name in ("python.exe", "pythonw.exe", "icuuc.dll", "bcryptprimitives") if name in listed]
    with zipfile.ZipFile(folder / "app.zip") as archive:
        top = {"/".join(name.split("/")[:2]) for name in archive.namelist()}
    assert "client/core.pyc" in top
    assert not [name for name in top if name.startswith(("server", "tests", "client/demo", "client/tour"))]

    release = releases.read(ROOT, "test", dist=dist, version="0.9.0")
    steps = list(smoke_wine.cycle(release, made[1], made[2], tmp_path / "wine"))
    assert steps[-1] == "removed, nothing left"
    assert any("store ok" in step and "properties remembered" in step for step in steps)

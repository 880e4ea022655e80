# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lives through a package's whole life in a clean Debian: install, self-test, upgrade, going back refused, purge."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from resources.packaging.builder.apt import KEYRING, SUITE
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import NAME
from resources.packaging.builder.tools import need, run

DEBIAN: Final = "bookworm"
_APT: Final = ("apt-get", "-y", "-q", "-o", "Acquire::Check-Valid-Until=true", "-o", "Acquire::Check-Date=true")
_QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive"}


def clean(chroot: Path) -> None:
    """Make a clean Debian in ``chroot``; it is there whole or not at all."""
    begun = chroot.with_name(f"{chroot.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    run([need("debootstrap"), "--variant=minbase", "--include=ca-certificates", DEBIAN, begun])
    shutil.rmtree(chroot, ignore_errors=True)
    begun.rename(chroot)


def cycle(repository: Path, chroot: Path, old: str, new: str) -> Iterator[str]:
    """Go through it; yields a line for each step.

    Args:
        repository: Signed apt repository with both versions.
        chroot: Clean Debian; made with debootstrap if it is empty.
        old: Debian version to begin with.
        new: Version to upgrade to.

    Raises:
        NotVerified: Something happened that should not, or the other way round.
    """
    if not (chroot / "usr/bin/apt-get").exists():
        clean(chroot)
        yield f"a clean Debian {DEBIAN}"
    _offer(repository, chroot)
    _in(chroot, *_APT, "update")
    _in(chroot, *_APT, "install", "--no-install-recommends", f"{NAME}={old}")
    yield f"installed {old}: {_self_test(chroot)}"
    policy = chroot / f"etc/{NAME}/policies.json"
    policy.write_text('{"AllowExport": false}\n', "utf-8")
    _in(chroot, *_APT, "install", "--no-install-recommends", f"{NAME}={new}")
    if "AllowExport (enforced" not in _self_test(chroot):
        raise NotVerified("the upgrade lost the machine's policy")
    yield f"upgraded to {new}: {_self_test(chroot)}"
    refused = _in(chroot, *_APT, "--allow-downgrades", "install", f"{NAME}={old}", ok=(0, 100))
    if refused.returncode == 0:
        raise NotVerified("going back to the older version was not refused")
    yield f"going back to {old} refused"
    _in(chroot, *_APT, "-f", "install", "--no-install-recommends", f"{NAME}={new}", ok=(0, 100))
    _in(chroot, *_APT, "purge", NAME)
    left = [path for path in ("usr/lib/ecabinet", "etc/ecabinet", "usr/bin/ecabinet") if (chroot / path).exists()]
    if left:
        raise NotVerified(f"purging left {', '.join(left)}")
    yield "purged, nothing left"


def _in(chroot: Path, *words: str, ok: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[bytes]:
    return run(["chroot", chroot, *words], extra=_QUIET, ok=ok)


def _offer(repository: Path, chroot: Path) -> None:
    """Copy the repository in and trust its key for it alone."""
    inside = chroot / "srv" / NAME
    shutil.rmtree(inside, ignore_errors=True)
    shutil.copytree(repository, inside)
    (chroot / "usr/share/keyrings").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(repository / KEYRING, chroot / "usr/share/keyrings" / KEYRING)
    entry = f"deb [signed-by=/usr/share/keyrings/{KEYRING}] file:/srv/{NAME} {SUITE} main\n"
    (chroot / f"etc/apt/sources.list.d/{NAME}.list").write_text(entry, "utf-8")


def _self_test(chroot: Path) -> str:
    done = _in(chroot, f"/usr/bin/{NAME}", "--self-test", "--json", ok=(0, 1))
    found = json.loads(done.stdout)
    if not found["ok"]:
        raise NotVerified(f"self-test failed: {found}")
    return f"{found['version']}; " + "; ".join(f"{c['name']} {c['state']} ({c['detail']})" for c in found["checks"])

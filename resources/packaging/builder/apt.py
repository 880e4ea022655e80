# SPDX-License-Identifier: AGPL-3.0-or-later
"""A signed apt repository: pool, indices, ``InRelease`` with ``Valid-Until``, keyring and source entry.

What protects clients: every package is named by hash in a signed index; the index expires, so that an old copy
cannot be served for ever; a version lower than one already published is refused here, and apt prefers the higher one
anyway.
"""

from __future__ import annotations

import datetime as dt
import gzip
import re
import shutil
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from resources.packaging.builder.errors import BuilderError, Refused
from resources.packaging.builder.release import NAME, PRODUCT
from resources.packaging.builder.signing import Signing
from resources.packaging.builder.tools import need, run

SUITE: Final = "stable"
VALID_DAYS: Final = 30
KEYRING: Final = f"{NAME}-archive-keyring.gpg"
_FIELD: Final = re.compile(r"^(Package|Version): (.+)$", re.MULTILINE)


def publish(repository: Path, packages: list[Path], config: Signing, *, now: int, valid_days: int = VALID_DAYS) -> Path:
    """Add ``packages`` to ``repository`` and sign it anew; returns the repository.

    Args:
        repository: Folder that is served; made if need be.
        packages: ``.deb`` files.
        config: ``SIGN_GPG_FPR`` names the key.
        now: Seconds since 1970.
        valid_days: How long from then on clients accept the indices.

    Raises:
        BuilderError: No key to sign with.
        Refused: A package is older than what is published, or the same version with other bytes.
    """
    if not config.gpg:
        raise BuilderError("an apt repository must be signed: set SIGN_GPG_FPR (and SIGN_GPG_HOME)")
    pool = repository / "pool" / "main"
    pool.mkdir(parents=True, exist_ok=True)
    for package in packages:
        _admit(pool, package)
    binary = repository / "dists" / SUITE / "main" / "binary-amd64"
    binary.mkdir(parents=True, exist_ok=True)
    index = run([need("apt-ftparchive"), "packages", "pool"], cwd=repository).stdout
    (binary / "Packages").write_bytes(index)
    (binary / "Packages.gz").write_bytes(gzip.compress(index, 9, mtime=0))
    _release(repository, now, valid_days)
    _sign(repository / "dists" / SUITE, config)
    _entry(repository, config)
    return repository


def _version(package: Path) -> str:
    return run([need("dpkg-deb"), "--field", package, "Version"]).stdout.decode().strip()


def _admit(pool: Path, package: Path) -> None:
    version = _version(package)
    for published in sorted(pool.glob("*.deb")):
        if published.name == package.name and published.read_bytes() != package.read_bytes():
            raise Refused(f"{package.name} is published already, with other bytes: give it another version")
        words = [need("dpkg"), "--compare-versions", _version(published), "gt", version]
        newer = run(words, ok=(0, 1))
        if newer.returncode == 0:
            raise Refused(f"{package.name} is older than {published.name}, which is published")
    shutil.copyfile(package, pool / package.name)


def _release(repository: Path, now: int, valid_days: int) -> None:
    made = dt.datetime.fromtimestamp(now, dt.UTC)
    options = {
        "Origin": PRODUCT,
        "Label": PRODUCT,
        "Suite": SUITE,
        "Codename": SUITE,
        "Architectures": "amd64",
        "Components": "main",
        "Description": f"{PRODUCT} client",
        "ValidTime": str(valid_days * 86_400),
    }
    words = [f"-oAPT::FTPArchive::Release::{name}={value}" for name, value in options.items()]
    suite = repository / "dists" / SUITE
    for old in ("Release", "Release.gpg", "InRelease"):
        (suite / old).unlink(missing_ok=True)
    text = run([need("apt-ftparchive"), *words, "release", f"dists/{SUITE}"], cwd=repository).stdout.decode()
    dates = {"Date": made, "Valid-Until": made + dt.timedelta(days=valid_days)}
    kept = [line for line in text.splitlines() if not line.startswith(("Date:", "Valid-Until:"))]
    at = kept.index(f"Codename: {SUITE}") + 1
    kept[at:at] = [f"{name}: {format_datetime(value, usegmt=True)}" for name, value in dates.items()]
    (suite / "Release").write_text("\n".join(kept) + "\n", "utf-8")


def _sign(suite: Path, config: Signing) -> None:
    home = {"GNUPGHOME": config.gpg_home} if config.gpg_home else {}
    gpg: list[str | Path] = [need("gpg"), "--batch", "--yes", "--local-user", config.gpg, "--digest-algo", "SHA256"]
    run([*gpg, "--output", suite / "InRelease", "--clearsign", suite / "Release"], extra=home)
    run([*gpg, "--output", suite / "Release.gpg", "--armor", "--detach-sign", suite / "Release"], extra=home)


def _entry(repository: Path, config: Signing) -> None:
    """The public key and the source entry that IT staff install; the address is theirs to set."""
    home = {"GNUPGHOME": config.gpg_home} if config.gpg_home else {}
    key = run([need("gpg"), "--batch", "--export", config.gpg], extra=home).stdout
    (repository / KEYRING).write_bytes(key)
    entry = {
        "Types": "deb",
        "URIs": f"https://MIRROR.example/{NAME}/",
        "Suites": SUITE,
        "Components": "main",
        "Architectures": "amd64",
        "Signed-By": f"/usr/share/keyrings/{KEYRING}",
        "Check-Valid-Until": "yes",
    }
    (repository / f"{NAME}.sources").write_text("".join(f"{k}: {v}\n" for k, v in entry.items()), "utf-8")

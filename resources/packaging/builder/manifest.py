# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gathers one release set in ``dist/<version>/release``.

Installers, source, bills of materials, licences, policy
bundle, provenance, ``SHA256SUMS`` and its signature.

Everything but signatures and stamps is the same bytes for the same release.
"""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tarfile
from pathlib import Path
from typing import Final

from resources.packaging.builder import (
    authenticode,
    dsse,
    licences,
    policy_files,
    policy_schema,
    provenance,
    sbom,
    signing,
    tree,
)
from resources.packaging.builder.errors import BuilderError
from resources.packaging.builder.release import NAME, Release
from resources.packaging.builder.signing import Signing
from resources.packaging.builder.tools import need, run

SUMS: Final = "SHA256SUMS"
PROVENANCE: Final = "provenance.intoto.jsonl"
SIGNER: Final = "signer.pem"
UPDATES: Final = "updates"
INSTALLERS: Final = {"linux": ("*.deb",), "win-x64": ("*.msi",), "macos": ("*.pkg", "*.dmg")}
UNLISTED: Final = (SUMS, f"{SUMS}.p7s", f"{SUMS}.tsr", f"{SUMS}.asc")


def installers(release: Release) -> dict[str, list[Path]]:
    """Target to the installers that were made for it; those of another channel in the same folder do not count."""
    own = re.compile(rf"[_-]{re.escape(release.file_version)}(?:[_-]|\.pkg|\.dmg)")
    found = {
        target: sorted(
            path for pattern in patterns for path in (release.out / target).glob(pattern) if own.search(path.name)
        )
        for target, patterns in INSTALLERS.items()
    }
    return {target: paths for target, paths in found.items() if paths}


def make(release: Release, config: Signing, *, updates: Path | None = None) -> Path:
    """Write the release set; returns its folder.

    Args:
        release: What was built.
        config: Who signs the list.
        updates: Folder of the update metadata, to travel along; see ``tuf_repo``.

    Raises:
        BuilderError: No installer was made, or no update metadata where it should be.
        Refused: Channel production and something it forbids.
    """
    release.refuse_tree()
    signing.allow(release, config)
    signing.allow_gpg(release, config)
    made = installers(release)
    if not made:
        raise BuilderError(f"no installer in {release.out}: run build_installer.py package first")
    bare = [path.name for path in made.get("win-x64", []) if not authenticode.carries(path)]
    release.refuse(f"not signed: {', '.join(bare)}" if bare else "")
    folder = tree.fresh(release.out / "release")
    artefacts = _gather(release, folder, made)
    for target in made:
        bill = sbom.document(release, target, [folder / path.name for path in made[target]], _site(release, target))
        (folder / f"sbom-{target}.cdx.json").write_bytes(bill)
        for name, data in licences.texts(release.root, target, _site(release, target)).items():
            path = folder / "THIRD-PARTY-LICENCES" / target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    policy_files.write(policy_schema.read(release.packaging), folder / "policy")
    if updates is not None:
        _travelling(updates, folder / UPDATES)
    if config.backend != "none":
        shutil.copyfile(config.chain, folder / SIGNER)
        (folder / PROVENANCE).write_bytes(dsse.envelope(provenance.statement(release, artefacts), config))
    write_sums(folder)
    if config.backend != "none":
        signing.cms(config, folder / SUMS)
    if config.gpg:
        home = {"GNUPGHOME": config.gpg_home} if config.gpg_home else {}
        words = [need("gpg"), "--batch", "--yes", "--local-user", config.gpg, "--armor", "--detach-sign"]
        run([*words, str(folder / SUMS)], extra=home)
    return folder


def _travelling(updates: Path, out: Path) -> None:
    if not (updates / "metadata" / "timestamp.json").is_file():
        raise BuilderError(f"no update metadata in {updates}: run build_installer.py repo tuf first")
    shutil.copytree(updates / "metadata", out / "metadata", ignore=shutil.ignore_patterns(".*"))


def _site(release: Release, target: str) -> Path | None:
    own = release.out / target / "site"
    return own if own.is_dir() else None


def _gather(release: Release, folder: Path, made: dict[str, list[Path]]) -> list[Path]:
    artefacts = []
    for target, paths in made.items():
        artefacts += [Path(shutil.copyfile(path, folder / path.name)) for path in paths]
        detached = release.out / target / "signatures"
        if detached.is_dir():
            shutil.copytree(detached, folder / "signatures" / target)
    if release.commit and (release.root / ".git").exists():
        artefacts.append(_source(release, folder))
    return artefacts


def _source(release: Release, folder: Path) -> Path:
    """The source archive that the AGPL owes every recipient."""
    name = f"{NAME}-{release.version}"
    words = [need("git"), "-c", "safe.directory=*", "-C", str(release.root), "archive", "--format=tar"]
    plain = run([*words, f"--prefix={name}-source/", release.commit]).stdout
    path = folder / f"{name}-source.tar.gz"
    with path.open("wb") as file, tarfile.open(fileobj=io.BytesIO(plain)) as checked:
        if f"{name}-source/pyproject.toml" not in checked.getnames():
            raise BuilderError("the source archive is not whole")
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=release.epoch) as packed:
            packed.write(plain)
    return path


def write_sums(folder: Path) -> None:
    """``SHA256SUMS`` over everything in ``folder`` but itself and its signatures, as ``sha256sum -c`` reads it."""
    lines = [f"{value}  {name}\n" for name, value in tree.hashes(folder).items() if name not in UNLISTED]
    (folder / SUMS).write_text("".join(lines), "utf-8")

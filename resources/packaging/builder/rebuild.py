# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers "is this installer made from this source?".

An own, unsigned build plus the published signatures must give
the published bytes.

A ``.deb`` carries no signature and is compared as it is. For an MSI the published signatures go onto the programs of
the own layout, the MSI is made from that, and its published signature goes onto it.
"""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from pathlib import Path

from resources.packaging.builder import authenticode, dsse, msi, provenance, tree
from resources.packaging.builder.errors import BuilderError, NotVerified
from resources.packaging.builder.manifest import PROVENANCE, SIGNER
from resources.packaging.builder.release import Release
from resources.packaging.builder.sign_set import SIGNATURES
from resources.packaging.builder.verify import Finding, Report


def _published(release: Release, folder: Path, findings: list[Finding]) -> Release:
    """The own checkout as the release that was published: its version, channel and time, if it says them."""
    if not (folder / PROVENANCE).is_file():
        return release
    try:
        said = provenance.origin(dsse.opened((folder / PROVENANCE).read_bytes(), folder / SIGNER))
    except BuilderError as error:
        findings.append(Finding("source of the rebuild", False, str(error)))
        return release
    if said.commit and said.commit != release.commit:
        own = release.commit or "no commit (not a checkout)"
        findings.append(Finding("source of the rebuild", False, f"built from {said.commit}, here is {own}"))
    else:
        findings.append(Finding("source of the rebuild", True, f"{said.version}, {said.channel}, {release.commit}"))
    return dataclasses.replace(release, version=said.version, channel=said.channel, epoch=said.epoch)


def compare(release: Release, report: Report, folder: Path, own: Path) -> Report:
    """``report`` with one finding more for each installer in ``folder``.

    Args:
        release: The own checkout; its commit must be the published one. Version and channel are those that the set says
            of itself.
        report: Of the published set.
        folder: The published set.
        own: ``dist/<version>`` of the own build.
    """
    findings = [*report.findings]
    release = _published(release, folder, findings)
    for published in [*sorted(folder.glob("*.deb")), *sorted(folder.glob("*.msi"))]:
        rule = f"rebuild of {published.name}"
        try:
            made = _deb(published, own) if published.suffix == ".deb" else _msi(release, published, folder, own)
            findings.append(Finding(rule, True, f"same bytes as {made}"))
        except BuilderError as error:
            findings.append(Finding(rule, False, str(error)))
    return dataclasses.replace(report, findings=tuple(findings))


def _deb(published: Path, own: Path) -> str:
    mine = own / "linux" / published.name
    if not mine.is_file():
        raise NotVerified(f"the own build holds no {published.name}")
    if tree.sha256(mine) != tree.sha256(published):
        raise NotVerified("the own build gives other bytes")
    return "the own build"


def _msi(release: Release, published: Path, folder: Path, own: Path) -> str:
    layout, signatures = own / "win-x64" / "tree", folder / SIGNATURES / "win-x64"
    if not layout.is_dir() or not signatures.is_dir():
        raise NotVerified("the own layout or the published signatures are missing")
    with tempfile.TemporaryDirectory(prefix="ecabinet-rebuild-") as work:
        copy = Path(work) / "tree"
        shutil.copytree(layout, copy)
        attached = 0
        for signature in tree.files(signatures):
            name = signature.relative_to(signatures).with_suffix("")
            if (copy / name).is_file() and not authenticode.is_signed(copy / name):
                authenticode.attach(copy / name, signature, Path(work) / "signed")
                shutil.move(Path(work) / "signed", copy / name)
                attached += 1
        plain = msi.assemble(dataclasses.replace(release, dist=Path(work) / "dist"), copy, Path(work))
        whole, outer = Path(work) / "whole.msi", signatures / f"{published.name}.p7"
        if outer.is_file():
            authenticode.attach(plain, outer, whole)
        else:
            whole = plain
        if tree.sha256(whole) != tree.sha256(published):
            raise NotVerified("the own layout with the published signatures gives other bytes")
    return f"the own layout with {attached + 1} published signatures"

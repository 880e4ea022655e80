# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands that build: ``fetch``, ``freeze``, ``layout``, ``package``."""

from __future__ import annotations

import argparse
from pathlib import Path

from resources.packaging.builder import tree
from resources.packaging.builder.release import Release


def commands(into: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare them."""
    fetch = into.add_parser("fetch", help="Windows wheels by hash, Windows Python by hash and publisher")
    fetch.add_argument("--target", choices=("win-x64",), required=True)
    fetch.add_argument("--runtime", type=Path, help="python.org's embeddable zip; needed for production")
    fetch.add_argument("--wheelhouse", type=Path, help="folder with the wheels instead of a package index")
    fetch.add_argument("--roots", type=Path, help="PEM roots that vouch for Python's publisher (Microsoft's list)")
    fetch.set_defaults(run=_fetch)
    freeze = into.add_parser("freeze", help="PyInstaller folder for this machine's system")
    freeze.add_argument("--target", choices=("linux", "macos"), required=True)
    freeze.set_defaults(run=_freeze)
    layout = into.add_parser("layout", help="Windows installation folder, put together here")
    layout.add_argument("--target", choices=("win-x64",), required=True)
    layout.set_defaults(run=_layout)
    package = into.add_parser("package", help="an installer, not signed")
    package.add_argument("--format", choices=("deb", "msi", "pkg"), required=True)
    package.add_argument("--tree", type=Path, help="default: what freeze or layout made")
    package.set_defaults(run=_package)


def _said(path: Path) -> int:
    if path.is_dir():
        print(f"{path}  {tree.size(path) / 1e6:.0f} MB, {len(tree.files(path))} files")
    else:
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB  sha256 {tree.sha256(path)}")
    return 0


def _fetch(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import fetch

    found = fetch.fetch(release, roots=options.roots, runtime=options.runtime, wheelhouse=options.wheelhouse)
    return _said(found.site) or _said(found.runtime)


def _freeze(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import freeze

    return _said(freeze.freeze(release, options.target))


def _layout(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import layout

    del options
    return _said(layout.layout(release))


def _package(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import deb, macos, msi

    target, make = {
        "deb": ("linux", deb.package),
        "msi": ("win-x64", msi.package),
        "pkg": ("macos", macos.package),
    }[options.format]
    return _said(make(release, options.tree or release.target(target) / "tree"))

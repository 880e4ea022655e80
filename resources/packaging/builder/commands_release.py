# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands that sign, describe, publish and verify: ``sign``, ``manifest``, ``repo``, ``verify``, ``smoke``."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from resources.packaging.builder.errors import BuilderError
from resources.packaging.builder.release import Release


def commands(into: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare them."""
    sign = into.add_parser("sign", help="sign programs of a layout, or installers; by environment, see docs")
    sign.add_argument("paths", nargs="+", type=Path, help="folders: unsigned programs inside; files: themselves")
    sign.set_defaults(run=_sign)
    manifest = into.add_parser("manifest", help="the release set: hashes, bills of materials, provenance, licences")
    manifest.add_argument("--updates", type=Path, help="folder of the update metadata (repo tuf), to travel along")
    manifest.add_argument("--zip", action="store_true", help="also release.zip for networks without a way out")
    manifest.set_defaults(run=_manifest)
    repo = into.add_parser("repo", help="signed repositories")
    kinds = repo.add_subparsers(dest="kind", required=True)
    apt = kinds.add_parser("apt", help="apt repository")
    apt.add_argument("--folder", type=Path, required=True, help="the repository; continued if it exists")
    apt.add_argument("--valid-days", type=int, default=30)
    apt.set_defaults(run=_apt)
    tuf = kinds.add_parser("tuf", help="update metadata")
    tuf.add_argument("--folder", type=Path, required=True, help="continued if it exists")
    tuf.add_argument("--min-version", default="0.0.0", help="lowest version that may still be used")
    tuf.add_argument("--new-root", action="store_true", help="write the next root instead; SIGN_TUF_OLD_ROOT signs too")
    tuf.set_defaults(run=_tuf)
    verify = into.add_parser("verify", help="check a release set or release.zip on arrival, off line")
    verify.add_argument("path", type=Path)
    verify.add_argument("--roots", type=Path, required=True, help="PEM: authorities of the signer")
    verify.add_argument("--tsa-roots", type=Path, help="PEM: authorities of the time stamps")
    verify.add_argument("--publisher", default="", help="name the signer's certificate must carry")
    verify.add_argument("--rebuild", type=Path, help="dist/<version> of an own build: must give the same bytes")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_verify)
    smoke = into.add_parser("smoke", help="install, self-test, upgrade, refuse going back, remove")
    ways = smoke.add_subparsers(dest="way", required=True)
    chroot = ways.add_parser("apt", help="in a clean Debian of its own; as root")
    chroot.add_argument("--repository", type=Path, required=True, help="apt repository with two versions")
    chroot.add_argument("--versions", nargs=2, required=True, metavar=("OLD", "NEW"))
    chroot.add_argument("--chroot", type=Path, required=True, help="folder for a clean Debian; made if need be")
    chroot.set_defaults(run=_smoke)
    wine = ways.add_parser("wine", help="an MSI under wine, which is no Windows")
    wine.add_argument("--packages", nargs=2, type=Path, required=True, metavar=("OLD", "NEW"))
    wine.add_argument("--prefix", type=Path, required=True, help="folder for a wine of its own; made if need be")
    wine.set_defaults(run=_smoke_wine)


def _sign(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import sign_set, signing

    for path in sign_set.sign(release, signing.from_environment(os.environ), options.paths):
        print(path)
    return 0


def _manifest(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import bundle, manifest, signing

    folder = manifest.make(release, signing.from_environment(os.environ), updates=options.updates)
    print(folder)
    if options.zip:
        print(bundle.pack(release, folder))
    return 0


def _apt(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import apt, manifest, signing

    packages = manifest.installers(release).get("linux", [])
    if not packages:
        raise BuilderError(f"no Debian package in {release.target('linux')}")
    config, now = signing.from_environment(os.environ), int(time.time())
    release.refuse_tree()
    signing.allow_gpg(release, config)
    print(apt.publish(options.folder, packages, config, now=now, valid_days=options.valid_days))
    return 0


def _tuf(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import manifest, tuf_keys, tuf_repo

    tuf_keys.allow(release, os.environ)
    keys, now = tuf_keys.from_environment(os.environ), int(time.time())
    if options.new_root:
        print(tuf_repo.renew_root(options.folder, keys, now=now))
        return 0
    artefacts = {target: paths[-1] for target, paths in manifest.installers(release).items()}
    print(tuf_repo.publish(release, options.folder, artefacts, keys, now=now, min_version=options.min_version))
    return 0


def _verify(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import bundle, rebuild, verify

    trust = verify.Trust(options.roots, options.tsa_roots, options.publisher)
    with tempfile.TemporaryDirectory(prefix="ecabinet-verify-") as work:
        packed = options.path.is_file()
        folder = bundle.unpack(options.path, Path(work)) if packed else options.path
        report = verify.verify(folder, trust)
        if options.rebuild:
            report = rebuild.compare(release, report, folder, options.rebuild)
    print(report.as_json() if options.json else report.as_text())
    return 0 if report.ok else 1


def _smoke(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import smoke

    del release
    for line in smoke.cycle(options.repository, options.chroot, *options.versions):
        print(line)
    return 0


def _smoke_wine(options: argparse.Namespace, release: Release) -> int:
    from resources.packaging.builder import smoke_wine

    old, new = options.packages
    for line in smoke_wine.cycle(release, old, new, options.prefix):
        print(line)
    return 0

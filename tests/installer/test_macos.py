# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be said about macOS without a Mac: order and arguments of the recipe, entitlements, refusals."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from resources.packaging.builder import freeze, macos, policy_files
from resources.packaging.builder.errors import BuilderError
from resources.packaging.builder.release import Release

IDENTITIES = {
    "SIGN_MACOS_APPLICATION": "Developer ID Application: X",
    "SIGN_MACOS_INSTALLER": "Developer ID Installer: X",
    "SIGN_MACOS_NOTARY_PROFILE": "notary",
}


def test_signed_inside_out_then_packed_then_notarised(release: Release, tmp_path: Path) -> None:
    app = tmp_path / "e-Cabinet.app"
    (app / "Contents" / "Frameworks").mkdir(parents=True)
    for name in ("a.dylib", "b.so", "data.txt"):
        (app / "Contents" / "Frameworks" / name).touch()
    steps = macos.recipe(release, app, tmp_path / "x.pkg", IDENTITIES)
    assert [step[0] for step in steps] == ["codesign"] * 4 + ["pkgbuild", "xcrun", "xcrun"]
    signed = [step[-1] for step in steps if step[:2] == ["codesign", "--force"]]
    assert [Path(path).name for path in signed] == ["a.dylib", "b.so", "e-Cabinet.app"]
    assert all("runtime" in step and "--timestamp" in step for step in steps if step[:2] == ["codesign", "--force"])
    package = steps[4]
    assert package[package.index("--identifier") + 1] == policy_files.BUNDLE_ID
    assert package[package.index("--version") + 1] == "1.2.3"
    assert [step[1:3] for step in steps[5:]] == [["notarytool", "submit"], ["stapler", "staple"]]


def test_entitlements_do_not_open_the_runtime() -> None:
    found = plistlib.loads(macos.entitlements())
    assert found.pop("com.apple.security.cs.allow-unsigned-executable-memory") is True
    assert not any(found.values())


def test_refusals(release: Release, tmp_path: Path) -> None:
    with pytest.raises(BuilderError, match="SIGN_MACOS_INSTALLER, SIGN_MACOS_NOTARY_PROFILE"):
        macos.recipe(release, tmp_path, tmp_path / "x.pkg", {"SIGN_MACOS_APPLICATION": "x"})
    with pytest.raises(BuilderError, match="on a Mac"):
        macos.package(release, tmp_path)
    with pytest.raises(BuilderError, match="needs a machine of that system"):
        freeze.freeze(release, "macos")

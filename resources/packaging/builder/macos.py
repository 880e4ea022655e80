# SPDX-License-Identifier: AGPL-3.0-or-later
"""macOS: the commands of the native recipe, made here, run on a Mac only.

Nothing of this has been run on a Mac yet. What can be checked without one (entitlements, arguments, order, the
configuration profile) is checked by tests; ``docs/deployment.md`` carries the same recipe for people.
"""

from __future__ import annotations

import os
import platform
import plistlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from resources.packaging.builder import stage
from resources.packaging.builder.errors import BuilderError
from resources.packaging.builder.policy_files import BUNDLE_ID
from resources.packaging.builder.release import NAME, Release
from resources.packaging.builder.tools import run

ENTITLEMENTS: Final = {
    "com.apple.security.cs.allow-unsigned-executable-memory": True,  # libffi closures
    "com.apple.security.cs.disable-library-validation": False,
}
_NEEDED: Final = ("SIGN_MACOS_APPLICATION", "SIGN_MACOS_INSTALLER", "SIGN_MACOS_NOTARY_PROFILE")


def entitlements() -> bytes:
    """Property list of what the hardened runtime still allows."""
    return plistlib.dumps(ENTITLEMENTS, sort_keys=True)


def recipe(release: Release, app: Path, out: Path, env: Mapping[str, str]) -> list[list[str]]:
    """Sign inside out, package, sign the package, have it notarised, staple the ticket.

    Args:
        release: Name and version.
        app: The frozen application bundle.
        out: The package to make.
        env: ``SIGN_MACOS_APPLICATION`` and ``SIGN_MACOS_INSTALLER`` name Developer ID identities of the keychain,
            ``SIGN_MACOS_NOTARY_PROFILE`` a profile of ``notarytool store-credentials``.

    Raises:
        BuilderError: One is not given.
    """
    lacking = [name for name in _NEEDED if not env.get(name)]
    if lacking:
        raise BuilderError(f"a package for macOS needs {', '.join(lacking)}")
    sign = ["codesign", "--force", "--timestamp", "--options", "runtime", "--sign", env["SIGN_MACOS_APPLICATION"]]
    libraries = [path for path in sorted(app.rglob("*")) if path.suffix in {".so", ".dylib"} and not path.is_symlink()]
    plist = out.with_suffix(".entitlements")
    return [
        *([*sign, str(path)] for path in libraries),
        [*sign, "--entitlements", str(plist), str(app)],
        ["codesign", "--verify", "--deep", "--strict", str(app)],
        [
            *("pkgbuild", "--component", str(app), "--install-location", "/Applications"),
            *("--identifier", BUNDLE_ID, "--version", release.version, "--sign", env["SIGN_MACOS_INSTALLER"], str(out)),
        ],
        ["xcrun", "notarytool", "submit", str(out), "--keychain-profile", env["SIGN_MACOS_NOTARY_PROFILE"], "--wait"],
        ["xcrun", "stapler", "staple", str(out)],
    ]


def package(release: Release, app: Path) -> Path:
    """Run the recipe.

    Raises:
        BuilderError: This is not a Mac.
    """
    if platform.system() != "Darwin":
        raise BuilderError("a package for macOS is made on a Mac: freeze and package there, see docs/deployment.md")
    stage.check(release, app)
    out = release.target("macos") / f"{NAME}-{release.file_version}.pkg"
    out.with_suffix(".entitlements").write_bytes(entitlements())
    for command in recipe(release, app, out, os.environ):
        run(command)
    return out

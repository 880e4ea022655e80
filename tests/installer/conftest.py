# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tools that are not here skip a test on a developer's machine and fail it where ``REQUIRE_INSTALLER_TOOLS=1``."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.packaging.builder import tools
from resources.packaging.builder.release import Release
from resources.packaging.builder.signing import Signing
from tests.installer import keys

ROOT = Path(__file__).resolve().parents[2]
EPOCH = 1_790_000_000


@pytest.fixture
def needs() -> Callable[..., None]:
    """Skips, or fails in CI, unless these programs are here."""

    def check(*commands: str) -> None:
        missing = [tools.TOOLS[c].package for c in commands if tools.here(c, ROOT) is None]
        if missing and os.environ.get("REQUIRE_INSTALLER_TOOLS") == "1":
            pytest.fail(f"missing packages: {' '.join(missing)}")
        if missing:
            pytest.skip(f"missing packages: {' '.join(missing)}")

    return check


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """The project as a test release that writes below ``tmp_path``."""
    return Release(ROOT, "1.2.3", "test", EPOCH, "1" * 40, dirty=False, tagged=False, dist=tmp_path / "dist")


@pytest.fixture
def production(release: Release) -> Release:
    """The same as a production release of a clean, tagged checkout."""
    return dataclasses.replace(release, channel="production", tagged=True)


@pytest.fixture(scope="session")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> keys.Authorities:
    """Throw-away authorities; made once."""
    return keys.make(tmp_path_factory.mktemp("authorities"))


@pytest.fixture(scope="session")
def gpg_key(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    """A throw-away OpenPGP key."""
    try:
        return keys.of_archive(tmp_path_factory.mktemp("gpg"))
    except FileNotFoundError:
        pytest.skip("missing packages: gnupg")

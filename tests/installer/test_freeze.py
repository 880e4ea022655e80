# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a frozen program must not carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.packaging.builder import environment, freeze, stage, tree
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import Release

ROOT = Path(__file__).resolve().parents[2]


def test_a_folder_of_the_build_machine_is_noticed(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    (made / "fine").write_text("/usr/lib/ecabinet")
    freeze.names_no_folder(made, ROOT)
    (made / "direct_url.json").write_text(f'{{"url": "file://{ROOT}"}}')
    with pytest.raises(NotVerified, match=r"direct_url\.json"):
        freeze.names_no_folder(made, ROOT)


def test_the_development_environment_stays_behind() -> None:
    left_out = environment.superfluous_modules(ROOT, "linux")
    assert {"pytest", "litestar", "sqlalchemy", "mypy", "psutil"} <= set(left_out)
    assert not {"client", "PySide6", "httpx", "keyring", "msgspec", "pymupdf"} & set(left_out)


def test_another_version_than_the_locked_one_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "resources/packaging/locks").mkdir(parents=True)
    (tmp_path / "resources/packaging/locks/linux.txt").write_text("httpx==0.0.1 --hash=sha256:00\n")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    with pytest.raises(NotVerified, match=r"locks/linux\.txt: httpx"):
        environment.superfluous_modules(tmp_path, "linux")


def test_a_build_knows_what_it_is(release: Release, tmp_path: Path) -> None:
    stage.write(release, tmp_path)
    assert '"channel": "test"' in (tmp_path / "build-info.json").read_text()
    assert "Version: 1.2.3" in (tmp_path / "ecabinet-1.2.3.dist-info" / "METADATA").read_text()
    assert tree.files(tmp_path)

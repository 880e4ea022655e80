# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a frozen program must not carry."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.packaging.builder import deb, environment, freeze, launcher, msi, stage, tree
from resources.packaging.builder.errors import NotVerified, Refused
from resources.packaging.builder.release import Release

Needs = Callable[..., None]
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


def test_a_tree_is_packed_as_what_it_was_built_as(release: Release, production: Release, tmp_path: Path) -> None:
    """A test build must not become a production package because two commands were called differently."""
    frozen, folder = tmp_path / "frozen", tmp_path / "layout"
    for program in (frozen / "ecabinet", folder / "ecabinet.exe"):
        program.parent.mkdir()
        program.write_bytes(b"program")
        stage.write(release, program.parent / "resources")
    for make, place in ((deb.package, frozen), (msi.package, folder)):
        for other in (
            production,
            dataclasses.replace(release, version="1.2.4"),
            dataclasses.replace(release, commit="2" * 40),
            dataclasses.replace(release, dirty=True),
        ):
            with pytest.raises(NotVerified, match=r"was built as 1\.2\.3 test 111111111111, which is another release"):
                make(other, place)
    (folder / "resources" / stage.INFO).unlink()
    with pytest.raises(NotVerified, match="does not say"):
        msi.package(release, folder)


def test_an_unsigned_program_is_not_packed_for_production(production: Release, tmp_path: Path, needs: Needs) -> None:
    needs("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres")
    folder = tmp_path / "layout"
    stage.write(production, folder / "resources")
    launcher.build(production, folder, "python313.dll")
    with pytest.raises(Refused, match=r"1 programs of the layout are not signed: ecabinet\.exe"):
        msi.package(production, folder)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The driver's manners: standard library only, missing tools named with their package, production refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from resources.packaging.builder import doctor, lock, release, tools
from resources.packaging.builder.errors import BuilderError, MissingTool, Refused, ToolFailed

ROOT = Path(__file__).resolve().parents[2]


def driver(*words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path} if path is not None else None
    command = [sys.executable, "-E", "-S", str(ROOT / "build_installer.py"), *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


def test_help_needs_nothing_but_the_standard_library() -> None:
    """``-S``: no site-packages; a signing machine has only Python."""
    done = driver("--help")
    assert done.returncode == 0, done.stderr
    assert "doctor" in done.stdout


def test_a_missing_tool_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingTool, match="apt-get install osslsigncode"):
        tools.need("osslsigncode")
    with pytest.raises(MissingTool, match=r"make \.venv/ready"):
        tools.need("pyinstaller", tmp_path)
    missing = {one.command: one for one in doctor.look(tmp_path, ["windows"])}
    assert missing["wixl"].state == "missing"
    assert "apt-get install wixl" in missing["wixl"].advice


def test_the_python_that_compiles_for_windows_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``layout`` needs it, so ``doctor`` must not say that all is well without it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("BUILD_PYTHON", raising=False)
    (version,) = [one.command for one in doctor.look(tmp_path, ["windows"]) if one.command.startswith("python")]
    lacking = {one.command: one for one in doctor.look(tmp_path, ["windows"])}[version]
    assert lacking.state == "missing"
    assert f"apt-get install {version} (Debian 13)" in lacking.advice
    assert not any(one.command.startswith("python") for one in doctor.look(tmp_path, ["linux"]))


def test_a_tool_that_is_too_old_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "osslsigncode"
    old.write_text("#!/bin/sh\necho osslsigncode 2.1, using:\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(MissingTool, match=r"2\.1 is too old, 2\.5 is needed"):
        tools.need("osslsigncode")
    (found,) = [one for one in doctor.look(tmp_path, ["sign"]) if one.command == "osslsigncode"]
    assert found.state == "too old"


def test_doctor_fails_only_when_asked_to(tmp_path: Path) -> None:
    git_only = tmp_path / "bin"
    git_only.mkdir()
    (git_only / "git").symlink_to("/usr/bin/git")
    assert driver("doctor", "--step", "windows", path=str(git_only)).returncode == 0
    done = driver("doctor", "--step", "windows", "--require", path=str(git_only))
    assert done.returncode == 3
    assert "apt-get install wixl" in done.stdout


def test_programs_see_a_fixed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_KEY", "secret")
    seen = tools.run(["/usr/bin/env"], extra={"SOURCE_DATE_EPOCH": "7"}).stdout.decode().split()
    assert "SOURCE_DATE_EPOCH=7" in seen
    assert "TZ=UTC" in seen
    assert not any(line.startswith("SIGN_") for line in seen)
    with pytest.raises(ToolFailed, match="ended with 3"):
        tools.run(["/bin/sh", "-c", "echo why >&2; exit 3"])


def checkout(folder: Path, version: str = "1.2.3") -> Path:
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n')
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x", "--date", "2026-01-01T00:00:00Z"]):
        subprocess.run([*git, *words], check=True)
    return folder


def test_production_is_built_from_a_clean_tagged_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    root = checkout(tmp_path)
    with pytest.raises(Refused, match=r"not tagged v1\.2\.3"):
        release.read(root, "production").refuse_tree()
    subprocess.run(["git", "-C", str(root), "tag", "v1.2.3"], check=True)
    good = release.read(root, "production")
    good.refuse_tree()
    assert (good.product, good.file_version) == ("e-Cabinet", "1.2.3")
    (root / "new").write_text("x")
    with pytest.raises(Refused, match="uncommitted"):
        release.read(root, "production").refuse_tree()
    with pytest.raises(Refused, match="other than the project's"):
        release.read(root, "production", version="1.2.4")


def test_every_other_build_says_so(tmp_path: Path) -> None:
    test = release.read(checkout(tmp_path), "test", version="1.2.4")
    test.refuse_tree()
    assert (test.product, test.file_version) == ("e-Cabinet (TEST BUILD)", "1.2.4~test")


def test_a_source_archive_needs_the_time_of_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with pytest.raises(BuilderError, match="SOURCE_DATE_EPOCH"):
        release.read(tmp_path, "test")
    assert release.read(tmp_path, "test", timeless=True).epoch == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert release.read(tmp_path, "test").epoch == 1767225600


def test_a_source_archive_can_verify(tmp_path: Path) -> None:
    """Whoever receives a release has Python and the archive of its source, no checkout and no libraries."""
    shutil.copytree(ROOT / "resources" / "packaging" / "builder", tmp_path / "resources" / "packaging" / "builder")
    for name in ("build_installer.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "release").mkdir()
    words = ["verify", str(tmp_path / "release"), "--roots", str(tmp_path / "roots.pem")]
    command = [sys.executable, "-E", "-S", str(tmp_path / "build_installer.py"), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert (done.returncode, done.stderr) == (1, "")
    assert "NOT VERIFIED: do not install anything" in done.stdout


@pytest.mark.parametrize("target", sorted(lock.PLATFORMS))
def test_lists_of_wheels_are_at_the_tested_versions(target: str) -> None:
    text = lock.lock_path(ROOT, target).read_text("utf-8")
    tested = {p["name"]: p["version"] for p in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]}
    pinned = lock.pinned(text)
    assert {"pyside6-essentials", "pymupdf", "sqlcipher3", "keyring", "msgspec"} <= set(pinned)
    assert pinned == {name: tested[name] for name in pinned}
    assert text.count("--hash=sha256:") >= len(pinned)

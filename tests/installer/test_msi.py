# SPDX-License-Identifier: AGPL-3.0-or-later
"""MSI packages of a tiny program: tables, identities that hold for ever, the same bytes from anywhere, signatures."""

from __future__ import annotations

import dataclasses
import re
import struct
import subprocess
import zipimport
from collections.abc import Callable
from pathlib import Path

import pytest

from client import paths
from resources.packaging.builder import (
    authenticode,
    launcher,
    layout,
    msi,
    policy_admx,
    policy_schema,
    rebuild,
    sign_set,
    signing,
    wxs,
)
from resources.packaging.builder.errors import BuilderError, NotVerified
from resources.packaging.builder.release import Release
from resources.packaging.builder.verify import Report
from tests.installer.keys import Authorities

Needs = Callable[..., None]
WINDOWS = ("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres")
MSI = ("wixl", "msibuild", "msiinfo")


@pytest.fixture
def program(tmp_path: Path, release: Release, needs: Needs) -> Path:
    """A folder with the real launcher and two files."""
    needs(*WINDOWS, *MSI)
    folder = tmp_path / "tree"
    (folder / "app" / "resources").mkdir(parents=True)
    launcher.build(release, folder, "python313.dll")
    (folder / "app.zip").write_bytes(b"archive")
    (folder / "app" / "resources" / "chữ.txt".encode("ascii", "ignore").decode()).write_text("data")
    return folder


def made(release: Release, folder: Path, out: Path) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    return msi.assemble(release, folder, out)


def test_same_bytes_from_another_folder_at_another_time(release: Release, program: Path, tmp_path: Path) -> None:
    first = made(release, program, tmp_path / "a")
    elsewhere = tmp_path / "some" / "where" / "else"
    elsewhere.parent.mkdir(parents=True)
    subprocess.run(["cp", "-r", str(program), str(elsewhere)], check=True)
    for path in elsewhere.rglob("*"):
        path.touch()
    assert made(release, elsewhere, tmp_path / "b").read_bytes() == first.read_bytes()
    later = dataclasses.replace(release, epoch=release.epoch + 1)
    assert made(later, program, tmp_path / "c").read_bytes() != first.read_bytes()


def test_tables(release: Release, program: Path, tmp_path: Path) -> None:
    path = made(release, program, tmp_path)
    properties = dict(row[:2] for row in msi.table(path, "Property"))
    assert properties["ProductName"] == "e-Cabinet (TEST BUILD)"
    assert properties["ALLUSERS"] == "1"
    public = {"SERVERURL", "CAFILE", "PROXY", "UPDATEMODE", "UPDATEURL", "UPDATEROOT", "APPLANGUAGE"}
    assert public <= set(properties["SecureCustomProperties"].split(";"))
    files = {row[2].split("|")[-1] for row in msi.table(path, "File")}
    assert files == {"ecabinet.exe", "app.zip", "ch.txt"}
    assert all(int(row[3]) & 256 for row in msi.table(path, "Component")), "64-bit components"
    upgrade = msi.table(path, "Upgrade")
    assert {row[0] for row in upgrade} == {wxs.upgrade_code(release)}
    (condition,) = msi.table(path, "LaunchCondition")
    assert condition[0] == "NOT WIX_DOWNGRADE_DETECTED"
    assert "newer version" in condition[1]


def test_defaults_go_where_the_client_reads_them(
    release: Release, program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(release, program, tmp_path)
    schema = policy_schema.read(release.packaging)
    rows = [row for row in msi.table(path, "Registry") if row[2] == wxs.INSTALL_KEY]
    assert {row[3]: row[4] for row in rows} == {key.name: f"[{key.msi}]" for key in schema.keys if key.msi}
    assert {row[1] for row in rows} == {"2"}, "HKEY_LOCAL_MACHINE"
    with monkeypatch.context() as windows:
        windows.setattr("sys.platform", "win32")
        assert paths._machine_places() == (policy_admx.REGISTRY_KEY, wxs.INSTALL_KEY)
    scheme = {row[3]: row[4] for row in msi.table(path, "Registry") if row[2].endswith("command")}
    assert scheme == {"": '"[INSTALLDIR]ecabinet.exe" "%1"'}


def test_what_was_given_once_is_remembered_before_anything_is_removed(
    release: Release, program: Path, tmp_path: Path
) -> None:
    path = made(release, program, tmp_path)
    steps = {row[0]: (row[1], int(row[2])) for row in msi.table(path, "InstallExecuteSequence")}
    actions = {row[0]: row for row in msi.table(path, "CustomAction")}
    for name in ("SERVERURL", "CAFILE", "PROXY", "UPDATEMODE", "UPDATEURL", "UPDATEROOT", "APPLANGUAGE"):
        condition, number = steps[f"Set_{name}"]
        assert condition == f"REMEMBERED_{name} AND NOT {name}"
        assert steps["AppSearch"][1] < number < steps["RemoveExistingProducts"][1]
        assert actions[f"Set_{name}"][1:4] == ["51", name, f"[REMEMBERED_{name}]"]


def test_identities_hold_through_all_versions(release: Release, program: Path, tmp_path: Path) -> None:
    """A changed code would leave files behind or break upgrades on every machine: these never change."""
    assert wxs.guid("upgrade production") == "{6A1B4121-230B-570D-8704-8F8AA02F8C52}"
    assert wxs.guid("production ecabinet.exe") == "{91A0438A-6AAE-5548-8648-74B4AC8826AA}"
    first = made(release, program, tmp_path / "a")
    newer = dataclasses.replace(release, version="1.2.4")
    second = made(newer, program, tmp_path / "b")

    def components(path: Path) -> dict[str, str]:
        return {row[0]: row[1] for row in msi.table(path, "Component")}

    def codes(path: Path) -> tuple[str, str]:
        found = dict(row[:2] for row in msi.table(path, "Property"))
        return found["UpgradeCode"], found["ProductCode"]

    assert components(first) == components(second)
    assert codes(first)[0] == codes(second)[0]
    assert codes(first)[1] != codes(second)[1]
    production = dataclasses.replace(release, channel="production", tagged=True)
    assert not {wxs.upgrade_code(production), wxs.product_code(production)} & set(codes(first))


def test_the_launcher_is_the_same_bytes_and_hardened(release: Release, tmp_path: Path, needs: Needs) -> None:
    needs(*WINDOWS)
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()
    first, second = (launcher.build(release, folder, "python313.dll").read_bytes() for folder in folders)
    assert first == second
    at = struct.unpack_from("<I", first, 0x3C)[0]
    assert struct.unpack_from("<I", first, at + 8) == (0,), "no time of build"
    high_entropy, dynamic_base, nx = 0x20, 0x40, 0x100
    (flags,) = struct.unpack_from("<H", first, at + 24 + 70)
    assert flags & (high_entropy | dynamic_base | nx) == high_entropy | dynamic_base | nx
    (subsystem,) = struct.unpack_from("<H", first, at + 24 + 68)
    assert subsystem == 2, "a windows program, no console"
    assert "TEST BUILD".encode("utf-16-le") in first
    assert str(tmp_path).encode() not in first
    assert len(first) < 120_000


LISTS = {
    "never": ["**/tests/**"],
    "keep": ["Qt/*.dll", "data/**"],
    "zip": ["pure/**/*.py"],
    "drop": ["Qt/**", "*.dist-info/**"],
}


def test_a_file_on_no_list_stops_the_build() -> None:
    names = [
        "Qt/Core.dll",
        "Qt/plugins/x.dll",
        "pure/a.py",
        "pure/b/c.py",
        "pure/tests/t.py",
        "data/zone/Asia/x",
        "a.dist-info/RECORD",
    ]
    found = layout.sorted_out(names, LISTS)
    assert found["keep"] == ["Qt/Core.dll", "data/zone/Asia/x"]
    assert found["zip"] == ["pure/a.py", "pure/b/c.py"]
    assert found["never"] == ["pure/tests/t.py"]
    with pytest.raises(NotVerified, match=r"on no list: pure/new\.exe"):
        layout.sorted_out([*names, "pure/new.exe"], LISTS)


def test_the_archive_is_the_same_bytes_and_importable(tmp_path: Path) -> None:
    folder = tmp_path / "pure"
    (folder / "space" / "inner").mkdir(parents=True)
    (folder / "space" / "inner" / "part.py").write_text("value = 7\n")
    layout.write_zip(tmp_path / "a.zip", folder)
    (folder / "space" / "inner" / "part.py").touch()
    layout.write_zip(tmp_path / "b.zip", folder)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert zipimport.zipimporter(str(tmp_path / "a.zip")).find_spec("space"), "a namespace package is found"


def test_signed_rebuilt_altered(
    release: Release, program: Path, tmp_path: Path, authorities: Authorities, needs: Needs
) -> None:
    """Programs inside, then the MSI; the published signatures on an own build give the published bytes."""
    needs("osslsigncode")
    own = tmp_path / "own" / "1.2.3"
    subprocess.run(["mkdir", "-p", str(own / "win-x64")], check=True)
    subprocess.run(["cp", "-r", str(program), str(own / "win-x64" / "tree")], check=True)
    config = signing.from_environment(authorities.signing(authorities.signer))
    assert [path.name for path in layout.unsigned_programs(program)] == ["ecabinet.exe"]
    list(sign_set.sign(release, config, [program]))
    assert layout.unsigned_programs(program) == []
    package = made(release, program, release.target("win-x64"))
    list(sign_set.sign(release, config, [package]))
    assert "e-Cabinet signer" in authenticode.verify(package, authorities.root.pem).publisher[0]

    published = tmp_path / "published"
    (published / "signatures").mkdir(parents=True)
    subprocess.run(["cp", str(package), str(published)], check=True)
    subprocess.run(
        ["cp", "-r", str(release.target("win-x64") / "signatures"), str(published / "signatures" / "win-x64")],
        check=True,
    )
    report = rebuild.compare(release, Report("", ()), published, own)
    assert [(one.ok, one.detail) for one in report.findings] == [
        (True, "same bytes as the own layout with 2 published signatures")
    ]

    (own / "win-x64" / "tree" / "app.zip").write_bytes(b"Archive")
    report = rebuild.compare(release, Report("", ()), published, own)
    assert not report.ok
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    with pytest.raises(NotVerified):
        authenticode.verify(package, authorities.root.pem)


def test_what_carries_no_signature_is_said(release: Release, tmp_path: Path, authorities: Authorities) -> None:
    config = signing.from_environment(authorities.signing(authorities.signer))
    with pytest.raises(BuilderError, match="signed by repository"):
        list(sign_set.sign(release, config, [tmp_path / "x.deb"]))
    with pytest.raises(BuilderError, match="no layout"):
        msi.package(release, tmp_path)


def test_test_only_stand_ins_are_not_listed(release: Release) -> None:
    lists = layout.table(release)
    text = " ".join(entry for which in ("keep", "zip") for entry in lists[which])
    assert not re.search(r"icuuc|designer|\.exe|opengl32sw|QtNetwork|Qml", text)

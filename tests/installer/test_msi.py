# SPDX-License-Identifier: AGPL-3.0-or-later
"""MSI packages of a tiny program: tables, identities that hold for ever, the same bytes from anywhere, signatures."""

from __future__ import annotations

import dataclasses
import re
import struct
import subprocess
import zipimport
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client import paths
from resources.packaging.builder import (
    authenticode,
    cabinet,
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


# -- the cabinet inside ----------------------------------------------------------------------------------------------


def stand_alone(blocks: list[bytes]) -> bytes:
    """A cabinet as wixl packs it: one file, every block deflated by itself."""
    plain = b"".join(blocks)
    data = b""
    for block in blocks:
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = b"CK" + deflate.compress(block) + deflate.flush()
        sizes = struct.pack("<HH", len(packed), len(block))
        data += struct.pack("<I", cabinet.checksum(sizes, cabinet.checksum(packed))) + sizes + packed
    entry = struct.pack("<IIHHHH", len(plain), 0, 0, 0x5A21, 0, 0x20) + b"file.bin\0"
    start = 36 + 8 + len(entry)
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, start + len(data), 0, 44, 0, 3, 1, 1, 1, 0, 0, 0)
    return head + struct.pack("<IHH", start, len(blocks), 1) + entry + data


@settings(max_examples=40, deadline=None)
@given(seed=st.binary(min_size=1, max_size=64), length=st.integers(1, 3 * cabinet.BLOCK), noise=st.integers(0, 3))
def test_a_cabinet_packed_anew_holds_the_same_bytes(seed: bytes, length: int, noise: int) -> None:
    random = Random(seed)
    pieces = [random.randbytes(64) if random.randrange(4) < noise else seed * 3 for _ in range(length // 48 + 1)]
    plain = b"".join(pieces)[:length]
    blocks = [plain[at : at + cabinet.BLOCK] for at in range(0, len(plain), cabinet.BLOCK)]
    made_alone = stand_alone(blocks)
    packed = cabinet.tighter(made_alone)
    assert len(packed) <= len(made_alone) + 16 * len(blocks)
    assert cabinet.tighter(packed) == packed
    assert unpacked(packed) == plain


def unpacked(data: bytes) -> bytes:
    """As Windows reads it: checksums first, then each block with the one before it as its history."""
    at, blocks = struct.unpack_from("<IH", data, 36)
    out, before = b"", b""
    for _ in range(blocks):
        total, packed, plain = struct.unpack_from("<IHH", data, at)
        piece = data[at + 8 : at + 8 + packed]
        assert total == cabinet.checksum(data[at + 4 : at + 8], cabinet.checksum(piece))
        before = zlib.decompressobj(-15, before).decompress(piece[2:]) if before else zlib.decompress(piece[2:], -15)
        assert len(before) == plain
        out, at = out + before, at + 8 + packed
    return out


@pytest.mark.parametrize(
    "wrong",
    [
        lambda cab: b"",
        lambda cab: b"MSCF" + bytes(40),
        lambda cab: cab[:-1],
        lambda cab: cab + b"x",
        lambda cab: cab[:30] + b"\x04" + cab[31:],
        lambda cab: cab[:-20] + bytes(20),
        lambda cab: cab.replace(b"CK", b"XX", 1),
    ],
)
def test_what_is_no_such_cabinet_is_refused(wrong: Callable[[bytes], bytes]) -> None:
    good = stand_alone([b"text " * 5_000])
    with pytest.raises(NotVerified):
        cabinet.tighter(wrong(good))


def test_the_package_holds_the_files_as_they_were(release: Release, program: Path, tmp_path: Path) -> None:
    (program / "app" / "large.bin").write_bytes(Random(5).randbytes(40_000) * 4)
    path = made(release, program, tmp_path)
    subprocess.run(["msiextract", "-C", str(tmp_path / "out"), str(path)], check=True, capture_output=True)
    (installed,) = (tmp_path / "out").iterdir()
    assert {p.relative_to(installed): p.read_bytes() for p in installed.rglob("*") if p.is_file()} == {
        p.relative_to(program): p.read_bytes() for p in program.rglob("*") if p.is_file()
    }

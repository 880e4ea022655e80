# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Windows Python comes by hash and publisher or not at all; no network is asked here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from resources.packaging.builder import authenticode, fetch, launcher, layout, signing, tree
from resources.packaging.builder.errors import BuilderError, NotVerified, Refused
from resources.packaging.builder.release import Release
from tests.installer.keys import PUBLISHER, Authorities

Needs = Callable[..., None]


def archive(path: Path, *names: str) -> Path:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name in names:
            made.writestr(name, b"content")
    path.write_bytes(data.getvalue())
    return path


def table(sha256: str) -> dict[str, Any]:
    return {"production": {"sha256": sha256}}


def test_production_takes_no_python_from_an_index(production: Release, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"from the package index.*publisher of Python is not checked"):
        fetch.fetch(production, roots=None)
    with pytest.raises(Refused, match="names no hash"):
        fetch.unpack_production(production, table(""), tmp_path / "x.zip", tmp_path)


@pytest.mark.parametrize("people", [[], ["A"], ["A", "A"]])
def test_production_wants_two_people_to_have_checked_the_hash(
    production: Release, tmp_path: Path, people: list[str]
) -> None:
    path, out = archive(tmp_path / "python.zip", "python313.dll"), tmp_path / "out"
    out.mkdir()
    named = table(tree.sha256(path))
    named["production"]["confirmed_by"] = people
    with pytest.raises(Refused, match="fewer than two people"):
        fetch.unpack_production(production, named, path, out)
    named["production"]["confirmed_by"] = ["A", "B"]
    fetch.unpack_production(production, named, path, out)
    assert (out / "python313.dll").is_file()


def test_the_table_names_one_exact_version(release: Release) -> None:
    named = fetch.runtime_table(release)["production"]
    assert re.fullmatch(r"python-3\.13\.\d+-embed-amd64\.zip", named["file"])
    assert re.fullmatch("[0-9a-f]{64}", named["sha256"])
    assert len(set(named["confirmed_by"])) == len(named["confirmed_by"])


def test_a_runtime_fetched_for_a_test_build_stays_out_of_production(release: Release, production: Release) -> None:
    """Production looks at what lies there, not at how the command was called."""
    folder = release.target("win-x64")
    runtime = folder / "runtime"
    runtime.mkdir()
    (folder / "site").mkdir()
    (runtime / "python313.dll").write_bytes(b"library")
    named = fetch.runtime_table(release)
    with pytest.raises(Refused, match=r"not python\.org's.*publishers were not checked.*not those that were fetched"):
        layout.layout(production)
    fetch.record(folder, runtime, named["test"]["sha256"], 26)
    with pytest.raises(Refused, match=r"not python\.org's: fetch it anew$"):
        layout.layout(production)
    fetch.record(folder, runtime, named["production"]["sha256"], 0)
    with pytest.raises(Refused, match=r"refuses: its publishers were not checked$"):
        layout.layout(production)
    fetch.record(folder, runtime, named["production"]["sha256"], 26)
    fetch.allow(production, folder)
    (runtime / "python313.dll").write_bytes(b"another library")
    with pytest.raises(Refused, match="not those that were fetched"):
        layout.layout(production)
    fetch.allow(release, folder)


def test_the_zip_whose_hash_is_named_and_no_other(release: Release, tmp_path: Path) -> None:
    path, out = archive(tmp_path / "python.zip", "python313.dll", "python313.zip"), tmp_path / "out"
    out.mkdir()
    fetch.unpack_production(release, table(tree.sha256(path)), path, out)  # a test build asks for nobody's word
    assert {one.name for one in out.iterdir()} == {"python313.dll", "python313.zip"}
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(NotVerified, match="hash"):
        fetch.unpack_production(release, table("0" * 64), path, out)
    with pytest.raises(BuilderError, match="write it there first"):
        fetch.unpack_production(release, table(""), path, out)


@pytest.mark.parametrize("name", ["../x.dll", "Lib/os.py", "a\\b.dll", ".hidden", "C:x"])
def test_an_archive_that_is_not_flat_is_refused(release: Release, tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "python.zip", name)
    with pytest.raises(NotVerified, match="embeddable"):
        fetch.unpack_production(release, table(tree.sha256(path)), path, tmp_path)
    assert not (tmp_path.parent / "x.dll").exists()


def test_every_program_is_by_a_named_publisher(
    release: Release, tmp_path: Path, authorities: Authorities, needs: Needs
) -> None:
    needs("osslsigncode", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres")
    folder = tmp_path / "runtime"
    folder.mkdir()
    (folder / "python313.zip").write_bytes(b"no program")
    program = launcher.build(release, folder, "python313.dll")
    with pytest.raises(NotVerified, match="not signed"):
        fetch.check_publishers(folder, authorities.root.pem, [PUBLISHER])
    authenticode.sign(release, signing.from_environment(authorities.signing(authorities.signer)), program)
    assert fetch.check_publishers(folder, authorities.root.pem, [PUBLISHER]) == 1
    with pytest.raises(NotVerified, match="signed by"):
        fetch.check_publishers(folder, authorities.root.pem, ["Python Software Foundation"])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A layout into an MSI, on Linux, the same bytes wherever it is built.

``wixl`` makes it; what it cannot say is put right in the tables with ``msibuild``, and the two clocks it writes into
the summary are set to the release's time. Windows' own validation (ICE) exists on Windows only.
"""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import Final

from resources.packaging.builder import cabinet, layout, policy_schema, stage, tree, wxs
from resources.packaging.builder.errors import BuilderError, NotVerified
from resources.packaging.builder.release import NAME, PUBLISHER, Release
from resources.packaging.builder.tools import need, run

_SUMMARY: Final = bytes.fromhex("E0859FF2F94F6810AB9108002B27B3D9")
"""FMTID_SummaryInformation, [MS-OLEPS] 3.1; its section begins where the next four bytes say."""
_SET_PROPERTY: Final = 51
_MADE, _SAVED, _FILETIME = 12, 13, 0x40
_EPOCH_DIFFERENCE: Final = 11_644_473_600
_MSI_EPOCH_S: Final = 10_000_000


def package(release: Release, folder: Path) -> Path:
    """Build ``dist/<version>/win-x64/ecabinet-<version>-x64.msi`` from a layout.

    Raises:
        BuilderError: There is no layout.
        NotVerified: The layout is that of another release.
        Refused: Channel production and a program in the layout that nobody signed.
    """
    release.refuse_tree()
    if not (folder / f"{NAME}.exe").is_file():
        raise BuilderError(f"{folder} holds no layout: run build_installer.py layout --target win-x64 first")
    stage.check(release, folder)
    bare = layout.unsigned_programs(folder)
    release.refuse(f"{len(bare)} programs of the layout are not signed: {bare[0].name} and so on" if bare else "")
    return assemble(release, folder, release.target("win-x64"))


def assemble(release: Release, folder: Path, out: Path) -> Path:
    """Any folder with an ``ecabinet.exe`` into an MSI."""
    schema = policy_schema.read(release.packaging)
    tree.settle(folder, release.epoch)
    path = out / f"{NAME}-{release.file_version}-x64.msi"
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="ecabinet-msi-") as work:
        source = Path(work) / "ecabinet.wxs"
        source.write_bytes(wxs.document(release, folder, schema))
        (Path(work) / wxs.SOURCES).symlink_to(folder.resolve())
        (Path(work) / "ecabinet.ico").write_bytes((release.packaging / "windows" / "ecabinet.ico").read_bytes())
        words = [need("wixl"), "--arch", "x64", "--output", str(path.resolve()), source.name]
        run(words, cwd=Path(work), extra=release.reproducible())
        _tighten(path, Path(work) / wxs.CABINET)
    _secure(path, [key.msi for key in schema.keys if key.msi])
    name = f"{release.product} {release.version}"
    identity = wxs.guid(f"package {release.channel} {release.version} {release.commit}")
    run([need("msibuild"), path, "-s", name, PUBLISHER, "x64;1033", identity])
    _settle_times(path, release.epoch)
    return path


def table(path: Path, name: str) -> list[list[str]]:
    """Rows of a table, without its three lines of head."""
    text = run([need("msiinfo"), "export", path, name]).stdout.decode("utf-8", "replace")
    return [line.split("\t") for line in text.replace("\r", "").split("\n")[3:] if line]


def _tighten(path: Path, work: Path) -> None:
    """Pack what the MSI carries again, smaller; see ``cabinet``."""
    packed = run([need("msiinfo"), "extract", path, wxs.CABINET]).stdout
    work.write_bytes(cabinet.tighter(packed))
    run([need("msibuild"), path, "-a", wxs.CABINET, work])


def _secure(path: Path, properties: list[str]) -> None:
    """Let the properties pass from an administrator's command line to the elevated part."""
    found = [row[1] for row in table(path, "Property") if row[0] == "SecureCustomProperties"]
    wanted = ";".join(sorted({*properties, *(found[0].split(";") if found else [])}))
    words = (  # names of our own schema; msibuild knows no parameters
        f"UPDATE `Property` SET `Value` = '{wanted}' WHERE `Property` = 'SecureCustomProperties'"  # noqa: S608
        if found
        else f"INSERT INTO `Property` (`Property`, `Value`) VALUES ('SecureCustomProperties', '{wanted}')"  # noqa: S608
    )
    run([need("msibuild"), path, "-q", words])
    run([need("msibuild"), path, "-q", f"UPDATE `CustomAction` SET `Type` = {_SET_PROPERTY} WHERE `Type` = 2099"])  # noqa: S608


def _settle_times(path: Path, epoch: int) -> None:
    """Set both times of the summary.

    Raises:
        NotVerified: The summary is not where and what it should be.
    """
    data = bytearray(path.read_bytes())
    at = data.find(_SUMMARY)
    if at < 0 or data.find(_SUMMARY, at + 1) >= 0:
        raise NotVerified("the MSI's summary was not found")
    header = at - 28
    (offset,) = struct.unpack_from("<I", data, at + 16)
    section = header + offset
    (count,) = struct.unpack_from("<I", data, section + 4)
    wanted = (epoch + _EPOCH_DIFFERENCE) * _MSI_EPOCH_S
    done = set()
    for index in range(count):
        ident, place = struct.unpack_from("<II", data, section + 8 + 8 * index)
        if ident in {_MADE, _SAVED}:
            (kind,) = struct.unpack_from("<I", data, section + place)
            if kind != _FILETIME:
                raise NotVerified("the MSI's summary is not in one piece")
            struct.pack_into("<Q", data, section + place + 4, wanted)
            done.add(ident)
    if done != {_MADE, _SAVED}:
        raise NotVerified("the MSI's summary names no times")
    path.write_bytes(data)

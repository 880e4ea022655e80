# SPDX-License-Identifier: AGPL-3.0-or-later
"""``release.zip`` for networks without a way out: one release set and its update metadata, carried by hand.

The archive itself proves nothing; ``verify`` unpacks it and checks the set inside. Unpacking believes no name, link or
size in it.
"""

from __future__ import annotations

import datetime as dt
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from resources.packaging.builder import tree
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import NAME, Release

MAX_FILES: Final = 5_000
MAX_BYTES: Final = 2 * 1024**3
_PIECE: Final = 1 << 20


def pack(release: Release, folder: Path) -> Path:
    """The release set in ``folder`` as ``ecabinet-<version>-release.zip``; same bytes for the same set."""
    release.out.mkdir(parents=True, exist_ok=True)
    path = release.out / f"{NAME}-{release.file_version}-release.zip"
    when = dt.datetime.fromtimestamp(release.epoch, dt.UTC).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:  # installers are packed already
        for file in tree.files(folder):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), when)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            with archive.open(entry, "w") as out, file.open("rb") as given:
                shutil.copyfileobj(given, out, _PIECE)
    return path


def unpack(path: Path, folder: Path) -> Path:
    """Unpack into an empty ``folder``.

    Raises:
        NotVerified: Not an archive, or an entry with a name, kind or size that no release set has.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise NotVerified(f"{path.name}: too many files or bytes")
            for entry in entries:
                _unpack_one(archive, entry, folder)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise NotVerified(f"{path.name}: not a whole archive") from error
    return folder


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    name = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or kind not in {0, stat.S_IFREG}:
        raise NotVerified("the archive holds an entry that no release set has")
    out = folder / name
    if out.exists():
        raise NotVerified("the archive holds an entry twice")
    out.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as given, out.open("wb") as file:
        left = entry.file_size
        while piece := given.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise NotVerified("the archive holds an entry longer than it says")
            file.write(piece)

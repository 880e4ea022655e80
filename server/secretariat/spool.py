# SPDX-License-Identifier: AGPL-3.0-or-later
"""Seals papers into the desk's spool in constant memory; only sealed bytes are ever written.

The hash of the paper is part of the sealing context and was taken when the folder was checked, so sealing hashes
again and refuses a file that changed in between.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from client import durable
from client.crypto import hashing, stream
from client.crypto.secret import Secret
from client.domain.ids import Hash
from client.errors import BadInput, Text
from client.protocol import names
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import translated
from server.secretariat.model import SealedBlob
from server.secretariat.scan import PIECE


class FileChanged(BadInput):
    """A file changed between checking and sealing."""

    code = "user.file_changed"
    title = Text("Một tệp vừa bị thay đổi trong lúc phát hành", "A file changed while it was being published")
    next_step = Text("Đóng chương trình đang sửa tệp rồi chạy lại; chưa có gì được gửi.", "Close it and run again.")


def seal(core: DeskCore, path: Path, plain: Hash, key: Secret, progress: Callable[[int], None]) -> SealedBlob:
    """Seal the PDF at ``path`` into the spool.

    Args:
        core: The desk.
        path: The file that was checked.
        plain: The hash found when it was checked.
        key: The blob key, 32 bytes.
        progress: Told the plain bytes just sealed.

    Raises:
        FileChanged: It is not the file that was checked.
        DiskFull, DeskFault: The spool cannot be written.
    """
    sealer = stream.StreamSealer(key, names.blob_context(plain), core.rng)
    hasher, named, size = hashing.Hasher(), hashing.Hasher(), 0
    with translated():
        core.spool.mkdir(mode=0o700, exist_ok=True)
        aside = core.spool / f"{core.rng(8).hex()}.part"
        with path.open("rb") as source, aside.open("xb") as target:
            for sealed in _sealed(source.read, sealer, hasher, progress):
                named.update(sealed)
                target.write(sealed)
                size += len(sealed)
            target.flush()
            os.fsync(target.fileno())
        blob = SealedBlob(Hash(named.digest()), size)
        if hasher.digest() != plain:
            aside.unlink()
            raise FileChanged(hashing.short(plain))
        aside.replace(path_of(core, blob.hash))
        durable.sync_folder(core.spool)
    return blob


def _sealed(
    read: Callable[[int], bytes], sealer: stream.StreamSealer, hasher: hashing.Hasher, progress: Callable[[int], None]
) -> Iterator[bytes]:
    yield sealer.header()
    while piece := read(PIECE):
        hasher.update(piece)
        yield sealer.update(piece)
        progress(len(piece))
    yield sealer.finish()


def path_of(core: DeskCore, blob: Hash) -> Path:
    """Where a sealed paper waits; named by its own hash, never by the paper's name."""
    return core.spool / blob.removeprefix(hashing.PREFIX)


def clear(core: DeskCore) -> None:
    """Drop everything from the spool.

    Raises:
        DeskFault: Something could not be removed.
    """
    with translated():
        if core.spool.is_dir():
            for file in core.spool.iterdir():
                file.unlink()

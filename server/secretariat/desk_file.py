# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk on disk: one sealed file, replaced as a whole, and one process at a time.

``magic line | JSON header (salt, Argon2id cost) | newline | sealed bytes``. The body is sealed (C2SP chunked
encryption) under Argon2id of the passphrase; magic and header are its context, so an altered header does not
open. Written aside, synced, renamed, folder synced: a power cut leaves the old desk or the new one.
"""

from __future__ import annotations

import base64
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from client import durable
from client.crypto import stream
from client.crypto.kdf import Argon2Params, argon2id
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.errors import BadInput, DecryptionFailed, DiskFull, EnvironmentFault, FormatRefused, StoreBusy, Text
from server.secretariat.model import DeskFile

FILE_NAME: Final = "desk.sealed"
LOCK_NAME: Final = "desk.lock"
MAGIC: Final = b"ecab-desk/1\n"
MAX_FILE: Final = 256 * 1024 * 1024
MAX_HEADER: Final = 1024
MIN_PASSPHRASE: Final = 12
"""Characters; the file may be copied and attacked at leisure, unlike a PIN behind a counter."""


class WrongPassphrase(BadInput):
    """The passphrase does not open the desk, or the file was altered; the two cannot be told apart."""

    code = "user.wrong_passphrase"
    title = Text("Mật khẩu bàn làm việc không đúng", "Wrong desk passphrase")
    next_step = Text(
        "Nhập lại mật khẩu. Nếu chắc chắn đúng, tệp có thể đã bị sửa: dùng bản sao lưu.",
        "Enter it again. If it is right the file may have been altered: use a backup.",
    )


class DeskMissing(BadInput):
    """There is no desk in the folder, or there is one where a new one was asked for."""

    code = "user.desk_missing"
    title = Text("Không có bàn làm việc ở thư mục này", "No desk in this folder")
    next_step = Text('Chạy "ecabinet-secretariat init" hoặc chọn thư mục khác.', "Run init, or name another folder.")


class DeskExists(BadInput):
    """A new desk would replace one that is there."""

    code = "user.desk_exists"
    title = Text("Thư mục này đã có bàn làm việc", "This folder already holds a desk")
    next_step = Text("Chọn thư mục khác; bàn đang có không bị thay đổi.", "Choose another folder; nothing was changed.")


class DeskFault(EnvironmentFault):
    """The desk file or the spool cannot be read or written."""

    code = "machine.desk"
    title = Text("Không đọc, ghi được bàn làm việc", "The desk cannot be read or written")
    next_step = Text("Kiểm tra quyền của thư mục và ổ đĩa.", "Check the folder's permissions and the disk.")


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    salt: Annotated[bytes, Meta(min_length=16, max_length=64)]
    memory_kib: int
    iterations: int
    lanes: int


class SealedFile:
    """The desk file with its key in memory.

    Args:
        path: The desk's folder.
        header: Magic and header as they stand in the file.
        key: Derived from the passphrase.
        rng: For the salt of each sealing.
    """

    def __init__(self, path: Path, header: bytes, key: Secret, rng: Random) -> None:
        self._path = path / FILE_NAME
        self._header = header
        self._key = key
        self._rng = rng

    @classmethod
    def create(cls, path: Path, passphrase: str, content: DeskFile, *, rng: Random, params: Argon2Params) -> SealedFile:
        """A new desk file.

        Raises:
            DeskExists: There is one.
            BadInput: The passphrase is too short.
        """
        check_passphrase(passphrase)
        with translated():
            path.mkdir(parents=True, exist_ok=True)
            if (path / FILE_NAME).exists():
                raise DeskExists
        salt = rng(16)
        fields = _Header(salt, params.memory_kib, params.iterations, params.lanes)
        header = MAGIC + msgspec.json.encode(fields) + b"\n"
        made = cls(path, header, argon2id(passphrase, salt, params=params), rng)
        made.write(content)
        return made

    @classmethod
    def open(cls, path: Path, passphrase: str, *, rng: Random, testing: bool = False) -> tuple[SealedFile, DeskFile]:
        """An existing desk file and its content.

        Raises:
            DeskMissing: None there.
            WrongPassphrase: Wrong, or the file was altered.
            FormatRefused: Not a desk file.
        """
        data = _read(path / FILE_NAME)
        end = data.find(b"\n", len(MAGIC), len(MAGIC) + MAX_HEADER) + 1
        if not data.startswith(MAGIC) or not end:
            raise FormatRefused("desk file: magic or header")
        try:
            fields = msgspec.json.decode(data[len(MAGIC) : end], type=_Header)
        except msgspec.DecodeError as error:
            raise FormatRefused("desk file: header") from error
        params = Argon2Params(
            memory_kib=fields.memory_kib, iterations=fields.iterations, lanes=fields.lanes, testing=testing
        )
        key = argon2id(passphrase, fields.salt, params=params)
        try:
            plain = stream.open_bytes(key, data[:end], data[end:], limit=MAX_FILE)
        except DecryptionFailed as error:
            raise WrongPassphrase from error
        try:
            return cls(path, data[:end], key, rng), msgspec.json.decode(plain, type=DeskFile)
        except msgspec.DecodeError:
            raise FormatRefused("desk file: content of another version") from None  # the cause quotes nothing useful

    def write(self, content: DeskFile) -> None:
        """Replace the file.

        Raises:
            DiskFull, DeskFault: It was not written; the old one stands.
        """
        sealed = stream.seal_bytes(self._key, self._header, msgspec.json.encode(content), rng=self._rng)
        with translated():
            durable.replace(self._path, self._header + sealed)


def check_passphrase(passphrase: str) -> None:
    """Whether it is long enough.

    Raises:
        BadInput: It is not.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise BadInput(f"passphrase under {MIN_PASSPHRASE} characters")


@contextmanager
def translated() -> Iterator[None]:
    """System errors of desk and spool as ours."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("desk") from error
        raise DeskFault(error.strerror or type(error).__name__) from error


class Lock:
    """Keeps a second process away from the same desk; released by the system when the process dies.

    Raises:
        StoreBusy: Another process works at this desk.
    """

    def __init__(self, path: Path) -> None:
        with translated():
            self._descriptor = os.open(path / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreBusy("desk") from error

    def release(self) -> None:
        """Let others in."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        return
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read(path: Path) -> bytes:
    with translated():
        try:
            if path.stat().st_size > MAX_FILE:
                raise FormatRefused("desk file: too large")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise DeskMissing from error


def random_id(prefix: str, rng: Random) -> str:
    """``pk_`` and 16 base32 characters: 80 random bits, never derived from a title."""
    return f"{prefix}_{base64.b32encode(rng(10)).decode().lower()}"

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One signing key in one file, sealed under a passphrase: for keys that lie in a safe between two uses.

``magic line | JSON header (key id, public key, salt, Argon2id cost) | newline | sealed PKCS #8``. Magic and header are
the context of the sealing, so a file with an altered header does not open. The public half can be read without
the passphrase; what it says counts only once the private half opened, or where metadata names the same key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from client import durable
from client.crypto import stream
from client.crypto.kdf import Argon2Params, argon2id
from client.crypto.metadata.keys import HeldKey
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.errors import BadInput, DecryptionFailed, FormatRefused
from client.protocol.messages import KeyId, KeyRole, SignPublic
from server.secretariat.desk_file import DeskExists, WrongPassphrase, check_passphrase, translated

MAGIC: Final = b"ecab-key/1\n"
MAX_FILE: Final = 16 * 1024
SUFFIX: Final = ".ecabkey"


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    id: KeyId
    sign: SignPublic
    salt: Annotated[bytes, Meta(min_length=16, max_length=64)]
    memory_kib: int
    iterations: int
    lanes: int


def write(path: Path, held: HeldKey, passphrase: str, *, rng: Random, params: Argon2Params) -> None:
    """Seal a key into a new file.

    Raises:
        DeskExists: There is a file of that name; it was not touched.
        BadInput: The passphrase is too short.
    """
    check_passphrase(passphrase)
    salt = rng(16)
    fields = _Header(held.keyid, held.public, salt, params.memory_kib, params.iterations, params.lanes)
    header = MAGIC + msgspec.json.encode(fields) + b"\n"
    key = argon2id(passphrase, salt, params=params)
    sealed = stream.seal_bytes(key, header, held.key.private_bytes().reveal(), rng=rng)
    with translated():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            raise DeskExists(path.name)
        durable.replace(path, header + sealed)


def public_half(path: Path) -> KeyRole:
    """Whose key a file says it holds.

    Raises:
        BadInput: It cannot be read; ``FormatRefused``: not a key file.
    """
    _, fields, _ = _read(path)
    return KeyRole(fields.id, fields.sign)


def open_(path: Path, passphrase: str, *, testing: bool = False) -> HeldKey:
    """The key in a file.

    Raises:
        BadInput: It cannot be read.
        WrongPassphrase: Wrong, or the file was altered.
        FormatRefused: Not a key file.
    """
    header, fields, sealed = _read(path)
    params = Argon2Params(
        memory_kib=fields.memory_kib, iterations=fields.iterations, lanes=fields.lanes, testing=testing
    )
    try:
        plain = stream.open_bytes(argon2id(passphrase, fields.salt, params=params), header, sealed, limit=MAX_FILE)
    except DecryptionFailed as error:
        raise WrongPassphrase(path.name) from error
    held = HeldKey(fields.id, SigningKey.from_private(Secret(plain)))
    if held.public != fields.sign:
        raise FormatRefused("key file: halves of two keys")
    return held


def _read(path: Path) -> tuple[bytes, _Header, bytes]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise BadInput(f"{path.name}: {error.strerror}") from error
    end = data.find(b"\n", len(MAGIC)) + 1
    if len(data) > MAX_FILE or not data.startswith(MAGIC) or not end:
        raise FormatRefused("key file: size, magic or header")
    try:
        return data[:end], msgspec.json.decode(data[len(MAGIC) : end], type=_Header), data[end:]
    except msgspec.DecodeError as error:
        raise FormatRefused("key file: header") from error

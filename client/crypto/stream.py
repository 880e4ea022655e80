# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealed bytes: C2SP chunked encryption, instance Cobblestone-256 (c2sp.org/chunked-encryption).

``salt(24) || commitment(32) || AES-256-GCM(chunk 0) || AES-256-GCM(chunk 1) || ...``, chunks of 16 KiB, the
last one always shorter, so a message cut anywhere is noticed. Key, base nonce and commitment come from
HKDF-Expand-SHA512 of the key, the salt and a context; a sealed message therefore opens under one key and in
one context only.

Rules: plain bytes leave an opener only after their chunk was authenticated; the first failure is final for
that opener; the commitment is checked before any chunk; a key that is not 32 bytes is refused. Chunk ``k``
lies at ``sealed_offset(k)``, which lets a download go on and a reader seek.
"""

from __future__ import annotations

import hmac
import io
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from client.crypto.aead import KEY_SIZE, NONCE_SIZE, TAG_SIZE
from client.crypto.hashing import Bytes
from client.crypto.random import Random
from client.crypto.secret import Secret
from client.errors import DecryptionFailed, FormatRefused, LimitExceeded

CHUNK = 16_384
"""Plain bytes in every chunk but the last."""
SEALED_CHUNK = CHUNK + TAG_SIZE
SALT_SIZE = 24
COMMITMENT_SIZE = 32
HEADER_SIZE = SALT_SIZE + COMMITMENT_SIZE
OVERHEAD = HEADER_SIZE + TAG_SIZE
"""Bytes added to a message shorter than one chunk."""
MAX_CHUNKS = 2**38

_INFO = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"


def sealed_offset(chunk_index: int) -> int:
    """Where sealed chunk ``chunk_index`` starts, in bytes from the start of the sealed message."""
    return HEADER_SIZE + chunk_index * SEALED_CHUNK


def sealed_size(plain_size: int) -> int:
    """Sealed bytes for ``plain_size`` plain bytes."""
    return HEADER_SIZE + plain_size + (plain_size // CHUNK + 1) * TAG_SIZE


def plain_size(sealed_bytes: int) -> int:
    """The inverse of :func:`sealed_size`.

    Raises:
        FormatRefused: No message has that sealed size.
    """
    chunks, rest = divmod(sealed_bytes - HEADER_SIZE, SEALED_CHUNK)
    if sealed_bytes < HEADER_SIZE or rest < TAG_SIZE:
        raise FormatRefused(f"no message of {sealed_bytes} sealed bytes")
    return chunks * CHUNK + rest - TAG_SIZE


def seal_bytes(key: Secret, context: bytes, plain: Bytes, *, rng: Random) -> bytes:
    """The whole message at once; ``context`` says what it is and must be given again to open it."""
    salt = rng(SALT_SIZE)
    cipher, base, commitment = _derive(key, salt, context)
    out = io.BytesIO(bytes(sealed_size(len(plain))))
    with out.getbuffer() as target:
        target[:HEADER_SIZE] = salt + commitment
        with target[HEADER_SIZE:] as body, memoryview(plain) as source:
            _encrypt(cipher, base, range(len(plain) // CHUNK + 1), source, body)
    return out.getvalue()


def open_bytes(key: Secret, context: bytes, sealed: Bytes, *, limit: int) -> bytes:
    """The whole message at once, of at most ``limit`` plain bytes.

    Raises:
        LimitExceeded: The message is longer; nothing was decrypted.
        DecryptionFailed: Wrong key, wrong context, altered or cut.
    """
    if len(sealed) > sealed_size(limit):
        raise LimitExceeded(f"{len(sealed)} sealed bytes for a limit of {limit}")
    try:
        size = plain_size(len(sealed))
    except FormatRefused as error:
        raise DecryptionFailed("cut or extended") from error
    cipher, base = _check_header(key, bytes(sealed[:HEADER_SIZE]), context)
    out = io.BytesIO(bytes(size))
    with out.getbuffer() as target, memoryview(sealed) as whole, whole[HEADER_SIZE:] as source:
        _decrypt(cipher, base, range(size // CHUNK + 1), source, target)
    return out.getvalue()


class StreamSealer:
    """Seals a message that arrives in pieces.

    Args:
        key: 32 bytes; may seal many messages, the salt makes each its own.
        context: Bound into the message, e.g. ``b"ecab/blob/1|<plain hash>"``.
        rng: Draws the salt.

    Raises:
        DecryptionFailed: The key is not 32 bytes.
    """

    def __init__(self, key: Secret, context: bytes, rng: Random) -> None:
        salt = rng(SALT_SIZE)
        self._cipher, self._base, commitment = _derive(key, salt, context)
        self._header = salt + commitment
        self._next = 0
        self._rest = b""

    def header(self) -> bytes:
        """The first 56 bytes of the sealed message; write them before anything else."""
        return self._header

    def update(self, plain: Bytes) -> bytes:
        """Sealed chunks for as much of the input as fills chunks; the rest waits."""
        source = memoryview(self._rest + plain if self._rest else plain)
        count = len(source) // CHUNK
        self._check_count(count)
        self._rest = bytes(source[count * CHUNK :])
        if not count:
            return b""
        out = io.BytesIO(bytes(count * SEALED_CHUNK))
        with out.getbuffer() as target:
            _encrypt(self._cipher, self._base, range(self._next, self._next + count), source, target)
        self._next += count
        return out.getvalue()

    def finish(self) -> bytes:
        """The last, short chunk. Call once."""
        self._check_count(1)
        nonce = (self._base ^ self._next).to_bytes(NONCE_SIZE, "big")
        last, self._rest, self._next = self._rest, b"", MAX_CHUNKS  # the sealer is used up
        return self._cipher.encrypt(nonce, last, None)

    def _check_count(self, more: int) -> None:
        if self._next + more > MAX_CHUNKS:
            raise LimitExceeded("sealer used up")


class StreamOpener:
    """Opens a sealed message fed in any slices.

    Args:
        key: The key it was sealed under.
        context: The context it was sealed in.
    """

    def __init__(self, key: Secret, context: bytes) -> None:
        if len(key) != KEY_SIZE:
            raise DecryptionFailed(f"key of {len(key)} bytes")
        self._key = key
        self._context = context
        self._header = b""
        self._cipher: AESGCM | None = None
        self._base = 0
        self._next = 0
        self._rest = b""
        self._dead = False

    @classmethod
    def resume(cls, key: Secret, context: bytes, header: bytes, next_chunk: int) -> Self:
        """An opener that goes on at chunk ``next_chunk``; feed it from ``sealed_offset(next_chunk)``.

        Raises:
            DecryptionFailed: The header does not belong to this key and context.
            FormatRefused: ``header`` is not 56 bytes or ``next_chunk`` is out of range.
        """
        if len(header) != HEADER_SIZE or not 0 <= next_chunk < MAX_CHUNKS:
            raise FormatRefused(f"header of {len(header)} bytes, chunk {next_chunk}")
        opener = cls(key, context)
        opener._take_header(header)
        opener._next = next_chunk
        return opener

    @property
    def header(self) -> bytes:
        """The verified 56 bytes to keep for :meth:`resume`; empty until they arrived."""
        return self._header

    @property
    def next_chunk(self) -> int:
        """How many chunks were opened: where :meth:`resume` goes on."""
        return self._next

    def update(self, sealed: Bytes) -> bytes:
        """Authenticated plain bytes of every chunk completed by ``sealed``.

        Raises:
            DecryptionFailed: Altered, reordered, or not of this key and context. Final.
        """
        self._check_alive()
        source = memoryview(self._rest + sealed if self._rest else sealed)
        if self._cipher is None:
            if len(source) < HEADER_SIZE:
                self._rest = bytes(source)
                return b""
            self._take_header(bytes(source[:HEADER_SIZE]))
            source = source[HEADER_SIZE:]
        count = len(source) // SEALED_CHUNK
        self._rest = bytes(source[count * SEALED_CHUNK :])
        return self._open_chunks(source, count) if count else b""

    def finish(self) -> bytes:
        """The plain bytes of the last, short chunk.

        Raises:
            DecryptionFailed: The message was cut, extended or altered. Final.
        """
        self._check_alive()
        self._dead = True
        if self._cipher is None or len(self._rest) < TAG_SIZE:
            raise DecryptionFailed(f"cut after chunk {self._next}")
        try:
            return self._cipher.decrypt((self._base ^ self._next).to_bytes(NONCE_SIZE, "big"), self._rest, None)
        except InvalidTag as error:
            raise DecryptionFailed(f"last chunk {self._next}") from error

    def _open_chunks(self, source: memoryview, count: int) -> bytes:
        """``count`` whole chunks; nothing is returned when one of them fails."""
        assert self._cipher is not None
        if self._next + count >= MAX_CHUNKS:
            self._dead = True
            raise DecryptionFailed("too many chunks")
        out = io.BytesIO(bytes(count * CHUNK))
        try:
            with out.getbuffer() as target:
                _decrypt(self._cipher, self._base, range(self._next, self._next + count), source, target)
        except DecryptionFailed:
            self._dead = True
            raise
        self._next += count
        return out.getvalue()

    def _take_header(self, header: bytes) -> None:
        try:
            self._cipher, self._base = _check_header(self._key, header, self._context)
        except DecryptionFailed:
            self._dead = True
            raise
        self._header = header

    def _check_alive(self) -> None:
        if self._dead:
            raise DecryptionFailed("after an earlier failure or the end")


def _derive(key: Secret, salt: bytes, context: bytes) -> tuple[AESGCM, int, bytes]:
    """Cipher, base nonce as a number, commitment (section "Key derivation")."""
    if len(key) != KEY_SIZE:
        raise DecryptionFailed(f"key of {len(key)} bytes")
    length = KEY_SIZE + NONCE_SIZE + COMMITMENT_SIZE
    okm = HKDFExpand(hashes.SHA512(), length, _INFO + salt + context).derive(key.reveal())
    nonce_end = KEY_SIZE + NONCE_SIZE
    return AESGCM(okm[:KEY_SIZE]), int.from_bytes(okm[KEY_SIZE:nonce_end], "big"), okm[nonce_end:]


def _check_header(key: Secret, header: bytes, context: bytes) -> tuple[AESGCM, int]:
    """Cipher and base nonce, once the commitment matched."""
    cipher, base, commitment = _derive(key, header[:SALT_SIZE], context)
    if not hmac.compare_digest(commitment, header[SALT_SIZE:]):
        raise DecryptionFailed("commitment: wrong key or context")
    return cipher, base


# Both loops write into a BytesIO that alone holds its buffer and later hands it out without a copy: less than
# half the time of a bytearray turned into bytes. Slices past the end are short, which makes the last chunk.


def _encrypt(cipher: AESGCM, base: int, chunks: range, source: memoryview, target: memoryview) -> None:
    encrypt, at, to = cipher.encrypt_into, 0, 0
    for number in chunks:
        nonce = (base ^ number).to_bytes(NONCE_SIZE, "big")
        encrypt(nonce, source[at : at + CHUNK], None, target[to : to + SEALED_CHUNK])
        at += CHUNK
        to += SEALED_CHUNK


def _decrypt(cipher: AESGCM, base: int, chunks: range, source: memoryview, target: memoryview) -> None:
    decrypt, at, to, number = cipher.decrypt_into, 0, 0, chunks.start
    try:
        for number in chunks:
            nonce = (base ^ number).to_bytes(NONCE_SIZE, "big")
            decrypt(nonce, source[at : at + SEALED_CHUNK], None, target[to : to + CHUNK])
            at += SEALED_CHUNK
            to += CHUNK
    except InvalidTag as error:
        raise DecryptionFailed(f"chunk {number}") from error

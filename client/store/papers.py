# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bytes of papers in ``papers.db``, decrypted and kept as rows of 256 KiB inside the encrypted file.

Rules:
1. Rows are written in order and without gaps, so ``chunks`` says where an interrupted download goes on.
2. A paper is present only after its length and SHA-256 matched the manifest's (``finish``), and is checked
   again each time it is read: a damaged log loses rows without any error from the library.
3. Bytes that do not match are dropped, never handed out.
4. No name of a paper is here, only hashes.
"""

from __future__ import annotations

import io
from typing import Final

from client.crypto.hashing import Hasher
from client.crypto.stream import CHUNK as SEALED_STEP
from client.crypto.stream import HEADER_SIZE
from client.domain.ids import Hash
from client.errors import ContentMismatch, InternalFault, LimitExceeded
from client.store import last_views, search
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.hash_ahead import HashAhead

CHUNK: Final = 256 * 1024
"""Plain bytes in every row but the last; a whole number of sealed chunks, so a resume lands between two."""
assert CHUNK % SEALED_STEP == 0
MAX_BYTES: Final = 1 << 30
"""Plain bytes of one paper (protocol.md, section 4)."""
_ROW_BITS: Final = 16
assert MAX_BYTES // CHUNK < 1 << _ROW_BITS
_VACUUM_PAGES: Final = 4096
"""Free pages of 16 KiB given back to the system after each ``forget``."""

_FETCHING, _PRESENT = 0, 1


def chunks(conn: Connection, blob: Hash) -> int:
    """How many rows of a paper are committed; the download goes on at plain byte ``chunks * CHUNK``."""
    row = conn.execute("SELECT chunks FROM blobs WHERE blob = ?", (blob,)).fetchone()
    return 0 if row is None else int(row[0])


def keep_header(conn: Connection, blob: Hash, header: bytes) -> Written[None]:
    """Keep the sealed stream's verified header, which going on with a download needs."""
    if len(header) != HEADER_SIZE:
        raise InternalFault(f"header of {len(header)} bytes")
    _ensure(conn, blob)
    conn.execute("UPDATE blobs SET header = ? WHERE blob = ?", (header, blob))
    return wrote(Topic.PAPERS, blob)


def header(conn: Connection, blob: Hash) -> bytes | None:
    """What :func:`keep_header` kept."""
    row = conn.execute("SELECT header FROM blobs WHERE blob = ?", (blob,)).fetchone()
    return None if row is None else row[0]


def append(conn: Connection, blob: Hash, index: int, plain: bytes) -> Written[None]:
    """Commit the next row of a paper.

    Args:
        conn: ``papers.db``.
        blob: Hash of the sealed bytes.
        index: Its number; must be :func:`chunks`.
        plain: ``CHUNK`` bytes, fewer only in the last row.

    Raises:
        InternalFault: Out of order, after a short row, or after ``finish``.
        LimitExceeded: The row or the paper is too large.
    """
    if not 0 < len(plain) <= CHUNK or (index + 1) * CHUNK > MAX_BYTES:
        raise LimitExceeded(f"row {index} of {len(plain)} bytes")
    with conn.transaction():
        number, count, size, state = _ensure(conn, blob)
        if state != _FETCHING or index != count or size != index * CHUNK:
            raise InternalFault(f"row {index} after {count} rows, {size} bytes, state {state}")
        conn.execute("INSERT INTO chunks (id, data) VALUES (?, ?)", (number << _ROW_BITS | index, plain))
        conn.execute("UPDATE blobs SET chunks = ?, size = ? WHERE id = ?", (index + 1, size + len(plain), number))
        conn.wrote_bulk(len(plain))
    return wrote(Topic.PAPERS, blob)


def finish(conn: Connection, blob: Hash, plain: Hash, size: int, *, seen: Hash | None = None) -> Written[bool]:
    """Make a paper present if its bytes are the promised ones; drop them if not.

    Does not raise on a mismatch, because dropping must be committed: the caller raises ``ContentMismatch``.

    Args:
        conn: ``papers.db``.
        blob: Hash of the sealed bytes.
        plain: Hash the manifest promises.
        size: Length in bytes the manifest promises.
        seen: Digest of every byte given to :func:`append`, if the caller saw all of them pass in one run.
            Spares reading a large paper again; reading checks the stored bytes in any case.

    Returns:
        Whether the paper is present now.
    """
    with conn.transaction():
        _, count, stored, state = _ensure(conn, blob)
        if state == _PRESENT:
            return True, wrote(Topic.PAPERS, blob)[1]
        good = stored == size and count == -(-size // CHUNK)
        if good and (seen or _digest(conn, blob)) == plain:
            conn.execute("UPDATE blobs SET state = ?, plain = ? WHERE blob = ?", (_PRESENT, plain, blob))
            return True, wrote(Topic.PAPERS, blob)[1]
        return False, forget(conn, blob)[1]


def is_present(conn: Connection, blob: Hash) -> bool:
    """Whether the whole paper is here and was verified when it came."""
    row = conn.execute("SELECT 1 FROM blobs WHERE blob = ? AND state = ?", (blob, _PRESENT)).fetchone()
    return row is not None


def read(conn: Connection, blob: Hash, *, plain: Hash) -> bytes:
    """The whole paper, verified. Call it through ``Gate.read``: dropping damaged bytes must be committed.

    Raises:
        ContentMismatch: Absent, or not the promised bytes; the paper is absent from now on and must be
            fetched again.
    """
    row = conn.execute("SELECT id, chunks, size FROM blobs WHERE blob = ? AND state = ?", (blob, _PRESENT)).fetchone()
    if row is None:
        raise ContentMismatch("absent")
    number, count, size = row
    # A BytesIO that alone holds its buffer hands it out without a copy.
    data, at = io.BytesIO(bytes(size)), 0
    with data.getbuffer() as view, HashAhead(view) as hashed:
        for (piece,) in conn.stream(*_rows_of(number)):
            if at + len(piece) > size:
                break
            view[at : at + len(piece)] = piece
            at += len(piece)
            hashed.advance(at)
        digest = hashed.digest()
    if at != size or digest != plain:
        forget(conn, blob)
        raise ContentMismatch(f"paper of {count} rows, {at} of {size} bytes")
    return data.getvalue()


def forget(conn: Connection, blob: Hash) -> Written[None]:
    """Drop a paper's bytes and, if no other blob holds the same paper, its place in the index and its last look."""
    row = conn.execute("SELECT id, plain FROM blobs WHERE blob = ?", (blob,)).fetchone()
    changes = wrote(Topic.PAPERS, blob)[1]
    if row is None:
        return None, changes
    number, plain = row
    with conn.transaction():
        conn.execute("DELETE FROM chunks WHERE id BETWEEN ? AND ?", _range(number))
        conn.execute("DELETE FROM blobs WHERE id = ?", (number,))
        if plain is not None and not conn.execute("SELECT 1 FROM blobs WHERE plain = ?", (plain,)).fetchone():
            changes |= search.drop(conn, plain)[1]
            last_views.drop(conn, plain)
    conn.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})")
    return None, changes


def present(conn: Connection) -> frozenset[Hash]:
    """Blob hashes of all papers that can be opened."""
    return frozenset(Hash(blob) for (blob,) in conn.execute("SELECT blob FROM blobs WHERE state = ?", (_PRESENT,)))


def sizes(conn: Connection) -> dict[Hash, int]:
    """Plain bytes that are here of each blob, whole or not."""
    return {Hash(blob): int(size) for blob, size in conn.execute("SELECT blob, size FROM blobs WHERE size > 0")}


def usage(conn: Connection) -> int:
    """Bytes of disk in use in a store: here by papers, their index and pictures."""
    pages, free, size = (int(_pragma(conn, name)) for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size


def _pragma(conn: Connection, name: str) -> str | int:
    """SQLCipher answers some of these as text."""
    row = conn.execute(f"PRAGMA {name}").fetchone()
    assert row is not None
    value: str | int = row[0]
    return value


def _ensure(conn: Connection, blob: Hash) -> tuple[int, int, int, int]:
    """The blob's id, rows, bytes and state, made if unknown."""
    for _ in range(2):
        row = conn.execute("SELECT id, chunks, size, state FROM blobs WHERE blob = ?", (blob,)).fetchone()
        if row is not None:
            return row[0], row[1], row[2], row[3]
        conn.execute("INSERT INTO blobs (blob, size, chunks, state) VALUES (?, 0, 0, ?)", (blob, _FETCHING))
    raise InternalFault("blob row not kept")


def _range(number: int) -> tuple[int, int]:
    return number << _ROW_BITS, (number + 1 << _ROW_BITS) - 1


def _rows_of(number: int) -> tuple[str, tuple[int, int]]:
    return "SELECT data FROM chunks WHERE id BETWEEN ? AND ? ORDER BY id", _range(number)


def _digest(conn: Connection, blob: Hash) -> str:
    """SHA-256 of the stored rows, one row in memory at a time."""
    number = _ensure(conn, blob)[0]
    hasher = Hasher()
    for (piece,) in conn.stream(*_rows_of(number)):
        hasher.update(piece)
    return hasher.digest()

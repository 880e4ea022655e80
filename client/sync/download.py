# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching one paper: range request, decrypt, verify, commit chunk by chunk, go on where the last try stopped.

The wire is read and opened on one thread while the store's thread commits (``committer``). A row is one plain chunk
of 256 KiB, a whole number of sealed chunks, so that every committed row is also a place to go on from; the wire is
cut into pieces that open to exactly one row.

Refused: bytes that do not open, a stream that ends early or late, a whole whose hash is not the manifest's. What
was committed of such a paper is dropped by the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Final

from client.crypto import stream
from client.crypto.hashing import Hasher
from client.crypto.secret import Secret
from client.crypto.stream import StreamOpener
from client.domain.ids import Hash
from client.domain.paper import PaperVersion
from client.errors import ContentMismatch
from client.protocol import names
from client.store import papers
from client.sync.committer import Committer
from client.sync.crashpoints import crash_point
from client.sync.means import Brake, Means

STEPS: Final = papers.CHUNK // stream.CHUNK
"""Sealed chunks in one row."""
SEALED_ROW: Final = STEPS * stream.SEALED_CHUNK
"""Sealed bytes that open to one row; gathered before they are opened in one call."""


class Fetched(Enum):
    """How a fetch ended."""

    PRESENT = "present"
    STEPPED_ASIDE = "stepped_aside"
    """Something urgent waits; what was committed stays."""


def fetch(means: Means, committer: Committer, paper: PaperVersion, on_progress: Callable[[int], None]) -> Fetched:
    """Fetch the bytes of ``paper`` until they are present, or step aside for something urgent.

    Args:
        means: Ports.
        committer: Takes the rows.
        paper: Its blob is not present.
        on_progress: Called with the number of sealed bytes that arrived since the last call.

    Raises:
        ServiceError: The wire; go on later from what was committed.
        Untrusted: The bytes are not the promised ones; they were dropped.
        Stopped: The brake was pulled.
    """
    assert paper.blob is not None
    assert paper.plain is not None
    assert paper.key is not None
    blob = paper.blob
    committer.begin(blob)
    rows = means.papers.read(lambda conn: papers.chunks(conn, blob)).result()
    work = _Fetch(means, committer, blob, rows)
    if rows * papers.CHUNK >= paper.size:  # everything was committed, only the last word was not said
        work.finish(paper.plain, paper.size)
        return Fetched.PRESENT
    opener, start = _opener(means, paper, rows)
    on_progress(start)
    header_due = rows == 0
    with means.transport.get_blob(blob, start) as pieces:
        for piece in _gathered(pieces, SEALED_ROW + (stream.HEADER_SIZE if start == 0 else 0), means.brake):
            means.brake.check()
            on_progress(len(piece))
            if start + len(piece) > paper.blob_size:
                raise ContentMismatch(f"blob longer than {paper.blob_size}")
            start += len(piece)
            work.add(opener.update(piece))
            if header_due and opener.header:
                work.keep_header(opener.header)
                header_due = False
            if means.brake.urgent:
                work.settle()
                return Fetched.STEPPED_ASIDE
    if start != paper.blob_size:
        raise ContentMismatch(f"{start} of {paper.blob_size} bytes")
    work.add(opener.finish())
    work.finish(paper.plain, paper.size)
    return Fetched.PRESENT


class _Fetch:
    """Rows on their way into the store."""

    def __init__(self, means: Means, committer: Committer, blob: Hash, rows: int) -> None:
        self._means, self._committer = means, committer
        self._blob = blob
        self._next = rows
        self._hasher = Hasher() if rows == 0 else None
        self._rest = b""

    def keep_header(self, header: bytes) -> None:
        blob = self._blob
        self._means.papers.write(lambda conn: papers.keep_header(conn, blob, header)).result()

    def add(self, plain: bytes) -> None:
        if self._hasher is not None:
            self._hasher.update(plain)
        if not self._rest and len(plain) == papers.CHUNK:  # the usual case: nothing is copied
            self._put(plain)
            return
        rest = self._rest + plain
        whole = len(rest) - len(rest) % papers.CHUNK
        for at in range(0, whole, papers.CHUNK):
            self._put(rest[at : at + papers.CHUNK])
        self._rest = rest[whole:]

    def _put(self, row: bytes) -> None:
        self._committer.put(self._blob, self._next, row)
        self._next += 1
        crash_point("paper.chunk")

    def settle(self) -> None:
        """Wait until everything handed over is committed."""
        self._committer.settle(self._blob)

    def finish(self, plain: Hash, size: int) -> None:
        if self._rest:
            self._put(self._rest)
        self.settle()
        blob = self._blob
        seen = None if self._hasher is None else Hash(self._hasher.digest())
        good = self._means.papers.write(lambda conn: papers.finish(conn, blob, plain, size, seen=seen)).result()
        if not good:
            raise ContentMismatch(f"paper of {size} bytes")
        crash_point("paper.finished")


def _opener(means: Means, paper: PaperVersion, rows: int) -> tuple[StreamOpener, int]:
    """An opener at the first row that is not here, and the sealed byte it wants next."""
    assert paper.blob is not None
    assert paper.plain is not None
    assert paper.key is not None
    blob = paper.blob
    key, context = Secret(paper.key), names.blob_context(paper.plain)
    header = means.papers.read(lambda conn: papers.header(conn, blob)).result() if rows else None
    if rows and header is None:
        with means.transport.get_blob(blob, 0, stream.HEADER_SIZE) as pieces:
            header = b"".join(pieces)
    if header is None:
        return StreamOpener(key, context), 0
    return StreamOpener.resume(key, context, header, rows * STEPS), stream.sealed_offset(rows * STEPS)


def _gathered(pieces: Iterator[bytes], first: int, brake: Brake) -> Iterator[bytes]:
    """Pieces that open to one row each, the first of ``first`` bytes; a short one when something urgent waits."""
    held: list[bytes | memoryview] = []
    size, due = 0, first
    for piece in pieces:
        brake.check()
        rest = memoryview(piece)
        while size + len(rest) >= due:
            held.append(rest[: due - size])
            yield b"".join(held)
            rest = rest[due - size :]
            held, size, due = [], 0, SEALED_ROW
        if rest:
            held.append(rest)
            size += len(rest)
        if brake.urgent and held:  # a slow line must not make an act wait for a whole row
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching one paper: range request, decrypt, verify, commit chunk by chunk, go on where the last try stopped.

The wire is read and opened on the engine's thread while the store's thread commits; a bounded number of rows is
under way between them, so memory stays flat whatever the paper's size. A row is one plain chunk of 256 KiB, a
whole number of sealed chunks, so that every committed row is also a place to go on from.

Refused: bytes that do not open, a stream that ends early or late, a whole whose hash is not the manifest's. What
was committed of such a paper is dropped by the store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
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
from client.store.changes import ChangeSet
from client.store.connection import Connection
from client.sync.crashpoints import crash_point
from client.sync.means import Means

STEPS: Final = papers.CHUNK // stream.CHUNK
"""Sealed chunks in one row."""
UNDER_WAY: Final = 8
"""Rows handed to the store and not committed yet; bounds memory to a few MiB."""
GATHER: Final = 128 * 1024
"""Sealed bytes gathered from the socket before they are opened in one call."""


class Fetched(Enum):
    """How a fetch ended."""

    PRESENT = "present"
    STEPPED_ASIDE = "stepped_aside"
    """Something urgent waits; what was committed stays."""


def fetch(means: Means, paper: PaperVersion, on_progress: Callable[[int], None]) -> Fetched:
    """Fetch the bytes of ``paper`` until they are present, or step aside for something urgent.

    Args:
        means: Ports.
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
    rows = means.papers.read(lambda conn: papers.chunks(conn, blob)).result()
    work = _Fetch(means, blob, rows)
    if rows * papers.CHUNK >= paper.size:  # everything was committed, only the last word was not said
        work.finish(paper.plain, paper.size)
        return Fetched.PRESENT
    opener, start = _opener(means, paper, rows)
    on_progress(start)
    header_due = rows == 0
    with means.transport.get_blob(blob, start) as pieces:
        for piece in _gathered(pieces):
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

    def __init__(self, means: Means, blob: Hash, rows: int) -> None:
        self._means = means
        self._blob = blob
        self._next = rows
        self._hasher = Hasher() if rows == 0 else None
        self._rest = bytearray()
        self._under_way: deque[Future[None]] = deque()

    def keep_header(self, header: bytes) -> None:
        blob = self._blob
        self._under_way.append(self._means.papers.write(lambda conn: papers.keep_header(conn, blob, header)))

    def add(self, plain: bytes) -> None:
        if self._hasher is not None:
            self._hasher.update(plain)
        self._rest += plain
        while len(self._rest) >= papers.CHUNK:
            row = bytes(memoryview(self._rest)[: papers.CHUNK])
            del self._rest[: papers.CHUNK]
            self._append(row)

    def _append(self, row: bytes) -> None:
        blob, index = self._blob, self._next
        self._next += 1

        def write(conn: Connection) -> tuple[None, ChangeSet]:
            papers.append(conn, blob, index, row)
            return None, ChangeSet()  # no screen shows half a paper

        self._under_way.append(self._means.papers.write(write))
        while len(self._under_way) > UNDER_WAY:
            self._under_way.popleft().result()
            crash_point("paper.chunk")

    def settle(self) -> None:
        """Wait until everything handed over is committed."""
        while self._under_way:
            self._under_way.popleft().result()

    def finish(self, plain: Hash, size: int) -> None:
        if self._rest:
            self._append(bytes(self._rest))
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


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Larger pieces: a call per socket read would cost more than the opening."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= GATHER:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)

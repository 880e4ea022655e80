# SPDX-License-Identifier: AGPL-3.0-or-later
"""Paper bytes: in order, verified at the end and at each reading, gone when damaged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from client.crypto.hashing import sha256
from client.crypto.stream import HEADER_SIZE
from client.domain.ids import Hash
from client.errors import ContentMismatch, DiskFull, InternalFault, LimitExceeded
from client.store import papers, search
from client.store.changes import ChangeSet, Topic
from client.store.connection import Connection
from client.store.hash_ahead import INLINE, STEP, HashAhead
from tests.unit.store.samples import named

BLOB = named("sealed")


def data(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def fetch(conn: Connection, content: bytes, blob: Hash = BLOB) -> Hash:
    for index in range(papers.chunks(conn, blob), -(-len(content) // papers.CHUNK)):
        papers.append(conn, blob, index, content[index * papers.CHUNK : (index + 1) * papers.CHUNK])
    return Hash(sha256(content))


@pytest.mark.parametrize("size", [1, papers.CHUNK - 1, papers.CHUNK, papers.CHUNK + 1, INLINE - 1, INLINE + STEP + 7])
def test_what_goes_in_comes_out(papers_db: Connection, size: int) -> None:
    content = data(size)
    plain = fetch(papers_db, content)
    assert not papers.is_present(papers_db, BLOB)
    good, changes = papers.finish(papers_db, BLOB, plain, size)
    assert (good, changes) == (True, ChangeSet.of(Topic.PAPERS, BLOB))
    assert papers.present(papers_db) == {BLOB}
    assert papers.read(papers_db, BLOB, plain=plain) == content
    assert papers.finish(papers_db, BLOB, plain, size)[0]


def test_a_download_goes_on_where_it_stopped(papers_db: Connection) -> None:
    content = data(3 * papers.CHUNK + 5)
    fetch(papers_db, content[: 2 * papers.CHUNK])
    papers.keep_header(papers_db, BLOB, b"h" * HEADER_SIZE)
    assert papers.chunks(papers_db, BLOB) == 2
    assert papers.header(papers_db, BLOB) == b"h" * HEADER_SIZE
    for index in (0, 1, 3):
        with pytest.raises(InternalFault):
            papers.append(papers_db, BLOB, index, b"x")
    plain = fetch(papers_db, content)
    assert papers.finish(papers_db, BLOB, plain, len(content))[0]
    with pytest.raises(InternalFault):
        papers.append(papers_db, BLOB, 4, b"x")


def test_nothing_follows_a_short_row(papers_db: Connection) -> None:
    papers.append(papers_db, BLOB, 0, b"short")
    with pytest.raises(InternalFault):
        papers.append(papers_db, BLOB, 1, b"more")


@pytest.mark.parametrize("seen", [None, Hash(sha256(b"other"))])
def test_wrong_content_is_dropped(papers_db: Connection, seen: Hash | None) -> None:
    fetch(papers_db, b"other")
    assert papers.finish(papers_db, BLOB, Hash(sha256(b"right")), 5, seen=seen)[0] is False
    assert papers.chunks(papers_db, BLOB) == 0
    assert papers_db.execute("SELECT count(*) FROM chunks").fetchone() == (0,)


@pytest.mark.parametrize("size", [4, 6, papers.CHUNK + 5])
def test_wrong_length_is_dropped_whatever_the_caller_saw(papers_db: Connection, size: int) -> None:
    plain = fetch(papers_db, b"right")
    assert papers.finish(papers_db, BLOB, plain, size, seen=plain)[0] is False


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM chunks WHERE id = (SELECT max(id) FROM chunks)",
        "DELETE FROM chunks WHERE id = (SELECT min(id) FROM chunks)",
        "UPDATE chunks SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM chunks)",
        "UPDATE chunks SET data = CAST(data || x'00' AS BLOB) WHERE id = (SELECT max(id) FROM chunks)",
    ],
)
def test_lost_or_changed_rows_are_found_when_opened(papers_db: Connection, damage: str) -> None:
    content = data(INLINE + 3)
    plain = fetch(papers_db, content)
    papers.finish(papers_db, BLOB, plain, len(content))
    papers_db.execute(damage)
    with pytest.raises(ContentMismatch):
        papers.read(papers_db, BLOB, plain=plain)
    assert not papers.is_present(papers_db, BLOB)
    assert papers.chunks(papers_db, BLOB) == 0
    with pytest.raises(ContentMismatch):
        papers.read(papers_db, BLOB, plain=plain)


def test_another_paper_than_asked_for_is_not_handed_out(papers_db: Connection) -> None:
    plain = fetch(papers_db, b"one")
    papers.finish(papers_db, BLOB, plain, 3)
    with pytest.raises(ContentMismatch):
        papers.read(papers_db, BLOB, plain=named("two"))


def test_row_limits_one_under_and_one_over(papers_db: Connection) -> None:
    papers.append(papers_db, BLOB, 0, bytes(papers.CHUNK))
    for index, row in ((1, bytes(papers.CHUNK + 1)), (1, b""), (papers.MAX_BYTES // papers.CHUNK, b"x")):
        with pytest.raises(LimitExceeded):
            papers.append(papers_db, BLOB, index, row)
    with pytest.raises(InternalFault):  # within the limits, only out of order
        papers.append(papers_db, BLOB, papers.MAX_BYTES // papers.CHUNK - 1, b"x")
    for length in (HEADER_SIZE - 1, HEADER_SIZE + 1):
        with pytest.raises(InternalFault):
            papers.keep_header(papers_db, BLOB, bytes(length))


def test_forgetting_gives_the_disk_back(papers_db: Connection) -> None:
    empty = papers.usage(papers_db)
    content = data(8 * papers.CHUNK)
    papers.finish(papers_db, BLOB, fetch(papers_db, content), len(content))
    papers_db.checkpoint()
    full = papers_db.path.stat().st_size
    assert papers.usage(papers_db) - empty == pytest.approx(len(content), rel=0.1)
    papers.forget(papers_db, BLOB)
    papers.forget(papers_db, BLOB)
    papers_db.checkpoint()
    assert papers.present(papers_db) == frozenset()
    assert papers_db.path.stat().st_size < full - len(content) * 0.9
    assert papers.usage(papers_db) == pytest.approx(empty, abs=65536)


def test_the_index_goes_with_the_last_blob_of_a_paper(papers_db: Connection) -> None:
    other = named("sealed again")
    plain = fetch(papers_db, b"same")
    fetch(papers_db, b"same", other)
    papers.finish(papers_db, BLOB, plain, 4)
    papers.finish(papers_db, other, plain, 4)
    search.index_page(papers_db, plain, 0, "đường sắt")
    papers.forget(papers_db, BLOB)
    assert len(search.search(papers_db, "duong sat")) == 1
    _, changes = papers.forget(papers_db, other)
    assert changes.topics == {Topic.PAPERS, Topic.SEARCH}
    assert search.search(papers_db, "duong sat") == ()


def test_a_full_disk_keeps_the_rows_before(papers_db: Connection) -> None:
    papers.append(papers_db, BLOB, 0, bytes(papers.CHUNK))
    pages = papers_db.execute("PRAGMA page_count").fetchone()
    assert pages is not None
    papers_db.execute(f"PRAGMA max_page_count={int(pages[0]) + 3}")
    with pytest.raises(DiskFull):
        papers.append(papers_db, BLOB, 1, data(papers.CHUNK))
    assert papers.chunks(papers_db, BLOB) == 1
    papers_db.execute("PRAGMA max_page_count=1000000")
    papers.append(papers_db, BLOB, 1, data(papers.CHUNK))


def test_no_paper_byte_is_readable_on_the_disk(tmp_path: Path, papers_db: Connection) -> None:
    canary = b"KIN-9a7e-canary-" * 4096
    papers.finish(papers_db, BLOB, fetch(papers_db, canary), len(canary))
    search.index_page(papers_db, named("p"), 0, "KIN-9a7e-canary mật khẩu")
    for checkpointed in (False, True):
        if checkpointed:
            papers_db.checkpoint()
        for path in tmp_path.iterdir():
            assert b"9a7e" not in path.read_bytes(), path.name


@pytest.mark.parametrize("size", [0, INLINE - 1, INLINE, INLINE + 3 * STEP + 11])
def test_hashing_ahead_equals_hashing_after(size: int) -> None:
    content = data(size)
    with memoryview(content) as view, HashAhead(view) as hashed:
        for stop in [*range(0, size, 300_000), size]:
            hashed.advance(stop)
        assert hashed.digest() == sha256(content)
        assert hashed.digest() == sha256(content)

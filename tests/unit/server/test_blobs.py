# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blobs: named by their hash, streamed, ranged, never half there."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from client.crypto import hashing
from server.config import Limits
from server.handlers.blobs import PIECE, parse_range
from server.storage import blobs, schema
from tests.unit.server.world import Device, World, ok, problem

DATA = os.urandom(3 * PIECE + 17)
NAME = hashing.sha256(DATA)


def put(world: World, data: bytes, name: str | None = None) -> httpx.Response:
    return world.send("PUT", f"/blobs/{name or hashing.sha256(data)}", data, who="publisher")


def get(world: World, name: str, **headers: str) -> httpx.Response:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return world.send("GET", f"/blobs/{name}", who=world.an, headers=named)


def leftovers(world: World) -> list[Path]:
    return list((world.folder / "blobs" / "incoming").iterdir())


def test_whole_blob_and_its_head(world: World) -> None:
    ok(put(world, DATA))
    ok(put(world, DATA))
    answer = ok(get(world, NAME))
    assert answer.content == DATA
    assert (answer.headers["etag"], answer.headers["accept-ranges"]) == (f'"{NAME}"', "bytes")
    head = ok(world.send("HEAD", f"/blobs/{NAME}", who="publisher"))
    assert int(head.headers["content-length"]) == len(DATA)
    assert leftovers(world) == []


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        (f"bytes={PIECE - 1}-{PIECE}", PIECE - 1, PIECE + 1),
        ("bytes=100-", 100, len(DATA)),
        ("bytes=-7", len(DATA) - 7, len(DATA)),
        (f"bytes=5-{len(DATA) * 2}", 5, len(DATA)),
        (f"bytes=-{len(DATA) * 2}", 0, len(DATA)),
    ],
)
def test_one_range(world: World, wanted: str, start: int, end: int) -> None:
    ok(put(world, DATA))
    answer = get(world, NAME, Range=wanted, If_Range=f'"{NAME}"')
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(DATA)}"
    assert answer.content == DATA[start:end]


@pytest.mark.parametrize("wanted", [f"bytes={len(DATA)}-", "bytes=-0"])
def test_range_past_the_end(world: World, wanted: str) -> None:
    ok(put(world, DATA))
    answer = get(world, NAME, Range=wanted)
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize("wanted", ["bytes=5-4", "bytes=0-1,5-6", "bytes=a-b", "bytes=-", "lines=1-2"])
def test_range_that_is_none_gets_the_whole(wanted: str) -> None:
    assert parse_range(wanted, 100) is None


def test_if_range_of_another_version_gets_the_whole(world: World) -> None:
    ok(put(world, DATA))
    answer = get(world, NAME, Range="bytes=0-9", If_Range='"sha256:other"')
    assert (answer.status_code, len(answer.content)) == (200, len(DATA))


def test_wrong_bytes_leave_nothing(world: World) -> None:
    other = hashing.sha256(b"promised")
    # The publisher's own signature names the promised hash; only the bytes differ.
    request = world.request("PUT", f"/blobs/{other}", b"promised", who="publisher")
    headers = {key: value for key, value in request.headers.items() if key != "content-length"}
    sent = world.http.build_request("PUT", request.url, content=b"somewhat", headers=headers)
    assert problem(world.http.send(sent)) == (400, "hash-mismatch")
    assert problem(get(world, other)) == (404, "not-found")
    assert leftovers(world) == []


def test_name_and_digest_must_agree(world: World) -> None:
    assert problem(put(world, b"bytes", hashing.sha256(b"others"))) == (401, "signature")


def test_only_the_publisher_puts(world: World) -> None:
    answer = world.send("PUT", f"/blobs/{NAME}", DATA, who=world.an)
    assert problem(answer) == (403, "forbidden")
    assert problem(get(world, NAME)) == (404, "not-found")
    stranger = Device("d_nobody", "m_an")
    assert problem(world.send("PUT", f"/blobs/{NAME}", DATA, who=stranger)) == (401, "unknown-device")


def test_quota_one_over_and_one_under(tmp_path: Path) -> None:
    world = World(tmp_path / "service", limits=Limits(blob_quota=1000))
    try:
        world.start()
        ok(put(world, b"a" * 600))
        assert problem(put(world, b"b" * 401)) == (413, "too-large")
        ok(put(world, b"c" * 400))
        ok(put(world, b"a" * 600))  # already here: takes no room
    finally:
        world.stop()


def test_cut_upload_leaves_nothing_and_can_be_repeated(world: World) -> None:
    def half() -> object:
        yield DATA[:PIECE]
        raise ConnectionAbortedError

    request = world.request("PUT", f"/blobs/{NAME}", DATA, who="publisher")
    cut = world.http.build_request("PUT", request.url, content=half(), headers=request.headers)  # type: ignore[arg-type]
    with pytest.raises(ConnectionAbortedError):
        world.http.send(cut)
    ok(put(world, DATA))
    assert ok(get(world, NAME)).content == DATA


def test_books_are_mended_after_a_crash_between_file_and_books(world: World) -> None:
    ok(put(world, DATA))
    assert world.embedded.service is not None
    database = world.embedded.service.database
    with database.write() as conn:
        conn.execute(delete(schema.blobs))
    ok(put(world, DATA))
    with database.read() as conn:
        assert blobs.used(conn) == len(DATA)

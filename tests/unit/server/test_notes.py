# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chains of notes on each database: appended in order, the same again is harmless, quota and owner are kept."""

from __future__ import annotations

import os

import httpx

from client.crypto import hashing
from client.domain.ids import Hash
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import NoteHeads, NoteParcel
from client.protocol.messages import NoteBatch, NoteKey
from server.config import Limits
from server.storage.log import verify
from tests.unit.server.world import Device, World, at, digest, ok, problem

JSON = {"Content-Type": "application/json"}


def batch(device: Device, n: int, prev: Hash | None, *, content: bytes = b"sealed") -> tuple[NoteBatch, bytes]:
    made = NoteBatch(
        member=device.member,  # type: ignore[arg-type]
        device=device.id,  # type: ignore[arg-type]
        n=n,
        prev=prev,
        content=Hash(hashing.sha256(content)),
        keys=(NoteKey(device.id, b"key"),),  # type: ignore[arg-type]
        made=at(0),
    )
    return made, codec.encode(NoteParcel(device.sign(made), content))


def put(world: World, device: Device, n: int, body: bytes) -> httpx.Response:
    return world.send("PUT", f"/notes/{device.member}/{device.id}/{n}", body, who=device, headers=JSON)


def heads(world: World, device: Device) -> dict[str, Head]:
    answer = ok(world.send("GET", f"/notes/{device.member}", who=device))
    return dict(codec.decode(answer.content, NoteHeads, limit=codec.MAX_SMALL).heads)  # type: ignore[arg-type]


def test_a_chain_grows_by_its_next_batch_only(either: World) -> None:
    an, an2 = either.an, either.an2
    first, body = batch(an, 1, None)
    assert codec.decode(ok(put(either, an, 1, body)).content, Head, limit=1024) == Head(1, digest(first))
    assert codec.decode(ok(put(either, an, 1, body)).content, Head, limit=1024) == Head(1, digest(first))
    fork, other = batch(an, 1, None, content=b"other")
    assert problem(put(either, an, 1, other)) == (409, "device-fork")
    assert problem(put(either, an, 3, batch(an, 3, digest(first))[1])) == (409, "version-conflict")
    assert problem(put(either, an, 2, batch(an, 2, digest(fork))[1])) == (409, "version-conflict")
    second, body = batch(an, 2, digest(first))
    ok(put(either, an, 2, body))
    third, theirs = batch(an2, 1, None)
    ok(put(either, an2, 1, theirs))
    assert heads(either, an) == {an.id: Head(2, digest(second)), an2.id: Head(1, digest(third))}
    answer = ok(either.send("GET", f"/notes/{an.member}/{an.id}/2", who=an2))
    assert codec.decode(answer.content, NoteParcel, limit=1 << 20).content == b"sealed"
    service = either.embedded.service
    assert service is not None
    with service.database.read() as conn:
        assert verify(conn).index > 3, "each batch has its place in the audit chain"


def test_a_batch_says_who_it_is_from_and_the_service_looks(either: World) -> None:
    an, binh = either.an, either.binh
    _, body = batch(an, 1, None)
    assert problem(put(either, binh, 1, body))[1] in {"signature", "bad-request"}
    answer = either.send("PUT", f"/notes/{an.member}/{an.id}/1", body, who=binh, headers=JSON)
    assert problem(answer) == (403, "forbidden")
    answer = either.send("GET", f"/notes/{an.member}", who=binh)
    assert problem(answer) == (403, "forbidden")
    assert heads(either, an) == {}


def test_one_over_and_one_under(world: World) -> None:
    an = world.an
    service = world.embedded.service
    assert service is not None
    room = 4 * 1024
    limits = Limits(notes_bytes=room, notes_batches=2)
    object.__setattr__(service.config, "limits", limits)
    first, body = batch(an, 1, None, content=os.urandom(room))
    assert problem(put(world, an, 1, body)) == (413, "too-large")
    first, body = batch(an, 1, None)
    ok(put(world, an, 1, body))
    second, body = batch(an, 2, digest(first))
    ok(put(world, an, 2, body))
    assert problem(put(world, an, 3, batch(an, 3, digest(second))[1])) == (413, "too-large")
    assert heads(world, an)[an.id].n == 2

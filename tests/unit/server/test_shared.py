# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chains of what is shared on each database: one for each reader, for its author and its reader alone."""

from __future__ import annotations

import httpx
from msgspec import structs

from client.crypto import dsse, hashing
from client.domain.ids import Hash
from client.domain.notes import Head
from client.protocol import codec
from client.protocol.http import DSSE_MEDIA, ArrivalKept, Arrivals, NoteParcel, SharedEnds
from client.protocol.messages import Arrival, NoteKey, SharedBatch
from server.storage.log import verify
from tests.unit.server.world import Device, World, at, digest, ok, problem

JSON = {"Content-Type": "application/json"}


def batch(
    device: Device, to: str, n: int, prev: Hash | None, *, content: bytes = b"sealed"
) -> tuple[SharedBatch, bytes]:
    made = SharedBatch(
        member=device.member,  # type: ignore[arg-type]
        device=device.id,  # type: ignore[arg-type]
        to=to,  # type: ignore[arg-type]
        n=n,
        prev=prev,
        content=Hash(hashing.sha256(content)),
        keys=(NoteKey(device.id, b"key"),),  # type: ignore[arg-type]
        made=at(0),
    )
    return made, codec.encode(NoteParcel(device.sign(made), content))


def put(world: World, device: Device, to: str, n: int, body: bytes) -> httpx.Response:
    return world.send("PUT", f"/shared/{to}/{device.id}/{n}", body, who=device, headers=JSON)


def ends(world: World, device: Device) -> list[tuple[str, str, int]]:
    answer = ok(world.send("GET", f"/shared/{device.member}", who=device))
    found = codec.decode(answer.content, SharedEnds, limit=codec.MAX_SHARED_ENDS).ends
    return [(end.device, end.to, end.head.n) for end in found]


def test_each_reader_has_a_chain_that_grows_by_its_next_batch_only(either: World) -> None:
    an, binh = either.an, either.binh
    first, body = batch(an, binh.member, 1, None)
    assert codec.decode(ok(put(either, an, binh.member, 1, body)).content, Head, limit=1024) == Head(1, digest(first))
    ok(put(either, an, binh.member, 1, body))
    assert problem(put(either, an, binh.member, 1, batch(an, binh.member, 1, None, content=b"x")[1])) == (
        409,
        "device-fork",
    )
    assert problem(put(either, an, binh.member, 3, batch(an, binh.member, 3, digest(first))[1])) == (
        409,
        "version-conflict",
    )
    _, other = batch(an, "m_nobody", 1, None)
    ok(put(either, an, "m_nobody", 1, other))
    _, body = batch(an, binh.member, 2, digest(first))
    ok(put(either, an, binh.member, 2, body))
    assert ends(either, an) == ends(either, either.an2) == [(an.id, binh.member, 2), (an.id, "m_nobody", 1)]
    assert ends(either, binh) == [(an.id, binh.member, 2)], "nobody learns with whom else somebody shares"
    for who in (binh, either.an2):
        answer = ok(either.send("GET", f"/shared/{binh.member}/{an.id}/2", who=who))
        assert codec.decode(answer.content, NoteParcel, limit=1 << 20).content == b"sealed"
    service = either.embedded.service
    assert service is not None
    with service.database.read() as conn:
        assert verify(conn).index > 3, "each batch has its place in the audit chain"


def test_the_signature_says_from_whom_to_whom_and_the_service_looks(either: World) -> None:
    an, binh = either.an, either.binh
    _, body = batch(an, binh.member, 1, None)
    assert problem(put(either, binh, an.member, 1, body))[1] in {"signature", "bad-request"}
    assert problem(put(either, an, "m_nobody", 1, body)) == (403, "forbidden")
    assert problem(either.send("GET", f"/shared/{an.member}", who=binh)) == (403, "forbidden")
    assert problem(put(either, an, an.member, 1, batch(an, an.member, 1, None)[1])) == (403, "forbidden")
    assert ends(either, binh) == []


# -- what came ------------------------------------------------------------------------------------------------


def word(by: Device, teller: str, head: Head | None, **other: str) -> bytes:
    said = Arrival(member=by.member, device=by.id, teller=teller, head=head)  # type: ignore[arg-type]
    return by.sign(structs.replace(said, **other))  # type: ignore[arg-type]


def say(world: World, device: Device, teller: str, body: bytes, *, member: str = "") -> httpx.Response:
    path = f"/arrivals/{member or device.member}/{teller}"
    return world.send("PUT", path, body, who=device, headers={"Content-Type": DSSE_MEDIA})


def said(world: World, author: Device, reader: str) -> list[int]:
    answer = ok(world.send("GET", f"/arrivals/{reader}", who=author))
    found = codec.decode(answer.content, Arrivals, limit=codec.MAX_ARRIVALS).arrivals
    words = [codec.decode(dsse.peek_unverified(each)[0], Arrival, limit=codec.MAX_ARRIVAL) for each in found]
    return [each.head.n for each in words if each.head is not None]


def test_what_came_is_one_line_of_the_device_itself_for_the_author_alone(either: World) -> None:
    an, binh = either.an, either.binh
    first, body = batch(an, binh.member, 1, None)
    ok(put(either, an, binh.member, 1, body))
    second, body = batch(an, binh.member, 2, digest(first))
    ok(put(either, an, binh.member, 2, body))
    one, two = Head(1, digest(first)), Head(2, digest(second))
    for head, stands in ((one, one), (two, two), (one, two)):
        kept = codec.decode(ok(say(either, binh, an.id, word(binh, an.id, head))).content, ArrivalKept, limit=1024)
        assert kept.head == stands, "what came has come"
        assert said(either, an, binh.member) == said(either, either.an2, binh.member) == [stands.n]
    assert said(either, binh, binh.member) == [], "to nobody but the author"
    kept = codec.decode(ok(say(either, binh, an.id, word(binh, an.id, None))).content, ArrivalKept, limit=1024)
    assert (kept.head, said(either, an, binh.member)) == (None, [])


def test_a_word_of_another_or_about_nothing_is_refused(either: World) -> None:
    an, binh = either.an, either.binh
    first, body = batch(an, binh.member, 1, None)
    ok(put(either, an, binh.member, 1, body))
    one = Head(1, digest(first))
    good = word(binh, an.id, one)
    for answer, refused in (
        (say(either, an, an.id, good, member=binh.member), (403, "forbidden")),
        (say(either, an, an.id, word(an, an.id, one)), (404, "not-found")),
        (say(either, binh, an.id, word(binh, an.id, one, device=an.id)), (403, "forbidden")),
        (say(either, binh, an.id, word(binh, an.id, one, member="m_nobody")), (403, "forbidden")),
        (say(either, binh, "d_other", good), (403, "forbidden")),
        (say(either, binh, an.id, word(binh, an.id, Head(2, one.hash))), (404, "not-found")),
        (say(either, binh, an.id, word(binh, an.id, Head(1, Hash(hashing.sha256(b"x"))))), (400, "hash-mismatch")),
    ):
        assert problem(answer) == refused
    assert problem(say(either, binh, an.id, good + b" " * codec.MAX_ARRIVAL))[1] == "too-large"
    ok(say(either, binh, an.id, good))

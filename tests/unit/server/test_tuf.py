# SPDX-License-Identifier: AGPL-3.0-or-later
"""Targets, index, envelopes: nothing replaced, nothing older, nothing unsigned."""

from __future__ import annotations

from client.crypto import dsse, hashing
from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.messages import EnvelopeBody, Index, Target
from tests.unit.server.world import World, ok, problem


def test_index_and_target_come_back_as_put(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"sealed manifest"))
    ok(world.put_index())
    answer = ok(world.send("GET", "/tuf/index", who=world.an))
    payload = dsse.open_(answer.content, {"publisher-1": world.publisher.public}).payload
    assert codec.decode(payload, Index, limit=codec.MAX_INDEX).targets == world.targets
    assert ok(world.send("GET", "/tuf/targets/p/pk_7f3a.1", who=world.an)).content == b"sealed manifest"
    again = world.send("GET", "/tuf/index", who=world.an, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_target_is_never_replaced(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    assert problem(world.put_target("p/pk_7f3a.1", b"two")) == (409, "version-conflict")
    assert ok(world.send("GET", "/tuf/targets/p/pk_7f3a.1", who=world.an)).content == b"one"


def test_target_names_are_checked(world: World) -> None:
    for name in ("p/../x.1", "p/pk_7f3a", "P/pk_7f3a.1", "p/a/b.1"):
        assert problem(world.put_target(name, b"x"))[0] in {400, 401, 404}, name
    assert problem(world.send("GET", "/tuf/targets/p/none.1", who=world.an)) == (404, "not-found")


def test_index_only_grows(world: World) -> None:
    ok(world.put_index())
    current = world.index(world.index_version)
    ok(world.send("PUT", "/tuf/index", world.index(world.index_version), who="publisher"))  # same payload
    older = world.index(world.index_version - 1)
    assert problem(world.send("PUT", "/tuf/index", older, who="publisher")) == (409, "version-conflict")
    ok(world.put_target("p/pk_7f3a.1", b"x"))
    other = world.index(world.index_version)
    assert problem(world.send("PUT", "/tuf/index", other, who="publisher")) == (409, "version-conflict")
    found = ok(world.send("GET", "/tuf/index", who=world.an)).content
    assert dsse.peek_unverified(found)[0] == dsse.peek_unverified(current)[0]


def test_index_must_be_the_publishers(world: World) -> None:
    payload = dsse.peek_unverified(world.index(world.index_version + 1))[0]
    forged = dsse.sign(payload, keyid="publisher-1", key=world.registrar)
    assert problem(world.send("PUT", "/tuf/index", forged, who="publisher")) == (401, "signature")
    named = dsse.sign(payload, keyid="registrar-1", key=world.registrar)
    assert problem(world.send("PUT", "/tuf/index", named, who="publisher")) == (401, "signature")


def test_index_names_only_what_is_here(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    good = world.targets["p/pk_7f3a.1"]
    wrong = (
        {"p/pk_none.1": good},
        {"p/pk_7f3a.1": Target(Hash(hashing.sha256(b"two")), good.size)},
        {"p/pk_7f3a.1": Target(good.sha256, good.size + 1)},
    )
    for targets in wrong:
        index = world.index(world.index_version + 1, {**world.targets, **targets})
        assert problem(world.send("PUT", "/tuf/index", index, who="publisher")) == (400, "hash-mismatch")


def test_index_names_one_directory_that_is_not_older(world: World) -> None:
    first = dict(world.targets)
    world.put_directory()
    both = world.index(world.index_version + 1, {**first, **world.targets})
    assert problem(world.send("PUT", "/tuf/index", both, who="publisher")) == (400, "bad-request")
    none = world.index(world.index_version + 1, {})
    assert problem(world.send("PUT", "/tuf/index", none, who="publisher")) == (400, "bad-request")
    back = world.index(world.index_version + 1, first)
    assert problem(world.send("PUT", "/tuf/index", back, who="publisher")) == (409, "version-conflict")


def test_directory_is_the_registrars_and_named_by_its_version(world: World) -> None:
    payload = dsse.peek_unverified(world.directory(7))[0]
    forged = dsse.sign(payload, keyid="publisher-1", key=world.publisher)
    assert problem(world.put_target("d/directory.7", forged)) == (401, "signature")
    assert problem(world.put_target("d/directory.8", world.directory(7))) == (400, "bad-request")
    assert problem(world.put_target("d/other.7", world.directory(7))) == (400, "bad-request")


def test_envelope_is_for_its_device_and_signed(world: World) -> None:
    body = EnvelopeBody(scope="pk_7f3a", epoch=1, device="d_an01", sealed=b"s" * 40)  # type: ignore[arg-type]
    envelope = dsse.sign(codec.encode(body), keyid="publisher-1", key=world.publisher)
    ok(world.send("PUT", "/env/pk_7f3a/1/d_an01", envelope, who="publisher"))
    assert ok(world.send("GET", "/env/pk_7f3a/1/d_an01", who=world.an)).content == envelope
    assert problem(world.send("GET", "/env/pk_7f3a/1/d_an01", who=world.an2)) == (403, "forbidden")
    assert problem(world.send("GET", "/env/pk_7f3a/2/d_an01", who=world.an)) == (404, "not-found")
    assert problem(world.send("PUT", "/env/pk_7f3a/2/d_an01", envelope, who="publisher")) == (400, "bad-request")
    forged = dsse.sign(codec.encode(body), keyid="publisher-1", key=world.registrar)
    assert problem(world.send("PUT", "/env/pk_7f3a/1/d_an01", forged, who="publisher")) == (401, "signature")
    resealed = dsse.sign(codec.encode(body), keyid="publisher-1", key=world.publisher)
    ok(world.send("PUT", "/env/pk_7f3a/1/d_an01", resealed, who="publisher"))
    assert ok(world.send("GET", "/env/pk_7f3a/1/d_an01", who=world.an)).content == resealed


def test_before_the_first_index_only_the_root_keys_are_known(world: World, tmp_path: object) -> None:
    fresh = World(world.folder.parent / "fresh")
    try:
        fresh.embedded.start()
        assert problem(fresh.send("GET", "/tuf/index", who="publisher")) == (404, "not-found")
        assert problem(fresh.send("GET", "/tuf/index", who=fresh.an)) == (401, "unknown-device")
    finally:
        fresh.stop()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Targets, releases, envelopes: nothing replaced, nothing older, nothing unsigned, nothing stale."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse, hashing
from client.crypto.metadata import verify
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, SNAPSHOT, TARGETS, TIMESTAMP
from client.domain.ids import Hash
from client.errors import ServiceRefused, Untrusted
from client.protocol import codec
from client.protocol.http import MetadataUpload
from client.protocol.messages import EnvelopeBody, Target
from client.sync.trust import TufTrust
from server import sizes
from server.secretariat import ceremony
from server.storage import metadata
from tests.helpers.ceremony import MemoryTrustStore, held, role_of
from tests.unit.server.world import Device, World, ok, problem

DAY_S = 24 * 3600


class DeviceWire:
    """A device's connection as trust asks it."""

    def __init__(self, world: World, who: Device) -> None:
        self._world, self._who = world, who

    def get_metadata(self, name: str, limit: int) -> bytes:
        answer = self._world.send("GET", f"/tuf/metadata/{name}", who=self._who)
        if answer.status_code == 404:
            raise ServiceRefused("not-found", 404, answer.content)
        return ok(answer).content

    def get_target(self, name: str, limit: int) -> bytes:
        return ok(self._world.send("GET", f"/tuf/targets/{name}", who=self._who)).content


def follow(world: World, trust: TufTrust | None = None) -> TufTrust:
    """What a member's device comes to believe."""
    trust = trust or TufTrust(world.root, MemoryTrustStore())
    trust.refresh(DeviceWire(world, world.an), world.clock.now())
    return trust


def number(world: World, role: str) -> int:
    with world.embedded.service.database.read() as conn:  # type: ignore[union-attr]
        found = metadata.find(conn, role)
    assert found is not None
    return verify.peek_unverified(role, found)[0]


def test_a_release_is_what_a_device_then_believes(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"sealed manifest"))
    before = follow(world)
    assert "p/pk_7f3a.1" not in before.targets()
    ok(world.release())
    follow(world, before)
    assert dict(before.targets()) == world.targets
    assert before.service_keys() == {"receipt-1": world.embedded.receipt.sign}
    assert ok(world.send("GET", "/tuf/targets/p/pk_7f3a.1", who=world.an)).content == b"sealed manifest"


def test_target_is_never_replaced(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    assert problem(world.put_target("p/pk_7f3a.1", b"two")) == (409, "version-conflict")
    assert ok(world.send("GET", "/tuf/targets/p/pk_7f3a.1", who=world.an)).content == b"one"


def test_names_are_checked(world: World) -> None:
    for name in ("p/../x.1", "p/pk_7f3a", "P/pk_7f3a.1", "p/a/b.1"):
        assert problem(world.put_target(name, b"x"))[0] in {400, 401, 404}, name
    assert problem(world.send("GET", "/tuf/targets/p/none.1", who=world.an)) == (404, "not-found")
    for name in ("root.json", "targets.json", "0.root.json", "01.root.json", "9.root.json", "1.other.json", "1.root"):
        assert problem(world.send("GET", f"/tuf/metadata/{name}", who=world.an)) == (404, "not-found"), name


def test_releases_only_grow(world: World) -> None:
    ok(world.put_metadata(world.metadata(version=world.version)))  # the same content, signed again
    older = world.metadata(version=world.version)
    ok(world.release())
    snapshot = number(world, SNAPSHOT)
    assert problem(world.put_metadata(older)) == (409, "version-conflict")
    ok(world.put_target("p/pk_7f3a.1", b"x"))
    other = world.metadata(version=world.version)
    assert problem(world.put_metadata(other)) == (409, "version-conflict")
    assert number(world, SNAPSHOT) == snapshot
    again = world.metadata()
    world.version += 1
    for _ in range(2):  # its answer was lost: the same bytes once more
        ok(world.put_metadata(again))
        assert number(world, SNAPSHOT) == snapshot + 1


def test_a_release_is_signed_by_its_roles(world: World) -> None:
    snapshot = number(world, SNAPSHOT)
    for upload in (
        world.metadata(publisher=[world.ceremony.registrar]),
        world.metadata(registrar=[world.ceremony.publisher]),
        world.metadata(publisher=[held("publisher-1")]),
    ):
        assert problem(world.put_metadata(upload)) == (401, "signature")
    sound = world.metadata()
    assert sound.publisher is not None
    broken = (b"{}", b"[", b'{"signed":', sound.publisher[:-9], b"\xff", b"[" * 9000)
    for data in broken:
        assert problem(world.put_metadata(structs.replace(sound, publisher=data))) == (400, "bad-request"), data[:20]
    assert number(world, SNAPSHOT) == snapshot


def test_a_release_names_only_what_is_here(world: World) -> None:
    ok(world.put_target("p/pk_7f3a.1", b"one"))
    good = world.targets["p/pk_7f3a.1"]
    wrong = (
        {"p/pk_none.1": good},
        {"p/pk_7f3a.1": Target(Hash(hashing.sha256(b"two")), good.size)},
        {"p/pk_7f3a.1": Target(good.sha256, good.size + 1)},
    )
    for targets in wrong:
        upload = world.metadata({**world.targets, **targets})
        assert problem(world.put_metadata(upload)) == (400, "hash-mismatch")


def test_a_release_names_one_directory(world: World) -> None:
    first = dict(world.targets)
    world.put_directory()
    for targets in ({**first, **world.targets}, {}):
        assert problem(world.put_metadata(world.metadata(targets))) == (400, "bad-request")


def test_the_publisher_lists_no_devices(world: World) -> None:
    upload = world.metadata()
    foreign = ceremony.sign_role(
        PUBLISHER, world.targets, upload.publisher, signer=world.ceremony.publisher, now=world.clock.now()
    )
    assert problem(world.put_metadata(structs.replace(upload, publisher=foreign))) == (400, "bad-request")


def test_a_release_past_its_end_is_refused(world: World) -> None:
    assert problem(world.put_metadata(world.metadata(days=-1))) == (409, "version-conflict")


def test_a_release_that_is_too_large_is_refused_before_it_is_read(world: World) -> None:
    answer = world.send("PUT", "/tuf/release", b"x" * (sizes.RELEASE + 1), who="publisher")
    assert problem(answer) == (413, "too-large")
    huge = structs.replace(world.metadata(), registrar=b"x" * (verify.LIMITS[REGISTRAR] + 1))
    assert problem(world.put_metadata(huge)) == (413, "too-large")


def test_directory_is_the_registrars_and_named_by_its_version(world: World) -> None:
    payload = dsse.peek_unverified(world.directory(7))[0]
    forged = dsse.sign(payload, keyid="publisher-1", key=world.publisher)
    assert problem(world.put_target("d/directory.7", forged)) == (401, "signature")
    assert problem(world.put_target("d/directory.8", world.directory(7))) == (400, "bad-request")
    assert problem(world.put_target("d/other.7", world.directory(7))) == (400, "bad-request")


# -- freshness ---------------------------------------------------------------------------------------------------------


def test_freshness_is_signed_anew_on_the_way_to_who_asks(world: World) -> None:
    trust = follow(world)
    timestamp, snapshot = number(world, TIMESTAMP), number(world, SNAPSHOT)
    world.clock.pass_s(DAY_S // 2 - 60)
    follow(world, trust)
    assert (number(world, TIMESTAMP), number(world, SNAPSHOT)) == (timestamp, snapshot), "still in its first half"
    world.clock.pass_s(120)
    follow(world, trust)
    assert number(world, TIMESTAMP) > timestamp
    assert number(world, SNAPSHOT) == snapshot
    world.clock.pass_s(5 * DAY_S)
    follow(world, trust)
    assert number(world, SNAPSHOT) > snapshot
    world.clock.pass_s(40 * DAY_S)  # nobody asked for a month: the next who does gets fresh signatures
    follow(world, trust)


def test_freshness_outlives_a_backup_put_back(world: World) -> None:
    """The service's own numbers follow the clock, so what clients saw of it is not ahead of a restored service."""
    trust = follow(world)
    service = world.embedded.service
    assert service is not None
    with service.database.read() as conn:
        backup = {role: metadata.find(conn, role) for role in (TIMESTAMP, SNAPSHOT)}
    for _ in range(3):
        world.clock.pass_s(6 * DAY_S)
        follow(world, trust)
    with service.write() as tx:  # the backup is put back
        for role, data in backup.items():
            assert data is not None
            tx.conn.execute(metadata.table.delete().where(metadata.table.c.role == role))
            metadata.put(tx, role, verify.peek_unverified(role, data)[0], data)
    world.clock.pass_s(60)
    follow(world, trust)


@pytest.mark.expects_warnings("a service whose key the root does not list says so in its log")
def test_a_service_with_another_key_signs_nothing(world: World) -> None:
    service = world.embedded.service
    assert service is not None
    before = number(world, TIMESTAMP)
    service.authority._online = held("receipt-1x")
    world.clock.pass_s(3 * DAY_S)
    ok(world.send("GET", "/tuf/metadata/timestamp.json", who=world.an))
    assert number(world, TIMESTAMP) == before


# -- rotation ----------------------------------------------------------------------------------------------------------


def rotate(world: World, role: str) -> MetadataUpload:
    """New key for a role; the other role's key signs the request."""
    new = held(f"{role}-2")
    made = world.ceremony
    made.trusted = ceremony.replace_role_key(
        made.trusted, role, role_of(new), signers=made.offline[1:], now=world.clock.now()
    )
    setattr(made, role, new)
    return world.metadata()


def test_a_new_publisher_takes_over_and_the_old_one_is_out(world: World) -> None:
    trust = follow(world)
    upload = rotate(world, "publisher")
    ok(world.put_metadata(upload, who="registrar"))
    world.version += 1
    follow(world, trust)
    assert problem(world.put_target("p/pk_new.1", b"x")) == (401, "unknown-device")
    world.publisher = world.ceremony.publisher.key
    answer = world.send("GET", "/polls", who="publisher")  # still under the old name
    assert problem(answer)[0] == 401
    assert "publisher-2" in trust.publisher_keys()


def test_a_new_registrar_takes_over_with_the_old_directory_in_force(world: World) -> None:
    trust = follow(world)
    ok(world.put_metadata(rotate(world, "registrar")))
    world.version += 1
    follow(world, trust)
    ok(world.send("GET", "/polls", who=world.an))
    assert trust.directory() is not None
    forged = dsse.sign(dsse.peek_unverified(world.directory(9))[0], keyid="registrar-1", key=world.registrar)
    assert problem(world.put_target("d/directory.9", forged)) == (401, "signature")


def test_roots_are_followed_through_the_service(world: World) -> None:
    trust = follow(world)
    made = world.ceremony
    new = held("root-4")
    made.trusted = ceremony.replace_root_key(
        made.trusted, old="root-1", new=new, signers=made.offline[1:], now=world.clock.now()
    )
    upload = world.metadata()
    lone = structs.replace(upload, roots=(*upload.roots[:-1], _one_signature_less(upload.roots[-1])))
    assert problem(world.put_metadata(lone)) == (401, "signature")
    ok(world.put_metadata(upload))
    world.version += 1
    follow(world, trust)
    assert world.metadata_file("2.root.json", who=world.an) == upload.roots[-1]
    assert number(world, TARGETS) == 2


def _one_signature_less(root: bytes) -> bytes:
    document = json.loads(root)
    document["signatures"] = document["signatures"][:1]
    return json.dumps(document).encode()


def test_a_newer_root_file_at_start_opens_the_door_when_both_keys_are_lost(world: World) -> None:
    ok(world.send("GET", "/polls", who=world.an))
    made = world.ceremony
    for role in ("publisher", "registrar"):
        new = held(f"{role}-2")
        made.trusted = ceremony.replace_role_key(
            made.trusted, role, role_of(new), signers=made.offline[:2], now=world.clock.now()
        )
        setattr(made, role, new)
    keys = {role: getattr(made, role) for role in (REGISTRAR, PUBLISHER)}
    world.embedded.stop()
    root = structs.replace(made.root, roots=made.trusted.roots, targets=made.trusted.targets)
    world.embedded._config = replace(world.embedded._config, root=root)
    world.embedded.start()
    assert world.embedded.service is not None
    assert dict(world.embedded.service.roles.publisher) == {"publisher-2": keys[PUBLISHER].public}
    ok(world.send("GET", "/polls", who=world.an))


def test_an_installed_root_that_does_not_hold_stops_the_start(tmp_path: Path) -> None:
    plain = World(tmp_path / "plain")
    other = World(tmp_path / "other")
    try:
        mixed = structs.replace(plain.root, targets=other.root.targets)
        plain.embedded._config = replace(plain.embedded._config, root=mixed)
        with pytest.raises(Untrusted):
            plain.embedded.start()
    finally:
        plain.http.close()
        other.http.close()


# -- envelopes ---------------------------------------------------------------------------------------------------------


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


def test_before_the_first_release_only_the_roots_keys_are_known(world: World, tmp_path: object) -> None:
    fresh = World(world.folder.parent / "fresh")
    try:
        fresh.embedded.start()
        assert problem(fresh.send("GET", "/tuf/metadata/timestamp.json", who="publisher")) == (404, "not-found")
        assert problem(fresh.send("GET", "/tuf/metadata/timestamp.json", who=fresh.an)) == (401, "unknown-device")
        half = structs.replace(fresh.metadata(), registrar=None)
        assert problem(fresh.put_metadata(half)) == (400, "bad-request")
    finally:
        fresh.stop()

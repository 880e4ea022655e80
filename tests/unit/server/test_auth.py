# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is let in: signatures, states, nonces, clocks, sizes."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from client.clock import to_rfc3339
from client.crypto.signing import SigningKey
from client.protocol.messages import DeviceState, SignedTime
from server import sizes
from server.auth import Nonces
from server.config import Limits
from tests.unit.server.world import Device, HandClock, World, at, ok, problem, signed_of


def test_unknown_key_and_wrong_key(world: World) -> None:
    stranger = Device("d_nobody", "m_an")
    assert problem(world.send("GET", "/polls", who=stranger)) == (401, "unknown-device")
    impostor = Device("d_an01", "m_an", key=SigningKey.generate())
    assert problem(world.send("GET", "/polls", who=impostor)) == (401, "signature")
    assert problem(world.send("GET", "/polls", who=None)) == (401, "signature")


@pytest.mark.parametrize("state", [DeviceState.SUSPENDED, DeviceState.REVOKED, DeviceState.WIPE])
def test_inactive_device_gets_the_directory_and_nothing_else(world: World, state: DeviceState) -> None:
    world.put_target("p/pk_7f3a.1", b"sealed")
    world.an.state = state
    world.put_directory()
    for path in ("/polls", "/events", "/tuf/targets/p/pk_7f3a.1", "/blobs/sha256:" + "0" * 64):
        assert problem(world.send("GET", path, who=world.an)) == (401, "device-revoked"), path
    ok(world.send("GET", "/tuf/metadata/timestamp.json", who=world.an))
    directory = ok(world.send("GET", f"/tuf/targets/d/directory.{world.directory_version}", who=world.an))
    assert state.value.encode() in __import__("base64").b64decode(directory.json()["payload"])


def test_device_past_its_time_is_not_active(world: World) -> None:
    world.an.until = at(100)
    world.put_directory()
    ok(world.send("GET", "/polls", who=world.an))
    world.clock.pass_s(100)
    assert problem(world.send("GET", "/polls", who=world.an)) == (401, "device-revoked")


def test_replayed_nonce(world: World) -> None:
    request = world.request("GET", "/polls", who=world.an)
    ok(world.http.send(request))
    assert problem(world.http.send(request)) == (401, "replay")
    ok(world.send("GET", "/polls", who=world.an2, nonce="A" * 16))  # another key may use the same
    ok(world.send("GET", "/polls", who=world.an, nonce="A" * 16))


def test_nonces_are_kept_ten_minutes_at_least() -> None:
    clock = HandClock()
    nonces = Nonces(clock)
    clock.pass_s(599)
    assert nonces.spend("d_an01", "n1")
    clock.pass_s(600)
    assert not nonces.spend("d_an01", "n1")
    clock.pass_s(601)
    assert nonces.spend("d_an01", "n1")


@pytest.mark.parametrize("skew", [-300, 300])
def test_skew_inside_the_window(world: World, skew: int) -> None:
    ok(world.send("GET", "/polls", who=world.an, skew_s=skew))


@pytest.mark.parametrize("skew", [-301, 301, -10_000_000])
def test_skew_outside_the_window_answers_signed_time(world: World, skew: int) -> None:
    answer = world.send("GET", "/polls", who=world.an, skew_s=skew)
    assert problem(answer) == (401, "clock-skew")
    assert world.opened(signed_of(answer), SignedTime).now == to_rfc3339(world.clock.now())


def test_signature_covers_url_method_and_body(world: World) -> None:
    request = world.request("GET", "/polls/po_12", who=world.an)
    moved = world.http.build_request("GET", world.embedded.url + "/polls/po_13", headers=request.headers)
    assert problem(world.http.send(moved)) == (401, "signature")
    body = world.an.sign(world.comment(world.an))
    request = world.request("POST", "/statements", body, who=world.an, headers={"Idempotency-Key": "x"})
    headers = {k: v for k, v in request.headers.items() if k != "content-length"}
    altered = world.http.build_request("POST", request.url, content=body + b" ", headers=headers)
    assert problem(world.http.send(altered)) == (401, "signature")
    headers["idempotency-key"] = "y"
    altered = world.http.build_request("POST", request.url, content=body, headers=headers)
    assert problem(world.http.send(altered)) == (401, "signature")


def test_roles(world: World) -> None:
    assert problem(world.send("PUT", "/polls/po_12", b"{}", who="registrar")) == (403, "forbidden")
    assert problem(world.send("PUT", "/tuf/release", b"{}", who=world.an)) == (403, "forbidden")
    assert problem(world.send("GET", "/enrol/pending", who="publisher")) == (403, "forbidden")
    assert problem(world.send("POST", "/statements", b"{}", who="publisher")) == (403, "forbidden")


def test_body_one_over_and_one_under_the_limit(world: World) -> None:
    over = world.send("POST", "/statements", b"x" * (sizes.STATEMENT + 1), who=world.an)
    assert problem(over) == (413, "too-large")
    under = world.send("POST", "/statements", b"x" * sizes.STATEMENT, who=world.an)
    assert problem(under) == (400, "bad-request")
    assert problem(world.send("GET", "/polls", b"x", who=world.an)) == (413, "too-large")


def test_undeclared_body_is_cut_at_the_limit(world: World) -> None:
    def pieces() -> object:
        for _ in range(70):
            yield b"x" * 4096

    answer = world.http.post(world.embedded.url + "/enrol", content=pieces())  # type: ignore[arg-type]
    assert problem(answer) == (413, "too-large")


def test_unknown_path_and_wrong_method(world: World) -> None:
    assert problem(world.send("GET", "/admin", who=world.an)) == (404, "not-found")
    assert problem(world.send("DELETE", "/polls/po_12", who=world.an)) == (404, "not-found")


@pytest.mark.parametrize(
    "path", ["/polls/..", "/polls/PO_12", "/polls/po.12", "/blobs/sha256:xyz", "/env/pk_7f3a/01/d_an01"]
)
def test_ids_from_the_wire_are_checked(world: World, path: str) -> None:
    url = world.embedded.url + path
    request = world.request("GET", path, who=world.an, url=url)
    assert problem(world.http.send(request))[0] in {400, 401, 404}


def test_only_the_public_origin_is_served_when_one_is_set(tmp_path: Path) -> None:
    from dataclasses import replace

    world = World(tmp_path / "service", limits=Limits())
    world.embedded._config = replace(world.embedded._config, public_urls=("https://hop.example",))
    try:
        world.embedded.start()
        answer = world.send("GET", "/tuf/metadata/timestamp.json", who="publisher")
        assert problem(answer) == (400, "bad-request")
    finally:
        world.stop()


def test_client_that_leaves_in_the_middle_of_a_body_harms_nothing(world: World) -> None:
    host, port = world.embedded.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    ok(world.send("GET", "/polls", who=world.an))


def test_moments_of_the_start_are_what_the_tests_think() -> None:
    assert at(0) == "2026-11-27T01:00:00.000Z"


def test_logs_name_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    world.put_directory()
    ok(world.send("GET", "/polls", who=world.an))
    problem(world.send("PUT", "/tuf/release", b"[]", who="publisher"))
    problem(world.send("GET", "/polls", who=None))
    assert caplog.records  # something was logged at all
    for word in ("dữ liệu giả định", world.an.key.public):
        assert word not in caplog.text

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tickets and new devices."""

from __future__ import annotations

import httpx

from client.crypto import dsse, hashing
from client.domain.ids import Hash, Moment
from client.protocol import codec
from client.protocol.http import EnrolStatus, PendingList, TicketRequest
from client.protocol.messages import DeviceState, EnrolRequest
from tests.unit.server.world import Device, World, at, ok, problem

TICKET = "ABCDEFGH23"
LATER = at(900)


def open_ticket(world: World, ticket: str = TICKET, *, member: str = "m_an", expires: Moment = LATER) -> None:
    wish = TicketRequest(Hash(hashing.sha256(ticket.encode())), member, expires)  # type: ignore[arg-type]
    ok(world.send("POST", "/enrol/tickets", codec.encode(wish), who="registrar"))


def request_of(device: Device, ticket: str = TICKET) -> bytes:
    wish = EnrolRequest(
        device=device.id,  # type: ignore[arg-type]
        ticket=ticket,
        sign=device.key.public,
        seal=device.entry().seal,
        name="Máy bảng (dữ liệu giả định)",
        made=at(0),
    )
    return device.sign(wish)


def enrol(world: World, device: Device, ticket: str = TICKET) -> httpx.Response:
    return world.send("POST", "/enrol", request_of(device, ticket), who=None)


def status(answer: httpx.Response) -> str:
    return codec.decode(ok(answer).content, EnrolStatus, limit=codec.MAX_SMALL).state


def test_ticket_to_active_device(world: World) -> None:
    open_ticket(world)
    device = Device("d_new1", "m_an")
    request = request_of(device)
    assert status(world.send("POST", "/enrol", request, who=None)) == "pending"
    assert status(world.send("POST", "/enrol", request, who=None)) == "pending"  # the answer was lost: once more
    pending = codec.decode(
        ok(world.send("GET", "/enrol/pending", who="registrar")).content, PendingList, limit=codec.MIB
    ).pending
    assert [(entry.member, entry.request) for entry in pending] == [("m_an", request)]
    world.devices.append(device)
    world.put_directory()
    assert status(world.send("GET", "/enrol/d_new1", who=None)) == "active"
    ok(world.send("GET", "/polls", who=device))
    left = ok(world.send("GET", "/enrol/pending", who="registrar")).content
    assert codec.decode(left, PendingList, limit=codec.MIB).pending == ()


def test_device_that_the_directory_lists_otherwise_is_refused(world: World) -> None:
    open_ticket(world)
    device = Device("d_new1", "m_an")
    ok(enrol(world, device))
    world.devices.append(Device("d_new1", "m_an", state=DeviceState.REVOKED))
    world.put_directory()
    assert status(world.send("GET", "/enrol/d_new1", who=None)) == "refused"


def test_ticket_serves_one_device(world: World) -> None:
    open_ticket(world)
    ok(enrol(world, Device("d_new1", "m_an")))
    assert problem(enrol(world, Device("d_new2", "m_an"))) == (403, "ticket")


def test_ticket_expires(world: World) -> None:
    open_ticket(world, expires=at(60))
    world.clock.pass_s(60)
    assert problem(enrol(world, Device("d_new1", "m_an"))) == (403, "ticket")


def test_ticket_lives_fifteen_minutes_at_most(world: World) -> None:
    open_ticket(world, expires=at(10_000))
    world.clock.pass_s(900)
    assert problem(enrol(world, Device("d_new1", "m_an"))) == (403, "ticket")


def test_five_wrong_guesses_and_the_address_waits(world: World) -> None:
    open_ticket(world)
    for number in range(5):
        assert problem(enrol(world, Device(f"d_new{number}", "m_an"), f"AAAAAAAA2{number + 2}")) == (403, "ticket")
    answer = enrol(world, Device("d_new9", "m_an"))
    assert problem(answer) == (429, "rate")
    assert 0 < int(answer.headers["retry-after"]) <= 900
    world.clock.pass_s(901)
    open_ticket(world, "ZZZZZZZZ22", expires=at(1700))
    assert status(enrol(world, Device("d_new9", "m_an"), "ZZZZZZZZ22")) == "pending"


def test_five_failures_spend_a_ticket(world: World) -> None:
    open_ticket(world)
    for number in range(5):
        assert problem(enrol(world, world.binh)) == (403, "ticket"), number  # an id that is taken
    assert world.embedded.service is not None
    world.embedded.service.attempts._failures.clear()  # as if from another address
    assert problem(enrol(world, Device("d_new1", "m_an"))) == (403, "ticket")


def test_request_must_be_signed_by_the_key_it_announces(world: World) -> None:
    open_ticket(world)
    device = Device("d_new1", "m_an")
    payload = dsse.peek_unverified(request_of(device))[0]
    forged = dsse.sign(payload, keyid="d_new1", key=world.an.key)
    assert problem(world.send("POST", "/enrol", forged, who=None)) == (401, "signature")
    other = dsse.sign(payload, keyid="d_new2", key=device.key)
    assert problem(world.send("POST", "/enrol", other, who=None)) == (401, "signature")


def test_reserved_ids_are_refused(world: World) -> None:
    open_ticket(world)
    for name in ("pending", "tickets"):
        assert problem(enrol(world, Device(name, "m_an"))) == (403, "forbidden")
    assert problem(world.send("GET", "/enrol/d_none", who=None)) == (404, "not-found")


def test_ticket_itself_is_not_on_the_disk(world: World) -> None:
    open_ticket(world)
    world.embedded.stop()
    for path in world.folder.rglob("*"):
        if path.is_file():
            assert TICKET.encode() not in path.read_bytes(), path.name

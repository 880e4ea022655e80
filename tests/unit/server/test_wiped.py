# SPDX-License-Identifier: AGPL-3.0-or-later
"""``/wiped``: only the ordered device's own signature counts, the same report may come again."""

from __future__ import annotations

import pytest
from msgspec import structs

from client.protocol import codec
from client.protocol.http import ReceivedReport, WipedList
from client.protocol.messages import DeviceState, WipeReport
from tests.unit.server.world import World, at, ok, problem


def report(world: World) -> WipeReport:
    return WipeReport(world.an.id, world.an.member, world.directory_version, at(0))  # type: ignore[arg-type]


def ordered(world: World) -> None:
    world.an.state = DeviceState.WIPE
    world.put_directory()


def listed(world: World) -> tuple[ReceivedReport, ...]:
    answer = ok(world.send("GET", "/wiped", who="registrar"))
    return codec.decode(answer.content, WipedList, limit=codec.MAX_CLOSING).reports


def test_a_report_is_kept_once_and_shown_to_the_registrar_only(world: World) -> None:
    ordered(world)
    envelope = world.an.sign(report(world))
    first = ok(world.send("POST", "/wiped", envelope, who=None)).content
    world.clock.pass_s(60)
    assert ok(world.send("POST", "/wiped", envelope, who=None)).content == first
    assert listed(world) == (ReceivedReport(envelope, at(0)),)
    assert problem(world.send("GET", "/wiped", who=world.binh))[1] == "forbidden"
    assert problem(world.send("GET", "/wiped", who=None))[0] in {401, 403}


def test_nobody_else_can_report(world: World) -> None:
    mine = report(world)
    assert problem(world.send("POST", "/wiped", world.an.sign(mine), who=None))[1] == "forbidden", "not ordered"
    ordered(world)
    assert problem(world.send("POST", "/wiped", world.binh.sign(mine), who=None))[1] == "signature"
    stranger = structs.replace(mine, device="d_9999")
    assert problem(world.send("POST", "/wiped", world.an.sign(stranger), who=None))[1] == "unknown-device"
    wrong = structs.replace(mine, member="m_binh")
    assert problem(world.send("POST", "/wiped", world.an.sign(wrong), who=None))[1] == "forbidden"
    assert listed(world) == ()


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]"])
def test_what_is_no_report_is_refused(world: World, body: bytes) -> None:
    assert problem(world.send("POST", "/wiped", body, who=None))[0] == 400

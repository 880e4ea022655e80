# SPDX-License-Identifier: AGPL-3.0-or-later
"""Server-sent events: hints, resuming, caps, and a clean end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from client.protocol.messages import DeviceState
from server.config import Limits
from server.hints import Hub
from server.storage.transaction import Hint
from tests.unit.server.world import Device, HandClock, World, problem

Lines = Iterator[str]


@contextlib.contextmanager
def listening(world: World, who: Device | None = None, last: str | None = None) -> Iterator[Lines]:
    headers = {"Last-Event-ID": last} if last is not None else {}
    request = world.request("GET", "/events", who=who or world.an, headers=headers)
    answer = world.http.send(request, stream=True)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = answer.iter_lines()
    assert next(lines).startswith("retry:")
    try:
        yield lines
    finally:
        answer.close()


def hint(lines: Lines) -> tuple[int, dict[str, str]]:
    """The next hint, past heartbeats."""
    number = 0
    for line in lines:
        if line.startswith("id:"):
            number = int(line[3:])
        if line.startswith("data:"):
            return number, msgspec.json.decode(line[5:])
    raise AssertionError("the stream ended")


def test_hints_name_what_changed_and_nothing_more(world: World) -> None:
    with listening(world) as lines:
        world.put_directory()
        first, index = hint(lines)
        definition = world.a_poll()
        second, poll = hint(lines)
        opened = hint(lines)[1]
        world.clock.pass_s(3600)  # the ticker closes it
        third, closing = hint(lines)
    assert (index["kind"], index["id"].isdecimal()) == ("index", True)
    assert poll == opened == {"kind": "poll", "id": definition.poll}
    assert closing == {"kind": "closing", "id": definition.poll}
    assert first < second < third


def test_resume_after_a_lost_connection(world: World) -> None:
    with listening(world) as lines:
        world.put_directory()
        last, second = hint(lines)
    world.put_directory()
    world.put_directory()
    with listening(world, last=str(last)) as lines:
        third, fourth = (int(hint(lines)[1]["id"]) for _ in range(2))
        assert int(second["id"]) < third < fourth


def test_who_missed_too_much_is_told_to_pull(world: World) -> None:
    for last in ("0", "999999999999999"):
        with listening(world, last=last) as lines:
            assert hint(lines)[1] == {"kind": "index", "id": "missed"}


def test_numbers_grow_over_a_restart(world: World) -> None:
    with listening(world) as lines:
        world.put_directory()
        before, _ = hint(lines)
    world.embedded.stop()
    world.clock.pass_s(2)
    world.embedded.start()
    with listening(world) as lines:
        world.put_directory()
        assert hint(lines)[0] > before


def test_heartbeat(world: World) -> None:
    with listening(world) as lines:
        assert any(line == ": still here" for line in lines)


def test_streams_per_device_are_capped(world: World) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(listening(world))
        assert problem(world.send("GET", "/events", who=world.an)) == (429, "rate")
        stack.enter_context(listening(world, world.binh))


def test_stream_ends_when_the_device_is_revoked(world: World) -> None:
    with listening(world) as lines:
        world.an.state = DeviceState.REVOKED
        world.put_directory()
        assert not [line for line in lines if line.startswith("data:") and "poll" in line]


def test_stop_ends_streams_at_once(tmp_path: Path) -> None:
    world = World(tmp_path / "service", limits=Limits())  # heartbeat of 15 s: the stop must not wait for it
    world.start()
    try:
        with listening(world) as lines:
            world.embedded.stop()
            assert not [line for line in lines if line.startswith("data:")]
    finally:
        world.stop()


def test_ring_keeps_the_newest() -> None:
    hub = Hub(HandClock(), ring=4)
    start = hub._last
    hub._add([Hint("poll", f"po_{number}") for number in range(4)])
    assert [entry.id for _, entry in hub._after(start)] == ["po_0", "po_1", "po_2", "po_3"]
    hub._add([Hint("poll", "po_4")])
    assert [entry.id for _, entry in hub._after(start)] == ["missed"]
    assert [entry.id for _, entry in hub._after(start + 1)] == ["po_1", "po_2", "po_3", "po_4"]

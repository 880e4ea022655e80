# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls open and close by the service's clock, with nobody asking; and they keep doing so."""

from __future__ import annotations

import asyncio
import threading

import pytest

from client.domain.ballot import ServicePollState
from client.domain.ids import PollId
from server.closing import Ticker
from server.service import Service
from server.storage import polls
from tests.unit.server.world import World, at


def service(world: World) -> Service:
    assert world.embedded.service is not None
    return world.embedded.service


def state(world: World, poll: str) -> tuple[ServicePollState, object, object]:
    with service(world).database.read() as conn:
        row = polls.get(conn, PollId(poll))
    assert row is not None
    return row.state, row.opened, row.closed


def settled(world: World) -> None:
    """Wait until the background ticker has looked once more, from the start to the end of a look."""
    looks = threading.Semaphore(0)
    loop = service(world).hub._loop
    assert loop is not None

    async def one_look() -> None:
        extra = Ticker(service(world), settled=looks.release)
        task = asyncio.create_task(extra.run())
        await asyncio.get_running_loop().run_in_executor(None, looks.acquire)
        extra.stop()
        await task

    asyncio.run_coroutine_threadsafe(one_look(), loop).result(20)


def test_opens_and_closes_at_its_own_times(world: World) -> None:
    world.a_poll(opens=at(60), closes=at(120))
    settled(world)
    assert state(world, "po_12") == (ServicePollState.PUBLISHED, None, None)
    world.clock.pass_s(61.5)
    settled(world)
    assert state(world, "po_12") == (ServicePollState.OPEN, at(60), None)
    world.clock.pass_s(600)
    settled(world)
    # The moment of closing is the announced one, however late somebody looked.
    assert state(world, "po_12") == (ServicePollState.CLOSED, at(60), at(120))


def test_both_times_past_settle_in_one_step(world: World) -> None:
    world.a_poll(opens=at(-120), closes=at(-60))
    assert state(world, "po_12") == (ServicePollState.CLOSED, at(-120), at(-60))
    assert world.closing("po_12").counted == ()


def test_next_due_is_the_nearest_of_all(world: World) -> None:
    with service(world).database.read() as conn:
        assert polls.next_due(conn) is None
    world.a_poll("po_12", opens=at(60), closes=at(120))
    world.a_poll("po_13", opens=at(-60), closes=at(90))
    with service(world).database.read() as conn:
        assert polls.next_due(conn) == at(60)
    world.clock.pass_s(61)
    settled(world)
    with service(world).database.read() as conn:
        assert polls.next_due(conn) == at(90)


@pytest.mark.expects_warnings("the failing look is logged")
def test_a_failing_look_does_not_end_the_ticker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = service(world).database.read
    broken = threading.Event()

    def flaky() -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            broken.set()
            raise OSError("disk went away")
        return real()

    monkeypatch.setattr(service(world).database, "read", flaky)
    assert broken.wait(20)
    world.a_poll(closes=at(60))
    world.clock.pass_s(60)
    settled(world)
    assert state(world, "po_12")[0] is ServicePollState.CLOSED

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many devices on one service: all listen, all lose the line, all vote; nothing is lost and nothing counted twice.

The figures are in ``tests/benchmarks/bench_load.py``; here only promises are judged.
"""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import pytest

from client.domain.ids import MemberId
from client.protocol.messages import ReceiptStatus
from tests.helpers.crowd import Crowd, make_crowd
from tests.helpers.pack import Office
from tests.helpers.serving import serving


def members(count: int) -> list[MemberId]:
    return [MemberId(f"m_{n:04}") for n in range(1, count + 1)]


async def day(office: Office, tablets: int, rounds: int, last: int, folder: Path, seed: int) -> None:
    """Everything in its order; the service dies once while everybody listens."""
    with serving(office, folder) as url:
        office.connect(url)
        made = make_crowd(office, tablets)
        polls = [office.poll(f"po_{n:04}", "pk_0001") for n in range(rounds)]
        close = office.poll("po_last", "pk_0001")
        manifest = office.publish("pk_0001", [], polls=[*polls, close])
        async with Crowd(office, made, seed) as crowd:
            await crowd.listen()
            await crowd.send(crowd.sign(polls[: rounds // 2], manifest, made))
    with serving(office, folder, port=int(url.rpartition(":")[2])):
        async with Crowd(office, made, seed) as crowd:
            await crowd.listen()
            crowd.hang_up()
            await crowd.listen()
            await crowd.send(crowd.sign(polls[rounds // 2 :], manifest, made))
            votes = crowd.sign([close], manifest, made[:last])
            await asyncio.gather(crowd.send(votes), asyncio.to_thread(office.close_poll, close))
            for wording in polls:
                await asyncio.to_thread(office.close_poll, wording)
            found = await crowd.judge([*polls, close])
    assert sum(found.values()) == tablets * rounds + last
    assert found[ReceiptStatus.COUNTED] >= tablets * rounds


def test_fifty_devices(tmp_path: Path) -> None:
    office = Office(tmp_path / "service", members=members(50))
    asyncio.run(day(office, 50, 2, 20, tmp_path, seed=1))
    office.close()


@pytest.mark.slow
def test_six_hundred_devices(tmp_path: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    office = Office(tmp_path / "service", members=members(600))
    asyncio.run(day(office, 600, 17, 200, tmp_path, seed=2))
    office.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One service process with SQLite: everybody listens, everybody comes back at once, ten thousand votes.

The main figure is what the service's process spends on a vote, in milliseconds of processor time: with 6 or fewer one
process decides 10,000 votes in 60 s, whatever else the machine does. The devices live in this process and share the
machine's processors with the service; their votes are signed before the clock starts, and what they spend is printed
beside it. What was promised is judged as in ``tests/contract/test_service_load.py``. The peer is the same number of
requests for the signed time, which costs the service one signature and no database. Run
``python -m tests.benchmarks.bench_load [devices] [polls]`` from the project root; prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from client.domain.ids import MemberId
from tests.helpers.crowd import AT_ONCE, Crowd, make_crowd
from tests.helpers.pack import Office
from tests.helpers.serving import process

LAST = 200


def figures(values: list[float]) -> dict[str, float]:
    marks = statistics.quantiles(values, n=100)
    return {"p50": round(marks[49], 1), "p95": round(marks[94], 1), "p99": round(marks[98], 1)}


class Meter:
    """Wall time, and processor time of the service's process and of this one, of one piece of work."""

    def __init__(self, service: int) -> None:
        self._processes = {"service": psutil.Process(service), "devices": psutil.Process()}
        self._began = self._now()

    def _now(self) -> dict[str, float]:
        times = {name: process.cpu_times() for name, process in self._processes.items()}
        return {"wall": time.perf_counter()} | {name: each.user + each.system for name, each in times.items()}

    def since(self) -> dict[str, float]:
        """Seconds since the last call."""
        before, self._began = self._began, self._now()
        return {f"{name}_s": round(self._began[name] - before[name], 2) for name in before}


async def day(office: Office, service: int, devices: int, rounds: int) -> dict[str, object]:
    made = make_crowd(office, devices)
    polls = [office.poll(f"po_{n:04}", "pk_0001") for n in range(rounds)]
    close = office.poll("po_last", "pk_0001")
    manifest = office.publish("pk_0001", [], polls=[*polls, close])
    async with Crowd(office, made, seed=1) as crowd:
        await crowd.listen()
        crowd.hang_up()
        meter = Meter(service)
        await crowd.listen()
        storm = meter.since()
        await crowd.ask_time(devices * rounds)
        asking = meter.since()
        votes = crowd.sign(polls, manifest, made)
        signing = meter.since()
        await crowd.send(votes)
        voting = meter.since()
        took, crowd.took_ms = crowd.took_ms, []
        late = crowd.sign([close], manifest, made[:LAST])
        last, _ = await asyncio.gather(crowd.send(late), asyncio.to_thread(office.close_poll, close))
        for wording in polls:
            await asyncio.to_thread(office.close_poll, wording)
        found = await crowd.judge([*polls, close])
    return {
        "service_ms_a_vote": round(1000 * voting["service_s"] / len(took), 2),
        "goal_ms": 6.0,
        "service_ms_a_signed_time": round(1000 * asking["service_s"] / (devices * rounds), 2),
        "service_ms_a_device_in_the_storm": round(1000 * storm["service_s"] / devices, 2),
        "devices": devices,
        "storm": storm,
        "votes": devices * rounds,
        "requests": len(took),
        "connections": AT_ONCE,
        "voting": voting,
        "votes_a_second": round(devices * rounds / voting["wall_s"], 1),
        "answer_ms": figures(took),
        "signing_beforehand": signing,
        "around_the_close": {
            "votes": min(LAST, devices),
            "seconds": round(last, 2),
            "answer_ms": figures(crowd.took_ms),
        },
        "receipts": {status.value: count for status, count in found.items()},
    }


def main(arguments: Sequence[str]) -> None:
    """Six hundred devices and seventeen polls unless told otherwise."""
    devices = int(arguments[0]) if arguments else 600
    rounds = int(arguments[1]) if len(arguments) > 1 else 17
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(folder / "service", members=[MemberId(f"m_{n:04}") for n in range(1, devices + 1)])
        with process(office, folder) as running:
            office.connect(running.url)
            result = asyncio.run(day(office, running.pid, devices, rounds))
        office.close()
    machine = {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    print(json.dumps({"machine": machine, "load": result}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

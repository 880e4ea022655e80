# SPDX-License-Identifier: AGPL-3.0-or-later
"""One service process with SQLite: everybody listens, everybody comes back at once, ten thousand votes.

The devices live in this process and share the machine's processors with the service, so votes a second are a floor.
What was promised is judged as in ``tests/contract/test_service_load.py``. The peer is the same number of requests for
the signed time, which costs the service one signature and no database. Run
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

from client.domain.ids import MemberId
from tests.helpers.crowd import AT_ONCE, Crowd, make_crowd
from tests.helpers.pack import Office
from tests.helpers.serving import serving

LAST = 200


def figures(values: list[float]) -> dict[str, float]:
    marks = statistics.quantiles(values, n=100)
    return {"p50": round(marks[49], 1), "p95": round(marks[94], 1), "p99": round(marks[98], 1)}


async def day(office: Office, devices: int, rounds: int) -> dict[str, object]:
    made = make_crowd(office, devices)
    polls = [office.poll(f"po_{n:04}", "pk_0001") for n in range(rounds)]
    close = office.poll("po_last", "pk_0001")
    manifest = office.publish("pk_0001", [], polls=[*polls, close])
    async with Crowd(office, made, seed=1) as crowd:
        listening = await crowd.listen()
        await crowd.hang_up()
        storm = await crowd.listen()
        began = time.perf_counter()
        await crowd.ask_time(devices * rounds)
        asking = time.perf_counter() - began
        voting = await crowd.vote(polls, manifest, made)
        took, crowd.took_ms = crowd.took_ms, []
        closed = asyncio.to_thread(office.close_poll, close)
        last, _ = await asyncio.gather(crowd.vote([close], manifest, made[:LAST]), closed)
        for wording in polls:
            await asyncio.to_thread(office.close_poll, wording)
        found = await crowd.judge([*polls, close])
    return {
        "devices": devices,
        "listen_s": round(listening, 2),
        "storm_s": round(storm, 2),
        "votes": devices * rounds,
        "requests": len(took),
        "connections": AT_ONCE,
        "votes_s": round(voting, 1),
        "votes_a_second": round(devices * rounds / voting, 1),
        "answer_ms": figures(took),
        "ratio_to_signed_time": round(voting / asking, 2),
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
        with serving(office, folder) as url:
            office.connect(url)
            result = asyncio.run(day(office, devices, rounds))
        office.close()
    machine = {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    print(json.dumps({"machine": machine, "load": result}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

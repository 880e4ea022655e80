# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers over a line with a long way: one stream against three, in the same run.

A relay on loopback holds every piece back for half a round trip in each direction and lets no more than a stated rate
pass, shared by all connections. The peer is the same engine with one stream. Run
``python -m tests.benchmarks.bench_distance [papers] [kilobytes]`` from the project root; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.serving import serving
from tests.helpers.wire import Wire

ROUND_TRIPS_MS = (0, 50, 200)
STREAMS = (1, 3)
ROUNDS = 3
MBIT = 100
"""Of the whole line, towards the client."""
PIECE = 16 * 1024


class Distance(Wire):
    """A relay with a way and a width."""

    def __init__(self, target: tuple[str, int], round_trip_ms: float, mbit: float) -> None:
        self._half_s, self._per_byte_s = round_trip_ms / 2000, 8 / (mbit * 1e6)
        self._free_at, self._line = 0.0, threading.Lock()
        super().__init__(target)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        due: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        threading.Thread(target=self._deliver, args=(due, sink), daemon=True).start()
        try:
            while data := source.recv(PIECE):
                with self._line:  # one line for all connections
                    self._free_at = max(self._free_at, time.monotonic()) + len(data) * self._per_byte_s
                    at = self._free_at
                due.put((at + self._half_s, data))
                time.sleep(max(0.0, at - time.monotonic()))
        except OSError:
            pass  # one end is gone, so is the other
        finally:
            due.put((0.0, b""))

    @staticmethod
    def _deliver(due: SimpleQueue[tuple[float, bytes]], sink: socket.socket) -> None:
        try:
            while (entry := due.get())[1]:
                time.sleep(max(0.0, entry[0] - time.monotonic()))
                sink.sendall(entry[1])
        except OSError:
            pass  # likewise
        finally:
            sink.close()


def main(arguments: Sequence[str]) -> None:
    """Thirty papers of a quarter of a megabyte unless told otherwise."""
    count = int(arguments[0]) if arguments else 30
    size = int(arguments[1]) * 1024 if len(arguments) > 1 else 256 * 1024
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(folder / "service")
        with serving(office, folder) as url:
            office.connect(url)
            address = urlsplit(url)
            assert address.hostname is not None
            assert address.port is not None
            plan = [(ms, k, turn) for ms in ROUND_TRIPS_MS for turn in range(ROUNDS) for k in STREAMS]
            devices = [
                Device(folder / f"device{n}", office.root, url, device=f"d_{n:04}", streams=k)
                for n, (_, k, _) in enumerate(plan)
            ]
            for device in devices:
                office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
            office.publish("pk_0001", [office.paper(f"do_{n}", some_bytes(size)) for n in range(count)])
            seconds: dict[tuple[int, int], list[float]] = {}
            for device, (ms, k, _) in zip(devices, plan, strict=True):
                with Distance((address.hostname, address.port), ms, MBIT) as wire:
                    device.url = wire.url
                    device.start()
                    began = time.perf_counter()
                    device.sync()
                    seconds.setdefault((ms, k), []).append(time.perf_counter() - began)
                    device.close()
                shutil.rmtree(device.folder)
            for ms in ROUND_TRIPS_MS:
                one, three = (statistics.median(seconds[ms, k]) for k in STREAMS)
                found[f"{ms} ms"] = {"one_s": round(one, 2), "three_s": round(three, 2), "gain": round(one / three, 2)}
        office.close()
    machine = {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    print(json.dumps({"machine": machine, "papers": count, "bytes": size, "mbit": MBIT, "round_trip": found}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client of ``bench_sync`` in a process of its own, so that its memory and processor time are its own.

Says its public keys on standard output, waits for the service's address on standard input, fetches everything, and
says what that took. Not a benchmark by itself.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
import time
from pathlib import Path

import psutil

from client.protocol import codec
from client.protocol.messages import Root
from client.sync.fetchers import STREAMS
from client.ui.pauses import SWITCH_S
from tests.helpers.device import Device

LOOK_S = 0.01
"""Between two looks at the memory in use."""


class Peak:
    """The most memory in use while it is watched, bytes."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._over = threading.Event()
        self.before = self.most = self._process.memory_info().rss
        self._thread = threading.Thread(target=self._watch, name="peak", daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(LOOK_S):
            self.most = max(self.most, self._process.memory_info().rss)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


def main(folder: Path, name: str, root: Path) -> None:
    """One device, one synchronisation."""
    sys.setswitchinterval(SWITCH_S)  # as the program does
    device = Device(folder, codec.decode(root.read_bytes(), Root, limit=codec.MAX_SMALL), "", device=name)
    device.streams = STREAMS
    print(json.dumps({"sign": device.signing.public, "seal": device.sealing.public}), flush=True)
    told = json.loads(sys.stdin.readline())
    device.url = told["url"]
    if told["authority"]:
        device.verify = ssl.create_default_context(cafile=told["authority"])
    device.start()
    process = psutil.Process()
    with Peak() as peak:
        began, cpu = time.perf_counter(), process.cpu_times()
        device.sync()
        took, spent = time.perf_counter() - began, process.cpu_times()
    device.close()
    found = {
        "seconds": took,
        "cpu": spent.user + spent.system - cpu.user - cpu.system,
        "idle": peak.before,
        "peak": peak.most,
    }
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))

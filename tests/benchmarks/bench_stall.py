# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long the windows' thread is kept waiting while papers arrive: gaps between ticks of one millisecond.

Downloading, opening and committing run on threads of the same interpreter, three papers at once as in the program.
The floor is the same ticker with nothing going on, before and after. Run
``python -m tests.benchmarks.bench_stall [megabytes]`` from the project root; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer

from client.sync.engine import PackReady
from client.sync.fetchers import STREAMS
from client.ui.pauses import SWITCH_S
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.serving import serving

PAPERS = 20
IDLE_S = 2.0


class Ticker:
    """Collects the gaps between ticks, milliseconds, until told to stop."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)

    def run(self, over: Callable[[], bool]) -> dict[str, float]:
        self._gaps, self._last = [], time.perf_counter()

        def tick() -> None:
            now = time.perf_counter()
            self._gaps.append(1000 * (now - self._last) - 1)
            self._last = now
            if over():
                self._app.quit()

        self._timer.timeout.connect(tick)
        self._timer.start()
        self._app.exec()
        self._timer.stop()
        self._timer.timeout.disconnect(tick)
        marks = statistics.quantiles(self._gaps, n=1000)
        return {
            "ticks": len(self._gaps),
            "p50": round(marks[499], 2),
            "p99": round(marks[989], 2),
            "p999": round(marks[998], 2),
            "max": round(max(self._gaps), 1),
        }


def main(arguments: Sequence[str]) -> None:
    """Two hundred megabytes unless told otherwise."""
    size = (int(arguments[0]) if arguments else 200) * (1 << 20) // PAPERS
    sys.setswitchinterval(SWITCH_S)  # as the program does
    ticker = Ticker(QCoreApplication([]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(folder / "service")
        with serving(office, folder) as url:
            office.connect(url)
            device = Device(folder / "device", office.root, url, streams=STREAMS)
            office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
            office.publish("pk_0001", [office.paper(f"do_{n}", some_bytes(size)) for n in range(PAPERS)])
            until = time.perf_counter() + IDLE_S
            before = ticker.run(lambda: time.perf_counter() > until)
            device.start()
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            device.engine.start()
            began = time.perf_counter()
            busy = ticker.run(lambda: any(isinstance(event, PackReady) for event in device.events[-3:]))
            took = time.perf_counter() - began
            grew = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
            device.close()
            until = time.perf_counter() + IDLE_S
            after = ticker.run(lambda: time.perf_counter() > until)
        office.close()
    machine = {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    gaps = {"idle_before": before, "while_papers_arrive": busy, "idle_after": after}
    megabytes = size * PAPERS >> 20
    found = {"megabytes": megabytes, "seconds": round(took, 2), "late_ms": gaps, "peak_memory_grew_mib": round(grew, 1)}
    print(json.dumps({"machine": machine, "stall": found}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

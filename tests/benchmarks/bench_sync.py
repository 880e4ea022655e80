# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synchronisation against its floors, in one run: ten papers fetched, decrypted, verified and committed; a vote saved.

The service runs in a process of its own. Peers fetch the same sealed blobs from it into plain files, one after
the other over one connection: the HTTP library alone, and ``curl`` where it is installed. The floor of a vote is
writing and syncing one page four times: copy, its folder, commit, checkpoint. Run
``python -m tests.benchmarks.bench_sync [folder] [megabytes]`` from the project root; prints one JSON object.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from client.crypto import request
from client.domain.ids import Hash
from client.protocol import http
from client.sync.fetchers import STREAMS
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.serving import serving

PAPERS = 10
ROUNDS = 5
VOTES = 150
MIB = 1 << 20


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def headers(device: Device, url: str) -> dict[str, str]:
    return request.sign_request(
        method="GET",
        url=url,
        headers={},
        body=b"",
        keyid=device.device,
        key=device.signing,
        created=device.clock.now() // 1000,
        nonce=base64.b64encode(os.urandom(18)).decode(),
    )


def with_library(device: Device, blobs: Sequence[Hash], folder: Path) -> None:
    with httpx.Client(timeout=30, trust_env=False) as client:
        for number, blob in enumerate(blobs):
            url = device.url + http.PATH_BLOB.format(hash=blob)
            with (
                (folder / str(number)).open("wb") as file,
                client.stream("GET", url, headers=headers(device, url)) as answer,
            ):
                assert answer.status_code == httpx.codes.OK
                for piece in answer.iter_raw():
                    file.write(piece)


def with_curl(device: Device, blobs: Sequence[Hash], folder: Path) -> None:
    command = ["curl", "--silent", "--show-error", "--fail"]
    for number, blob in enumerate(blobs):
        url = device.url + http.PATH_BLOB.format(hash=blob)
        command += ["--next"] if number else []
        for name, value in headers(device, url).items():
            command += ["-H", f"{name}: {value}"]
        command += ["--silent", "--show-error", "--fail", "-o", str(folder / f"curl{number}"), url]
    subprocess.run(command, check=True)


def downloading(office: Office, url: str, folder: Path, megabytes: int) -> dict[str, object]:
    size = megabytes * MIB // PAPERS
    times: dict[str, list[float]] = {"sync": [], "library": [], "curl": []}
    devices = [
        Device(folder / f"device{n}", office.root, url, device=f"d_{n:04}", streams=STREAMS) for n in range(ROUNDS)
    ]
    for device in devices:
        office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    papers = office.publish("pk_0001", [office.paper(f"do_{n}", some_bytes(size)) for n in range(PAPERS)]).papers
    blobs = [paper.blob for paper in papers if paper.blob is not None]
    peers: list[tuple[str, Callable[[Device, Sequence[Hash], Path], None]]] = [("library", with_library)]
    if shutil.which("curl"):
        peers.append(("curl", with_curl))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for device in devices:
        device.start()
        times["sync"].append(seconds(device.sync))
        for name, peer in peers:
            times[name].append(seconds(lambda peer=peer, device=device: peer(device, blobs, folder)))  # type: ignore[misc]
        device.close()
        shutil.rmtree(device.folder)
    middle = {name: statistics.median(found) for name, found in times.items() if found}
    return {
        "papers": PAPERS,
        "megabytes": sum(paper.size for paper in papers) / MIB,
        "rounds": ROUNDS,
        "seconds": {name: [round(each, 3) for each in found] for name, found in times.items()},
        "megabytes_a_second": {name: round(megabytes / value, 1) for name, value in middle.items()},
        "speed_ratio": {name: round(value / middle["sync"], 3) for name, value in middle.items() if name != "sync"},
        "peak_memory_grew_mib": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def voting(office: Office, url: str, folder: Path) -> dict[str, object]:
    device = Device(folder / "voter", office.root, url, device="d_9999")
    office.add_device(device.device, sign=device.signing.public, seal=device.sealing.public)
    wording = office.poll("po_0001", "pk_0002")
    office.publish("pk_0002", [office.paper("do_1", some_bytes(1000))], polls=[wording])
    office.targets = {name: target for name, target in office.targets.items() if "pk_0001" not in name}
    office.release()
    device.start()
    device.sync()
    saves, floors = [], []
    page = os.urandom(4096)
    handle = os.open(device.folder / "floor", os.O_WRONLY | os.O_CREAT, 0o600)

    def floor() -> None:
        for _ in range(4):
            os.write(handle, page)
            os.fsync(handle)

    for _ in range(VOTES):
        saves.append(1000 * seconds(lambda: device.vote("po_0001")))
        floors.append(1000 * seconds(floor))
    os.close(handle)
    device.close()

    def figures(values: list[float]) -> dict[str, float]:
        marks = statistics.quantiles(values, n=100)
        return {"p50": round(marks[49], 3), "p95": round(marks[94], 3), "p99": round(marks[98], 3)}

    return {
        "votes": VOTES,
        "saved_ms": figures(saves),
        "floor_four_fsyncs_ms": figures(floors),
        "ratio_p50": round(statistics.median(saves) / statistics.median(floors), 2),
    }


def main(arguments: Sequence[str]) -> None:
    """Run everything in a fresh folder, by default a temporary one."""
    megabytes = int(arguments[1]) if len(arguments) > 1 else 50
    with tempfile.TemporaryDirectory(dir=arguments[0] if arguments else None) as name:
        folder = Path(name)
        office = Office(folder / "service")
        with serving(office, folder) as url:
            office.connect(url)
            result = {
                "machine": {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()},
                "download": downloading(office, url, folder, megabytes),
                "vote": voting(office, url, folder),
            }
        office.close()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Synchronisation against its floors, in one run: a hundred papers fetched, decrypted, verified and committed; a vote.

Service and client each run in a process of their own. Peers fetch the same sealed blobs into plain files, one after
the other over one connection: ``curl`` where it is installed, and the HTTP library alone. Three lines: loopback
without TLS, loopback with TLS, and with TLS over a link of 1 Gbit/s where this machine allows one
(``tests/benchmarks/shaped.py``). Beside the speed stands the processor time of everybody, which a busy machine blurs
less, and the client's memory above idle. The floor of a vote is writing and syncing one page four times: copy, its
folder, commit, checkpoint. Run ``python -m tests.benchmarks.bench_sync [folder] [megabytes] [papers] [rounds]`` from
the project root; prints one JSON object.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import resource
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from client.crypto import request
from client.domain.ids import DeviceId, Hash
from client.protocol import codec, http
from tests.benchmarks import shaped
from tests.helpers.certificates import certificate
from tests.helpers.device import Device
from tests.helpers.pack import Office, some_bytes
from tests.helpers.serving import Running, process

LINES = ("loopback", "loopback_tls", "gigabit_tls")
GIGABIT = 1000
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
    verify = device.verify or ssl.create_default_context()
    with httpx.Client(timeout=30, trust_env=False, verify=verify) as client:
        for number, blob in enumerate(blobs):
            url = device.url + http.PATH_BLOB.format(hash=blob)
            with (
                (folder / str(number)).open("wb") as file,
                client.stream("GET", url, headers=headers(device, url)) as answer,
            ):
                assert answer.status_code == httpx.codes.OK
                for piece in answer.iter_raw():
                    file.write(piece)


def curl_command(device: Device, blobs: Sequence[Hash], folder: Path, authority: Path | None) -> list[str]:
    """One process and one connection for everything."""
    same = ["--silent", "--show-error", "--fail", *(("--cacert", str(authority)) if authority else ())]
    command = ["curl"]
    for number, blob in enumerate(blobs):
        url = device.url + http.PATH_BLOB.format(hash=blob)
        command += ["--next"] if number else []
        for name, value in headers(device, url).items():
            command += ["-H", f"{name}: {value}"]
        command += [*same, "-o", str(folder / f"curl{number}"), url]
    return command


class Child:
    """A client that waits to be told where the service is."""

    def __init__(self, folder: Path, device: DeviceId, root: Path) -> None:
        self.folder, self.device = folder / device, device
        command = [sys.executable, "-m", "tests.benchmarks.sync_child", str(self.folder), device, str(root)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.keys: dict[str, str] = self._said()

    def _said(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def sync(self, url: str, authority: Path | None) -> dict[str, float]:
        """Fetch everything; what it took and needed."""
        assert self._process.stdin is not None
        told = {"url": url, "authority": None if authority is None else str(authority)}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        found: dict[str, float] = self._said()
        self.close()
        return found

    def close(self) -> None:
        """End it and remove what it fetched."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Line:
    """Everything measured over one line, in rounds of client and peers."""

    megabytes: float
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    memory_mib: list[float] = field(default_factory=list)

    def note(self, who: str, took: float, spent: float, service: float) -> None:
        self.seconds.setdefault(who, []).append(took)
        self.cpu.setdefault(who, []).append(1000 * spent / self.megabytes)
        self.cpu.setdefault(f"service_for_{who}", []).append(1000 * service / self.megabytes)

    def figures(self) -> dict[str, object]:
        middle = {who: statistics.median(found) for who, found in self.seconds.items()}
        return {
            "ratio": {who: round(value / middle["sync"], 3) for who, value in middle.items() if who != "sync"},
            "megabytes_a_second": {who: round(self.megabytes / value, 1) for who, value in middle.items()},
            "cpu_ms_a_megabyte": {who: round(statistics.median(found), 2) for who, found in self.cpu.items()},
            "memory_above_idle_mib": round(max(self.memory_mib), 1),
            "seconds": {who: [round(each, 2) for each in found] for who, found in self.seconds.items()},
        }


def spent(pid: int) -> float:
    """Processor seconds of a process so far."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def of_children() -> float:
    """Processor seconds of the processes this one has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def downloading(
    running: Running, peer: Device, children: Sequence[Child], blobs: Sequence[Hash], megabytes: float, folder: Path
) -> dict[str, object]:
    """Client and peers in turn, one round for each of ``children``."""
    line = Line(megabytes)
    authority = folder / "authority.pem" if running.url.startswith("https") else None
    peer.url, peer.verify = running.url, ssl.create_default_context(cafile=authority) if authority else None
    for child in children:
        service = spent(running.pid)
        found = child.sync(running.url, authority)
        line.note("sync", found["seconds"], found["cpu"], spent(running.pid) - service)
        line.memory_mib.append((found["peak"] - found["idle"]) / MIB)
        if shutil.which("curl"):
            service, before = spent(running.pid), of_children()
            command = curl_command(peer, blobs, folder, authority)
            took = seconds(lambda command=command: subprocess.run(command, check=True))  # type: ignore[misc]
            line.note("curl", took, of_children() - before, spent(running.pid) - service)
        service, own = spent(running.pid), spent(os.getpid())
        took = seconds(lambda: with_library(peer, blobs, folder))
        line.note("library", took, spent(os.getpid()) - own, spent(running.pid) - service)
    return line.figures()


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


@dataclass(frozen=True)
class Size:
    """How much is fetched, and how often over each line."""

    megabytes: int = 500
    papers: int = 100
    rounds: int = 3


def everything(folder: Path, size: Size) -> dict[str, object]:
    """All lines, then votes."""
    office = Office(folder / "service")
    peer = Device(folder / "peer", office.root, "", device="d_9998")
    root = folder / "device.root.json"
    root.write_bytes(codec.encode(office.root))
    result: dict[str, object] = {"papers": size.papers, "megabytes": size.megabytes, "rounds": size.rounds}
    with ExitStack() as stack:
        children = {
            name: [Child(folder, DeviceId(f"d_{k}{n:03}"), root) for n in range(size.rounds)]
            for k, name in enumerate(LINES)
        }
        for child in (each for found in children.values() for each in found):
            stack.callback(child.close)
        with process(office, folder) as running:
            office.connect(running.url)
            for child in (each for found in children.values() for each in found):
                office.add_device(child.device, **child.keys)
            office.add_device(peer.device, sign=peer.signing.public, seal=peer.sealing.public)
            each = size.megabytes * MIB // size.papers
            made = office.publish("pk_0001", [office.paper(f"do_{n}", some_bytes(each)) for n in range(size.papers)])
            blobs = [paper.blob for paper in made.papers if paper.blob is not None]
            office.blob_keys.clear()
            result["loopback"] = downloading(running, peer, children["loopback"], blobs, size.megabytes, folder)
        tls = with_tls(folder, "127.0.0.1")
        with process(office, folder, *tls) as running:
            result["loopback_tls"] = downloading(running, peer, children["loopback_tls"], blobs, size.megabytes, folder)
        why = shaped.missing()
        if why:
            result["gigabit_tls"] = why
        else:
            link = stack.enter_context(shaped.link(GIGABIT))
            tls = ("--host", shaped.FAR, *with_tls(folder, shaped.FAR))
            with process(office, folder, *tls, inside=link.inside) as running:
                result["gigabit_tls"] = downloading(
                    running, peer, children["gigabit_tls"], blobs, size.megabytes, folder
                )
        with process(office, folder) as running:
            office.connect(running.url)
            result["vote"] = voting(office, running.url, folder)
    office.close()
    return result


def with_tls(folder: Path, address: str) -> tuple[str, ...]:
    """Options of the service's command line; its authority goes where ``downloading`` looks for it."""
    cert, key = certificate(folder, address=address)
    shutil.copyfile(cert, folder / "authority.pem")
    return "--tls-cert", str(cert), "--tls-key", str(key)


def main(arguments: Sequence[str]) -> None:
    """Run everything in a fresh folder, by default a temporary one."""
    with tempfile.TemporaryDirectory(dir=arguments[0] if arguments else None) as name:
        found = everything(Path(name), Size(*map(int, arguments[1:])))
    machine = {"system": platform.platform(), "python": platform.python_version(), "cpus": os.cpu_count()}
    print(json.dumps({"machine": machine, **found}, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])

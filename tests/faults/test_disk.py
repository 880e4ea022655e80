# SPDX-License-Identifier: AGPL-3.0-or-later
"""A disk that fails at the k-th call, and one that loses power: what was shown as saved is there, nothing else is.

The shim ``iofault.c`` is compiled by the test and preloaded into the process that saves. A power cut is what each
file held when it was last flushed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.crypto.secret import Secret
from client.domain.outbox import OutboxState
from client.store.connection import open_record
from tests.helpers.device import Device
from tests.helpers.io_child import device_of
from tests.helpers.world import ROOT

VOTES = 3
KINDS = ("eio", "enospc", "short")
FIRST = range(1, 31)
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None, reason="needs Linux and gcc to build the shim"
)


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("shim") / "iofault.so"
    source = Path(__file__).with_name("iofault.c")
    subprocess.run(
        ["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(built), str(source), "-ldl"], check=True
    )
    return built


def run(shim: Path, folder: Path, count: int = VOTES, synchronous: str = "", **fault: str) -> list[dict[str, Any]]:
    """What the member was told, vote by vote."""
    (folder / "disk").mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "LD_PRELOAD": str(shim),
        "IOFAULT_PREFIX": f"{folder}/disk/",
        **{f"IOFAULT_{name.upper()}": value for name, value in fault.items()},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.io_child", str(folder), str(count), synchronous],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Device]:
    device = device_of(tmp_path)
    yield device
    device.close()


def judge(device: Device, told: list[dict[str, Any]], where: str) -> None:
    """Invariants L, C and N of the quality plan, after recovery on a sound disk."""
    saved = {line["saved"]: line["statement"] for line in told if "saved" in line}
    if saved:
        device.anchor.value = max(saved.items())
    device.start()
    report = device.acts.recover().result()
    waiting = {item.n: item.statement for item in device.items() if item.state is OutboxState.QUEUED}
    assert report.missing == (), where
    assert not report.altered, where
    assert waiting == saved, f"{where}: shown as saved {saved}, kept {waiting}, {report}"
    fresh = device.vote("po_0001") if saved else None
    assert fresh is None or fresh.n > max(saved), f"{where}: a number is given twice"


def one(shim: Path, folder: Path, reopened: Device, kind: str, at: int, *, sticky: bool = False) -> None:
    extra = {"sticky": "1"} if sticky else {}
    device_of(folder).start().close()  # the stores are there: what is counted are the calls that save
    told = run(shim, folder, kind=kind, at=str(at), **extra)
    judge(reopened, told, f"{kind} at call {at}{' and after' if sticky else ''}: {told}")


def test_the_shim_strikes(shim: Path, tmp_path: Path) -> None:
    """Without this a shim that is not loaded would let everything pass."""
    device_of(tmp_path).start().close()
    told = run(shim, tmp_path, kind="eio", at="1", sticky="1")
    assert told
    assert not any("saved" in line for line in told)


@pytest.mark.parametrize("at", FIRST)
def test_the_k_th_call_fails(shim: Path, tmp_path: Path, reopened: Device, at: int) -> None:
    one(shim, tmp_path, reopened, KINDS[at % len(KINDS)], at)


@pytest.mark.slow
@pytest.mark.parametrize("sticky", [False, True], ids=["once", "for_good"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", range(1, 121))
def test_every_call_fails(shim: Path, tmp_path: Path, reopened: Device, kind: str, at: int, *, sticky: bool) -> None:
    one(shim, tmp_path, reopened, kind, at, sticky=sticky)


def after_power_cut(shim: Path, folder: Path, synchronous: str) -> tuple[int, int]:
    """Votes shown as saved, and those of them that are left when the power goes."""
    image = folder / "image"
    image.mkdir()
    told = run(shim, folder, 12, synchronous, image=str(image))
    assert all("saved" in line for line in told), told
    there = {path.name for path in (folder / "disk").iterdir()}  # a journal that was deleted since does not come back
    shutil.rmtree(folder / "disk")
    (folder / "disk").mkdir()
    for path in image.iterdir():  # the sealed copies and the log of other files are not what is measured here
        if path.name in there and path.name.startswith("record.db") and not path.name.endswith("-shm"):
            shutil.copy(path, folder / "disk" / path.name)
    device = device_of(folder).start()
    try:
        return len(told), sum(item.state is OutboxState.QUEUED for item in device.items())
    finally:
        device.close()


def test_a_power_cut_takes_no_vote_that_was_shown_as_saved(shim: Path, tmp_path: Path) -> None:
    assert after_power_cut(shim, tmp_path, "") == (12, 12)


def test_a_commit_alone_is_durable_with_full_and_lost_with_normal(shim: Path, tmp_path: Path) -> None:
    """The checkpoint after each vote is one belt; this takes it off and shows that the other one holds."""
    left = {}
    for synchronous in ("FULL", "NORMAL"):
        folder = tmp_path / synchronous
        folder.mkdir()
        left[synchronous] = commits_left(shim, folder, synchronous)
    assert left["FULL"] == 40
    assert left["NORMAL"] < 40, "the lab can tell the difference"


def commits_left(shim: Path, folder: Path, synchronous: str) -> int:
    image = folder / "image"
    image.mkdir()
    (folder / "disk").mkdir()
    script = (
        "import os, sys; from pathlib import Path; from client.store.connection import open_record;"
        "from client.crypto.secret import Secret; from client.store import settings;"
        "conn = open_record(Path(sys.argv[1]) / 'record.db', Secret(bytes(48)));"
        "conn.execute('PRAGMA synchronous=' + sys.argv[2]);"
        "[settings.put(conn, f'k{n}', n) for n in range(40)]; os._exit(0)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "LD_PRELOAD": str(shim),
        "IOFAULT_PREFIX": f"{folder}/disk/",
        "IOFAULT_IMAGE": str(image),
    }
    subprocess.run(
        [sys.executable, "-c", script, str(folder / "disk"), synchronous], cwd=ROOT, env=environment, check=True
    )
    for path in image.iterdir():
        if not (folder / "disk" / path.name).exists():  # a journal that was deleted since does not come back
            path.unlink()
    conn = open_record(image / "record.db", Secret(bytes(48)))
    try:
        row = conn.execute("SELECT count(*) FROM settings WHERE name LIKE 'k%'").fetchone()
        assert row is not None
        return int(row[0])
    finally:
        conn.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process killed in the middle loses nothing it had acknowledged and leaves nothing half-done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from client.crypto.hashing import sha256
from client.crypto.secret import Secret
from client.errors import StoreBusy
from client.store import outbox, papers
from client.store.connection import open_papers, open_record
from tests.unit.store.samples import named

ROOT = Path(__file__).resolve().parents[3]
START = """
import sys
from pathlib import Path
from client.crypto.secret import Secret
from client.store import outbox, papers
from client.store.connection import open_papers, open_record
from tests.unit.store.samples import act, named
folder, key = Path(sys.argv[1]), Secret(bytes(range(48)))
"""
VOTES = """
conn = open_record(folder / "record.db", key)
for n in range(outbox.next_number(conn)[0], 1_000_000):
    with conn.transaction():
        outbox.queue(conn, act(n), b"envelope %d" % n, b"first half")
        conn.execute("UPDATE outbox SET body = ? WHERE n = ?", (b"whole", n))
    if n % 7 == 0:
        conn.checkpoint()
    print(n, flush=True)
"""
CHUNKS = """
conn = open_papers(folder / "papers.db", key)
for n in range(papers.chunks(conn, named("b")), 4000):
    papers.append(conn, named("b"), n, n.to_bytes(4, "big") * (papers.CHUNK // 4))
    print(n + 1, flush=True)
"""


def kill_after(script: str, folder: Path, lines: int) -> int:
    """Run ``script``, kill it after that many lines, give the last number it acknowledged."""
    command = [sys.executable, "-c", START + script, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ}) as child:
        assert child.stdout is not None
        seen = [child.stdout.readline() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        seen += child.stdout.readlines()
    whole = [int(line) for line in seen if line.endswith(b"\n")]
    assert len(whole) >= lines
    return whole[-1]


def test_no_acknowledged_act_is_lost_and_none_is_half(tmp_path: Path, key: Secret) -> None:
    for lines in (1, 5, 23):
        acknowledged = kill_after(VOTES, tmp_path, lines)
        conn = open_record(tmp_path / "record.db", key)
        kept = outbox.items(conn)
        assert [item.n for item in kept] == list(range(1, len(kept) + 1))
        assert acknowledged <= len(kept) <= acknowledged + 1
        assert {outbox.body(conn, item.n) for item in kept} == {b"whole"}
        conn.check()
        conn.close()


def test_a_killed_download_goes_on_and_verifies(tmp_path: Path, key: Secret) -> None:
    for lines in (1, 6):
        acknowledged = kill_after(CHUNKS, tmp_path, lines)
        conn = open_papers(tmp_path / "papers.db", key)
        count = papers.chunks(conn, named("b"))
        assert acknowledged <= count <= acknowledged + 1
        conn.close()
    content = b"".join(n.to_bytes(4, "big") * (papers.CHUNK // 4) for n in range(count))
    conn = open_papers(tmp_path / "papers.db", key)
    assert papers.finish(conn, named("b"), named("x"), 1)[0] is False
    for index in range(count):
        papers.append(conn, named("b"), index, content[index * papers.CHUNK : (index + 1) * papers.CHUNK])
    plain = sha256(content)
    assert papers.finish(conn, named("b"), plain, len(content))[0]  # type: ignore[arg-type]
    assert papers.read(conn, named("b"), plain=plain) == content  # type: ignore[arg-type]
    conn.close()


def test_the_lock_dies_with_its_process(tmp_path: Path, key: Secret) -> None:
    script = START + "conn = open_record(folder / 'record.db', key)\nprint('open', flush=True)\nsys.stdin.read()\n"
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"open\n"
        with pytest.raises(StoreBusy):
            open_record(tmp_path / "record.db", key)
        child.kill()
    open_record(tmp_path / "record.db", key).close()

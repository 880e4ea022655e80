# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ecabinet-server`` as an operator runs it: a process of its own, TLS, a clean end, a kill."""

from __future__ import annotations

import datetime as dt
import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from client.protocol import codec
from client.protocol.http import StatementAnswer
from client.protocol.messages import SignedTime
from server.embedded import EmbeddedService
from tests.helpers.certificates import certificate
from tests.unit.server.world import World, digest, ok

COMMAND = [sys.executable, "-m", "server"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def serving(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def prepared(tmp_path: Path) -> tuple[World, Path]:
    """A world whose service runs as a process on the machine's own clock."""
    world = World(tmp_path / "data")
    world.clock.pass_s(dt.datetime.now(dt.UTC).timestamp() - world.clock.now() / 1000)
    root = tmp_path / "root.json"
    root.write_bytes(codec.encode(world.root) + b"\n")
    return world, root


def test_init_prints_the_same_key_twice(tmp_path: Path) -> None:
    first = json.loads(run("init", "--data", tmp_path / "new", "--json").stdout)
    assert first["id"] == "receipt-1"
    assert run("init", "--data", tmp_path / "new").stdout.strip() == first["sign"]
    key = tmp_path / "new" / "receipt.key"
    assert key.stat().st_mode & 0o077 == 0
    assert EmbeddedService.prepare(tmp_path / "new").sign == first["sign"]


def test_serve_health_and_clean_end(prepared: tuple[World, Path]) -> None:
    world, root = prepared
    with serving("--data", world.folder, "--root", root) as (process, url):
        found = json.loads(run("health", url, "--json").stdout)
        assert found["service"] == "ecabinet"
        answer = ok(world.http.get(url + "/time"))
        assert world.opened(answer.content, SignedTime).by == "receipt-1"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in {0, -signal.SIGTERM}
    world.http.close()


def test_receipts_survive_a_kill(prepared: tuple[World, Path]) -> None:
    world, root = prepared
    with serving("--data", world.folder, "--root", root) as (_process, url):
        world.embedded.url = url
        world.devices = [replace(device, until="2099-01-01T00:00:00.000Z") for device in world.devices]  # type: ignore[arg-type]
        world.an = world.devices[0]
        world.put_directory()
        definition = world.a_poll(opens="2020-01-01T00:00:00.000Z", closes=None)
        vote = world.vote(world.an, definition)
        envelope = world.an.sign(vote)
        first = ok(world.post(world.an, vote, envelope=envelope)).content
    # killed without a word
    with serving("--data", world.folder, "--root", root) as (_process, url):
        world.embedded.url = url
        assert ok(world.post(world.an, vote, envelope=envelope)).content == first
        found = ok(world.send("GET", f"/statements/{digest(vote)}", who=world.an))
        assert codec.decode(found.content, StatementAnswer, limit=codec.MIB).statement == envelope
    world.http.close()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["serve", "--data", "nowhere", "--root", "nowhere.json"], 2),
        (["serve", "--data", ".", "--root", "README.md", "--host", "0.0.0.0"], 2),
        (["serve", "--data", ".", "--root", "README.md", "--tls-cert", "x.pem"], 2),
        (["serve", "--data", ".", "--root", "README.md"], 4),
        (["health", "ftp://127.0.0.1"], 2),
        (["health", "http://127.0.0.1:9"], 3),
    ],
)
def test_bad_arguments_end_with_a_sentence_and_a_code(arguments: list[str], code: int) -> None:
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_taken_port(prepared: tuple[World, Path]) -> None:
    world, root = prepared
    with serving("--data", world.folder, "--root", root) as (_process, url):
        done = run("serve", "--data", world.folder, "--root", root, "--port", url.rsplit(":", 1)[1])
        assert (done.returncode, "Traceback" in done.stderr) == (5, False)
    world.http.close()


def test_tls(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    plain = World(tmp_path / "data")
    plain.embedded = EmbeddedService(tmp_path / "data", root=plain.root, clock=plain.clock, tls_cert=cert, tls_key=key)
    plain.http.close()
    plain.http = httpx.Client(verify=ssl.create_default_context(cafile=str(cert)), trust_env=False)
    try:
        plain.start()
        assert plain.embedded.url.startswith("https://")
        ok(plain.send("GET", "/tuf/metadata/timestamp.json", who=plain.an))
        with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as stranger:
            stranger.get(plain.embedded.url + "/time")
    finally:
        plain.stop()


def test_embedded_service_comes_back_at_the_same_address(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    try:
        world.start()
        url = world.embedded.url
        world.embedded.stop()
        world.embedded.stop()
        with pytest.raises(httpx.ConnectError):
            world.http.get(url + "/time")
        assert world.embedded.start() == url
        ok(world.send("GET", "/tuf/metadata/timestamp.json", who=world.an))
    finally:
        world.stop()


def test_context_manager(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    with world.embedded as service:
        found: dict[str, Any] = world.http.get(service.url + "/health").json()
    assert found["service"] == "ecabinet"
    world.http.close()

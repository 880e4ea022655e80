# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real service in a process of its own, as ``ecabinet-server serve`` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from client.protocol import codec
from tests.helpers.pack import Office


@dataclass(frozen=True, slots=True)
class Running:
    """The service's process.

    Attributes:
        url: Its address.
        pid: Its number, for counting what it spends.
    """

    url: str
    pid: int


@contextmanager
def process(
    office: Office, folder: Path, *options: str, port: int = 0, inside: Sequence[str] = ()
) -> Iterator[Running]:
    """The service with further ``options`` of its command line; killed at the end, as by a loss of power.

    ``inside`` is put before the command; it must not leave a process of its own between.
    """
    root = folder / "root.json"
    root.write_bytes(codec.encode(office.root))
    command = [sys.executable, "-m", "server", "serve", "--port", str(port), "--json", "--data", str(office.folder)]
    service = subprocess.Popen(
        [*inside, *command, "--root", str(root), *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert service.stdout is not None
    try:
        yield Running(json.loads(service.stdout.readline())["url"], service.pid)
    finally:
        service.kill()
        service.wait()
        service.stdout.close()


@contextmanager
def serving(office: Office, folder: Path, *, port: int = 0) -> Iterator[str]:
    """Its address alone."""
    with process(office, folder, port=port) as running:
        yield running.url

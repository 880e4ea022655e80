# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real service in a process of its own, as ``ecabinet-server serve`` runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client.protocol import codec
from tests.helpers.pack import Office


@contextmanager
def serving(office: Office, folder: Path, *, port: int = 0) -> Iterator[str]:
    """Its address; killed at the end, as by a loss of power."""
    root = folder / "root.json"
    root.write_bytes(codec.encode(office.root))
    command = [sys.executable, "-m", "server", "serve", "--port", str(port), "--json", "--data", str(office.folder)]
    process = subprocess.Popen(
        [*command, "--root", str(root)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.kill()
        process.wait()
        process.stdout.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands between the program's start and its first paint, asked of the real program in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_BEFORE_THE_PAINT = {
    # libraries
    *("httpx", "httpcore", "truststore", "ssl", "tuf", "securesystemslib", "cryptography", "keyring", "sqlcipher3"),
    *("pymupdf", "segno", "icalendar", "importlib.metadata", "importlib_metadata", "email.parser", "http.client"),
    *("PySide6.QtDBus", "PySide6.QtNetwork", "asyncio", "multiprocessing", "subprocess"),
    # our own
    *("client.core", "client.opening", "client.enrol", "client.profile", "client.store", "client.sync"),
    *("client.protocol", "client.crypto.aead", "client.keys.keyring_store", "client.viewer.host"),
    *("client.ui.workspace", "client.ui.screens.sessions", "client.ui.screens.reader", "client.ui.screens.held"),
    *("client.ui.tray", "client.ui.screens.enrol", "client.practice.window", "client.selftest", "client.demo"),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Modules that are there when the lock screen of an enrolled device is painted."""
    profile = tmp_path_factory.mktemp("start") / "profile"
    profile.mkdir()
    (profile / "profile.json").write_text(
        json.dumps({"root": {"body": "Chính phủ"}, "device": "d_1", "state": "active"}), "utf-8"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.start_child", str(profile)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return frozenset(json.loads(done.stdout.splitlines()[0]))


def test_the_lock_screen_was_really_there(loaded: frozenset[str]) -> None:
    assert {"client.app", "client.front", "client.ui.screens.lock", "PySide6.QtWidgets"} <= loaded


@pytest.mark.parametrize("name", sorted(NOT_BEFORE_THE_PAINT))
def test_not_loaded_before_the_first_paint(name: str, loaded: frozenset[str]) -> None:
    assert name not in loaded, f"{name} belongs after the first paint: see client/app.py and docs/adr"

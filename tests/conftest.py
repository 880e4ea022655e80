# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rules that hold for every test: no display, no unexpected warning in the log, no real keystore."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ECABINET_SHARED", ROOT.parent / "shared"))

# Before any Qt import: a tablet-sized screen that needs no display.
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={ROOT / 'tests' / 'screen.json'}")
os.environ.setdefault("QT_ACCESSIBILITY", "1")
# Never a person's keystore: tests name their own SecretStore.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="also run the long suites (make nightly)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {
        "slow": (not config.getoption("--nightly"), "long suite: runs in `make nightly`"),
        "corpus": (not (SHARED / "corpus").is_dir(), "the PDF corpus is not beside the project"),
        "vectors": (not (SHARED / "vectors").is_dir(), "the outside test vectors are not beside the project"),
    }
    for item in items:
        for marker, (absent, reason) in missing.items():
            if absent and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


class _Recorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """A log line at WARNING fails the test unless it carries ``@pytest.mark.expects_warnings(reason)``."""
    recorder = _Recorder()
    root = logging.getLogger()
    root.addHandler(recorder)
    yield
    root.removeHandler(recorder)
    if recorder.seen and not request.node.get_closest_marker("expects_warnings"):
        pytest.fail("unexpected log lines:\n" + "\n".join(recorder.seen))


@pytest.fixture(autouse=True)
def faults_are_told() -> Iterator[None]:
    """A fault in a library names the line it happened at, also after a test of the crash reports took that over."""
    yield
    if sys.__stderr__ is not None and not faulthandler.is_enabled():
        faulthandler.enable(sys.__stderr__)


@pytest.fixture(autouse=True)
def objects_of_qt_die_on_their_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where windows are tested, Python collects when the test is over, on this thread: see ``client.ui.pauses``."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


class PatientBot(QtBot):
    """Waits for what must come as long as a test may take: a busy machine is no fault of the program."""

    PATIENCE_MS = 60_000

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with patience."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project that holds the PDF corpus and the outside vectors."""
    return SHARED


@pytest.fixture(scope="session")
def corpus(shared: Path) -> list[Path]:
    """Every PDF of the corpus, by name."""
    return sorted((shared / "corpus").glob("*.pdf"))

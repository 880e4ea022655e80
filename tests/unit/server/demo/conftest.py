# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo folders, written once for all tests of this package."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from server.demo.documents_folder import DemoFolder, write_demo_folder

START = datetime(2026, 11, 27, 8, 0, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(scope="session")
def fonts() -> Path:
    return Path(__file__).parents[4] / "resources" / "fonts"


@pytest.fixture(scope="session")
def start() -> datetime:
    return START


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, fonts: Path) -> DemoFolder:
    return write_demo_folder(tmp_path_factory.mktemp("demo") / "phien-hop", fonts=fonts, start=START)

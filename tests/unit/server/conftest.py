# SPDX-License-Identifier: AGPL-3.0-or-later
"""A running service for each test, on SQLite; with ``ECABINET_SERVICE_DB=postgresql`` on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.server.postgres import Cluster, missing
from tests.unit.server.world import World


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real PostgreSQL of this run's own; without the package skipped, and failed where ``REQUIRE_POSTGRESQL=1``."""
    reason = missing()
    if reason and os.environ.get("REQUIRE_POSTGRESQL") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # not tmp_path: its parents are closed to PostgreSQL's user
    made = Cluster(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    url = None
    if os.environ.get("ECABINET_SERVICE_DB") == "postgresql":
        url = request.getfixturevalue("cluster").new_database()
    yield from running(World(tmp_path / "service", database_url=url))


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same service on each database it supports."""
    url = request.getfixturevalue("cluster").new_database() if request.param == "postgresql" else None
    yield from running(World(tmp_path / "service", database_url=url))


def running(world: World) -> Iterator[World]:
    try:
        world.start()
        yield world
    finally:
        world.stop()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A world for every story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.helpers.world import World

HANOI = timezone(timedelta(hours=7))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Service, desk and wire; a session that starts in four days."""
    start = datetime.now(HANOI).replace(microsecond=0) + timedelta(days=4)
    with World(tmp_path, start=start) as made:
        yield made

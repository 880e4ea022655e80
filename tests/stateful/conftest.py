# SPDX-License-Identifier: AGPL-3.0-or-later
"""One scene for each worker; every history plays on a copy of it, in memory where the system has a folder for that."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.scene import Scene

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def stage_folder() -> Iterator[Path]:
    """Hundreds of small stores: what is proved here does not depend on the disk, and a disk would make it slow."""
    base = Path(tempfile.mkdtemp(prefix="ecabinet-stateful-", dir=MEMORY if MEMORY.is_dir() else None))
    yield base
    shutil.rmtree(base)


@pytest.fixture(scope="session")
def scene(stage_folder: Path) -> Scene:
    """Published and synchronised once."""
    return Scene(stage_folder / "scene")


@pytest.fixture(scope="session")
def room_scene(stage_folder: Path) -> Scene:
    """The same with a session that can be run, and somebody to whom nothing need be shared."""
    return Scene(stage_folder / "room", room=True)


@pytest.fixture
def fresh(stage_folder: Path) -> Iterator[Path]:
    """A folder for one history."""
    made = Path(tempfile.mkdtemp(dir=stage_folder))
    yield made / "history"
    shutil.rmtree(made)

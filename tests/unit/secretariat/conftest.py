# SPDX-License-Identifier: AGPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.secretariat.inspect import Inspector
from tests.unit.secretariat.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    with Inspector() as shared:
        yield shared

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One prepared world for each worker of the fault lab; every test works on copies of it."""

from __future__ import annotations

import pytest

from tests.helpers.lab import Lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Published, opened, enrolled, and the same tablet once more after its first synchronisation."""
    return Lab(tmp_path_factory.mktemp("lab"))

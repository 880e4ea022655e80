# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real SQLCipher files in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.crypto.secret import Secret
from client.store.connection import Connection, open_papers, open_record

KEY = Secret(bytes(range(48)))


@pytest.fixture
def key() -> Secret:
    return KEY


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Connection]:
    connection = open_record(tmp_path / "record.db", KEY)
    yield connection
    connection.close()


@pytest.fixture
def papers_db(tmp_path: Path) -> Iterator[Connection]:
    connection = open_papers(tmp_path / "papers.db", KEY)
    yield connection
    connection.close()

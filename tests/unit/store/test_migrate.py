# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schema steps: one after the other, all or nothing, and what they add up to."""

from __future__ import annotations

from importlib import resources

import pytest

from client.errors import InternalFault, StoreDamaged, StoreTooNew
from client.store.connection import Connection
from client.store.migrate import Step, migrate, statements, steps, version_of


def schema_of(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT GLOB 'index_written_*' AND name NOT GLOB 'index_folded_*' ORDER BY type, name"
    )
    return [" ".join(sql.split()) for (sql,) in rows]


def current(family: str) -> list[str]:
    text = resources.files("client.store").joinpath("schema", family, "current.sql").read_text("utf-8")
    return sorted(" ".join(sql.split()) for sql in statements(text))


def test_all_steps_together_are_the_current_record_schema(record: Connection) -> None:
    assert sorted(schema_of(record)) == current("record")
    assert version_of(record) == len(steps("record"))


def test_all_steps_together_are_the_current_papers_schema(papers_db: Connection) -> None:
    assert sorted(schema_of(papers_db)) == current("papers")
    assert version_of(papers_db) == len(steps("papers"))


LATER = (
    *steps("record"),
    Step(len(steps("record")) + 1, "CREATE TABLE extra (a INTEGER);\nINSERT INTO extra VALUES (1);\n"),
    Step(len(steps("record")) + 2, "ALTER TABLE extra ADD COLUMN b TEXT;\nUPDATE extra SET b = 'x;y';\n"),
)


def test_an_old_file_is_brought_up_step_by_step(record: Connection) -> None:
    first = version_of(record)
    assert migrate(record, LATER[: first + 1]) == first
    assert record.execute("SELECT * FROM extra").fetchall() == [(1,)]
    assert migrate(record, LATER) == first + 1
    assert record.execute("SELECT * FROM extra").fetchall() == [(1, "x;y")]
    assert migrate(record, LATER) == first + 2
    assert version_of(record) == first + 2


def test_a_step_that_fails_leaves_the_version_before_it(record: Connection) -> None:
    first = version_of(record)
    broken = (*LATER[:-1], Step(first + 2, "ALTER TABLE extra ADD COLUMN c TEXT;\nINSERT INTO nowhere VALUES (1);\n"))
    with pytest.raises(InternalFault):
        migrate(record, broken)
    assert version_of(record) == first + 1
    assert record.execute("SELECT * FROM extra").fetchall() == [(1,)]


def test_newer_and_unmigrated_are_told_apart(record: Connection) -> None:
    migrate(record, LATER)
    with pytest.raises(StoreTooNew):
        migrate(record, steps("record"))
    with pytest.raises(StoreDamaged):
        migrate(record, (*LATER, Step(len(LATER) + 1, "SELECT 1;\n")), read_only=True)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing a file's schema up to date, one numbered step at a time.

Steps are ``schema/<family>/NNNN_*.sql``, numbered from 1 without gaps, never edited after a release. Each runs
in one transaction together with the new ``user_version``, so a kill leaves the file at a whole version. A file
with a higher version than the last step is refused: an older program would drop what it does not know.
``current.sql`` says what all steps together give; a test keeps them equal.

In a step a statement ends with ``;`` at the end of a line and comments stand on lines of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol

from client.errors import InternalFault, StoreDamaged, StoreTooNew


class Rows(Protocol):
    """The result of a statement."""

    def fetchone(self) -> tuple[object, ...] | None:
        """The next row."""
        ...


class Database(Protocol):
    """What a migration needs of a connection."""

    def execute(self, sql: str, params: Sequence[object] = ()) -> Rows:
        """Run one statement."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: what brings a file from ``version - 1`` to ``version``."""

    version: int
    sql: str


@cache
def steps(family: str) -> tuple[Step, ...]:
    """All steps of ``family`` (``"record"`` or ``"papers"``) in order."""
    folder = resources.files(__package__).joinpath("schema", family)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[:4].isdigit())
    found = tuple(Step(int(name[:4]), folder.joinpath(name).read_text("utf-8")) for name in names)
    if [step.version for step in found] != list(range(1, len(found) + 1)):
        raise InternalFault(f"schema {family} is not numbered from 1 without gaps")
    return found


def statements(sql: str) -> list[str]:
    """The statements of a script, without its comment lines."""
    kept = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in (kept + "\n").split(";\n") if part.strip()]


def version_of(database: Database) -> int:
    """The schema version the file says it has; 0 for a fresh one."""
    row = database.execute("PRAGMA user_version").fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]


def migrate(database: Database, todo: Sequence[Step], *, read_only: bool = False) -> int:
    """Run the steps the file has not seen.

    Args:
        database: The open file.
        todo: All steps of its family.
        read_only: Only check the version.

    Returns:
        The version before.

    Raises:
        StoreTooNew: The file is newer than the last step.
        StoreDamaged: A read-only connection met an older version.
    """
    before, latest = version_of(database), len(todo)
    if before > latest:
        raise StoreTooNew(f"schema {before}, this program knows {latest}")
    if read_only and before != latest:
        raise StoreDamaged(f"schema {before}, expected {latest}")
    for step in todo[before:]:
        with database.transaction():
            for statement in statements(step.sql):
                database.execute(statement)
            database.execute(f"PRAGMA user_version={step.version:d}")
    return before

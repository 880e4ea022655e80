# SPDX-License-Identifier: AGPL-3.0-or-later
"""The diagrams in ``docs/sync.md`` are drawn from the tables in the code; write them anew with

python -m tests.test_state_diagrams
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path

import pytest

from client.domain import ballot, outbox, pack

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "sync.md"
TABLES: dict[str, Mapping[Enum, Iterable[Enum]]] = {
    "outbox": outbox.TRANSITIONS,  # type: ignore[dict-item]
    "pack": pack.TRANSITIONS,  # type: ignore[dict-item]
    "poll": ballot.SERVICE_TRANSITIONS,  # type: ignore[dict-item]
}
BLOCK = re.compile(r"<!-- states: ([a-z ]+) -->\n```mermaid\n(.*?)```\n", re.DOTALL)


def drawn(table: Mapping[Enum, Iterable[Enum]]) -> str:
    """A state diagram in Mermaid's language: arrows in the order of the states."""
    order = list(table)
    lines = ["stateDiagram-v2"]
    for state in order:
        targets = sorted(table[state], key=order.index)
        lines += [f"    {state.name} --> {target.name}" for target in targets]
        if not targets:
            lines.append(f"    {state.name} --> [*]")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", TABLES)
def test_the_document_shows_the_table(name: str) -> None:
    shown = dict(BLOCK.findall(DOCUMENT.read_text("utf-8")))
    assert shown.get(name) == drawn(TABLES[name]), "run python -m tests.test_state_diagrams"


def rewrite() -> None:
    """Draw every diagram of the document anew."""
    text = DOCUMENT.read_text("utf-8")

    def block(match: re.Match[str]) -> str:
        return f"<!-- states: {match[1]} -->\n```mermaid\n{drawn(TABLES[match[1]])}```\n"

    DOCUMENT.write_text(BLOCK.sub(block, text), "utf-8")


if __name__ == "__main__":
    rewrite()

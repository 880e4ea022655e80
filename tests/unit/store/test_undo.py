# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal of editing steps: in order, by paper, bounded."""

from __future__ import annotations

from client.domain.ids import Hash
from client.store import undo
from client.store.connection import Connection

ONE, TWO = Hash("sha256:" + "1" * 64), Hash("sha256:" + "2" * 64)


def test_steps_come_back_in_order_and_by_paper(record: Connection) -> None:
    for body in (b"a", b"b"):
        undo.append(record, ONE, body)
    undo.append(record, TWO, b"c")
    assert undo.journal(record, ONE) == (b"a", b"b")
    assert undo.journal(record, TWO) == (b"c",)


def test_only_the_newest_are_kept(record: Connection) -> None:
    for number in range(undo.KEPT + 1):
        undo.append(record, ONE, str(number).encode())
    kept = undo.journal(record, ONE)
    assert len(kept) == undo.KEPT
    assert (kept[0], kept[-1]) == (b"1", str(undo.KEPT).encode())

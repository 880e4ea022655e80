# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers chosen and not signed yet, one draft a poll; reached through ``store.outbox``.

A draft is never sent and never shown as saved: it only spares the member typing again after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from client.domain.ballot import Answer, VoteMode
from client.domain.ids import PollId
from client.store.changes import Topic, Written, wrote
from client.store.connection import Connection
from client.store.rows import from_json, to_json


class Draft(Struct, frozen=True):
    """What the member had chosen when the ballot was left; ``reason`` for voting while absent."""

    answers: tuple[Answer, ...]
    mode: VoteMode
    reason: str | None


def save_draft(
    conn: Connection, poll: PollId, answers: Sequence[Answer], mode: VoteMode, reason: str | None
) -> Written[None]:
    """Keep the draft of a poll, in place of any before it."""
    conn.execute(
        "INSERT INTO drafts (poll, body) VALUES (?, ?) ON CONFLICT (poll) DO UPDATE SET body = excluded.body",
        (poll, to_json(Draft(tuple(answers), mode, reason))),
    )
    return wrote(Topic.OUTBOX, poll)


def draft(conn: Connection, poll: PollId) -> Draft | None:
    """The draft of a poll."""
    row = conn.execute("SELECT body FROM drafts WHERE poll = ?", (poll,)).fetchone()
    return None if row is None else from_json(row[0], Draft)


def drop_draft(conn: Connection, poll: PollId) -> Written[None]:
    """Forget the draft of a poll; there may be none."""
    conn.execute("DELETE FROM drafts WHERE poll = ?", (poll,))
    return wrote(Topic.OUTBOX, poll)

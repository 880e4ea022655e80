# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this device can prove about a ballot: signed objects only, in the form the independent verifier reads.

A member who finds the result disputed hands this file to whoever has to judge. It holds the definition, the closing
list and the certified result as signed, the member's own votes with their receipts, the rule set and the newest
directory kept here. It decides nothing and hides nothing: a part that is not here is left empty. The member's own
vote is in it, so it is the member who chooses whom to give it to.
"""

from __future__ import annotations

import base64

from msgspec import Struct

from client.domain.ids import PollId
from client.store import outbox, polls
from client.store.connection import Connection
from client.store.rows import to_json


class OwnVote(Struct, frozen=True):
    """One own vote and its receipt (empty while there is none), base64 of the envelopes."""

    statement: str
    receipt: str


class MemberEvidence(Struct, frozen=True, tag_field="t", tag="ecab.member-evidence/1"):
    """The file; envelopes in base64, empty where this device has none.

    Attributes:
        dispute: Why the result is disputed (``sync.ballots.Dispute``); empty when it is not.
    """

    poll: PollId
    dispute: str
    directory: str
    rules: str
    definition: str
    closing: str
    certified: str
    votes: tuple[OwnVote, ...]


def export(conn: Connection, poll: PollId) -> bytes:
    """Everything this device can prove about one ballot, as JSON."""
    known = polls.get(conn, poll)
    stem, _, version = ("", "", "0") if known is None else known.rules.partition("/")
    return to_json(
        MemberEvidence(
            poll=poll,
            dispute=polls.dispute(conn, poll),
            directory=_text(_newest(conn, "d/directory.")),
            rules=_text(_newest(conn, f"r/{stem}.{int(version)}")),
            definition=_text(polls.definition(conn, poll)),
            closing=_text(polls.closing(conn, poll)),
            certified=_text(polls.certified(conn, poll)),
            votes=tuple(
                OwnVote(_text(outbox.envelope(conn, item.n)), _text(outbox.receipt(conn, item.n)))
                for item, _ in outbox.of_poll(conn, poll)
            ),
        )
    )


def _newest(conn: Connection, beginning: str) -> bytes | None:
    """The kept target whose name begins so, of the highest version."""
    row = conn.execute(
        "SELECT data FROM trusted WHERE substr(name, 1, ?) = ? ORDER BY length(name) DESC, name DESC LIMIT 1",
        (len("target:" + beginning), "target:" + beginning),
    ).fetchone()
    return None if row is None else row[0]


def _text(data: bytes | None) -> str:
    return "" if data is None else base64.b64encode(data).decode()

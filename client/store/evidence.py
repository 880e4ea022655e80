# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this device can prove about a ballot: signed objects only, in the form the independent verifier reads.

A member who finds the result disputed hands this file to whoever has to judge. It holds the definition, the closing
list and the certified result as signed, the member's own votes with their receipts, the rule set and the newest
directory kept here. It decides nothing and hides nothing: a part that is not here is left empty. The member's own
vote is in it, so it is the member who chooses whom to give it to.
"""

from __future__ import annotations

from client.crypto.metadata import verify
from client.domain.evidence import Evidence, ProvedVote, text
from client.domain.ids import MemberId, PollId
from client.store import outbox, polls, trusted
from client.store.connection import Connection
from client.store.rows import to_json

_TARGETS = "targets"


def export(conn: Connection, poll: PollId, member: MemberId) -> bytes:
    """Everything this device can prove about one ballot, as JSON (``domain.evidence``)."""
    known = polls.get(conn, poll)
    stem, _, version = ("", "", "0") if known is None else known.rules.partition("/")
    targets = trusted.load_metadata(conn)[1].get(_TARGETS)
    return to_json(
        Evidence(
            keys={} if targets is None else verify.delegated_unverified(targets),
            directory=text(_newest(conn, "d/directory.")),
            rules=text(_newest(conn, f"r/{stem}.{int(version)}")),
            definition=text(polls.definition(conn, poll)),
            closing=text(polls.closing(conn, poll)),
            certified=text(polls.certified(conn, poll)),
            votes=tuple(
                ProvedVote(text(outbox.envelope(conn, item.n)), text(outbox.receipt(conn, item.n)))
                for item, _ in outbox.of_poll(conn, poll)
            ),
            member=member,
            dispute=polls.dispute(conn, poll),
        )
    )


def _newest(conn: Connection, beginning: str) -> bytes | None:
    """The kept target whose name begins so, of the highest version."""
    row = conn.execute(
        "SELECT data FROM trusted WHERE substr(name, 1, ?) = ? ORDER BY length(name) DESC, name DESC LIMIT 1",
        (len("target:" + beginning), "target:" + beginning),
    ).fetchone()
    return None if row is None else row[0]

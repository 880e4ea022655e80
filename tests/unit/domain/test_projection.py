# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which vote stands by the service's newest signed word, so that a new one names the right one."""

from __future__ import annotations

import pytest

from client.domain.ids import DeviceId, Hash, Moment
from client.domain.outbox import OtherVote, OutboxItem, OutboxKind, OutboxState
from client.domain.projection import standing_vote

AT = Moment("2026-11-27T02:14:09.000Z")
FOREIGN = OtherVote(Hash("sha256:" + "f" * 64), DeviceId("d_0002"), AT)


def vote(n: int, state: OutboxState, **more: object) -> OutboxItem:
    return OutboxItem(
        n=n, kind=OutboxKind.VOTE, subject="po_12", statement=Hash(f"sha256:{n:064x}"), state=state, made=AT, **more
    )


def met(n: int) -> OutboxItem:
    return vote(n, OutboxState.CONFLICT, other=FOREIGN)


@pytest.mark.parametrize(
    ("acts", "stands", "foreign"),
    [
        ((), None, False),
        ((vote(1, OutboxState.QUEUED),), None, False),
        ((vote(1, OutboxState.RECEIPTED),), 1, False),
        ((vote(1, OutboxState.RECEIPTED, replaced=True), vote(2, OutboxState.RECEIPTED)), 2, False),
        ((met(1),), "f", True),
        ((vote(1, OutboxState.RECEIPTED), met(2)), "f", True),
        ((met(1), vote(2, OutboxState.RECEIPTED)), 2, False),
        ((met(1), vote(2, OutboxState.QUEUED)), "f", True),
        ((met(1), vote(2, OutboxState.REFUSED), vote(3, OutboxState.LATE)), "f", True),
        ((vote(1, OutboxState.CONFLICT),), None, False),
    ],
    ids=["none", "waits", "counted", "own_newer", "met", "counted_then_met", "replaced_it", "waits_too", "dead", "old"],
)
def test_the_last_answer_that_names_a_vote_is_the_newest_word(
    acts: tuple[OutboxItem, ...], stands: int | str | None, foreign: bool
) -> None:
    expected = {None: None, "f": FOREIGN.statement}.get(stands, f"sha256:{stands or 0:0>64}")
    assert standing_vote(acts) == (expected, FOREIGN if foreign else None)

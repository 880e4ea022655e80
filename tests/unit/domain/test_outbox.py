# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of the outbox: never more than is known."""

from __future__ import annotations

import msgspec
import pytest

from client.domain.ids import Hash, Moment
from client.domain.outbox import TRANSITIONS, OutboxItem, OutboxKind, OutboxState, Standing, standing

ITEM = OutboxItem(
    n=1,
    kind=OutboxKind.VOTE,
    subject="po_12",
    statement=Hash("sha256:" + "0" * 64),
    state=OutboxState.QUEUED,
    made=Moment("2026-11-27T02:14:09.000Z"),
)


@pytest.mark.parametrize(
    ("changes", "closed", "sentence"),
    [
        ({}, False, Standing.SAVED_NOT_COUNTED),
        ({"unknown": True}, False, Standing.SENT_AWAITING_RECEIPT),
        ({"unknown": True}, True, Standing.SENT_AWAITING_RECEIPT),
        ({}, True, Standing.LATE_NOT_COUNTED),
        ({"state": OutboxState.RECEIPTED}, True, Standing.COUNTED),
        ({"state": OutboxState.RECEIPTED, "replaced": True}, False, Standing.REPLACED),
        ({"state": OutboxState.RECEIPTED, "kind": OutboxKind.COMMENT}, False, Standing.RECORDED),
        ({"state": OutboxState.LATE}, True, Standing.LATE_NOT_COUNTED),
        ({"state": OutboxState.CONFLICT}, False, Standing.OTHER_DEVICE),
        ({"state": OutboxState.REFUSED}, False, Standing.REFUSED),
        ({"state": OutboxState.DRAFT}, False, Standing.NOT_SAVED),
    ],
)
def test_sentences(changes: dict[str, object], closed: bool, sentence: Standing) -> None:
    assert standing(msgspec.structs.replace(ITEM, **changes), closed_without_receipt=closed) is sentence


def test_only_a_receipt_makes_a_vote_counted() -> None:
    for state in OutboxState:
        for unknown in (False, True):
            said = standing(msgspec.structs.replace(ITEM, state=state, unknown=unknown))
            assert (said is Standing.COUNTED) == (state is OutboxState.RECEIPTED)


def test_nothing_leaves_a_final_state() -> None:
    for final in (OutboxState.RECEIPTED, OutboxState.LATE, OutboxState.REFUSED, OutboxState.WITHDRAWN):
        assert not TRANSITIONS[final]

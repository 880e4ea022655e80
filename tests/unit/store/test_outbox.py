# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed acts: kept byte for byte, moved only along the table, never lost and never doubled."""

from __future__ import annotations

import itertools

import pytest
from msgspec import structs

from client.domain.ballot import VoteMode
from client.domain.ids import PollId
from client.domain.outbox import TRANSITIONS, OutboxKind, OutboxState
from client.errors import InternalFault
from client.store import outbox
from client.store.changes import NOTHING, Topic
from client.store.connection import Connection
from tests.unit.store.samples import ANSWERS, POLL, T2, act, named

ANSWERED = {"received": T2, "receipt": b"receipt"}
SETTLED = [state for state in OutboxState if state is not OutboxState.DRAFT]


def in_state(conn: Connection, state: OutboxState) -> None:
    outbox.queue(conn, act(1), b"envelope", outbox.encode_answers(ANSWERS))
    if state is not OutboxState.QUEUED:
        outbox.mark(conn, 1, state=state, **ANSWERED)


@pytest.mark.parametrize(("start", "end"), list(itertools.product(SETTLED, OutboxState)))
def test_every_arrow_of_the_table_and_no_other(record: Connection, start: OutboxState, end: OutboxState) -> None:
    in_state(record, start)
    if end in TRANSITIONS[start]:
        item, changes = outbox.mark(record, 1, state=end, **ANSWERED)
        assert item.state is end
        assert Topic.OUTBOX in changes.topics
        assert {POLL, "n:1"} <= changes.ids
    else:
        with pytest.raises(InternalFault):
            outbox.mark(record, 1, state=end, **ANSWERED)
        assert outbox.item(record, 1).state is start


@pytest.mark.parametrize("state", [state for state in OutboxState if state is not OutboxState.QUEUED])
def test_acts_enter_queued(record: Connection, state: OutboxState) -> None:
    with pytest.raises(InternalFault):
        outbox.queue(record, structs.replace(act(1), state=state), b"", b"")
    assert outbox.items(record) == ()


def test_numbers_form_a_chain(record: Connection) -> None:
    assert outbox.next_number(record) == (1, None)
    for n in (1, 2, 3):
        number, previous = outbox.next_number(record)
        assert (number, previous) == (n, None if n == 1 else named(f"act {n - 1}"))
        outbox.queue(record, act(n), b"e%d" % n, b"[]")
    assert [item.n for item in outbox.items(record)] == [1, 2, 3]
    assert outbox.envelope(record, 2) == b"e2"
    assert outbox.body(record, 2) == b"[]"


def test_a_number_and_an_act_are_used_once(record: Connection) -> None:
    outbox.queue(record, act(1), b"e1", b"")
    assert outbox.queue(record, act(1), b"e1", b"") == (None, NOTHING)
    for other, envelope in (
        (act(1), b"other bytes"),
        (structs.replace(act(1), statement=named("x")), b"e1"),
        (structs.replace(act(2), statement=act(1).statement), b"e1"),
    ):
        with pytest.raises(InternalFault):
            outbox.queue(record, other, envelope, b"")
    assert outbox.items(record) == (act(1),)


def test_no_receipt_no_count(record: Connection) -> None:
    outbox.queue(record, act(1), b"", b"")
    for state in (OutboxState.RECEIPTED, OutboxState.LATE):
        for missing in ({}, {"receipt": b"r"}, {"received": T2}):
            with pytest.raises(InternalFault):
                outbox.mark(record, 1, state=state, **missing)
    assert outbox.receipt(record, 1) is None
    item, _ = outbox.mark(record, 1, state=OutboxState.RECEIPTED, received=T2, receipt=b"signed")
    assert (item.received, outbox.receipt(record, 1)) == (T2, b"signed")


def test_tried_acts_are_not_withdrawn(record: Connection) -> None:
    outbox.queue(record, act(1), b"", b"")
    outbox.queue(record, act(2), b"", b"")
    outbox.mark(record, 1, tries=1)
    with pytest.raises(InternalFault):
        outbox.mark(record, 1, state=OutboxState.WITHDRAWN)
    outbox.mark(record, 2, state=OutboxState.WITHDRAWN)
    assert [item.n for item in outbox.pending(record)] == [1]


def test_marks_change_only_what_they_name(record: Connection) -> None:
    outbox.queue(record, act(1), b"", b"")
    item, _ = outbox.mark(record, 1, tries=3, unknown=True)
    assert item == structs.replace(act(1), tries=3, unknown=True)
    item, _ = outbox.mark(record, 1, state=OutboxState.SUSPENDED)
    assert item.unknown
    item, _ = outbox.mark(record, 1, state=OutboxState.QUEUED)
    assert item.unknown
    item, _ = outbox.mark(record, 1, state=OutboxState.CONFLICT, reason="not-head")
    assert (item.unknown, item.reason, item.tries) == (False, "not-head", 3)


def test_only_a_counted_vote_is_replaced(record: Connection) -> None:
    outbox.queue(record, act(1), b"", b"")
    outbox.queue(record, act(2, kind=OutboxKind.COMMENT, subject="pk_7f3a"), b"", b"")
    outbox.mark(record, 2, state=OutboxState.RECEIPTED, **ANSWERED)
    for n in (1, 2, 3):
        with pytest.raises(InternalFault):
            outbox.supersede(record, n)
    outbox.mark(record, 1, state=OutboxState.RECEIPTED, **ANSWERED)
    outbox.supersede(record, 1)
    assert [item.replaced for item in outbox.items(record)] == [True, False]


def test_votes_of_a_poll_come_with_their_answers(record: Connection) -> None:
    outbox.queue(record, act(1), b"", outbox.encode_answers(ANSWERS))
    outbox.queue(record, act(2, kind=OutboxKind.COMMENT), b"", b"{}")
    outbox.queue(record, act(3, subject="po_9999"), b"", outbox.encode_answers(()))
    outbox.queue(record, act(4), b"", outbox.encode_answers(ANSWERS[:1]))
    assert outbox.of_poll(record, POLL) == ((act(1), ANSWERS), (act(4), ANSWERS[:1]))
    assert outbox.of_poll(record, PollId("po_none")) == ()


def test_unknown_numbers_are_bugs(record: Connection) -> None:
    assert outbox.receipt(record, 9) is None
    for use in (outbox.envelope, outbox.body, outbox.item, outbox.mark, outbox.supersede):
        with pytest.raises(InternalFault):
            use(record, 9)


def test_drafts_are_kept_apart(record: Connection) -> None:
    assert outbox.draft(record, POLL) is None
    outbox.save_draft(record, POLL, ANSWERS[:1], VoteMode.IN_ROOM, None)
    outbox.save_draft(record, POLL, ANSWERS, VoteMode.ABSENT_APPROVED, "Đi công tác")
    assert outbox.draft(record, POLL) == outbox.Draft(ANSWERS, VoteMode.ABSENT_APPROVED, "Đi công tác")
    assert outbox.items(record) == ()
    outbox.drop_draft(record, POLL)
    outbox.drop_draft(record, POLL)
    assert outbox.draft(record, POLL) is None

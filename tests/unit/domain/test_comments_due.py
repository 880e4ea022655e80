# SPDX-License-Identifier: AGPL-3.0-or-later
"""When comments are asked of a member, and what answers."""

from __future__ import annotations

import msgspec
import pytest

from client.clock import Millis, from_rfc3339
from client.domain.comment import Comment, CommentDraft
from client.domain.comments_due import MISSED_MS, CommentsDue, comments_due
from client.domain.ids import CommentId, Hash, Moment, PackId, SessionId
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.domain.session import Session, SessionKind
from client.protocol import codec

PACK = PackId("p_0001")
UNTIL = Moment("2026-11-27T10:00:00.000Z")
MADE = Moment("2026-11-26T10:00:00.000Z")
SESSION = Session(SessionId("s_0001"), "Phiên họp (dữ liệu giả định)", SessionKind.REGULAR, UNTIL, comments_until=UNTIL)
DUE = from_rfc3339(UNTIL)


def comment(n: int) -> Comment:
    return Comment(CommentId(f"c_{n}"), n, CommentDraft(pack=PACK, text="Góp ý"), MADE)


def act(n: int, state: OutboxState) -> OutboxItem:
    return OutboxItem(n, OutboxKind.COMMENT, PACK, Hash("sha256:" + "0" * 64), state, MADE)


def asked(*states: OutboxState, now: int = DUE - 1, none_until: Moment | None = None) -> CommentsDue | None:
    mine = [comment(n) for n, _ in enumerate(states)]
    acts = {n: act(n, state) for n, state in enumerate(states)}
    return comments_due(PACK, SESSION, mine, acts, none_until=none_until, now=Millis(now))


def test_a_session_that_states_no_deadline_asks_nothing_and_keeps_its_bytes() -> None:
    silent = msgspec.structs.replace(SESSION, comments_until=msgspec.UNSET)
    assert comments_due(PACK, silent, (), {}, none_until=None, now=Millis(0)) is None
    assert b"comments_until" not in codec.encode(silent)
    assert msgspec.json.decode(codec.encode(SESSION), type=Session) == SESSION


def test_asked_until_the_moment_then_missed_for_a_week() -> None:
    assert asked() == CommentsDue(PACK, SESSION, UNTIL, over=False)
    assert asked(now=DUE) == CommentsDue(PACK, SESSION, UNTIL, over=True)
    assert asked(now=DUE + MISSED_MS - 1) is not None
    assert asked(now=DUE + MISSED_MS) is None


@pytest.mark.parametrize("state", OutboxState)
def test_only_a_receipt_answers(state: OutboxState) -> None:
    found = asked(state)
    if state is OutboxState.RECEIPTED:
        assert found is None
    elif state in {OutboxState.REFUSED, OutboxState.WITHDRAWN, OutboxState.LATE}:
        assert found == asked()
    else:
        assert found is not None
        assert found.waiting == act(0, state)


def test_one_receipt_among_others_is_enough_and_the_newest_waits() -> None:
    assert asked(OutboxState.REFUSED, OutboxState.RECEIPTED, OutboxState.QUEUED) is None
    found = asked(OutboxState.QUEUED, OutboxState.QUEUED, OutboxState.WITHDRAWN)
    assert found is not None
    assert found.waiting == act(1, OutboxState.QUEUED)


def test_nothing_to_say_answers_for_that_deadline_only() -> None:
    assert asked(none_until=UNTIL) is None
    assert asked(none_until=MADE) is not None

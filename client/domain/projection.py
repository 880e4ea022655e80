# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member sees: the service's signed state joined with the acts that wait here.

Nothing on screen is stored as truth of its own; it is computed from what was received and what is pending, so
a saved vote can never look counted and a counted one never looks lost (protocol.md, section 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from client.domain.ballot import Answer, Poll, PollState, WhyNot, why_not
from client.domain.ids import Hash, Moment
from client.domain.outbox import OtherVote, OutboxItem, OutboxKind, OutboxState, Standing, standing


class MyVote(Struct, frozen=True):
    """One vote of this member on this device, in the order it was signed."""

    item: OutboxItem
    answers: tuple[Answer, ...]
    standing: Standing


class BallotView(Struct, frozen=True):
    """A ballot as one screen shows it.

    Attributes:
        current: The vote that stands for the member now, if any: the newest that is not refused or withdrawn.
        history: All votes signed on this device, oldest first.
        why_not: Why it cannot be cast now, or None.
        replaces: Statement that a new vote must name: the vote that stands, as far as this device knows.
        other: That vote, when it came from another device.
    """

    poll: Poll
    current: MyVote | None
    history: tuple[MyVote, ...]
    why_not: WhyNot | None
    replaces: Hash | None
    other: OtherVote | None = None


_CLOSED = frozenset({PollState.CLOSED, PollState.RESULT_VERIFIED, PollState.RESULT_DISPUTED})
_DEAD = frozenset({OutboxState.REFUSED, OutboxState.WITHDRAWN, OutboxState.DRAFT})


def ballot_view(
    poll: Poll,
    votes: Sequence[tuple[OutboxItem, tuple[Answer, ...]]],
    *,
    active: bool,
    now: Moment,
    in_room: WhyNot | None = None,
) -> BallotView:
    """Join a poll with this device's votes on it.

    Args:
        poll: The ballot as received.
        votes: This device's votes on it, by statement number.
        active: The directory lists this device as active.
        now: The estimate of present time.
        in_room: What the live session has against a vote (``live_view.room_says``).
    """
    closed = poll.state in _CLOSED
    history = tuple(
        MyVote(item, answers, standing(item, closed_without_receipt=closed, admitted=poll.admitted))
        for item, answers in votes
        if item.kind is OutboxKind.VOTE
    )
    alive = [vote for vote in history if vote.item.state not in _DEAD]
    stands, other = standing_vote(vote.item for vote in history)
    waiting = any(vote.item.state in {OutboxState.QUEUED, OutboxState.SUSPENDED} for vote in alive)
    return BallotView(
        poll=poll,
        current=alive[-1] if alive else None,
        history=history,
        why_not=why_not(poll, cast=stands is not None, waiting=waiting, active=active, now=now, in_room=in_room),
        replaces=stands,
        other=other,
    )


def standing_vote(acts: Iterable[OutboxItem]) -> tuple[Hash | None, OtherVote | None]:
    """The member's vote that stands by the service's newest signed word, and that vote if another device sent it.

    Acts on one poll are answered in order, so the last answer that names a vote (a counted receipt, or a conflict
    with its signed head) is the newest word.

    Args:
        acts: This device's votes on one poll, by statement number.
    """
    found: tuple[Hash | None, OtherVote | None] = (None, None)
    for item in acts:
        if item.state is OutboxState.RECEIPTED:
            found = item.statement, None
        elif item.state is OutboxState.CONFLICT and item.other is not None:
            found = item.other.statement, item.other
    return found

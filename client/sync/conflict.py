# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a refusal means for the act that was sent: numbered rules, pure, first match wins.

The rule that stands above all: an act leaves ``QUEUED`` only when repeating the same bytes can change nothing.
Whatever is not known to be final stays queued and is sent again, for a service that changes its mind must not
have cost a vote.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from client.domain.outbox import OutboxItem, OutboxKind, OutboxState


class Verdict(Enum):
    """What to do with the act."""

    KEEP = "keep"
    """Stays ``QUEUED``; the same bytes go out again later."""
    ASK = "ask"
    """Stays ``QUEUED``; the service holds exactly this statement, so its receipt is asked for."""
    CONFLICT = "conflict"
    """Another vote of this member stands; the member chooses, nothing is merged."""
    REFUSE = "refuse"
    """Final once the service, asked for the statement, does not have it; the text stays readable."""
    SUSPEND = "suspend"
    """All that waits is kept until the device is active again."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict and the rule it follows from."""

    rule: int
    verdict: Verdict

    @property
    def state(self) -> OutboxState:
        """The act's state after the ruling."""
        return _STATES.get(self.verdict, OutboxState.QUEUED)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What came back instead of a receipt.

    Attributes:
        problem: Suffix of ``urn:ecab:problem:*``.
        head: Statement hash of the signed head that came with a conflict, once it verified; else None.
    """

    problem: str
    head: str | None = None

    @property
    def arrived(self) -> bool:
        """Whether the very same request had been judged before: the statement may be stored already."""
        return self.problem in _REPEATED


_STATES: Final = {
    Verdict.CONFLICT: OutboxState.CONFLICT,
    Verdict.REFUSE: OutboxState.REFUSED,
    Verdict.SUSPEND: OutboxState.SUSPENDED,
}
_REPEATED: Final = frozenset({"replay"})
_EARLY: Final = frozenset(
    {
        "poll-not-open",
        "poll-unknown",
        "no-quorum",
        "not-present",
        "absence-not-approved",
        "session-unknown",
        "session-state",
    }
)
"""What the room may still put right: presence, consent, a quorum, an opening."""
_SUSPENDING: Final = frozenset({"device-revoked", "unknown-device"})
_FINAL: Final = frozenset(
    {
        "bad-answers",
        "bad-request",
        "device-fork",
        "forbidden",
        "hash-mismatch",
        "not-eligible",
        "not-invited",
        "no-such-item",
        "revote-forbidden",
        "too-large",
        "wrong-definition",
    }
)


def judge(item: OutboxItem, refusal: Refusal) -> Ruling:
    """The ruling on ``item`` after ``refusal``.

    1. The device is not (or no longer) listed: everything waits, suspended.
    2. Conflict, and the signed head is this very statement: it counts already, only the receipt was lost.
    3. Conflict with a verified signed head of another statement: the member is shown both.
    4. Conflict without a verified head: not believed, kept.
    5. Not open yet, not known yet, or not possible in the room as it is (quorum, presence, consent): kept until it is.
    6. Reasons that lie in the statement itself: refused. A refusal is not signed, so the caller first asks
       whether a receipt exists.
    7. Anything else: kept.
    """
    conflict = refusal.problem == "vote-conflict" and item.kind is OutboxKind.VOTE
    rules = (
        (refusal.problem in _SUSPENDING, Verdict.SUSPEND),
        (conflict and refusal.head == item.statement, Verdict.ASK),
        (conflict and refusal.head is not None, Verdict.CONFLICT),
        (conflict, Verdict.KEEP),
        (refusal.problem in _EARLY, Verdict.KEEP),
        (refusal.problem in _FINAL, Verdict.REFUSE),
        (True, Verdict.KEEP),
    )
    return next(Ruling(number, verdict) for number, (holds, verdict) in enumerate(rules, 1) if holds)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outbox's states and the only sentences the screens may draw from them (protocol.md, section 10).

``SENDING`` is not here: it lives in memory only, so that a crash can never leave an act half-sent on disk.
``unknown`` is a mark on ``QUEUED``: an answer may have been lost, the same bytes are sent again.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from client.domain.ballot import Answer
from client.domain.ids import DeviceId, Hash, Moment


class OutboxState(Enum):
    """Where one signed act stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    RECEIPTED = "receipted"
    LATE = "late"
    CONFLICT = "conflict"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


TRANSITIONS: Final[dict[OutboxState, frozenset[OutboxState]]] = {
    OutboxState.DRAFT: frozenset({OutboxState.QUEUED}),
    OutboxState.QUEUED: frozenset(
        {
            OutboxState.RECEIPTED,
            OutboxState.LATE,
            OutboxState.CONFLICT,
            OutboxState.REFUSED,
            OutboxState.SUSPENDED,
            OutboxState.WITHDRAWN,
        }
    ),
    OutboxState.SUSPENDED: frozenset({OutboxState.QUEUED}),
    OutboxState.RECEIPTED: frozenset(),
    OutboxState.LATE: frozenset(),
    OutboxState.CONFLICT: frozenset({OutboxState.QUEUED}),
    OutboxState.REFUSED: frozenset(),
    OutboxState.WITHDRAWN: frozenset(),
}
"""``QUEUED -> WITHDRAWN`` only for an item that was never tried: "Hủy trước khi gửi"."""


class OutboxKind(Enum):
    """What kind of act waits."""

    VOTE = "vote"
    COMMENT = "comment"
    SESSION = "session"
    """An act in a live session: attendance, absence, position, request to speak."""


KEPT_OTHER: Final = "kept-other"
"""``reason`` of a vote in conflict once the member decided that the other device's vote stays."""


class OtherVote(Struct, frozen=True, forbid_unknown_fields=True):
    """The vote that stood in the way: of this member, from another device, under the service's signature.

    Attributes:
        statement: What a new vote has to name in ``replaces``.
        received: When the service received it.
        made: When its device signed it; None until the vote itself was fetched and its signature verified.
        answers: What it says; empty until then.
    """

    statement: Hash
    device: DeviceId
    received: Moment
    made: Moment | None = None
    answers: tuple[Answer, ...] = ()


class OutboxItem(Struct, frozen=True):
    """One act as the outbox keeps it.

    Attributes:
        n: The device's statement number.
        subject: Acts on one subject are sent in order; a poll id for votes, a pack id for comments,
            a session id for acts in a session.
        statement: Hash of the signed payload.
        tries: Sending attempts so far.
        unknown: The last attempt may have arrived without an answer.
        reason: Problem code when refused or in conflict.
        deadline: When it stops counting, if it does.
        received: The service's receipt time once there is one.
        replaced: A newer vote of this member was counted in its place.
        other: In conflict: the vote that stood then.
    """

    n: int
    kind: OutboxKind
    subject: str
    statement: Hash
    state: OutboxState
    made: Moment
    tries: int = 0
    unknown: bool = False
    reason: str = ""
    deadline: Moment | None = None
    received: Moment | None = None
    replaced: bool = False
    other: OtherVote | None = None


class Standing(Enum):
    """What the screen may say about an act; each value is one sentence of protocol.md, section 10."""

    NOT_SAVED = "not_saved"
    SAVED_NOT_COUNTED = "saved_not_counted"
    SENT_AWAITING_RECEIPT = "sent_awaiting_receipt"
    COUNTED = "counted"
    RECORDED = "recorded"
    REPLACED = "replaced"
    LATE_NOT_COUNTED = "late_not_counted"
    LATE_ADMITTED = "late_admitted"
    OTHER_DEVICE = "other_device"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


def standing(item: OutboxItem, *, closed_without_receipt: bool = False, admitted: bool = False) -> Standing:
    """The one sentence that is true of this act now; never more than is known.

    Args:
        item: The act.
        closed_without_receipt: A signed close of its poll was seen while it waited.
        admitted: The certified result counts a late vote of this member.
    """
    if item.state is OutboxState.LATE and admitted:
        return Standing.LATE_ADMITTED
    if item.state is OutboxState.QUEUED:
        if item.unknown:
            return Standing.SENT_AWAITING_RECEIPT
        return Standing.LATE_NOT_COUNTED if closed_without_receipt else Standing.SAVED_NOT_COUNTED
    if item.state is OutboxState.RECEIPTED:
        if item.replaced:
            return Standing.REPLACED
        return Standing.COUNTED if item.kind is OutboxKind.VOTE else Standing.RECORDED
    return _PLAIN[item.state]


_PLAIN: Final = {
    OutboxState.DRAFT: Standing.NOT_SAVED,
    OutboxState.LATE: Standing.LATE_NOT_COUNTED,
    OutboxState.CONFLICT: Standing.OTHER_DEVICE,
    OutboxState.REFUSED: Standing.REFUSED,
    OutboxState.SUSPENDED: Standing.SUSPENDED,
    OutboxState.WITHDRAWN: Standing.WITHDRAWN,
}

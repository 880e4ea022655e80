# SPDX-License-Identifier: AGPL-3.0-or-later
"""By when a member's comments (góp ý) on a pack are asked for, and what stands of them.

Rules:
1. The session states the deadline; without one nothing is asked.
2. A comment answers once its receipt is here and it was not late; one that waits is shown as waiting, one that was
   withdrawn or refused is as if it had not been made.
3. Having nothing to say answers as well, for the deadline it was said for: one that was moved asks anew.
4. What was not answered is said for a week after the deadline, unless the session is over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from client.clock import Millis, from_rfc3339
from client.domain.comment import Comment
from client.domain.ids import Moment, PackId
from client.domain.outbox import OutboxItem, OutboxState
from client.domain.session import Session

MISSED_MS: Final = 7 * 86_400_000
_WAITS: Final = frozenset({OutboxState.DRAFT, OutboxState.QUEUED, OutboxState.SUSPENDED, OutboxState.CONFLICT})


class CommentsDue(Struct, frozen=True):
    """Comments asked of the member, not answered yet.

    Attributes:
        over: Whether the deadline has passed.
        waiting: My comment that has no receipt yet, the newest.
    """

    pack: PackId
    session: Session
    until: Moment
    over: bool
    waiting: OutboxItem | None = None


def comments_due(
    pack: PackId,
    session: Session,
    mine: Sequence[Comment],
    acts: Mapping[int, OutboxItem],
    *,
    none_until: Moment | None,
    now: Millis,
) -> CommentsDue | None:
    """What is asked of the member for one pack; None for nothing.

    Args:
        pack: Of ``session``.
        session: States the deadline.
        mine: My comments on this pack, oldest first.
        acts: The outbox, by number.
        none_until: The deadline for which the member had no comment to make.
        now: Present time.
    """
    until = session.comments_due
    if until is None or none_until == until:
        return None
    late = now - from_rfc3339(until)
    items = [acts[comment.n] for comment in mine if comment.n in acts]
    if late >= MISSED_MS or any(item.state is OutboxState.RECEIPTED for item in items):
        return None
    waiting = [item for item in items if item.state in _WAITS]
    return CommentsDue(pack, session, until, late >= 0, waiting[-1] if waiting else None)

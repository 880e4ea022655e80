# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a ballot's rule set its form must know: whether a vote may be given while absent.

Decides nothing about trust: the bytes it reads are those ``store.trusted`` keeps, which were verified before
they were kept. A rule set that is not here, or cannot be read, allows nothing out of the ordinary.
"""

from __future__ import annotations

from typing import Final

import msgspec

from client.domain.ballot import BallotKind, Poll
from client.domain.ids import RuleSetId
from client.domain.rules import RuleSet

MAX_RULES: Final = 256 * 1024
"""Bytes of a kept rule set, envelope included; more is not read."""


class _Envelope(msgspec.Struct, frozen=True):
    """The one part of a kept DSSE envelope that matters here; base64 on the outside."""

    payload: bytes


def kept_name(rules: RuleSetId) -> str:
    """Under which name ``store.trusted`` keeps a rule set: ``r/gov-2025.1`` for ``gov-2025/1``."""
    stem, _, version = rules.partition("/")
    return f"r/{stem}.{int(version)}"


def allows_absent_vote(poll: Poll, kept: bytes | None) -> bool:
    """Whether a member who is absent with approval may vote in ``poll``.

    Only votes of a session know absence (product.md, section 2).

    Args:
        poll: The ballot.
        kept: Its rule set as ``store.trusted.load_target`` gives it.
    """
    if poll.kind is not BallotKind.SESSION or kept is None or len(kept) > MAX_RULES:
        return False
    try:
        envelope = msgspec.json.decode(kept, type=_Envelope)
        rules = msgspec.json.decode(envelope.payload, type=RuleSet)
    except msgspec.DecodeError:
        return False
    return rules.id == poll.rules and rules.absent_vote

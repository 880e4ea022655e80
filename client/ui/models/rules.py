# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the screens must know of a ballot's rule set: whether a vote may be given while absent, and how it decides.

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


def payload_of(kept: bytes | None, *, limit: int) -> bytes | None:
    """What a kept envelope carries; None when there is none, it is too large or not an envelope."""
    if kept is None or len(kept) > limit:
        return None
    try:
        return msgspec.json.decode(kept, type=_Envelope).payload
    except msgspec.DecodeError:
        return None


def rules_of(kept: bytes | None) -> RuleSet | None:
    """The rule set in its envelope; None when it is not here or cannot be read.

    Args:
        kept: As ``store.trusted.load_target`` gives it.
    """
    payload = payload_of(kept, limit=MAX_RULES)
    if payload is None:
        return None
    try:
        return msgspec.json.decode(payload, type=RuleSet)
    except msgspec.DecodeError:
        return None


def absent_vote_allowed(poll: Poll, kept: bytes | None) -> bool:
    """Whether a member who is absent with approval may vote in ``poll``.

    Only votes of a session know absence (product.md, section 2).
    """
    rules = rules_of(kept) if poll.kind is BallotKind.SESSION else None
    return rules is not None and rules.id == poll.rules and rules.absent_vote

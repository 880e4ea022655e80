# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a write may have changed, so that screens can choose to redraw.

A ``ChangeSet`` is a hint, never data: it may name more than really changed and must never name less. It
carries ids only; whoever cares reads the store again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self, TypeVar

T = TypeVar("T")


class Topic(Enum):
    """The parts of the store a screen can depend on."""

    PACKS = "packs"
    PAPERS = "papers"
    ANNOTATIONS = "annotations"
    OUTBOX = "outbox"
    POLLS = "polls"
    LIVE = "live"
    COMMENTS = "comments"
    SHARED = "shared"
    READING = "reading"
    SETTINGS = "settings"
    TRUST = "trust"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Topics touched by one transaction, and the ids that were touched in them.

    Attributes:
        topics: What kind of thing changed; empty when nothing did.
        ids: Pack, paper, poll and similar ids; statement numbers as ``"n:57"``.
    """

    topics: frozenset[Topic] = frozenset()
    ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, topic: Topic, *ids: str) -> Self:
        """One topic and the ids in it."""
        return cls(frozenset((topic,)), frozenset(ids))

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(self.topics | other.topics, self.ids | other.ids)

    def __bool__(self) -> bool:
        return bool(self.topics)


NOTHING = ChangeSet()

Written = tuple[T, ChangeSet]
"""What every writer of an aggregate returns: its result and what it may have changed."""


def wrote(topic: Topic, *ids: str) -> Written[None]:
    """The return value of a writer that has nothing to say but that it wrote."""
    return None, ChangeSet.of(topic, *ids)

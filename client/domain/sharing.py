# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member shares with named people, pure: nothing is shared unless somebody chose it, thing by thing.

A thing is an annotation or a hand-over sheet; it never changes. For each thing and reader there is a count: 0 as
it is first shared, one more for each withdrawal and each sharing anew. Even means shared, odd withdrawn. Rules:

1. Private is the default: without a choice there is no count and nothing is told.
2. Shared is what was chosen *and* is still there: deleting a note withdraws it, undoing the deletion shares it again.
3. What was never told is not told to be withdrawn either: a choice taken back in time leaves no trace.
4. Between the devices of one author the higher count wins, as with notes (``domain.notes``); so does it on the
   reader's side, whatever the order of arrival.
5. A thing this device does not hold (the author's other device made it) is left as that device told it.
6. Whoever reads can hide a thing or copy it; only its author changes or withdraws it.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from client.domain.annotation import Annotation
from client.domain.handover import HandOver
from client.domain.ids import AnnotationId, MemberId, Moment
from client.domain.notes import Marks

Shared = Annotation | HandOver

MAX_CHANGES: Final = 500
"""Changes in one batch."""
MAX_CHOSEN: Final = 40
"""People one thing can be shared with."""


class ShareChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What an author tells a reader of one thing; ``body`` is given while it is shared."""

    id: AnnotationId
    marks: Marks
    body: Shared | None = None


class Told(Enum):
    """Whether a reader was told of a choice, or must be told again because of a new device."""

    NEVER = 0
    TOLD = 1
    AGAIN = 2


class Choice(Struct, frozen=True):
    """What the author's device knows of one thing and one reader.

    Attributes:
        chosen: The author wants it shared.
        marks: The merged count.
    """

    chosen: bool
    marks: int
    told: Told


class Stage(Enum):
    """How far a choice has come; what the author's screen may say.

    ``ARRIVED`` stands only on the signature of a device of the reader, and says nothing of reading.
    """

    WAITING = "waiting"
    SENT = "sent"
    ARRIVED = "arrived"
    WITHDRAWING = "withdrawing"


class Reader(Struct, frozen=True):
    """One person a thing is shared with, and how far that has come."""

    member: MemberId
    stage: Stage


class Received(Struct, frozen=True):
    """One thing somebody shared with this member.

    Attributes:
        hidden: The member put it out of sight, on this device.
        at: When the batch that brought it was made, by its author's clock.
        source: What ``body`` was made from, if it stands where this device found the passage on a later version and
            its author's device has not said yet.
    """

    author: MemberId
    body: Shared
    at: Moment
    hidden: bool = False
    source: AnnotationId | None = None


def due(choice: Choice, there: bool | None) -> int | None:
    """The count to tell, or None when there is nothing to tell.

    Args:
        choice: What is known.
        there: Whether the thing is there; None when this device does not hold it (rule 5).
    """
    if there is None:
        return None
    shared = choice.chosen and there  # rule 2
    if choice.told is Told.NEVER and not shared:
        return None  # rules 1 and 3
    if (choice.marks % 2 == 0) is shared:
        return None if choice.told is Told.TOLD else choice.marks
    return choice.marks + 1


def heard(known: Choice | None, marks: int) -> Choice:
    """Rule 4, author's side: another device of the author told this count; a wish that waits here still stands."""
    even = marks % 2 == 0
    if known is None:
        return Choice(chosen=even, marks=marks, told=Told.TOLD)
    if known.told is Told.NEVER or (known.marks % 2 == 0) is not known.chosen:
        return Choice(chosen=known.chosen, marks=max(marks, known.marks), told=Told.TOLD)
    if marks <= known.marks:
        return known
    return Choice(chosen=even, marks=marks, told=known.told)

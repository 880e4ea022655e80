# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the notes of one member's devices become one: pure, and the same whatever the order of arrival.

An annotation has a body, which never changes, and a count of marks: 0 as it is made, one more for each deletion
and each undoing of one. Even means live, odd deleted. Rules:

1. Two devices merge by taking the higher count; that is commutative, associative and repeatable, so any order of
   batches, with any repetition, ends in the same state.
2. A body is taken once; a deletion that arrives before its body waits for it.
3. What a device did and has not told is a difference between what the page shows and the count; telling it raises
   the count by one. So nothing that writes annotations needs to know of other devices.
4. A changed text is a deletion and an addition: changed on two devices, both texts stay.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct

from client.domain.annotation import Annotation
from client.domain.ids import AnnotationId, Hash

Chain = TypeVar("Chain", bound=Hashable)

MAX_MARKS: Final = 1_000_000
MAX_CHANGES: Final = 2_000
"""Changes in one batch."""

Marks = Annotated[int, Meta(ge=0, le=MAX_MARKS)]


class NoteChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What one device tells of one annotation.

    Attributes:
        body: Given while it is live; a deletion needs none.
    """

    id: AnnotationId
    marks: Marks
    body: Annotation | None = None


class NoteState(Struct, frozen=True):
    """What a device knows of one annotation.

    Attributes:
        marks: The merged count.
        told: The other devices know this count, because this device or one of them told it.
        here: Its body is here.
    """

    marks: int
    told: bool
    here: bool

    @property
    def live(self) -> bool:
        """Whether it is on the page."""
        return self.here and self.marks % 2 == 0


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """The end of one device's chain of batches."""

    n: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    hash: Hash


def folded(known: NoteState | None, *, deleted: bool) -> NoteState:
    """Rule 3: what a device knows once it has looked at its own page.

    Args:
        known: What it knew; None for an annotation it made itself and never looked at.
        deleted: What the page says now.
    """
    if known is None or not known.here:
        marks = 0 if known is None else known.marks
        return NoteState(marks + (marks % 2 != deleted), told=False, here=True)
    if (known.marks % 2 == 1) is deleted:
        return known
    return NoteState(known.marks + 1, told=False, here=True)


def merged(known: NoteState | None, change: NoteChange) -> NoteState:
    """Rules 1 and 2: what a device knows once another device has told ``change``; ``known`` is folded."""
    here = change.body is not None
    if known is None:
        return NoteState(change.marks, told=True, here=here)
    if change.marks > known.marks:
        return NoteState(change.marks, told=True, here=known.here or here)
    return NoteState(known.marks, told=known.told, here=known.here or here)


def withheld(seen: Iterable[tuple[Chain, Head]], listed: Mapping[Chain, Head]) -> tuple[Chain, ...]:
    """Chains of which somebody saw more than the service lists now: batches were dropped or held back.

    A chain is whatever names one: a device, or a device and its reader.
    """
    found = []
    for chain, head in seen:
        now = listed.get(chain)
        if now is None or now.n < head.n or (now.n == head.n and now.hash != head.hash):
            found.append(chain)
    return tuple(found)

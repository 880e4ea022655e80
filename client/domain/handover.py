# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hand-over sheet (phiếu bàn giao): what a member gives to whoever presents the member's opinion.

It holds what the member chose, item by item: the position, what to say, and notes by their words. It holds no
ballot, no choice of a vote and nothing that leads to one: a substitute never votes (Decree 39/2022/NĐ-CP).
A sheet never changes; a corrected one is a new sheet that takes the place of the old.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import AnnotationId, ItemId, Moment, PackId, PaperId
from client.domain.live import Position

MAX_ITEMS = 60
MAX_NOTES = 60
"""Notes on one item."""
MAX_WORDS = 4_000


class SheetNote(Struct, frozen=True, forbid_unknown_fields=True):
    """One note by its words; page from 0."""

    paper: PaperId
    title: Annotated[str, Meta(max_length=600)]
    page: Annotated[int, Meta(ge=0, lt=20_000)]
    text: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    quote: Annotated[str, Meta(max_length=MAX_WORDS)] = ""


class SheetItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the agenda.

    Attributes:
        number: As the agenda counts, from 1.
        words: What to say.
    """

    item: ItemId
    number: Annotated[int, Meta(ge=1, le=1_000)]
    title: Annotated[str, Meta(max_length=600)]
    position: Position | None = None
    words: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    notes: Annotated[tuple[SheetNote, ...], Meta(max_length=MAX_NOTES)] = ()


class HandOver(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="handover"):
    """One sheet.

    Attributes:
        title, starts: Of the session.
        message: To the substitute, about the whole.
    """

    id: AnnotationId
    pack: PackId
    title: Annotated[str, Meta(max_length=600)]
    starts: Moment
    made: Moment
    message: Annotated[str, Meta(max_length=MAX_WORDS)] = ""
    items: Annotated[tuple[SheetItem, ...], Meta(max_length=MAX_ITEMS)]

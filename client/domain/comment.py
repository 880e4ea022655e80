# SPDX-License-Identifier: AGPL-3.0-or-later
"""Comments (góp ý): what a member tells the secretariat about an item, a paper or a passage."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import CommentId, ItemId, Moment, PackId, PaperId

MAX_COMMENT = 20_000
"""Characters."""


class CommentDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment before it is signed; ``page`` counts from 0."""

    pack: PackId
    text: Annotated[str, Meta(min_length=1, max_length=MAX_COMMENT)]
    item: ItemId | None = None
    paper: PaperId | None = None
    page: Annotated[int, Meta(ge=0, lt=20_000)] | None = None
    quote: Annotated[str, Meta(max_length=4_000)] = ""


class Comment(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment this member made, with the statement number that carries it."""

    id: CommentId
    n: int
    draft: CommentDraft
    made: Moment

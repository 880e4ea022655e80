# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins: what the secretariat tells members about a pack after it was published.

Two kinds: the drafting agency's answer to a comment (trả lời góp ý), and a later deadline of a ballot with the reason
(gia hạn). Words are sealed to whoever holds the pack; nothing here decides what is believed.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.comment import MAX_COMMENT
from client.domain.ids import CommentId, ItemId, MemberId, Moment, PackId, PaperId, PollId
from client.domain.session import Title

MAX_REASON = 2_000
"""Characters of a reason for a later deadline."""


class AnswerWords(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer in clear, with the question and the passage it is about; ``page`` counts from 0.

    Attributes:
        question: The comment's words; empty where they are not passed on.
        asker: Who asked, where that is passed on.
        agency, person: Who answers: the drafting agency, and the name and office of who speaks for it.
    """

    text: Annotated[str, Meta(min_length=1, max_length=MAX_COMMENT)]
    agency: Annotated[Title, Meta(min_length=1)]
    person: Title = ""
    question: Annotated[str, Meta(max_length=MAX_COMMENT)] = ""
    asker: MemberId | None = None
    item: ItemId | None = None
    paper: PaperId | None = None
    page: Annotated[int, Meta(ge=0, lt=20_000)] | None = None
    quote: Annotated[str, Meta(max_length=4_000)] = ""


class ExtensionWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a ballot stays open longer."""

    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]


class Reply(Struct, frozen=True):
    """An answer as the device keeps it; a later ``version`` takes the place of an earlier one."""

    comment: CommentId
    pack: PackId
    version: int
    at: Moment
    words: AnswerWords


class Extension(Struct, frozen=True):
    """A later deadline as the device keeps it."""

    poll: PollId
    pack: PackId
    version: int
    closes: Moment
    at: Moment
    reason: str

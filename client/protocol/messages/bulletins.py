# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bulletins on the wire: signed by the publisher, words sealed under the pack's scope key."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.bulletin import AnswerWords, ExtensionWords
from client.domain.ids import CommentId, Hash, Moment, PackId, PollId
from client.protocol.messages.base import Number, Signed

Version = Annotated[int, Meta(ge=1, le=9_999)]
SealedWords = Annotated[bytes, Meta(min_length=1, max_length=128 * 1024)]


class CommentAnswer(Signed, frozen=True, tag="ecab.comment-answer/1"):
    """An answer to a comment; ``version`` grows when it is corrected.

    Attributes:
        sealed: ``AnswerText`` under the scope key of ``epoch`` (``names.bulletin_context``).
    """

    pack: PackId
    comment: CommentId
    version: Version
    epoch: Number
    sealed: SealedWords
    at: Moment


class PollExtension(Signed, frozen=True, tag="ecab.extension/1"):
    """A later deadline of an open poll; ``sealed`` holds ``ExtensionText``."""

    pack: PackId
    poll: PollId
    poll_def: Hash
    version: Version
    closes: Moment
    epoch: Number
    sealed: SealedWords
    at: Moment


Bulletin = CommentAnswer | PollExtension


class AnswerText(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.answer-text/1"):
    """What the sealed words of an answer are."""

    words: AnswerWords


class ExtensionText(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", tag="ecab.extension-text/1"):
    """What the sealed words of an extension are."""

    words: ExtensionWords

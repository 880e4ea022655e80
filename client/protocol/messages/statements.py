# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member's device signs: votes and comments."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ballot import MAX_QUESTIONS, Answer, VoteMode
from client.domain.ids import CommentId, DeviceId, Hash, ItemId, MemberId, Moment, PackId, PaperId, PollId
from client.protocol.messages.base import KeyId, Number, Signed


class VoteClock(Struct, frozen=True, forbid_unknown_fields=True):
    """What the device knew of time when it signed."""

    last_sync: Moment | None
    est_err_ms: Number | None


class VoteStatement(Signed, frozen=True, tag="ecab.vote/1"):
    """A member's signed answers (protocol.md, section 6)."""

    poll: PollId
    poll_def: Hash
    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    member: MemberId
    device: DeviceId
    n: Number
    prev: Hash | None
    replaces: Hash | None
    answers: Annotated[tuple[Answer, ...], Meta(min_length=1, max_length=MAX_QUESTIONS)]
    papers: Hash
    mode: VoteMode
    reason: Annotated[str, Meta(max_length=2_000)] | None
    cast_at: Moment
    clock: VoteClock
    nonce: Annotated[bytes, Meta(min_length=12, max_length=32)]


class SealedFor(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment's text sealed to one reader."""

    reader: KeyId
    sealed: Annotated[bytes, Meta(max_length=64 * 1024)]


class CommentStatement(Signed, frozen=True, tag="ecab.comment/1"):
    """A comment: who and when in the open, where and what sealed to the secretariat's readers."""

    comment: CommentId
    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    member: MemberId
    device: DeviceId
    n: Number
    prev: Hash | None
    text: Annotated[tuple[SealedFor, ...], Meta(min_length=1, max_length=16)]
    made: Moment
    nonce: Annotated[bytes, Meta(min_length=12, max_length=32)]


class CommentText(Signed, frozen=True, tag="ecab.comment-text/1"):
    """What a reader finds when opening a comment; ``page`` counts from 0."""

    item: ItemId | None
    paper: PaperId | None
    page: Annotated[int, Meta(ge=0, lt=20_000)] | None
    quote: Annotated[str, Meta(max_length=4_000)]
    text: Annotated[str, Meta(max_length=20_000)]

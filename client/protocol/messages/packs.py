# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a meeting pack is: the sealed manifest and the wording of its polls."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from client.domain.ballot import MAX_QUESTIONS, OpenIssue
from client.domain.ids import Hash, Moment, PackId, PollId, QuestionId
from client.domain.paper import PaperVersion
from client.domain.session import Session, Title
from client.protocol.messages.base import Signed


class PollWording(Struct, frozen=True, forbid_unknown_fields=True):
    """The sealed half of a poll: what is asked, bound to the public definition by salted hashes."""

    id: PollId
    definition: Hash = field(name="def")
    salt: Annotated[bytes, Meta(min_length=16, max_length=32)]
    title: Title
    summary: Annotated[str, Meta(max_length=20_000)]
    text: Annotated[dict[QuestionId, Title], Meta(max_length=MAX_QUESTIONS)]
    issues: Annotated[tuple[OpenIssue, ...], Meta(max_length=40)] = ()


class PackManifest(Signed, frozen=True, tag="ecab.pack/1"):
    """One revision of a pack; sealed under the scope key with context ``names.manifest_context``."""

    pack: PackId
    rev: Annotated[int, Meta(ge=1, le=999_999)]
    prev: Hash | None
    grade: Literal["normal"] = field(name="class")
    read_until: Moment
    session: Session
    papers: Annotated[tuple[PaperVersion, ...], Meta(max_length=500)]
    polls: Annotated[tuple[PollWording, ...], Meta(max_length=40)]

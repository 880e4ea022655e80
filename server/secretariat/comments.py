# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens members' comments with the reader key; each is verified with the key of the device that signed it.

A comment that does not verify or does not open is listed with its problem and without text, never dropped: the
secretariat must see that something arrived.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from client.crypto import dsse
from client.domain.ids import CommentId, MemberId, Moment, PackId
from client.errors import BadInput, EcabinetError, SignatureInvalid
from client.protocol import codec, names
from client.protocol.http import CommentList
from client.protocol.messages import CommentStatement, CommentText
from server.secretariat import build
from server.secretariat.core import DeskCore

MAX_TEXT: Final = 128 * 1024
MAX_PAGES: Final = 10_000
"""Requests of one reading, so that a service that always says "more" is not followed for ever."""


class ReadComment(Struct, frozen=True):
    """One comment as the secretariat reads it; ``page`` counts from 1."""

    comment: CommentId | None
    pack: PackId | None
    member: MemberId | None
    name: str
    made: Moment | None
    item: str = ""
    paper: str = ""
    page: int | None = None
    quote: str = ""
    text: str = ""
    problem: str = ""


class Opened(Struct, frozen=True):
    """A comment that verified and opened."""

    statement: CommentStatement
    text: CommentText


class CommentsRead(Struct, frozen=True):
    """Comments and where to go on with ``--after``."""

    comments: tuple[ReadComment, ...]
    next: int


def read(core: DeskCore, *, after: int = 0) -> CommentsRead:
    """All comments received after position ``after``."""
    found: list[ReadComment] = []
    for page in _pages(core, after):
        found += [_read_one(core, envelope) for envelope in page.comments]
        after = page.next
    return CommentsRead(tuple(found), after)


def find(core: DeskCore, wanted: str) -> Opened:
    """One comment by its id or its beginning.

    Raises:
        BadInput: None, or more than one.
        SignatureInvalid, FormatRefused: It does not verify or open.
    """
    found = []
    for envelope in (one for page in _pages(core, 0) for one in page.comments):
        payload, _ = dsse.peek_unverified(envelope, limit=2 * codec.MAX_STATEMENT)
        statement = codec.decode(payload, CommentStatement, limit=codec.MAX_STATEMENT)
        if statement.comment.startswith(wanted):
            found.append((envelope, statement))
    if len(found) != 1:
        raise BadInput(f"comment: {len(found)} match")
    [(envelope, statement)] = found
    _verify(core, envelope, statement)
    return Opened(statement, _open(core, statement))


def _pages(core: DeskCore, after: int) -> Iterator[CommentList]:
    service = core.require_service()
    for _ in range(MAX_PAGES):
        page = service.comments(after)
        yield page
        if not page.comments or page.next <= after:
            return
        after = page.next


def _read_one(core: DeskCore, envelope: bytes) -> ReadComment:
    statement = None
    try:
        payload, _ = dsse.peek_unverified(envelope, limit=2 * codec.MAX_STATEMENT)
        statement = codec.decode(payload, CommentStatement, limit=codec.MAX_STATEMENT)
        _verify(core, envelope, statement)
        return _shown(core, statement, _open(core, statement))
    except EcabinetError as error:
        known = statement
        return ReadComment(
            comment=known.comment if known else None,
            pack=known.pack if known else None,
            member=known.member if known else None,
            name="",
            made=known.made if known else None,
            problem=error.code,
        )


def _verify(core: DeskCore, envelope: bytes, statement: CommentStatement) -> None:
    device = next((entry for entry in core.state.devices if entry.id == statement.device), None)
    if device is None or device.member != statement.member:
        raise SignatureInvalid("comment: device")
    dsse.open_(envelope, {device.id: device.sign}, limit=2 * codec.MAX_STATEMENT)


def _open(core: DeskCore, statement: CommentStatement) -> CommentText:
    reader = core.state.reader.id
    sealed = next((part.sealed for part in statement.text if part.reader == reader), None)
    if sealed is None:
        raise SignatureInvalid("comment: not for this reader")
    info = names.comment_info(statement.comment, statement.member, reader)
    return codec.decode(core.reader.open(info, sealed), CommentText, limit=MAX_TEXT)


def _shown(core: DeskCore, statement: CommentStatement, text: CommentText) -> ReadComment:
    record = core.state.packs.get(statement.pack)
    items: dict[str, str] = {}
    papers: dict[str, str] = {}
    if record is not None:
        manifest = build.manifest_of(record)
        items = {item.id: item.title for item in manifest.session.agenda}
        papers = {paper.id: paper.title for paper in manifest.papers}
    names_of = {member.id: member.name for member in core.state.members}
    return ReadComment(
        comment=statement.comment,
        pack=statement.pack,
        member=statement.member,
        name=names_of.get(statement.member, ""),
        made=statement.made,
        item=items.get(text.item, text.item) if text.item else "",
        paper=papers.get(text.paper, text.paper) if text.paper else "",
        page=None if text.page is None else text.page + 1,
        quote=text.quote,
        text=text.text,
    )

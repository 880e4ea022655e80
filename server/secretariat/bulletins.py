# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the desk tells members after publishing: the drafting agency's answer to a comment, a ballot's later end.

Words are sealed under the pack's scope key, so that whoever holds the pack can read them and the service cannot; the
object is signed by the publisher. A comment was sealed to the secretariat alone: with an answer its words are passed on
unless that is declined, its author's name only where that is asked for.
"""

from __future__ import annotations

import logging
from typing import Final, TypeVar, cast

import msgspec
from msgspec import Struct, structs

from client.crypto import dsse, stream
from client.crypto.secret import Secret
from client.domain.bulletin import AnswerWords, ExtensionWords
from client.domain.ids import CommentId, Moment, PackId
from client.errors import BadInput, EcabinetError
from client.protocol import codec, names
from client.protocol.messages import AnswerText, Bulletin, CommentAnswer, ExtensionText, PollExtension
from server.secretariat import ballots, comments, results
from server.secretariat.comments import ReadComment
from server.secretariat.core import DeskCore
from server.secretariat.model import PackRecord
from server.secretariat.results import PollView

log = logging.getLogger(__name__)

MAX_PAGES: Final = 10_000
Words = TypeVar("Words", AnswerWords, ExtensionWords)


class Talk(Struct, frozen=True):
    """Comments, the newest answer to each, and where to go on with ``--after``."""

    comments: tuple[ReadComment, ...]
    answers: dict[CommentId, Answered]
    next: int

    @property
    def waiting(self) -> int:
        """How many comments have no answer."""
        return sum(each.comment not in self.answers for each in self.comments if not each.problem)


class Answered(Struct, frozen=True):
    """The answer to one comment, as members read it; ``version`` counts from 1.

    Attributes:
        words: None where they are sealed under a key the desk no longer has.
    """

    comment: CommentId
    pack: PackId
    version: int
    at: Moment
    words: AnswerWords | None
    dry_run: bool = False


def read(core: DeskCore, *, after: int = 0) -> Talk:
    """Comments received after position ``after``, with the answers."""
    found = comments.read(core, after=after)
    return Talk(found.comments, replies(core), found.next)


def answer(
    core: DeskCore, wanted: str, words: AnswerWords, *, quoting: bool, named: bool, dry_run: bool = False
) -> Answered:
    """Answer a comment, or correct the answer; what it is about is taken from the comment.

    Args:
        core: The desk.
        wanted: The comment's id or its beginning.
        words: Text, agency and person.
        quoting: Whether the comment's own words go along.
        named: Whether its author's name goes along.
        dry_run: Only show what members would read.

    Raises:
        BadInput: No such comment, or words too long.
    """
    found = comments.find(core, wanted)
    statement, text = found.statement, found.text
    record = core.state.packs.get(statement.pack)
    if record is None:
        raise BadInput("comment: its pack is not of this desk")
    known = replies(core).get(statement.comment)
    filled = structs.replace(
        words,
        question=text.text if quoting else "",
        asker=statement.member if named else None,
        item=text.item,
        paper=text.paper,
        page=text.page,
        quote=text.quote,
    )
    version = 1 if known is None else known.version + 1
    made = Answered(statement.comment, record.pack, version, core.now(), _checked(filled), dry_run)
    if dry_run:
        return made
    context = names.bulletin_context("answer", record.pack, made.comment, made.version)
    _send(
        core,
        CommentAnswer(
            pack=record.pack,
            comment=made.comment,
            version=made.version,
            epoch=record.epoch,
            sealed=_sealed(core, record, context, AnswerText(filled)),
            at=made.at,
        ),
    )
    return made


def replies(core: DeskCore) -> dict[CommentId, Answered]:
    """The newest answer to each comment, from the service's bytes."""
    found: dict[CommentId, Answered] = {}
    for bulletin in _all(core):
        if isinstance(bulletin, CommentAnswer):
            known = found.get(bulletin.comment)
            if known is None or known.version < bulletin.version:
                found[bulletin.comment] = _read(core, bulletin)
    return found


def extend(core: DeskCore, wanted: str, closes: Moment, reason: str, *, dry_run: bool = False) -> PollView:
    """Let an open ballot close later and say why.

    Raises:
        BadInput: It is not open, has no end, or the new one is not later.
    """
    record = results.find(core, wanted)
    definition, seen = ballots.definition_of(record), results.status(core, record.id)
    words = _checked(ExtensionWords(reason.strip()))
    if seen.state.value != "open" or seen.closes is None or closes <= max(seen.closes, core.now()):
        raise BadInput("--closes: later than now and than the end that was told, of an open poll")
    pack = core.state.packs[definition.pack]
    version = 1 + max(
        (known.version for known in _all(core) if isinstance(known, PollExtension) and known.poll == record.id),
        default=0,
    )
    if not dry_run:
        context = names.bulletin_context("extension", pack.pack, record.id, version)
        _send(
            core,
            PollExtension(
                pack=pack.pack,
                poll=record.id,
                poll_def=record.wording.definition,
                version=version,
                closes=closes,
                epoch=pack.epoch,
                sealed=_sealed(core, pack, context, ExtensionText(words)),
                at=core.now(),
            ),
        )
        return results.status(core, record.id)
    return structs.replace(seen, closes=closes)


def _checked(words: Words) -> Words:
    """Limits of the domain, said as what was typed.

    Raises:
        BadInput: Too long or empty.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(words), type(words))
    except msgspec.ValidationError as error:
        raise BadInput(str(error)) from error


def _sealed(core: DeskCore, pack: PackRecord, context: bytes, words: AnswerText | ExtensionText) -> bytes:
    return stream.seal_bytes(Secret(pack.scope_key), context, codec.encode(words), rng=core.rng)


def _send(core: DeskCore, bulletin: CommentAnswer | PollExtension) -> None:
    payload = codec.encode(bulletin)
    core.require_service().post_bulletin(dsse.sign(payload, keyid=core.publisher.keyid, key=core.publisher.key))


def _all(core: DeskCore) -> list[Bulletin]:
    """Every bulletin signed with the publisher's key of today, in order of receipt."""
    service, after = core.require_service(), 0
    found: list[Bulletin] = []
    for _ in range(MAX_PAGES):
        part = service.bulletins(after)
        for envelope in part.bulletins:
            try:
                found.append(_opened(core, envelope))
            except EcabinetError as error:  # of a key that was replaced since, or the service's doing
                log.warning("bulletin left out: %s", error.code)
        if not part.bulletins or part.next <= after:
            break
        after = part.next
    return found


def _opened(core: DeskCore, envelope: bytes) -> Bulletin:
    publishers = {core.publisher.keyid: core.publisher.public}
    payload = dsse.open_(envelope, publishers, limit=2 * codec.MAX_STATEMENT).payload
    kind = cast("type[Bulletin]", Bulletin)  # a union is not a ``type`` to mypy; msgspec takes it
    return codec.decode(payload, kind, limit=codec.MAX_STATEMENT)


def _read(core: DeskCore, bulletin: CommentAnswer) -> Answered:
    record, words = core.state.packs.get(bulletin.pack), None
    if record is not None and record.epoch == bulletin.epoch:
        context = names.bulletin_context("answer", bulletin.pack, bulletin.comment, bulletin.version)
        plain = stream.open_bytes(Secret(record.scope_key), context, bulletin.sealed, limit=codec.MAX_STATEMENT)
        words = codec.decode(plain, AnswerText, limit=codec.MAX_STATEMENT).words
    return Answered(bulletin.comment, bulletin.pack, bulletin.version, bulletin.at, words)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wording of signed acts: from what the member decided to the exact bytes that are signed, and back.

Pure apart from sealing and signing. A vote says what was answered, on which wording, after opening which
papers, and what the device knew of time; a comment says who and when in the open and seals the rest to the
secretariat's readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, cast

from client.crypto import dsse, hashing, hpke
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, Poll, VoteMode, check_answers
from client.domain.comment import CommentDraft
from client.domain.ids import CommentId, DeviceId, Hash, MemberId, Moment
from client.domain.live import SessionDraft, check_draft
from client.domain.outbox import OutboxItem, OutboxKind, OutboxState
from client.errors import BadInput, SignatureInvalid
from client.protocol import codec, names
from client.protocol.messages import (
    CommentStatement,
    CommentText,
    Reader,
    SealedFor,
    SessionActText,
    SessionStatement,
    Statement,
    VoteClock,
    VoteStatement,
)

NONCE_BYTES: Final = 16
STATEMENT_LIMIT: Final = codec.MAX_STATEMENT * 4 // 3 + codec.MAX_SMALL


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs.

    Attributes:
        member: The person.
        device: Its entry in the directory; also the key id of every signature.
        signing: Its key.
    """

    member: MemberId
    device: DeviceId
    signing: SigningKey


@dataclass(frozen=True, slots=True)
class Place:
    """An act's place in the device's chain, and the circumstances it states.

    Attributes:
        n: Its number.
        prev: Hash of the statement before it.
        made: Estimated time.
        clock: What the device knows of time.
        nonce: Fresh random bytes.
    """

    n: int
    prev: Hash | None
    made: Moment
    clock: VoteClock
    nonce: bytes


def papers_hash(opened: Iterable[Hash]) -> Hash:
    """Hash over the papers that were opened before voting: the canonical list of their hashes, sorted."""
    return Hash(hashing.sha256(codec.encode(sorted(set(opened)))))


def check_vote(poll: Poll, answers: Sequence[Answer], mode: VoteMode, reason: str | None) -> None:
    """Refuse what the service would refuse for reasons that lie in the vote itself.

    Raises:
        BadInput: Not eligible, an answer missing or not allowed, no reason for voting while absent.
    """
    if not poll.eligible:
        raise BadInput("not eligible")
    problems = check_answers({question.id: question.choices for question in poll.questions}, tuple(answers))
    if problems:
        raise BadInput(", ".join(f"{question} {problem.value}" for question, problem in problems.items()))
    if mode is VoteMode.ABSENT_APPROVED and not (reason and reason.strip()):
        raise BadInput("reason")


def vote(
    identity: Identity,
    poll: Poll,
    place: Place,
    *,
    answers: Sequence[Answer],
    mode: VoteMode,
    reason: str | None,
    replaces: Hash | None,
    opened: Iterable[Hash],
) -> tuple[OutboxItem, bytes]:
    """A signed vote: its outbox entry and its envelope."""
    statement = VoteStatement(
        poll=poll.id,
        poll_def=poll.definition,
        pack=poll.pack,
        rev=poll.rev,
        member=identity.member,
        device=identity.device,
        n=place.n,
        prev=place.prev,
        replaces=replaces,
        answers=tuple(answers),
        papers=papers_hash(opened),
        mode=mode,
        reason=reason,
        cast_at=place.made,
        clock=place.clock,
        nonce=place.nonce,
    )
    return _signed(identity, statement, deadline=poll.closes)


def comment(
    identity: Identity, draft: CommentDraft, place: Place, *, ident: CommentId, rev: int, readers: Sequence[Reader]
) -> tuple[OutboxItem, bytes]:
    """A signed comment: its outbox entry and its envelope.

    Raises:
        BadInput: There is nobody to seal it to.
    """
    if not readers:
        raise BadInput("no reader")
    text = codec.encode(
        CommentText(item=draft.item, paper=draft.paper, page=draft.page, quote=draft.quote, text=draft.text)
    )
    sealed = tuple(
        SealedFor(reader.id, hpke.seal_to(reader.seal, names.comment_info(ident, identity.member, reader.id), text))
        for reader in readers
    )
    statement = CommentStatement(
        comment=ident,
        pack=draft.pack,
        rev=rev,
        member=identity.member,
        device=identity.device,
        n=place.n,
        prev=place.prev,
        text=sealed,
        made=place.made,
        nonce=place.nonce,
    )
    return _signed(identity, statement, deadline=None)


def session_act(
    identity: Identity, draft: SessionDraft, place: Place, *, readers: Sequence[Reader]
) -> tuple[OutboxItem, bytes]:
    """A signed act in a live session: its outbox entry and its envelope.

    Raises:
        BadInput: Something is missing, or there is nobody to seal its words to.
    """
    problem = check_draft(draft)
    if problem is not None:
        raise BadInput(f"session act: {problem.value}")
    if draft.text is not None and not readers:
        raise BadInput("no reader")
    sealed: tuple[SealedFor, ...] = ()
    if draft.text is not None:
        words = codec.encode(SessionActText(words=draft.text))
        sealed = tuple(
            SealedFor(
                reader.id,
                hpke.seal_to(
                    reader.seal, names.act_info(draft.session, identity.member, place.nonce, reader.id), words
                ),
            )
            for reader in readers
        )
    statement = SessionStatement(
        session=draft.session,
        pack=draft.pack,
        member=identity.member,
        device=identity.device,
        n=place.n,
        prev=place.prev,
        act=draft.act,
        text=sealed,
        made=place.made,
        nonce=place.nonce,
    )
    return _signed(identity, statement, deadline=None)


def read_back(envelope: bytes, identity: Identity, *, deadline: Moment | None = None) -> tuple[Statement, OutboxItem]:
    """A statement of this device, verified, with the outbox entry it has when nothing was tried yet.

    Raises:
        Untrusted: Not signed by this device, or not a statement of it.
    """
    opened = dsse.open_(envelope, {identity.device: identity.signing.public}, limit=STATEMENT_LIMIT)
    kind = cast("type[Statement]", Statement)  # a union decodes like any closed type
    statement = codec.decode(opened.payload, kind, limit=codec.MAX_STATEMENT)
    if (statement.member, statement.device) != (identity.member, identity.device):
        raise SignatureInvalid(f"statement of {statement.device}")
    return statement, _item(statement, Hash(opened.hash), deadline)


def _signed(identity: Identity, statement: Statement, *, deadline: Moment | None) -> tuple[OutboxItem, bytes]:
    payload = codec.encode(statement)
    envelope = dsse.sign(payload, keyid=identity.device, key=identity.signing)
    if len(envelope) > codec.MAX_STATEMENT:  # the service counts the bytes it receives
        raise BadInput(f"text too long: {len(envelope)} bytes")
    return _item(statement, Hash(hashing.sha256(payload)), deadline), envelope


def _item(statement: Statement, digest: Hash, deadline: Moment | None) -> OutboxItem:
    match statement:
        case VoteStatement(poll=subject, cast_at=made):
            kind = OutboxKind.VOTE
        case CommentStatement(pack=subject, made=made):
            kind = OutboxKind.COMMENT
        case SessionStatement(session=subject, made=made):
            kind = OutboxKind.SESSION
    return OutboxItem(
        n=statement.n,
        kind=kind,
        subject=subject,
        statement=digest,
        state=OutboxState.QUEUED,
        made=made,
        deadline=deadline,
    )

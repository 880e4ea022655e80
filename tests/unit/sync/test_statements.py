# SPDX-License-Identifier: AGPL-3.0-or-later
"""The exact bytes that are signed, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from client.crypto import dsse, hpke
from client.crypto.hpke import SealingKey
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, VoteMode
from client.domain.comment import CommentDraft
from client.domain.ids import ChoiceCode, CommentId, DeviceId, MemberId, QuestionId
from client.domain.outbox import OutboxKind, OutboxState
from client.errors import BadInput, SignatureInvalid, Untrusted
from client.protocol import codec, names
from client.protocol.messages import CommentStatement, CommentText, Reader, VoteStatement
from client.sync import statements
from client.sync.statements import Identity
from tests.unit.sync.samples import DEVICE, MEMBER, PACK, digest, later, place, poll

IDENTITY = Identity(MEMBER, DEVICE, SigningKey.generate())
YES = (Answer(QuestionId("q1"), ChoiceCode("yes")),)
READER = SealingKey.generate()
READERS = (Reader("reader-1", READER.public),)


def vote(**changes: object) -> tuple[object, bytes]:
    values: dict[str, object] = {
        "answers": YES,
        "mode": VoteMode.IN_ROOM,
        "reason": None,
        "replaces": None,
        "opened": (digest("a"), digest("b")),
    }
    return statements.vote(IDENTITY, poll(), place(7, digest("six")), **(values | changes))  # type: ignore[arg-type]


def comment(text: str) -> tuple[object, bytes]:
    draft = CommentDraft(pack=PACK, text=text)
    return statements.comment(IDENTITY, draft, place(), ident=CommentId("c_0001"), rev=1, readers=READERS)


def test_a_vote_says_what_was_answered_on_which_wording_and_where_in_the_chain() -> None:
    item, envelope = vote(replaces=digest("older"))
    found, read = statements.read_back(envelope, IDENTITY, deadline=later(3600))
    assert isinstance(found, VoteStatement)
    assert read == item
    assert (read.n, read.kind, read.subject, read.state) == (7, OutboxKind.VOTE, poll().id, OutboxState.QUEUED)
    assert (found.poll_def, found.answers, found.prev, found.replaces) == (
        poll().definition,
        YES,
        digest("six"),
        digest("older"),
    )
    assert read.statement == dsse.open_(envelope, {DEVICE: IDENTITY.signing.public}).hash


def test_the_same_papers_in_any_order_have_one_hash() -> None:
    a, b = digest("a"), digest("b")
    assert statements.papers_hash([b, a, b]) == statements.papers_hash([a, b]) != statements.papers_hash([a])


def test_a_comment_is_sealed_to_the_readers_only() -> None:
    _, envelope = comment("Ý kiến kín (dữ liệu giả định)")
    assert "Ý kiến".encode() not in dsse.open_(envelope, {DEVICE: IDENTITY.signing.public}).payload
    found, _ = statements.read_back(envelope, IDENTITY)
    assert isinstance(found, CommentStatement)
    info = names.comment_info("c_0001", MEMBER, "reader-1")
    opened = codec.decode(READER.open(info, found.text[0].sealed), CommentText, limit=codec.MAX_SMALL)
    assert opened.text == "Ý kiến kín (dữ liệu giả định)"
    with pytest.raises(Untrusted):
        READER.open(names.comment_info("c_0001", "m_018", "reader-1"), found.text[0].sealed)
    assert hpke.seal_to(READER.public, info, b"") != found.text[0].sealed


def test_a_comment_needs_a_reader() -> None:
    with pytest.raises(BadInput):
        statements.comment(IDENTITY, CommentDraft(PACK, "x"), place(), ident=CommentId("c_0001"), rev=1, readers=())


@pytest.mark.parametrize(
    ("changes", "answers", "mode", "reason"),
    [
        ({"eligible": False}, YES, VoteMode.IN_ROOM, None),
        ({}, (), VoteMode.IN_ROOM, None),
        ({}, (Answer(QuestionId("q1"), ChoiceCode("no")),), VoteMode.IN_ROOM, None),
        ({}, (Answer(QuestionId("q1"), ChoiceCode("maybe")),), VoteMode.IN_ROOM, None),
        ({}, (*YES, *YES), VoteMode.IN_ROOM, None),
        ({}, YES, VoteMode.ABSENT_APPROVED, None),
        ({}, YES, VoteMode.ABSENT_APPROVED, "  "),
    ],
)
def test_what_the_service_would_refuse_is_refused_before_signing(
    changes: dict[str, object], answers: tuple[Answer, ...], mode: VoteMode, reason: str | None
) -> None:
    with pytest.raises(BadInput):
        statements.check_vote(poll(**changes), answers, mode, reason)


def test_what_is_whole_passes() -> None:
    statements.check_vote(poll(), YES, VoteMode.ABSENT_APPROVED, "đi công tác")


def test_only_this_device_of_this_member_reads_back() -> None:
    _, envelope = vote()
    for other in (
        Identity(MEMBER, DEVICE, SigningKey.generate()),
        Identity(MemberId("m_018"), DEVICE, IDENTITY.signing),
        Identity(MEMBER, DeviceId("d_0002"), IDENTITY.signing),
    ):
        with pytest.raises(SignatureInvalid):
            statements.read_back(envelope, other)


def test_a_text_longer_than_the_service_takes_is_refused_before_saving() -> None:
    long = (structs.replace(YES[0], note="ý" * 20_000),)
    assert len(vote(answers=long)[1]) <= codec.MAX_STATEMENT
    with pytest.raises(BadInput):
        vote(answers=tuple(structs.replace(long[0], q=QuestionId(f"q{k}")) for k in range(10)))


@given(st.text(min_size=1, max_size=2000))
def test_any_text_survives(text: str) -> None:
    envelope = vote(reason=text)[1]
    found, _ = statements.read_back(envelope, IDENTITY)
    assert isinstance(found, VoteStatement)
    assert found.reason == text

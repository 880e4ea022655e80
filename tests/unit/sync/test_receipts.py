# SPDX-License-Identifier: AGPL-3.0-or-later
"""A receipt counts only when a listed service signed it and every field names this act."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ids import CommentId, DeviceId, MemberId, PollId
from client.domain.outbox import OutboxKind, OutboxState
from client.errors import ContentMismatch, SignatureInvalid, Untrusted
from client.protocol import codec
from client.protocol.messages import CommentReceipt, LogPosition, Receipt, ReceiptStatus, VoteHead
from client.sync import receipts
from tests.unit.sync.samples import MEMBER, NOW, PACK, POLL, act, digest

SERVICE, STRANGER = SigningKey.generate(), SigningKey.generate()
SERVICES = {"receipt-1": SERVICE.public}
VOTE, COMMENT = act(1), act(2, kind=OutboxKind.COMMENT, subject=PACK)
AT = LogPosition(4211, digest("log"))
RECEIPT = Receipt(
    vote=VOTE.statement, poll=POLL, member=MEMBER, status=ReceiptStatus.COUNTED, received_at=NOW, log=AT, by="receipt-1"
)
COMMENT_RECEIPT = CommentReceipt(
    statement=COMMENT.statement, comment=CommentId("c_0001"), member=MEMBER, received_at=NOW, log=AT, by="receipt-1"
)
HEAD = VoteHead(
    poll=POLL, member=MEMBER, head=digest("head"), device=DeviceId("d_0002"), received_at=NOW, by="receipt-1"
)


def signed(value: object, key: SigningKey = SERVICE, keyid: str = "receipt-1") -> bytes:
    return dsse.sign(codec.encode(value), keyid=keyid, key=key)


def accept(envelope: bytes, item: object = VOTE) -> receipts.Accepted:
    return receipts.accept(envelope, item, member=MEMBER, services=SERVICES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "state"), [(ReceiptStatus.COUNTED, OutboxState.RECEIPTED), (ReceiptStatus.LATE, OutboxState.LATE)]
)
def test_a_true_receipt_is_taken(status: ReceiptStatus, state: OutboxState) -> None:
    assert accept(signed(structs.replace(RECEIPT, status=status))) == receipts.Accepted(state, NOW)


def test_a_comment_is_recorded() -> None:
    assert accept(signed(COMMENT_RECEIPT), COMMENT).state is OutboxState.RECEIPTED


@pytest.mark.parametrize(
    "changes", [{"vote": digest("x")}, {"poll": PollId("po_0002")}, {"member": MemberId("m_018")}], ids=str
)
def test_a_receipt_of_another_act_is_not(changes: dict[str, object]) -> None:
    with pytest.raises(ContentMismatch):
        accept(signed(structs.replace(RECEIPT, **changes)))


@pytest.mark.parametrize("changes", [{"statement": digest("x")}, {"member": MemberId("m_018")}], ids=str)
def test_nor_of_another_comment(changes: dict[str, object]) -> None:
    with pytest.raises(ContentMismatch):
        accept(signed(structs.replace(COMMENT_RECEIPT, **changes)), COMMENT)


def test_nor_one_that_a_stranger_signed() -> None:
    for envelope in (
        signed(RECEIPT, STRANGER),
        signed(RECEIPT, STRANGER, "receipt-2"),
        signed(structs.replace(RECEIPT, by="receipt-2")),
    ):
        with pytest.raises(SignatureInvalid):
            accept(envelope)
    with pytest.raises(SignatureInvalid):
        receipts.accept(signed(RECEIPT), VOTE, member=MEMBER, services={})


def test_one_kind_is_not_taken_for_another() -> None:
    for envelope, item in ((signed(RECEIPT), COMMENT), (signed(COMMENT_RECEIPT), VOTE), (signed(HEAD), VOTE)):
        with pytest.raises(Untrusted):
            accept(envelope, item)


@given(st.data())
def test_no_flipped_bit_and_no_cut_is_believed(data: st.DataObject) -> None:
    whole = signed(RECEIPT)
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = bytearray(whole)
    broken[at] ^= 1 << data.draw(st.integers(0, 7))
    for envelope in (bytes(broken), whole[:at]):
        try:
            found = accept(envelope)
        except Untrusted:
            continue
        assert found == receipts.Accepted(OutboxState.RECEIPTED, NOW), "only spelling around the payload may change"


def test_the_head_of_a_conflict_is_checked_alike() -> None:
    services = SERVICES

    def head(envelope: bytes) -> str:
        return receipts.head_of(envelope, VOTE, member=MEMBER, services=services).statement

    assert head(signed(HEAD)) == digest("head")
    for changes in ({"poll": PollId("po_0002")}, {"member": MemberId("m_018")}):
        with pytest.raises(ContentMismatch):
            head(signed(structs.replace(HEAD, **changes)))
    with pytest.raises(SignatureInvalid):
        head(signed(HEAD, STRANGER))

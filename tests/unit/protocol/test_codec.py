# SPDX-License-Identifier: AGPL-3.0-or-later
"""One byte form per value: everything else is refused before it is used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.ids import Hash, Moment, PackId, PollId, QuestionId
from client.errors import FormatRefused, LimitExceeded
from client.protocol import codec, names
from client.protocol.messages import EnvelopeBody, LogPosition, PackManifest, Receipt, ReceiptStatus, SignedTime

TIME = SignedTime(now=Moment("2026-11-27T02:15:31.204Z"), by="receipt-1")
GOOD = codec.encode(TIME)


def test_round_trip() -> None:
    assert GOOD == b'{"t":"ecab.time/1","now":"2026-11-27T02:15:31.204Z","by":"receipt-1"}'
    assert codec.decode(GOOD, SignedTime, limit=codec.MAX_SMALL) == TIME


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"{",
        GOOD + b" ",
        b" " + GOOD,
        GOOD.replace(b",", b", ", 1),
        GOOD.replace(b'"by":"receipt-1"', b'"by":"receipt-1","by":"receipt-1"'),
        GOOD.replace(b'"by":"receipt-1"', b'"by":"receipt-1","x":1'),
        GOOD.replace(b"receipt-1", b"\\u0072eceipt-1"),
        GOOD.replace(b"receipt-1", b"../../etc"),
        GOOD.replace(b"receipt-1", b"receipt-1\\u202e"),
        GOOD.replace(b".204Z", b"Z"),
        GOOD.replace(b".204Z", b".204+00:00"),
        GOOD.replace(b"ecab.time/1", b"ecab.time/2"),
        b'{"now":"2026-11-27T02:15:31.204Z","t":"ecab.time/1","by":"receipt-1"}',
        b"\xff" + GOOD,
        b"[" * 100_000,
        b'{"t":"ecab.time/1","now":NaN,"by":"receipt-1"}',
    ],
)
def test_every_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(FormatRefused):
        codec.decode(data, SignedTime, limit=codec.MAX_MANIFEST)


def test_size_is_checked_before_parsing() -> None:
    assert codec.decode(GOOD, SignedTime, limit=len(GOOD)) == TIME
    with pytest.raises(LimitExceeded):
        codec.decode(GOOD, SignedTime, limit=len(GOOD) - 1)


def test_base64_has_one_spelling() -> None:
    body = EnvelopeBody(scope=PackId("pk_1234"), epoch=1, device="d_9f2c", sealed=b"a")  # type: ignore[arg-type]
    data = codec.encode(body)
    assert b'"YQ=="' in data
    with pytest.raises(FormatRefused):
        codec.decode(data.replace(b"YQ==", b"YR=="), EnvelopeBody, limit=codec.MAX_ENVELOPE)


def test_a_message_of_another_kind_is_not_a_receipt() -> None:
    receipt = Receipt(
        vote=Hash("sha256:" + "1" * 64),
        poll=PollId("po_12"),
        member="m_017",  # type: ignore[arg-type]
        status=ReceiptStatus.COUNTED,
        received_at=TIME.now,
        log=LogPosition(4211, Hash("sha256:" + "2" * 64)),
        by="receipt-1",
    )
    assert codec.decode(codec.encode(receipt), Receipt, limit=codec.MAX_RECEIPT) == receipt
    with pytest.raises(FormatRefused):
        codec.decode(GOOD, Receipt, limit=codec.MAX_RECEIPT)


@given(st.binary(max_size=400))
def test_random_bytes_never_do_more_than_refuse(data: bytes) -> None:
    with pytest.raises(FormatRefused):
        codec.decode(data, PackManifest, limit=codec.MAX_MANIFEST)


def test_wording_is_bound_to_salt_question_and_text() -> None:
    q1, q2 = QuestionId("q1"), QuestionId("q2")
    base = names.wording_hash(b"s" * 16, q1, "Đồng ý thông qua?")
    others = {
        names.wording_hash(b"t" * 16, q1, "Đồng ý thông qua?"),
        names.wording_hash(b"s" * 16, q2, "Đồng ý thông qua?"),
        names.wording_hash(b"s" * 16, q1, "Đồng ý thông qua!"),
    }
    assert base not in others
    assert len(others) == 3


def test_target_names_split_back() -> None:
    assert names.split_target(names.pack_target(PackId("pk_7f3a"), 3)) == ("p", "pk_7f3a", 3)
    assert names.split_target(names.rules_target("gov-2025", 1)) == ("r", "gov-2025", 1)
    assert names.split_target(names.directory_target(42)) == ("d", "directory", 42)

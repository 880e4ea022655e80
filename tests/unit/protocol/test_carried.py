# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts carried by hand: every part of the codes is needed, none can be swapped, sizes are bounded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.domain.ids import DeviceId, Hash
from client.errors import ContentMismatch, FormatRefused, LimitExceeded, Untrusted
from client.protocol import carried, codec
from client.protocol.messages import CarriedReceipt, CarriedStatement, SealedFor

ACT = CarriedStatement(
    statement=Hash("sha256:" + "a" * 64),
    device=DeviceId("d_0001"),
    keys=(SealedFor("reader-1", bytes(1200)),),
    content=bytes(range(256)) * 8,
)
DATA = codec.encode(ACT)
LINES = carried.lines(DATA)


def test_a_file_and_its_codes_say_the_same() -> None:
    assert carried.read(DATA, CarriedStatement) == ACT
    assert carried.read(DATA + b"\n", CarriedStatement) == ACT
    assert len(LINES) > 3
    assert all(len(line) <= carried.PART_CHARS + 24 for line in LINES)
    mixed = list(LINES) * 2
    random.Random(7).shuffle(mixed)
    assert carried.read("\r\n".join(mixed).encode(), CarriedStatement) == ACT


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[1:],
        lambda lines: [*lines, carried.lines(DATA + b" ")[0]],
        lambda lines: [lines[0].replace("ECAB1", "ECAB2"), *lines[1:]],
        lambda lines: [lines[0].replace(":1/", ":9/"), *lines[1:]],
        lambda lines: [lines[0][:-1] + ("A" if lines[0][-1] != "A" else "B"), *lines[1:]],
        lambda lines: [*lines, lines[0][:-1] + ("A" if lines[0][-1] != "A" else "B")],
        lambda lines: [line.lower() for line in lines],
        lambda lines: ["ECAB1:1/1:00000000:é"],
    ],
    ids=[
        "one_missing",
        "of_another",
        "other_form",
        "other_number",
        "read_wrongly",
        "differs",
        "lower_case",
        "not_text",
    ],
)
def test_codes_that_do_not_make_the_whole_are_refused(spoil: object) -> None:
    with pytest.raises(Untrusted):
        carried.read("\n".join(spoil(list(LINES))).encode(), CarriedStatement)  # type: ignore[operator]


def test_one_is_not_taken_for_the_other() -> None:
    with pytest.raises(FormatRefused):
        carried.read(DATA, CarriedReceipt)


def test_one_over_and_one_under() -> None:
    most = carried.MAX_PARTS * carried.PART_CHARS * 5 // 8
    assert len(carried.lines(bytes(most))) == carried.MAX_PARTS
    with pytest.raises(LimitExceeded):
        carried.lines(bytes(most + 1))
    with pytest.raises(LimitExceeded):
        carried.read(bytes(carried.MAX_TEXT + 1), CarriedStatement)
    with pytest.raises(FormatRefused):
        carried.read(bytes(carried.MAX_FILE), CarriedStatement)


@given(st.binary(max_size=400))
def test_no_bytes_do_harm(data: bytes) -> None:
    for given_bytes in (data, b"ECAB1:" + data):
        try:
            carried.read(given_bytes, CarriedStatement)
        except (Untrusted, ContentMismatch):
            continue


def test_how_many_parts_are_there_is_said_of_any_text() -> None:
    lines = carried.lines(bytes(range(256)) * 8)
    assert len(lines) > 3
    assert carried.arrived("") == carried.arrived("xin chào ECAB1:") == (0, 0)
    assert carried.arrived(lines[1]) == (1, len(lines))
    assert carried.arrived("\n".join((lines[1], "?", lines[1], lines[0]))) == (2, len(lines))
    assert carried.arrived("\r\n".join(lines)) == (len(lines), len(lines))

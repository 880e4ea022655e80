# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hints in bytes: any slicing gives the same events, nothing strange ends anything but the stream."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.errors import FormatRefused, LimitExceeded
from client.sync import sse
from client.sync.sse import Event, Parser, events

STREAM = (
    b'retry: 2000\n\nid: 7\nevent: hint\ndata: {"kind":"index","id":"x"}\n\n: still here\n\n'
    b'id: 8\r\ndata: {"kind":\r\ndata: "poll"}\r\n\r\n'
    b"data: not a hint\n\n"
    b'data: {"kind":"closing","id":"po_1","more":1}\r\r'
)
MEANING = [Event("7", "index", "x"), Event("7", "alive"), Event("8", "poll"), Event("8", "closing", "po_1")]


@given(st.lists(st.integers(0, len(STREAM)), max_size=20))
def test_any_slicing_gives_the_same_events(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    # The last CR may be half of a CRLF: it waits for one more byte.
    pieces = [STREAM[a:b] for a, b in itertools.pairwise(edges)]
    assert list(events([*pieces, b"\n"])) == MEANING


@given(st.binary(max_size=4000))
def test_no_bytes_do_more_than_end_the_stream(data: bytes) -> None:
    try:
        for event in events([data, b"\n"]):
            assert len(event.last_id) <= sse.MAX_EVENT_ID
    except FormatRefused:
        pass
    else:
        data.decode()  # what was not refused was text


def test_an_id_that_could_be_a_header_is_not_remembered() -> None:
    found = list(events([b"id: a\x00b\nid: \xc4\x91\n: alive\n" + b"id: " + b"9" * 81 + b"\n: again\n"]))
    assert [event.last_id for event in found] == ["", ""]


def test_a_stream_goes_on_after_the_last_event() -> None:
    assert next(iter(events([b": x\n"], last_id="41"))).last_id == "41"


@pytest.mark.parametrize(("size", "refused"), [(sse.MAX_LINE, False), (sse.MAX_LINE + 1, True)])
def test_lines_have_a_limit(size: int, refused: bool) -> None:
    line = b":" * size
    for data in (line, line + b"\n"):
        if refused:
            with pytest.raises(LimitExceeded):
                list(Parser().feed(data))
        else:
            list(Parser().feed(data))


def test_an_event_has_a_limit() -> None:
    line = b"data: " + b"x" * 8000 + b"\n"
    with pytest.raises(LimitExceeded):
        list(Parser().feed(line * 3))
    assert list(Parser().feed((line + b"\n") * 3)) == [], "one under, three times over: dropped, not refused"

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames and messages: what is refused, one over and one under each limit."""

from __future__ import annotations

import math
import struct

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.errors import FormatRefused, LimitExceeded, PaperTooBig
from client.viewer import messages as m
from client.viewer.worker.limits import check_tile


def header(message: m.Request | m.Reply) -> bytes:
    return m.encode(message)[8:]


def raw(**fields: object) -> bytes:
    return msgspec.msgpack.encode(fields)


def tile(**changes: object) -> dict[str, object]:
    return {
        "t": "tile",
        "req": 1,
        "doc": 1,
        "page": 0,
        "scale": 1.0,
        "x": 0,
        "y": 0,
        "width": 9,
        "height": 9,
        **changes,
    }


@given(st.lists(st.tuples(st.integers(0, 2**53), st.binary(max_size=40)), max_size=6), st.integers(1, 17))
def test_frames_survive_any_cutting(items: list[tuple[int, bytes]], step: int) -> None:
    stream = b"".join(m.encode(m.Ping(req=req), len(blob)) + blob for req, blob in items)
    reader = m.FrameReader()
    frames = [frame for at in range(0, len(stream), step) for frame in reader.feed(stream[at : at + step])]
    assert [(m.decode_request(head), blob) for head, blob in frames] == [(m.Ping(req=r), b) for r, b in items]


@pytest.mark.parametrize(
    ("lengths", "allowed"),
    [
        ((m.MAX_HEADER_BYTES, 0), True),
        ((m.MAX_HEADER_BYTES + 1, 0), False),
        ((1, m.MAX_BLOB_BYTES), True),
        ((1, m.MAX_BLOB_BYTES + 1), False),
    ],
)
def test_announced_lengths_are_limited(lengths: tuple[int, int], allowed: bool) -> None:
    announcement = struct.pack(">II", *lengths)
    if allowed:
        assert m.FrameReader().feed(announcement) == []
    else:
        with pytest.raises(LimitExceeded):
            m.FrameReader().feed(announcement)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, True),
        ({"page": m.MAX_PAGES - 1}, True),
        ({"page": m.MAX_PAGES}, False),
        ({"page": -1}, False),
        ({"scale": m.MAX_SCALE}, True),
        ({"scale": m.MAX_SCALE * 1.001}, False),
        ({"scale": math.nan}, False),
        ({"width": 0}, False),
        ({"width": m.MAX_PIXELS + 1}, False),
        ({"rotation": 270}, True),
        ({"rotation": 45}, False),
        ({"slot": m.SLOTS - 1}, True),
        ({"slot": m.SLOTS}, False),
        ({"priority": 4}, False),
        ({"path": "/etc/passwd"}, False),
        ({"t": "exec"}, False),
    ],
)
def test_tile_requests_have_limits(changes: dict[str, object], allowed: bool) -> None:
    if allowed:
        assert isinstance(m.decode_request(raw(**tile(**changes))), m.RenderTile)
    else:
        with pytest.raises(FormatRefused):
            m.decode_request(raw(**tile(**changes)))


@pytest.mark.parametrize(
    ("pages", "allowed"),
    [
        (((595.0, 842.0),), True),
        (((m.MAX_SIDE_PT, 1.0),), True),
        (((m.MAX_SIDE_PT + 1, 1.0),), False),
        (((0.0, 842.0),), False),
        (((math.nan, 842.0),), False),
        (((math.inf, 842.0),), False),
        ((), False),
        (((1.0, 1.0),) * m.MAX_PAGES, True),
        (((1.0, 1.0),) * (m.MAX_PAGES + 1), False),
    ],
)
def test_page_sizes_from_the_process_are_checked(pages: tuple[tuple[float, float], ...], allowed: bool) -> None:
    data = raw(t="opened", req=1, pages=pages)
    if allowed:
        assert isinstance(m.decode_reply(data), m.Opened)
    else:
        with pytest.raises(FormatRefused):
            m.decode_reply(data)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 20_001.0])
def test_word_and_link_boxes_are_checked(bad: float) -> None:
    good = m.TextPage(req=1, words=(m.Word(0, 0, 1, 1, "một", 0, 0),))
    assert m.decode_reply(header(good)) == good
    for reply in (
        m.TextPage(req=1, words=(m.Word(0, bad, 1, 1, "", 0, 0),)),
        m.Links(req=1, links=(m.Link(0, 0, bad, 1, -1),)),
    ):
        with pytest.raises(FormatRefused):
            m.decode_reply(header(reply))


@pytest.mark.parametrize(("count", "allowed"), [(m.MAX_WORDS, True), (m.MAX_WORDS + 1, False)])
def test_word_count_is_limited(count: int, allowed: bool) -> None:
    data = header(m.TextPage(req=1, words=(m.Word(0, 0, 1, 1, "", 0, 0),) * count))
    if allowed:
        assert isinstance(m.decode_reply(data), m.TextPage)
    else:
        with pytest.raises(FormatRefused):
            m.decode_reply(data)


@given(st.binary(max_size=200))
def test_garbage_is_refused_not_raised_through(data: bytes) -> None:
    for decode in (m.decode_request, m.decode_reply):
        with pytest.raises(FormatRefused):
            decode(b"\xc1" + data)


def test_requests_are_not_replies() -> None:
    with pytest.raises(FormatRefused):
        m.decode_reply(header(m.Shutdown()))
    with pytest.raises(FormatRefused):
        m.decode_request(header(m.Pong(req=1)))


def test_pixels_are_limited_by_area() -> None:
    fields = {"req": 1, "doc": 1, "page": 0, "scale": 1.0, "x": 0, "y": 0}
    check_tile(m.RenderTile(**fields, width=8_000, height=m.MAX_PIXELS // 8_000))
    with pytest.raises(PaperTooBig):
        check_tile(m.RenderTile(**fields, width=8_000, height=m.MAX_PIXELS // 8_000 + 1))

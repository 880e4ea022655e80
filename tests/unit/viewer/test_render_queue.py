# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue's rules, and the channel that carries what it sends."""

from __future__ import annotations

import os
import socket

import pytest

from client.errors import LimitExceeded
from client.viewer import messages as m
from client.viewer.events import TileRequest
from client.viewer.messages.channel import PipeChannel, SocketChannel
from client.viewer.render_checks import fits, question_for
from client.viewer.render_queue import MAX_TRIES, Job, RenderQueue


def job(page: int = 0, priority: int = m.ON_SCREEN, generation: int = 0, *, side: int = 10) -> Job:
    tile = TileRequest(
        doc="d", page=page, scale=1.0, x=0, y=0, width=side, height=side, priority=priority, generation=generation
    )
    return Job("tile", "d", page, tile=tile)


def go(_: Job) -> bool:
    return False


def test_order_is_priority_then_newest_move_then_age() -> None:
    queue = RenderQueue()
    for one in (job(1, m.PREVIEW), job(2, m.ON_SCREEN, 1), job(3, m.ON_SCREEN, 2), job(4, m.ON_SCREEN, 2)):
        queue.add(one)
    queue.add(Job("text", "d", 9))
    queue.add(Job("open", "e"))
    order = []
    while (sent := queue.next(go)) is not None:
        order.append((sent.kind, sent.page))
        queue.finish(sent.req)
    assert order == [("open", 0), ("tile", 3), ("tile", 4), ("tile", 2), ("text", 9), ("tile", 1)]


def test_no_more_than_the_slots_are_out_and_each_has_its_own() -> None:
    queue = RenderQueue()
    for page in range(m.SLOTS + 1):
        queue.add(job(page))
    sent = [queue.next(go) for _ in range(m.SLOTS + 1)]
    assert sent[-1] is None
    assert {one.slot for one in sent if one is not None} == set(range(m.SLOTS))


def test_the_same_picture_is_queued_once_with_the_latest_wish() -> None:
    queue = RenderQueue()
    queue.add(job(1, m.PREVIEW, 1))
    queue.add(job(1, m.ON_SCREEN, 5))
    sent = queue.next(go)
    assert sent is not None
    assert sent.tile is not None
    assert (sent.tile.priority, sent.tile.generation) == (m.ON_SCREEN, 5)
    queue.add(job(1, m.ON_SCREEN, 6))
    assert queue.next(go) is None


@pytest.mark.parametrize(("side", "shared"), [(2_896, True), (2_897, False)])
def test_pictures_larger_than_a_slot_travel_as_blobs(side: int, shared: bool) -> None:
    queue = RenderQueue()
    queue.add(job(side=side))
    sent = queue.next(go)
    assert sent is not None
    assert (sent.slot >= 0) is shared is (side * side * m.BYTES_PER_PIXEL <= m.SLOT_BYTES)


def test_a_move_drops_older_requests_but_not_those_still_visible() -> None:
    queue = RenderQueue()
    for page in (1, 2, 3, 4):
        queue.add(job(page, generation=1))
    out = queue.next(go)
    assert out is not None
    dropped, tell = queue.outdate("d", 2, [3])
    assert [one.page for one in dropped] == [2, 4]
    assert tell
    assert out.unwanted
    assert queue.outdate("d", 3, [3]) == ([], False)  # told once is enough


def test_only_the_job_in_hand_is_blamed_for_a_death() -> None:
    queue = RenderQueue()
    queue.add(job(1))
    queue.add(job(2))
    for attempt in range(MAX_TRIES):
        first, second = queue.next(go), queue.next(go)
        assert first is not None
        assert second is not None
        bad = first if first.page == 1 else second
        bad.started = 1.0
        blamed, dropped = queue.reclaim()
        assert dropped == []
        assert [one.page for one in blamed] == ([1] if attempt == MAX_TRIES - 1 else [])
    assert [one.page for one in queue.waiting] == [2]


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({}, True),
        ({"width": 11}, False),
        ({"height": 9}, False),
        ({"stride": 44}, False),
        ({"slot": -1}, False),
    ],
)
def test_pixels_have_to_be_the_ones_asked_for(changes: dict[str, int], accepted: bool) -> None:
    asked = job()
    asked.req, asked.slot, asked.started = 5, 1, 1.0
    answer = m.Pixels(**{"req": 5, "width": 10, "height": 10, "stride": 40, "slot": 1, **changes})
    assert fits(asked, answer, b"") is accepted
    assert not fits(asked, answer, b"x")
    assert not fits(asked, m.TextPage(req=5, words=()), b"")
    assert not fits(asked, m.Dropped(req=5), b"")
    asked.started = None
    assert not fits(asked, m.Failed(req=5, code="paper.broken"), b"")


def test_blob_pixels_have_their_exact_length() -> None:
    asked = job()
    answer = m.Pixels(req=0, width=10, height=10, stride=40, slot=-1)
    assert fits(asked, answer, bytes(400))
    assert not fits(asked, answer, bytes(399))
    assert not fits(asked, answer, bytes(401))


def test_questions_carry_the_number_not_the_name() -> None:
    for kind, wanted in (("text", m.GetText), ("links", m.GetLinks), ("outline", m.GetOutline)):
        question = question_for(Job(kind, "secret name", 3), 8)  # type: ignore[arg-type]
        assert isinstance(question, wanted)
        assert question.doc == 8
        assert b"secret" not in m.encode(question)


def test_sockets_carry_descriptors_with_their_frame() -> None:
    ends = [SocketChannel(end) for end in socket.socketpair()]
    reading, writing = os.pipe()
    try:
        ends[0].send(m.OpenPaper(req=1, doc=1, size=4, by_fd=True), fds=(writing,))
        ends[0].send(m.Ping(req=2), b"")
        frames = ends[1].receive(wait=True)
        assert frames is not None
        assert m.decode_request(frames[0][0]) == m.OpenPaper(req=1, doc=1, size=4, by_fd=True)
        received = ends[1].take_fd()
        assert received is not None
        os.write(received, b"seen")
        os.close(received)
        assert os.read(reading, 10) == b"seen"
        assert ends[1].take_fd() is None
        ends[0].close()
        while frames:
            frames = ends[1].receive(wait=True)
        assert frames is None
    finally:
        for end in ends:
            end.close()
        os.close(reading)
        os.close(writing)


def test_nothing_there_is_an_empty_list_without_waiting() -> None:
    ours, theirs = socket.socketpair()
    channel = SocketChannel(ours)
    assert channel.receive(wait=False) == []
    theirs.close()
    assert channel.receive(wait=True) is None
    channel.close()
    channel.close()


def test_pipes_carry_the_same_frames() -> None:
    (read_a, write_a), (read_b, write_b) = os.pipe(), os.pipe()
    here, there = PipeChannel(read_b, write_a), PipeChannel(read_a, write_b)
    here.send(m.OpenPaper(req=1, doc=1, size=3, by_fd=False), b"abc")
    frames = there.receive(wait=True)
    assert frames is not None
    assert frames[0][1] == b"abc"
    with pytest.raises(OSError, match="no descriptors"):
        here.send(m.Ping(req=1), fds=(0,))
    here.close()
    assert there.receive(wait=False) == []
    assert there.receive(wait=True) is None
    there.close()
    there.close()


def test_too_large_a_message_is_not_sent() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        channel = SocketChannel(ours)
        words = (m.Word(0, 0, 1, 1, "x" * 1_000, 0, 0),) * 20_000
        with pytest.raises(LimitExceeded):
            channel.send(m.TextPage(req=1, words=words))
        theirs.setblocking(False)
        with pytest.raises(BlockingIOError):
            theirs.recv(1)
        channel.close()

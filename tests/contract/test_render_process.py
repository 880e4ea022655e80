# SPDX-License-Identifier: AGPL-3.0-or-later
"""The host against the real render process: death, delay, disobedience, and what the reader gets meanwhile."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from client.clock import SystemClock
from client.errors import (
    InternalFault,
    PaperBroken,
    PaperLocked,
    PaperTooBig,
    RendererLost,
    RenderTimeout,
    SandboxUnavailable,
)
from client.viewer import messages as m
from client.viewer import render_engine, worker_process
from client.viewer.events import (
    PixelsReady,
    RequestDropped,
    RequestFailed,
    TileRequest,
    WorkerReady,
    WorkerRestarted,
    WorkerUnavailable,
)
from client.viewer.host import RenderHost
from client.viewer.messages import NEXT, ON_SCREEN, PREVIEW
from client.viewer.messages.channel import PipeChannel
from tests.unit.viewer.render_world import CORPUS, PLAIN, WAIT_S, World, command, pdf, time_bomb, whole

RED_LEFT = b"1 0 0 rg 0 0 100 300 re f"
TWO_PAGES = pdf([RED_LEFT, b"0 0 1 rg 0 0 200 300 re f"])

# The real process, but it never finishes drawing page 1.
STUCK = """
import sys
from client.viewer.worker import main, render
draw = render.Renderer.tile
def tile(self, tile, target):
    while tile.page == 1:
        pass
    return draw(self, tile, target)
render.Renderer.tile = tile
sys.exit(main.run(sys.argv[1:]))
"""


def lying(body: str) -> str:
    """The real process with one answer replaced."""
    return f"""
import sys
from client.viewer import messages as m
from client.viewer.worker import main
def lie(self, tile):
    {body}
main.Worker._tile = lie
sys.exit(main.run(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with World() as started:
        started.ready()
        yield started


def pixel(drawn: object, x: int, y: int) -> tuple[int, ...]:
    assert isinstance(drawn, PixelsReady), drawn
    at = y * drawn.stride + 4 * x
    return tuple(drawn.pixels[at : at + 3])


RED, WHITE = (255, 0, 0), (255, 255, 255)


def test_while_a_pen_writes_only_what_is_on_screen_is_drawn() -> None:
    with World() as world:
        world.ready()
        info = world.open(TWO_PAGES)
        world.host.give_way(on=True)
        ahead, preview, seen = (
            whole(info, page, longest=longest, priority=priority)
            for page, longest, priority in ((1, 310, NEXT), (1, 90, PREVIEW), (0, 310, ON_SCREEN))
        )
        for tile in (ahead, preview, seen):
            world.host.request(tile)
        assert world.host.text(info.doc, 0).result(30), "who asks for something waits for nobody"
        first = world.wait_any(PixelsReady)
        assert first.request == seen
        assert world.events.empty(), "the process had nothing else to do, and was left alone"
        world.host.give_way(on=False)
        assert [world.wait_any(PixelsReady).request for _ in range(2)] == [ahead, preview]


def test_colours_and_tiles_are_where_they_belong(shared: World) -> None:
    info = shared.open(TWO_PAGES)
    page = shared.draw(whole(info, longest=300))
    assert (pixel(page, 50, 150), pixel(page, 150, 150)) == (RED, WHITE)
    tile = shared.draw(TileRequest(doc="paper", page=0, scale=2.0, x=150, y=10, width=100, height=20))
    assert (pixel(tile, 49, 10), pixel(tile, 51, 10)) == (RED, WHITE)


@pytest.mark.parametrize(
    ("rotation", "red_at", "white_at"),
    [
        (0, (10, 150), (190, 150)),
        (90, (150, 10), (150, 190)),
        (180, (190, 150), (10, 150)),
        (270, (150, 190), (150, 10)),
    ],
)
def test_the_readers_rotation(shared: World, rotation: int, red_at: tuple[int, int], white_at: tuple[int, int]) -> None:
    shared.open(TWO_PAGES)
    width, height = (300, 200) if rotation % 180 else (200, 300)
    drawn = shared.draw(
        TileRequest(doc="paper", page=0, scale=1.0, x=0, y=0, width=width, height=height, rotation=rotation)
    )
    assert (pixel(drawn, *red_at), pixel(drawn, *white_at)) == (RED, WHITE)


def test_night_makes_paper_dark(shared: World) -> None:
    info = shared.open(TWO_PAGES)
    drawn = shared.draw(whole(info, longest=300, night=True))
    assert max(pixel(drawn, 150, 150)) < 10
    red, green, blue = pixel(drawn, 50, 150)
    assert red > max(green, blue)  # red ink stays red


def test_words_are_in_displayed_coordinates_on_a_rotated_page(shared: World) -> None:
    text = b"BT /F 20 Tf 20 250 Td (Chao) Tj ET"
    font = "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    shared.open(pdf([text], page=font))
    (upright,) = shared.host.text("paper", 0).result(WAIT_S).words
    assert upright.text == "Chao"
    assert 15 < upright.x0 < 25
    assert 25 < upright.y0 < 50
    info = shared.open(pdf([text], page=font + "/Rotate 90"))
    assert info.pages == ((300.0, 200.0),)
    (turned,) = shared.host.text("paper", 0).result(WAIT_S).words
    assert 240 < turned.x0 < turned.x1 < 275
    assert 15 < turned.y0 < 25


def test_outline_and_links_lead_to_pages(shared: World) -> None:
    root = "/Outlines 10000 0 R"
    extra = [
        b"<</Type/Outlines/First 10001 0 R/Last 10001 0 R/Count 1>>",
        b"<</Title(Muc 1)/Parent 10000 0 R/Dest[5 0 R/Fit]>>",
    ]
    link = (
        "/Annots[<</Type/Annot/Subtype/Link/Rect[10 10 50 30]/Dest[5 0 R/Fit]>>"
        "<</Type/Annot/Subtype/Link/Rect[60 10 90 30]/A<</S/URI/URI(https://example.gov.vn/)>>>>]"
    )
    shared.open(pdf([b"", b""], root=root, page=link, extra=extra))
    assert shared.host.outline("paper").result(WAIT_S).entries == (m.OutlineEntry(1, "Muc 1", 1),)
    inside, outside = shared.host.links("paper", 0).result(WAIT_S).links
    assert (inside.page, inside.uri) == (1, "")
    assert (inside.x0, inside.y0, inside.x1, inside.y1) == pytest.approx((10, 270, 50, 290))
    assert (outside.page, outside.uri) == (-1, "https://example.gov.vn/")


def test_what_is_never_executed_is_listed(shared: World) -> None:
    root = "/OpenAction<</S/Launch/F(x)>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>"
    assert shared.open(pdf([b""], root=root)).left_out == ("javascript", "launch", "open_action")
    assert shared.open(TWO_PAGES).left_out == ()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_anything_but_a_pdf_is_broken(shared: World, data: bytes) -> None:
    with pytest.raises(PaperBroken):
        shared.open(data)


@pytest.mark.parametrize(("side", "fits"), [(14_400, True), (14_401, False)])
def test_page_sides_are_limited(shared: World, side: int, fits: bool) -> None:
    data = pdf([b""], box=f"0 0 {side} 10")
    if fits:
        assert shared.open(data).pages == ((float(side), 10.0),)
    else:
        with pytest.raises(PaperTooBig):
            shared.open(data)


@pytest.mark.parametrize(("count", "fits"), [(m.MAX_PAGES, True), (m.MAX_PAGES + 1, False)])
def test_page_count_is_limited(shared: World, count: int, fits: bool) -> None:
    body = pdf([b""] * count)
    if fits:
        assert len(shared.open(body).pages) == count
    else:
        with pytest.raises(PaperTooBig):
            shared.open(body)


def test_a_picture_too_large_for_a_slot_still_comes(shared: World) -> None:
    shared.open(TWO_PAGES)
    drawn = shared.draw(TileRequest(doc="paper", page=0, scale=20.0, x=0, y=0, width=4_000, height=6_000))
    assert (pixel(drawn, 1_000, 3_000), pixel(drawn, 3_000, 3_000)) == (RED, WHITE)


def test_a_picture_over_the_limit_is_refused(shared: World) -> None:
    shared.open(TWO_PAGES)
    answer = shared.draw(TileRequest(doc="paper", page=0, scale=64.0, x=0, y=0, width=8_000, height=5_001))
    assert isinstance(answer, RequestFailed)
    assert isinstance(answer.error, PaperTooBig)


@pytest.mark.parametrize("fields", [{"scale": 99.0}, {"generation": -1}, {"x": -5}, {"width": 0}, {"rotation": 7}])
def test_requests_beyond_the_limits_fail_here_and_cost_no_process(shared: World, fields: dict[str, int]) -> None:
    shared.open(TWO_PAGES)
    before = shared.host.pid
    plain = {"doc": "paper", "page": 0, "scale": 1.0, "x": 0, "y": 0, "width": 9, "height": 9}
    answer = shared.draw(TileRequest(**{**plain, **fields}))  # type: ignore[arg-type]
    assert isinstance(answer, RequestFailed)
    assert isinstance(answer.error, InternalFault)
    assert isinstance(shared.draw(TileRequest(**plain)), PixelsReady)  # type: ignore[arg-type]
    assert shared.host.pid == before


def test_unknown_papers_and_pages_fail(shared: World) -> None:
    assert isinstance(
        shared.draw(TileRequest(doc="nobody", page=0, scale=1.0, x=0, y=0, width=9, height=9)), RequestFailed
    )
    shared.open(TWO_PAGES)
    beyond = shared.draw(TileRequest(doc="paper", page=2, scale=1.0, x=0, y=0, width=9, height=9))
    assert isinstance(beyond, RequestFailed)
    with pytest.raises(PaperBroken):
        shared.host.text("paper", 2).result(WAIT_S)


@pytest.mark.corpus
def test_locked_papers_say_so_to_every_question(shared: World) -> None:
    locked = CORPUS / "pypdf_libreoffice-writer-password.pdf"
    future = shared.host.open_paper("locked", locked.read_bytes())
    text = shared.host.text("locked", 0)
    for asked in (future, text):
        with pytest.raises(PaperLocked):
            asked.result(WAIT_S)


def test_killed_while_drawing_another_takes_over_and_the_answer_arrives() -> None:
    with World(page_timeout_s=WAIT_S) as world:
        world.ready()
        info = world.open(time_bomb(levels=5))
        world.host.request(whole(info, 0, longest=100))
        world.until_drawing()
        killed = world.host.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        assert world.wait(WorkerRestarted).reason == "died"
        assert world.wait(PixelsReady).request.page == 0
        assert world.host.pid not in {None, killed}


def test_a_page_that_kills_twice_is_given_up_and_those_behind_it_are_drawn() -> None:
    with World(STUCK, page_timeout_s=WAIT_S) as world:
        world.ready()
        info = world.open(TWO_PAGES)
        world.host.request(whole(info, 1))
        world.host.request(whole(info, 0, priority=m.NEXT))
        world.until_drawing()
        first = world.host.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        world.wait(WorkerRestarted)
        world.ready()
        world.until_drawing()
        second = world.host.pid
        assert second not in {None, first}
        assert second is not None
        os.kill(second, signal.SIGKILL)
        failed = world.wait(RequestFailed)
        assert failed.request.page == 1
        assert isinstance(failed.error, RendererLost)
        assert world.wait(PixelsReady).request.page == 0


def test_killed_at_rest_the_paper_is_simply_there_again() -> None:
    with World() as world:
        world.ready()
        info = world.open(TWO_PAGES)
        for _ in range(3):
            assert world.host.pid is not None
            os.kill(world.host.pid, signal.SIGKILL)
            world.wait(WorkerRestarted)
            world.ready()
            assert pixel(world.draw(whole(info, longest=300)), 50, 150) == RED


def test_a_page_that_never_ends_times_out_and_the_next_page_comes() -> None:
    with World(page_timeout_s=1.0) as world:
        world.ready()
        info = world.open(time_bomb())
        world.host.request(whole(info, 0))
        world.host.request(whole(info, 1))
        failed = drawn = None
        while failed is None or drawn is None:
            event = world.wait_any(PixelsReady, RequestFailed)
            if isinstance(event, PixelsReady):
                drawn = event
            else:
                failed = event
        assert failed.request.page == 0
        assert isinstance(failed.error, RenderTimeout)
        assert drawn.request.page == 1


def test_stale_requests_are_dropped_and_the_visible_page_is_drawn() -> None:
    with World(STUCK, page_timeout_s=2.0) as world:
        world.ready()
        info = world.open(pdf([RED_LEFT] * 40))
        world.host.request(whole(info, 1))  # keeps the process busy until the watchdog comes
        for page in range(2, 30):
            world.host.request(whole(info, page, generation=1, longest=200))
        world.host.set_visible("paper", 2, [29])
        world.host.request(whole(info, 35, generation=2, longest=200))
        drawn, dropped = set(), set()
        while len(drawn) + len(dropped) < 30:
            event = world.wait_any(PixelsReady, RequestDropped, RequestFailed)
            (drawn if isinstance(event, PixelsReady) else dropped).add(event.request.page)
        assert {29, 35} <= drawn
        assert set(range(4, 29)) <= dropped  # 2 and 3 may have been with the process already
        world.host.request(whole(info, 5, generation=1))  # older than the last move: not worth drawing
        assert world.wait(RequestDropped).request.page == 5


def test_closing_a_paper_ends_its_requests() -> None:
    with World(STUCK, page_timeout_s=2.0) as world:
        info = world.open(pdf([RED_LEFT] * 9))
        world.host.request(whole(info, 1))
        text = world.host.text("paper", 0)
        for page in (2, 3, 4, 5):
            world.host.request(whole(info, page))
        world.host.close_paper("paper")
        again = world.open(TWO_PAGES)
        assert {world.wait(RequestDropped).request.page for _ in range(5)} == {1, 2, 3, 4, 5}
        with pytest.raises(RendererLost):
            text.result(WAIT_S)
        assert pixel(world.draw(whole(again, longest=300)), 50, 150) == RED


@pytest.mark.parametrize(
    "body",
    [
        "return m.Pixels(req=tile.req, width=tile.width + 1, height=tile.height, stride=9, slot=tile.slot), b''",
        "return m.Pixels(req=tile.req, width=tile.width, height=tile.height, stride=tile.width * 4, slot=-1), b'xx'",
        "return m.Pixels(req=tile.req + 1, width=tile.width, height=tile.height, stride=9, slot=0), b''",
        "return m.TextPage(req=tile.req, words=()), b''",
        "return m.Dropped(req=tile.req), b''",
        "return m.Ready(sandbox='none', mupdf=''), b''",
        "self._channel._socket.sendall(b'\\xff' * 64); return m.Pong(req=1), b''",
        "self._channel._socket.sendall(b'\\0\\0\\0\\1\\0\\0\\0\\0\\xc1'); return m.Pong(req=1), b''",
    ],
    ids=["width", "blob", "number", "kind", "dropped", "ready", "frame", "garbage"],
)
def test_a_process_that_answers_something_else_is_killed(body: str) -> None:
    with World(lying(body)) as world:
        world.ready()
        info = world.open(TWO_PAGES)
        world.host.request(whole(info))
        assert world.wait(WorkerRestarted).reason == "protocol"
        failed = world.wait(RequestFailed)
        assert isinstance(failed.error, RendererLost)


def test_a_process_that_never_says_it_started_is_killed_too() -> None:
    silent = "import sys\nfrom client.viewer.worker import main\n"
    silent += (
        "def work(self, question):\n    while True: pass\nmain.Worker._work = work\nsys.exit(main.run(sys.argv[1:]))"
    )
    with World(silent, page_timeout_s=0.5) as world:
        world.ready()
        future = world.host.open_paper("paper", TWO_PAGES)
        assert world.wait(WorkerRestarted).reason == "timeout"
        world.host.stop()
        with pytest.raises(RendererLost):
            future.result(WAIT_S)


def test_a_command_that_cannot_start_makes_papers_unavailable_not_hang() -> None:
    with World("raise SystemExit(3)") as world:
        lost = world.wait(WorkerUnavailable)
        assert isinstance(lost.error, RendererLost)
        with pytest.raises(RendererLost):
            world.open(TWO_PAGES)
    missing = RenderHost(["/nonexistent/renderer"], SystemClock(), lambda _: None)
    missing.start()
    with pytest.raises(RendererLost):
        missing.open_paper("paper", TWO_PAGES).result(WAIT_S)
    missing.stop()


def test_policy_can_refuse_a_weaker_sandbox() -> None:
    bare = PLAIN.replace(
        "import sys;", "import sys; import client.viewer.worker.main as w; w.confine = lambda: 'none';"
    )
    with World(bare, accepted_sandboxes={"landlock+seccomp"}) as world:
        future = world.host.open_paper("paper", TWO_PAGES)
        with pytest.raises(SandboxUnavailable):
            future.result(WAIT_S)
        assert world.host.pid is None


def test_stopping_ends_the_process_and_answers_everybody() -> None:
    world = World(STUCK)
    world.host.start()
    world.ready()
    info = world.open(TWO_PAGES)
    pid = world.host.pid
    assert pid is not None
    world.host.request(whole(info, 1))
    world.host.stop()
    assert isinstance(world.wait(RequestFailed).error, RendererLost)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RendererLost):
        world.host.text("paper", 0).result(WAIT_S)
    with pytest.raises(RendererLost):
        world.open(TWO_PAGES)


def test_stopping_what_was_never_started() -> None:
    host = RenderHost([sys.executable], SystemClock(), lambda _: None)
    future = host.open_paper("paper", TWO_PAGES)
    host.stop()
    with pytest.raises(RendererLost):
        future.result(WAIT_S)


def test_no_descriptor_and_no_secret_reaches_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECABINET_CANARY", "canary-in-the-environment")
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    look = (
        "import os, sys; from client.viewer.worker import main, render\n"
        "def words(self, doc, page):\n"
        "    seen = [fd for fd in range(256) if is_open(fd)]\n"
        "    return tuple(main.m.Word(0, 0, 1, 1, str(one), 0, 0) for one in (*seen, dict(os.environ)))\n"
        "def is_open(fd):\n"
        "    try: os.lseek(fd, 0, 1); return True\n"
        "    except OSError as error: return error.errno != 9\n"
        "render.Renderer.warm_up = lambda self: None\n"
        "render.Renderer.words = words\n"
        "sys.exit(main.run(sys.argv[1:]))"
    )
    try:
        with World(look) as world:
            world.ready()
            world.open(TWO_PAGES)
            *seen, environment = [word.text for word in world.host.text("paper", 0).result(WAIT_S).words]
            assert len(seen) <= 6, seen  # three standard ones, the channel and two mappings
            assert str(writing) not in seen[5:]
            assert "canary" not in environment
            assert "PATH" not in environment
    finally:
        os.close(reading)
        os.close(writing)


def test_ready_tells_the_confinement_and_the_version(shared: World) -> None:
    with World() as world:
        ready: WorkerReady = world.ready()
    assert ready.mupdf.startswith("1.28")
    assert ready.start_s < 20


def test_without_descriptors_papers_and_pixels_travel_as_blobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a system without memfd does, over the same socket."""
    monkeypatch.setattr(render_engine, "sealed_copy", lambda data: None)
    monkeypatch.setattr(worker_process.Slots, "__init__", lambda self: setattr(self, "descriptor", None))
    monkeypatch.setattr(worker_process.Slots, "close", lambda self: None)
    with World() as world:
        world.ready()
        info = world.open(TWO_PAGES)
        assert pixel(world.draw(whole(info, longest=300)), 50, 150) == RED
        assert world.host.pid is not None
        os.kill(world.host.pid, signal.SIGKILL)
        world.wait(WorkerRestarted)
        assert pixel(world.draw(whole(info, longest=300)), 50, 150) == RED


def test_the_process_speaks_over_its_standard_pipes_too() -> None:
    """The channel of systems that cannot pass descriptors."""
    with subprocess.Popen([*command(), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        channel = PipeChannel(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
        process.stdin.close()
        replies: list[tuple[m.Reply, bytes]] = []

        def answer(kind: type[m.Reply]) -> tuple[m.Reply, bytes]:
            while True:
                while replies:
                    reply, blob = replies.pop(0)
                    if isinstance(reply, kind):
                        return reply, blob
                frames = channel.receive(wait=True)
                assert frames is not None
                replies.extend((m.decode_reply(head), blob) for head, blob in frames)

        answer(m.Ready)
        channel.send(m.OpenPaper(req=1, doc=1, size=len(TWO_PAGES), by_fd=False), TWO_PAGES)
        assert answer(m.Opened)[0] == m.Opened(req=1, pages=((200.0, 300.0), (200.0, 300.0)))
        channel.send(m.RenderTile(req=2, doc=1, page=0, scale=1.0, x=0, y=0, width=200, height=300))
        assert answer(m.Pixels)[1][:4] == bytes((*RED, 255))
        channel.send(m.Shutdown())
        assert process.wait(WAIT_S) == 0
        channel.close()


def test_a_malformed_request_ends_the_process_with_its_own_status() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen([*command(), f"--channel={theirs.fileno()}"], pass_fds=[theirs.fileno()])
        theirs.close()
        ours.sendall(bytes([0, 0, 0, 1, 0, 0, 0, 0, 0xC1]))
        assert process.wait(WAIT_S) == 2


@pytest.mark.expects_warnings("a receiver's mistake is a bug and has to show")
def test_a_receivers_mistake_is_logged_and_drawing_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def receive(event: object) -> None:
        if isinstance(event, PixelsReady) and event.request.page == 0:
            raise ValueError("receiver")
        seen.put(event)

    seen: queue.SimpleQueue[object] = queue.SimpleQueue()
    host = RenderHost(command(), SystemClock(), receive)
    host.start()
    info = host.open_paper("paper", TWO_PAGES).result(WAIT_S)
    host.request(whole(info, 0))
    host.request(whole(info, 1))
    while not isinstance(seen.get(timeout=WAIT_S), PixelsReady):
        pass
    host.stop()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "receiver of PixelsReady failed"
    ]
    caplog.clear()


@pytest.mark.expects_warnings("a mistake of the host is a bug and has to show")
def test_a_mistake_of_the_host_is_told_to_everybody_instead_of_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, job: object) -> None:
        raise ZeroDivisionError

    with World() as world:
        world.ready()
        world.open(TWO_PAGES)
        pid = world.host.pid
        assert pid is not None
        monkeypatch.setattr(render_engine.RenderEngine, "add", broken)
        world.host.outline("paper")
        assert isinstance(world.wait(WorkerUnavailable).error, InternalFault)
        monkeypatch.undo()
        with pytest.raises(RendererLost):
            world.host.text("paper", 0).result(WAIT_S)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_sepia_tints_paper_and_ink_and_keeps_colours_apart(shared: World) -> None:
    info = shared.open(TWO_PAGES)
    drawn = shared.draw(whole(info, longest=300, sepia=True))
    assert pixel(drawn, 150, 150) == (0xF6, 0xEC, 0xD8)
    red, green, blue = pixel(drawn, 50, 150)
    assert red > green + 100
    assert red > blue + 100

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page view with a real render process: three layers, who may write, zoom, keys, night, erasing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pymupdf
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.clock import SystemClock
from client.domain.annotation import Highlight, InkStroke, TextNote
from client.domain.ids import AnnotationId, PaperId
from client.surroundings import render_command
from client.ui.bridge import Bridge
from client.viewer.document_state import Fit, Place, ReadingState, Tool
from client.viewer.highlight import passage_of
from client.viewer.host import RenderHost
from client.viewer.ink import unpack_points
from client.viewer.tile_cache import TileCache
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.style import CanvasStyle, CanvasWords, PenStyle
from tests.helpers.pointers import ERASER_END, PEN, drag_pen, pen_event, touch_device
from tests.helpers.reader_world import make_pdf
from tests.helpers.ui_world import SetClock, digest

DOC = "paper"
INK = "#0F3D8C"


class Bench:
    """A canvas on an open paper, and the clock its pointers see."""

    def __init__(self, canvas: PageCanvas, clock: SetClock, host: RenderHost, maker: AnnotationMaker) -> None:
        self.canvas, self.clock, self.host, self.maker = canvas, clock, host, maker

    def colour_at(self, x: int, y: int) -> str:
        return self.canvas.viewport().grab().toImage().pixelColor(x, y).name().upper()

    def ink_pixels(self) -> int:
        image = self.canvas.viewport().grab().toImage()
        return sum(
            image.pixelColor(x, y).blue() > image.pixelColor(x, y).red() + 60
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(8)


@pytest.fixture
def bench(ui_app: QApplication, qtbot: QtBot, pdf: bytes) -> Iterator[Bench]:
    bridge, clock = Bridge(), SetClock()
    host = RenderHost(render_command(), SystemClock(), bridge.post_render_event)
    host.start()
    words = CanvasWords(page=lambda page, total: f"Trang {page} / {total}", failed=lambda error: error.code)
    canvas = PageCanvas(clock, CanvasStyle(desk="#6B7480"), words)
    bridge.render_event.connect(canvas.on_render_event)
    qtbot.addWidget(canvas)
    canvas.resize(900, 700)
    with qtbot.waitExposed(canvas):
        canvas.show()
    numbers = count(1)
    maker = AnnotationMaker(PaperId("x_paper"), digest("x"), clock, lambda: AnnotationId(f"a_{next(numbers)}"))
    info = host.open_paper(DOC, pdf).result()
    state = ReadingState(doc=DOC, page_count=len(info.pages))
    canvas.open(info, host, maker, annotations=(), state=state, cache=TileCache())
    canvas.pen = PenStyle(INK, 2.0)
    canvas.words_wanted.connect(lambda page: canvas.set_words(page, host.text(DOC, page).result().words))
    settle(canvas, qtbot)
    yield Bench(canvas, clock, host, maker)
    canvas.close_paper()
    host.stop()


def settle(canvas: PageCanvas, qtbot: QtBot) -> None:
    """Until the sharp picture of every page in view is there."""

    def sharp() -> bool:
        scene, frame = canvas.scene, canvas.frame()
        assert scene.pictures is not None
        shown = [key for key in scene.pictures._sharp if key.bucket == round(frame.scale * 1000)]
        fitting = [key for key in shown if (key.night, key.sepia) == (scene.night, scene.sepia)]
        turned = {key.page for key in fitting if key.rotation == frame.layout.rotation}
        return turned >= set(frame.visible)

    qtbot.waitUntil(sharp)
    qtbot.waitUntil(lambda: not canvas.scene.ink.busy)


# -- pages -----------------------------------------------------------------------------------------------------


def test_pages_are_drawn_and_fill_the_width(bench: Bench) -> None:
    canvas = bench.canvas
    rect = canvas.frame().page_rect(0)
    assert rect.left() == 16
    assert abs(canvas.viewport().width() - rect.right() - 1 - 16) <= 1
    image = canvas.viewport().grab().toImage()
    dark = sum(image.pixelColor(x, y).lightness() < 90 for x in range(100, 800, 3) for y in range(100, 600, 3))
    assert image.pixelColor(rect.left() + 5, rect.top() + 40).name() == "#ffffff"
    assert image.pixelColor(4, 300).name() == "#6b7480"
    assert dark > 200, "no text on the page"


def test_a_page_without_a_picture_says_its_number_and_never_waits(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.go_to_page(6)
    assert canvas.page == 6
    assert canvas.accessibleDescription() == "Trang 7 / 8"
    canvas.viewport().grab()  # painting with nothing to show


def mixed_pdf() -> bytes:
    """Pages of three widths, all dark, so that what is left over from another page shows."""
    with pymupdf.open() as made:
        for width in (300, 600, 400, 600, 300):
            made.new_page(width=width, height=500).draw_rect((0, 0, width, 500), color=(0, 0, 0), fill=(0, 0, 0))
        return bytes(made.tobytes())


def test_after_a_turn_the_screen_shows_what_a_full_repaint_would(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    info = bench.host.open_paper("mixed", mixed_pdf()).result()
    state = ReadingState(doc="mixed", page_count=len(info.pages), fit=Fit.PAGE)
    canvas.open(info, bench.host, bench.maker, annotations=(), state=state, cache=TileCache())
    for page in (1, 2, 4, 3, 0, 4):
        canvas.go_to_page(page)
        settle(canvas, qtbot)
        qtbot.wait_until(lambda: not canvas._plan_soon.isActive())
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        QApplication.processEvents()
        corner = canvas.viewport().mapTo(canvas, QPoint(0, 0))
        on_screen = canvas.screen().grabWindow(canvas.winId()).toImage().copy(QRect(corner, canvas.viewport().size()))
        afresh = canvas.viewport().grab().toImage().convertToFormat(on_screen.format())
        assert on_screen == afresh, f"page {page}"


def test_night_turns_pages_and_ink_over(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_night(True)
    settle(canvas, qtbot)
    rect = canvas.frame().page_rect(0)
    assert QColor(bench.colour_at(rect.left() + 5, rect.top() + 40)).lightness() < 10


def test_keys_move_and_zoom(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.verticalScrollBar().value() > 400
    QTest.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.page == 7
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.verticalScrollBar().value() == 0
    before = canvas.scale
    QTest.keyClick(canvas, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.scale == pytest.approx(before * 1.25)
    assert canvas.state is not None
    assert canvas.state.fit is Fit.FREE
    QTest.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.scale == pytest.approx(before)
    settle(canvas, qtbot)


def test_zoom_keeps_what_is_under_the_finger(bench: Bench) -> None:
    canvas = bench.canvas
    focus = QPointF(450, 350)
    before = canvas.frame().place_at(focus)
    canvas.zoom_by(1.7, focus, settled=True)
    after = canvas.frame().place_at(focus)
    assert after.page == before.page
    assert after.x == pytest.approx(before.x, abs=1)
    assert after.y == pytest.approx(before.y, abs=1)


def test_another_window_size_keeps_the_place(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.go_to(Place(3, 0, 300.0))
    canvas.resize(600, 800)
    assert canvas.place_now().page == 3
    assert canvas.place_now().y == pytest.approx(300, abs=2)
    canvas.go_back()
    assert canvas.page == 0


# -- pens ------------------------------------------------------------------------------------------------------


def test_the_pen_leaves_ink_that_is_a_stroke(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    assert bench.ink_pixels() == 0
    with qtbot.waitSignal(canvas.stroke_finished) as caught:
        drag_pen(canvas, (200, 300), (600, 380))
    (stroke,) = caught.args
    assert isinstance(stroke, InkStroke)
    assert (stroke.page, stroke.colour, stroke.width) == (0, INK, 2.0)
    points = unpack_points(stroke.points)
    start, end = canvas.frame().place_at(QPointF(200, 300)), canvas.frame().place_at(QPointF(600, 380))
    for point, place in ((points[0], start), (points[-1], end)):
        assert point.x == pytest.approx(place.x, abs=0.1)
        assert point.y == pytest.approx(place.y, abs=0.1)
    assert {round(point.pressure, 1) for point in points} == {0.6}
    assert not canvas.scene.wet.active
    assert bench.ink_pixels() > 50


def test_a_page_sample_dirties_a_few_pixels_only(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    dirtied: list[int] = []
    plain = canvas.dirty

    def dirty(rect: QRect) -> None:
        dirtied.append(rect.width() * rect.height())
        plain(rect)

    canvas.dirty = dirty  # type: ignore[method-assign]
    drag_pen(canvas, (200, 300), (400, 300), steps=50)
    assert max(dirtied[1:-2]) < 60 * 60


def test_the_eraser_end_takes_strokes_whatever_the_tool(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    drag_pen(canvas, (200, 300), (600, 300))
    drag_pen(canvas, (200, 500), (600, 500))
    with qtbot.waitSignal(canvas.erased) as caught:
        drag_pen(canvas, (400, 250), (400, 350), device=ERASER_END)
    (gone,) = caught.args
    assert len(gone) == 1
    assert len(canvas.scene.ink.strokes(0)) == 1
    with qtbot.waitSignal(canvas.erased):
        canvas.set_tool(Tool.PEN)
        drag_pen(canvas, (400, 450), (400, 550), buttons=Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton)
    assert bench.ink_pixels() == 0


def test_a_stroke_that_leaves_its_page_stays_on_it(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    bottom = canvas.frame().page_rect(0).bottom()
    canvas.pan(0, bottom - 300)
    edge = canvas.frame().page_rect(0).bottom()
    with qtbot.waitSignal(canvas.stroke_finished) as caught:
        drag_pen(canvas, (300, edge - 40), (300, edge + 120))
    assert caught.args[0].page == 0
    assert not canvas.scene.ink.strokes(1)


def test_what_is_drawn_ahead_waits_for_the_pen(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = bench.canvas
    said: list[bool] = []
    monkeypatch.setattr(bench.host, "give_way", lambda *, on: said.append(on))
    canvas.set_tool(Tool.PEN)
    drag_pen(canvas, (200, 300), (400, 300))
    assert said == [True, False]
    pen_event(canvas, QEvent.Type.TabletPress, (200, 300))
    canvas.input.cancel()
    assert said == [True, False, True, False], "whichever way a stroke ends"


def test_cancelled_stroke_leaves_nothing(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    strokes: list[InkStroke] = []
    canvas.stroke_finished.connect(strokes.append)
    pen_event(canvas, QEvent.Type.TabletPress, (200, 300), PEN)
    pen_event(canvas, QEvent.Type.TabletMove, (300, 300), PEN)
    canvas.input.cancel()
    pen_event(canvas, QEvent.Type.TabletRelease, (300, 300), PEN)
    assert strokes == []
    assert bench.ink_pixels() == 0


def test_every_tablet_event_is_accepted(bench: Bench) -> None:
    for kind in (QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease):
        event = pen_event(bench.canvas, kind, (300, 300), PEN)
        assert event.isAccepted(), kind


# -- fingers and mouse -----------------------------------------------------------------------------------------


def test_a_finger_moves_the_page_and_does_not_write(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    strokes: list[InkStroke] = []
    canvas.stroke_finished.connect(strokes.append)
    view, device = canvas.viewport(), touch_device()
    QTest.touchEvent(view, device).press(0, QPoint(400, 500), view)
    for y in range(480, 200, -20):
        QTest.touchEvent(view, device).move(0, QPoint(400, y), view)
    QTest.touchEvent(view, device).release(0, QPoint(400, 200), view)
    assert canvas.verticalScrollBar().value() == pytest.approx(300, abs=3)
    assert strokes == []


def test_palms_near_the_pen_do_nothing(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    view, device = canvas.viewport(), touch_device()

    def swipe() -> int:
        QTest.touchEvent(view, device).press(0, QPoint(400, 600), view)
        QTest.touchEvent(view, device).move(0, QPoint(400, 300), view)
        QTest.touchEvent(view, device).release(0, QPoint(400, 300), view)
        return canvas.verticalScrollBar().value()

    pen_event(canvas, QEvent.Type.TabletPress, (200, 300), PEN)
    assert swipe() == 0
    pen_event(canvas, QEvent.Type.TabletRelease, (200, 300), PEN)
    bench.clock.advance(0.3)
    assert swipe() == 0
    bench.clock.advance(0.3)
    assert swipe() > 200


def test_two_fingers_zoom(bench: Bench) -> None:
    canvas = bench.canvas
    before, view, device = canvas.scale, canvas.viewport(), touch_device()
    QTest.touchEvent(view, device).press(0, QPoint(400, 350), view).press(1, QPoint(500, 350), view)
    for far in range(10, 110, 10):
        QTest.touchEvent(view, device).move(0, QPoint(400 - far, 350), view).move(1, QPoint(500 + far, 350), view)
    QTest.touchEvent(view, device).release(0, QPoint(300, 350), view).release(1, QPoint(600, 350), view)
    assert canvas.scale == pytest.approx(before * 3, rel=0.05)
    assert canvas.scene.smooth


def test_the_mouse_writes_until_a_pen_was_seen(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    strokes: list[InkStroke] = []
    canvas.stroke_finished.connect(strokes.append)
    view = canvas.viewport()

    def drag() -> None:
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        QTest.mouseMove(view, QPoint(400, 320))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 320))

    drag()
    assert len(strokes) == 1
    drag_pen(canvas, (200, 500), (300, 500))
    assert len(strokes) == 2
    bench.clock.advance(1.0)
    drag()
    assert len(strokes) == 2


# -- highlights and notes --------------------------------------------------------------------------------------


def test_the_highlighter_snaps_to_words(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.HIGHLIGHT)
    words = bench.host.text(DOC, 0).result().words
    first, last = words[2], words[6]
    assert first.line == last.line
    to_view = canvas.frame().to_view(0)
    start = to_view.map(QPointF(first.x0 + 2, (first.y0 + first.y1) / 2))
    end = to_view.map(QPointF(last.x1 - 2, (last.y0 + last.y1) / 2))
    with qtbot.waitSignal(canvas.highlight_finished) as caught:
        drag_pen(canvas, (start.x(), start.y()), (end.x(), end.y()))
    (highlight,) = caught.args
    assert isinstance(highlight, Highlight)
    assert highlight.rects == passage_of(words, 2, 6).rects
    assert highlight.quote is not None
    assert highlight.quote.text == " ".join(word.text for word in words[2:7])


def test_taps_find_notes_and_ask_for_new_ones(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.NOTE)
    view = canvas.viewport()
    with qtbot.waitSignal(canvas.note_wanted) as caught:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    place = caught.args[0]
    from client.domain.annotation import Rect

    note = bench.maker.note(place.page, Rect(place.x, place.y, place.x + 20, place.y + 20), "Hỏi lại")
    canvas.show_change((), (note,), (place.page,))
    with qtbot.waitSignal(canvas.mark_pressed) as pressed:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(505, 404))
    assert isinstance(pressed.args[0], TextNote)
    canvas.show_change((note.id,), (), (place.page,))
    assert canvas.scene.marks[place.page] == []


def test_a_thousand_strokes_are_painted_in_slices(bench: Bench, qtbot: QtBot) -> None:
    from client.viewer.ink import InkPoint

    canvas = bench.canvas
    strokes = [
        bench.maker.stroke(
            0, [InkPoint(60 + 4 * (n % 100), 80 + 60 * (n // 100) + k, 0.5, 8) for k in range(0, 30, 3)], INK, 1.2
        )
        for n in range(1000)
    ]
    canvas.set_annotations(strokes)
    canvas.viewport().grab()
    qtbot.waitUntil(lambda: not canvas.scene.ink.busy)
    assert bench.ink_pixels() > 2_000


def test_closing_forgets_the_paper_and_leaves_its_pictures_to_their_owner(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_tool(Tool.PEN)
    drag_pen(canvas, (200, 300), (400, 300))
    cache = canvas.scene.pictures
    canvas.close_paper()
    assert cache is not None
    assert len(cache) > 0
    assert canvas.scene.pictures is None
    assert canvas.scene.wet.image is None
    assert canvas.page_count == 0
    canvas.viewport().grab()
    pen_event(canvas, QEvent.Type.TabletPress, (200, 300), PEN)


# -- zooming -----------------------------------------------------------------------------------------------------


def test_while_zooming_the_old_look_is_stretched_and_gone_once_pages_are_sharp(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.go_to_page(2)
    settle(canvas, qtbot)
    before = canvas.viewport().grab().toImage()
    canvas.zoom_by(1.5, QPointF(450, 350), settled=False)
    assert canvas.scene.still is None, "taken with the first frame, not with the gesture"
    now = canvas.viewport().grab().toImage()
    assert canvas.scene.still is not None
    assert canvas.scene.still.image.convertToFormat(before.format()) == before
    frame = canvas.frame()
    _, covered = canvas.scene.still.match(frame, 2)
    assert covered.contains(QRectF(0, 0, 880, 690)), "the whole view is covered by what was seen"
    assert _darkness(now) > 0.5 * _darkness(before), "a stretched page, not a blank one"
    canvas.settle()
    qtbot.waitUntil(lambda: canvas.scene.still is None)
    assert canvas.scene.is_sharp(frame)


def test_a_press_shows_the_pages_themselves_again(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.zoom_by(1.5, QPointF(450, 350), settled=False)
    canvas.viewport().grab()
    assert canvas.scene.still is not None
    QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert canvas.scene.still is None
    QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 300))


def _darkness(image: QImage) -> int:
    return sum(image.pixelColor(x, y).lightness() < 110 for x in range(50, 850, 3) for y in range(50, 650, 3))

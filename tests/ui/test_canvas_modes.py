# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages follow one another: one at a time, side by side, turned, without blank margins, on warm paper."""

from __future__ import annotations

import pymupdf
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.annotation import InkStroke
from client.viewer.document_state import Fit, Mode, Tool
from client.viewer.ink import unpack_points
from client.viewer.view.page_view import print_span
from tests.helpers.pointers import drag_pen
from tests.helpers.reader_world import make_pdf
from tests.ui.test_canvas import Bench, bench, settle

__all__ = ["bench"]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(7)


@pytest.fixture
def single(bench: Bench, qtbot: QtBot) -> Bench:
    bench.canvas.set_mode(Mode.SINGLE)
    settle(bench.canvas, qtbot)
    return bench


def wheel(bench: Bench, notches: int) -> None:
    target = bench.canvas.viewport()
    at = QPointF(200, 200)
    event = QWheelEvent(
        at, QPointF(target.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(target, event)


def test_single_pages_show_nothing_of_their_neighbours(single: Bench) -> None:
    canvas = single.canvas
    for page in (0, 3, 6):
        canvas.go_to_page(page)
        assert list(canvas.frame().visible) == [page]
        assert canvas.page == page
        canvas.set_fit(Fit.PAGE)
        rect = canvas.frame().page_rect(page)
        middle = rect.top() + rect.height() / 2
        assert abs(middle - canvas.viewport().height() / 2) <= 1, "a page smaller than the view stands in its middle"
        assert single.colour_at(3, 350) == "#6B7480"
        canvas.set_fit(Fit.WIDTH)


def test_single_pages_are_turned_at_their_ends_by_keys_and_wheel(single: Bench) -> None:
    canvas = single.canvas
    canvas.go_to_page(2)
    pages = []
    for _ in range(6):
        QTest.keyClick(canvas, Qt.Key.Key_PageDown)
        pages.append(canvas.page)
    assert pages[0] == 2, "the rest of the page first"
    assert pages == sorted(pages)
    assert pages[-1] >= 4
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    before = canvas.page
    for _ in range(40):
        wheel(single, 1)
    assert canvas.page < before
    for _ in range(400):
        wheel(single, 1)
    assert canvas.page == 0
    assert canvas.verticalScrollBar().value() == 0


def test_pulling_beyond_the_end_turns_the_page_once(single: Bench) -> None:
    canvas = single.canvas
    canvas.go_to_page(1)
    canvas.pan(0, 10_000)
    assert canvas.page == 2, "pulled far: turned"
    assert canvas.verticalScrollBar().value() == 0
    canvas.pan(0, -30)
    assert canvas.page == 2, "hardly pulled: not"
    canvas.pan(0, -80)
    assert canvas.page == 1
    assert canvas.verticalScrollBar().value() == canvas.verticalScrollBar().maximum()


def test_ink_in_single_pages_stays_on_its_page(single: Bench) -> None:
    canvas = single.canvas
    got: list[InkStroke] = []
    canvas.stroke_finished.connect(got.append)
    canvas.go_to_page(4)
    canvas.set_fit(Fit.PAGE)
    canvas.set_tool(Tool.PEN)
    rect = canvas.frame().page_rect(4)
    drag_pen(canvas, (rect.center().x(), rect.top() + 100), (rect.center().x() + 50, rect.top() + 160))
    (stroke,) = got
    assert stroke.page == 4
    first = unpack_points(stroke.points)[0]
    assert abs(first.y - 100 / canvas.scale) < 1


def test_two_pages_side_by_side_are_both_read_and_written_on(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_mode(Mode.FACING)
    canvas.set_fit(Fit.PAGE)
    canvas.go_to_page(2)
    settle(canvas, qtbot)
    frame = canvas.frame()
    assert {2, 3} <= set(frame.visible)
    left, right = frame.page_rect(2), frame.page_rect(3)
    assert left.top() == right.top()
    assert right.left() > left.right()
    QTest.keyClick(canvas, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert canvas.page == 4, "a turn is a row"
    QTest.keyClick(canvas, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    got: list[InkStroke] = []
    canvas.stroke_finished.connect(got.append)
    canvas.set_tool(Tool.PEN)
    right = canvas.frame().page_rect(3)
    drag_pen(canvas, (right.left() + 60, right.top() + 60), (right.left() + 120, right.top() + 90))
    assert [stroke.page for stroke in got] == [3]


def test_the_last_page_alone_in_its_row(bench: Bench) -> None:
    canvas = bench.canvas
    canvas.set_mode(Mode.FACING)
    canvas.go_to_page(6)
    rect = canvas.frame().page_rect(6)
    assert abs(rect.center().x() - canvas.viewport().width() / 2) <= 1


def test_turning_goes_round_and_keeps_the_page(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.go_to_page(3)
    settle(canvas, qtbot)
    upright, window = canvas.viewport().grab().toImage(), canvas.frame().window
    canvas.turn()
    settle(canvas, qtbot)
    rect = canvas.frame().page_rect(3)
    assert canvas.page == 3
    assert rect.width() > rect.height(), "an upright page lies"
    for _ in range(3):
        canvas.turn()
    settle(canvas, qtbot)
    assert canvas.frame().window == window
    assert canvas.viewport().grab().toImage() == upright


def test_without_blank_margins_the_print_fills_the_view(bench: Bench, qtbot: QtBot) -> None:
    with pymupdf.open() as made:
        for _ in range(4):
            made.new_page(width=600, height=800).draw_rect((200, 100, 400, 700), fill=(0, 0, 0))
        data = bytes(made.tobytes())
    canvas = bench.canvas
    info = bench.host.open_paper("narrow", data).result()
    from client.viewer.document_state import ReadingState
    from client.viewer.tile_cache import TileCache

    state = ReadingState(doc="narrow", page_count=4, fit=Fit.CONTENT)
    canvas.open(info, bench.host, bench.maker, annotations=(), state=state, cache=TileCache())
    qtbot.waitUntil(lambda: canvas.scale > 2.5)
    settle(canvas, qtbot)
    rect = canvas.frame().to_view(canvas.page)
    left, right = rect.map(QPointF(200, 0)).x(), rect.map(QPointF(400, 0)).x()
    width = canvas.viewport().width()
    assert 16 <= left <= 16 + 0.08 * width
    assert width - 16 - 0.08 * width <= right <= width - 16
    assert bench.colour_at(width // 2, 400) == "#000000"


def test_small_print_counts_as_print(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    assert canvas.pictures is not None
    assert canvas.sheet is not None
    pictures, sheet = canvas.pictures, canvas.sheet
    qtbot.waitUntil(lambda: pictures.want_small(sheet, 0, night=False) is not None)
    small = pictures.want_small(sheet, 0, night=False)
    assert small is not None
    words = bench.host.text("paper", 0).result().words
    left, right = print_span(small)
    assert left <= min(word.x0 for word in words) / 595
    assert right >= max(word.x1 for word in words) / 595
    assert left > 0.05
    assert right < 1.0
    blank = QImage(100, 140, QImage.Format.Format_RGB32)
    blank.fill(0xFFFFFFFF)
    assert print_span(blank) == (0.0, 1.0)


def test_warm_paper(bench: Bench, qtbot: QtBot) -> None:
    canvas = bench.canvas
    canvas.set_night(False, sepia=True)
    settle(canvas, qtbot)
    qtbot.waitUntil(lambda: bench.colour_at(40, 40) == "#F6ECD8")
    canvas.set_night(True, sepia=True)
    assert not canvas.scene.sepia, "dark wins"
    canvas.set_night(False)
    settle(canvas, qtbot)
    qtbot.waitUntil(lambda: bench.colour_at(40, 40) == "#FFFFFF")

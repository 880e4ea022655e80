# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's further tools on a real store: shapes, underline, lasso, chosen text, undo the day after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.annotation import Highlight, InkStroke
from client.settings import Settings
from client.ui.application import put_in_force
from client.ui.screens.reader import ReaderScreen
from client.ui.theme.tokens import PEN_COLOURS
from client.viewer.document_state import Tool
from client.viewer.ink import bounds, unpack_points
from client.viewer.shapes import Shape
from tests.helpers.pointers import drag_pen
from tests.helpers.reader_world import LINE, ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.ui.test_reader import Desk, write_one


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(6)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path, pdf: bytes) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", pdf) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


@pytest.fixture
def again(device: ReaderWorld, qtbot: QtBot) -> Callable[[], Desk]:
    return lambda: Desk(device, qtbot)


def take(reader: ReaderScreen, tool: Tool) -> None:
    if reader.canvas.tool is not tool:
        reader.tools.buttons[tool].click()
    assert reader.canvas.tool is tool


def strokes(desk: Desk) -> list[InkStroke]:
    return [mark for mark in desk.device.marks() if isinstance(mark, InkStroke)]


def corner(stroke: InkStroke) -> tuple[float, float]:
    box = bounds(unpack_points(stroke.points), stroke.width)
    return box.x0, box.y0


def line_ends(reader: ReaderScreen, desk: Desk, row: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """View places at the second and the ninth word of a line."""
    words = desk.device.world.ctx.render.text(desk.device.plain, 0).result().words
    line = [word for word in words if word.block == words[0].block + row or word.line == row]
    line = [word for word in words if abs(word.y0 - line[0].y0) < 2]
    to_view = reader.canvas.frame().to_view(0)
    ends = [to_view.map(QPointF((w.x0 + w.x1) / 2, (w.y0 + w.y1) / 2)) for w in (line[1], line[8])]
    return (ends[0].x(), ends[0].y()), (ends[1].x(), ends[1].y())


def test_a_ring_around_a_passage_is_an_ordinary_stroke(desk: Desk) -> None:
    reader = desk.open()
    take(reader, Tool.PEN)
    for button in reader.picker.shapes.children():
        if getattr(button, "accessibleName", str)() == "Vòng khoanh":
            button.click()
    assert reader.canvas.pen.shape is Shape.ELLIPSE
    drag_pen(reader.canvas, (300, 200), (620, 290))
    desk.settle()
    (ring,) = strokes(desk)
    frame = reader.canvas.frame()
    drawn = frame.to_view(0).mapRect(reader.canvas.scene.ink.shape(ring).box)
    assert abs(drawn.left() - 300) < 6
    assert abs(drawn.right() - 620) < 6
    assert abs(drawn.top() - 200) < 6
    assert abs(drawn.bottom() - 290) < 6
    points = unpack_points(ring.points)
    assert abs(points[0].x - points[-1].x) < 0.1


def test_a_tap_with_a_shape_leaves_nothing(desk: Desk) -> None:
    reader = desk.open()
    take(reader, Tool.PEN)
    reader.picker.shape_chosen.emit(Shape.RECTANGLE)
    drag_pen(reader.canvas, (300, 200), (302, 201))
    desk.settle()
    assert desk.device.marks() == ()


def test_underlining_snaps_to_words(desk: Desk) -> None:
    reader = desk.open()
    take(reader, Tool.HIGHLIGHT)
    reader.picker.underline_chosen.emit(True)
    desk.settle()
    start, end = line_ends(reader, desk, 2)
    drag_pen(reader.canvas, start, end)
    desk.settle()
    (mark,) = desk.device.marks()
    assert isinstance(mark, Highlight)
    assert mark.underline
    assert mark.quote is not None
    assert mark.quote.text in f"Điều 1.3. {LINE}"


def test_the_lasso_moves_recolours_and_deletes_in_one_step_each(desk: Desk) -> None:
    reader = desk.open()
    write_one(reader)
    write_one(reader, 480)
    desk.settle()
    before = {one.id: bounds(unpack_points(one.points), one.width) for one in strokes(desk)}
    take(reader, Tool.LASSO)
    drag_pen(reader.canvas, (150, 250), (650, 380), via=[(650, 250), (650, 380), (150, 380)])
    held = reader.canvas.scene.selection
    assert held is not None
    assert len(held.marks) == 1
    assert not reader.selection.isHidden()
    drag_pen(reader.canvas, (400, 315), (430, 365))
    desk.settle()
    way = 1 / reader.canvas.scale
    kept = [one for one in strokes(desk) if one.id in before]
    (carried,) = (one for one in strokes(desk) if one.id not in before)
    assert len(kept) == 1
    box, was = bounds(unpack_points(carried.points), carried.width), before[held.marks[0].id]
    assert abs(box.x0 - was.x0 - 30 * way) < 0.5
    assert abs(box.y0 - was.y0 - 50 * way) < 0.5
    assert reader.canvas.scene.ghost is None, "what was carried is painted where it was put"
    reader.selection.swatches[1].click()
    desk.settle()
    assert sorted(one.colour for one in strokes(desk)) == sorted([PEN_COLOURS[0], PEN_COLOURS[1]])
    reader.selection.delete_button.click()
    desk.settle()
    assert len(strokes(desk)) == 1
    assert reader.selection.isHidden()
    for _ in range(3):
        reader.tools.undo_button.click()
    desk.settle()
    places = sorted(corner(one) for one in strokes(desk))
    assert places == sorted((box.x0, box.y0) for box in before.values())


def test_chosen_text_is_copied_where_policy_lets_it(desk: Desk) -> None:
    reader = desk.open()
    take(reader, Tool.TEXT)
    desk.settle()
    start, end = line_ends(reader, desk, 2)
    drag_pen(reader.canvas, start, end)
    assert not reader.passage.isHidden()
    assert reader.canvas.scene.band is not None, "it is shown as chosen"
    assert desk.device.marks() == (), "choosing leaves nothing on the page"
    QGuiApplication.clipboard().setText("")
    reader.passage.copy_button.click()
    assert QGuiApplication.clipboard().text() in f"Điều 1.3. {LINE}"
    assert len(QGuiApplication.clipboard().text()) > 20
    assert reader.canvas.scene.band is None


def test_where_policy_forbids_text_cannot_be_copied_but_marked(device: ReaderWorld, qtbot: QtBot) -> None:
    import dataclasses

    policy = msgspec.structs.replace(device.world.ctx.policy, allow_export=False)
    device.world.ctx = dataclasses.replace(device.world.ctx, policy=policy)
    desk = Desk(device, qtbot)
    reader = desk.open()
    take(reader, Tool.TEXT)
    desk.settle()
    start, end = line_ends(reader, desk, 2)
    drag_pen(reader.canvas, start, end)
    assert reader.passage.copy_button.isHidden()
    QGuiApplication.clipboard().setText("before")
    reader.passage._copy()
    assert QGuiApplication.clipboard().text() == "before"
    drag_pen(reader.canvas, start, end)
    reader.passage.mark_button.click()
    desk.settle()
    (mark,) = desk.device.marks()
    assert isinstance(mark, Highlight)
    assert not mark.underline


def test_what_was_done_yesterday_can_be_undone_today(desk: Desk, again: Callable[[], Desk]) -> None:
    reader = desk.open()
    write_one(reader)
    write_one(reader, 480)
    desk.settle()
    reader.tools.undo_button.click()
    desk.settle()
    assert len(strokes(desk)) == 1
    desk.window.close()
    second = again()
    fresh = second.open()
    assert fresh.tools.undo_button.isEnabled()
    assert fresh.tools.redo_button.isEnabled()
    fresh.tools.redo_button.click()
    second.settle()
    assert len(strokes(second)) == 2
    fresh.tools.undo_button.click()
    fresh.tools.undo_button.click()
    second.settle()
    assert strokes(second) == []
    assert not fresh.tools.undo_button.isEnabled()


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_bars_of_the_tools_have_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    desk = Desk(device, qtbot, size)
    reader = desk.open()
    write_one(reader)
    take(reader, Tool.LASSO)
    drag_pen(reader.canvas, (150, 250), (650, 380), via=[(650, 250), (650, 380), (150, 380)])
    assert not reader.selection.isHidden()
    for _ in range(3):
        QApplication.processEvents()
    assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])
    take(reader, Tool.TEXT)
    desk.settle()
    start, end = line_ends(reader, desk, 2)
    drag_pen(reader.canvas, start, end)
    assert not reader.passage.isHidden()
    for _ in range(3):
        QApplication.processEvents()
    assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])
    for tool in (Tool.PEN, Tool.HIGHLIGHT):
        take(reader, tool)
        reader.tools.buttons[tool].click()
        assert reader.picker.isVisible()
        for _ in range(3):
            QApplication.processEvents()
        assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])
        reader.picker.hide()

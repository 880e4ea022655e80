# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds of the reader at every size: targets, names, room for words, contrast of bars, language, left hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.domain.annotation import Highlight
from client.settings import Hand, Settings, Theme
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_edits import Saving
from client.ui.screens.reader_panel import Tab, note_lines, outline_lines
from client.ui.widgets.page_pad import PagePad
from client.viewer.document_state import Tool
from client.viewer.highlight import passage_of
from client.viewer.messages import OutlineEntry
from tests.helpers.reader_world import BROKEN, STUB, ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import Longer, controls, cut_off, too_small, unnamed
from tests.ui.test_reader import Desk

LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(6)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path, pdf: bytes) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", pdf) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


def show_everything(desk: Desk) -> ReaderScreen:
    """A reader with all its bars out."""
    reader = desk.open()
    words = desk.device.world.ctx.render.text(desk.device.plain, 0).result().words
    maker = reader.marking.maker
    assert maker is not None
    reader.canvas.highlight_finished.emit(maker.highlight(0, passage_of(words, 2, 9), "#FFE08A"))
    desk.settle()
    reader.room.want(True)
    reader.find_bar.open()
    reader.header.set_saving(Saving.FAILED)
    reader.changed.newer.set("Tài liệu này đã có bản mới.")
    (mark,) = (one for one in reader.marking.present if isinstance(one, Highlight))
    reader.passage.offer(mark)
    desk.settle()
    for _ in range(4):
        QApplication.processEvents()
    return reader


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_targets_names_and_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    desk = Desk(device, qtbot, size)
    reader = show_everything(desk)
    assert (desk.window.width(), desk.window.height()) == size
    assert len(controls(desk.window)) > 20
    assert too_small(desk.window) == []
    assert unnamed(desk.window) == []
    assert cut_off(desk.window) == []
    reader.passage.hide()
    for tool in (Tool.PEN, Tool.HIGHLIGHT):
        reader.tools.buttons[tool].click()
        reader.tools.buttons[tool].click()
        QApplication.processEvents()
        assert reader.picker.isVisible()
        assert too_small(reader.picker) == []
        assert unnamed(reader.picker) == []
        assert reader.rect().contains(reader.picker.geometry())
    for paper in (STUB, BROKEN):
        desk.open(paper=paper)
        assert cut_off(desk.window) == []
        assert too_small(desk.window) == []


def test_longer_words_still_fit(ui_app: QApplication, device: ReaderWorld, qtbot: QtBot) -> None:
    longer = Longer(ui_app)
    ui_app.installTranslator(longer)
    try:
        desk = Desk(device, qtbot, PORTRAIT)
        reader = show_everything(desk)
        reader.room.want(False)
        reader.passage.hide()
        QApplication.processEvents()
        assert reader.tools.page_button.text().count("ẵ") > 0
        assert cut_off(reader.tools) == []
        assert cut_off(reader.header) == []
    finally:
        ui_app.removeTranslator(longer)


def test_in_portrait_the_tools_are_one_row(device: ReaderWorld, qtbot: QtBot) -> None:
    desk = Desk(device, qtbot, PORTRAIT)
    reader = desk.open()
    rows = {
        button.y() for button in (*reader.tools.buttons.values(), reader.tools.undo_button, reader.tools.panel_button)
    }
    assert len(rows) == 1


def test_the_panel_opens_by_itself_only_in_landscape(device: ReaderWorld, qtbot: QtBot) -> None:
    desk = Desk(device, qtbot, LANDSCAPE)
    reader = desk.open()
    assert reader.panel.isVisible()
    desk.window.resize(*PORTRAIT)
    assert reader.panel.isHidden()
    reader.tools.panel_button.click()
    assert reader.panel.isVisible()
    desk.window.resize(*LANDSCAPE)
    desk.window.resize(*PORTRAIT)
    assert reader.panel.isVisible()  # asked for, so it stays


def test_dark_theme_reaches_the_canvas_and_night_is_its_own(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot
) -> None:
    desk = Desk(device, qtbot)
    reader = desk.open()
    light = reader.canvas.scene.style.desk
    put_in_force(ui_app, Settings(theme=Theme.DARK))
    QApplication.processEvents()
    assert reader.canvas.scene.style.desk != light
    assert not reader.canvas.scene.night
    reader.tools.night_button.click()
    assert reader.canvas.scene.night


def test_left_hand_mirrors_panel_and_page_number(
    ui_app: QApplication, tmp_path: Path, qtbot: QtBot, pdf: bytes
) -> None:
    with reader_world(tmp_path / "left", pdf, Settings(hand=Hand.LEFT)) as device:
        desk = Desk(device, qtbot)
        reader = desk.open()
        assert reader.panel.x() > reader.canvas.x()
        assert reader.tools.page_button.x() < reader.tools.buttons[Tool.HAND].mapTo(reader.tools, QPoint()).x()
        desk.window.close()
    for window in ui_app.topLevelWidgets():
        window.close()


def test_the_whole_reader_by_keyboard(device: ReaderWorld, qtbot: QtBot) -> None:
    desk = Desk(device, qtbot)
    reader = desk.open()
    QTest.keyClick(reader.canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    pad = desk.sheet(PagePad)
    assert isinstance(pad, PagePad)
    QTest.keyClick(pad, Qt.Key.Key_4)
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    QTest.keyClick(pad, Qt.Key.Key_5)
    QTest.keyClick(pad, Qt.Key.Key_Enter)
    assert reader.canvas.page == 4
    reached = set()
    widget: QWidget | None = reader.header.back_button
    for _ in range(200):
        widget = widget.nextInFocusChain() if widget is not None else None
        if widget is not None and reader.isAncestorOf(widget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(widget)
    assert {
        reader.canvas,
        reader.tools.page_button,
        reader.tools.undo_button,
        *reader.tools.buttons.values(),
    } <= reached


def test_lists_say_what_they_lead_to(device: ReaderWorld, qtbot: QtBot) -> None:
    entries = [OutlineEntry(1, "Chương I", 0), OutlineEntry(2, "Điều 1", 1), OutlineEntry(1, "Liên kết ngoài", -1)]
    assert [(line.title, line.page, line.level) for line in outline_lines(entries)] == [
        ("Chương I", 0, 1),
        ("Điều 1", 1, 2),
    ]
    assert note_lines(()) == []
    desk = Desk(device, qtbot)
    reader = desk.open()
    reader.panel.tabs.button(Tab.NOTES).click()
    assert reader.panel.stack.currentWidget() is reader.panel._no_notes
    reader.tools.bookmark_button.click()
    desk.settle()
    assert reader.panel.stack.currentWidget() is reader.panel.notes
    index = reader.panel.notes.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Đã đánh dấu trang. tr. 1"


def test_going_back_leaves_the_reader(device: ReaderWorld, qtbot: QtBot) -> None:
    desk = Desk(device, qtbot)
    reader = desk.open()
    reader.header.back_button.click()
    desk.settle()
    assert desk.window.workspace is not None
    assert desk.window.workspace.route == places.Papers()
    assert desk.window.workspace.rail.isVisible()

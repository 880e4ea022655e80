# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's bar of looks on a real store: kept for the next paper, room at every size; back to where one was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.settings import Settings
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.viewer.document_state import Fit, Mode
from tests.helpers.reader_world import ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.ui.test_reader import Desk


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(9)


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


def test_how_one_reads_is_kept_for_the_next_time(desk: Desk, again: Callable[[], Desk]) -> None:
    reader = desk.open()
    reader.header.looks_button.click()
    assert reader.looks.bar.isVisible()
    assert reader.looks.modes[Mode.CONTINUOUS].isChecked()
    reader.looks.modes[Mode.FACING].click()
    reader.looks.sepia_button.click()
    desk.settle()
    assert reader.canvas.state is not None
    assert (reader.canvas.state.mode, reader.canvas.state.sepia) == (Mode.FACING, True)
    desk.window.close()
    second = again()
    fresh = second.open()
    assert fresh.canvas.state is not None
    assert (fresh.canvas.state.mode, fresh.canvas.state.sepia) == (Mode.FACING, True)
    assert fresh.looks.modes[Mode.FACING].isChecked()
    fresh.tools.night_button.click()
    assert fresh.canvas.scene.night
    assert not fresh.looks.sepia_button.isChecked()


def test_cropping_and_turning_by_buttons_and_keys(desk: Desk) -> None:
    reader = desk.open()
    desk.qtbot.waitUntil(lambda: reader.canvas.pictures is not None and not reader.canvas.pictures.asked)
    before = reader.canvas.scale
    reader.looks.crop_button.click()
    desk.qtbot.waitUntil(lambda: reader.canvas.scale > before * 1.1)
    assert reader.canvas.state is not None
    assert reader.canvas.state.fit is Fit.CONTENT
    reader.looks.crop_button.click()
    assert abs(reader.canvas.scale - before) < 0.01
    QTest.keyClick(reader.canvas, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert reader.canvas.state.rotation == 90


def test_the_bar_of_looks_goes_when_the_page_is_touched(desk: Desk) -> None:
    reader = desk.open()
    reader.header.looks_button.click()
    QTest.mouseClick(reader.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert reader.looks.bar.isHidden()
    assert not reader.header.looks_button.isChecked()


def test_back_goes_to_where_the_jump_began_and_then_to_the_screen_before(desk: Desk) -> None:
    reader = desk.open()
    assert reader.header.way_back.isHidden()
    reader.panel.outline.chosen.emit(reader.panel.outline.lines[5])
    assert reader.canvas.page == 5
    assert not reader.header.way_back.isHidden()
    QTest.keyClick(reader.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert reader.canvas.page == 0
    assert reader.header.way_back.isHidden()
    QTest.keyClick(reader.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert reader.canvas.page == 5
    reader.header.way_back.click()
    assert reader.canvas.page == 0
    QTest.keyClick(reader.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert desk.window.workspace is not None
    assert isinstance(desk.window.workspace.route, places.Papers)


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_the_bar_of_looks_has_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    desk = Desk(device, qtbot, size)
    reader = desk.open()
    reader.header.looks_button.click()
    reader.canvas.set_fit(Fit.PAGE)
    for _ in range(3):
        QApplication.processEvents()
    assert reader.looks.bar.isVisible()
    assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])
    below = [button for button in reader.looks.bar.children() if getattr(button, "isVisible", bool)()]
    assert all(reader.looks.bar.rect().contains(button.geometry()) for button in below)  # type: ignore[attr-defined]

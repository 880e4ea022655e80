# SPDX-License-Identifier: AGPL-3.0-or-later
"""Following the presenter without ever losing my page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.ui import navigator as places
from tests.helpers.ballot_screen import (
    press,
)
from tests.helpers.live_screens import (
    bar_of,
    follow,
    present,
    space,
)
from tests.helpers.reader_world import ReaderWorld, reader_world
from tests.ui.test_reader import Desk


@pytest.fixture
def reading(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Desk, ReaderWorld]]:
    """A real paper in the reader while the session presents its fourth page."""
    with reader_world(tmp_path / "device") as device:
        present(device, 3)
        yield Desk(device, qtbot), device
        for window in ui_app.topLevelWidgets():
            window.close()


def test_the_page_is_never_taken_without_following(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    present(device, 5, version=2)
    desk.settle()
    qtbot.waitUntil(lambda: "trang 6" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 8
    press(bar_of(desk.window).page_button)
    desk.settle()
    qtbot.waitUntil(lambda: reader.canvas.page == 5)
    present(device, 7, version=3)
    qtbot.waitUntil(lambda: "trang 8" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 5, "once is not following"


def test_following_turns_pages_and_leaves_no_trail(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    trail = len(space(desk.window).history)
    for version, page in enumerate((4, 5, 6), start=2):
        present(device, page, version=version)
        qtbot.waitUntil(lambda page=page: reader.canvas.page == page)
    assert bar_of(desk.window).follow.isChecked()
    assert len(space(desk.window).history) == trail


def test_a_scroll_of_my_own_ends_it(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    here = QPointF(300, 300)
    wheel = QWheelEvent(
        here,
        here,
        QPoint(0, -40),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(reader.canvas.viewport(), wheel)
    bar = bar_of(desk.window)
    assert not bar.follow.isChecked()
    assert bar.page_button.text() == "Quay lại trang trình bày"
    page = reader.canvas.page
    present(device, 9, version=2)
    qtbot.waitUntil(lambda: "trang 10" in bar.note.text())
    assert reader.canvas.page == page


def test_a_stroke_ends_it_before_the_page_moves(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    QTest.mousePress(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    present(device, 9, version=2)
    qtbot.waitUntil(lambda: "trang 10" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 3
    QTest.mouseRelease(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert not bar_of(desk.window).follow.isChecked()


def test_another_page_by_the_contents_ends_it(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, _device = reading
    reader = desk.open(page=8)
    follow(desk)
    reader.panel.outline.chosen.emit(reader.panel.outline.lines[10])
    assert not bar_of(desk.window).follow.isChecked()
    assert reader.canvas.page == 10


def test_a_ballot_is_never_left_for_the_presenter(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    desk.open(page=8)
    follow(desk)
    desk.go(places.Outbox())
    assert not bar_of(desk.window).follow.isChecked()
    present(device, 5, version=2)
    qtbot.waitUntil(lambda: "trang 6" in bar_of(desk.window).note.text())
    assert space(desk.window).route == places.Outbox()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for the first paint comes after it, comes without one too, and not to a widget that is gone."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.ui.first_paint import FirstPaint


class Canvas(QWidget):
    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._told.append("painted")


def test_it_comes_after_the_paint_and_once(ui_app: QApplication, qtbot: QtBot) -> None:
    told: list[str] = []
    canvas = Canvas(told)
    qtbot.addWidget(canvas)
    FirstPaint(canvas, lambda: told.append("then"))
    canvas.show()
    qtbot.waitUntil(lambda: "then" in told)
    assert told[0] == "painted"
    painted = told.count("painted")
    canvas.update()
    qtbot.waitUntil(lambda: told.count("painted") > painted)
    assert told.count("then") == 1


def test_a_window_that_nobody_sees_does_its_work_all_the_same_and_a_deleted_one_does_not(
    ui_app: QApplication, qtbot: QtBot
) -> None:
    told: list[str] = []
    gone, hidden = Canvas(told), Canvas(told)
    FirstPaint(gone, lambda: told.append("gone"))
    gone.deleteLater()
    qtbot.addWidget(hidden)
    FirstPaint(hidden, lambda: told.append("hidden"))
    qtbot.waitUntil(lambda: "hidden" in told)
    assert told == ["hidden"]

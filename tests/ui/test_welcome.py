# SPDX-License-Identifier: AGPL-3.0-or-later
"""The three cards of the first minutes: turned by button and key, left at any time, legible at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from client.settings import Settings
from client.ui.application import put_in_force
from client.ui.screens.welcome import WelcomeSheet, cards
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow


def opened(show: ShowWindow, size: tuple[int, int] = (1368, 912)) -> WelcomeSheet:
    sheet = WelcomeSheet(show(None, size))
    sheet.open()
    QApplication.processEvents()
    return sheet


def test_from_the_first_card_to_the_last(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    sheet = opened(show)
    assert not sheet.back.isEnabled()
    with qtbot.waitSignal(sheet.finished) as ended:
        for card in cards():
            shown = {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}
            assert {card.title, *(text for _icon, text in card.lines)} <= shown
            QTest.mouseClick(sheet.next, Qt.MouseButton.LeftButton)
            QApplication.processEvents()
    assert ended.args == [QDialog.DialogCode.Accepted.value]


def test_keys_turn_and_leave(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    sheet = opened(show)
    for key, index in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)):
        QTest.keyClick(sheet, key)
        assert sheet.index == index
    assert sheet.dots.accessibleName() == "Thẻ 2 trên 3"
    with qtbot.waitSignal(sheet.finished):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)])
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_everything_has_room(
    ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    sheet = opened(show, size)
    for index in range(len(cards())):
        sheet.show_card(index)
        QApplication.processEvents()
        assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])
        assert sheet.height() <= size[1]
    sheet.close()

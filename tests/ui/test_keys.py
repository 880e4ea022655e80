# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keyboard: every combination that works is listed, every place of the rail has one, F1 lists them all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from client.ui import navigator as places
from client.ui.screens.registry import SCREENS
from client.ui.shortcuts import PLACE_KEYS, shortcut_groups
from client.ui.widgets.keys_sheet import KeysSheet
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_shell import settle


def listed() -> set[str]:
    keys = {
        QKeySequence(keys).toString() for group in shortcut_groups() for one in group.shortcuts for keys in one.keys
    }
    return keys | set(PLACE_KEYS)


def activate(window: QWidget, qtbot: QtBot) -> None:
    """Shortcuts work in the active window only."""
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def test_every_combination_of_every_screen_is_listed(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    assert window.workspace is not None
    for kind in SCREENS:
        window.workspace.screen_of(kind)
    settle(world, qtbot)
    working = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert len(working) > 8
    assert working - listed() == set()


def test_no_combination_means_two_things() -> None:
    for group in shortcut_groups():
        keys = [keys for one in group.shortcuts for keys in one.keys]
        assert len(keys) == len(set(keys)), group.title


def test_the_places_of_the_rail_by_number(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    assert window.workspace is not None
    activate(window, qtbot)
    for key, kind in ((Qt.Key.Key_5, places.Outbox), (Qt.Key.Key_3, places.Search), (Qt.Key.Key_6, places.Preferences)):
        activate(window, qtbot)  # without a window manager, hiding what had the focus deactivates the window
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        settle(world, qtbot)
        assert isinstance(window.workspace.route, kind)
    activate(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert isinstance(window.workspace.route, places.Home), "the rail begins a new way"
    settle(world, qtbot)


def test_f1_lists_them_and_escape_closes(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    activate(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, KeysSheet)
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    assert {one.does for group in shortcut_groups() for one in group.shortcuts} <= texts
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    settle(world, qtbot)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing but keys: from the home screen to a signed vote, and what a screen reader is told on the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.domain.outbox import OutboxKind, OutboxState
from client.store import outbox
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from tests.helpers.ui_world import OPINION, PIN, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_shell import settle

MANY = 120
"""More presses of Tab than any screen has controls."""


class Typist:
    """Somebody without pen, mouse or touch.

    Args:
        window: What has the keyboard.
        rest: Waits until the program has settled.
    """

    def __init__(self, window: MainWindow, rest: Callable[[], object]) -> None:
        self.window, self.rest = window, rest

    @property
    def focused(self) -> QWidget:
        widget = self.window.focusWidget()
        assert widget is not None, "the keyboard is nowhere"
        return widget

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focused, key, modifier)
        self.rest()

    def tab_to(self, name: str) -> QWidget:
        """Go on until the focused control's name begins so."""
        for _ in range(MANY):
            if self.focused.accessibleName().startswith(name):
                return self.focused
            QTest.keyClick(self.focused, Qt.Key.Key_Tab)
        raise AssertionError(f"{name!r} cannot be reached with Tab from {self.focused.accessibleName()!r}")


def test_a_vote_with_the_keyboard_alone(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    settle(world, qtbot)
    typist = Typist(window, lambda: settle(world, qtbot))
    typist.press(Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace is not None
    assert isinstance(window.workspace.route, places.Ballots)
    typist.tab_to("Phiếu lấy ý kiến")
    typist.press(Qt.Key.Key_Return)
    assert isinstance(window.workspace.route, places.Ballot)
    typist.tab_to("Đồng ý")
    typist.press(Qt.Key.Key_Space)
    typist.tab_to("Xem lại và gửi phiếu")
    typist.press(Qt.Key.Key_Return)
    if not typist.focused.accessibleName().startswith("Mã PIN"):
        typist.tab_to("Mã PIN")
    QTest.keyClicks(typist.focused, PIN)
    typist.press(Qt.Key.Key_Return)
    [act] = world.core.record.read(outbox.items).result()
    assert (act.kind, act.subject, act.state) == (OutboxKind.VOTE, "q_opinion", OutboxState.QUEUED)
    typist.tab_to("Xong")
    typist.press(Qt.Key.Key_Return)
    assert not isinstance(window.workspace.route, places.Ballot)


def test_the_home_screen_as_a_screen_reader_meets_it(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(OPINION))
    settle(world, qtbot)
    dumped = [line for line in dump(window) if line[1]]
    roles = {role for role, _name in dumped}
    assert {"Button", "StaticText"} <= roles
    names = [name for _role, name in dumped]
    assert names[0] == "e-Cabinet", "the window's own name says nothing about the session"
    assert any(name.startswith("Phiếu lấy ý kiến Thành viên Chính phủ") for name in names)
    assert any(name == "Cài đặt" for name in names)


def dump(window: MainWindow) -> list[tuple[str, str]]:
    """Role and name of everything a screen reader can walk to, in order."""
    found: list[tuple[str, str]] = []

    def walk(widget: QWidget) -> None:
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not widget.isVisible():
            return
        found.append((interface.role().name, interface.text(QAccessible.Text.Name)))
        for child in widget.children():
            if isinstance(child, QWidget):
                walk(child)

    walk(window)
    return found

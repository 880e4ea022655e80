# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing but keys: from the home screen to a signed vote, and what a screen reader is told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from client.domain.annotation import Bookmark, TextNote
from client.domain.ids import PollId
from client.domain.outbox import OutboxKind, OutboxState
from client.store import outbox
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.reader_note import NoteSheet
from client.ui.screens.search import SearchScreen
from tests.helpers.reader_world import ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_world import OPINION, PIN, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_reader import Desk
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


@pytest.fixture
def reading(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    """Real papers and a real render process."""
    with reader_world(tmp_path / "reading", make_pdf(4)) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


def test_annotating_with_the_keyboard_alone(reading: ReaderWorld, qtbot: QtBot) -> None:
    """From the list of papers to a note and a bookmark on page 2, undone and done again, and back."""
    desk = Desk(reading, qtbot)
    window = desk.window
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    typist = Typist(window, desk.settle)
    typist.tab_to("Dự thảo Nghị định")
    typist.press(Qt.Key.Key_Return)
    reader = desk.reader
    qtbot.waitUntil(lambda: reader.stack.currentWidget() is reader.canvas)
    typist.press(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert reader.canvas.page == 1
    typist.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    typist.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    [sheet] = [each for each in window.findChildren(NoteSheet) if each.isVisible()]
    qtbot.waitUntil(sheet.text.hasFocus)
    QTest.keyClicks(sheet.text, "Hoi lai Bo Tai chinh")
    for _ in range(MANY):
        if QApplication.focusWidget() is sheet.keep_button:
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(sheet.keep_button, Qt.Key.Key_Return)
    desk.settle()
    window.activateWindow()  # there is no window manager here to do it
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    kinds = [(type(mark), mark.page) for mark in reading.marks()]
    assert sorted(kinds, key=str) == [(Bookmark, 1), (TextNote, 1)]
    typist.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [type(mark) for mark in reading.marks()] == [Bookmark])
    typist.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(reading.marks()) == 2)
    for _ in range(2):  # to where the jump to page 2 began, then to the list
        typist.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.workspace is not None
    assert isinstance(window.workspace.route, places.Papers)


def test_telex_is_never_disturbed(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    """A Vietnamese input method composes, takes back and types anew; what it commits stands, nothing else is sought."""
    window = show(places.Search())
    window.activateWindow()
    settle(world, qtbot)
    screen = window.findChild(SearchScreen)
    field = screen.field
    field.setFocus()
    for composing in ("d", "dd", "đ", "đâ", "đầ", "đầu"):  # shown, not yet text
        QApplication.sendEvent(field, QInputMethodEvent(composing, []))
        assert (field.text(), field.hasFocus()) == ("", True)
    commit = QInputMethodEvent()
    commit.setCommitString("đầu ")
    QApplication.sendEvent(field, commit)
    # Unikey and EVKey work otherwise: they send Backspace and type the word again.
    QTest.keyClicks(field, "tu")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    again = QInputMethodEvent()
    again.setCommitString("ư")
    QApplication.sendEvent(field, again)
    assert field.text() == "đầu tư"
    assert field.hasFocus()
    settle(world, qtbot)
    assert field.text() == "đầu tư", "results change nothing of what was typed"


def test_the_field_in_use_stays_in_sight_above_an_on_screen_keyboard(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    """The content gives way upwards, and the list scrolls to the field with the focus."""
    window = show(places.Ballot(PollId("q_opinion")), (912, 1368))
    window.activateWindow()
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    [box] = screen.form.questions().values()
    field = next(each for each in box.findChildren(QPlainTextEdit) if each.isVisible())
    field.setFocus()
    window.keyboard.give(QRectF(0, 760, 912, 608))
    settle(world, qtbot)
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())
    assert field.hasFocus()
    assert field.mapTo(window, field.visibleRegion().boundingRect().bottomLeft()).y() < 760
    window.keyboard.give(QRectF())
    assert window.contentsMargins().bottom() == 0
    settle(world, qtbot)


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

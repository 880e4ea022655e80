# SPDX-License-Identifier: AGPL-3.0-or-later
"""Notices on home, devices in settings, and what a passer-by can read: window titles, lock screen, captures."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from client.domain.devices import Notice, NoticeKind, OwnDevice
from client.domain.ids import DeviceId, Moment
from client.ui import navigator as places
from client.ui.notice_bar import NoticeBar, NoticeSheet, details, headline
from client.ui.screen_guard import Guard, keep_out_of_captures
from client.ui.screens.lock import LockScreen
from client.ui.screens.settings import SettingsScreen
from client.ui.screens.settings_devices import DeviceRow
from client.ui.tasks import Tasks
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_shell import settle

DEVICE = OwnDevice(
    DeviceId("d_0002"),
    "SURFACE-018",
    "0123 4567 8901 2345 6789 0123",
    "active",
    Moment("2026-11-26T02:00:00.000Z"),
    Moment("2027-11-26T02:00:00.000Z"),
)
SAVED = Moment("2026-11-26T02:14:00.000Z")
NOTICES = [
    Notice(NoticeKind.DEVICE_NEW, DEVICE),
    Notice(NoticeKind.DEVICE_ENDED, structs.replace(DEVICE, state="revoked")),
    Notice(NoticeKind.ACTS_CAME_BACK, numbers=(1, 2)),
    Notice(NoticeKind.NUMBERS_TWICE, numbers=(7,)),
    Notice(NoticeKind.ACTS_LOST, numbers=tuple(range(1, 15)), saved=(SAVED,) * 14),
]


class Told:
    """The port, in memory."""

    def __init__(self, *notices: Notice) -> None:
        self.notices = list(notices)

    def devices(self) -> tuple[OwnDevice, ...]:
        return (DEVICE,)

    def current(self) -> tuple[Notice, ...]:
        return tuple(self.notices)

    def confirm(self, notice: Notice, /) -> None:
        self.notices.remove(notice)


def test_notices_are_confirmed_one_after_the_other(ui_app: QApplication, qtbot: QtBot) -> None:
    tasks, port = Tasks(), Told(*NOTICES[:2])
    bar = NoticeBar(port, tasks)
    qtbot.addWidget(bar)
    bar.resize(1000, 80)
    qtbot.waitUntil(lambda: "SURFACE-018" in bar.text)
    assert bar.text.startswith("Có thiết bị mới")
    bar.set_wanted(False)
    assert not bar.isVisible(), "only on home"
    bar.set_wanted(True)
    QTest.mouseClick(bar.known, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "ngừng quyền" in bar.text)
    QTest.mouseClick(bar.known, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bar.text and not bar.isVisible())
    tasks.stop()


@pytest.mark.parametrize("notice", NOTICES, ids=lambda n: n.kind.value)
def test_every_notice_says_what_to_do(ui_app: QApplication, qtbot: QtBot, notice: Notice) -> None:
    assert headline(notice)
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.resize(912, 912)
    sheet = NoticeSheet(notice, owner)
    sheet.open()
    qtbot.waitUntil(sheet.isVisible)
    assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])
    if notice.device is not None:
        assert any(DEVICE.digits24 in line for line in details(notice))
        assert any("Thư ký" in line for line in details(notice))
    sheet.accept()


def test_settings_list_the_devices(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Preferences())
    settle(world, qtbot)
    assert window.workspace is not None
    screen = window.workspace.screen_of(places.Preferences)
    assert isinstance(screen, SettingsScreen)
    [row] = screen.devices.findChildren(DeviceRow)
    words = " ".join(label.text() for label in row.findChildren(QLabel))
    assert "(máy này)" in words
    assert world.ctx.member.fingerprint in words
    assert "không có trên hệ điều hành này" in screen._facts["capture"].text()


# -- what a passer-by can read -----------------------------------------------------------------------------------


def titles(world: UiWorld) -> list[str]:
    return ["Phiên họp Chính phủ", "Dự thảo Nghị định", "Tờ trình", "Phiếu lấy ý kiến về"]


def test_no_window_title_names_a_session_or_paper(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    assert window.workspace is not None
    for route in (places.Home(), places.Meeting(REGULAR), places.Papers(), places.Ballots(), places.Outbox()):
        window.workspace.go(route)
        settle(world, qtbot)
        shown = [top.windowTitle() for top in QApplication.topLevelWidgets() if not isinstance(top, QDialog)]
        assert not [title for title in titles(world) if any(title in text for text in shown)]
        assert window.windowTitle() == "e-Cabinet"
    assert window.findChildren(QSystemTrayIcon) == []


def test_behind_the_lock_nothing_of_the_session_can_be_read(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    screen = LockScreen(world.vault, world.tasks, world.clock, name="Thành viên thứ 17 (dữ liệu giả định)")
    window.show_front(screen)
    qtbot.waitUntil(lambda: world.tasks.running == 0)
    said = [window.windowTitle(), window.windowIconText()]
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            said += [widget.accessibleName(), widget.toolTip(), getattr(widget, "text", str)()]
    assert not [title for title in titles(world) if any(title in text for text in said)]


# -- captures ----------------------------------------------------------------------------------------------------


class User32:
    """What Windows answers for each affinity."""

    def __init__(self, *takes: int) -> None:
        self.takes, self.asked = takes, list[int]()

    def SetWindowDisplayAffinity(self, _handle: Any, affinity: Any) -> int:
        self.asked.append(affinity.value)
        return int(affinity.value in self.takes)


@pytest.mark.parametrize(
    ("takes", "asked", "guard"),
    [
        ((0x11, 0x01), [0x11], Guard.ASKED),
        ((0x01,), [0x11, 0x01], Guard.ASKED),
        ((), [0x11, 0x01], Guard.REFUSED),
    ],
)
def test_windows_is_asked_for_the_strongest_it_has(takes: tuple[int, ...], asked: list[int], guard: Guard) -> None:
    user32 = User32(*takes)
    assert keep_out_of_captures(lambda: 42, "win32", user32) is guard
    assert user32.asked == asked


def test_elsewhere_it_is_said_plainly() -> None:
    def never() -> int:
        raise AssertionError("no native window is made for nothing")

    assert keep_out_of_captures(never, "linux") is Guard.NOT_OFFERED
    assert keep_out_of_captures(lambda: 42, "win32", object()) is Guard.REFUSED

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: in force at once, kept in the store, bounded by policy; facts of the device and diagnostics."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from client.domain.ids import Moment
from client.domain.releases import ReleaseNews, Standing
from client.errors import CaptivePortal
from client.policy import Policy
from client.settings import Hand, Settings, Theme
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.ui import navigator as places
from client.ui.application import follow
from client.ui.main_window import MainWindow
from client.ui.preferences import Preferences
from client.ui.screens.settings import SettingsScreen
from client.ui.theme.apply import tokens
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.switch import Switch
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow

REASON = "Do đơn vị quản lý, không đổi được trên máy này."
LOOKED = Moment("2026-11-27T00:42:00.000Z")


def opened(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> SettingsScreen:
    window = show(places.Preferences())
    qtbot.waitUntil(lambda: world.tasks.running == 0)
    QApplication.processEvents()
    return window.findChild(SettingsScreen)


def segment(screen: SettingsScreen, name: str) -> Segmented:
    return next(s for s in screen.findChildren(Segmented) if s.accessibleName() == name)


def test_choices_are_kept(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    for name, value in (
        ("Ngôn ngữ", "en"),
        ("Cỡ chữ", 125),
        ("Giao diện", Theme.DARK),
        ("Tay thuận", Hand.LEFT),
        ("Tự khóa sau", 600),
    ):
        QTest.mouseClick(segment(screen, name).button(value), Qt.MouseButton.LeftButton)
    for switch in screen.findChildren(Switch):
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    wanted = Settings(
        language="en",
        text_percent=125,
        theme=Theme.DARK,
        hand=Hand.LEFT,
        pen_only_writes=False,
        toolbar_labels=True,
        auto_lock_s=600,
        reminders=False,
    )
    assert world.ctx.settings == wanted
    assert world.core.load_settings() == wanted


def test_a_new_look_is_seen_at_once(ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    window = screen.window()
    assert isinstance(window, MainWindow)
    follow(ui_app, world.ctx.preferences, window)
    QTest.mouseClick(segment(screen, "Ngôn ngữ").button("en"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(
        segment(window.findChildren(SettingsScreen)[-1], "Theme").button(Theme.DARK), Qt.MouseButton.LeftButton
    )
    assert tokens().dark
    assert window.workspace is not None
    assert window.workspace.rail.button("settings").text() == "Settings"
    assert window.workspace.route == places.Preferences()
    qtbot.waitUntil(lambda: world.tasks.running == 0)


def test_a_change_is_told_once(world: UiWorld, qtbot: QtBot) -> None:
    kept: list[Settings] = []
    preferences = Preferences(Settings(), kept.append, Policy())
    told: list[Settings] = []
    preferences.changed.connect(told.append)
    preferences.change(text_percent=150)
    preferences.change(text_percent=150)
    assert [s.text_percent for s in told] == [150]
    assert kept == told


def test_policy_is_stronger() -> None:
    preferences = Preferences(Settings(auto_lock_s=1800), lambda _: None, Policy(auto_lock_s=120))
    assert preferences.current.auto_lock_s == 120
    preferences.change(auto_lock_s=600)
    assert preferences.current.auto_lock_s == 120
    assert preferences.is_fixed("auto_lock_s")
    assert not preferences.is_fixed("language")


def test_what_the_machine_decides_stands_under_a_lock_with_the_reason(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    policy = Policy(language="vi", auto_lock_s=120)
    kept = Preferences(world.ctx.settings, lambda _settings: None, policy)
    world.ctx = dataclasses.replace(world.ctx, policy=policy, preferences=kept)
    screen = opened(world, show, qtbot)
    for name in ("Ngôn ngữ", "Tự khóa sau"):
        control = segment(screen, name)
        assert not control.isEnabled()
        assert control.accessibleDescription() == REASON
        row = control.parentWidget()
        assert row is not None
        assert {REASON, "Bị khóa"} <= {label.text() or label.accessibleName() for label in row.findChildren(QLabel)}
    free = segment(screen, "Cỡ chữ")
    assert free.isEnabled()
    assert free.accessibleDescription() == ""
    reasons = [label for label in screen.findChildren(QLabel) if label.text() == REASON]
    assert len(reasons) == 2


def test_facts_and_diagnostics(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    facts = screen._facts
    assert facts["fingerprint"].text() == world.ctx.member.fingerprint
    assert "0 tài liệu" in facts["storage"].text()
    status = SyncStatus(Connectivity.OFFLINE, Moment("2026-11-27T00:42:00.000Z"), 2, error=CaptivePortal("x"))
    world.bridge.post_engine_event(SyncFinished(status))
    qtbot.waitUntil(lambda: facts["synced"].text() == "07:42:00, 27/11/2026")
    assert facts["service"].text() == "không kết nối được · Mạng này cần đăng nhập (service.captive_portal)"
    screen.copy_diagnostics()
    copied = QApplication.clipboard().text()
    assert "pending: 2" in copied
    assert world.ctx.member.name not in copied


def test_locking_from_settings(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = opened(world, show, qtbot)
    window = screen.window()
    with qtbot.waitSignal(window.lock_wanted):  # type: ignore[attr-defined]
        QTest.mouseClick(screen.lock_button, Qt.MouseButton.LeftButton)


def test_a_version_it_staff_want_is_named(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    world.ctx = dataclasses.replace(world.ctx, policy=Policy(recommended_version="99.0.0"))
    screen = opened(world, show, qtbot)
    assert "cần cài 99.0.0" in screen._facts["version"].text()


@pytest.mark.parametrize(
    ("news", "said"),
    [
        (ReleaseNews(), "Chưa hỏi được nơi phát hành."),
        (ReleaseNews(Standing.CURRENT), "Chưa biết có bản nào mới hơn."),
        (ReleaseNews(Standing.CURRENT, looked=LOOKED), "Không có bản nào mới hơn (07:42:00, 27/11/2026)."),
        (ReleaseNews(Standing.NEWER, "1.2.4", LOOKED), "Có bản mới 1.2.4; cán bộ kỹ thuật sẽ cài."),
        (ReleaseNews(Standing.NEWER, "1.2.4", LOOKED, "service.unreachable"), "cán bộ kỹ thuật sẽ cài."),
        (ReleaseNews(Standing.TOO_OLD, "1.2.4", LOOKED), "đã quá cũ, cần bản 1.2.4: báo cán bộ kỹ thuật."),
        (ReleaseNews(Standing.CURRENT, trouble="untrusted.expired"), "đã quá hạn: báo cán bộ kỹ thuật"),
        (ReleaseNews(trouble="untrusted.rollback"), "không đáng tin và không được dùng"),
        (ReleaseNews(trouble="machine.update_root"), "Chưa có gốc tin cậy"),
    ],
)
def test_a_newer_release_is_told_and_cannot_be_installed_from_here(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, news: ReleaseNews, said: str
) -> None:
    world.ctx = dataclasses.replace(world.ctx, release_news=lambda: news)
    screen = opened(world, show, qtbot)
    assert said in screen._facts["release"].text()


def test_news_that_come_later_are_shown(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    news = [ReleaseNews()]
    world.ctx = dataclasses.replace(world.ctx, release_news=lambda: news[-1])
    screen = opened(world, show, qtbot)
    news.append(ReleaseNews(Standing.NEWER, "1.2.4", LOOKED))
    world.bridge.post_engine_event(SyncFinished(SyncStatus(Connectivity.ONLINE, LOOKED, 0)))
    qtbot.waitUntil(lambda: "1.2.4" in screen._facts["release"].text())
    screen.copy_diagnostics()
    assert "release: Có bản mới 1.2.4" in QApplication.clipboard().text()


def test_where_nobody_is_asked_nothing_is_said(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    assert "release" not in opened(world, show, qtbot)._facts

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window: rail, history, lock in front, rebuild, bridge and tasks; and what holds of every screen."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from client.errors import CaptivePortal, DiskFull, EcabinetError, InternalFault, ProxyBlocked, SecretWithBytes
from client.settings import Settings, Theme
from client.store.changes import ChangeSet, Topic
from client.sync.events import Connectivity, Problem, SyncFinished, SyncStatus
from client.sync.transport import ProxyNotPassed
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.auto_lock import IdleWatch
from client.ui.bridge import Bridge
from client.ui.i18n import CONTEXT
from client.ui.main_window import MainWindow
from client.ui.screens.lock import LockScreen
from client.ui.tasks import Tasks
from client.ui.widgets.layouts import ScrollColumn
from client.ui.widgets.sync_banner import offline_sentence
from tests.helpers.ui_audit import Longer, controls, cut_off, too_small, unnamed
from tests.helpers.ui_world import REGULAR, SetClock, UiWorld
from tests.ui.conftest import ShowWindow

MINE = (
    places.Home(),
    places.Meeting(REGULAR),
    places.Travel(REGULAR),
    places.Papers(),
    places.Search("dau tu"),
    places.Outbox(),
    places.Preferences(),
    places.Diagnostics(),
)
LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


def settle(world: UiWorld, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: world.tasks.running == 0)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: world.tasks.running == 0)
    columns = [column for window in QApplication.topLevelWidgets() for column in window.findChildren(ScrollColumn)]
    qtbot.waitUntil(lambda: not any(column.busy for column in columns))
    for _ in range(4):  # nested layouts settle their heights in a few turns of the event loop
        QApplication.processEvents()


# -- every screen ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_targets_names_and_room(
    ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    window = show(None, size)
    assert window.workspace is not None
    for route in MINE:
        window.workspace.go(route)
        settle(world, qtbot)
        assert (window.width(), window.height()) == size
        assert len(controls(window)) > 6, route
        assert too_small(window) == [], route
        assert unnamed(window) == [], route
        assert cut_off(window) == [], route


def test_longer_words_still_fit(ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    longer = Longer(ui_app)
    ui_app.installTranslator(longer)
    try:
        assert ui_app.translate(CONTEXT, "Lưu") == "Lưu ẵ"
        window = show(None, PORTRAIT)
        assert window.workspace is not None
        for route in MINE:
            window.workspace.go(route)
            settle(world, qtbot)
            assert cut_off(window) == [], route
    finally:
        ui_app.removeTranslator(longer)


def test_every_control_can_be_reached_by_keyboard(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    wanted = {id(w) for w in controls(window) if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus}
    reached: set[int] = set()
    for _ in range(len(wanted) * 3):
        QTest.keyClick(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is not None:
            reached.add(id(focused))
    missed = [w for w in controls(window) if id(w) in wanted - reached]
    # In a group of which one is pressed, Tab stops at the pressed one and arrow keys reach the others.
    assert [w.accessibleName() for w in missed if not in_exclusive_group(w)] == []


def in_exclusive_group(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    return widget.autoExclusive() or (group is not None and group.exclusive())


# -- rail and history ------------------------------------------------------------------------------------------


def test_rail_stands_in_landscape_and_lies_in_portrait(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    rail = window.workspace.rail
    assert rail.height() > rail.width()
    assert rail.mapTo(window, QPoint(0, 0)).x() == 0
    window.resize(*PORTRAIT)
    qtbot.waitUntil(lambda: rail.width() > rail.height())
    qtbot.waitUntil(lambda: rail.mapTo(window, QPoint(0, rail.height())).y() == PORTRAIT[1])


def test_going_and_coming_back(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    space = window.workspace
    assert space is not None
    space.open_session(REGULAR)
    space.open_outbox()
    assert space.route == places.Outbox()
    space.back()
    assert space.route == places.Meeting(REGULAR)
    space.back()
    space.back()
    assert space.route == places.Home()
    space.open_session(REGULAR)
    QTest.mouseClick(space.rail.button("settings"), Qt.MouseButton.LeftButton)
    assert space.route == places.Preferences()
    space.back()
    assert space.route == places.Home(), "the rail starts a new history"


def test_a_stored_act_shows_on_the_rail(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    from client.domain.comment import CommentDraft

    window = show()
    assert window.workspace is not None
    button = window.workspace.rail.button("outbox")
    assert button.accessibleName() == "Chờ gửi"
    world.core.acts.send_comment(CommentDraft(pack=REGULAR, text="Góp ý")).result()
    qtbot.waitUntil(lambda: button.accessibleName() == "Chờ gửi, 1")


def test_the_banner_says_what_is_true(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    banner = window.workspace.banner
    last = world.ctx.clock.now() - 50 * 60_000
    from client.clock import Millis, to_rfc3339
    from client.domain.ids import Moment

    status = SyncStatus(Connectivity.OFFLINE, Moment(to_rfc3339(Millis(last))), pending=2)
    world.bridge.post_engine_event(SyncFinished(status))
    qtbot.waitUntil(lambda: banner.text == "Ngoại tuyến – 2 mục chờ gửi. Đồng bộ lúc 07:42.")
    world.bridge.post_engine_event(SyncFinished(SyncStatus(Connectivity.ONLINE)))
    qtbot.waitUntil(lambda: not banner.isVisible())
    world.bridge.post_engine_event(SyncFinished(SyncStatus(Connectivity.ONLINE, active=False)))
    qtbot.waitUntil(lambda: "ngừng quyền" in banner.text)
    for error, words in (
        (CaptivePortal("x"), "Mạng này cần đăng nhập. Đăng nhập mạng Wi-Fi rồi đồng bộ lại."),
        (ProxyBlocked("x"), "Máy chủ trung gian (proxy) chặn kết nối. Việc đã làm được giữ trên máy."),
        (ProxyNotPassed("x"), "Máy chủ trung gian (proxy) chặn kết nối. Việc đã làm được giữ trên máy."),
    ):
        world.bridge.post_engine_event(SyncFinished(SyncStatus(Connectivity.OFFLINE, error=error)))
        qtbot.waitUntil(lambda words=words: banner.text.startswith(words))
    assert offline_sentence(SyncStatus(), SetClock()) == "Ngoại tuyến. Chưa đồng bộ lần nào."


# -- lock and rebuild ------------------------------------------------------------------------------------------


def test_locking_hides_and_keeps_the_workspace(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    space = window.workspace
    assert space is not None
    with qtbot.waitSignal(window.lock_wanted):
        space.lock()
    window.show_front(LockScreen(world.vault, world.tasks, world.clock))
    assert window.locked
    assert not space.isVisible()
    shown = " ".join(w.accessibleName() for w in window.findChildren(QWidget) if w.isVisible())
    assert "Phiên họp" not in shown + window.windowTitle()
    window.show_workspace(world.ctx)
    assert not window.locked
    assert window.workspace is space
    assert space.route == places.Meeting(REGULAR)
    settle(world, qtbot)


def test_an_open_sheet_does_not_stand_in_front_of_the_lock(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    sheet = QDialog(window)
    sheet.open()
    qtbot.waitUntil(sheet.isVisible)
    ended: list[int] = []
    sheet.finished.connect(ended.append)
    window.show_front(LockScreen(world.vault, world.tasks, world.clock))
    assert not sheet.isVisible()
    window.show_workspace(world.ctx)
    assert sheet.isVisible(), "with what was written in it"
    assert ended == []
    sheet.reject()
    settle(world, qtbot)


def test_rebuilding_keeps_the_place(ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    window.workspace.open_session(REGULAR)
    settle(world, qtbot)
    put_in_force(ui_app, Settings(language="en", theme=Theme.DARK, text_percent=125))
    window.rebuild()
    settle(world, qtbot)
    space = window.workspace
    assert space.route == places.Meeting(REGULAR)
    assert space.rail.button("outbox").text() == "Outbox"
    space.back()
    assert space.route == places.Home()
    settle(world, qtbot)


def test_idle_watch_locks_by_either_clock(ui_app: QApplication, qtbot: QtBot) -> None:
    clock = SetClock()
    watch = IdleWatch(ui_app, clock, 300)
    watch.start(300)
    qtbot.waitUntil(lambda: not watch._listen.isActive())  # input counts once the first screen is there
    clock.advance(299)
    with qtbot.assertNotEmitted(watch.due):
        watch.look()
    widget = QWidget()
    qtbot.addWidget(widget)
    QTest.keyClick(widget, Qt.Key.Key_A)
    clock.advance(299)
    with qtbot.assertNotEmitted(watch.due):
        watch.look()
    clock.at += 10_000  # the wall clock alone: the machine slept
    with qtbot.waitSignal(watch.due):
        watch.look()
    watch.stop()


def test_a_short_sleep_locks_too(ui_app: QApplication, qtbot: QtBot) -> None:
    clock = SetClock()
    watch = IdleWatch(ui_app, clock, 300)
    watch.start(300)
    clock.advance(60)
    with qtbot.assertNotEmitted(watch.due):
        watch.look()
    clock.at += 60_000  # the wall clock alone: the machine slept for a minute
    with qtbot.waitSignal(watch.due):
        watch.look()
    watch.stop()


def test_undo_is_offered_once(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    done: list[str] = []
    window.workspace.offer_undo("Đã xóa ghi chú", lambda: done.append("undone"))
    bar = window.workspace.undo_bar
    assert bar.isVisible()
    QTest.mouseClick(bar.undo_button, Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert not bar.isVisible()


# -- bridge and tasks ------------------------------------------------------------------------------------------


def test_the_bridge_delivers_on_the_gui_thread(ui_app: QApplication, qtbot: QtBot) -> None:
    bridge = Bridge()
    heard: list[tuple[object, int]] = []
    receiver = QObject()
    bridge.changed.connect(lambda changes: heard.append((changes, threading.get_ident())))
    changes = ChangeSet.of(Topic.PACKS, "p_1")
    thread = threading.Thread(target=bridge.post_change, args=(changes,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(changes, threading.get_ident())]
    assert receiver is not None


def test_tasks_bring_results_and_errors_home(ui_app: QApplication, qtbot: QtBot) -> None:
    tasks = Tasks()
    results: list[object] = []
    tasks.call(lambda: (threading.get_ident(), 7), results.append)
    qtbot.waitUntil(lambda: len(results) == 1)
    assert results[0] != (threading.get_ident(), 7)
    errors: list[EcabinetError] = []
    failed: Future[int] = Future()
    tasks.run(failed, results.append, errors.append)
    failed.set_exception(DiskFull("x"))
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert isinstance(errors[0], DiskFull)
    assert len(results) == 1
    tasks.stop()


def test_unhandled_failures_are_reported(ui_app: QApplication, qtbot: QtBot) -> None:
    tasks = Tasks()
    failed: Future[int] = Future()
    tasks.run(failed, lambda _: None)
    with qtbot.waitSignal(tasks.unexpected) as seen:
        failed.set_exception(DiskFull())
    assert isinstance(seen.args[0], DiskFull)


@pytest.mark.expects_warnings("a bug of ours is logged with its type")
def test_foreign_exceptions_become_internal_faults(ui_app: QApplication, qtbot: QtBot) -> None:
    tasks = Tasks()
    errors: list[EcabinetError] = []
    failed: Future[int] = Future()
    tasks.run(failed, lambda _: None, errors.append)
    failed.set_exception(KeyError("secret title"))
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], InternalFault)
    assert "secret title" not in str(errors[0])


def test_results_for_a_deleted_receiver_are_dropped(ui_app: QApplication, qtbot: QtBot) -> None:
    tasks = Tasks()
    owner = QObject()
    results: list[int] = []
    future: Future[int] = Future()
    tasks.run(future, results.append, owner=owner)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 0)
    QApplication.processEvents()
    future.set_result(1)
    qtbot.waitUntil(lambda: tasks.running == 0)
    assert results == []


def test_closing_starts_the_shutdown(ui_app: QApplication, qtbot: QtBot) -> None:
    closed: list[bool] = []
    window = MainWindow(Bridge(), Tasks(), {}, on_close=lambda: closed.append(True))
    qtbot.addWidget(window)
    window.close()
    assert closed == [True]


def test_what_did_not_verify_is_said_with_its_code(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    assert not window.workspace.trouble.isVisible()
    world.bridge.post_engine_event(Problem(SecretWithBytes("pk_0001"), "pk_0001"))
    qtbot.waitUntil(window.workspace.trouble.isVisible)
    labels = [label.text() for label in window.workspace.trouble.findChildren(QLabel)]
    assert any("[untrusted.secret_with_bytes]" in text for text in labels)


def test_the_reader_is_built_ahead_but_not_behind_the_lock(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show()
    assert window.workspace is not None
    window.show_front(LockScreen(world.vault, world.tasks, world.clock))
    window.build_ahead()
    assert places.Paper not in window.workspace._screens
    window.show_workspace(world.ctx)
    window.build_ahead()
    assert places.Paper in window.workspace._screens
    assert window.workspace.route == places.Home()
    settle(world, qtbot)

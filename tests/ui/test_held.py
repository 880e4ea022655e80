# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device that does not open says what happened, what is safe and what to do, in every situation and size."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from client.errors import DiskFull, KeyFileDamaged, KeystoreMissing, KeystoreUnavailable
from client.settings import Settings
from client.ui.application import put_in_force
from client.ui.screens.held import HeldScreen
from client.ui.situations import Facts, Kind, Step, of_error, words
from client.ui.sleep_watch import LOGIN, MANAGER, SleepWatch, is_suspend
from tests.helpers.ui_audit import cut_off, too_small, unnamed

FACTS = Facts(waiting=2, days=14, before="SecretService", now="KWallet")


def shown(qtbot: QtBot, kind: Kind, size: tuple[int, int] = (1368, 912), facts: Facts = FACTS) -> HeldScreen:
    screen = HeldScreen(kind, facts)
    qtbot.addWidget(screen)
    screen.resize(*size)
    with qtbot.waitExposed(screen):
        screen.show()
    return screen


def text_of(screen: HeldScreen) -> str:
    return " ".join(label.text() for label in screen.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)], ids=["wide", "tall"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_situation_has_room(
    ui_app: QApplication, qtbot: QtBot, kind: Kind, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    screen = shown(qtbot, kind, size)
    assert (too_small(screen), unnamed(screen), cut_off(screen)) == ([], [], [])
    for button in screen.buttons.values():
        assert button.mapTo(screen, button.rect().bottomLeft()).y() <= size[1]


def test_what_waits_is_named(ui_app: QApplication, qtbot: QtBot) -> None:
    assert "2 việc đã ký nhưng chưa gửi" in text_of(shown(qtbot, Kind.LEASE_LAPSED))
    assert "14 ngày" in text_of(shown(qtbot, Kind.LEASE_LAPSED))
    assert "Không có việc nào đang chờ gửi" in text_of(shown(qtbot, Kind.SUSPENDED, facts=Facts()))


@pytest.mark.parametrize("kind", [Kind.KEYS_DESTROYED, Kind.PIN_FORGOTTEN])
def test_lost_acts_are_called_lost(kind: Kind) -> None:
    assert "không lấy lại được" in words(kind, FACTS).safe


def test_erasing_takes_a_second_press(ui_app: QApplication, qtbot: QtBot) -> None:
    screen = shown(qtbot, Kind.PIN_FORGOTTEN)
    chosen: list[Step] = []
    screen.chosen.connect(chosen.append)
    QTest.mouseClick(screen.buttons[Step.START_OVER], Qt.MouseButton.LeftButton)
    assert chosen == []
    assert "mất vĩnh viễn" in screen.confirm.text
    QTest.mouseClick(screen.keep, Qt.MouseButton.LeftButton)
    assert not screen.sure.isVisible()
    QTest.mouseClick(screen.buttons[Step.BACK], Qt.MouseButton.LeftButton)
    QTest.mouseClick(screen.buttons[Step.START_OVER], Qt.MouseButton.LeftButton)
    QTest.mouseClick(screen.sure, Qt.MouseButton.LeftButton)
    assert chosen == [Step.BACK, Step.START_OVER]


def test_errors_of_the_vault_lead_to_their_situation() -> None:
    def kind(error: Exception, before: str = "A", now: str = "A") -> Kind | None:
        return of_error(error, before=before, now=now)  # type: ignore[arg-type]

    assert kind(KeystoreMissing()) is Kind.KEYSTORE_MISSING
    assert kind(KeystoreMissing(), now="B") is Kind.KEYSTORE_CHANGED
    assert kind(KeystoreUnavailable()) is Kind.KEYSTORE_SILENT
    assert kind(KeyFileDamaged()) is Kind.KEYS_DAMAGED
    assert kind(DiskFull()) is None


# -- sleep -----------------------------------------------------------------------------------------------------


@pytest.fixture
def bus_address() -> Iterator[str]:
    """A message bus of our own, on which the test plays logind."""
    try:
        daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--print-address", "--nofork", "--nopidfile"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except FileNotFoundError:
        pytest.skip("no dbus-daemon on this machine (package dbus-daemon)")
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.kill()
    daemon.wait()
    daemon.stdout.close()


def test_logind_locks_before_sleep_and_with_the_desktop(ui_app: QApplication, bus_address: str, qtbot: QtBot) -> None:
    ours = QDBusConnection.connectToBus(bus_address, "program")
    logind = QDBusConnection.connectToBus(bus_address, "logind")
    watch = SleepWatch(ui_app)
    assert watch.listen(ours)
    assert logind.registerService(LOGIN)
    for begins in (False, True):
        message = QDBusMessage.createSignal(MANAGER, f"{LOGIN}.Manager", "PrepareForSleep")
        message.setArguments([begins])
        if begins:
            with qtbot.waitSignal(watch.due):
                assert logind.send(message)
        else:
            with qtbot.assertNotEmitted(watch.due):
                assert logind.send(message)
    with qtbot.waitSignal(watch.due):
        assert logind.send(QDBusMessage.createSignal(f"{MANAGER}/session/auto", f"{LOGIN}.Session", "Lock"))
    for name in ("program", "logind"):
        QDBusConnection.disconnectFromBus(name)


def test_without_a_bus_nothing_is_heard(ui_app: QApplication) -> None:
    assert not SleepWatch(ui_app).listen(QDBusConnection("nothing"))


def test_being_suspended_by_the_system_locks(ui_app: QApplication, qtbot: QtBot) -> None:
    watch = SleepWatch(ui_app)
    with qtbot.assertNotEmitted(watch.due):
        watch.on_state(Qt.ApplicationState.ApplicationInactive)
    with qtbot.waitSignal(watch.due):
        watch.on_state(Qt.ApplicationState.ApplicationSuspended)


@pytest.mark.parametrize(("message", "parameter", "sleeps"), [(0x218, 4, True), (0x218, 7, False), (0x10, 4, False)])
def test_the_windows_broadcast_is_read(message: int, parameter: int, *, sleeps: bool) -> None:
    import ctypes

    raw = (ctypes.c_uint64 * 4)(0, message, parameter, 0)
    assert is_suspend(ctypes.addressof(raw)) is sleeps

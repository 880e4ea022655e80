# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lock and enrolment screens with the real vault: tries, waits, destruction; the three steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.crypto.random import system_random
from client.errors import BadInput, EcabinetError, Unreachable
from client.keys import device as devices
from client.keys.device import DeviceKeys
from client.keys.keyring_store import MemoryStore
from client.keys.unlock import Vault
from client.ui.screens.enrol import Approval, Begun, EnrolScreen
from client.ui.screens.lock import LockScreen
from client.ui.tasks import Tasks
from client.ui.widgets.button import Button
from client.ui.widgets.keypad import PinEntry
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import LIGHT_KDF, PIN, SetClock

WRONG = "111333"


class Locked:
    """A vault, its clock, and the screen in front of it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        self.store = MemoryStore()
        self.vault = Vault(folder / "device.key", self.store, self.clock, system_random, LIGHT_KDF)
        self.keys = devices.generate("d_0001", system_random)
        self.vault.create(self.keys, PIN)
        self.tasks = Tasks()

    def screen(self, qtbot: QtBot, size: tuple[int, int] = (1368, 912)) -> LockScreen:
        made = LockScreen(self.vault, self.tasks, self.clock, name="Nguyễn Văn A (dữ liệu giả định)")
        qtbot.addWidget(made)
        made.resize(*size)
        with qtbot.waitExposed(made):
            made.show()
        qtbot.waitUntil(lambda: made.asked and self.tasks.running == 0)
        return made


@pytest.fixture
def locked(ui_app: QApplication, tmp_path: Path) -> Iterator[Locked]:
    made = Locked(tmp_path)
    yield made
    made.tasks.stop()


def enter(pin: PinEntry, digits: str) -> None:
    QTest.keyClicks(pin, digits)
    QTest.keyClick(pin, Qt.Key.Key_Return)


def key(pin: PinEntry, text: str) -> Button:
    return next(b for b in pin.keypad.findChildren(Button) if b.text() == text)


def test_keyboard_unlocks(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    with qtbot.waitSignal(screen.unlocked) as seen:
        enter(screen.pin, PIN)
    keys = seen.args[0]
    assert isinstance(keys, DeviceKeys)
    assert keys.device_id == "d_0001"


def test_keypad_unlocks_and_corrects(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    for digit in "9" + PIN:
        QTest.mouseClick(key(screen.pin, digit), Qt.MouseButton.LeftButton)
    for _ in range(7):
        QTest.mouseClick(key(screen.pin, ""), Qt.MouseButton.LeftButton)
    assert not screen.pin.action.isEnabled()
    for digit in PIN:
        QTest.mouseClick(key(screen.pin, digit), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(screen.unlocked):
        QTest.mouseClick(screen.pin.action, Qt.MouseButton.LeftButton)


def test_wrong_pins_are_counted_in_words(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    enter(screen.pin, WRONG)
    qtbot.waitUntil(lambda: screen.pin.message.text() == "Mã PIN không đúng. Còn 9 lần thử.")
    qtbot.waitUntil(screen.pin.isEnabled)
    again = locked.screen(qtbot)
    assert again.pin.message.text() == "Còn 9 lần thử"
    with qtbot.waitSignal(again.unlocked):
        enter(again.pin, PIN)


def test_waiting_after_the_fifth_wrong_pin(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    for _ in range(5):
        qtbot.waitUntil(screen.pin.isEnabled)
        enter(screen.pin, WRONG)
        qtbot.waitUntil(lambda: locked.tasks.running == 0)
    qtbot.waitUntil(lambda: "Thử lại sau" in screen.pin.message.text())
    assert not screen.pin.isEnabled()
    locked.clock.advance(3600)
    qtbot.waitUntil(screen.pin.isEnabled)
    with qtbot.waitSignal(screen.unlocked):
        enter(screen.pin, PIN)


def test_the_tenth_wrong_pin_destroys_and_says_so(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    for _ in range(9):
        with pytest.raises(EcabinetError):
            locked.vault.unlock(WRONG)
        locked.clock.advance(24 * 3600)
    screen = locked.screen(qtbot)
    with qtbot.waitSignal(screen.destroyed_keys):
        enter(screen.pin, WRONG)
    assert "đăng ký lại" in screen.trouble.text
    assert not locked.vault.exists()


def test_a_damaged_key_file_is_told(locked: Locked, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "device.key").write_bytes(b"noise")
    screen = locked.screen(qtbot)
    assert "Tệp khóa của thiết bị bị hỏng" in screen.trouble.text


def test_the_digits_are_nowhere_in_the_widgets(locked: Locked, qtbot: QtBot) -> None:
    screen = locked.screen(qtbot)
    QTest.keyClicks(screen.pin, PIN)
    for widget in screen.findChildren(QWidget):
        for text in (widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()):
            assert PIN not in text
    assert screen.pin.accessibleDescription() == "Đã nhập 6 chữ số"
    screen.pin.clear()
    assert screen.pin.accessibleDescription() == "Đã nhập 0 chữ số"


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368), (1280, 640)], ids=["wide", "tall", "low"])
def test_lock_screen_has_room(locked: Locked, qtbot: QtBot, size: tuple[int, int]) -> None:
    screen = locked.screen(qtbot, size)
    assert (too_small(screen), unnamed(screen), cut_off(screen)) == ([], [], [])
    assert min(key(screen.pin, "5").width(), key(screen.pin, "5").height()) >= 64
    bottom = screen.pin.mapTo(screen, screen.pin.rect().bottomLeft()).y()
    assert bottom <= size[1]


# -- enrolment -------------------------------------------------------------------------------------------------


class Registrar:
    """The other end of the screen's port, as the test decides it."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str, str]] = []
        self.fail: EcabinetError | None = None
        self.approval = Approval.PENDING
        self.asked = 0

    def begin(self, server: str, ticket: str, pin: str) -> Begun:
        if self.fail is not None:
            raise self.fail
        self.begun.append((server, ticket, pin))
        return Begun("0123 4567 8901 2345 6789 0123")

    def ask(self) -> Approval:
        self.asked += 1
        return self.approval


@pytest.fixture
def registrar() -> Registrar:
    return Registrar()


@pytest.fixture
def enrolling(ui_app: QApplication, registrar: Registrar, qtbot: QtBot) -> Iterator[EnrolScreen]:
    tasks = Tasks()
    made = EnrolScreen(registrar, tasks)
    qtbot.addWidget(made)
    made.resize(1368, 912)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    tasks.stop()


def to_pin(screen: EnrolScreen) -> None:
    screen.server.setText("https://ecabinet.example.vn")
    screen.ticket.setText("ABCDE-FGHI2")
    QTest.mouseClick(screen.begin_button, Qt.MouseButton.LeftButton)


def test_three_steps(enrolling: EnrolScreen, registrar: Registrar, qtbot: QtBot) -> None:
    assert not enrolling.begin_button.isEnabled()
    to_pin(enrolling)
    assert enrolling.step == 1
    enter(enrolling.pin, PIN)
    enter(enrolling.pin, PIN)
    qtbot.waitUntil(lambda: enrolling.step == 2)
    assert registrar.begun == [("https://ecabinet.example.vn", "ABCDE-FGHI2", PIN)]
    assert enrolling.digits.text().split() == ["0123", "4567", "8901", "2345", "6789", "0123"]
    registrar.approval = Approval.ACTIVE
    with qtbot.waitSignal(enrolling.finished):
        enrolling._ask()


def test_two_different_pins(enrolling: EnrolScreen, registrar: Registrar) -> None:
    to_pin(enrolling)
    enter(enrolling.pin, PIN)
    enter(enrolling.pin, "975310")
    assert enrolling.pin.message.text() == "Hai lần nhập không giống nhau."
    assert registrar.begun == []


@pytest.mark.parametrize(
    ("error", "step", "text"),
    [
        (BadInput("pin: too simple"), 1, "quá đơn giản"),
        (BadInput("ticket"), 0, "Mã kích hoạt chưa đúng."),
        (BadInput("server"), 0, "Địa chỉ máy chủ chưa đúng."),
        (Unreachable("refused"), 0, "Không kết nối được máy chủ"),
    ],
)
def test_refusals(
    enrolling: EnrolScreen, registrar: Registrar, qtbot: QtBot, error: EcabinetError, step: int, text: str
) -> None:
    registrar.fail = error
    to_pin(enrolling)
    enter(enrolling.pin, PIN)
    enter(enrolling.pin, PIN)
    qtbot.waitUntil(lambda: text in enrolling.pin.message.text() + enrolling.trouble.text)
    assert enrolling.step == step
    assert enrolling.ticket.text() == "ABCDE-FGHI2", "what was typed stays"


def test_refused_by_the_registrar(enrolling: EnrolScreen, registrar: Registrar, qtbot: QtBot) -> None:
    registrar.approval = Approval.REFUSED
    enrolling.wait_for_approval("0123 4567 8901 2345 6789 0123")
    enrolling._ask()
    qtbot.waitUntil(lambda: "không chấp nhận" in enrolling.waiting.text)
    assert registrar.asked == 1


def test_enrolment_has_room(enrolling: EnrolScreen) -> None:
    for step in range(3):
        enrolling._go(step)
        QApplication.processEvents()
        assert (too_small(enrolling), unnamed(enrolling), cut_off(enrolling)) == ([], [], []), step

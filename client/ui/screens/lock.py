# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lock screen: PIN by keypad or keyboard. Shows no session, paper or number of things that wait.

The vault is asked on a worker thread (Argon2id takes a while). What the member reads about tries and waits
comes from the vault; nothing is counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.errors import (
    EcabinetError,
    KeyFileDamaged,
    KeystoreMissing,
    KeystoreUnavailable,
    PinLocked,
    WrongPin,
)
from client.ui import formats
from client.ui.body_switch import BodyRow, BodyStripe, BodySwitch
from client.ui.first_paint import FirstPaint
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.keypad import PinEntry
from client.ui.widgets.layouts import centre_in, hbox
from client.ui.widgets.text import IconLabel, Label

if TYPE_CHECKING:
    from client.keys.device import DeviceKeys
    from client.keys.unlock import VaultStatus

_MAX_TRIES: Final = 10
_TICK_MS: Final = 500
_LOW: Final = 780


class PinPort(Protocol):
    """The vault, as far as this screen needs it; every method may block and runs on a worker thread."""

    def status(self) -> VaultStatus:
        """Tries and waits."""
        ...

    def unlock(self, pin_code: str, /) -> DeviceKeys:
        """The keys, or one of the errors of ``client.keys.unlock``."""
        ...


class LockScreen(QWidget):
    """Asks for the PIN.

    Attributes:
        unlocked: ``DeviceKeys`` after the right PIN.
        destroyed_keys: The tenth wrong PIN: the device must be enrolled again.
        forgotten: The member says that the PIN is lost.
        stuck: An error of keystore or key file: no PIN can help.
        answered: The vault has said how it stands, or that it cannot.
        practice_wanted: "Tập dượt": needs no PIN, it touches nothing that is real.
        asked: Whether the vault was asked how it stands; until its answer no PIN is taken.

    Args:
        vault: The key file.
        tasks: For the worker thread.
        clock: For the countdown.
        name: Member's name for the greeting, where it is known.
        contact: Who helps, e.g. the secretariat's telephone from the policy.
        hint: A sentence under the keypad, e.g. the demonstration's PIN.
        bodies: What else can be opened on this machine.
    """

    unlocked = Signal(object)
    destroyed_keys = Signal()
    forgotten = Signal()
    stuck = Signal(object)
    answered = Signal()
    practice_wanted = Signal()

    def __init__(
        self,
        vault: PinPort,
        tasks: Tasks,
        clock: Clock,
        *,
        name: str = "",
        contact: str = "",
        hint: str = "",
        bodies: BodySwitch | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lock_screen")
        self.setProperty("part", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Khóa máy"))
        self._vault, self._tasks, self._clock = vault, tasks, clock
        self._wait_until: float | None = None
        self.pin = PinEntry(tr("Mở khóa"))
        self.pin.submitted.connect(self._try)
        self.trouble = Banner(tone=Tone.DANGER)
        card, side = Card(padding=EDGE + GAP), tokens().measures.text(40)
        card.setMinimumWidth(tokens().measures.target(440))
        column = card.column
        column.setSpacing(GAP + 4)
        column.addWidget(IconLabel("lock", "primary", side=side), 0, Qt.AlignmentFlag.AlignHCenter)
        greeting = tr("Chào đồng chí {name}").format(name=name) if name else tr("Nhập mã PIN để mở khóa")
        for text, role in (("e-Cabinet", "display"), (greeting, "body")):
            column.addWidget(_centred(text, role))
        self.bodies = None if bodies is None or not bodies.several else BodyRow(bodies, with_add=False)
        if bodies is not None and self.bodies is not None:
            self._name_body(card, bodies)
        column.addWidget(self.trouble)
        column.addWidget(self.pin, 0, Qt.AlignmentFlag.AlignHCenter)
        help_text = (
            tr("Cần giúp đỡ? Liên hệ Thư ký.") if not contact else tr("Cần giúp đỡ? Liên hệ {who}.").format(who=contact)
        )
        self.forgot = Button(tr("Quên mã PIN?"), variant="plain")
        self.forgot.clicked.connect(self.forgotten)
        self.practice_button = self._practice_button()
        column.addLayout(hbox(None, self.forgot, self.practice_button, None))
        for widget in (_centred(hint or help_text, "note"), self.bodies):
            if widget is not None:
                column.addWidget(widget)
        centre_in(self, card)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self._begin()

    def _practice_button(self) -> Button:
        button = Button(tr("Tập dượt"), "edit", variant="plain")
        button.clicked.connect(self.practice_wanted)
        return button

    @staticmethod
    def _name_body(card: Card, bodies: BodySwitch) -> None:
        """Several bodies on this machine: say whose PIN is asked for."""
        card.column.insertWidget(0, BodyStripe(bodies))
        for body in bodies.bodies:
            if body.here:
                card.column.addWidget(_centred(body.name, "strong"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keys beside the dots where the window is low."""
        super().resizeEvent(event)
        self.pin.set_wide(self.height() < tokens().measures.target(_LOW))

    def _begin(self) -> None:
        """The vault and all it needs is loaded when it is first asked: not before the screen is there."""
        self.asked = False
        self.pin.set_open(False)
        FirstPaint(self, self._ask_status)

    def _ask_status(self) -> None:
        self.asked = True
        self._tasks.call(self._vault.status, self._first_status, self._first_failure, owner=self)

    def _first_status(self, status: VaultStatus) -> None:
        self._show_status(status)
        self.answered.emit()

    def _first_failure(self, error: EcabinetError) -> None:
        self._failed(error)
        self.answered.emit()

    def _show_status(self, status: VaultStatus) -> None:
        if status.destroyed:
            self.destroyed_keys.emit()
            return
        if not status.exists:
            self._fault(KeyFileDamaged("missing"))
            return
        if status.counter_rolled_back:
            self.trouble.set(tr("Bộ đếm lần nhập PIN đã bị thay đổi. Báo cán bộ kỹ thuật."))
        if status.wait_s > 0:
            self._wait(status.wait_s)
            return
        if status.tries_left < _MAX_TRIES:
            self.pin.say(tr("Còn {n} lần thử").format(n=status.tries_left))
        else:
            self.pin.say("")
        self.pin.set_open(True)

    def _try(self, digits: str) -> None:
        self.pin.set_open(False)
        self.pin.say(tr("Đang mở…"))
        self.trouble.set("")
        self._tasks.call(lambda: self._vault.unlock(digits), self._opened, self._failed, owner=self)

    def _opened(self, keys: DeviceKeys) -> None:
        self.pin.say("")
        self.unlocked.emit(keys)

    def _failed(self, error: EcabinetError) -> None:
        self.pin.clear()
        if isinstance(error, WrongPin):
            text = tr("Mã PIN không đúng. Còn {n} lần thử.").format(n=error.tries_left)
            self._tasks.call(self._vault.status, self._after_wrong, self._failed, owner=self)
            self.pin.say(text, wrong=True)
        elif isinstance(error, PinLocked) and error.wait_s is not None:
            self._wait(error.wait_s)
        elif isinstance(error, PinLocked):
            self.pin.say("")
            self.trouble.set(tr("Đã nhập sai quá số lần cho phép. Khóa của thiết bị đã bị hủy; cần đăng ký lại."))
            self.destroyed_keys.emit()
        else:
            self._fault(error)

    def _fault(self, error: EcabinetError) -> None:
        self.pin.say("")
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)}")
        self.pin.set_open(True)
        if isinstance(error, KeyFileDamaged | KeystoreMissing | KeystoreUnavailable):
            self.stuck.emit(error)

    def _after_wrong(self, status: VaultStatus) -> None:
        if status.wait_s > 0:
            self._wait(status.wait_s)
        else:
            self.pin.set_open(True)

    def _wait(self, seconds: int) -> None:
        self._wait_until = self._clock.monotonic() + seconds
        self.pin.set_open(False)
        self._tick.start()
        self._count_down()

    def _count_down(self) -> None:
        if self._wait_until is None:
            return
        left = self._wait_until - self._clock.monotonic()
        if left > 0:
            text = tr("Nhập sai nhiều lần. Thử lại sau {time}").format(time=formats.countdown(left))
            self.pin.message.set_role("error")
            self.pin.message.setText(text)
            return
        self._wait_until = None
        self._tick.stop()
        self._ask_status()


def _centred(text: str, role: str) -> Label:
    label = Label(text, role)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label

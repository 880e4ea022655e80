# SPDX-License-Identifier: AGPL-3.0-or-later
"""The PIN that signs. Checked by the vault on a worker thread; tries and waits are the vault's, never counted here.

The digits go to the vault and nowhere else. Nothing is signed in here: ``confirmed`` only says that the PIN was
right.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.errors import EcabinetError, PinLocked, WrongPin
from client.keys.unlock import Vault, VaultStatus
from client.ui import formats
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.keypad import PinEntry
from client.ui.widgets.text import Label

_TICK_MS: Final = 500
_ALL_TRIES: Final = 10


class SignPanel(Card):
    """Asks for the PIN, or without a vault for one press.

    Attributes:
        confirmed: The PIN was right, or the button was pressed where there is no vault.

    Args:
        vault: The key file; None in the self-test.
        tasks: For the worker thread.
        clock: For the countdown.
    """

    confirmed = Signal()

    def __init__(self, vault: Vault | None, tasks: Tasks, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vault, self._tasks, self._clock = vault, tasks, clock
        self._wait_until: float | None = None
        self._round = 0
        self.trouble = Banner(tone=Tone.DANGER)
        self.pin = PinEntry(tr("Ký và gửi phiếu"))
        self.pin.submitted.connect(self._try)
        self.button = Button(tr("Ký và gửi phiếu"), "signature", variant="primary")
        self.button.clicked.connect(self.confirmed)
        self.column.addWidget(Label(tr("Nhập mã PIN để ký"), "heading"))
        self.column.addWidget(self.trouble)
        self.column.addWidget(self.pin)
        self.column.addWidget(self.button)
        self.pin.setVisible(vault is not None)
        self.button.setVisible(vault is None)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._count_down)

    def begin(self) -> None:
        """Ready for a PIN: no digit, no message of an earlier attempt; the vault says whether one is taken."""
        self.forget()
        self.trouble.set("")
        self.button.setEnabled(True)
        self._ask_status()

    def forget(self) -> None:
        """Drop digits, and the answer to a PIN that is being checked; closed until ``begin``."""
        self._round += 1
        self._wait_until = None
        self._tick.stop()
        self.pin.clear()
        self.pin.say("")
        self.pin.set_open(False)
        self.button.setEnabled(False)

    def set_busy(self, text: str) -> None:
        """Take nothing while ``text`` is being done; empty for ready."""
        self.pin.say(text)
        self.pin.set_open(not text)
        self.button.setEnabled(not text)

    def fail(self, error: EcabinetError) -> None:
        """Say what went wrong and take a PIN again."""
        self.set_busy("")
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)}")

    def _try(self, digits: str) -> None:
        vault, this = self._vault, self._round
        if vault is None:
            return
        self.set_busy(tr("Đang kiểm tra mã PIN…"))
        self.trouble.set("")
        self._tasks.call(
            lambda: vault.verify_pin(digits),
            lambda _: self._right(this),
            lambda error: self._wrong(this, error),
            owner=self,
        )

    def _right(self, asked: int) -> None:
        if asked == self._round:
            self.confirmed.emit()

    def _wrong(self, asked: int, error: EcabinetError) -> None:
        if asked != self._round:
            return
        if isinstance(error, WrongPin):
            self.pin.say(tr("Mã PIN không đúng. Còn {n} lần thử.").format(n=error.tries_left), wrong=True)
            self._ask_status(after_wrong=True)
        elif isinstance(error, PinLocked) and error.wait_s is not None:
            self._wait(error.wait_s)
        elif isinstance(error, PinLocked):
            self.pin.say("")
            self.trouble.set(tr("Đã nhập sai quá số lần cho phép. Khóa của thiết bị đã bị hủy; cần đăng ký lại."))
        else:
            self.fail(error)

    def _ask_status(self, *, after_wrong: bool = False) -> None:
        vault, this = self._vault, self._round
        if vault is None:
            return
        self.pin.set_open(False)

        def show(status: VaultStatus) -> None:
            if this != self._round:
                return
            if status.wait_s > 0:
                self._wait(status.wait_s)
                return
            if not after_wrong and status.tries_left < _ALL_TRIES:
                self.pin.say(tr("Còn {n} lần thử").format(n=status.tries_left))
            self.pin.set_open(True)

        self._tasks.call(vault.status, show, self.fail, owner=self)

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
        self.pin.say("")
        self._ask_status()

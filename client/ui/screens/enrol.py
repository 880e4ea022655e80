# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolment in three steps: service and code, PIN twice, fingerprint compared by voice.

The screen knows no network and makes no keys: an ``EnrolPort`` does, on worker threads. The PIN comes before the
request, so that the keys which the registrar approves are already safe on the disk. Nothing can shorten the
comparison: the screen waits until the service says that the registrar approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from client.errors import BadInput, EcabinetError
from client.ui.body_switch import BodyRow, BodySwitch
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.keypad import PinEntry
from client.ui.widgets.layouts import FlowLayout, centre_in, hbox
from client.ui.widgets.qr import QrCode
from client.ui.widgets.text import Label

TICKET: Final = 10
_ASK_MS: Final = 3_000
_SERVER, _PIN, _COMPARE = range(3)
_QR_SIDE: Final = 230
_IN_ROW: Final = 2
"""Groups of digits in a line beside the code."""


class Approval(Enum):
    """What the registrar has done so far."""

    PENDING = "pending"
    ACTIVE = "active"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Begun:
    """A request was handed in; what the registrar compares in person.

    Args:
        digits24: Six groups of four digits, to be read out.
        qr: The whole fingerprint as a QR code's text; empty for none.
    """

    digits24: str
    qr: str = ""


class EnrolPort(Protocol):
    """What ``client.app`` does for this screen; every method may block and runs on a worker thread."""

    def begin(self, server: str, ticket: str, pin: str) -> Begun:
        """Make keys, seal them under the PIN, hand in the request. May be called again after a failure.

        Raises:
            BadInput: ``detail`` begins with ``server``, ``ticket`` or ``pin`` (too simple).
            EcabinetError: The service refused, cannot be reached, or the machine has no keystore.
        """
        ...

    def ask(self) -> Approval:
        """Where the request stands."""
        ...


class EnrolScreen(QWidget):
    """The three steps.

    Attributes:
        finished: The device is enrolled; it can be unlocked.

    Args:
        port: Does the work.
        tasks: For the worker threads.
        server: Address fixed by policy; the field is then read-only.
        suggested: Address to begin with where none is fixed.
        bodies: Other bodies on this machine, to go back to.
    """

    finished = Signal()

    def __init__(
        self,
        port: EnrolPort,
        tasks: Tasks,
        *,
        server: str = "",
        suggested: str = "",
        bodies: BodySwitch | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("enrol_screen")
        self.setProperty("part", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Đăng ký thiết bị"))
        self._port, self._tasks = port, tasks
        self._first_pin = ""
        self.steps = FlowLayout()
        self._chips = [Chip(text) for text in (tr("1. Máy chủ và mã"), tr("2. Mã PIN"), tr("3. Đối chiếu"))]
        for chip in self._chips:
            self.steps.addWidget(chip)
        self.trouble = Banner(tone=Tone.DANGER)
        self._step = _SERVER
        self._pages = (self._server_page(server, suggested), self._pin_page(), self._fingerprint_page())
        self.bodies = None if bodies is None or not bodies.several else BodyRow(bodies, with_add=False)
        self._lay_out()
        self._asking = QTimer(self)
        self._asking.setInterval(_ASK_MS)
        self._asking.timeout.connect(self._ask)
        self._go(_SERVER)

    @property
    def step(self) -> int:
        """0, 1 or 2."""
        return self._step

    def _lay_out(self) -> None:
        card = Card(padding=EDGE + GAP)
        card.setFixedWidth(tokens().measures.target(560))
        card.column.setSpacing(GAP * 2)
        card.column.addWidget(Label(tr("Đăng ký thiết bị"), "title"))
        card.column.addLayout(self.steps)
        card.column.addWidget(self.trouble)
        for page in self._pages:
            card.column.addWidget(page)
        if self.bodies is not None:
            card.column.addWidget(self.bodies)
        centre_in(self, card)

    def _server_page(self, server: str, suggested: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.server = self._field(tr("Địa chỉ máy chủ"), "https://…")
        self.server.setText(server or suggested)
        self.server.setReadOnly(bool(server))
        self.ticket = self._field(tr("Mã kích hoạt (10 ký tự)"), "")
        self.ticket.setPlaceholderText(tr("Thư ký cấp, dùng một lần"))
        for field in (self.server, self.ticket):
            column.addWidget(Label(field.accessibleName(), "strong"))
            column.addWidget(field)
            field.textChanged.connect(self._check)
            field.returnPressed.connect(self._to_pin)
        self.begin_button = Button(tr("Tiếp tục"), variant="primary")
        self.begin_button.clicked.connect(self._to_pin)
        column.addSpacing(GAP)
        column.addWidget(self.begin_button)
        column.addStretch(1)
        self._check()
        return page

    @staticmethod
    def _field(name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setMinimumHeight(tokens().measures.tool)
        return field

    def _fingerprint_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP * 2)
        column.addWidget(Label(tr("Đưa máy cho Thư ký quét mã, hoặc đọc sáu nhóm số khi gặp trực tiếp.")))
        self.qr = QrCode(tr("Mã QR của vân tay khóa; sáu nhóm số bên cạnh nói cùng một điều"), _QR_SIDE)
        self.digits = Label("", "display")
        self.digits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        row = hbox(self.qr, spacing=GAP * 2)
        row.addWidget(self.digits, 1)
        column.addLayout(row)
        column.addWidget(
            Label(tr("Thư ký so với số trên máy của mình rồi mới chấp nhận. Nếu hai bên khác nhau, dừng lại."), "note")
        )
        self.waiting = Banner(tr("Đang chờ Thư ký chấp nhận…"), Tone.INFO, "clock")
        column.addWidget(self.waiting)
        self.again_button = Button(tr("Làm lại từ đầu"), "back")
        self.again_button.clicked.connect(lambda: self._go(_SERVER))
        column.addLayout(hbox(self.again_button, None))
        column.addStretch(1)
        return page

    def _pin_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        self.pin_words = Label("")
        self.pin_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.pin_words)
        self.pin = PinEntry(tr("Tiếp tục"))
        self.pin.submitted.connect(self._take_pin)
        column.addWidget(self.pin, 0, Qt.AlignmentFlag.AlignHCenter)
        return page

    def _go(self, step: int) -> None:
        self._step = step
        for index, page in enumerate(self._pages):
            page.setVisible(index == step)
        for index, chip in enumerate(self._chips):
            tone = Tone.OK if index < step else Tone.INFO if index == step else Tone.NEUTRAL
            chip.set(chip.text, tone, "check" if index < step else "")
        self.trouble.set("")
        if step == _COMPARE:
            self._asking.start()
        else:
            self._asking.stop()
        if step == _PIN:
            self._ask_pin()
        elif step == _SERVER:
            (self.ticket if self.server.isReadOnly() else self.server).setFocus()

    def _check(self) -> None:
        typed = "".join(self.ticket.text().split()).replace("-", "")
        self.begin_button.setEnabled(bool(self.server.text().strip()) and len(typed) == TICKET)

    def _to_pin(self) -> None:
        if self.begin_button.isEnabled():
            self._go(_PIN)

    def wait_for_approval(self, digits24: str, qr: str = "") -> None:
        """Show the comparison: a request was handed in, now or before the program was last closed."""
        groups = digits24.split()
        self.qr.setVisible(bool(qr))
        if qr:
            self.qr.show_text(qr)
        lines = ["   ".join(groups[at : at + _IN_ROW]) for at in range(0, len(groups), _IN_ROW)]
        self.digits.setText("\n".join(lines))
        self.digits.setAccessibleName(tr("Vân tay khóa: {digits}").format(digits=digits24))
        self._go(_COMPARE)

    def _begun(self, begun: Begun) -> None:
        self.pin.say("")
        self.wait_for_approval(begun.digits24, begun.qr)

    def _not_begun(self, error: EcabinetError) -> None:
        self.pin.say("")
        if isinstance(error, BadInput) and error.detail.startswith("pin"):
            self._ask_pin()
            self.pin.say(tr("Mã PIN quá đơn giản, chọn mã khác."), wrong=True)
            return
        self._go(_SERVER)
        if isinstance(error, BadInput):
            wrong = tr("Địa chỉ máy chủ") if error.detail.startswith("server") else tr("Mã kích hoạt")
            self.trouble.set(tr("{field} chưa đúng.").format(field=wrong))
        else:
            self.trouble.set(f"{error_title(error)}. {error_next_step(error)}")

    def _ask(self) -> None:
        self._asking.stop()
        self._tasks.call(self._port.ask, self._answered, self._not_answered, owner=self)

    def _answered(self, approval: Approval) -> None:
        if self.step != _COMPARE:
            return
        if approval is Approval.ACTIVE:
            self.finished.emit()
        elif approval is Approval.REFUSED:
            self.waiting.set(tr("Thư ký không chấp nhận. Làm lại với mã mới."), Tone.DANGER)
        else:
            self.trouble.set("")
            self._asking.start()

    def _not_answered(self, error: EcabinetError) -> None:
        self.trouble.set(f"{error_title(error)}. {tr('Vẫn tiếp tục hỏi lại.')}")
        if self.step == _COMPARE:
            self._asking.start()

    def _ask_pin(self) -> None:
        self._first_pin = ""
        self.pin_words.setText(tr("Đặt mã PIN từ 6 chữ số. Mã PIN cần để mở máy và để ký phiếu."))
        self.pin.clear()
        self.pin.set_open(True)

    def _take_pin(self, digits: str) -> None:
        if not self._first_pin:
            self._first_pin = digits
            self.pin_words.setText(tr("Nhập lại mã PIN một lần nữa."))
            self.pin.say("")
            return
        first, self._first_pin = self._first_pin, ""
        if digits != first:
            self._ask_pin()
            self.pin.say(tr("Hai lần nhập không giống nhau."), wrong=True)
            return
        self.pin.set_open(False)
        self.pin.say(tr("Đang tạo khóa và gửi yêu cầu…"))
        server, ticket = self.server.text().strip(), self.ticket.text()
        self._tasks.call(lambda: self._port.begin(server, ticket, digits), self._begun, self._not_begun, owner=self)

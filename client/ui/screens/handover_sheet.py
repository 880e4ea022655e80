# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carrying a signed act to the secretariat by hand, and its receipt back, when the network is dead.

The act is claimed only when a way was chosen, because from then on it cannot be taken back. Nothing here says that
it was sent or counted: that is for the receipt.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from client.domain.outbox import OutboxItem, OutboxState, standing
from client.errors import EcabinetError, EnvironmentFault, FormatRefused, LimitExceeded
from client.protocol import carried
from client.ui import words
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import FlowLayout, hbox
from client.ui.widgets.qr import QrCode
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

SUFFIX = "ecab"
_QR_SIDE = 372
_SCAN_HEIGHT = 96
_STILL_MS = 300
"""A scanner types like a keyboard: what is in the field is looked at once it pauses."""


class HandoverSheet(Sheet):
    """One act.

    Attributes:
        settled: ``OutboxItem`` once its receipt was taken in.
        codes: What is shown as QR codes, once asked for.
    """

    settled = Signal(object)

    def __init__(self, ctx: AppContext, tasks: Tasks, item: OutboxItem, parent: QWidget) -> None:
        super().__init__(tr("Chuyển bằng tay"), parent)
        self._ctx, self._tasks, self._item = ctx, tasks, item
        self._data: bytes | None = None
        self.codes: tuple[str, ...] = ()
        self._shown = 0
        for text in (
            tr("Khi mạng hỏng, đưa tệp hoặc mã QR này cho Thư ký. Nội dung được niêm phong cho Thư ký."),
            tr("Chỉ được tính khi có biên nhận. Nếu sau đó máy cũng gửi được qua mạng, vẫn chỉ tính một lần."),
            tr("Sau khi lưu tệp hoặc hiện mã, không hủy trước khi gửi được nữa."),
        ):
            self.column.addWidget(Label(text))
        out, back = FlowLayout(), FlowLayout()
        self.save_button = Button(tr("Lưu tệp…"), "export")
        self.save_button.clicked.connect(lambda: self._claim(self._ask_where))
        self.qr_button = Button(tr("Hiện mã QR"), "qr")
        self.qr_button.clicked.connect(lambda: self._claim(self._show_codes))
        self.receipt_button = Button(tr("Nhập biên nhận…"), "receipt")
        self.receipt_button.clicked.connect(self._ask_receipt)
        self.scan_button = Button(tr("Quét biên nhận…"), "qr")
        self.scan_button.clicked.connect(self._begin_scan)
        for ways, buttons in (
            (out, (self.save_button, self.qr_button)),
            (back, (self.receipt_button, self.scan_button)),
        ):
            for button in buttons:
                ways.addWidget(button)
            self.column.addLayout(ways)
        self._build_codes()
        self.scanned = QPlainTextEdit()
        self.scanned.setAccessibleName(tr("Mã biên nhận"))
        self.scanned.setPlaceholderText(tr("Quét từng mã bằng máy quét cầm tay, hoặc dán các dòng mã vào đây."))
        self.scanned.setMaximumHeight(tokens().measures.text(_SCAN_HEIGHT))
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL_MS)
        self._still.timeout.connect(self._on_scanned)
        self.scanned.textChanged.connect(self._still.start)
        self.scanned.hide()
        self.column.addWidget(self.scanned)
        self.note = Banner(tone=Tone.INFO)
        self.column.addWidget(self.note)
        self.add_button(tr("Đóng")).clicked.connect(self.reject)

    @property
    def file_name(self) -> str:
        """``57-7F3A2C91.ecab``: says nothing of what is in it."""
        return f"{self._item.n}-{self._item.statement.removeprefix('sha256:')[:8].upper()}.{SUFFIX}"

    def write_to(self, path: Path) -> None:
        """Write the act's file."""
        data = self._data
        assert data is not None

        def work() -> Path:
            try:
                path.write_bytes(data)
            except OSError as error:
                raise EnvironmentFault(f"file: {type(error).__name__}") from error
            return path

        def done(_path: Path) -> None:
            self.note.set(tr("Đã lưu tệp. Đưa tệp cho Thư ký rồi nhập biên nhận nhận lại được."), Tone.OK)

        self._tasks.call(work, done, self._no_file, owner=self)

    def read_receipt(self, path: Path) -> None:
        """Take a receipt in from a file."""

        def work() -> OutboxItem:
            try:
                with path.open("rb") as file:
                    data = file.read(carried.MAX_TEXT + 1)
            except OSError as error:
                raise EnvironmentFault(f"file: {type(error).__name__}") from error
            return self._ctx.engine.carrier.take_receipt(data)

        self._tasks.call(work, self._settle, self._failed, owner=self)

    def _begin_scan(self) -> None:
        self.scanned.show()
        self.scanned.clear()
        self.scanned.setFocus()
        self.adjustSize()

    def _on_scanned(self) -> None:
        """When the last code is in, the receipt is taken."""
        text = self.scanned.toPlainText()
        if len(text) > carried.MAX_TEXT:
            self.scanned.clear()
            return
        here, count = carried.arrived(text)
        if not count:
            return
        self.note.set(tr("Đã nhận {n}/{all} mã.").format(n=here, all=count), Tone.INFO)
        if here == count:
            data = text.encode()
            self._tasks.call(
                lambda: self._ctx.engine.carrier.take_receipt(data), self._settle, self._failed, owner=self
            )

    def turn(self, by: int) -> None:
        """Show the next or the previous code."""
        self._shown = (self._shown + by) % max(1, len(self.codes))
        self._draw_code()

    def _build_codes(self) -> None:
        self.code = QrCode(tr("Mã QR của phiếu"), tokens().measures.text(_QR_SIDE))
        self.place = Label("", "strong", wrap=False)
        self.before = Button("", "chevron_left")
        self.before.setAccessibleName(tr("Mã trước"))
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after = Button("", "chevron_right")
        self.after.setAccessibleName(tr("Mã sau"))
        self.after.clicked.connect(lambda: self.turn(1))
        self.column.addWidget(self.code, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addLayout(hbox(None, self.before, self.place, self.after, None))
        for widget in (self.code, self.place, self.before, self.after):
            widget.hide()

    def _claim(self, then: Callable[[], None]) -> None:
        """The file's bytes, made once; they hold the same act each time."""
        if self._data is not None:
            then()
            return

        def done(data: bytes) -> None:
            self._data = data
            then()

        number = self._item.n
        self._tasks.call(lambda: self._ctx.engine.carrier.hand_out(number), done, self._failed, owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, tr("Lưu tệp"), str(Path.home() / self.file_name), f"e-Cabinet (*.{SUFFIX})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _ask_receipt(self) -> None:
        dialog = QFileDialog(self, tr("Chọn tệp biên nhận"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.read_receipt(Path(name)))
        dialog.open()

    def _show_codes(self) -> None:
        assert self._data is not None
        try:
            self.codes = carried.lines(self._data)
        except LimitExceeded:
            self.note.set(tr("Nội dung quá dài cho mã QR. Hãy dùng tệp."), Tone.WARNING)
            return
        for widget in (self.code, self.place, self.before, self.after):
            widget.setVisible(widget in {self.code, self.place} or len(self.codes) > 1)
        self.turn(0)
        self.adjustSize()

    def _draw_code(self) -> None:
        self.code.show_text(self.codes[self._shown])
        self.place.setText(tr("Mã {n}/{all}").format(n=self._shown + 1, all=len(self.codes)))

    def _settle(self, item: OutboxItem) -> None:
        if item.n == self._item.n and item.state is OutboxState.QUEUED:
            return
        self.note.set(words.standing_sentence(standing(item), item), words.standing_tone(standing(item)))
        self.save_button.setEnabled(item.n != self._item.n)
        self.qr_button.setEnabled(item.n != self._item.n)
        self.settled.emit(item)

    def _no_file(self, _error: EcabinetError) -> None:
        self.note.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."), Tone.DANGER)

    def _failed(self, error: EcabinetError) -> None:
        if isinstance(error, FormatRefused):
            self.note.set(tr("Đây không phải tệp biên nhận, hoặc còn thiếu mã."), Tone.DANGER)
            return
        self.note.set(f"{error_title(error)}. {error_next_step(error)} [{error.code}]", Tone.DANGER)

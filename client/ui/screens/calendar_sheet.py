# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a calendar file: says first that titles leave the device, then asks where, then writes.

Nothing is written before the member chose words and place; what is written is exactly what the sheet names.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from client.clock import Clock
from client.errors import EcabinetError, EnvironmentFault
from client.ui.i18n import tr
from client.ui.models.diary import Entry, EntryKind
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.layouts import hbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.switch import Switch
from client.ui.widgets.text import Label

FILE_NAME = "phien-hop.ics"


class CalendarSheet(Sheet):
    """One export.

    Attributes:
        written: The file's path, after it was written.
    """

    written = Signal(object)

    def __init__(self, entries: Sequence[Entry], clock: Clock, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(tr("Xuất ra tệp lịch"), parent)
        self._entries, self._clock, self._tasks = tuple(entries), clock, tasks
        facts = tr("Tệp .ics ghi ngày giờ của {n} mục và mở được bằng mọi chương trình lịch.").format(n=len(entries))
        self.column.addWidget(Label(facts))
        warning = tr("Tệp không được mã hóa: ai có tệp cũng đọc được. Chỉ đưa vào lịch mà đồng chí được phép dùng.")
        self.column.addWidget(Banner(warning, Tone.WARNING))
        name = tr("Ghi cả tên và nơi họp")
        self.with_titles = Switch(name, on=False)
        row = hbox(spacing=16)
        row.addWidget(Label(name), 1)
        row.addWidget(self.with_titles)
        self.column.addLayout(row)
        note = tr("Khi tắt, tệp chỉ ghi “Phiên họp”, “Hạn gửi ý kiến” và “Hạn góp ý”.")
        self.column.addWidget(Label(note, "note"))
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.add_button(tr("Thôi")).clicked.connect(self.reject)
        self.save_button = self.add_button(tr("Chọn nơi lưu…"), variant="primary", icon_name="calendar")
        self.save_button.clicked.connect(self._ask_where)

    def titles(self) -> tuple[str, ...]:
        """The words that would be written."""
        if self.with_titles.isChecked():
            return tuple(entry.title for entry in self._entries)
        plain = {
            EntryKind.SESSION: tr("Phiên họp"),
            EntryKind.DEADLINE: tr("Hạn gửi ý kiến"),
            EntryKind.COMMENTS: tr("Hạn góp ý"),
        }
        return tuple(plain[entry.kind] for entry in self._entries)

    def write_to(self, path: Path) -> None:
        """Write the file; the sheet closes when it is there, and says why when it is not."""
        entries, titles, stamp = self._entries, self.titles(), self._clock.now()
        self.save_button.setEnabled(False)

        def work() -> Path:
            from client.ui.models.calendar_file import calendar_file  # a fifth of a second, on a worker thread

            try:
                path.write_bytes(calendar_file(entries, titles, stamp=stamp))
            except OSError as error:
                raise EnvironmentFault(f"calendar file: {type(error).__name__}") from error
            return path

        self._tasks.call(work, self._done, self._failed, owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, tr("Lưu tệp lịch"), str(Path.home() / FILE_NAME), "iCalendar (*.ics)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("ics")
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _done(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    def _failed(self, _error: EcabinetError) -> None:
        self.save_button.setEnabled(True)
        self.trouble.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."))

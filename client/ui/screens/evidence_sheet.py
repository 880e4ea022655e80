# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evidence about a vote: the signed objects this device holds, in one file that anybody can verify.

Everything in it is signed by somebody else or by the member's own device, byte for byte as it was kept; the independent
verifier reads it. It holds the member's own vote in clear, so the sheet says so first; it is written only where the
member chose.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from client.domain.ids import PollId
from client.errors import EcabinetError, EnvironmentFault
from client.store import evidence
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

FILE_NAME: Final = "bang-chung-bieu-quyet.json"


class EvidenceSheet(Sheet):
    """One export.

    Attributes:
        written: The file's path, after it was written.
    """

    written = Signal(object)

    def __init__(self, ctx: AppContext, tasks: Tasks, poll: PollId, parent: QWidget) -> None:
        super().__init__(tr("Xuất bằng chứng"), parent)
        self._ctx, self._tasks, self._poll = ctx, tasks, poll
        holds = tr(
            "Tệp gồm quy chế, định nghĩa phiếu, danh sách kiểm phiếu, "
            "các phiếu và biên nhận của đồng chí, nguyên vẹn chữ ký."
        )
        self.column.addWidget(Label(holds))
        warning = tr("Tệp có lá phiếu của đồng chí ở dạng đọc được. Chỉ giao cho người có trách nhiệm kiểm tra.")
        self.column.addWidget(Banner(warning, Tone.WARNING))
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.add_button(tr("Thôi")).clicked.connect(self.reject)
        self.save_button = self.add_button(tr("Chọn nơi lưu…"), variant="primary", icon_name="export")
        self.save_button.clicked.connect(self._ask_where)

    def write_to(self, path: Path) -> None:
        """Collect on the store's thread, write on a worker; the sheet closes when the file is there."""
        self.save_button.setEnabled(False)
        poll, member = self._poll, self._ctx.member.id
        future = self._ctx.record.read(lambda conn: evidence.export(conn, poll, member))
        self._tasks.run(future, lambda data: self._write(path, data), self._failed, owner=self)

    def _write(self, path: Path, data: bytes) -> None:
        def work() -> Path:
            try:
                path.write_bytes(data)
            except OSError as error:
                raise EnvironmentFault(f"evidence: {type(error).__name__}") from error
            return path

        self._tasks.call(work, self._done, self._failed, owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, tr("Lưu tệp bằng chứng"), str(Path.home() / FILE_NAME), "JSON (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _done(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    def _failed(self, _error: EcabinetError) -> None:
        self.save_button.setEnabled(True)
        self.trouble.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."))

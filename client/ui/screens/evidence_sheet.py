# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evidence about a vote: the signed objects this device holds, in one file that anybody can verify.

Everything in it is signed by somebody else or by the member's own device, byte for byte as it was kept. It holds the
member's own vote in clear, so the sheet says so first; it is written only where the member chose.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from client.domain.ids import PollId
from client.errors import EcabinetError, EnvironmentFault
from client.store import outbox, polls, trusted
from client.store.gate import Handle
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.models.rules import kept_name
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

FILE_NAME: Final = "bang-chung-bieu-quyet.zip"
_DATE: Final = (2026, 1, 1, 0, 0, 0)
"""One date for all entries: when a file was written says nothing, the signatures say everything."""


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
        poll = self._poll
        future = self._ctx.record.read(lambda conn: evidence(conn, poll))
        self._tasks.run(future, lambda files: self._write(path, files), self._failed, owner=self)

    def _write(self, path: Path, files: dict[str, bytes]) -> None:
        def work() -> Path:
            try:
                path.write_bytes(packed(files))
            except OSError as error:
                raise EnvironmentFault(f"evidence: {type(error).__name__}") from error
            return path

        self._tasks.call(work, self._done, self._failed, owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, tr("Lưu tệp bằng chứng"), str(Path.home() / FILE_NAME), "ZIP (*.zip)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _done(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    def _failed(self, _error: EcabinetError) -> None:
        self.save_button.setEnabled(True)
        self.trouble.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."))


def evidence(conn: Handle, poll: PollId) -> dict[str, bytes]:
    """The signed objects about a vote, by file name."""
    known = polls.get(conn, poll)
    found = {
        "rules.json": None if known is None else trusted.load_target(conn, kept_name(known.rules)),
        "definition.json": polls.definition(conn, poll),
        "closing.json": polls.closing(conn, poll),
        "certified.json": polls.certified(conn, poll),
    }
    for item, _answers in outbox.of_poll(conn, poll):
        found[f"statement-{item.n}.json"] = outbox.envelope(conn, item.n)
        found[f"receipt-{item.n}.json"] = outbox.receipt(conn, item.n)
    return {name: data for name, data in found.items() if data is not None}


def packed(files: dict[str, bytes]) -> bytes:
    """The files as one ZIP, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _DATE), files[name])
    return buffer.getvalue()

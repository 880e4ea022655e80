# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking notes out of the program: a copy of the paper with annotations, or a sheet of text.

The sheet says plainly that the file leaves the protected store, then asks where, and only then anything is made or
written, exactly there. Policy may forbid it: the machine's, or the paper's.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from client.clock import to_rfc3339
from client.domain.annotation import Annotation
from client.domain.ids import Moment
from client.domain.paper import PaperVersion
from client.errors import EcabinetError, EnvironmentFault
from client.store import papers
from client.ui import formats, words
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.screens.changes_words import mark_name
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.viewer.events import CopyRequest, PaperInfo
from client.viewer.export import copy_marks, text_sheet

_FILE_NAME = "ghi-chu"


def why_not(ctx: AppContext, paper: PaperVersion) -> str:
    """Why a paper's notes may not leave the program; empty if they may."""
    if not ctx.policy.allow_export:
        return tr("Máy này không cho xuất tệp (do đơn vị quản lý).")
    if not paper.policy.export:
        return tr("Tài liệu này không được xuất ra ngoài.")
    return ""


class ExportSheet(Sheet):
    """One export.

    Attributes:
        written: The file's path, after it was written.
    """

    written = Signal(object)

    def __init__(
        self, ctx: AppContext, tasks: Tasks, parent: QWidget, *, paper: PaperVersion, notes: Sequence[Annotation]
    ) -> None:
        super().__init__(tr("Xuất ghi chú ra tệp"), parent)
        self._ctx, self._tasks = ctx, tasks
        self._paper, self._notes = paper, tuple(notes)
        self.column.addWidget(Label(words.paper_title(paper), "strong"))
        self.column.addWidget(Label(tr("{n} ghi chú").format(n=len(notes)), "note"))
        warning = tr("Tệp rời khỏi kho được bảo vệ và không được mã hóa: ai có tệp cũng đọc được.")
        self.column.addWidget(Banner(warning, Tone.WARNING))
        note = tr("Bản PDF có tên của đồng chí in mờ trên từng trang. Tệp chỉ được ghi vào nơi đồng chí chọn.")
        self.column.addWidget(Label(note, "note"))
        self.progress = ProgressLine(0, 0)
        self.progress.hide()
        self.column.addWidget(self.progress)
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.text_button = self.add_button(tr("Bảng ghi chú (.txt)"), icon_name="note")
        self.pdf_button = self.add_button(tr("PDF có chú thích"), icon_name="export")
        self.text_button.clicked.connect(lambda: self._ask_where("txt"))
        self.pdf_button.clicked.connect(lambda: self._ask_where("pdf"))

    def write_to(self, path: Path) -> None:
        """Make the file and write it to ``path``; its suffix says which."""
        self._busy(busy=True)
        if path.suffix == ".txt":
            self._write(path, self._text().encode())
        else:
            self._tasks.run(self._read(), lambda data: self._open(path, data), self._failed, owner=self)

    def _ask_where(self, suffix: str) -> None:
        kinds = {"pdf": "PDF (*.pdf)", "txt": tr("Văn bản (*.txt)")}
        dialog = QFileDialog(self, tr("Lưu tệp"), str(Path.home() / f"{_FILE_NAME}.{suffix}"), kinds[suffix])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _read(self) -> Future[bytes]:
        blob, plain = self._paper.blob, self._paper.plain
        assert blob is not None
        assert plain is not None
        return self._ctx.papers.read(lambda conn: papers.read(conn, blob, plain=plain))

    @property
    def _doc(self) -> str:
        return f"export:{self._paper.plain}"

    def _open(self, path: Path, data: bytes) -> None:
        self._tasks.run(
            self._ctx.render.open_paper(self._doc, data), lambda info: self._copy(path, info), self._failed, owner=self
        )

    def _copy(self, path: Path, info: PaperInfo) -> None:
        member = self._ctx.member
        now = Moment(to_rfc3339(self._ctx.clock.now()))
        there = [note for note in self._notes if note.page < len(info.pages)]
        wanted = CopyRequest(
            marks=copy_marks(there, bookmark=tr("Đánh dấu trang")),
            author=(member.name or member.id)[:120],
            stamp=f"{member.name or member.id} · {formats.short_moment(now)}"[:120],
        )
        self._tasks.run(
            self._ctx.render.copy_with_notes(self._doc, wanted),
            lambda made: self._write(path, made),
            self._failed,
            owner=self,
        )

    def _write(self, path: Path, data: bytes) -> None:
        self._ctx.render.close_paper(self._doc)

        def work() -> Path:
            try:
                path.write_bytes(data)
            except OSError as error:
                raise EnvironmentFault(f"export: {type(error).__name__}") from error
            return path

        self._tasks.call(work, self._done, self._not_written, owner=self)

    def _text(self) -> str:
        return text_sheet(
            words.paper_title(self._paper),
            self._notes,
            page_line=lambda page: tr("Trang {n}").format(n=page + 1),
            say=mark_name,
        )

    def _done(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    def _failed(self, error: EcabinetError) -> None:
        self._ctx.render.close_paper(self._doc)
        self._busy(busy=False)
        self.trouble.set(error_title(error))

    def _not_written(self, _error: EcabinetError) -> None:
        self._busy(busy=False)
        self.trouble.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."))

    def _busy(self, *, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.text_button.setEnabled(not busy)
        self.pdf_button.setEnabled(not busy)
        self.trouble.set("")

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's top line: back, title, whether my marks are saved, search in the paper, comment."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from client.domain.paper import PaperVersion
from client.ui import words
from client.ui.i18n import tr
from client.ui.screens.reader_edits import Saving
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import vbox
from client.ui.widgets.text import ElidedLabel


class ReaderHeader(QWidget):
    """One line.

    Attributes:
        way_back, way_forward: To where the last jump began, and forth again; there when there is such a place.
        left_out_button: There when the paper carries what is never shown or run.
        changes_button: There when the paper replaced an earlier version.
        back, find_wanted, looks_wanted, comment, retry: That button was pressed.
    """

    back = Signal()
    find_wanted = Signal()
    looks_wanted = Signal()
    comment = Signal()
    retry = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back_button = ToolButton("chevron_left", tr("Quay lại"))
        self.title = ElidedLabel("", "heading")
        self.note = ElidedLabel("", "note")
        self.chip = Chip("")
        self.retry_button = Button(tr("Thử lưu lại"), "sync", variant="danger")
        self.find_button = ToolButton("search", tr("Tìm trong tài liệu"), checkable=True)
        self.left_out_button = ToolButton("secret", tr("Có phần không được hiển thị hoặc thực thi"))
        self.changes_button = ToolButton("document_changed", tr("Có gì thay đổi"))
        self.way_back = ToolButton("back", tr("Về chỗ vừa đọc"))
        self.way_forward = ToolButton("forward", tr("Đến chỗ tiếp theo"))
        self.looks_button = ToolButton("view", tr("Cách xem"), checkable=True)
        self.comment_button = ToolButton("comment", tr("Góp ý"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 4, GAP, 4)
        row.setSpacing(GAP)
        row.addWidget(self.back_button)
        row.addLayout(vbox(None, self.title, self.note, None, spacing=0), 1)
        for widget in (
            self.chip,
            self.retry_button,
            self.left_out_button,
            self.changes_button,
            self.way_back,
            self.way_forward,
            self.find_button,
        ):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.looks_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.comment_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.back_button.clicked.connect(self.back)
        self.find_button.clicked.connect(self.find_wanted)
        self.looks_button.clicked.connect(self.looks_wanted)
        self.comment_button.clicked.connect(self.comment)
        self.retry_button.clicked.connect(self.retry)
        self.set_saving(Saving.UNTOUCHED)
        self.set_open(False)

    def set_paper(self, paper: PaperVersion | None) -> None:
        """Show which paper it is."""
        if paper is None:
            self.title.setText(tr("Tài liệu"))
            self.note.setText("")
        else:
            self.title.setText(words.paper_title(paper))
            parts = (words.paper_kind(paper.kind), paper.number, paper.agency, words.pages(paper.pages))
            self.note.setText(words.joined(parts))
        self.note.setVisible(bool(self.note.text()))

    def set_open(self, is_open: bool) -> None:
        """Whether there is a paper to search and to comment on."""
        self.find_button.setVisible(is_open)
        self.looks_button.setVisible(is_open)
        if not is_open:
            self.left_out_button.hide()
            self.changes_button.hide()
            self.way_back.hide()
            self.way_forward.hide()
        self.comment_button.setVisible(is_open)

    def set_saving(self, state: Saving) -> None:
        """Say where my marks are; "saved" only when they are."""
        match state:
            case Saving.SAVED:
                self.chip.set(tr("Đã lưu"), Tone.OK)
            case Saving.SAVING:
                self.chip.set(tr("Đang lưu…"), Tone.NEUTRAL)
            case Saving.FAILED:
                self.chip.set(tr("Chưa lưu"), Tone.DANGER)
            case Saving.UNTOUCHED:
                self.chip.set("")
        self.chip.setVisible(state is not Saving.UNTOUCHED)
        self.retry_button.setVisible(state is Saving.FAILED)

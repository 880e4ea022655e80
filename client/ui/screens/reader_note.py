# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write, change or delete a note on a page; and what may be done with a highlighted passage."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from client.domain.annotation import MAX_TEXT, Highlight
from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import ElidedLabel, Label


class NoteSheet(Sheet):
    """One note; an empty text cannot be kept.

    Attributes:
        kept: The text.
        delete_wanted: Delete an existing note.

    Args:
        page: From 0.
        text: What an existing note says; empty for a new one.
    """

    kept = Signal(str)
    delete_wanted = Signal()

    def __init__(self, page: int, parent: QWidget, *, text: str = "", quote: str = "") -> None:
        super().__init__(tr("Ghi chú"), parent)
        self.column.addWidget(Label(tr("Trang {n}").format(n=page + 1), "note"))
        if quote:
            self.column.addWidget(Label(f"“{quote}”", "note"))
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(tr("Nội dung ghi chú"))
        self.text.setPlaceholderText(tr("Chỉ đồng chí đọc được ghi chú này."))
        self.text.setMinimumHeight(tokens().measures.text(160))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._check)
        self.column.addWidget(self.text)
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        if text:
            self.add_button(tr("Xóa ghi chú"), variant="danger", icon_name="delete").clicked.connect(self._delete)
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.keep_button = self.add_button(tr("Lưu ghi chú"), variant="primary", icon_name="check")
        self.keep_button.clicked.connect(self._keep)
        self._check()
        self.text.setFocus()

    def _check(self) -> None:
        text = self.text.toPlainText().strip()
        self.keep_button.setEnabled(0 < len(text) <= MAX_TEXT)
        self.trouble.set(tr("Ghi chú dài quá {n} ký tự.").format(n=MAX_TEXT) if len(text) > MAX_TEXT else "")

    def _keep(self) -> None:
        self.kept.emit(self.text.toPlainText().strip())
        self.accept()

    def _delete(self) -> None:
        self.delete_wanted.emit()
        self.accept()


class PassageBar(QFrame):
    """Over the tools while a highlight is chosen.

    Attributes:
        comment, note, delete: That was wanted for ``highlight``.
    """

    comment = Signal(object)
    note = Signal(object)
    delete = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._highlight: Highlight | None = None
        self.quote = ElidedLabel("", "note")
        self.comment_button = Button(tr("Góp ý"), "comment", variant="plain")
        self.note_button = Button(tr("Ghi chú"), "note", variant="plain")
        self.delete_button = Button(tr("Xóa"), "delete", variant="danger")
        self.close_button = ToolButton("close", tr("Đóng"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP * 2, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.quote, 1)
        for button in (self.comment_button, self.note_button, self.delete_button, self.close_button):
            row.addWidget(button)
        self.comment_button.clicked.connect(lambda: self._say(self.comment))
        self.note_button.clicked.connect(lambda: self._say(self.note))
        self.delete_button.clicked.connect(lambda: self._say(self.delete))
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def offer(self, highlight: Highlight) -> None:
        """Show what may be done with a passage."""
        self._highlight = highlight
        self.quote.setText(f"“{highlight.quote.text}”" if highlight.quote is not None else tr("Vùng tô sáng"))
        self.show()
        self.raise_()

    def _say(self, wanted: SignalInstance) -> None:
        highlight = self._highlight
        self.hide()
        if highlight is not None:
            wanted.emit(highlight)

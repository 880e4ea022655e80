# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write, change or delete a note on a page; and what may be done with a highlighted passage."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from client.domain.annotation import MAX_TEXT, Highlight
from client.domain.ids import MemberId
from client.ui.i18n import tr
from client.ui.people_words import shared_sentence
from client.ui.screens.sharing_desk import Sharer
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.layouts import FlowLayout, hbox, set_shown
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import ElidedLabel, IconLabel, Label


class NoteSheet(Sheet):
    """One note; an empty text cannot be kept.

    Attributes:
        kept: The text.
        delete_wanted: Delete an existing note.
        readers: With whom it is to be shared; None while nothing was said about it.

    Args:
        page: From 0.
        text: What an existing note says; empty for a new one.
        sharer: Asks whom; without one nothing can be shared.
    """

    kept = Signal(str)
    delete_wanted = Signal()

    def __init__(
        self, page: int, parent: QWidget, *, text: str = "", quote: str = "", sharer: Sharer | None = None
    ) -> None:
        super().__init__(tr("Ghi chú"), parent)
        self.readers: tuple[MemberId, ...] | None = None
        self._known: tuple[MemberId, ...] = ()
        self.column.addWidget(Label(tr("Trang {n}").format(n=page + 1), "note"))
        if quote:
            self.column.addWidget(Label(f"“{quote}”", "note"))
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(tr("Nội dung ghi chú"))
        self.text.setPlaceholderText(tr("Viết ghi chú"))
        self.text.setMinimumHeight(tokens().measures.text(160))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._check)
        self.column.addWidget(self.text)
        self.column.addLayout(self._sharing(sharer))
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        if text:
            self.add_button(tr("Xóa ghi chú"), variant="danger", icon_name="delete").clicked.connect(self._delete)
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.keep_button = self.add_button(tr("Lưu ghi chú"), variant="primary", icon_name="check")
        self.keep_button.clicked.connect(self._keep)
        self._check()
        self.text.setFocus()

    def show_readers(self, readers: tuple[MemberId, ...]) -> None:
        """With whom an existing note is shared."""
        self._known = readers
        if self.readers is None:
            self._say_readers()

    def _sharing(self, sharer: Sharer | None) -> QHBoxLayout:
        self._sharer = sharer
        self.lock = IconLabel("lock")
        self.standing = Label("", "note")
        self.share_button = Button(tr("Chia sẻ…"), "share", variant="plain")
        set_shown(self.share_button, sharer is not None)
        self.share_button.clicked.connect(self._ask)
        self._say_readers()
        row = hbox(self.lock, self.standing, self.share_button)
        row.setStretch(1, 1)
        return row

    def _ask(self) -> None:
        if self._sharer is not None:
            now = self._known if self.readers is None else self.readers
            self._sharer.ask(tr("Ghi chú này"), now, self._choose, over=self, button=tr("Chọn"))

    def _choose(self, readers: tuple[MemberId, ...]) -> None:
        self.readers = readers
        self._say_readers()

    def _say_readers(self) -> None:
        now = self._known if self.readers is None else self.readers
        people = self._sharer.ctx.people() if self._sharer is not None else {}
        said = shared_sentence(now, people)
        if self.readers is not None and self.readers != self._known:
            said = tr("{what} khi lưu").format(what=said)
        self.standing.setText(said)
        self.lock.set_icon("people" if now else "lock")

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
        comment, note, share, delete: That was wanted for ``highlight``.
        copy: The text of a passage that was only chosen.
        mark: Such a passage is to be highlighted, or underlined.
        put_away: The bar is gone, whatever was done.
    """

    comment = Signal(object)
    note = Signal(object)
    share = Signal(object)
    delete = Signal(object)
    copy = Signal(str)
    mark = Signal(object, bool)
    put_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self._highlight: Highlight | None = None
        self.quote = ElidedLabel("", "note")
        self.comment_button = Button(tr("Góp ý"), "comment", variant="plain")
        self.note_button = Button(tr("Ghi chú"), "note", variant="plain")
        self.share_button = Button(tr("Chia sẻ"), "share", variant="plain")
        self.delete_button = Button(tr("Xóa"), "delete", variant="danger")
        self.mark_button = Button(tr("Tô sáng"), "highlighter", variant="plain")
        self.line_button = Button(tr("Gạch chân"), "underline", variant="plain")
        self.copy_button = Button(tr("Sao chép"), "copy", variant="plain")
        self.close_button = ToolButton("close", tr("Đóng"))
        head = hbox()
        head.addWidget(self.quote, 1)
        head.addWidget(self.close_button)
        flow = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP * 2, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addLayout(flow)
        for button in (
            self.mark_button,
            self.line_button,
            self.copy_button,
            self.comment_button,
            self.note_button,
            self.share_button,
            self.delete_button,
        ):
            flow.addWidget(button)
        self.comment_button.clicked.connect(lambda: self._say(self.comment))
        self.note_button.clicked.connect(lambda: self._say(self.note))
        self.share_button.clicked.connect(lambda: self._say(self.share))
        self.delete_button.clicked.connect(lambda: self._say(self.delete))
        self.mark_button.clicked.connect(lambda: self._mark(underline=False))
        self.line_button.clicked.connect(lambda: self._mark(underline=True))
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def offer(self, highlight: Highlight) -> None:
        """Show what may be done with a marked passage."""
        self._show(highlight, marked=True, may_copy=False)

    def offer_text(self, highlight: Highlight, *, may_copy: bool) -> None:
        """Show what may be done with a passage that was only chosen; ``highlight`` is not on the page."""
        self._show(highlight, marked=False, may_copy=may_copy)

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever showed the passage as chosen can stop."""
        super().hideEvent(event)
        self.put_away.emit()

    def _show(self, highlight: Highlight, *, marked: bool, may_copy: bool) -> None:
        self._highlight = highlight
        self.delete_button.setVisible(marked)
        self.share_button.setVisible(marked)
        self.mark_button.setVisible(not marked)
        self.line_button.setVisible(not marked)
        self.copy_button.setVisible(may_copy)
        self.quote.setText(f"“{highlight.quote.text}”" if highlight.quote is not None else tr("Vùng tô sáng"))
        self.show()
        self.raise_()

    def _mark(self, *, underline: bool) -> None:
        highlight = self._highlight
        self.hide()
        if highlight is not None:
            self.mark.emit(highlight, underline)

    def _copy(self) -> None:
        highlight = self._highlight
        self.hide()
        if highlight is not None and highlight.quote is not None:
            self.copy.emit(highlight.quote.text)

    def _say(self, wanted: SignalInstance) -> None:
        highlight = self._highlight
        self.hide()
        if highlight is not None:
            wanted.emit(highlight)

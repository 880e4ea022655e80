# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write a comment (góp ý) on an item, a paper or a passage, and send it.

The text is only let go when the act is saved; on any failure the sheet stays open with the text in it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from client.domain.bulletin import Reply
from client.domain.comment import MAX_COMMENT, CommentDraft
from client.domain.ids import ItemId, PackId, PaperId
from client.domain.outbox import OutboxItem
from client.errors import EcabinetError
from client.store import bulletins
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.screens.meeting_comments import ReplyText
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.layouts import vbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

_SHOWN: Final = 3
"""Earlier answers shown over the text; all of them stand in the meeting's list."""


class CommentSheet(Sheet):
    """One comment.

    Attributes:
        sent: ``OutboxItem`` once the act is saved on this device.

    Args:
        about: What it is about, in words (title of the item or paper).
        quote: The passage, if one was chosen.
    """

    sent = Signal(object)

    def __init__(
        self,
        ctx: AppContext,
        tasks: Tasks,
        parent: QWidget,
        *,
        pack: PackId,
        about: str,
        item: ItemId | None = None,
        paper: PaperId | None = None,
        page: int | None = None,
        quote: str = "",
    ) -> None:
        super().__init__(tr("Góp ý"), parent)
        self._ctx, self._tasks = ctx, tasks
        self._target = (pack, item, paper, page, quote)
        self.column.addWidget(Label(about, "strong"))
        if page is not None:
            self.column.addWidget(Label(tr("Trang {n}").format(n=page + 1), "note"))
        if quote:
            self.column.addWidget(Label(f"“{quote}”", "note"))
        self.answered = vbox(spacing=GAP)
        self.column.addLayout(self.answered)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Nội dung góp ý"))
        self.text.setPlaceholderText(tr("Nhập nội dung góp ý gửi Văn phòng Chính phủ…"))
        self.text.setMinimumHeight(tokens().measures.text(180))
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._check)
        self.column.addWidget(self.text)
        self.column.addWidget(
            Label(tr("Góp ý được ký bằng khóa của thiết bị và niêm phong cho Thư ký; máy chủ không đọc được."), "small")
        )
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.cancel_button = self.add_button(tr("Để sau"))
        self.cancel_button.clicked.connect(self.reject)
        self.send_button = self.add_button(tr("Gửi góp ý"), variant="primary", icon_name="send")
        self.send_button.clicked.connect(self._send)
        self._check()
        self.text.setFocus()
        if paper is not None:
            future = ctx.record.read(lambda conn: bulletins.replies(conn, pack))
            tasks.run(future, self._show_answers, owner=self)

    def _show_answers(self, replies: tuple[Reply, ...]) -> None:
        """What was asked and answered at this place before, so that nobody asks it twice."""
        _, _, paper, page, _ = self._target
        here = [each for each in replies if each.words.paper == paper and page in {None, each.words.page}]
        if not here:
            return
        self.answered.addWidget(Label(tr("Đã được hỏi và trả lời ở đây ({n})").format(n=len(here)), "strong"))
        for reply in here[:_SHOWN]:
            if reply.words.question:
                self.answered.addWidget(Label(reply.words.question, "note"))
            self.answered.addWidget(ReplyText(reply))

    def _check(self) -> None:
        text = self.text.toPlainText().strip()
        self.send_button.setEnabled(0 < len(text) <= MAX_COMMENT)
        if len(text) > MAX_COMMENT:
            self.trouble.set(tr("Góp ý dài quá {n} ký tự.").format(n=MAX_COMMENT))
        else:
            self.trouble.set("")

    def _send(self) -> None:
        pack, item, paper, page, quote = self._target
        text = self.text.toPlainText().strip()
        draft = CommentDraft(pack=pack, text=text, item=item, paper=paper, page=page, quote=quote)
        self._set_busy(True)
        self._tasks.run(self._ctx.acts.send_comment(draft), self._saved, self._failed, owner=self)

    def _saved(self, item: OutboxItem) -> None:
        self.sent.emit(item)
        self.accept()

    def _failed(self, error: EcabinetError) -> None:
        self._set_busy(False)
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)}")

    def _set_busy(self, busy: bool) -> None:
        self.text.setReadOnly(busy)
        self.send_button.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)

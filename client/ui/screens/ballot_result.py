# SPDX-License-Identifier: AGPL-3.0-or-later
"""After signing: the one sentence that is true of the vote (protocol.md, section 10) and what happens next.

The sentence comes from ``ui.words`` and changes by itself when a receipt arrives; nothing is said here that is
not known.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from client.domain.ballot import Poll
from client.domain.outbox import OutboxItem, OutboxState, Standing
from client.errors import EcabinetError, NotSaved
from client.ui import formats, words
from client.ui.announce import announce
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.screens.ballot_words import deadline_rule
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import centre_in, hbox
from client.ui.widgets.text import IconLabel, Label

_WAITING = frozenset({Standing.SAVED_NOT_COUNTED, Standing.SENT_AWAITING_RECEIPT})


class ResultPage(QWidget):
    """What became of the vote.

    Attributes:
        done: Back to where the member came from.
        outbox_wanted: "Xem trong Chờ gửi".
        retry_wanted: Not saved: review and sign again.
    """

    done = Signal()
    outbox_wanted = Signal()
    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = Card(padding=32)
        card.setFixedWidth(min(tokens().measures.text(620), 820))
        self.icon = IconLabel("check_circle", side=tokens().measures.text(56))
        self.sentence = Label("", "display")
        self.what = Label("", "strong")
        self.next = Label("")
        self.facts = Label("", "note")
        for label in (self.sentence, self.what, self.next, self.facts):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        card.column.setSpacing(GAP * 2)
        card.column.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.sentence, self.what, self.next, self.facts):
            card.column.addWidget(label)
        self.done_button = Button(tr("Xong"), variant="primary")
        self.done_button.clicked.connect(self.done)
        self.outbox_button = Button(tr("Xem trong Chờ gửi"), "outbox")
        self.outbox_button.clicked.connect(self.outbox_wanted)
        self.retry_button = Button(tr("Xem lại và ký lại"), "signature", variant="primary")
        self.retry_button.clicked.connect(self.retry_wanted)
        for button in (self.done_button, self.retry_button):
            button.setMinimumWidth(tokens().measures.text(200))
        card.column.addLayout(
            hbox(None, self.outbox_button, self.done_button, self.retry_button, None, spacing=GAP * 2)
        )
        centre_in(self, card)

    def show_vote(self, poll: Poll, item: OutboxItem, standing: Standing) -> None:
        """Say what is known of a saved vote."""
        said = words.standing_sentence(standing, item)
        self._show(said, words.standing_tone(standing), words.standing_icon(standing))
        self.what.setText(poll.title)
        self.next.setText(next_sentence(poll, item, standing))
        self.next.setVisible(bool(self.next.text()))
        self.facts.setText(
            words.joined(
                (
                    tr("Phiếu số {n}").format(n=item.n),
                    tr("ký {time}").format(time=formats.exact_moment(item.made)),
                    tr("mã {code}").format(code=short_code(item.statement)),
                )
            )
        )
        self._show_buttons(saved=True)

    def show_not_saved(self, poll: Poll, error: EcabinetError) -> None:
        """Say that nothing was saved, why, and that the entry is still there."""
        self._show(tr("Chưa lưu"), Tone.DANGER, "error")
        self.what.setText(poll.title)
        step = error_next_step(error)
        self.next.setText(step if isinstance(error, NotSaved) else f"{error_title(error)}. {step}")
        self.next.show()
        self.facts.setText(tr("Nội dung đã nhập vẫn còn nguyên."))
        self._show_buttons(saved=False)

    def _show_buttons(self, *, saved: bool) -> None:
        self.done_button.setVisible(saved)
        self.outbox_button.setVisible(saved)
        self.retry_button.setHidden(saved)

    def _show(self, said: str, tone: Tone, icon_name: str) -> None:
        changed = said != self.sentence.text()
        pair = tokens().colours.tone(tone)
        self.icon.set_icon(icon_name, pair.ink)
        self.sentence.setText(said)
        self.sentence.setStyleSheet(f"color: {pair.ink};")
        if changed:
            announce(self, said, urgent=True)


def next_sentence(poll: Poll, item: OutboxItem, standing: Standing) -> str:
    """What happens next, as far as it is certain."""
    if standing in _WAITING:
        return tr("Phiếu đã ký tự gửi khi có mạng. {rule}").format(rule=deadline_rule(poll))
    if standing is Standing.COUNTED:
        return tr("Máy chủ đã tiếp nhận lúc {moment}.").format(moment=formats.exact_moment(item.received or item.made))
    if item.state is OutboxState.CONFLICT:
        return tr("Máy chủ đang giữ một phiếu khác của đồng chí. Liên hệ Thư ký trước khi gửi phiếu mới.")
    return ""


def short_code(statement: str) -> str:
    """``7F3C-91AB``: the first digits of the statement's hash, to read out."""
    digits = statement.removeprefix("sha256:")[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"

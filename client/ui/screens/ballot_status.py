# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands instead of a form: my vote with its one sentence, why nothing can be cast, and my earlier votes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.ballot import Answer, Poll, Question
from client.domain.outbox import OutboxState, Standing
from client.domain.projection import MyVote
from client.errors import NotSaved
from client.ui import words
from client.ui.i18n import tr
from client.ui.models.meeting import CLOSED
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_words import answer_lines, choice_label, question_title, vote_line
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import FlowLayout, hbox, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.text import Label


class StatusCard(Card):
    """My vote and what may be done now.

    Attributes:
        change_wanted: "Đổi ý kiến".
        outbox_wanted: "Xem trong Chờ gửi".
    """

    change_wanted = Signal()
    outbox_wanted = Signal()

    def __init__(self, page: BallotPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        current = page.view.current
        if current is not None:
            self.column.addWidget(Label(tr("Phiếu của đồng chí"), "heading"))
            self.column.addWidget(VoteText(page.poll, current))
        sentence = unavailable_sentence(page)
        if sentence:
            self.column.addWidget(Banner(sentence, Tone.NEUTRAL))
        if page.silent:
            self.column.addWidget(Banner(silent_sentence(page), Tone.WARNING, "people"))
        buttons = FlowLayout()
        if page.can_cast and current is not None:
            change = Button(tr("Đổi ý kiến"), "edit")
            change.clicked.connect(self.change_wanted)
            buttons.addWidget(change)
        if current is not None:
            see = Button(tr("Xem trong Chờ gửi"), "outbox", variant="plain")
            see.clicked.connect(self.outbox_wanted)
            buttons.addWidget(see)
        self.column.addLayout(buttons)


class VoteText(QWidget):
    """One vote: number and time, answers, and the one sentence that is true of it."""

    def __init__(self, poll: Poll, vote: MyVote, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = vbox(Label(vote_line(vote), "note"), spacing=6, parent=self)
        column.addWidget(AnswerText(poll, vote.answers))
        column.addLayout(hbox(standing_chip(vote), None))


class AnswerText(QWidget):
    """Answers in words; the question is left out where there is only one."""

    def __init__(self, poll: Poll, answers: tuple[Answer, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = vbox(spacing=4, parent=self)
        for title, chosen, note in answer_lines(poll, answers):
            if len(poll.questions) > 1:
                column.addWidget(Label(title, "note"))
            column.addWidget(Label(chosen, "strong"))
            if note:
                column.addWidget(Label(note))


class HistoryCard(Card):
    """All votes signed on this device in this ballot, the newest first."""

    def __init__(self, page: BallotPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addWidget(Label(tr("Các phiếu đồng chí đã ký trên máy này"), "heading"))
        for index, vote in enumerate(reversed(page.view.history)):
            if index:
                self.column.addWidget(Line())
            self.column.addWidget(VoteText(page.poll, vote))


class DraftCard(Card):
    """What was chosen and never signed, where it can no longer be: readable, never sent."""

    def __init__(self, poll: Poll, answers: tuple[Answer, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addLayout(hbox(Chip(tr("Bản nháp, chưa ký và chưa gửi"), Tone.WARNING, "edit"), None))
        self.column.addWidget(AnswerText(poll, answers))


class QuestionText(Card):
    """A question with its choices as words: what will be asked, or was."""

    def __init__(self, poll: Poll, number: int, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addWidget(Label(question_title(poll, number, question), "heading"))
        for choice in question.choices:
            self.column.addWidget(Label(f"– {choice_label(choice)}"))


def standing_chip(vote: MyVote) -> Chip:
    """The sentence of protocol.md, section 10, as a chip."""
    standing = vote.standing
    if vote.item.state is OutboxState.WITHDRAWN and vote.item.reason == NotSaved.code:
        standing = Standing.NOT_SAVED  # taken back by the save steps, not by the member
    return Chip(
        words.standing_sentence(standing, vote.item), words.standing_tone(standing), words.standing_icon(standing)
    )


def silent_sentence(page: BallotPage) -> str:
    """To an aide: of whom no vote stands."""
    names = ", ".join(page.silent)
    if page.poll.state in CLOSED:
        return tr("Phiếu đã đóng, không có phiếu của {names}.").format(names=names)
    return tr("Máy chủ chưa nhận được phiếu của {names}. Chỉ thành viên tự cho ý kiến trên máy của mình.").format(
        names=names
    )


def unavailable_sentence(page: BallotPage) -> str:
    """Why nothing can be cast; empty when something can."""
    if page.view.why_not is not None:
        return words.why_not_sentence(page.view.why_not)
    if page.other_device:
        return tr("Máy chủ đang giữ một phiếu khác của đồng chí. Liên hệ Thư ký trước khi gửi phiếu mới.")
    return ""


def lost_votes(page: BallotPage) -> tuple[MyVote, ...]:
    """Votes that came to nothing and leave the member free to vote: refused, taken back."""
    return tuple(v for v in page.view.history if v.standing in {Standing.REFUSED, Standing.WITHDRAWN})

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The result of a vote on screen: provisional and final never look alike, and a disputed one says so first."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.domain.rules import Outcome
from client.domain.verdict import Sentence, outcome_words
from client.ui import words
from client.ui.i18n import language, tr
from client.ui.models.result import QuestionResult, Result
from client.ui.screens.ballot_words import choice_label
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import hbox, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.progress import ProgressLine
from client.ui.widgets.text import Label


class ResultCard(Card):
    """What a vote came to.

    Attributes:
        evidence_wanted: "Xuất bằng chứng".
    """

    evidence_wanted = Signal()

    def __init__(self, result: Result, *, several: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column.addLayout(hbox(Label(tr("Kết quả"), "heading"), None, state_chip(result)))
        if result.dispute:
            self.column.addWidget(Banner(dispute_sentence(result.dispute), Tone.DANGER))
        if result.void:
            text = tr("Tài liệu đã thay đổi khi phiếu đang mở: phiếu này không có giá trị quyết định.")
            self.column.addWidget(Banner(text, Tone.WARNING))
        for index, one in enumerate(result.questions):
            if index:
                self.column.addWidget(Line())
            self.column.addWidget(QuestionOutcome(one, result, titled=several))
        self.column.addWidget(Label(turnout_sentence(result), "note"))
        if not result.final:
            note = tr("Số liệu tạm tính; chỉ kết quả đã ký của máy chủ là chính thức.")
            self.column.addWidget(Label(note, "note"))
        if result.dispute:
            button = Button(tr("Xuất bằng chứng"), "export")
            button.clicked.connect(self.evidence_wanted)
            self.column.addLayout(hbox(button, None))


class QuestionOutcome(QWidget):
    """One question: outcome, the plain sentence with its article, and a bar for each choice."""

    def __init__(self, one: QuestionResult, result: Result, *, titled: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = vbox(parent=self)
        if titled:
            column.addWidget(Label(one.question.text, "note"))
        if one.tally is not None and result.final and not result.void:
            outcome = Chip(in_language(outcome_words(one.tally.outcome)), outcome_tone(one.tally.outcome))
            column.addLayout(hbox(outcome, None))
        if one.sentence is not None:
            column.addWidget(Label(in_language(one.sentence), "strong"))
            if one.sentence.article:
                column.addWidget(Label(tr("Căn cứ: {articles}.").format(articles=one.sentence.article), "note"))
        for choice in one.question.choices:
            count = one.counts.get(choice.code, 0)
            text = Label(tr("{choice}: {n}").format(choice=choice_label(choice), n=count))
            column.addWidget(text)
            column.addWidget(ProgressLine(count, max(1, result.eligible)))


def state_chip(result: Result) -> Chip:
    """Provisional, final, certified or disputed."""
    if result.dispute:
        return Chip(tr("Không khớp"), Tone.DANGER)
    if not result.final:
        return Chip(tr("Tạm tính"), Tone.WARNING, "clock")
    if result.certified:
        return Chip(tr("Chính thức, đã xác nhận"), Tone.OK)
    return Chip(tr("Chính thức"), Tone.OK)


def turnout_sentence(result: Result) -> str:
    """``21 tại phòng họp + 4 vắng mặt · 2 không trả lời · 1 đến sau hạn``; three things that never merge."""
    parts = [tr("{n} tại phòng họp + {absent} vắng mặt").format(n=result.in_room, absent=result.absent)]
    if not result.absent:
        parts = [tr("{n}/{all} thành viên đã trả lời").format(n=result.in_room, all=result.eligible)]
    if result.silent:
        parts.append(tr("{n} không trả lời").format(n=result.silent))
    if result.late:
        parts.append(tr("{n} đến sau hạn").format(n=result.late))
    if result.admitted:
        parts.append(tr("{n} được chấp nhận tính").format(n=result.admitted))
    return words.joined(parts)


def dispute_sentence(code: str) -> str:
    """Why this device does not accept a closing list, from the code of ``sync.ballots.Dispute``."""
    known = {
        "not_eligible": tr("Danh sách kiểm phiếu có người không thuộc thành phần biểu quyết."),
        "twice": tr("Danh sách kiểm phiếu tính một người hai lần."),
        "totals": tr("Số phiếu cộng không khớp với danh sách kiểm phiếu."),
        "rules": tr("Phiếu được kiểm theo quy chế khác với quy chế đã công bố."),
        "own_missing": tr("Phiếu của đồng chí đã có biên nhận nhưng không có trong danh sách kiểm phiếu."),
        "own_foreign": tr("Danh sách kiểm phiếu ghi cho đồng chí một phiếu không do thiết bị của đồng chí ký."),
        "own_older": tr("Danh sách kiểm phiếu ghi phiếu cũ của đồng chí thay cho phiếu mới nhất."),
    }
    found = known.get(code, tr("Kết quả không khớp (mã {code}).").format(code=code))
    return tr("{why} Xuất bằng chứng và báo Thư ký.").format(why=found)


def outcome_tone(outcome: Outcome) -> Tone:
    """How an outcome is coloured."""
    return {Outcome.ADOPTED: Tone.OK, Outcome.NOT_ADOPTED: Tone.DANGER}.get(outcome, Tone.WARNING)


def in_language(sentence: Sentence) -> str:
    """The sentence in the language in force."""
    return sentence.en if language() == "en" else sentence.vi

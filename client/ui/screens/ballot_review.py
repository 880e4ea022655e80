# SPDX-License-Identifier: AGPL-3.0-or-later
"""Check before signing: content, choice, words, deadline, what will happen; beside it the PIN.

Shows exactly what will be signed: the answers come from the same function that hands them to the signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from client.clock import Clock
from client.domain.ballot import Answer, Poll
from client.keys.unlock import Vault
from client.ui.i18n import tr
from client.ui.screens.ballot_entry import Entry, answers_of
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_sign import SignPanel
from client.ui.screens.ballot_words import answer_lines, deadline_rule, replaces_sentence
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import Part, ScrollColumn, hbox, is_upright
from client.ui.widgets.list_rows import Line
from client.ui.widgets.text import IconLabel, Label

_LOW = 820


class ReviewPage(QWidget):
    """What will be signed, and the PIN.

    Attributes:
        edit_wanted: "Sửa lại".
    """

    edit_wanted = Signal()

    def __init__(self, vault: Vault | None, tasks: Tasks, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = ScrollColumn(edge=0)
        self.sign = SignPanel(vault, tasks, clock)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        self._row.setSpacing(GAP * 2)
        self._row.addWidget(self.list, 1)
        self._row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)

    def show_entry(self, page: BallotPage, asked: Poll, entry: Entry, notice: str) -> None:
        """Draw what will be signed.

        Args:
            page: What is known now.
            asked: The ballot as the form asked it.
            entry: Complete.
            notice: What becomes of it while offline; empty when online.
        """
        answers = answers_of(entry, asked)
        head = (asked.title, page.agency)
        facts = review_facts(page, asked, entry)
        parts = [
            Part("head", head, partial(_HeadCard, *head)),
            Part("answers", (asked.definition, answers), partial(_AnswersCard, asked, answers)),
            Part("facts", facts, partial(_FactsCard, facts)),
        ]
        if notice:
            parts.append(Part("notice", notice, partial(Banner, notice, Tone.WARNING, "offline")))
        parts.append(Part("edit", None, self._edit_row))
        self.list.show_parts(parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The PIN stands at the right in landscape, underneath in portrait and then lies wide."""
        super().resizeEvent(event)
        wide = not is_upright(self)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        low = self.height() < tokens().measures.target(_LOW) - 260
        self.sign.pin.set_wide(not wide or low)

    def _edit_row(self) -> QWidget:
        row = QWidget()
        button = Button(tr("Sửa lại"), "edit")
        button.clicked.connect(self.edit_wanted)
        hbox(button, None, parent=row)
        return row


class _HeadCard(Card):
    def __init__(self, title: str, agency: str) -> None:
        super().__init__()
        self.column.addWidget(Label(tr("Nội dung"), "note"))
        self.column.addWidget(Label(title, "heading"))
        if agency:
            self.column.addWidget(Label(tr("Cơ quan trình: {agency}").format(agency=agency), "note"))


class _AnswersCard(Card):
    def __init__(self, asked: Poll, answers: Sequence[Answer]) -> None:
        super().__init__()
        for index, (title, chosen, note) in enumerate(answer_lines(asked, answers)):
            if index:
                self.column.addWidget(Line())
            self.column.addWidget(Label(title, "note"))
            line = hbox(IconLabel("check_circle", "primary"), spacing=12)
            line.addWidget(Label(chosen, "title"), 1)
            self.column.addLayout(line)
            if note:
                self.column.addWidget(Label(tr("Nội dung ý kiến"), "note"))
                self.column.addWidget(Label(note))


class _FactsCard(Card):
    def __init__(self, facts: tuple[str, ...]) -> None:
        super().__init__()
        for fact in facts:
            line = hbox(spacing=12)
            line.addWidget(IconLabel("info"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Label(fact), 1)
            self.column.addLayout(line)


def review_facts(page: BallotPage, asked: Poll, entry: Entry) -> tuple[str, ...]:
    """What else the vote says, and when it counts."""
    facts = [deadline_rule(page.poll)]
    if replaced := replaces_sentence(page.view):
        facts.append(replaced)
    elif not asked.revote:
        facts.append(tr("Đã gửi thì không đổi được ý kiến."))
    if entry.absent:
        facts.append(tr("Biểu quyết vắng mặt. Lý do: {reason}").format(reason=entry.stated_reason))
    readable = sum(1 for paper in page.papers if paper.paper.can_open)
    facts.append(
        tr("Phiếu ghi mã của {n}/{all} tài liệu đồng chí đã mở trên máy này.").format(n=len(page.opened), all=readable)
    )
    return tuple(facts)

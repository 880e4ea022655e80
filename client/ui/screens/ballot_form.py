# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of a ballot: its dossier beside the form, or beside what stands in the form's place.

Landscape: two columns, each scrolls; portrait: one column. A question that is on screen is never built again by a
change from outside: what the member entered stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from client.domain.ballot import AnswerProblem, Poll, Question, VoteMode
from client.domain.ids import QuestionId
from client.ui import formats
from client.ui.i18n import tr
from client.ui.models.result import Result
from client.ui.screens.ballot_conflict import ConflictCard
from client.ui.screens.ballot_dossier import Dossier
from client.ui.screens.ballot_entry import Entry, answers_of, entry_of
from client.ui.screens.ballot_model import BallotPage
from client.ui.screens.ballot_outcome import ResultCard
from client.ui.screens.ballot_question import AbsentBox, QuestionBox
from client.ui.screens.ballot_status import DraftCard, HistoryCard, QuestionText, StatusCard, lost_votes
from client.ui.screens.ballot_words import replaces_sentence
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import FlowLayout, Part, ScrollColumn, hbox, is_upright


class FormFoot(Card):
    """Under the form: what becomes of the vote, whether the draft is kept, and the two buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, part="bar")
        self.notice = Banner(tone=Tone.WARNING)
        self.trouble = Banner(tone=Tone.DANGER)
        self.saved = Chip("", Tone.OK)
        self.save_button = Button(tr("Lưu nháp"))
        self.review_button = Button(tr("Xem lại và gửi phiếu"), variant="primary")
        self.read_again_button = Button(tr("Xem nội dung mới"), "document_changed")
        self.column.addWidget(self.trouble)
        self.column.addWidget(self.notice)
        self._left = FlowLayout()
        holder = QWidget()  # as high as the button, so that both stand on one line
        holder.setMinimumHeight(tokens().measures.touch)
        hbox(self.saved, parent=holder)
        self._left.addWidget(self.save_button)
        self._left.addWidget(holder)
        left = QWidget()
        left.setLayout(self._left)
        row = hbox(spacing=GAP)
        row.addWidget(left, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.read_again_button)
        row.addWidget(self.review_button)
        self.column.addLayout(row)
        self.saved.hide()

    def show_saved(self, text: str, tone: Tone) -> None:
        """What became of the draft; empty for nothing to say."""
        self.saved.set(text, tone)
        self.saved.setVisible(bool(text))
        self._left.invalidate()

    def set_buttons(self, *, can_cast: bool, changed: bool) -> None:
        """Buttons only where they can do something."""
        self.save_button.setVisible(can_cast and not changed)
        self.review_button.setVisible(can_cast and not changed)
        self.read_again_button.setVisible(can_cast and changed)


_BEFORE_PAPERS: Final = frozenset({"status", "extension", "draft", "result"})
"""What a status begins with, by the keys of its parts."""


class FormPage(QWidget):
    """Dossier and form.

    Attributes:
        chosen: ``QuestionId`` and ``ChoiceCode``.
        written: ``QuestionId`` and the words.
        absent_changed: Absent or not, and the reason.
        paper_wanted: ``PaperId`` and page, from 0 or None.
        change_wanted, outbox_wanted: See ``StatusCard``.
        mine_wanted, other_wanted: See ``ConflictCard``.
        evidence_wanted: See ``ResultCard``.

    Args:
        device: What this device is called.
    """

    chosen = Signal(object, object)
    written = Signal(object, str)
    absent_changed = Signal(bool, str)
    paper_wanted = Signal(object, object)
    change_wanted = Signal()
    outbox_wanted = Signal()
    mine_wanted = Signal()
    other_wanted = Signal()
    evidence_wanted = Signal()

    def __init__(self, device: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._page: BallotPage | None = None
        self._asked: Poll | None = None
        self._entry: Callable[[], Entry] = Entry
        self._wide: bool | None = None
        self.dossier = ScrollColumn(edge=0)
        self.list = ScrollColumn(edge=0)
        self.foot = FormFoot()
        right = QVBoxLayout()
        right.setSpacing(GAP)
        right.addWidget(self.list, 1)
        right.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE, 0, EDGE, GAP * 2)
        row.setSpacing(GAP * 2)
        row.addWidget(self.dossier, 9)
        row.addLayout(right, 11)

    def show_page(self, page: BallotPage, asked: Poll | None, entry: Callable[[], Entry]) -> None:
        """Draw.

        Args:
            page: What is known now.
            asked: The ballot as the form asks it; None where a status stands instead.
            entry: What was entered so far, asked when a question is built.
        """
        self._page, self._asked, self._entry = page, asked, entry
        self.foot.setVisible(asked is not None)
        self._draw()

    def clear(self) -> None:
        """Show nothing: another ballot is being read."""
        self._page, self._asked = None, None
        self.dossier.show_parts([])
        self.list.show_parts([])
        self.foot.show_saved("", Tone.OK)
        self.foot.trouble.set("")
        self.foot.hide()

    def questions(self) -> dict[QuestionId, QuestionBox]:
        """The questions that are on screen, in their order."""
        boxes = {box.question.id: box for box in self.list.findChildren(QuestionBox) if not box.isHidden()}
        order = self._asked.questions if self._asked is not None else ()
        return {question.id: boxes[question.id] for question in order if question.id in boxes}

    def absent_box(self) -> AbsentBox | None:
        """The part about voting while absent, where the rules have it."""
        return next((box for box in self.list.findChildren(AbsentBox) if not box.isHidden()), None)

    def set_open(self, is_open: bool) -> None:
        """Whether the form takes changes."""
        for box in self.questions().values():
            box.set_open(is_open)
        absent = self.absent_box()
        if absent is not None:
            absent.set_open(is_open)

    def show_problems(self, problems: dict[QuestionId, AnswerProblem], *, reason_missing: bool) -> None:
        """Say at each question what is missing."""
        for question, box in self.questions().items():
            box.show_problem(problems.get(question))
        absent = self.absent_box()
        if absent is not None:
            absent.show_problem(missing=reason_missing)

    def go_to_problem(self) -> None:
        """Bring the first missing thing into sight and focus."""
        for box in (*self.questions().values(), self.absent_box()):
            if box is not None and box.problem.text:
                self.list.ensureWidgetVisible(box.problem)
                if isinstance(box, QuestionBox):
                    box.focus_problem()
                else:
                    box.reason.setFocus()
                return

    def to_top(self) -> None:
        """Both columns from their beginning."""
        self.list.verticalScrollBar().setValue(0)
        self.dossier.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column in portrait."""
        super().resizeEvent(event)
        wide = not is_upright(self)
        if wide != self._wide:
            self._wide = wide
            self.dossier.setVisible(wide)
            self._draw()

    def _draw(self) -> None:
        if self._page is None:
            return
        page, asked = self._page, self._asked
        shown = (page.poll, page.item, page.agency, page.papers)
        dossier = [Part("dossier", shown, partial(self._dossier, page))]
        parts = self._form(page, asked) if asked is not None else self._status(page)
        self.dossier.show_parts(dossier if self._wide else [])
        if not self._wide:  # what became of my vote, and the result, come before the papers, a form after them
            last = max((at for at, part in enumerate(parts, 1) if part.key in _BEFORE_PAPERS), default=0)
            first = last if asked is None else 0
            parts = [*parts[:first], *dossier, *parts[first:]]
        self.list.show_parts(parts)

    def _form(self, page: BallotPage, asked: Poll) -> list[Part]:
        parts = extension_parts(page)
        if text := replaces_sentence(page.view):
            parts.append(Part("replaces", text, partial(Banner, text, Tone.INFO, "redo")))
        for number, question in enumerate(asked.questions, start=1):
            key = ("question", question.id)
            parts.append(Part(key, (asked.definition, question), partial(self._question, asked, number, question)))
        fixed = page.mode is VoteMode.ABSENT_APPROVED
        if page.absent_allowed and page.mode is not VoteMode.IN_ROOM:
            parts.append(Part("absent", (asked.definition, fixed), partial(self._absent, fixed=fixed)))
        if page.view.current is not None or lost_votes(page):
            parts.append(Part("history", page.view.history, partial(HistoryCard, page)))
        return parts

    def _status(self, page: BallotPage) -> list[Part]:
        card: Callable[[BallotPage], Card] = self._conflict_card if page.undecided else self._status_card
        parts = [Part("status", (page.view, page.can_cast, page.silent), partial(card, page)), *extension_parts(page)]
        if page.draft is not None and not page.can_cast:
            answers = answers_of(entry_of(page.draft, page.poll), page.poll)
            if answers:
                parts.append(Part("draft", answers, partial(DraftCard, page.poll, answers)))
        if page.result is not None:
            result = page.result
            parts.append(Part("result", result, partial(self._result_card, page, result)))
        if page.view.current is None:
            for number, question in enumerate(page.poll.questions, start=1):
                build = partial(QuestionText, page.poll, number, question)
                parts.append(Part(("asked", question.id), question, build))
        if len(page.view.history) > (0 if page.view.current is None else 1):
            parts.append(Part("history", page.view.history, partial(HistoryCard, page)))
        return parts

    def _dossier(self, page: BallotPage) -> Dossier:
        made = Dossier(page)
        made.wanted.connect(self.paper_wanted)
        return made

    def _question(self, asked: Poll, number: int, question: Question) -> QuestionBox:
        made = QuestionBox(asked, number, question, self._entry().at(question.id))
        made.chosen.connect(lambda code: self.chosen.emit(question.id, code))
        made.written.connect(lambda text: self.written.emit(question.id, text))
        made.set_open(self._page is not None and self._page.can_cast)
        return made

    def _absent(self, *, fixed: bool) -> AbsentBox:
        made = AbsentBox(self._entry(), fixed=fixed)
        made.changed.connect(self.absent_changed)
        made.switch.toggled.connect(lambda on: QTimer.singleShot(0, made, partial(self._reveal, made)) if on else None)
        made.set_open(self._page is not None and self._page.can_cast)
        return made

    def _reveal(self, box: AbsentBox) -> None:
        self.list.ensureWidgetVisible(box.reason)

    def _conflict_card(self, page: BallotPage) -> ConflictCard:
        made = ConflictCard(page, self._device)
        made.mine_wanted.connect(self.mine_wanted)
        made.other_wanted.connect(self.other_wanted)
        made.anew_wanted.connect(self.change_wanted)
        return made

    def _result_card(self, page: BallotPage, result: Result) -> ResultCard:
        made = ResultCard(result, several=len(page.poll.questions) > 1)
        made.evidence_wanted.connect(self.evidence_wanted)
        return made

    def _status_card(self, page: BallotPage) -> StatusCard:
        made = StatusCard(page)
        made.change_wanted.connect(self.change_wanted)
        made.outbox_wanted.connect(self.outbox_wanted)
        return made


def extension_parts(page: BallotPage) -> list[Part]:
    """That the ballot stays open longer, and why; nothing where its end was never moved."""
    told = page.extension
    if told is None:
        return []
    text = tr("Đã gia hạn đến {when}. Lý do: {why}").format(when=formats.deadline_moment(told.closes), why=told.reason)
    return [Part("extension", text, partial(Banner, text, Tone.INFO, "clock"))]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""One question of a ballot: choices, none chosen at first, and words. Says what was done, keeps nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QWidget

from client.domain.ballot import MAX_NOTE, AnswerProblem, NoteRule, Poll, Question
from client.domain.ids import ChoiceCode
from client.ui import formats
from client.ui.announce import announce
from client.ui.i18n import tr
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_entry import MAX_REASON, Entry, Given, choice_of
from client.ui.screens.ballot_words import choice_hint, choice_label, note_title, problem_sentence, question_title
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import hbox
from client.ui.widgets.switch import Switch
from client.ui.widgets.text import Label


class QuestionBox(Card):
    """One question.

    Attributes:
        chosen: ``ChoiceCode`` that was pressed.
        written: The words, after each change.

    Args:
        poll: Its ballot.
        number: Its place, from 1.
        question: The question.
        given: What stands there already.
    """

    chosen = Signal(object)
    written = Signal(str)

    def __init__(
        self, poll: Poll, number: int, question: Question, given: Given, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.question = question
        self._open = True
        title = question_title(poll, number, question)
        self.column.addWidget(Label(title, "heading"))
        self._group = QButtonGroup(self)
        self.choices: dict[ChoiceCode, ChoiceButton] = {}
        for choice in question.choices:
            button = ChoiceButton(choice_label(choice), choice_hint(choice))
            button.setAccessibleDescription(title)
            button.setChecked(choice.code == given.choice)
            button.clicked.connect(lambda _=False, code=choice.code: self._choose(code))
            self._group.addButton(button)
            self.choices[choice.code] = button
            self.column.addWidget(button)
        self.problem = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.problem)
        self.note_title = Label("", "note")
        self.note = note_field(given.note, tr("Nhập nội dung ý kiến…"), 110 if len(poll.questions) > 1 else 200)
        self.note.textChanged.connect(self._on_note)
        self.column.addWidget(self.note_title)
        self.column.addWidget(self.note)
        self._show_note(given.choice)

    @property
    def choice(self) -> ChoiceCode | None:
        """The pressed one."""
        return next((code for code, button in self.choices.items() if button.isChecked()), None)

    def set_open(self, is_open: bool) -> None:
        """Whether it can still be changed; what was entered stays readable."""
        self._open = is_open
        for button in self.choices.values():
            button.setEnabled(is_open)
        self._show_note(self.choice)

    def show_problem(self, problem: AnswerProblem | None) -> None:
        """Say what is missing; None when nothing is."""
        text = "" if problem is None else problem_sentence(problem)
        if len(self.note.toPlainText()) > MAX_NOTE:
            text = too_long_sentence(MAX_NOTE)
        self.problem.set(text)
        mark_wrong(self.note, wrong=problem is AnswerProblem.NOTE_REQUIRED or len(self.note.toPlainText()) > MAX_NOTE)

    def focus_problem(self) -> None:
        """Put the focus where something is missing."""
        announce(self, self.problem.text, urgent=True)
        target: QWidget = self.note if self.note.property("wrong") else next(iter(self.choices.values()))
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, code: ChoiceCode) -> None:
        self._show_note(code)
        self.chosen.emit(code)

    def _on_note(self) -> None:
        self.written.emit(self.note.toPlainText())

    def _show_note(self, code: ChoiceCode | None) -> None:
        choice = None if code is None else choice_of(self.question, code)
        useless = all(each.note is NoteRule.NONE for each in self.question.choices)
        unused = useless or (choice is not None and choice.note is NoteRule.NONE)
        hidden = unused and not self.note.toPlainText().strip()
        title = note_title(self.question, choice)
        self.note_title.setText(title)
        self.note.setAccessibleName(title)
        self.note_title.setHidden(hidden)
        self.note.setHidden(hidden)
        self.note.setEnabled(not unused)
        self.note.setReadOnly(not self._open)


class AbsentBox(Card):
    """Voting while absent: off unless the member says so; needs a reason.

    Attributes:
        changed: Absent or not, and the reason.

    Args:
        fixed: The session's roll says it; the switch only shows it.
    """

    changed = Signal(bool, str)

    def __init__(self, entry: Entry, *, fixed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fixed = fixed
        name = (
            tr("Đồng chí vắng mặt, đã được đồng ý (theo điểm danh)")
            if fixed
            else tr("Tôi vắng mặt và đã được đồng ý cho vắng mặt")
        )
        self.switch = Switch(name, on=entry.absent)
        line = hbox(spacing=GAP * 2)
        line.addWidget(Label(name), 1)
        line.addWidget(self.switch)
        self.column.addLayout(line)
        self._details = Label(
            tr("Phiếu được ghi là “biểu quyết vắng mặt”: được tính chung và nêu riêng. Cần nêu lý do."), "note"
        )
        self.reason = note_field(entry.reason, tr("Lý do vắng mặt…"), 80)
        self.reason.setAccessibleName(tr("Lý do vắng mặt"))
        self.problem = Banner(tone=Tone.DANGER)
        for part in (self._details, self.reason, self.problem):
            self.column.addWidget(part)
        self.switch.toggled.connect(self._emit)
        self.reason.textChanged.connect(self._emit)
        self._fold()

    def set_open(self, is_open: bool) -> None:
        """Whether it can still be changed."""
        self.switch.setEnabled(is_open and not self._fixed)
        self.reason.setReadOnly(not is_open)

    def show_problem(self, *, missing: bool) -> None:
        """Say that the reason is missing or too long."""
        if missing and len(self.reason.toPlainText()) > MAX_REASON:
            self.problem.set(too_long_sentence(MAX_REASON))
        else:
            self.problem.set(tr("Cần nêu lý do vắng mặt.") if missing else "")
        mark_wrong(self.reason, wrong=missing)

    def _emit(self) -> None:
        self._fold()
        self.changed.emit(self.switch.isChecked(), self.reason.toPlainText())

    def _fold(self) -> None:
        on = self.switch.isChecked()
        self._details.setVisible(on)
        self.reason.setVisible(on)
        if not on:
            self.problem.set("")


def note_field(text: str, placeholder: str, height: int) -> QPlainTextEdit:
    """A field for words, ``height`` px at 100 %; Tab leaves it."""
    field = QPlainTextEdit()
    field.setPlainText(text)
    field.setPlaceholderText(placeholder)
    field.setTabChangesFocus(True)
    field.setMinimumHeight(tokens().measures.text(height))
    return field


def mark_wrong(field: QPlainTextEdit, *, wrong: bool) -> None:
    """Draw the field's edge as faulty or not."""
    if bool(field.property("wrong")) != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


def too_long_sentence(limit: int) -> str:
    """More words than a vote may carry."""
    return tr("Nội dung dài quá {n} ký tự.").format(n=formats.number(limit))

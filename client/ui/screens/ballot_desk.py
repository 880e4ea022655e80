# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in work: what is asked, what was entered, what is missing, whether it is kept. Signs nothing.

The wording that is asked changes only when the member agrees; what was entered is taken away by nothing.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from client.clock import Millis
from client.domain.ballot import Answer, Poll, VoteMode
from client.domain.ids import ChoiceCode, QuestionId
from client.errors import EcabinetError
from client.store.outbox import Draft
from client.ui import formats
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.screens.ballot_draft import DraftKeeper
from client.ui.screens.ballot_entry import Entry, entry_of, problems_of, reason_missing, too_long
from client.ui.screens.ballot_form import FormPage
from client.ui.screens.ballot_model import BallotPage
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone


class FormDesk(QObject):
    """One form at a time, on ``form``.

    Attributes:
        asked: The ballot as the form asks it; None where no form was opened.
        entry: What was entered so far.
        editing: Whether changes are taken; the screen sets it.
    """

    def __init__(self, ctx: AppContext, tasks: Tasks, form: FormPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.asked: Poll | None = None
        self.entry = Entry()
        self.editing = False
        self._told = False
        self.keeper = DraftKeeper(ctx.record, tasks, ctx.clock, self)
        self.keeper.kept.connect(self._on_kept)
        self.keeper.failed.connect(self._on_not_kept)
        form.chosen.connect(self._on_chosen)
        form.written.connect(self._on_written)
        form.absent_changed.connect(self._on_absent)
        form.foot.save_button.clicked.connect(self.save)

    def open(self, page: BallotPage) -> None:
        """Begin a form, with the draft if one was kept."""
        self.asked, self._told = page.poll, False
        self.entry = _as_roll_says(entry_of(page.draft, page.poll), page)
        self._form.to_top()
        self._form.foot.show_saved("" if page.draft is None else tr("Đã lưu nháp"), Tone.OK)

    def open_with(self, page: BallotPage, answers: tuple[Answer, ...]) -> None:
        """Begin a form with answers the member gave before and asked for again."""
        self.asked, self._told = page.poll, False
        self.entry = _as_roll_says(entry_of(Draft(answers, VoteMode.IN_ROOM, None), page.poll), page)
        self._form.to_top()
        self._form.foot.show_saved("", Tone.OK)

    def close(self) -> None:
        """No form any more; a draft that was not kept yet is kept now."""
        self.keeper.flush()
        self.asked, self.entry, self._told = None, Entry(), False

    def follow(self, page: BallotPage) -> None:
        """Take over a newer state, deadline or roll; another wording is only taken by :meth:`take`."""
        if self.asked is not None and self.asked.definition == page.poll.definition:
            self.asked = page.poll
            self.entry = _as_roll_says(self.entry, page)

    def differs(self, poll: Poll) -> bool:
        """Whether ``poll`` asks something else than the form."""
        return self.asked is not None and self.asked.definition != poll.definition

    def take(self, poll: Poll) -> None:
        """Ask the new wording; choices it does not have are dropped, words stay."""
        self.asked, self._told = poll, False
        known = {question.id: {choice.code for choice in question.choices} for question in poll.questions}
        self.entry = self.entry.fitting(known)
        self.keeper.keep(poll.id, self.entry)
        self._form.to_top()

    def tell_problems(self) -> bool:
        """Say at each question what is missing; whether anything is."""
        if self.asked is None:
            return True
        problems, missing = problems_of(self.entry, self.asked), reason_missing(self.entry)
        self._told = True
        self._form.show_problems(problems, reason_missing=missing)
        return bool(problems) or missing or bool(too_long(self.entry))

    def save(self) -> None:
        """Keep the draft now, because the member asked."""
        if self.asked is not None and not self.entry.empty:
            self.keeper.keep(self.asked.id, self.entry)
            self.keeper.flush()

    def _on_chosen(self, question: QuestionId, choice: ChoiceCode) -> None:
        self._changed(self.entry.choose(question, choice))

    def _on_written(self, question: QuestionId, note: str) -> None:
        self._changed(self.entry.write(question, note))

    def _on_absent(self, absent: bool, reason: str) -> None:
        self._changed(Entry(self.entry.given, absent, reason))

    def _changed(self, entry: Entry) -> None:
        if self.asked is None or not self.editing:
            return
        self.entry = entry
        self.keeper.keep(self.asked.id, entry)
        self._form.foot.show_saved(tr("Đang lưu…"), Tone.NEUTRAL)
        if self._told:
            self.tell_problems()

    def _on_kept(self, at: Millis) -> None:
        foot = self._form.foot
        foot.trouble.set("")
        foot.show_saved("" if self.entry.empty else tr("Đã lưu nháp"), Tone.OK)
        foot.saved.setToolTip(formats.exact_moment(at))

    def _on_not_kept(self, error: EcabinetError) -> None:
        self._form.foot.show_saved(tr("Chưa lưu"), Tone.DANGER)
        self._form.foot.trouble.set(f"{error_title(error)}. {error_next_step(error)}")


def _as_roll_says(entry: Entry, page: BallotPage) -> Entry:
    """Absent or in the room is the roll's word where there is one, not the form's; everything else is the member's."""
    return entry if page.mode is None else replace(entry, absent=page.mode is VoteMode.ABSENT_APPROVED)

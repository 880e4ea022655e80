# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a member has put into a ballot's form so far, as a value: no widget, no store.

Nothing is chosen until the member chooses. Words written before a choice is made, or with a choice that a newer
wording no longer has, are kept: only a complete and allowed entry becomes answers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from client.domain.ballot import (
    MAX_NOTE,
    Answer,
    AnswerProblem,
    Choice,
    NoteRule,
    Poll,
    Question,
    VoteMode,
    check_answers,
)
from client.domain.ids import ChoiceCode, QuestionId
from client.store.outbox import Draft

NOT_CHOSEN: Final = ChoiceCode("__not_chosen__")
"""Stands in a kept draft for a question that has words and no choice yet; never signed."""
MAX_REASON: Final = 2_000
"""Characters of the reason for voting while absent (``VoteStatement.reason``)."""


@dataclass(frozen=True, slots=True)
class Given:
    """What stands at one question."""

    choice: ChoiceCode | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The whole form.

    Attributes:
        given: By question; a question without an entry is untouched.
        absent: Voting while absent; False unless the member said so.
        reason: Why absent.
    """

    given: MappingProxyType[QuestionId, Given] = field(default_factory=lambda: MappingProxyType({}))
    absent: bool = False
    reason: str = ""

    def at(self, question: QuestionId) -> Given:
        """What stands at ``question``."""
        return self.given.get(question, Given())

    def choose(self, question: QuestionId, choice: ChoiceCode) -> Entry:
        """The entry with another choice."""
        return self._with(question, replace(self.at(question), choice=choice))

    def write(self, question: QuestionId, note: str) -> Entry:
        """The entry with other words."""
        return self._with(question, replace(self.at(question), note=note))

    def fitting(self, known: Mapping[QuestionId, Collection[ChoiceCode]]) -> Entry:
        """The entry in a newer wording: choices it does not have are dropped, their words stay."""
        given = {
            question: one if one.choice in known[question] else replace(one, choice=None)
            for question, one in self.given.items()
            if question in known
        }
        return replace(self, given=MappingProxyType(given))

    @property
    def empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        touched = any(one.choice is not None or one.note.strip() for one in self.given.values())
        return not (touched or self.absent or self.reason.strip())

    @property
    def mode(self) -> VoteMode:
        """How it is signed."""
        return VoteMode.ABSENT_APPROVED if self.absent else VoteMode.IN_ROOM

    @property
    def stated_reason(self) -> str | None:
        """The reason as it is signed; None in the room."""
        return _clean(self.reason) if self.absent else None

    def _with(self, question: QuestionId, given: Given) -> Entry:
        return replace(self, given=MappingProxyType({**self.given, question: given}))


def entry_of(draft: Draft | None, poll: Poll) -> Entry:
    """The form as a kept draft left it; choices the ballot does not have are dropped, their words stay."""
    if draft is None:
        return Entry()
    known = {question.id: question for question in poll.questions}
    given = {
        answer.q: Given(
            answer.choice if choice_of(known[answer.q], answer.choice) is not None else None, answer.note or ""
        )
        for answer in draft.answers
        if answer.q in known
    }
    return Entry(MappingProxyType(given), draft.mode is VoteMode.ABSENT_APPROVED, draft.reason or "")


def draft_of(entry: Entry) -> Draft:
    """What is kept of an unfinished form: everything that was touched."""
    answers = tuple(
        Answer(question, one.choice or NOT_CHOSEN, one.note[:MAX_NOTE] or None)
        for question, one in entry.given.items()
        if one.choice is not None or one.note
    )
    return Draft(answers, entry.mode, entry.reason[:MAX_REASON] or None)


def answers_of(entry: Entry, poll: Poll) -> tuple[Answer, ...]:
    """What would be signed, in the order of the questions; unanswered ones are left out.

    Words go along only where the choice takes words; they are trimmed and brought into NFC.
    """
    found = []
    for question in poll.questions:
        given = entry.at(question.id)
        choice = None if given.choice is None else choice_of(question, given.choice)
        if choice is not None:
            note = None if choice.note is NoteRule.NONE else _clean(given.note) or None
            found.append(Answer(question.id, choice.code, note))
    return tuple(found)


def problems_of(entry: Entry, poll: Poll) -> dict[QuestionId, AnswerProblem]:
    """What is missing, by question."""
    return check_answers({question.id: question.choices for question in poll.questions}, answers_of(entry, poll))


def too_long(entry: Entry) -> tuple[QuestionId, ...]:
    """Questions whose words are more than a vote may carry."""
    return tuple(question for question, one in entry.given.items() if len(one.note) > MAX_NOTE)


def reason_missing(entry: Entry) -> bool:
    """Absent, and no reason or one that is too long."""
    return entry.absent and not 0 < len(_clean(entry.reason)) <= MAX_REASON


def choice_of(question: Question, code: ChoiceCode) -> Choice | None:
    """The choice with this code."""
    return next((choice for choice in question.choices if choice.code == code), None)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()

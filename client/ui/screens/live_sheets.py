# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sheets for acts in a session: ask for the floor, position on an item, substitute. Absence: ``live_absence``.

Nothing is chosen for the member, and nothing leaves before the button that names the act. What is missing is decided
by ``domain.live.check_draft``; here it is said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPlainTextEdit, QWidget

from client.domain.ids import ItemId, PaperId
from client.domain.live import (
    ActText,
    DraftProblem,
    LiveSession,
    NameSubstitute,
    Position,
    RequestToSpeak,
    SessionAct,
    SessionDraft,
    TakePosition,
    check_draft,
)
from client.errors import EcabinetError
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_question import mark_wrong, note_field
from client.ui.screens.live_acts import SessionActs
from client.ui.screens.live_words import POSITIONS, position_hint, position_words
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import FlowLayout, vbox
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

_DIGITS: Final = 5
"""Digits of a page number; no paper has more pages."""


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """A paper of the item that a position can point to, with its number of pages."""

    paper: PaperId
    title: str
    pages: int


class ActSheet(Sheet):
    """One act in a session: what is entered, what is missing, one button that signs.

    Attributes:
        saved: ``OutboxItem`` after it was saved on this device.

    Args:
        title: Heading.
        live: The session.
        acts: Signs.
        button: Words of the button.
        said: What a screen reader hears once it is saved.
    """

    saved = Signal(object)

    def __init__(
        self, title: str, live: LiveSession, acts: SessionActs, parent: QWidget, *, button: str, said: str
    ) -> None:
        super().__init__(title, parent)
        self._live, self._acts, self._said = live, acts, said
        self.trouble = Banner(tone=Tone.DANGER)
        self.cancel_button = self.add_button(tr("Thôi"))
        self.cancel_button.clicked.connect(self.reject)
        self.send_button = self.add_button(button, variant="primary", icon_name="signature")
        self.send_button.clicked.connect(self._send)

    def finish(self) -> None:
        """Called last by the sheets: where trouble is said."""
        sealed = tr("Nội dung được niêm phong cho Thư ký; máy chủ không đọc được.")
        self.column.addWidget(Label(sealed, "small"))
        self.column.addWidget(self.trouble)

    def act(self) -> SessionAct | None:
        """What would be signed; None while something is not chosen. Each sheet has its own."""
        return None

    def words(self) -> ActText | None:
        """The words that go along."""
        return None

    def _send(self) -> None:
        act, text = self.act(), self.words()
        if act is None:
            self.trouble.set(tr("Chưa chọn phương án."))
            return
        problem = check_draft(SessionDraft(self._live.session, self._live.pack, act, text))
        if problem is not None:
            self.trouble.set(problem_sentence(problem))
            self._mark(problem)
            return
        self._busy(busy=True)
        self._acts.do(self._live, act, said=self._said, text=text, saved=self._done, failed=self._failed)

    def _mark(self, _problem: DraftProblem) -> None:
        """Where it is missing."""

    def _done(self, item: object) -> None:
        self.saved.emit(item)
        self.accept()

    def _failed(self, error: EcabinetError) -> None:
        self._busy(busy=False)
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)}")

    def _busy(self, *, busy: bool) -> None:
        self.send_button.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)


class SpeakSheet(ActSheet):
    """Ask for the floor: one confirm step, with a topic if the member wishes."""

    def __init__(self, live: LiveSession, item: ItemId, about: str, acts: SessionActs, parent: QWidget) -> None:
        super().__init__(
            tr("Đăng ký phát biểu"),
            live,
            acts,
            parent,
            button=tr("Đăng ký phát biểu"),
            said=tr("Đã đăng ký phát biểu, lưu trên máy"),
        )
        self._item = item
        self.column.addWidget(Label(about, "strong"))
        self.topic = text_field(tr("Vấn đề sẽ phát biểu (không bắt buộc)"), 90)
        self.column.addWidget(Label(tr("Vấn đề sẽ phát biểu (không bắt buộc)"), "note"))
        self.column.addWidget(self.topic)
        self.finish()

    def act(self) -> SessionAct:
        """The request."""
        return RequestToSpeak(self._item)

    def words(self) -> ActText | None:
        """The topic, if there is one."""
        text = self.topic.toPlainText().strip()
        return ActText(text=text) if text else None


class PositionSheet(ActSheet):
    """A position on one item; the newest one received stands.

    Args:
        item: The item.
        about: Its title.
        papers: What the position may point to.
    """

    def __init__(
        self,
        live: LiveSession,
        item: ItemId,
        about: str,
        acts: SessionActs,
        parent: QWidget,
        *,
        papers: Sequence[PaperPlace] = (),
    ) -> None:
        super().__init__(
            tr("Ý kiến của đồng chí về nội dung này"),
            live,
            acts,
            parent,
            button=tr("Ký và gửi"),
            said=tr("Ý kiến đã lưu trên máy"),
        )
        self._item = item
        self.column.addWidget(Label(about, "strong"))
        self._group = QButtonGroup(self)
        self.choices: dict[Position, ChoiceButton] = {}
        for position in POSITIONS:
            button = ChoiceButton(position_words(position), position_hint(position))
            button.setMinimumHeight(tokens().measures.touch)
            self._group.addButton(button)
            self.choices[position] = button
            self.column.addWidget(button)
        self.note = text_field(tr("Nội dung ý kiến"), 90)
        self.column.addWidget(Label(tr("Nội dung ý kiến"), "note"))
        self.column.addWidget(self.note)
        self.place = PlaceChooser(papers)
        self.place.setVisible(bool(papers))
        self.column.addWidget(self.place)
        self.finish()

    @property
    def position(self) -> Position | None:
        """The pressed one."""
        return next((position for position, button in self.choices.items() if button.isChecked()), None)

    def act(self) -> SessionAct | None:
        """The position, once one is chosen."""
        position = self.position
        return None if position is None else TakePosition(self._item, position)

    def words(self) -> ActText | None:
        """Opinion and place, if there are any."""
        text = self.note.toPlainText().strip()
        paper, page = self.place.value()
        return ActText(text=text, paper=paper, page=page) if text or paper is not None else None

    def _mark(self, _problem: DraftProblem) -> None:
        mark_wrong(self.note, wrong=True)
        self.note.setFocus()


class PlaceChooser(QWidget):
    """A paper of the item and a page in it; none at first, and none again by a second press."""

    def __init__(self, papers: Sequence[PaperPlace], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._papers = tuple(papers)
        flow = FlowLayout()
        self.papers = [self._button(place) for place in self._papers]
        for button in self.papers:
            flow.addWidget(button)
        self.page = QLineEdit()
        self.page.setAccessibleName(tr("Trang liên quan: số trang"))
        self.page.setPlaceholderText(tr("Trang"))
        self.page.setFixedWidth(tokens().measures.text(96))
        self.page.setMinimumHeight(tokens().measures.touch)
        self.page.setEnabled(False)
        flow.addWidget(self.page)
        column = vbox(Label(tr("Trang liên quan (không bắt buộc)"), "note"), parent=self)
        column.addLayout(flow)

    def value(self) -> tuple[PaperId | None, int | None]:
        """Paper and page from 0; a page that the paper does not have is left out."""
        pressed = (place for place, button in zip(self._papers, self.papers, strict=True) if button.isChecked())
        place = next(pressed, None)
        if place is None:
            return None, None
        text = self.page.text().strip()
        page = int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
        return place.paper, page - 1 if 1 <= page <= place.pages else None

    def _button(self, place: PaperPlace) -> Button:
        button = Button(place.title, variant="segment")
        button.setCheckable(True)
        button.setAccessibleName(tr("Trang liên quan: {title}").format(title=place.title))
        button.toggled.connect(lambda on: self._pressed(button, on=on))
        return button

    def _pressed(self, button: Button, *, on: bool) -> None:
        if on:
            for other in self.papers:
                if other is not button:
                    other.setChecked(False)
        self.page.setEnabled(any(one.isChecked() for one in self.papers))


class SubstituteSheet(ActSheet):
    """Name who presents the member's opinion; that person gets no ballot."""

    def __init__(self, live: LiveSession, acts: SessionActs, parent: QWidget) -> None:
        super().__init__(
            tr("Cử người dự thay"), live, acts, parent, button=tr("Ký và gửi"), said=tr("Người dự thay đã lưu trên máy")
        )
        self.column.addWidget(
            Label(tr("Người dự thay trình bày ý kiến của đồng chí và không biểu quyết; không ai biểu quyết thay."))
        )
        self.person = QLineEdit()
        self.person.setAccessibleName(tr("Họ tên và chức vụ người dự thay"))
        self.person.setMinimumHeight(tokens().measures.touch)
        self.column.addWidget(Label(tr("Họ tên và chức vụ người dự thay (bắt buộc)"), "note"))
        self.column.addWidget(self.person)
        self.sheet = text_field(tr("Nội dung bàn giao"), 130)
        self.column.addWidget(Label(tr("Nội dung bàn giao: ý kiến cần trình bày"), "note"))
        self.column.addWidget(self.sheet)
        self.finish()

    def act(self) -> SessionAct:
        """The naming; the directory's id is the secretariat's to add."""
        return NameSubstitute()

    def words(self) -> ActText:
        """Name and hand-over sheet."""
        return ActText(text=self.sheet.toPlainText().strip(), person=self.person.text().strip())

    def _mark(self, _problem: DraftProblem) -> None:
        self.person.setFocus()


def problem_sentence(problem: DraftProblem) -> str:
    """What is missing."""
    return {
        DraftProblem.REASON_MISSING: tr("Cần nêu lý do vắng mặt."),
        DraftProblem.PERSON_MISSING: tr("Cần ghi họ tên và chức vụ người dự thay."),
        DraftProblem.OPINION_MISSING: tr("Cần ghi nội dung cho lựa chọn này."),
        DraftProblem.INTERVAL: tr("Thời gian vắng mặt không hợp lệ: ghi giờ và phút, giờ sau muộn hơn giờ trước."),
    }[problem]


def text_field(name: str, height: int) -> QPlainTextEdit:
    """A field for words, named for screen readers."""
    field = note_field("", "", height)
    field.setAccessibleName(name)
    return field

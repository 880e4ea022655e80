# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots of every shape: absent, several questions, portrait, large and long words, for screen readers."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, NoteRule, PollState, VoteMode
from client.domain.ids import Hash, QuestionId
from client.settings import Settings, Theme
from client.store import polls
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.widgets.paper_row import PaperRow
from tests.helpers.ballot_screen import (
    LANDSCAPE,
    NO,
    PORTRAIT,
    Q1,
    Q_OPINION,
    Q_SESSION,
    YES,
    box_of,
    open_session,
    press,
    settle,
    sign,
    statement,
    texts,
)
from tests.helpers.ui_audit import Longer, controls, cut_off, too_small, unnamed
from tests.helpers.ui_world import OPINION, PIN, UiWorld, digest, poll
from tests.ui.conftest import ShowWindow


def test_voting_while_absent_is_never_the_default(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    absent = screen.form.absent_box()
    assert absent is not None
    assert not absent.switch.isChecked()
    assert not absent.reason.isVisible()
    press(box_of(screen).choices[YES])
    absent.switch.setChecked(True)
    settle(world, qtbot)
    press(screen.form.foot.review_button)
    assert absent.problem.text == "Cần nêu lý do vắng mặt."
    absent.reason.setPlainText("Công tác nước ngoài (dữ liệu giả định)")
    sign(world, screen, qtbot)
    signed = statement(world, 1)
    assert (signed.mode, signed.reason) == (VoteMode.ABSENT_APPROVED, "Công tác nước ngoài (dữ liệu giả định)")


def test_no_absence_without_rules_that_know_it(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.OPEN))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert screen.form.absent_box() is None


def test_several_questions(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    base = poll("q_many", OPINION, "Nhiều câu hỏi (dữ liệu giả định)")
    first = base.questions[0]
    bare = tuple(msgspec.structs.replace(choice, note=NoteRule.NONE) for choice in first.choices)
    second = msgspec.structs.replace(first, id=QuestionId("q2"), text="Câu hai?", choices=bare)
    world.write(lambda c: polls.save(c, msgspec.structs.replace(base, questions=(first, second))))
    screen = show(places.Ballot(base.id)).findChild(BallotScreen)
    settle(world, qtbot)
    assert "2. Câu hai?" in texts(screen)
    assert not box_of(screen, QuestionId("q2")).note.isVisible()
    press(box_of(screen).choices[YES])
    press(screen.form.foot.review_button)
    assert (box_of(screen).problem.text, box_of(screen, QuestionId("q2")).problem.text) == ("", "Chưa chọn phương án.")
    press(box_of(screen, QuestionId("q2")).choices[NO])
    assert box_of(screen).choice == YES
    sign(world, screen, qtbot)
    assert statement(world, 1).answers == (Answer(Q1, YES), Answer(QuestionId("q2"), NO))


def test_one_column_in_portrait_keeps_the_form(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    box = box_of(opened)
    press(box.choices[NO])
    box.note.setPlainText("Giữ")
    assert opened.form.dossier.isVisible()
    opened.window().resize(*PORTRAIT)
    qtbot.waitUntil(lambda: not opened.form.dossier.isVisible())
    settle(world, qtbot)
    assert box_of(opened) is box
    assert (box.choice, box.note.toPlainText()) == (NO, "Giữ")
    rows = [row for row in opened.form.list.findChildren(PaperRow) if row.isVisible()]
    assert len(rows) == 3


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_targets_names_and_room(
    ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK if percent == 150 else Theme.LIGHT))
    open_session(world)
    window = show(places.Ballots(), size)

    def audit(what: str) -> None:
        settle(world, qtbot)
        assert (window.width(), window.height()) == size
        assert len(controls(window)) >= 2, what
        assert too_small(window) == [], what
        assert unnamed(window) == [], what
        assert cut_off(window) == [], what

    audit("list")
    assert window.workspace is not None
    window.workspace.open_ballot(Q_SESSION)
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    absent = screen.form.absent_box()
    assert absent is not None
    absent.switch.setChecked(True)
    audit("session form")
    window.workspace.open_ballot(Q_OPINION)
    audit("form")
    press(screen.form.foot.review_button)
    press(box_of(screen).choices[NO])
    audit("problem")
    box_of(screen).note.setPlainText("Lý do " * 40)
    press(screen.form.foot.review_button)
    audit("review")
    QTest.keyClicks(screen.review.sign.pin, PIN)
    QTest.keyClick(screen.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.step is Step.RESULT)
    audit("result")
    screen.enter(places.Ballot(Q_OPINION))
    audit("status")


def test_longer_words_still_fit(ui_app: QApplication, world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    longer = Longer(ui_app)
    ui_app.installTranslator(longer)
    try:
        window = show(places.Ballots(), PORTRAIT)
        settle(world, qtbot)
        assert cut_off(window) == []
        assert window.workspace is not None
        window.workspace.open_ballot(Q_OPINION)
        settle(world, qtbot)
        screen = window.findChild(BallotScreen)
        press(box_of(screen).choices[YES])
        settle(world, qtbot)
        assert cut_off(window) == []
        press(screen.form.foot.review_button)
        settle(world, qtbot)
        assert screen.step is Step.REVIEW
        assert cut_off(window) == []
    finally:
        ui_app.removeTranslator(longer)


def test_a_choice_is_a_radio_button_to_screen_readers(opened: BallotScreen) -> None:
    from PySide6.QtGui import QAccessible

    button = box_of(opened).choices[NO]
    seen = QAccessible.queryAccessibleInterface(button)
    assert seen.role() is QAccessible.Role.RadioButton
    assert seen.text(QAccessible.Text.Name) == "Không đồng ý. Cần ghi nội dung"
    assert not seen.state().checked


def test_a_long_choice_wraps(ui_app: QApplication, qtbot: QtBot) -> None:
    button = ChoiceButton("Phương án 2: 12 tháng kể từ ngày Nghị định có hiệu lực " * 4, "Cần ghi nội dung")
    qtbot.addWidget(button)
    assert button.heightForWidth(400) > 2 * button.heightForWidth(2400)
    assert button.heightForWidth(4000) == 64


def test_forty_questions_are_built_in_slices(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    base = poll("q_forty", OPINION, "Bốn mươi câu (dữ liệu giả định)")
    many = tuple(
        msgspec.structs.replace(base.questions[0], id=QuestionId(f"q{n}"), text=f"Câu {n}?") for n in range(40)
    )
    world.write(lambda c: polls.save(c, msgspec.structs.replace(base, questions=many, definition=Hash(digest("40")))))
    screen = show(places.Ballot(base.id)).findChild(BallotScreen)
    settle(world, qtbot)
    assert list(screen.form.questions()) == [question.id for question in many]

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots: the list, the form and its draft, and what happens around an open form."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, PollState
from client.domain.ids import ChoiceCode, Moment, PaperId
from client.store import polls, reading
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.ui import navigator as places
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_status import DraftCard
from client.ui.screens.ballots import BallotsScreen
from client.ui.widgets.ballot_row import BallotCard
from client.ui.widgets.button import Button
from client.ui.widgets.list_rows import Section
from client.ui.widgets.paper_row import PaperRow
from tests.helpers.ballot_screen import (
    NO,
    Q1,
    Q_OPINION,
    Q_SESSION,
    YES,
    acts,
    box_of,
    buttons,
    draft,
    open_session,
    press,
    settle,
    sign,
    space_of,
    statement,
    texts,
)
from tests.helpers.ui_world import OPINION, UiWorld, digest
from tests.ui.conftest import ShowWindow


def test_the_list_puts_first_what_awaits_me(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Ballots())
    settle(world, qtbot)
    screen = window.findChild(BallotsScreen)
    assert [one.head.text() for one in screen.findChildren(Section)] == [
        "Cần cho ý kiến (1)",
        "Phiếu khác (1)",
        "Đã đóng (1)",
    ]
    assert screen.header.title.text() == "Biểu quyết (1)"
    card = next(card for card in screen.findChildren(BallotCard) if card.view.poll.id == Q_OPINION)
    QTest.keyClick(card, Qt.Key.Key_Return)
    settle(world, qtbot)
    assert window.workspace is not None
    assert window.workspace.route == places.Ballot(Q_OPINION)


def test_the_list_follows_a_vote(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Ballots())
    settle(world, qtbot)
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    screen = window.findChild(BallotsScreen)
    qtbot.waitUntil(lambda: "Chờ biên nhận (1)" in texts(screen))
    qtbot.waitUntil(lambda: "Đã lưu trên máy, chưa được tính" in texts(screen))


def test_nothing_is_chosen_for_the_member(world: UiWorld, opened: BallotScreen) -> None:
    choices = opened.findChildren(ChoiceButton)
    assert len(choices) == 3
    assert not any(choice.isChecked() for choice in choices)
    assert all(choice.height() >= 64 for choice in choices)
    assert opened.desk.entry.empty
    assert draft(world) is None


def test_the_dossier_says_what_it_is_about(opened: BallotScreen) -> None:
    said = texts(opened)
    assert "Cơ quan trình: Bộ Tư pháp" in said
    assert "Vấn đề còn ý kiến khác nhau" in said
    assert "Phương án 2: 12 tháng" in said
    assert "Ý kiến của: Bộ Tài chính, Bộ Công Thương" in said
    assert "Hạn gửi: 17:00, Thứ Bảy, 28/11/2026" in said
    assert "còn 1 ngày 8 giờ" in said
    assert "Phiếu có ghi tên." in said
    assert "Đang ngoại tuyến: phiếu sẽ được ký" in said
    assert len([row for row in opened.findChildren(PaperRow) if row.isVisible()]) == 3


def test_an_open_difference_leads_to_its_page_and_back_to_the_form(
    world: UiWorld, opened: BallotScreen, qtbot: QtBot
) -> None:
    press(box_of(opened).choices[YES])
    link = next(b for b in opened.findChildren(Button) if b.text() == "Tờ trình, trang 7")
    press(link)
    settle(world, qtbot)
    space = space_of(opened)
    assert space.route == places.Paper(OPINION, PaperId("opin2"), 6)  # type: ignore[attr-defined]
    space.back()  # type: ignore[attr-defined]
    settle(world, qtbot)
    assert box_of(opened).choices[YES].isChecked()


def test_an_incomplete_form_says_where(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    press(opened.form.foot.review_button)
    assert opened.step is Step.FORM
    assert box_of(opened).problem.text == "Chưa chọn phương án."
    press(box_of(opened).choices[NO])
    assert box_of(opened).problem.text == "Cần ghi nội dung cho lựa chọn này."
    QTest.keyClicks(box_of(opened).note, "ly do")
    assert box_of(opened).problem.text == ""
    press(opened.form.foot.review_button)
    settle(world, qtbot)
    assert opened.step is Step.REVIEW


def test_choices_by_keyboard(world: UiWorld, opened: BallotScreen) -> None:
    first = box_of(opened).choices[YES]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert opened.desk.entry.at(Q1).choice == YES
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert opened.desk.entry.at(Q1).choice == NO


def test_the_draft_is_kept_by_itself_and_found_again(
    world: UiWorld, opened: BallotScreen, show: ShowWindow, qtbot: QtBot
) -> None:
    press(box_of(opened).choices[NO])
    box_of(opened).note.setPlainText("Đề nghị làm rõ Điều 12.")
    qtbot.waitUntil(lambda: opened.form.foot.saved.text == "Đã lưu nháp")
    kept = draft(world)
    assert kept is not None
    assert kept.answers == (Answer(Q1, NO, "Đề nghị làm rõ Điều 12."),)
    opened.window().close()
    again = show(places.Ballot(Q_OPINION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert box_of(again).choices[NO].isChecked()
    assert box_of(again).note.toPlainText() == "Đề nghị làm rõ Điều 12."
    assert acts(world) == ()


def test_leaving_keeps_the_draft_at_once(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    press(box_of(opened).choices[YES])
    assert opened.desk.keeper.dirty
    space = space_of(opened)
    space.open_outbox()  # type: ignore[attr-defined]
    settle(world, qtbot)
    kept = draft(world)
    assert kept is not None
    assert kept.answers[0].choice == YES
    space.back()  # type: ignore[attr-defined]
    settle(world, qtbot)
    assert opened.step is Step.FORM
    assert box_of(opened).choices[YES].isChecked()


def test_a_draft_that_cannot_be_kept_says_so(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    refuse = "CREATE TEMP TRIGGER refuse BEFORE INSERT ON drafts BEGIN SELECT RAISE(FAIL, 'no room'); END"
    world.core.record.call(lambda c: c.execute(refuse)).result()
    press(box_of(opened).choices[YES])
    press(opened.form.foot.save_button)
    qtbot.waitUntil(lambda: opened.form.foot.saved.text == "Chưa lưu")
    assert opened.form.foot.trouble.isVisible()
    assert opened.desk.keeper.dirty
    world.core.record.call(lambda c: c.execute("DROP TRIGGER refuse")).result()
    press(opened.form.foot.save_button)
    qtbot.waitUntil(lambda: opened.form.foot.saved.text == "Đã lưu nháp")
    assert not opened.form.foot.trouble.isVisible()
    assert draft(world) is not None


def test_another_ballot_does_not_get_the_answers(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    open_session(world)
    press(box_of(opened).choices[YES])
    space_of(opened).open_ballot(Q_SESSION)  # type: ignore[attr-defined]
    settle(world, qtbot)
    assert opened.page is not None
    assert opened.page.poll.id == Q_SESSION
    assert box_of(opened).choice is None
    assert draft(world) is not None
    assert draft(world, Q_SESSION) is None


def test_an_event_never_resets_the_form(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    box = box_of(opened)
    press(box.choices[NO])
    box.note.setPlainText("Đang viết dở")
    box.note.setFocus()
    later = Moment("2026-11-29T10:00:00.000Z")
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    world.write(lambda c: polls.save(c, msgspec.structs.replace(found, closes=later)))
    world.write(lambda c: reading.mark_page_seen(c, opened.page.papers[0].paper.plain, 0))
    world.bridge.post_engine_event(SyncFinished(SyncStatus(Connectivity.ONLINE)))
    qtbot.waitUntil(lambda: "29/11/2026" in opened.header.note.text())
    qtbot.waitUntil(lambda: "đã đọc 1/9 trang" in texts(opened))
    assert box_of(opened) is box
    assert (box.choice, box.note.toPlainText(), box.note.hasFocus()) == (NO, "Đang viết dở", True)


def test_a_ballot_that_closes_while_open_keeps_what_was_written(
    world: UiWorld, opened: BallotScreen, qtbot: QtBot
) -> None:
    box = box_of(opened)
    press(box.choices[NO])
    box.note.setPlainText("Đang viết dở")
    world.write(lambda c: polls.set_state(c, Q_OPINION, PollState.CLOSED, closed=Moment("2026-11-27T01:31:00.000Z")))
    qtbot.waitUntil(lambda: opened.form.foot.notice.text == "Phiếu đã đóng.")
    assert box_of(opened) is box
    assert (box.choice, box.note.toPlainText(), box.note.isReadOnly()) == (NO, "Đang viết dở", True)
    assert buttons(opened) == {"Quay lại"}
    space = space_of(opened)
    space.open_outbox()  # type: ignore[attr-defined]
    space.back()  # type: ignore[attr-defined]
    settle(world, qtbot)
    assert opened.step is Step.STATUS
    card = next(card for card in opened.findChildren(DraftCard) if card.isVisible())
    assert "Đang viết dở" in texts(card)
    assert "chưa ký và chưa gửi" in texts(card)


def test_a_new_wording_is_read_before_sending(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    press(box_of(opened).choices[NO])
    box_of(opened).note.setPlainText("Giữ lại")
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    fewer = msgspec.structs.replace(found.questions[0], text="Câu hỏi mới?", choices=found.questions[0].choices[::2])
    world.write(lambda c: polls.save(c, msgspec.structs.replace(found, definition=digest("new"), questions=(fewer,))))
    foot = opened.form.foot
    qtbot.waitUntil(foot.read_again_button.isVisible)
    assert not foot.review_button.isVisible()
    assert box_of(opened).choice == NO
    press(foot.read_again_button)
    settle(world, qtbot)
    assert set(box_of(opened).choices) == {YES, ChoiceCode("other_opinion")}
    assert (box_of(opened).choice, box_of(opened).note.toPlainText()) == (None, "Giữ lại")
    press(box_of(opened).choices[YES])
    sign(world, opened, qtbot)
    assert statement(world, 1).poll_def == digest("new")

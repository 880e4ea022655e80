# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the form to a signed vote: review, PIN, what is said when it was saved or was not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, PollState, VoteMode
from client.domain.ids import Moment
from client.domain.outbox import OutboxState
from client.errors import NotSaved
from client.store import outbox, polls, reading
from client.sync.statements import papers_hash
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.widgets.button import Button
from tests.helpers.ballot_screen import (
    NO,
    Q1,
    Q_OPINION,
    YES,
    acts,
    box_of,
    buttons,
    draft,
    press,
    receipt,
    settle,
    sign,
    space_of,
    statement,
    texts,
)
from tests.helpers.ui_world import PIN, UiWorld


def test_from_choice_to_saved_vote(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    assert opened.page is not None
    read = opened.page.papers[1].paper.plain
    assert read is not None
    world.write(lambda c: reading.mark_page_seen(c, read, 0))
    qtbot.waitUntil(lambda: opened.page is not None and opened.page.opened == (read,))
    press(box_of(opened).choices[NO])
    box_of(opened).note.setPlainText("  Đề nghị làm rõ Điều 12.  ")
    press(opened.form.foot.review_button)
    settle(world, qtbot)
    said = texts(opened.review)
    for part in ("Không đồng ý", "Đề nghị làm rõ Điều 12.", "trước 17:00, Thứ Bảy, 28/11/2026", "1/3 tài liệu"):
        assert part in said
    assert "Đang ngoại tuyến" in said
    assert acts(world) == ()
    QTest.keyClicks(opened.review.sign.pin, PIN)
    QTest.keyClick(opened.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.step is Step.RESULT)
    assert opened.result.sentence.text() == "Đã lưu trên máy, chưa được tính"
    signed = statement(world, 1)
    assert signed.answers == (Answer(Q1, NO, "Đề nghị làm rõ Điều 12."),)
    assert (signed.mode, signed.reason, signed.replaces) == (VoteMode.IN_ROOM, None, None)
    assert signed.papers == papers_hash([read])
    assert draft(world) is None
    world.write(lambda c: outbox.mark(c, 1, tries=1, unknown=True))
    qtbot.waitUntil(lambda: opened.result.sentence.text() == "Đã gửi, chờ biên nhận")
    receipt(world, 1)
    qtbot.waitUntil(lambda: opened.result.sentence.text() == "Đã được tính lúc 09:14:07")


def test_a_wrong_pin_signs_nothing(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    press(box_of(opened).choices[YES])
    sign(world, opened, qtbot, pin="111111")
    assert opened.step is Step.REVIEW
    assert opened.review.sign.pin.message.text() == "Mã PIN không đúng. Còn 9 lần thử."
    assert acts(world) == ()
    QTest.keyClicks(opened.review.sign.pin, PIN)
    QTest.keyClick(opened.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.step is Step.RESULT)
    assert len(acts(world)) == 1


def test_going_back_to_change_keeps_the_entry_and_forgets_the_pin(
    world: UiWorld, opened: BallotScreen, qtbot: QtBot
) -> None:
    press(box_of(opened).choices[YES])
    press(opened.form.foot.review_button)
    settle(world, qtbot)
    QTest.keyClicks(opened.review.sign.pin, PIN[:4])
    change = next(b for b in opened.review.findChildren(Button) if b.text() == "Sửa lại")
    press(change)
    assert opened.step is Step.FORM
    assert box_of(opened).choice == YES
    press(opened.form.foot.review_button)
    settle(world, qtbot)
    assert opened.review.sign.pin.accessibleDescription() == "Đã nhập 0 chữ số"
    space_of(opened).suspend()  # type: ignore[attr-defined]
    assert opened.step is Step.FORM, "locking ends the review"


@pytest.mark.expects_warnings("the sealed copies cannot be reached: the act is not saved and not withdrawn")
def test_a_vote_that_was_not_saved_says_so_and_keeps_the_entry(
    world: UiWorld, opened: BallotScreen, qtbot: QtBot
) -> None:
    folder = world.core.paths.sealed_copies
    aside = folder.with_name("aside")
    folder.rename(aside)
    folder.write_text("a file where the folder of sealed copies belongs")
    press(box_of(opened).choices[YES])
    sign(world, opened, qtbot)
    folder.unlink()
    aside.rename(folder)
    assert opened.step is Step.RESULT
    assert opened.result.sentence.text() == "Chưa lưu"
    assert NotSaved.next_step.vi in texts(opened.result)
    assert buttons(opened.result) == {"Xem lại và ký lại"}
    press(opened.result.retry_button)
    settle(world, qtbot)
    assert opened.step is Step.REVIEW
    QTest.keyClicks(opened.review.sign.pin, PIN)
    QTest.keyClick(opened.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.result.sentence.text() == "Đã lưu trên máy, chưa được tính")
    assert [item.state for item in acts(world)].count(OutboxState.QUEUED) == 1


def test_a_ballot_that_closes_during_the_review_is_not_signed(
    world: UiWorld, opened: BallotScreen, qtbot: QtBot
) -> None:
    press(box_of(opened).choices[YES])
    press(opened.form.foot.review_button)
    settle(world, qtbot)
    world.write(lambda c: polls.set_state(c, Q_OPINION, PollState.CLOSED, closed=Moment("2026-11-27T01:31:00.000Z")))
    qtbot.waitUntil(lambda: opened.step is Step.FORM)
    assert opened.form.foot.notice.text == "Phiếu đã đóng."
    assert acts(world) == ()

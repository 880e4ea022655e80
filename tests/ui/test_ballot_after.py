# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a vote: receipts, a change of mind, votes of two devices, and reasons why nothing can be cast."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, BallotKind, PollState
from client.domain.ids import PollId
from client.domain.outbox import OutboxState
from client.errors import NotSaved
from client.store import outbox, polls
from client.ui import navigator as places
from client.ui.models.reads import read_home
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_status import HistoryCard, StatusCard
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from tests.helpers.ballot_screen import (
    NO,
    Q1,
    Q_OPINION,
    Q_SESSION,
    YES,
    acts,
    box_of,
    buttons,
    conflict,
    find,
    press,
    receipt,
    settle,
    sign,
    space_of,
    statement,
    texts,
)
from tests.helpers.ui_world import OPINION, PIN, UiWorld, poll
from tests.ui.conftest import ShowWindow


def test_waiting_then_counted_then_change_of_mind(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    press(box_of(opened).choices[YES])
    sign(world, opened, qtbot)
    press(opened.result.done_button)
    space_of(opened).open_ballot(Q_OPINION)  # type: ignore[attr-defined]
    settle(world, qtbot)
    assert opened.step is Step.STATUS
    assert "Phiếu của đồng chí đã ký và đang chờ gửi hoặc chờ biên nhận." in texts(opened)
    assert buttons(opened) == {"Quay lại", "Xem trong Chờ gửi"}
    receipt(world, 1)
    qtbot.waitUntil(lambda: "Đổi ý kiến" in buttons(opened))
    assert "Đã được tính lúc 09:14:07" in texts(opened)
    card = next(card for card in opened.findChildren(StatusCard) if card.isVisible())
    press(next(b for b in card.findChildren(Button) if b.text() == "Đổi ý kiến"))
    settle(world, qtbot)
    assert box_of(opened).choice is None, "the old answer is not chosen again for the member"
    assert "Phiếu mới sẽ thay phiếu số 1 của đồng chí." in texts(opened)
    press(box_of(opened).choices[NO])
    box_of(opened).note.setPlainText("Đổi ý kiến sau khi đọc báo cáo.")
    sign(world, opened, qtbot)
    first, second = acts(world)
    assert statement(world, 2).replaces == first.statement
    assert second.state is OutboxState.QUEUED
    world.write(lambda c: outbox.supersede(c, 1))
    receipt(world, 2)
    space_of(opened).back()  # type: ignore[attr-defined]
    space_of(opened).open_ballot(Q_OPINION)  # type: ignore[attr-defined]
    settle(world, qtbot)
    history = next(card for card in opened.findChildren(HistoryCard) if card.isVisible())
    assert [chip.text for chip in history.findChildren(Chip)] == [
        "Đã được tính lúc 09:14:07",
        "Đã được thay bằng phiếu mới hơn",
    ]


def test_no_change_of_mind_where_it_is_forbidden(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    once = msgspec.structs.replace(poll("q_once", OPINION, "Một lần (dữ liệu giả định)"), revote=False)
    world.write(lambda c: polls.save(c, once))
    world.core.acts.cast_vote(once, (Answer(Q1, YES),)).result()
    receipt(world, 1)
    screen = show(places.Ballot(once.id)).findChild(BallotScreen)
    settle(world, qtbot)
    assert "Đồng chí đã gửi phiếu; phiếu này không cho đổi ý kiến." in texts(screen)
    assert "Đổi ý kiến" not in buttons(screen)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": PollState.ANNOUNCED, "kind": BallotKind.SESSION}, "Phiếu chưa mở."),
        ({"eligible": False}, "Đồng chí không thuộc thành phần biểu quyết của phiếu này."),
        ({"state": PollState.CLOSED}, "Phiếu đã đóng."),
    ],
)
def test_a_sentence_in_place_of_the_buttons(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, change: dict, sentence: str
) -> None:
    world.write(lambda c: polls.save(c, poll("q_shut", OPINION, "Không mở (dữ liệu giả định)", **change)))
    screen = show(places.Ballot(PollId("q_shut"))).findChild(BallotScreen)
    settle(world, qtbot)
    assert sentence in texts(screen)
    assert buttons(screen) == {"Quay lại"}
    assert "– Không đồng ý" in texts(screen), "what is asked can still be read"
    assert screen.findChildren(ChoiceButton) == []


def test_a_ballot_that_opens_in_the_room(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert screen.step is Step.STATUS
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.OPEN))
    qtbot.waitUntil(lambda: screen.step is Step.FORM)
    settle(world, qtbot)
    assert box_of(screen).choice is None


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        (OutboxState.REFUSED, "not-eligible", "Máy chủ từ chối: không thuộc thành phần biểu quyết"),
        (OutboxState.CONFLICT, "vote-conflict", "Có phiếu khác từ thiết bị khác của đồng chí"),
        (OutboxState.WITHDRAWN, "", "Đã hủy trước khi gửi"),
        (OutboxState.WITHDRAWN, NotSaved.code, "Chưa lưu"),
    ],
)
def test_what_became_of_a_vote_is_shown(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, state: OutboxState, reason: str, sentence: str
) -> None:
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    world.write(lambda c: outbox.mark(c, 1, state=state, reason=reason))
    screen = show(places.Ballot(Q_OPINION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert sentence in texts(screen)
    conflict = state is OutboxState.CONFLICT
    assert screen.step is (Step.STATUS if conflict else Step.FORM)
    assert ("Máy chủ đang giữ một phiếu khác" in texts(screen)) is conflict


def test_both_choices_stand_side_by_side(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    conflict(world)
    screen = show(places.Ballot(Q_OPINION)).findChild(BallotScreen)
    settle(world, qtbot)
    said = texts(screen)
    assert "Máy này (SURFACE-017)" in said
    assert "Thiết bị khác (mã d_44aa10bc)" in said
    assert "Ký lúc 08:09:58, 27/11/2026" in said
    assert "Đồng ý" in said
    assert "Không đồng ý" in said
    assert "Chưa rõ nguồn lực." in said
    assert {"Thay bằng lựa chọn này", "Giữ phiếu này", "Chọn lại từ đầu"} <= buttons(screen)
    assert screen.findChildren(ChoiceButton) == []


def test_my_choice_replaces_the_other_vote_through_check_and_pin(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    other = conflict(world)
    screen = show(places.Ballot(Q_OPINION)).findChild(BallotScreen)
    settle(world, qtbot)
    press(find(screen, "Thay bằng lựa chọn này"))
    settle(world, qtbot)
    assert screen.step is Step.REVIEW
    assert "Phiếu mới sẽ thay phiếu từ thiết bị khác của đồng chí (mã d_44aa10bc)." in texts(screen.review)
    assert len(acts(world)) == 1, "nothing is signed before the PIN"
    QTest.keyClicks(screen.review.sign.pin, PIN)
    QTest.keyClick(screen.review.sign.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.step is Step.RESULT)
    signed = statement(world, 2)
    assert signed.replaces == other.statement
    assert signed.answers == (Answer(Q1, YES),)
    settle(world, qtbot)


def test_keeping_the_other_vote_sends_nothing_and_can_be_undone(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    conflict(world)
    window = show(places.Ballot(Q_OPINION))
    screen = window.findChild(BallotScreen)
    settle(world, qtbot)
    press(find(screen, "Giữ phiếu này"))
    kept = "Đồng chí giữ phiếu từ thiết bị khác; phiếu này không được tính"
    qtbot.waitUntil(lambda: kept in texts(screen))
    assert [item.state for item in acts(world)] == [OutboxState.CONFLICT]
    assert read_home(world.core.record, world.clock, world.ctx.viewer).result().due == ()
    assert window.workspace is not None
    press(window.workspace.undo_bar.undo_button)
    qtbot.waitUntil(lambda: "Giữ phiếu này" in buttons(screen))
    settle(world, qtbot)


def test_choosing_anew_after_a_conflict_has_nothing_chosen(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    conflict(world, answers=())
    screen = show(places.Ballot(Q_OPINION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert "Nội dung phiếu được tải khi có mạng." in texts(screen)
    press(find(screen, "Chọn lại từ đầu"))
    settle(world, qtbot)
    assert screen.step is Step.FORM
    assert box_of(screen).choice is None


def test_an_unknown_ballot_says_so(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    screen = show(places.Ballot(PollId("q_nowhere"))).findChild(BallotScreen)
    settle(world, qtbot)
    assert screen.step is Step.ABSENT
    assert "Phiếu chưa có trên máy này" in texts(screen)


def test_past_the_deadline_by_this_clock(world: UiWorld, opened: BallotScreen, qtbot: QtBot) -> None:
    world.clock.advance(3 * 86_400)
    opened.refresh()
    settle(world, qtbot)
    assert opened.form.foot.notice.text.startswith("Theo đồng hồ máy này đã quá hạn")
    press(box_of(opened).choices[YES])
    sign(world, opened, qtbot)
    assert len(acts(world)) == 1, "the service's clock decides, not ours"

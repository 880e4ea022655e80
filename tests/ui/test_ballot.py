# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ballots on a real device without a network: from the list to the signed vote, and what an event may not do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, BallotKind, NoteRule, PollState, VoteMode
from client.domain.ids import ChoiceCode, DeviceId, Hash, Moment, PaperId, PollId, QuestionId
from client.domain.outbox import OtherVote, OutboxItem, OutboxState
from client.errors import NotSaved
from client.protocol import codec
from client.protocol.messages import VoteStatement
from client.settings import Settings, Theme
from client.store import outbox, polls, reading, trusted
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.sync.statements import papers_hash
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.main_window import MainWindow
from client.ui.models.reads import read_home
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_dossier import IssueText
from client.ui.screens.ballot_question import QuestionBox
from client.ui.screens.ballot_status import DraftCard, HistoryCard, StatusCard
from client.ui.screens.ballots import BallotsScreen
from client.ui.widgets.ballot_row import BallotCard
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import ScrollColumn
from client.ui.widgets.list_rows import Section
from client.ui.widgets.paper_row import PaperRow
from client.ui.widgets.text import Label
from server.secretariat.rules import GOVERNMENT
from tests.helpers.ui_audit import Longer, controls, cut_off, too_small, unnamed
from tests.helpers.ui_world import OPINION, PIN, UiWorld, digest, poll
from tests.ui.conftest import ShowWindow

Q_OPINION, Q_SESSION, Q_PAST = PollId("q_opinion"), PollId("q_session"), PollId("q_past")
Q1 = QuestionId("q1")
YES, NO = ChoiceCode("yes"), ChoiceCode("no")
LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


def settle(world: UiWorld, qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: world.tasks.running == 0)
        columns = [c for window in QApplication.topLevelWidgets() for c in window.findChildren(ScrollColumn)]
        qtbot.waitUntil(lambda columns=columns: not any(column.busy for column in columns))
        for _ in range(3):
            QApplication.processEvents()


@pytest.fixture
def opened(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> Iterator[BallotScreen]:
    """The opinion ballot's form in the window."""
    window = show(places.Ballot(Q_OPINION))
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    assert screen is not None
    yield screen
    settle(world, qtbot)


def space_of(screen: QWidget) -> object:
    window = screen.window()
    assert isinstance(window, MainWindow)
    assert window.workspace is not None
    return window.workspace


def box_of(screen: BallotScreen, question: QuestionId = Q1) -> QuestionBox:
    return screen.form.questions()[question]


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def buttons(screen: QWidget) -> set[str]:
    """What can be done; page links of the dossier aside."""
    inside = [b for issue in screen.findChildren(IssueText) for b in issue.findChildren(Button)]
    shown = [button for button in screen.findChildren(Button) if button.isVisible() and button not in inside]
    return {button.text() for button in shown if button.text()}


def texts(screen: QWidget) -> str:
    labels = [label.text() for label in screen.findChildren(Label) if label.isVisible()]
    return "\n".join([*labels, *(chip.text for chip in screen.findChildren(Chip) if chip.isVisible())])


def acts(world: UiWorld) -> tuple[OutboxItem, ...]:
    return world.core.record.read(outbox.items).result()


def draft(world: UiWorld, poll_id: PollId = Q_OPINION) -> outbox.Draft | None:
    return world.core.record.read(lambda c: outbox.draft(c, poll_id)).result()


def statement(world: UiWorld, n: int) -> VoteStatement:
    """What was really signed."""
    envelope = world.core.record.read(lambda c: outbox.envelope(c, n)).result()
    directory = world.core.trust.directory()
    assert directory is not None
    keys = {device.id: device.sign for device in directory.devices}
    payload = dsse.open_(envelope, keys, limit=codec.MAX_STATEMENT).payload
    return codec.decode(payload, VoteStatement, limit=codec.MAX_STATEMENT)


def sign(world: UiWorld, screen: BallotScreen, qtbot: QtBot, pin: str = PIN) -> None:
    press(screen.form.foot.review_button)
    settle(world, qtbot)
    assert screen.step is Step.REVIEW
    QTest.keyClicks(screen.review.sign.pin, pin)
    QTest.keyClick(screen.review.sign.pin, Qt.Key.Key_Return)
    settle(world, qtbot)


def receipt(world: UiWorld, n: int) -> None:
    at = Moment("2026-11-27T02:14:07.000Z")
    world.write(lambda c: outbox.mark(c, n, state=OutboxState.RECEIPTED, received=at, receipt=b"{}"))


def open_session(world: UiWorld) -> None:
    kept = dsse.sign(codec.encode(GOVERNMENT), keyid="publisher-1", key=SigningKey.generate())
    world.write(lambda c: trusted.save_target(c, "r/gov-2025.1", kept))
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.OPEN))


# -- the list --------------------------------------------------------------------------------------------------


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


# -- the form --------------------------------------------------------------------------------------------------


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


# -- events ----------------------------------------------------------------------------------------------------


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


# -- review, signature, result ---------------------------------------------------------------------------------


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


# -- afterwards ------------------------------------------------------------------------------------------------


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


# -- two devices, two votes ------------------------------------------------------------------------------------


def conflict(world: UiWorld, *, answers: tuple[Answer, ...] = (Answer(Q1, NO, "Chưa rõ nguồn lực."),)) -> OtherVote:
    """This device's vote met one of another device, and the service said so under its signature."""
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    other = OtherVote(
        digest("the other vote"),
        DeviceId("d_44aa10bc"),
        Moment("2026-11-27T01:10:00.000Z"),
        Moment("2026-11-27T01:09:58.000Z") if answers else None,
        answers,
    )
    world.write(lambda c: outbox.mark(c, 1, state=OutboxState.CONFLICT, reason="vote-conflict", other=other))
    return other


def find(screen: QWidget, text: str) -> Button:
    return next(b for b in screen.findChildren(Button) if b.isVisible() and b.text() == text)


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


# -- absent, several questions ---------------------------------------------------------------------------------


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


# -- looks -----------------------------------------------------------------------------------------------------


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

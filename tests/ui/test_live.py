# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live session on screen: bar, follow, floor, attendance, positions, votes, cover. The device is real, the room's
words are put into its store as the synchroniser would."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.domain.ballot import Answer, PollBlock, PollState, VoteMode
from client.domain.ids import ChoiceCode, ItemId, Moment, PaperId, PollId, QuestionId, SessionId
from client.domain.live import (
    CheckIn,
    ConfirmAttendance,
    CurrentSpeaker,
    DeclareAbsence,
    NameSubstitute,
    PagePointer,
    Position,
    Presence,
    QueuedSpeaker,
    RequestToSpeak,
    SessionDraft,
    SessionPhase,
    TakePosition,
    WithdrawRequest,
)
from client.domain.outbox import OutboxItem
from client.settings import Settings, Theme
from client.store import live, polls
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.main_window import MainWindow
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_outcome import ResultCard
from client.ui.screens.ballot_question import AbsentBox
from client.ui.screens.evidence_sheet import EvidenceSheet
from client.ui.screens.live_absence import AbsenceSheet, Part
from client.ui.screens.live_bar import LiveBar
from client.ui.screens.live_sheets import PositionSheet, SpeakSheet, SubstituteSheet
from client.ui.screens.meeting_item import ItemCard
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.screens.meeting_people import AttendanceCard
from client.ui.screens.outbox import OutboxScreen
from client.ui.widgets.list_rows import Row
from client.ui.workspace import Workspace
from tests.helpers.live_world import (
    ITEM2,
    ITEM3,
    ITEM4,
    ME,
    MEMBERS,
    Q_SESSION,
    START,
    conclude,
    concluded,
    open_poll,
    open_vote,
    put_room,
    roll,
    room,
)
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, reader_world
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_ballot import LANDSCAPE, PORTRAIT, box_of, buttons, find, open_session, press, settle, sign, texts
from tests.ui.test_reader import Desk

S = TypeVar("S", bound=QWidget)
YES = ChoiceCode("yes")
Q1 = QuestionId("q1")


def space(window: MainWindow) -> Workspace:
    assert window.workspace is not None
    return window.workspace


def bar_of(window: MainWindow) -> LiveBar:
    return space(window).desk.bar


def shown_sheet(window: MainWindow, kind: type[S]) -> S:
    [sheet] = [one for one in window.findChildren(kind) if one.isVisible()]
    return sheet


def acts(world: UiWorld) -> tuple[tuple[OutboxItem, SessionDraft], ...]:
    return world.core.record.read(lambda c: live.acts(c, SessionId("s_regular"))).result()


def panel_of(window: MainWindow) -> MeetingPanel:
    return next(one for one in window.findChildren(MeetingPanel) if one.isVisible())


def open_tab(window: MainWindow, tab: Tab, world: UiWorld, qtbot: QtBot) -> MeetingPanel:
    panel = panel_of(window)
    press(panel.tabs.button(tab))
    settle(world, qtbot)
    return panel


# -- the bar ---------------------------------------------------------------------------------------------------


def test_no_bar_without_a_session(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    settle(world, qtbot)
    assert not bar_of(window).isVisible()
    put_room(world, room(phase=SessionPhase.SCHEDULED))
    settle(world, qtbot)
    assert not bar_of(window).isVisible()


def test_the_bar_stands_on_every_screen_while_a_session_runs(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world)
    window = show(places.Home())
    for route in (places.Home(), places.Papers(), places.Ballot(PollId("q_opinion")), places.Outbox()):
        space(window).go(route)
        settle(world, qtbot)
        assert bar_of(window).isVisible(), route
    bar = bar_of(window)
    assert bar.chip.text == "Đang họp 08:32"
    assert bar.title.text().startswith("Nội dung 2/4 – Dự thảo Nghị định")
    assert "Tờ trình, trang 7" in bar.note.text()
    assert "Đang phát biểu: Thành viên thứ 3 (dữ liệu giả định) (còn 02:00)" in bar.note.text()
    put_room(world, room(phase=SessionPhase.CLOSED), version=2)
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_time_runs_by_the_estimate(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    window = show(places.Home())
    settle(world, qtbot)
    bar = bar_of(window)
    assert bar.vote.text == "Biểu quyết đang mở: Biểu quyết thông qua dự thảo Nghị định (dữ liệu giả định) – còn 02:00"
    world.clock.advance(135)
    bar.tick(world.ctx.now())
    assert bar.vote.text.endswith("đã quá hạn")
    assert "(quá 00:15)" in bar.note.text()


def test_the_link_is_said_and_said_again_when_it_is_back(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_room(world)
    window = show(places.Home())
    settle(world, qtbot)
    bar = bar_of(window)
    assert bar.link.text == "Mất kết nối phiên họp – đang nối lại; tài liệu vẫn đọc được."
    assert not space(window).banner.isVisible(), "said once"
    status = SyncStatus(online=Connectivity.ONLINE)
    monkeypatch.setattr(world.core.engine, "status", lambda: status)
    world.bridge.post_engine_event(SyncFinished(status))
    qtbot.waitUntil(lambda: not bar.link.isVisible())
    assert bar.isVisible()


def test_roll_call_asks_whether_i_am_here(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    state = room(phase=SessionPhase.ROLL_CALL, roll=roll(Presence.UNKNOWN), present=15, current=None, pages=None)
    put_room(world, state)
    window = show(places.Home())
    settle(world, qtbot)
    bar = bar_of(window)
    assert bar.title.text() == "Có mặt 15/27, còn thiếu 3 thành viên để đủ điều kiện họp (cần 18)"
    press(bar.check_in_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    assert acts(world)[0][1].act == CheckIn()
    qtbot.waitUntil(lambda: not bar.check_in_button.isVisible())
    settle(world, qtbot)


def test_a_vote_is_one_press_away_and_the_bar_stays_out_of_its_form(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    window = show(places.Papers())
    settle(world, qtbot)
    bar = bar_of(window)
    press(bar.vote_button)
    settle(world, qtbot)
    assert space(window).route == places.Ballot(Q_SESSION)
    assert not bar.vote.isVisible(), "the ballot itself is in sight"
    assert bar.isVisible()


# -- the floor -------------------------------------------------------------------------------------------------


def test_asking_for_the_floor_has_one_confirm_step(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world)
    window = show(places.Home())
    settle(world, qtbot)
    bar = bar_of(window)
    press(bar.speak_button)
    sheet = shown_sheet(window, SpeakSheet)
    assert acts(world) == ()
    sheet.topic.setPlainText("Nguồn lực thực hiện")
    press(sheet.send_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    draft = acts(world)[0][1]
    assert draft.act == RequestToSpeak(ITEM2)
    assert draft.text is not None
    assert draft.text.text == "Nguồn lực thực hiện"
    qtbot.waitUntil(lambda: "Đăng ký phát biểu đã lưu trên máy, chờ tiếp nhận" in bar.note.text())
    assert not bar.speak_button.isVisible()
    space(window).go(places.Outbox())
    settle(world, qtbot)
    assert "Đăng ký phát biểu" in texts(window.findChild(OutboxScreen))


def test_my_place_in_the_queue_and_back_out_of_it(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    queue = (QueuedSpeaker(MEMBERS[3], ITEM2, START), QueuedSpeaker(MEMBERS[4], ITEM2, START))
    put_room(world, room(queue=(*queue, QueuedSpeaker(ME, ITEM2, START))))
    window = show(places.Home())
    settle(world, qtbot)
    bar = bar_of(window)
    assert bar.note.text().startswith("Thứ tự phát biểu của đồng chí: 3 · 2 người trước")
    press(bar.withdraw_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    assert acts(world)[0][1].act == WithdrawRequest(ITEM2)
    qtbot.waitUntil(lambda: "Đang rút đăng ký phát biểu" in bar.note.text())
    settle(world, qtbot)


def test_my_turn_is_said_aloud_and_takes_no_focus(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        "client.ui.screens.live_desk.announce", lambda _w, text, urgent=False: said.append((text, urgent))
    )
    put_room(world)
    window = show(places.Ballot(PollId("q_opinion")))
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    note = box_of(screen).note
    note.setFocus()
    QTest.keyClicks(note, "dang viet")
    speaker = CurrentSpeaker(ME, ITEM2, START, 300)
    put_room(world, room(speaker=speaker), version=2)
    bar = bar_of(window)
    qtbot.waitUntil(bar.turn.isVisible)
    assert bar.turn.text.startswith("Đến lượt đồng chí phát biểu – quá")
    assert ("Đến lượt đồng chí phát biểu", True) in said
    assert note.hasFocus()
    assert note.toPlainText() == "dang viet"
    settle(world, qtbot)


def test_an_open_vote_is_said_aloud_once(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("client.ui.screens.live_desk.announce", lambda _w, text, urgent=False: said.append(text))
    put_room(world)
    window = show(places.Home())
    settle(world, qtbot)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)), version=2)
    qtbot.waitUntil(lambda: "Biểu quyết đang mở" in said)
    put_room(world, room(polls=(open_vote(in_room=15),)), version=3)
    settle(world, qtbot)
    assert said.count("Biểu quyết đang mở") == 1
    assert bar_of(window).vote.isVisible()


# -- follow ----------------------------------------------------------------------------------------------------


@pytest.fixture
def reading(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Desk, ReaderWorld]]:
    """A real paper in the reader while the session presents its fourth page."""
    with reader_world(tmp_path / "device") as device:
        present(device, 3)
        yield Desk(device, qtbot), device
        for window in ui_app.topLevelWidgets():
            window.close()


def present(device: ReaderWorld, page: int, *, version: int = 1) -> None:
    state = room(pages=PagePointer(DRAFT, page), current=ItemId("r_item"), speaker=None, queue=(), positions=())
    put_room(device.world, state, version=version, session=SessionId("s_reader"), pack=PACK)


def follow(desk: Desk) -> None:
    press(bar_of(desk.window).follow)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.reader.canvas.page == 3)


def test_the_page_is_never_taken_without_following(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    present(device, 5, version=2)
    desk.settle()
    qtbot.waitUntil(lambda: "trang 6" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 8
    press(bar_of(desk.window).page_button)
    desk.settle()
    qtbot.waitUntil(lambda: reader.canvas.page == 5)
    present(device, 7, version=3)
    qtbot.waitUntil(lambda: "trang 8" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 5, "once is not following"


def test_following_turns_pages_and_leaves_no_trail(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    trail = len(space(desk.window).history)
    for version, page in enumerate((4, 5, 6), start=2):
        present(device, page, version=version)
        qtbot.waitUntil(lambda page=page: reader.canvas.page == page)
    assert bar_of(desk.window).follow.isChecked()
    assert len(space(desk.window).history) == trail


def test_a_scroll_of_my_own_ends_it(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    here = QPointF(300, 300)
    wheel = QWheelEvent(
        here,
        here,
        QPoint(0, -40),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(reader.canvas.viewport(), wheel)
    bar = bar_of(desk.window)
    assert not bar.follow.isChecked()
    assert bar.page_button.text() == "Quay lại trang trình bày"
    page = reader.canvas.page
    present(device, 9, version=2)
    qtbot.waitUntil(lambda: "trang 10" in bar.note.text())
    assert reader.canvas.page == page


def test_a_stroke_ends_it_before_the_page_moves(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    reader = desk.open(page=8)
    follow(desk)
    QTest.mousePress(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    present(device, 9, version=2)
    qtbot.waitUntil(lambda: "trang 10" in bar_of(desk.window).note.text())
    assert reader.canvas.page == 3
    QTest.mouseRelease(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert not bar_of(desk.window).follow.isChecked()


def test_another_page_by_the_contents_ends_it(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, _device = reading
    reader = desk.open(page=8)
    follow(desk)
    reader.panel.outline.chosen.emit(reader.panel.outline.lines[10])
    assert not bar_of(desk.window).follow.isChecked()
    assert reader.canvas.page == 10


def test_a_ballot_is_never_left_for_the_presenter(reading: tuple[Desk, ReaderWorld], qtbot: QtBot) -> None:
    desk, device = reading
    desk.open(page=8)
    follow(desk)
    desk.go(places.Outbox())
    assert not bar_of(desk.window).follow.isChecked()
    present(device, 5, version=2)
    qtbot.waitUntil(lambda: "trang 6" in bar_of(desk.window).note.text())
    assert space(desk.window).route == places.Outbox()


# -- put away --------------------------------------------------------------------------------------------------


def test_devices_put_away_cover_everything_and_keep_what_is_written(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    put_room(world)
    window = show(places.Ballot(PollId("q_opinion")))
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    press(box_of(screen).choices[YES])
    put_room(world, room(away=True, current=ITEM4), version=2)
    qtbot.waitUntil(space(window).away.isVisible)
    assert not screen.isVisible()
    assert not bar_of(window).isVisible()
    assert "Nội dung chuyên đề" not in texts(space(window)), "nothing of the item is said"
    put_room(world, room(away=False, current=ITEM4), version=3)
    qtbot.waitUntil(screen.isVisible)
    assert box_of(screen).choices[YES].isChecked()
    settle(world, qtbot)


def test_a_sheet_that_was_open_comes_back_with_its_words(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world)
    window = show(places.Home())
    settle(world, qtbot)
    press(bar_of(window).speak_button)
    sheet = shown_sheet(window, SpeakSheet)
    sheet.topic.setPlainText("Đang soạn")
    put_room(world, room(away=True), version=2)
    qtbot.waitUntil(lambda: not sheet.isVisible())
    put_room(world, room(), version=3)
    qtbot.waitUntil(sheet.isVisible)
    assert sheet.topic.toPlainText() == "Đang soạn"
    sheet.reject()
    settle(world, qtbot)


def test_without_a_link_the_member_lifts_the_cover(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world, room(away=True))
    window = show(places.Home())
    qtbot.waitUntil(space(window).away.isVisible)
    cover = space(window).away
    press(cover.lift_button)
    qtbot.waitUntil(lambda: not cover.isVisible())
    put_room(world, room(away=True), version=2)
    qtbot.waitUntil(cover.isVisible)
    settle(world, qtbot)


# -- the meeting -----------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> MainWindow:
    put_room(world, room(items=concluded()))
    conclude(world, "Thông qua chương trình phiên họp (dữ liệu giả định).")
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    return window


def card_of(window: MainWindow, number: int) -> ItemCard:
    cards = [card for card in panel_of(window).findChildren(ItemCard) if card.isVisible()]
    return next(card for card in cards if texts(card).startswith(f"{number}. "))


def test_the_agenda_says_where_each_item_stands(meeting: MainWindow) -> None:
    first, second, third = (texts(card_of(meeting, n)) for n in (1, 2, 3))
    assert "Đã xong" in first
    assert "đã dùng 9 phút/10 phút" in first
    assert "Đang trình bày" in second
    assert "19 không có ý kiến · 2 có ý kiến khác · 2 đăng ký phát biểu" in second
    assert "Có thể thông qua, không cần thảo luận" in third
    assert "Nêu ý kiến" not in buttons(card_of(meeting, 1)), "what is done takes no positions"
    assert {"Nêu ý kiến", "Đăng ký phát biểu", "Góp ý"} <= buttons(card_of(meeting, 2))


def test_a_position_with_words_and_page(meeting: MainWindow, world: UiWorld, qtbot: QtBot) -> None:
    press(find(card_of(meeting, 2), "Nêu ý kiến"))
    sheet = shown_sheet(meeting, PositionSheet)
    assert not any(button.isChecked() for button in sheet.findChildren(ChoiceButton))
    press(sheet.send_button)
    assert sheet.trouble.text == "Chưa chọn phương án."
    press(sheet.choices[Position.OTHER_OPINION])
    press(sheet.send_button)
    assert sheet.trouble.text == "Cần ghi nội dung cho lựa chọn này."
    sheet.note.setPlainText("Đề nghị 06 tháng.")
    press(sheet.place.papers[1])
    sheet.place.page.setText("12")
    press(sheet.send_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    draft = acts(world)[0][1]
    assert draft.act == TakePosition(ITEM2, Position.OTHER_OPINION)
    assert draft.text is not None
    assert (draft.text.paper, draft.text.page) == (PaperId("a_draft"), 11)
    said = "Ý kiến của đồng chí: Có ý kiến khác"
    qtbot.waitUntil(lambda: said in texts(panel_of(meeting)))
    settle(world, qtbot)
    assert "Đã lưu trên máy, chưa được tiếp nhận" in texts(card_of(meeting, 2)), "saved is not received"
    settle(world, qtbot)


def test_a_page_the_paper_does_not_have_is_left_out(meeting: MainWindow, world: UiWorld, qtbot: QtBot) -> None:
    press(find(card_of(meeting, 2), "Nêu ý kiến"))
    sheet = shown_sheet(meeting, PositionSheet)
    press(sheet.place.papers[0])
    for text in ("13", "0", "ba", "99999999999"):
        sheet.place.page.setText(text)
        assert sheet.place.value() == (PaperId("a_submission"), None)
    press(sheet.place.papers[0])
    assert sheet.place.value() == (None, None)
    sheet.reject()
    settle(world, qtbot)


def test_the_roll_and_the_quorum(meeting: MainWindow, world: UiWorld, qtbot: QtBot) -> None:
    panel = open_tab(meeting, Tab.PEOPLE, world, qtbot)
    said = texts(panel)
    assert "Có mặt 23/27, đủ số thành viên để họp (cần 18)" in said
    rows = [row for row in panel.findChildren(Row) if row.isVisible()]
    assert len(rows) == 27
    assert rows[0].title.text() == "Thành viên thứ 1 (dữ liệu giả định)"
    mine = next(row for row in rows if "(đồng chí)" in row.title.text())
    assert "Có mặt" in texts(mine)
    assert "Thủ tướng quyết định · có người dự thay, không biểu quyết" in said
    assert "Xin vắng, chờ đồng ý" in said


@pytest.mark.parametrize(
    ("phase", "presence", "wanted"),
    [
        (SessionPhase.SCHEDULED, Presence.UNKNOWN, {"Xác nhận dự họp", "Báo vắng mặt"}),
        (SessionPhase.SCHEDULED, Presence.WILL_ATTEND, {"Báo vắng mặt"}),
        (SessionPhase.ROLL_CALL, Presence.WILL_ATTEND, {"Tôi có mặt", "Báo vắng mặt"}),
        (SessionPhase.IN_SESSION, Presence.PRESENT, set()),
        (SessionPhase.IN_SESSION, Presence.CHECKED_IN, set()),
        (SessionPhase.SCHEDULED, Presence.ABSENT_APPROVED, {"Xác nhận dự họp", "Cử người dự thay"}),
        (SessionPhase.IN_SESSION, Presence.ABSENT, {"Tôi có mặt", "Cử người dự thay"}),
        (SessionPhase.CLOSED, Presence.UNKNOWN, set()),
    ],
)
def test_what_may_be_done_about_attendance(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, phase: SessionPhase, presence: Presence, wanted: set[str]
) -> None:
    put_room(world, room(phase=phase, roll=roll(presence)))
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    panel = open_tab(window, Tab.PEOPLE, world, qtbot)
    [card] = [one for one in panel.findChildren(AttendanceCard) if one.isVisible()]
    assert buttons(card) == wanted


def test_attendance_absence_and_substitute(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world, room(phase=SessionPhase.SCHEDULED, roll=roll(Presence.UNKNOWN), current=None, pages=None))
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    panel = open_tab(window, Tab.PEOPLE, world, qtbot)
    press(find(panel, "Báo vắng mặt"))
    sheet = shown_sheet(window, AbsenceSheet)
    press(sheet.send_button)
    assert sheet.trouble.text == "Cần nêu lý do vắng mặt."
    sheet.reason.setPlainText("Công tác nước ngoài")
    press(sheet.send_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    assert acts(world)[0][1].act == DeclareAbsence()
    qtbot.waitUntil(lambda: "Lý do: Công tác nước ngoài" in texts(panel))
    press(find(panel, "Cử người dự thay"))
    other = shown_sheet(window, SubstituteSheet)
    press(other.send_button)
    assert other.trouble.text == "Cần ghi họ tên và chức vụ người dự thay."
    other.person.setText("Thứ trưởng A (dữ liệu giả định)")
    other.sheet.setPlainText("Đề nghị thông qua.")
    press(other.send_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 2)
    assert acts(world)[1][1].act == NameSubstitute()
    qtbot.waitUntil(lambda: "Người dự thay: Thứ trưởng A (dữ liệu giả định)" in texts(panel))
    assert "Nội dung bàn giao: Đề nghị thông qua." in texts(panel)
    assert "Người dự thay trình bày ý kiến, không biểu quyết." in texts(panel)
    settle(world, qtbot)


def test_an_absence_of_a_part_is_given_by_the_clock(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world, room(phase=SessionPhase.SCHEDULED, roll=roll(Presence.UNKNOWN), current=None, pages=None))
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    panel = open_tab(window, Tab.PEOPLE, world, qtbot)
    press(find(panel, "Báo vắng mặt"))
    sheet = shown_sheet(window, AbsenceSheet)
    assert not sheet.times.isVisible()
    press(sheet.part.button(Part.SOME))
    assert sheet.times.isVisible()
    sheet.reason.setPlainText("Tiếp khách (dữ liệu giả định)")
    for start, end in (("", ""), ("8", "25:00"), ("10:00", "09:30"), ("9:00", "9:00")):
        sheet.start.setText(start)
        sheet.end.setText(end)
        press(sheet.send_button)
        assert "Thời gian vắng mặt không hợp lệ" in sheet.trouble.text, (start, end)
    assert acts(world) == ()
    sheet.start.setText("8h30")
    sheet.end.setText("10.15")
    if shots := os.environ.get("ECAB_SHOTS"):
        sheet.grab().save(f"{shots}/absence.png")
    press(sheet.send_button)
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    assert acts(world)[0][1].act == DeclareAbsence(
        Moment("2026-11-27T01:30:00.000Z"), Moment("2026-11-27T03:15:00.000Z")
    )
    settle(world, qtbot)


def test_confirming_attendance(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    put_room(world, room(phase=SessionPhase.SCHEDULED, roll=roll(Presence.UNKNOWN), current=None))
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    panel = open_tab(window, Tab.PEOPLE, world, qtbot)
    press(find(panel, "Xác nhận dự họp"))
    qtbot.waitUntil(lambda: len(acts(world)) == 1)
    assert acts(world)[0][1].act == ConfirmAttendance()
    settle(world, qtbot)


def test_conclusions_appear_by_item(meeting: MainWindow, world: UiWorld, qtbot: QtBot) -> None:
    panel = panel_of(meeting)
    assert panel.tabs.button(Tab.CONCLUSIONS).text() == "Kết luận (1)"
    open_tab(meeting, Tab.CONCLUSIONS, world, qtbot)
    assert "Thông qua chương trình phiên họp (dữ liệu giả định)." in texts(panel)
    assert "Thư ký ghi lúc 08:10:00, 27/11/2026" in texts(panel)


# -- votes in session ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            {"roll": roll(Presence.CHECKED_IN)},
            "Thư ký chưa điểm danh đồng chí có mặt.",
        ),
        (
            {"roll": roll(Presence.ABSENT_ASKED)},
            "Đồng chí vắng mặt và chưa được đồng ý cho vắng.",
        ),
        ({"polls": (open_vote(block=PollBlock.NO_QUORUM),)}, "Chưa đủ số thành viên có mặt để biểu quyết."),
    ],
)
def test_an_unavailable_vote_says_why(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, state: dict[str, object], sentence: str
) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(**{"polls": (open_vote(),), **state}))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert sentence in texts(screen)
    assert screen.findChildren(ChoiceButton) == []


def test_live_events_never_touch_an_open_form(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert box_of(screen).choice is None, "nothing is preselected"
    no = ChoiceCode("no")
    press(box_of(screen).choices[no])
    box_of(screen).note.setPlainText("Chưa rõ nguồn lực.")
    box = box_of(screen)
    for version, count in enumerate((15, 16, 20), start=2):
        put_room(world, room(polls=(open_vote(in_room=count),), speaker=None), version=version)
        open_poll(world, f"2026-11-27T01:4{version}:00.000Z")
        settle(world, qtbot)
    assert box_of(screen) is box
    assert box.choices[no].isChecked()
    assert box.note.toPlainText() == "Chưa rõ nguồn lực."
    put_room(world, room(polls=(open_vote(block=PollBlock.NO_QUORUM),), present=17), version=9)
    qtbot.waitUntil(lambda: screen.form.foot.notice.text == "Chưa đủ số thành viên có mặt để biểu quyết.")
    assert box.note.toPlainText() == "Chưa rõ nguồn lực."
    put_room(world, room(polls=(open_vote(),)), version=10)
    qtbot.waitUntil(screen.form.foot.review_button.isVisible)
    assert box.choices[no].isChecked()
    settle(world, qtbot)


def test_live_events_never_touch_several_questions(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    known = world.core.record.read(lambda c: polls.get(c, Q_SESSION)).result()
    assert known is not None
    first = known.questions[0]
    more = tuple(
        msgspec.structs.replace(first, id=QuestionId(f"q{n}"), text=f"Câu hỏi {n}? (dữ liệu giả định)") for n in (2, 3)
    )
    world.write(lambda c: polls.save(c, msgspec.structs.replace(known, questions=(first, *more))))
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert [box.choice for box in screen.form.questions().values()] == [None, None, None]
    press(box_of(screen, QuestionId("q2")).choices[YES])
    box_of(screen, QuestionId("q3")).note.setPlainText("Đang viết dở")
    boxes = list(screen.form.questions().values())
    for version in (2, 3, 4):
        put_room(world, room(polls=(open_vote(in_room=version + 14),), queue=()), version=version)
        settle(world, qtbot)
    assert list(screen.form.questions().values()) == boxes
    assert [box.choice for box in boxes] == [None, YES, None]
    assert boxes[2].note.toPlainText() == "Đang viết dở"
    press(screen.form.foot.review_button)
    assert screen.step is Step.FORM, "two answers are missing"
    settle(world, qtbot)


def test_the_roll_says_whether_i_vote_absent(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),), roll=roll(Presence.ABSENT_APPROVED)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    [absent] = screen.findChildren(AbsentBox)
    assert absent.switch.isChecked()
    assert not absent.switch.isEnabled()
    press(box_of(screen).choices[YES])
    press(screen.form.foot.review_button)
    assert absent.problem.text == "Cần nêu lý do vắng mặt."
    absent.reason.setPlainText("Công tác nước ngoài")
    sign(world, screen, qtbot)
    qtbot.waitUntil(lambda: screen.step is Step.RESULT)
    assert screen.desk.asked is None
    settle(world, qtbot)


def test_in_the_room_no_absence_is_asked_about(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    assert screen.findChildren(AbsentBox) == []
    assert screen.desk.entry.mode is VoteMode.IN_ROOM


# -- results ---------------------------------------------------------------------------------------------------


def closing(world: UiWorld, state: PollState, **changes: object) -> None:
    """A signed closing list as the synchroniser keeps it: 14 of 27, four of them absent."""
    body: dict[str, object] = {
        "counted": [{"mode": "in_room"}] * 21 + [{"mode": "absent_approved"}] * 4,
        "late": [{"mode": "in_room"}],
        "totals": {"q1": {"yes": 14, "no": 10, "other_opinion": 1}},
        "eligible": 27,
        "present": 21,
        "tie": {},
        "void": False,
    }
    body.update(changes)
    envelope = msgspec.json.encode({"payload": msgspec.json.encode(body), "signatures": []})
    world.write(lambda c: polls.save_closing(c, Q_SESSION, envelope))
    world.write(lambda c: polls.set_state(c, Q_SESSION, state, closed=START))


def test_a_provisional_result_says_that_it_is_one(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.CLOSED, closed=START))
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    said = texts(screen)
    assert "Tạm tính" in said
    assert "Chính thức" not in said
    assert "14 tại phòng họp + 1 vắng mặt · 12 không trả lời" in said
    assert "Thông qua" not in said.split("Kết quả", 1)[1].split("Số liệu tạm tính")[0]


def test_a_final_result_has_the_sentence_and_the_article(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    closing(world, PollState.RESULT_VERIFIED)
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    said = texts(screen)
    assert "Chính thức" in said
    assert "Thông qua" in said
    assert "14/27 đồng ý: quá nửa tổng số thành viên" in said
    assert "Căn cứ: " in said
    assert "21 tại phòng họp + 4 vắng mặt · 2 không trả lời · 1 đến sau hạn" in said
    assert "Tạm tính" not in said


def test_a_disputed_result_says_why_and_gives_the_evidence(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_session(world)
    found = world.core.record.read(lambda c: polls.get(c, Q_SESSION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    closing(world, PollState.RESULT_DISPUTED)
    world.write(lambda c: polls.save_definition(c, Q_SESSION, b'{"definition": 1}'))
    world.write(lambda c: polls.set_dispute(c, Q_SESSION, "own_missing"))
    window = show(places.Ballot(Q_SESSION))
    screen = window.findChild(BallotScreen)
    settle(world, qtbot)
    [card] = screen.findChildren(ResultCard)
    assert "Không khớp" in texts(card)
    assert "không có trong danh sách kiểm phiếu" in texts(card)
    press(find(card, "Xuất bằng chứng"))
    sheet = shown_sheet(window, EvidenceSheet)
    with qtbot.waitSignal(sheet.written):
        sheet.write_to(tmp_path / "bang-chung.json")
    found = json.loads((tmp_path / "bang-chung.json").read_bytes())
    assert (found["t"], found["dispute"]) == ("ecab.evidence/1", "own_missing")
    assert base64.b64decode(found["definition"]) == b'{"definition": 1}'
    assert (len(found["votes"]), found["votes"][0]["receipt"]) == (1, "")
    settle(world, qtbot)


# -- looks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_every_live_screen_fits(
    world: UiWorld, ui_app: QApplication, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    longer = Longer()
    if percent == 125:
        ui_app.installTranslator(longer)
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK if percent == 150 else Theme.LIGHT))
    if percent == 125:
        ui_app.installTranslator(longer)
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),), items=concluded()))
    conclude(world, "Thông qua chương trình phiên họp (dữ liệu giả định).")
    window = show(places.Home(), size)
    found: dict[str, list[str]] = {}
    for route in (places.Home(), places.Meeting(REGULAR), places.Ballot(Q_SESSION)):
        space(window).go(route)
        settle(world, qtbot)
        found[str(route)] = [*too_small(window), *unnamed(window), *cut_off(window)]
    space(window).go(places.Meeting(REGULAR))
    settle(world, qtbot)
    for tab in (Tab.PEOPLE, Tab.CONCLUSIONS):
        open_tab(window, tab, world, qtbot)
        found[tab.value] = [*too_small(window), *unnamed(window), *cut_off(window)]
    ui_app.removeTranslator(longer)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_sheets_fit_at_large_text(world: UiWorld, ui_app: QApplication, show: ShowWindow, qtbot: QtBot) -> None:
    put_in_force(ui_app, Settings(text_percent=150))
    live_session = put_room(world)
    window = show(places.Meeting(REGULAR), PORTRAIT)
    settle(world, qtbot)
    panel = panel_of(window)
    assert panel.view is not None
    panel.take_position(panel.view.items[1])
    sheets = [
        shown_sheet(window, PositionSheet),
        AbsenceSheet(live_session, space(window).desk.acts, window),
        SubstituteSheet(live_session, space(window).desk.acts, window),
        SpeakSheet(live_session, ITEM3, "Nội dung", space(window).desk.acts, window),
    ]
    for sheet in sheets:
        sheet.open()
        settle(world, qtbot)
        assert too_small(sheet) == []
        assert unnamed(sheet) == []
        assert cut_off(sheet) == []
        sheet.reject()
    settle(world, qtbot)

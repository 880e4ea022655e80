# SPDX-License-Identifier: AGPL-3.0-or-later
"""The meeting while it runs: agenda, positions, roll, attendance and absence, conclusions."""

from __future__ import annotations

import os

import pytest
from pytestqt.qtbot import QtBot

from client.domain.ids import Moment, PaperId
from client.domain.live import (
    ConfirmAttendance,
    DeclareAbsence,
    NameSubstitute,
    Position,
    Presence,
    SessionPhase,
    TakePosition,
)
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.live_absence import AbsenceSheet, Part
from client.ui.screens.live_sheets import PositionSheet, SubstituteSheet
from client.ui.screens.meeting_panel import Tab
from client.ui.screens.meeting_people import AttendanceCard
from client.ui.widgets.list_rows import Row
from tests.helpers.ballot_screen import (
    buttons,
    find,
    press,
    settle,
    texts,
)
from tests.helpers.live_screens import (
    acts,
    card_of,
    open_tab,
    panel_of,
    shown_sheet,
)
from tests.helpers.live_world import (
    ITEM2,
    conclude,
    concluded,
    put_room,
    roll,
    room,
)
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow


@pytest.fixture
def meeting(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> MainWindow:
    put_room(world, room(items=concluded()))
    conclude(world, "Thông qua chương trình phiên họp (dữ liệu giả định).")
    window = show(places.Meeting(REGULAR))
    settle(world, qtbot)
    return window


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

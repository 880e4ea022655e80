# SPDX-License-Identifier: AGPL-3.0-or-later
"""Home as what awaits me: reading plan, month, calendar file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.clock import Millis, from_rfc3339
from client.domain.ballot import Answer, PollState
from client.domain.ids import ChoiceCode, Moment, PollId, QuestionId
from client.settings import Settings, Theme
from client.store import polls
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.models.calendar_file import calendar_file
from client.ui.models.diary import EntryKind, entries_of, month_days, months_later
from client.ui.models.home import is_near, reading_plan
from client.ui.models.reads import read_home
from client.ui.screens.calendar_sheet import CalendarSheet
from client.ui.screens.home_month import EntryCard
from client.ui.screens.sessions import MeetingCard, SessionsScreen, Way
from client.ui.theme.tokens import Tone
from client.ui.widgets.ballot_row import ballot_chips
from client.ui.widgets.button import Button
from client.ui.widgets.list_rows import Section
from client.ui.widgets.month import DayButton
from client.ui.widgets.text import Label
from tests.helpers.ballot_screen import LANDSCAPE, PORTRAIT, settle, texts
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed
from tests.helpers.ui_world import PAST, REGULAR, THEMATIC, UiWorld, paper
from tests.ui.conftest import ShowWindow

NOW = from_rfc3339("2026-11-27T01:32:00.000Z")
DAY = 86_400_000


@pytest.fixture
def month(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> SessionsScreen:
    screen: SessionsScreen = show(places.Home()).findChild(SessionsScreen)
    settle(world, qtbot)
    QTest.mouseClick(screen.views.button(Way.MONTH), Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    return screen


def day(screen: SessionsScreen, number: int, *, month: int = 11) -> DayButton:
    return next(button for button in screen.month.grid.days if button.day == date(2026, month, number))


# -- reading plan ----------------------------------------------------------------------------------------------


def test_the_plan_spreads_what_is_left_over_the_days() -> None:
    papers = (paper("one", "Một", pages=30), paper("two", "Hai", pages=11))
    one = papers[0].plain
    assert one is not None
    plan = reading_plan(papers, {one: 10}, until=Millis(NOW + 4 * DAY), now=NOW)
    assert plan is not None
    assert (plan.pages, plan.days, plan.a_day) == (31, 4, 8)
    today = reading_plan(papers, {}, until=Millis(NOW + 3_600_000), now=NOW)
    assert today is not None
    assert (today.days, today.a_day) == (1, 41)


def test_no_plan_when_all_is_read_or_time_is_over() -> None:
    papers = (paper("one", "Một", pages=30),)
    plain = papers[0].plain
    assert plain is not None
    assert reading_plan(papers, {plain: 30}, until=Millis(NOW + DAY), now=NOW) is None
    assert reading_plan(papers, {}, until=NOW, now=NOW) is None


def test_cards_say_the_plan(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    settle(world, qtbot)
    cards = {card.accessibleName(): card for card in window.findChildren(MeetingCard)}
    thematic = next(card for name, card in cards.items() if "chuyên đề" in name)
    said = [label.text() for label in thematic.findChildren(Label)]
    assert "Kế hoạch đọc: còn 55 trang đến 14:00 01/12, mỗi ngày 14 trang" in said
    live = next(card for name, card in cards.items() if "tháng 11" in name)
    assert not any("Kế hoạch" in label.text() for label in live.findChildren(Label))


def test_home_has_groups_in_the_order_of_what_they_ask(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Home())
    settle(world, qtbot)
    screen = window.findChild(SessionsScreen)
    assert [section.head.text() for section in screen.list.findChildren(Section)] == [
        "Chờ đồng chí cho ý kiến (1)",
        "Tài liệu có thay đổi (1)",
        "Sắp tới (1)",
    ]


def test_an_opinion_that_was_missed_is_said_for_a_week(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    closed = Moment("2026-11-27T01:00:00.000Z")
    world.write(lambda c: polls.set_state(c, PollId("q_opinion"), PollState.CLOSED, closed=closed))
    window = show(places.Home())
    settle(world, qtbot)
    screen = window.findChild(SessionsScreen)
    assert "Đã quá hạn (1)" in [section.head.text() for section in screen.list.findChildren(Section)]
    assert "Đã quá hạn, chưa có ý kiến của đồng chí" in texts(screen)
    world.clock.advance(8 * 86_400)
    assert read_home(world.core.record, world.clock, world.ctx.viewer).result().missed == ()


def test_an_answered_ballot_is_not_missed(world: UiWorld) -> None:
    found = world.core.record.read(lambda c: polls.get(c, PollId("q_opinion"))).result()
    world.core.acts.cast_vote(found, (Answer(QuestionId("q1"), ChoiceCode("yes")),)).result()
    closed = Moment("2026-11-27T01:00:00.000Z")
    world.write(lambda c: polls.set_state(c, PollId("q_opinion"), PollState.CLOSED, closed=closed))
    assert read_home(world.core.record, world.clock, world.ctx.viewer).result().missed == ()


def test_the_last_day_is_marked(world: UiWorld) -> None:
    world.clock.advance(10 * 3_600)
    [view] = read_home(world.core.record, world.clock, world.ctx.viewer).result().due
    assert is_near(view, world.clock.now())
    assert [chip.tone for chip in ballot_chips(view, world.clock)] == [Tone.WARNING, Tone.DANGER]


# -- the month -------------------------------------------------------------------------------------------------


def test_weeks_start_on_monday_and_months_turn_over_the_year() -> None:
    days = month_days(date(2026, 11, 15))
    assert days[0] == date(2026, 10, 26)
    assert days[0].weekday() == 0
    assert len(days) == 42
    assert months_later(date(2026, 12, 5), 1) == date(2027, 1, 1)
    assert months_later(date(2026, 1, 31), -1) == date(2025, 12, 1)


def test_days_say_what_stands_on_them(month: SessionsScreen) -> None:
    assert day(month, 27).accessibleName() == "Thứ Sáu, 27/11/2026, hôm nay, Phiên họp"
    assert day(month, 28).accessibleName() == "Thứ Bảy, 28/11/2026, Hạn gửi ý kiến"
    assert day(month, 1, month=12).accessibleName() == "Thứ Ba, 01/12/2026, Phiên họp"
    assert day(month, 27).isChecked()


def test_a_day_opens_its_ballot_and_its_session(month: SessionsScreen, world: UiWorld, qtbot: QtBot) -> None:
    QTest.mouseClick(day(month, 28), Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    [card] = [one for one in month.month.list.findChildren(EntryCard) if one.isVisible()]
    QTest.keyClick(card, Qt.Key.Key_Return)
    settle(world, qtbot)
    space = month.window().workspace  # type: ignore[attr-defined]
    assert space.route == places.Ballot(PollId("q_opinion"))
    space.back()
    QTest.mouseClick(day(month, 1, month=12), Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    [card] = [one for one in month.month.list.findChildren(EntryCard) if one.isVisible()]
    QTest.keyClick(card, Qt.Key.Key_Return)
    settle(world, qtbot)
    assert month.panel.pack == THEMATIC


def test_the_month_by_keyboard(month: SessionsScreen, world: UiWorld, qtbot: QtBot) -> None:
    month.window().activateWindow()
    qtbot.waitUntil(month.window().isActiveWindow)
    day(month, 27).setFocus()
    QTest.keyClick(day(month, 27), Qt.Key.Key_Down)
    assert month.month.chosen == date(2026, 12, 4)
    assert month.month.title.text() == "Tháng 12 năm 2026"
    assert day(month, 4, month=12).hasFocus()
    QTest.keyClick(day(month, 4, month=12), Qt.Key.Key_PageUp)
    assert month.month.chosen == date(2026, 11, 27)
    settle(world, qtbot)


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize("percent", [100, 125, 150])
def test_the_month_fits(
    world: UiWorld, ui_app: QApplication, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    longer = Longer()
    if percent == 125:
        ui_app.installTranslator(longer)
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK if percent == 150 else Theme.LIGHT))
    screen = show(places.Home(), size).findChild(SessionsScreen)
    screen.views.choose(Way.MONTH)
    settle(world, qtbot)
    screen.refresh()
    screen.month.show_entries(screen.month._entries)
    settle(world, qtbot)
    ui_app.removeTranslator(longer)
    assert too_small(screen) == []
    assert unnamed(screen) == []
    assert cut_off(screen) == []


# -- the calendar file -----------------------------------------------------------------------------------------


def test_a_calendar_file_without_titles_gives_nothing_away(
    month: SessionsScreen, world: UiWorld, qtbot: QtBot, tmp_path: Path
) -> None:
    button = next(b for b in month.month.list.findChildren(Button) if "Xuất lịch" in b.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    sheet = month.window().findChild(CalendarSheet)
    assert "ai có tệp cũng đọc được" in texts(sheet)
    with qtbot.waitSignal(sheet.written) as written:
        sheet.write_to(tmp_path / "lich.ics")
    [path] = written.args
    data = path.read_bytes()
    assert b"SUMMARY:Phi" in data
    assert "thường kỳ".encode() not in data
    assert "Phòng họp".encode() not in data
    events = Calendar.from_ical(data).walk("VEVENT")
    assert len(events) == 4
    settle(world, qtbot)


def test_a_calendar_file_with_titles_reads_back(world: UiWorld) -> None:
    home = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    entries = entries_of(home)
    assert [entry.pack for entry in entries][:2] == [PAST, REGULAR]
    data = calendar_file(entries, [entry.title for entry in entries], stamp=world.clock.now())
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    events = {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}
    regular = events[f"{REGULAR}@ecabinet"]
    assert str(regular["summary"]) == "Phiên họp Chính phủ thường kỳ tháng 11 năm 2026 (dữ liệu giả định)"
    assert regular["dtstart"].dt.isoformat() == "2026-11-27T01:00:00+00:00"
    assert regular["dtend"].dt.isoformat() == "2026-11-27T04:00:00+00:00"
    assert str(regular["location"]) == "Phòng họp số 1 (dữ liệu giả định)"
    deadline = next(entry for entry in entries if entry.kind is EntryKind.DEADLINE)
    assert "dtend" not in events[f"{deadline.poll}@ecabinet"]


def test_a_place_that_cannot_be_written_is_said(month: SessionsScreen, world: UiWorld, qtbot: QtBot) -> None:
    sheet = CalendarSheet(entries_of(month._view), world.clock, world.tasks, month)  # type: ignore[arg-type]
    sheet.open()
    sheet.write_to(Path("/proc/none/lich.ics"))
    qtbot.waitUntil(lambda: sheet.trouble.text == "Không ghi được tệp ở đó. Chọn nơi lưu khác.")
    assert sheet.save_button.isEnabled()
    sheet.reject()
    settle(world, qtbot)

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reminders in the window and in the tray: from what is on the device, once, by day, without a title or a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from client.clock import from_rfc3339
from client.domain.ballot import Answer
from client.domain.ids import ChoiceCode, PollId, QuestionId
from client.domain.reminders import ReminderKind
from client.store import packs, polls, reading
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.models import reminders as words
from client.ui.tray import Tray
from tests.helpers.ballot_screen import settle
from tests.helpers.ui_world import THEMATIC, UiWorld
from tests.ui.conftest import ShowWindow

HANOI = timezone(timedelta(hours=7))
BEFORE_THE_BALLOT = "2026-11-28T08:10:00.000Z"
"""15:10: the ballot closes at 17:00."""
THAT_NIGHT = "2026-11-27T15:30:00.000Z"
"""22:30: the first mark of the ballot passed at 17:00."""
MORNING = "2026-12-01T00:05:00.000Z"
"""07:05 of the day of the thematic session, 14:00."""


class Ears:
    """What was said outside the window."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def say(self, text: str) -> None:
        self.heard.append(text)


@pytest.fixture(autouse=True)
def hanoi(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine stands in Hà Nội."""
    monkeypatch.setattr("client.ui.workspace.here", lambda at: datetime.fromtimestamp(at / 1000, HANOI))


@pytest.fixture
def open_at(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[MainWindow, Ears]]:
    """Opens the program at a moment, its window in front or not, with ears at the tray."""

    def make(when: str, route: object = None, *, in_front: bool = True) -> tuple[MainWindow, Ears]:
        world.clock.at = from_rfc3339(when)
        ears = Ears()
        monkeypatch.setattr(Tray, "say", lambda _self, text: ears.say(text))
        monkeypatch.setattr(MainWindow, "isActiveWindow", lambda _self: in_front)
        window = show(route or places.Home())
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
        settle(world, qtbot)
        return window, ears

    return make


def read_everything(world: UiWorld) -> None:
    """Nothing of the coming sessions is left to read."""
    for revision in world.core.record.read(packs.current).result():
        for paper in revision.papers:
            if paper.plain is not None:
                plain, pages = paper.plain, paper.pages
                world.write(
                    lambda c, plain=plain, pages=pages: [reading.mark_page_seen(c, plain, n) for n in range(pages)][-1]
                )


def bar_text(window: MainWindow) -> str:
    assert window.workspace is not None
    bar = window.workspace.reminders.bar
    return bar.text if bar.isVisible() else ""


def focused() -> QWidget | None:
    return QApplication.focusWidget()


def test_a_ballot_about_to_close_is_said_in_the_window(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    read_everything(world)
    window, ears = open_at(BEFORE_THE_BALLOT)
    said = "Có phiếu chờ ý kiến của đồng chí, hạn gửi 17:00, Thứ Bảy, 28/11/2026 (còn 1 giờ 50 phút)."
    assert bar_text(window) == said
    assert ears.heard == [], "the window is looked at: nothing outside it"
    space = window.workspace
    assert space is not None
    QTest.mouseClick(space.reminders.bar.go, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert space.route == places.Ballot(PollId("q_opinion"))
    space.back()
    settle(world, qtbot)
    assert bar_text(window) == "", "what was followed is known"


def test_outside_the_window_only_the_kind_is_said(open_at: Callable[..., tuple[MainWindow, Ears]]) -> None:
    _window, ears = open_at(BEFORE_THE_BALLOT, in_front=False)
    assert ears.heard == ["Có phiếu chờ ý kiến sắp hết hạn."]
    for kind in ReminderKind:
        text = words.outside_words(kind)
        assert not any(character.isdigit() for character in text)
        assert "Nghị định" not in text


def test_said_once_also_over_a_restart(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    read_everything(world)
    _window, ears = open_at(BEFORE_THE_BALLOT, in_front=False)
    assert len(ears.heard) == 1
    world.write(lambda c: polls.save(c, polls.get(c, PollId("q_opinion"))))  # something changed
    window, again = open_at(BEFORE_THE_BALLOT, in_front=False)
    assert again.heard == []
    assert bar_text(window).startswith("Có phiếu"), "not taken note of yet: it stays in the window"
    assert window.workspace is not None
    QTest.mouseClick(window.workspace.reminders.bar.known, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    third, _ = open_at(BEFORE_THE_BALLOT)
    assert bar_text(third) == ""


def test_a_vote_ends_the_reminder(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    read_everything(world)
    found = world.core.record.read(lambda c: polls.get(c, PollId("q_opinion"))).result()
    world.core.acts.cast_vote(found, (Answer(QuestionId("q1"), ChoiceCode("yes")),)).result()
    window, ears = open_at(BEFORE_THE_BALLOT, in_front=False)
    assert (bar_text(window), ears.heard) == ("", [])


def test_at_night_nothing_is_said_outside(open_at: Callable[..., tuple[MainWindow, Ears]]) -> None:
    window, ears = open_at(THAT_NIGHT, in_front=False)
    assert ears.heard == []
    assert bar_text(window).startswith("Có phiếu"), "who works at night sees it in the window"


def test_the_day_of_a_session(world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot) -> None:
    window, _ = open_at(MORNING)
    assert bar_text(window) == "Hôm nay có phiên họp lúc 14:00."
    space = window.workspace
    assert space is not None
    QTest.mouseClick(space.reminders.bar.known, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert bar_text(window) == "Còn 55 trang tài liệu chưa đọc trước phiên họp 14:00 01/12."
    QTest.mouseClick(space.reminders.bar.go, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert space.route == places.Meeting(THEMATIC)


def test_time_alone_brings_it_and_takes_no_focus(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    read_everything(world)
    window, _ = open_at("2026-11-28T07:00:00.000Z", places.Search("dau tu"))
    space = window.workspace
    assert space is not None
    QTest.mouseClick(space.reminders.bar.known, Qt.MouseButton.LeftButton)  # the mark of the day before
    settle(world, qtbot)
    assert bar_text(window) == ""
    before, route = focused(), space.route
    assert before is not None
    world.clock.at = from_rfc3339(BEFORE_THE_BALLOT)
    space.reminders._timer.start(0)  # two hours of waiting, shortened
    qtbot.waitUntil(lambda: bar_text(window) != "")
    assert (focused(), space.route) == (before, route)


def test_switched_off_there_are_none(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    window, _ = open_at(BEFORE_THE_BALLOT)
    assert bar_text(window)
    world.ctx.preferences.change(reminders=False)
    settle(world, qtbot)
    assert bar_text(window) == ""
    world.ctx.preferences.change(reminders=True)
    settle(world, qtbot)
    assert bar_text(window)


def test_while_devices_are_put_away_nothing_is_said(
    world: UiWorld,
    open_at: Callable[..., tuple[MainWindow, Ears]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("client.ui.screens.live_desk.LiveDesk.away", property(lambda _self: True))
    window, ears = open_at(BEFORE_THE_BALLOT, in_front=False)
    assert (bar_text(window), ears.heard) == ("", [])
    monkeypatch.undo()
    settle(world, qtbot)


def test_locked_the_tray_still_says_the_kind(
    world: UiWorld, open_at: Callable[..., tuple[MainWindow, Ears]], qtbot: QtBot
) -> None:
    window, ears = open_at("2026-11-27T08:00:00.000Z")
    window.show_front(QWidget())
    world.clock.at = from_rfc3339(BEFORE_THE_BALLOT)
    assert window.workspace is not None
    window.workspace.reminders._timer.start(0)
    qtbot.waitUntil(lambda: ears.heard == ["Có phiếu chờ ý kiến sắp hết hạn."])


def test_where_there_is_no_tray_it_is_silent(ui_app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str]] = []
    there = [False]
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: there[0])
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, title, text, *_rest: shown.append((title, text)))
    opened: list[bool] = []
    owner = QWidget()
    tray = Tray(lambda: opened.append(True), owner)
    tray.say("Có phiếu")
    assert shown == []
    there[0] = True  # the tray came late
    tray.say("Có phiếu")
    assert shown == [("e-Cabinet", "Có phiếu")]
    icon = owner.findChild(QSystemTrayIcon)
    assert icon.toolTip() == "e-Cabinet"
    icon.messageClicked.emit()
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert opened == [True], "a press on the message opens, the menu's opening does not"
    owner.deleteLater()

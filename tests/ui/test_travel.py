# SPDX-License-Identifier: AGPL-3.0-or-later
"""The travel check on screen: choose an end, start, stop, read what is left to do."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from client.domain.ids import Moment, PackId, PollId
from client.domain.travel import Check, Finding, Level, Step, TravelReport
from client.errors import SandboxUnavailable
from client.ui import navigator as places
from client.ui.screens.travel import TravelScreen
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.text import Label
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_lists import seen_of, settle


def screen_of(window: Any) -> TravelScreen:
    screen = window.workspace.screen_of(places.Travel)
    assert isinstance(screen, TravelScreen)
    return screen


def press(qtbot: QtBot, button: Button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words_of(screen: TravelScreen) -> str:
    found = seen_of(screen, Label) + seen_of(screen, Banner) + seen_of(screen, Chip)
    return "\n".join(widget.text if isinstance(widget.text, str) else widget.text() for widget in found)


class Held:
    """A travel check that ends when the test says so; the real one is in tests/e2e/test_travel.py."""

    def __init__(self) -> None:
        self.report: Future[TravelReport | None] = Future()
        self.cancelled = False
        self.asked: tuple[Moment, frozenset[PackId] | None] | None = None

    def start(self, ends: Moment, only: frozenset[PackId] | None, on_progress: Any) -> Held:
        self.asked, self.on_progress = (ends, only), on_progress
        return self

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def held(world: UiWorld) -> Held:
    made = Held()
    world.ctx = replace(world.ctx, travel=made)
    return made


def report(held: Held, *findings: Finding) -> TravelReport:
    assert held.asked is not None
    return TravelReport(held.asked[0], Moment("2026-11-27T01:32:00.000Z"), 6, findings)


def test_from_the_meeting_to_a_real_check_and_its_result(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    press(qtbot, next(b for b in seen_of(window, Button) if b.text() == "Sẵn sàng ngoại tuyến"))
    screen = screen_of(window)
    settle(world, qtbot)
    assert window.workspace.route == places.Travel(REGULAR)
    press(qtbot, screen.trip.start_button)
    qtbot.waitUntil(lambda: screen.report is not None, timeout=20_000)
    settle(world, qtbot)
    text = words_of(screen)
    assert "Chưa sẵn sàng đến hết Thứ Hai, 30/11/2026" in text
    assert "6 tài liệu chưa có trên máy:" in text
    assert "Dự thảo Nghị định quy định chi tiết" in text, "papers are named"
    assert "và 1 tài liệu khác" in text
    assert screen.trip.start_button.isVisible()


def test_the_end_is_chosen_in_days_and_told_in_full(world: UiWorld, held: Held, show: ShowWindow, qtbot: QtBot) -> None:
    screen = screen_of(show(places.Travel()))
    press(qtbot, screen.trip.presets[7])
    assert screen.trip.end.text() == "Đến hết Thứ Sáu, ngày 04/12/2026"
    press(qtbot, screen.trip.more)
    press(qtbot, screen.trip.less)
    press(qtbot, screen.trip.less)
    press(qtbot, screen.trip.start_button)
    assert held.asked == (Moment("2026-12-03T16:59:59.999Z"), None), "midnight in Việt Nam"
    held.on_progress(2, 6)
    qtbot.waitUntil(lambda: screen.trip.progress.text() == "Đã kiểm tra 2/6 tài liệu")
    ends = held.asked[0]
    vote = Finding(Check.BALLOTS, Level.NOTE, Step.VOTE, poll=PollId("q_opinion"), at=ends)
    held.report.set_result(report(held, Finding(Check.COMPLETE, Level.GOOD), vote))
    qtbot.waitUntil(lambda: screen.report is not None)
    text = words_of(screen)
    assert "Sẵn sàng ngoại tuyến đến hết Thứ Năm, 03/12/2026." in text
    assert "Phiếu lấy ý kiến về dự thảo Nghị định mẫu" in text
    press(qtbot, next(b for b in seen_of(screen, Button) if b.text() == "Mở phiếu"))
    assert screen.window().workspace.route == places.Ballot(PollId("q_opinion"))


def test_a_result_about_another_end_is_not_left_standing(
    world: UiWorld, held: Held, show: ShowWindow, qtbot: QtBot
) -> None:
    screen = screen_of(show(places.Travel()))
    press(qtbot, screen.trip.start_button)
    held.report.set_result(report(held, Finding(Check.COMPLETE, Level.GOOD)))
    qtbot.waitUntil(lambda: screen.report is not None)
    press(qtbot, screen.trip.more)
    assert screen.report is None


@pytest.mark.parametrize("how", ["stop", "leave"])
def test_stopping_ends_it_without_a_result(
    world: UiWorld, held: Held, show: ShowWindow, qtbot: QtBot, how: str
) -> None:
    window = show(places.Travel())
    screen = screen_of(window)
    press(qtbot, screen.trip.start_button)
    if how == "stop":
        press(qtbot, screen.trip.stop_button)
    else:
        window.workspace.go(places.Home())
    assert held.cancelled
    held.report.set_result(None)
    settle(world, qtbot)
    assert screen.report is None


def test_a_machine_that_opens_no_paper_is_told_in_words(
    world: UiWorld, held: Held, show: ShowWindow, qtbot: QtBot
) -> None:
    screen = screen_of(show(places.Travel()))
    press(qtbot, screen.trip.start_button)
    held.report.set_exception(SandboxUnavailable("none"))
    qtbot.waitUntil(lambda: bool(screen.trip.trouble.text))
    assert SandboxUnavailable.code in screen.trip.trouble.text
    assert screen.trip.start_button.isVisible()

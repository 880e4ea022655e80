# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live bar: where the session is, the floor, my turn, devices put away."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from client.domain.ids import PollId
from client.domain.live import (
    CheckIn,
    CurrentSpeaker,
    Presence,
    QueuedSpeaker,
    RequestToSpeak,
    SessionPhase,
    WithdrawRequest,
)
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.ui import navigator as places
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.live_sheets import SpeakSheet
from client.ui.screens.outbox import OutboxScreen
from tests.helpers.ballot_screen import (
    box_of,
    press,
    settle,
    texts,
)
from tests.helpers.live_screens import (
    YES,
    acts,
    bar_of,
    shown_sheet,
    space,
)
from tests.helpers.live_world import (
    ITEM2,
    ITEM4,
    ME,
    MEMBERS,
    Q_SESSION,
    START,
    open_poll,
    open_vote,
    put_room,
    roll,
    room,
)
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow


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

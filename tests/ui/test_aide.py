# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an aide sees of a ballot that the member has not answered."""

from __future__ import annotations

import os

from msgspec import structs
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from client.domain.ballot import BallotKind, Poll, PollState, Served
from client.domain.ids import MemberId, Moment
from client.store import polls
from client.ui import navigator as places
from client.ui.widgets.ballot_row import BallotCard
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from tests.helpers.ui_world import UiWorld
from tests.ui.conftest import ShowWindow
from tests.ui.test_lists import chips_of, seen_of, settle

BOSS = MemberId("m_001")


def leave_unanswered(world: UiWorld, **changes: object) -> Poll:
    found = next(
        each
        for each in world.core.record.read(polls.all).result()
        if each.kind is BallotKind.OPINION and each.state is PollState.OPEN
    )
    fields = {"eligible": False, "served": (Served(BOSS, answered=False),), **changes}
    poll = structs.replace(found, **fields)
    world.write(lambda conn: polls.save(conn, poll))
    return poll


def test_the_home_screen_lists_what_to_remind_of(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    poll = leave_unanswered(world, closes=Moment("2026-11-27T10:00:00.000Z"))
    window = show(places.Home())
    settle(world, qtbot)
    qtbot.waitUntil(lambda: "Cần nhắc lãnh đạo (1)" in {each.text() for each in window.findChildren(QLabel)})
    [card] = [each for each in seen_of(window, BallotCard) if each.view.poll.id == poll.id]
    assert "Lãnh đạo chưa cho ý kiến" in chips_of(card)
    if shots := os.environ.get("ECAB_SHOTS"):
        window.grab().save(f"{shots}/aide.png")


def test_the_ballot_names_whose_vote_is_missing_and_offers_no_vote(
    world: UiWorld, show: ShowWindow, qtbot: QtBot
) -> None:
    poll = leave_unanswered(world)
    window = show(places.Ballot(poll.id))
    settle(world, qtbot)
    name = world.ctx.people()[BOSS].name if BOSS in world.ctx.people() else BOSS
    wanted = f"Máy chủ chưa nhận được phiếu của {name}. Chỉ thành viên tự cho ý kiến trên máy của mình."
    qtbot.waitUntil(lambda: wanted in [each.text for each in window.findChildren(Banner)])
    assert not [
        each for each in window.findChildren(Button) if each.text() == "Xem lại và gửi phiếu" and each.isVisible()
    ]


def test_after_the_deadline_it_says_so(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    poll = leave_unanswered(world, state=PollState.CLOSED, closed=Moment("2026-11-27T01:00:00.000Z"))
    window = show(places.Home())
    settle(world, qtbot)

    def said() -> bool:
        cards = [each for each in seen_of(window, BallotCard) if each.view.poll.id == poll.id]
        return bool(cards) and "Đã quá hạn, lãnh đạo chưa có ý kiến" in chips_of(cards[0])

    qtbot.waitUntil(said)

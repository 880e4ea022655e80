# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens of a live session under test: bar, meeting, sheets, and a reader beside them."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from client.domain.ballot import PollState
from client.domain.ids import ChoiceCode, ItemId, QuestionId, SessionId
from client.domain.live import (
    PagePointer,
    SessionDraft,
)
from client.domain.outbox import OutboxItem
from client.store import live, polls
from client.ui.main_window import MainWindow
from client.ui.screens.live_bar import LiveBar
from client.ui.screens.meeting_item import ItemCard
from client.ui.screens.meeting_panel import MeetingPanel, Tab
from client.ui.workspace import Workspace
from tests.helpers.ballot_screen import (
    press,
    settle,
    texts,
)
from tests.helpers.live_world import (
    Q_SESSION,
    START,
    put_room,
    room,
)
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld
from tests.helpers.ui_world import UiWorld
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


def present(device: ReaderWorld, page: int, *, version: int = 1) -> None:
    state = room(pages=PagePointer(DRAFT, page), current=ItemId("r_item"), speaker=None, queue=(), positions=())
    put_room(device.world, state, version=version, session=SessionId("s_reader"), pack=PACK)


def follow(desk: Desk) -> None:
    press(bar_of(desk.window).follow)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.reader.canvas.page == 3)


def card_of(window: MainWindow, number: int) -> ItemCard:
    cards = [card for card in panel_of(window).findChildren(ItemCard) if card.isVisible()]
    return next(card for card in cards if texts(card).startswith(f"{number}. "))


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

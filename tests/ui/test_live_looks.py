# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every live screen and sheet at every size, with longer words and in the dark."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.settings import Settings, Theme
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.screens.live_absence import AbsenceSheet
from client.ui.screens.live_sheets import PositionSheet, SpeakSheet, SubstituteSheet
from client.ui.screens.meeting_panel import Tab
from tests.helpers.ballot_screen import (
    LANDSCAPE,
    PORTRAIT,
    open_session,
    settle,
)
from tests.helpers.live_screens import (
    open_tab,
    panel_of,
    shown_sheet,
    space,
)
from tests.helpers.live_world import (
    ITEM3,
    Q_SESSION,
    conclude,
    concluded,
    open_poll,
    open_vote,
    put_room,
    room,
)
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow


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

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A crash costs no way back: the place is kept while the program runs and forgotten when it ends as it should."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ids import PackId, PaperId, PollId
from client.launch import end_on_signals
from client.store import place
from client.store.place import Place
from client.ui import kept_place
from client.ui import navigator as places
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow


def kept(world: UiWorld) -> places.Route | None:
    return kept_place.route_of(world.core.record.read(place.left).result())


@pytest.mark.parametrize(
    "route",
    [
        places.Home(),
        places.Meeting(PackId("p_regular")),
        places.Paper(PackId("p_regular"), PaperId("do_1"), 6),
        places.Paper(PackId("p_regular"), PaperId("do_1")),
        places.Ballot(PollId("po_1")),
        places.Preferences(),
    ],
)
def test_a_place_comes_back_as_it_was(world: UiWorld, route: places.Route) -> None:
    world.write(lambda conn: place.keep(conn, kept_place.place_of(route)))
    assert kept(world) == route
    world.write(place.forget)
    assert kept(world) is None


@pytest.mark.parametrize(
    "odd", [Place("Nowhere", {}), Place("Paper", {"pack": 7}), Place("Meeting", {}), Place("Search", {"query": "x"})]
)
def test_a_place_of_another_version_is_home(world: UiWorld, odd: Place) -> None:
    world.write(lambda conn: place.keep(conn, odd))
    assert kept(world) is None


def test_what_was_searched_for_is_not_kept(world: UiWorld) -> None:
    world.write(lambda conn: place.keep(conn, kept_place.place_of(places.Search("biên chế"))))
    assert kept(world) is None


def test_every_move_is_kept_and_the_return_is_told(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Meeting(REGULAR))
    assert kept(world) == places.Meeting(REGULAR)
    assert window.workspace is not None
    window.workspace.go(places.Ballots())
    assert kept(world) == places.Ballots()
    window.workspace.tell_restart()
    assert "khởi động lại" in window.workspace.trouble.text
    window.workspace.go(places.Home())
    assert not window.workspace.trouble.text
    qtbot.waitUntil(lambda: world.tasks.running == 0)


def test_the_end_of_the_login_session_closes_the_window(ui_app: QApplication, qtbot: QtBot) -> None:
    import os
    import signal

    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    closed: list[bool] = []
    try:
        end_on_signals(ui_app, lambda: closed.append(True))
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
        qtbot.waitUntil(lambda: closed == [True])
    finally:
        signal.set_wakeup_fd(-1)
        for name, handler in kept.items():
            signal.signal(name, handler)

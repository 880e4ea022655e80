# SPDX-License-Identifier: AGPL-3.0-or-later
"""Windows under test: the program's own style, tokens and language, and a real device behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.settings import Settings
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.main_window import MainWindow
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.registry import factories
from tests.helpers.ballot_screen import Q_OPINION, settle
from tests.helpers.ui_world import UiWorld, make_world

ShowWindow = Callable[..., MainWindow]


@pytest.fixture
def ui_app(qapp: QApplication) -> Iterator[QApplication]:
    """Fusion, our fonts and tokens, Vietnamese; put back after a test that changed them."""
    qapp.setStyle("Fusion")
    put_in_force(qapp, Settings())
    yield qapp
    put_in_force(qapp, Settings())


@pytest.fixture
def world(ui_app: QApplication, tmp_path: Path) -> Iterator[UiWorld]:
    """A filled device; the windows of the test are gone before it closes."""
    made = make_world(tmp_path / "device")
    yield made
    for window in ui_app.topLevelWidgets():
        window.close()
    made.close()


@pytest.fixture
def show(world: UiWorld, qtbot: QtBot) -> ShowWindow:
    """Shows the main window at a size, on a route."""

    kept: list[MainWindow] = []  # a test that holds only a screen must not lose the window around it

    def make(route: object = None, size: tuple[int, int] = (1368, 912)) -> MainWindow:
        window = MainWindow(world.bridge, world.tasks, factories())
        qtbot.addWidget(window)
        kept.append(window)
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.show_workspace(world.ctx, route)  # type: ignore[arg-type]
        qtbot.waitUntil(lambda: world.tasks.running == 0)
        return window

    return make


@pytest.fixture
def opened(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> Iterator[BallotScreen]:
    """The opinion ballot's form in the window."""
    window = show(places.Ballot(Q_OPINION))
    settle(world, qtbot)
    screen = window.findChild(BallotScreen)
    assert screen is not None
    yield screen
    settle(world, qtbot)

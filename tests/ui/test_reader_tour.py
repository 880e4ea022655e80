# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tour's walk through the reader: every tool and way of looking is shown, and the reader is left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.tour_reader import walk_reader
from client.viewer.document_state import Fit, Mode, Tool
from tests.helpers.reader_world import ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.ui.test_reader import Desk, write_one


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", make_pdf(6)) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


def test_every_tool_and_mode_is_shown_and_the_reader_left_as_found(device: ReaderWorld, qtbot: QtBot) -> None:
    desk = Desk(device, qtbot)
    reader = desk.open(1)
    write_one(reader)
    desk.settle()
    shown: dict[str, object] = {}

    def shoot(name: str) -> None:
        desk.settle()
        canvas = reader.canvas
        if reader.stack.currentWidget() is canvas:
            qtbot.waitUntil(lambda: canvas.scene.is_sharp(canvas.frame()))
        assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], []), name
        shown[name] = desk.window.grab().toImage()

    walk_reader(reader, shoot)
    assert len(shown) == 9
    pictures = list(shown.values())
    assert all(one != other for at, one in enumerate(pictures) for other in pictures[:at]), "each shows something else"
    state = reader.canvas.state
    assert state is not None
    assert (state.mode, state.fit, state.sepia, state.tool) == (Mode.CONTINUOUS, Fit.WIDTH, False, Tool.HAND)
    assert reader.canvas.page == 1
    assert reader.split.side.isHidden()
    assert reader.stack.currentWidget() is reader.canvas

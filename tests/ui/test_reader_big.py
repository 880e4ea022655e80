# SPDX-License-Identifier: AGPL-3.0-or-later
"""The largest papers there may be, in the real reader: twenty thousand pages, and a page of 14,400 points."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.ui.screens.reader_panel import Tab
from client.viewer.document_state import Fit, Tool
from client.viewer.geometry import MAX_SCALE
from client.viewer.tile_cache import DEFAULT_BYTES
from tests.benchmarks.bench_big import LARGE_PT, large_page, many_pages, private_kilobytes
from tests.helpers.pointers import drag_pen
from tests.helpers.reader_world import reader_world
from tests.ui.test_reader import Desk

MOST_PAGES = 20_000
WORKER_KB = 400_000
"""The render process's share with the largest paper open; twelve pages take a seventh of it."""


@pytest.mark.slow
def test_twenty_thousand_pages_from_the_first_to_the_last(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    with reader_world(tmp_path / "device", many_pages(MOST_PAGES)) as made:
        desk = Desk(made, qtbot)
        reader = desk.open(0)
        canvas = reader.canvas
        assert canvas.page_count == MOST_PAGES
        qtbot.waitUntil(lambda: bool(reader.panel.outline.lines), timeout=60_000)
        for page in (MOST_PAGES - 1, MOST_PAGES // 2):
            canvas.go_to_page(page)
            qtbot.waitUntil(lambda: bool(canvas.in_sight()), timeout=60_000)
            assert canvas.page == page
        reader.panel.tabs.choose(Tab.PAGES)
        reader.tools.buttons[Tool.PEN].click()
        drag_pen(canvas, (300, 300), (500, 330))
        desk.settle()
        assert [mark.page for mark in made.marks()] == [MOST_PAGES // 2]
        pid = made.world.ctx.render.pid
        assert pid is not None
        if sys.platform == "linux":
            assert private_kilobytes(pid) < WORKER_KB
        desk.window.close()
        desk.settle()
        again = Desk(made, qtbot)
        assert again.open().canvas.page == MOST_PAGES // 2


def test_a_page_of_the_largest_size_is_drawn_in_tiles_within_the_cache(
    ui_app: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    with reader_world(tmp_path / "device", large_page()) as made:
        desk = Desk(made, qtbot)
        canvas = desk.open(0).canvas
        assert canvas.sizes == ((LARGE_PT, LARGE_PT),)
        qtbot.waitUntil(lambda: bool(canvas.in_sight()), timeout=60_000)
        assert canvas.state is not None
        canvas.state = canvas.state.zoomed(MAX_SCALE, Fit.FREE)
        canvas._refit()
        canvas.pan(100_700, 100_700)  # where four tiles meet
        qtbot.waitUntil(lambda: len(canvas.in_sight()) >= 4, timeout=60_000)
        assert max(image.width() for _, image in canvas.in_sight()) <= 1_024
        assert desk.reader._cache.used_bytes <= DEFAULT_BYTES
        desk.reader.tools.buttons[Tool.PEN].click()
        drag_pen(canvas, (300, 300), (500, 330))
        desk.settle()
        assert len(made.marks()) == 1

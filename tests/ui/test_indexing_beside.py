# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers become searchable and notes are carried while somebody works: never on the thread that draws the windows."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client import carry
from client.store import search
from tests.helpers.reader_world import make_pdf, reader_world

PAGES = 40


def test_indexing_a_paper_leaves_the_event_loop_free(
    ui_app: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    for module, name in ((search, "index_page"), (carry, "read_document"), (carry, "compare")):
        real = getattr(module, name)

        def spy(*args: object, _real: object = real, **more: object) -> object:
            seen.add(threading.current_thread().name)
            return _real(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, spy)
    with reader_world(tmp_path / "device", make_pdf(PAGES)) as device:
        core, ticks = device.world.core, list[int]()
        timer = QTimer()
        timer.timeout.connect(lambda: ticks.append(1))
        timer.start(0)
        core.indexer.start()
        try:
            qtbot.waitUntil(lambda: core.indexer.wait_idle(0), timeout=60_000)
            timer.stop()
            done = core.papers.read(lambda conn: search.indexed_pages(conn, device.plain)).result()
        finally:
            core.indexer.stop()
    assert done == PAGES
    assert seen, "something was indexed"
    assert threading.main_thread().name not in seen
    assert len(ticks) > PAGES, "the loop went on turning between any two pages"

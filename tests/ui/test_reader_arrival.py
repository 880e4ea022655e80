# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader on a paper that is still on its way: what it says, in bytes, and how one pauses and goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ids import PaperId
from client.store import packs
from client.sync.events import PackProgress, SyncFinished, SyncStarted, SyncStatus
from client.ui.navigator import Papers
from client.ui.screens.reader_arrival import Arrival
from tests.helpers.reader_world import ABSENT, DRAFT, PACK, ReaderWorld, make_pdf, reader_world
from tests.ui.test_reader import Desk

MIB = 1 << 20
TITLE = "Tài liệu chưa có trên máy này"
FIRST = "Tài liệu này được tải trước các tài liệu khác và tự mở khi tải xong."


@pytest.fixture
def desk(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with reader_world(tmp_path / "device", make_pdf(3)) as device:
        yield Desk(device, qtbot)
        for window in ui_app.topLevelWidgets():
            window.close()


def waiting(desk: Desk) -> Arrival:
    shown = desk.reader.stack.currentWidget()
    assert isinstance(shown, Arrival)
    return shown


def arrived(desk: Desk, done: int, paper: PaperId = ABSENT) -> None:
    tell(desk.device, PackProgress(PACK, done + 5 * MIB, 40 * MIB, paper, done, 12 * MIB))


def tell(device: ReaderWorld, event: object) -> None:
    device.world.bridge.engine_event.emit(event)


def test_it_comes_first_and_says_how_far_it_is_in_bytes(desk: Desk) -> None:
    spoken: list[str] = []
    desk.open(paper=ABSENT)
    message = waiting(desk)
    message._navigator.announce = spoken.append  # type: ignore[method-assign]
    assert desk.message() == [TITLE, FIRST]
    assert desk.device.world.core.engine.downloads.first() == (PACK, ABSENT)
    assert (message.go.isVisible(), message.line.isVisible()) == (True, False)
    tell(desk.device, SyncStarted())
    assert message.state.text() == "Đang hỏi máy chủ…"
    arrived(desk, 2 * MIB, DRAFT)
    assert message.state.text() == "Sắp đến lượt: đang nhận nốt phần đang tải."
    for done in range(0, 12 * MIB + 1, MIB // 2):
        arrived(desk, done)
    assert message.state.text() == "Đã tải 12,00 MB trong 12,00 MB"
    assert message.line.accessibleName() == "100%"
    assert spoken == [f"Đã tải {n},00 MB trong 12,00 MB" for n in (3, 6, 9, 12)], "a quarter at a time"


def test_a_download_that_is_told_of_keeps_the_place_of_focus(desk: Desk) -> None:
    desk.open(paper=ABSENT)
    message = waiting(desk)
    message.go.setFocus()
    arrived(desk, MIB)
    assert message.pause.hasFocus()
    now = desk.device.world.core.record.read(lambda c: packs.readable(c, PACK)).result()
    assert now is not None
    desk.device.world.write(lambda c: packs.upsert(c, now))  # what a download writes of how far it is
    desk.settle()
    assert waiting(desk) is message
    assert message.pause.hasFocus()
    tell(desk.device, SyncFinished(SyncStatus()))
    assert message.go.hasFocus()
    assert message.state.text() == "Đã tải 1,00 MB trong 12,00 MB"


def test_pause_and_go_on_by_keys(desk: Desk) -> None:
    downloads = desk.device.world.core.engine.downloads
    desk.open(paper=ABSENT)
    message = waiting(desk)
    arrived(desk, MIB)
    message.pause.setFocus()
    desk.qtbot.keyClick(message.pause, Qt.Key.Key_Space)
    desk.settle()
    assert downloads.held() == {PACK}
    assert message.state.text() == "Đã tạm dừng tải bộ tài liệu này."
    assert (message.go.text(), message.go.hasFocus(), message.pause.isVisible()) == ("Tải tiếp", True, False)
    desk.qtbot.keyClick(message.go, Qt.Key.Key_Space)
    desk.settle()
    assert downloads.held() == frozenset()
    assert message.go.text() == "Đồng bộ ngay"


def test_one_goes_back_from_it_and_another_pack_changes_nothing(desk: Desk) -> None:
    reader = desk.open(paper=ABSENT)
    message = waiting(desk)
    tell(desk.device, PackProgress(PACK[:-1], 1, 2, ABSENT, 1, 2))  # type: ignore[arg-type]
    assert not message.line.isVisible()
    desk.qtbot.keyClick(reader, Qt.Key.Key_Tab)
    assert reader.header.back_button.isVisible()
    reader.header.back_button.click()
    desk.settle()
    assert desk.window.workspace is not None
    assert isinstance(desk.window.workspace.route, Papers)

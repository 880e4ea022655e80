# SPDX-License-Identifier: AGPL-3.0-or-later
"""Room on the device: the parts add up, only what is over can be taken off, what the member made stays."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.domain.annotation import Annotation, Rect, TextNote
from client.domain.ids import AnnotationId, PackId
from client.settings import Settings, Theme
from client.store import annotations, packs, papers
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.models.home import PackShown
from client.ui.models.reads import read_home
from client.ui.models.storage import StorageView, read_storage
from client.ui.screens.settings import SettingsScreen
from client.ui.screens.storage import StorageScreen, TakeOffSheet
from client.ui.widgets.button import Button
from client.ui.widgets.download_card import DownloadCard
from tests.helpers.ballot_screen import LANDSCAPE, PORTRAIT, settle, texts
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed
from tests.helpers.ui_world import PAST, REGULAR, UiWorld, moment
from tests.ui.conftest import ShowWindow

SIZE = 3 * papers.CHUNK


def fill(world: UiWorld) -> None:
    """The papers of two meetings are here."""
    for pack in (PAST, REGULAR):
        revision = world.core.record.read(lambda c, pack=pack: packs.readable(c, pack)).result()
        assert revision is not None
        for paper in revision.papers:
            if paper.blob is not None and paper.plain is not None:
                blob, plain = paper.blob, paper.plain
                for index in range(3):
                    world.core.papers.write(
                        lambda c, blob=blob, index=index: papers.append(c, blob, index, bytes(papers.CHUNK))
                    ).result()
                world.core.papers.write(
                    lambda c, blob=blob, plain=plain: papers.finish(c, blob, plain, SIZE, seen=plain)
                ).result()


def note_on(world: UiWorld, pack: PackId) -> Annotation:
    revision = world.core.record.read(lambda c: packs.readable(c, pack)).result()
    assert revision is not None
    paper = revision.papers[0]
    assert paper.plain is not None
    note = TextNote(
        id=AnnotationId("a_kept"),
        paper=paper.id,
        plain=paper.plain,
        page=0,
        made=moment(world),
        at=Rect(10, 10, 30, 30),
        text="Hỏi lại",
    )
    world.write(lambda c: annotations.add(c, note))
    return note


def measured(world: UiWorld) -> StorageView:
    return read_storage(world.core.record, world.core.papers, world.clock, world.ctx.viewer, None)


def pressed(root: QWidget, name: str) -> Button:
    return next(b for b in root.findChildren(Button) if b.isVisible() and b.accessibleName().startswith(name))


def shown_as(world: UiWorld, pack: PackId) -> PackShown:
    home = read_home(world.core.record, world.clock, world.ctx.viewer).result()
    return next(card.shown for card in home.all if card.pack == pack)


def test_the_parts_add_up(world: UiWorld) -> None:
    fill(world)
    view = measured(world)
    rooms = {room.card.pack: room for room in view.packs}
    assert set(rooms) == {PAST, REGULAR}
    assert (rooms[PAST].bytes, rooms[PAST].papers, rooms[PAST].can_go) == (2 * SIZE, 2, True)
    assert (rooms[REGULAR].bytes, rooms[REGULAR].can_go) == (6 * SIZE, False), "it is going on"
    assert view.papers == sum(room.bytes for room in view.packs)
    assert view.papers + view.rest == world.core.papers.read(papers.usage).result()
    assert view.record > 0
    assert [room.card.pack for room in view.removable] == [PAST]


def test_papers_of_a_past_session_are_taken_off_and_come_back(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    fill(world)
    note = note_on(world, PAST)
    window = show(places.Storage())
    settle(world, qtbot)
    screen = window.findChild(StorageScreen)
    assert "Phiên họp Chính phủ thường kỳ tháng 10 năm 2026 (dữ liệu giả định)" in texts(screen)
    QTest.mouseClick(pressed(screen, "Xóa tài liệu: Phiên họp"), Qt.MouseButton.LeftButton)
    sheet = window.findChild(TakeOffSheet)
    qtbot.waitUntil(sheet.keep.hasFocus)  # Enter by accident keeps them
    assert "Ghi chú, phiếu, góp ý và biên nhận của đồng chí giữ nguyên." in texts(sheet)
    QTest.mouseClick(sheet.keep, Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert measured(world).removable, "nothing was asked for"
    QTest.mouseClick(pressed(screen, "Xóa tài liệu của tất cả"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.findChildren(TakeOffSheet)[-1].sure, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown_as(world, PAST) is PackShown.TAKEN_OFF)
    settle(world, qtbot)
    view = measured(world)
    assert view.removable == ()
    assert [room.off for room in view.packs if room.card.pack == PAST] == [True]
    assert world.core.record.read(lambda c: annotations.of_paper(c, note.paper)).result() == (note,)
    space = window.workspace
    assert space is not None
    assert space.undo_bar.isVisible()
    QTest.mouseClick(space.undo_bar.undo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown_as(world, PAST) is PackShown.FETCHING)
    assert world.core.engine.downloads.held() == frozenset()
    settle(world, qtbot)


def test_a_meeting_that_was_taken_off_says_so_where_it_is_met(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    fill(world)
    world.core.engine.downloads.take_off(PAST)
    window = show(places.Meeting(PAST))
    settle(world, qtbot)
    [card] = [one for one in window.findChildren(DownloadCard) if one.isVisible()]
    assert card.words.text() == "Tài liệu của phiên này không lưu trên máy."
    QTest.mouseClick(pressed(card, "Tải về máy"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not world.core.engine.downloads.held())
    settle(world, qtbot)


def test_the_way_there_from_settings(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    window = show(places.Preferences())
    settle(world, qtbot)
    screen = window.findChild(SettingsScreen)
    QTest.mouseClick(pressed(screen, "Xem và giải phóng dung lượng"), Qt.MouseButton.LeftButton)
    settle(world, qtbot)
    assert window.workspace is not None
    assert window.workspace.route == places.Storage()
    assert "Chưa có tài liệu trên máy" in texts(window.findChild(StorageScreen))


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize("percent", [100, 150])
def test_it_fits(
    world: UiWorld, ui_app: QApplication, show: ShowWindow, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    fill(world)
    world.core.engine.downloads.hold(REGULAR)
    longer = Longer()
    ui_app.installTranslator(longer)
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK))
    window = show(places.Storage(), size)
    settle(world, qtbot)
    screen = window.findChild(StorageScreen)
    screen.take_off(measured(world).removable)
    settle(world, qtbot)
    ui_app.removeTranslator(longer)
    for part in (screen, window.findChild(TakeOffSheet)):
        assert too_small(part) == []
        assert unnamed(part) == []
        assert cut_off(part) == []

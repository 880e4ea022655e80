# SPDX-License-Identifier: AGPL-3.0-or-later
"""A replaced paper on screen: the badge, changed passages side by side, notes that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.annotation import Annotation, TextNote
from client.domain.paper import PaperVersion
from client.settings import Settings, Theme
from client.store import annotations as marks
from client.store import carry, papers, reading
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.models.changes import page_list
from client.ui.screens.changes import ChangesScreen, Tab
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.page_pad import PagePad
from client.ui.widgets.text import Label
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, reader_world
from tests.helpers.replaced import ARTICLES, FRESH, annotate, make_pdf, replace_draft, settled
from tests.helpers.ui_audit import Longer, controls, cut_off, too_small, unnamed
from tests.ui.test_reader import Desk

LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", make_pdf(*ARTICLES)) as made:
        made.world.core.indexer.start()
        settled(made)
        yield made
        made.world.core.indexer.stop()
        for window in ui_app.topLevelWidgets():
            window.close()


def replaced(device: ReaderWorld) -> PaperVersion:
    """Read, annotated, replaced: one page new, one reworded, one gone with a note on it."""
    annotate(device)
    device.world.write(lambda c: reading.mark_page_seen(c, device.plain, 0))
    first, second, third, _ = ARTICLES
    later = replace_draft(device, make_pdf(first, FRESH, second.replace("06", "12"), third, top=160))
    settled(device)
    return later


class ChangesDesk(Desk):
    """A window at the screen of changes."""

    @property
    def changes(self) -> ChangesScreen:
        assert self.window.workspace is not None
        screen = self.window.workspace.screen_of(places.Changes)
        assert isinstance(screen, ChangesScreen)
        return screen

    def look(self, *, doubts: bool = False) -> ChangesScreen:
        self.go(places.Changes(PACK, DRAFT, doubts))
        screen = self.changes
        self.qtbot.waitUntil(lambda: screen.stack.currentIndex() != 0 or self.pictures_ready())
        return screen

    def pictures_ready(self) -> bool:
        panes = self.changes.panes
        return all(pane.stack.currentIndex() == 1 or pane.window_.picture.ready for pane in (panes.old, panes.new))

    def texts(self) -> list[str]:
        message = self.changes.stack.currentWidget()
        assert isinstance(message, EmptyState)
        return [label.text() for label in message.findChildren(Label) if label.text()]


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> ChangesDesk:
    return ChangesDesk(device, qtbot)


def notes_on(device: ReaderWorld, version: PaperVersion) -> tuple[Annotation, ...]:
    return device.world.core.record.read(lambda c: marks.of_paper(c, DRAFT, version.plain)).result()


def test_the_meeting_names_the_pages_that_changed_and_leads_to_them(desk: ChangesDesk) -> None:
    replaced(desk.device)
    desk.go(places.Meeting(PACK))
    assert desk.window.workspace is not None
    meeting = desk.window.workspace.screen_of(places.Meeting)
    chips = [chip.text for chip in meeting.findChildren(Chip)]
    assert "MỚI: tr 2–4" in chips
    assert "1 ghi chú cần kiểm tra vị trí" in chips
    (button,) = (one for one in controls(meeting) if one.accessibleName() == "Có gì thay đổi")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.window.workspace.route == places.Changes(PACK, DRAFT, doubts=False)


def test_changes_one_after_another_old_and_new_side_by_side(desk: ChangesDesk) -> None:
    replaced(desk.device)
    screen = desk.look()
    assert screen.header.note.text() == "Bản 2 · so với bản 1 đồng chí đã đọc"
    assert screen.tabs.button(Tab.CHANGES).text() == "Thay đổi (3)"
    assert screen.tabs.button(Tab.NOTES).text() == "Cần kiểm tra vị trí (1)"
    assert (screen.chip.text, screen.count.text()) == ("Thêm mới", "1 / 3")
    assert screen.sentence.accessibleName() == f"Thêm mới. {FRESH}"
    QTest.keyClick(screen, Qt.Key.Key_F8)
    desk.settle()
    assert (screen.chip.text, screen.count.text()) == ("Sửa", "2 / 3")
    assert screen.sentence.accessibleName() == "Sửa. 06. 12"
    assert (screen.panes.old.page, screen.panes.new.page) == (1, 2)
    assert "Bản 1 · trang 2 / 4" in screen.panes.old.caption.text()
    desk.qtbot.waitUntil(desk.pictures_ready)
    screen.panes.old.next_button.click()
    assert screen.panes.old.page == 2
    screen.step(-2)
    assert screen.count.text() == "3 / 3"
    screen.leave()
    desk.settle()


def test_a_doubt_moved_where_suggested_and_taken_back(desk: ChangesDesk) -> None:
    later = replaced(desk.device)
    before = notes_on(desk.device, later)
    screen = desk.look(doubts=True)
    assert "Hỏi Bộ Tài chính" in screen.sentence.accessibleName()
    assert "Không còn thấy đoạn này" in screen.sentence.accessibleName()
    screen.move_button.click()
    desk.settle()
    added = set(notes_on(desk.device, later)) - set(before)
    assert [type(one) for one in added] == [TextNote]
    assert "Không có ghi chú nào cần kiểm tra" in desk.texts()
    assert desk.window.workspace is not None
    undo = next(one for one in controls(desk.window) if one.accessibleName() == "Hoàn tác")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(screen.doubts) == 1)
    assert set(notes_on(desk.device, later)) == set(before)
    screen.move_button.click()
    desk.settle()
    assert len(notes_on(desk.device, later)) == len(before) + 1


def test_a_doubt_put_on_another_page_or_left_behind(desk: ChangesDesk) -> None:
    later = replaced(desk.device)
    screen = desk.look(doubts=True)
    screen.page_button.click()
    pad = desk.sheet(PagePad)
    assert isinstance(pad, PagePad)
    QTest.keyClicks(pad, "3")
    pad.go_button.click()
    desk.settle()
    assert screen.panes.new.page == 2
    screen.keep_button.click()
    desk.settle()
    assert screen.doubts == ()
    assert not any(isinstance(one, TextNote) for one in notes_on(desk.device, later))
    undo = next(one for one in controls(desk.window) if one.accessibleName() == "Hoàn tác")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(screen.doubts) == 1)
    screen.page_button.click()
    pad = desk.sheet(PagePad)
    assert isinstance(pad, PagePad)
    QTest.keyClicks(pad, "3")
    pad.go_button.click()
    screen.move_button.click()
    desk.settle()
    assert [one.page for one in notes_on(desk.device, later) if isinstance(one, TextNote)] == [2]


def test_what_cannot_be_shown_is_said(desk: ChangesDesk) -> None:
    desk.look()
    assert "Đây là bản đầu tiên" in desk.texts()
    desk.look(doubts=True)
    assert "Không có ghi chú nào cần kiểm tra" in desk.texts()
    replace_draft(desk.device, make_pdf(*ARTICLES, top=300))
    settled(desk.device)
    screen = desk.look()
    desk.qtbot.waitUntil(lambda: screen.summary is not None)
    assert "Nội dung không thay đổi" in desk.texts()
    assert screen.header.note.text() == "Bản 2 · so với bản 1 (chưa đọc)"


def test_a_version_that_left_the_device_is_said_to_be_gone(desk: ChangesDesk) -> None:
    replaced(desk.device)

    blob = desk.device.draft.blob
    assert blob is not None
    desk.device.world.core.papers.write(lambda c: papers.forget(c, blob)).result()
    screen = desk.look(doubts=True)
    assert screen.panes.old.message.text() == "Bản này không còn trên máy."
    assert screen.panes.new.stack.currentIndex() == 0


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_targets_names_and_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int, tmp_path: Path
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK if percent > 100 else Theme.LIGHT))
    replaced(device)
    desk = ChangesDesk(device, qtbot, size)
    for doubts in (False, True):
        desk.look(doubts=doubts)
        assert too_small(desk.window) == []
        assert unnamed(desk.window) == []
        assert cut_off(desk.window) == []
        desk.window.grab().save(str(tmp_path / f"changes-{doubts:d}.png"))


def test_longer_words_fit(ui_app: QApplication, device: ReaderWorld, qtbot: QtBot) -> None:
    longer = Longer()
    ui_app.installTranslator(longer)
    try:
        replaced(device)
        desk = ChangesDesk(device, qtbot)
        for doubts in (False, True):
            desk.look(doubts=doubts)
            assert cut_off(desk.window) == []
    finally:
        ui_app.removeTranslator(longer)


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        ([2, 6, 18], "3, 7, 19"),
        ([0], "1"),
        ([3, 4, 5, 9], "4–6, 10"),
        ([1, 2], "2, 3"),
        (range(0, 40, 2), "1, 3, 5, 7, 9, 11 …"),
    ],
)
def test_page_numbers_are_short(pages: list[int], text: str) -> None:
    assert page_list(pages) == text


def test_a_decision_on_another_device_is_seen_here(desk: ChangesDesk) -> None:
    later = replaced(desk.device)
    screen = desk.look(doubts=True)
    assert later.plain is not None
    (asked,) = desk.device.world.core.record.read(lambda c: carry.doubtful(c, [later.plain])).result()
    desk.device.world.write(lambda c: marks.add(c, asked.targets[0]))
    desk.qtbot.waitUntil(lambda: screen.doubts == ())

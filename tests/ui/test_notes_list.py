# SPDX-License-Identifier: AGPL-3.0-or-later
"""My notes: every note in sight, filters, jumps, and files written only where the member said."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ids import AnnotationId
from client.domain.paper import PaperPolicy
from client.policy import Policy
from client.settings import Settings, Theme
from client.store import annotations as marks
from client.store import packs
from client.ui import navigator as places
from client.ui.application import put_in_force
from client.ui.screens.changes import ChangesScreen
from client.ui.screens.notes_export import ExportSheet
from client.ui.screens.notes_list import NoteRow, NotesScreen, Show, colour_name
from client.ui.widgets.chip import Chip
from client.ui.widgets.empty_state import EmptyState
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, reader_pack, reader_world
from tests.helpers.replaced import ARTICLES, FRESH, annotate, make_pdf, replace_draft, settled
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed
from tests.ui.test_lists import seen_of
from tests.ui.test_reader import Desk

LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", make_pdf(*ARTICLES)) as made:
        made.world.core.indexer.start()
        settled(made)
        made_notes = annotate(made)
        ink = made_notes["ink"]
        again = msgspec.structs.replace(ink, id=AnnotationId("a_ink1"))
        made.world.write(lambda c: marks.add(c, again))
        settled(made)
        yield made
        made.world.core.indexer.stop()
        for window in ui_app.topLevelWidgets():
            window.close()


class NotesDesk(Desk):
    """A window at the list."""

    @property
    def screen(self) -> NotesScreen:
        assert self.window.workspace is not None
        found = self.window.workspace.screen_of(places.Notes)
        assert isinstance(found, NotesScreen)
        return found

    def rows(self) -> list[str]:
        return [row.accessibleName() for row in seen_of(self.screen, NoteRow)]


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> NotesDesk:
    made = NotesDesk(device, qtbot)
    made.go(places.Notes(PACK))
    return made


def test_every_note_has_a_row_in_page_order(desk: NotesDesk) -> None:
    assert desk.screen.header.note.text() == "5 ghi chú trong 1 tài liệu"
    assert desk.rows() == [
        "Tô sáng: “Thời hạn chuyển tiếp là 06 tháng”. Trang 2",
        "Bút mực (2 nét). Trang 2",
        "Đánh dấu trang. Trang 3",
        "Ghi chú: “Hỏi Bộ Tài chính”. Trang 4",
    ]


@pytest.mark.parametrize(
    ("show", "count"),
    [(Show.HIGHLIGHTS, 1), (Show.NOTES, 1), (Show.INK, 1), (Show.BOOKMARKS, 1), (Show.DOUBTS, 0), (Show.ALL, 4)],
)
def test_one_kind_only(desk: NotesDesk, show: Show, count: int) -> None:
    desk.screen.show_what.button(show).click()
    assert len(desk.rows()) == count
    assert len(seen_of(desk.screen, EmptyState)) == (count == 0)


def test_one_colour_only(desk: NotesDesk) -> None:
    buttons = {b.accessibleName(): b for b in desk.screen.colours.findChildren(type(desk.screen.header.back_button))}
    assert set(buttons) == {"Chỉ màu đỏ", "Chỉ màu vàng"}
    buttons["Chỉ màu đỏ"].click()
    assert desk.rows() == ["Bút mực (2 nét). Trang 2"]
    buttons["Chỉ màu vàng"].click()
    assert [row.partition(":")[0] for row in desk.rows()] == ["Tô sáng", "Ghi chú"]
    buttons["Chỉ màu vàng"].click()
    assert len(desk.rows()) == 4


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#B3261E", "đỏ"), ("#FFD54A", "vàng"), ("#0F4C81", "xanh dương"), ("#1E6B3A", "xanh lá"), ("#1B2430", "đen")],
)
def test_colours_have_names(colour: str, name: str) -> None:
    assert colour_name(colour) == name


def test_a_row_jumps_to_its_page(desk: NotesDesk) -> None:
    row = next(one for one in seen_of(desk.screen, NoteRow) if one.accessibleName().startswith("Ghi chú"))
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.window.workspace is not None
    assert desk.window.workspace.route == places.Paper(PACK, DRAFT, 3)


def test_doubts_and_what_was_left_behind_stay_in_sight(desk: NotesDesk) -> None:
    first, second, third, _ = ARTICLES
    replace_draft(desk.device, make_pdf(first, FRESH, second, third))
    settled(desk.device)
    desk.qtbot.waitUntil(lambda: [chip.text for chip in seen_of(desk.screen, Chip)] == ["Cần kiểm tra vị trí"])
    row = next(one for one in seen_of(desk.screen, NoteRow) if "Cần kiểm tra" in one.accessibleName())
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.window.workspace is not None
    changes = desk.window.workspace.screen_of(places.Changes)
    assert isinstance(changes, ChangesScreen)
    changes.keep_button.click()
    desk.settle()
    desk.go(places.Notes(PACK))
    desk.qtbot.waitUntil(lambda: [chip.text for chip in seen_of(desk.screen, Chip)] == ["Ở bản cũ"])
    row = next(one for one in seen_of(desk.screen, NoteRow) if "Ở bản cũ" in one.accessibleName())
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    desk.qtbot.waitUntil(lambda: len(changes.doubts) == 1)


def test_a_copy_is_written_where_the_member_said_and_nowhere_else(desk: NotesDesk, tmp_path: Path) -> None:
    (paper,) = desk.screen.view or ()
    desk.screen._export(paper)
    sheet = desk.sheet(ExportSheet)
    assert isinstance(sheet, ExportSheet)
    target = tmp_path / "out" / "ban-sao.pdf"
    target.parent.mkdir()
    with desk.qtbot.waitSignal(sheet.written, timeout=30_000):
        sheet.write_to(target)
    with pymupdf.open(target) as opened:
        kinds = [annot.type[1] for page in opened for annot in page.annots()]
        said = opened[0].get_text()
    assert sorted(kinds) == ["FreeText", "Highlight", "Ink", "Ink", "Text"]
    assert "Thành viên thứ 17" in said
    assert list(target.parent.iterdir()) == [target]
    desk.settle()


def test_a_sheet_of_text_names_pages_and_notes(desk: NotesDesk, tmp_path: Path) -> None:
    (paper,) = desk.screen.view or ()
    desk.screen._export(paper)
    sheet = desk.sheet(ExportSheet)
    assert isinstance(sheet, ExportSheet)
    with desk.qtbot.waitSignal(sheet.written, timeout=30_000):
        sheet.write_to(tmp_path / "ghi-chu.txt")
    lines = (tmp_path / "ghi-chu.txt").read_text("utf-8").splitlines()
    assert "Trang 2" in lines
    assert "  - Tô sáng: “Thời hạn chuyển tiếp là 06 tháng”" in lines
    assert lines.count("  - Bút mực") == 1


def test_a_place_that_cannot_be_written_is_said(desk: NotesDesk, tmp_path: Path) -> None:
    (paper,) = desk.screen.view or ()
    desk.screen._export(paper)
    sheet = desk.sheet(ExportSheet)
    assert isinstance(sheet, ExportSheet)
    sheet.write_to(tmp_path / "absent" / "ban-sao.pdf")
    desk.qtbot.waitUntil(lambda: "Không ghi được tệp" in sheet.trouble.text, timeout=30_000)
    assert sheet.pdf_button.isEnabled()


@pytest.mark.parametrize("who", ["machine", "paper"])
def test_policy_may_forbid_it(device: ReaderWorld, qtbot: QtBot, who: str) -> None:
    if who == "machine":
        device.world.ctx = dataclasses.replace(device.world.ctx, policy=Policy(allow_export=False))
    else:
        kept = msgspec.structs.replace(device.draft, policy=PaperPolicy(export=False))
        device.world.write(lambda c: packs.upsert(c, reader_pack(kept, rev=2)))
    desk = NotesDesk(device, qtbot)
    desk.go(places.Notes())
    (button,) = (b for b in seen_of(desk.screen, type(desk.screen.header.back_button)) if b.text() == "Xuất ra tệp")
    assert not button.isEnabled()
    assert button.toolTip()


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_targets_names_and_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int, tmp_path: Path
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent, theme=Theme.DARK if percent > 100 else Theme.LIGHT))
    desk = NotesDesk(device, qtbot, size)
    desk.go(places.Notes(PACK))
    assert len(desk.rows()) == 4
    assert too_small(desk.window) == []
    assert unnamed(desk.window) == []
    assert cut_off(desk.window) == []
    desk.window.grab().save(str(tmp_path / "notes.png"))
    (paper,) = desk.screen.view or ()
    desk.screen._export(paper)
    sheet = desk.sheet(ExportSheet)
    QApplication.processEvents()
    assert too_small(sheet) == []
    assert unnamed(sheet) == []
    sheet.grab().save(str(tmp_path / "export.png"))
    assert isinstance(sheet, ExportSheet)
    sheet.reject()


def test_longer_words_fit(ui_app: QApplication, device: ReaderWorld, qtbot: QtBot) -> None:
    longer = Longer()
    ui_app.installTranslator(longer)
    try:
        desk = NotesDesk(device, qtbot)
        desk.go(places.Notes(PACK))
        desk.rows()
        assert cut_off(desk.window) == []
    finally:
        ui_app.removeTranslator(longer)

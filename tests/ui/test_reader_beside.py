# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two views side by side, and a page in large type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.settings import Settings
from client.store import packs
from client.ui.application import put_in_force
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_large import SIZES_PX
from client.ui.screens.reader_side import PaperSheet
from client.viewer.document_state import Tool
from tests.helpers.pointers import drag_pen
from tests.helpers.reader_world import LINE, ReaderWorld, keep_paper, make_pdf, reader_pack, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import paper
from tests.ui.test_reader import Desk, write_one

OTHER = "r_other"


def data() -> bytes:
    """Seven pages of text, an eighth without a text layer."""
    with pymupdf.open(stream=make_pdf(7), filetype="pdf") as made:
        made.new_page(width=595, height=842).draw_rect((60, 60, 500, 700), color=(0, 0, 0))
        return bytes(made.tobytes(deflate=True))


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", data()) as made:
        other = keep_paper(made.world, make_pdf(3, salt="khác"), paper(OTHER, "Báo cáo thẩm định", pages=3))  # type: ignore[arg-type]
        made.world.write(lambda c: packs.upsert(c, reader_pack(made.draft, other, rev=2)))
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


def split(desk: Desk, page: int = 2) -> ReaderScreen:
    reader = desk.open(page)
    reader.looks.split_button.click()
    desk.settle()
    assert reader.split.side.isVisible()
    return reader


def test_the_second_view_is_at_the_same_page_and_goes_its_own_way(desk: Desk) -> None:
    reader = split(desk)
    side = reader.split.side
    assert side.canvas.page == 2
    side.canvas.go_to_page(5)
    assert (reader.canvas.page, side.canvas.page) == (2, 5)
    assert side.page_button.text() == "Trang 6 / 8"
    reader.canvas.go_to_page(1)
    assert side.canvas.page == 5
    desk.qtbot.waitUntil(lambda: side.canvas.scene.is_sharp(side.canvas.frame()))
    desk.qtbot.waitUntil(lambda: reader.canvas.scene.is_sharp(reader.canvas.frame()))


def test_what_is_written_here_is_seen_there_and_nothing_is_written_there(desk: Desk) -> None:
    reader = split(desk, page=0)
    side = reader.split.side
    write_one(reader)
    desk.settle()
    (stroke,) = reader.canvas.scene.ink.strokes(0).values()
    assert list(side.canvas.scene.ink.strokes(0)) == [stroke.id]
    assert side.canvas.tool is Tool.HAND
    drag_pen(side.canvas, (100, 200), (250, 260))
    desk.settle()
    assert len(desk.device.marks()) == 1


def test_another_paper_of_the_pack_beside_this_one(desk: Desk) -> None:
    reader = split(desk)
    side = reader.split.side
    side.choose_button.click()
    desk.settle()
    sheet = desk.sheet(PaperSheet)
    assert isinstance(sheet, PaperSheet)
    titles = [line.title for line in sheet.list.lines]
    assert len(titles) == 2
    assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])
    sheet.list.chosen.emit(sheet.list.lines[1])
    desk.settle()
    assert side.canvas.page_count == 3
    assert side.title.text() == "Báo cáo thẩm định"
    assert reader.canvas.page_count == 8
    side.close_button.click()
    assert side.isHidden()
    assert not reader.looks.split_button.isChecked()
    assert side.canvas.sheet is None


def test_the_view_that_is_for_looking_says_so_and_becomes_the_one_to_write_on(desk: Desk) -> None:
    reader = split(desk)
    side = reader.split.side
    assert side.sign.isVisible()
    side.canvas.go_to_page(5)
    side.write_button.click()
    assert (reader.canvas.page, side.canvas.page) == (5, 2)
    side.choose_button.click()
    desk.settle()
    sheet = desk.sheet(PaperSheet)
    assert isinstance(sheet, PaperSheet)
    sheet.list.chosen.emit(sheet.list.lines[1])
    desk.settle()
    side.canvas.go_to_page(1)
    side.write_button.click()
    desk.settle()
    assert (reader.found and reader.found.paper.id, reader.canvas.page) == (OTHER, 1)
    assert reader.split.side.isVisible()
    assert reader.looks.split_button.isChecked()
    assert (side.canvas.page_count, side.canvas.page) == (8, 5)
    write_one(reader)
    desk.settle()
    assert len(reader.marking.present) == 1
    assert desk.window.workspace is not None
    desk.window.workspace.back()
    desk.settle()
    assert reader.found is not None
    assert reader.found.paper.id != OTHER
    assert side.isHidden()


def test_leaving_the_paper_closes_the_second_view(desk: Desk) -> None:
    reader = split(desk)
    desk.open(paper=OTHER)
    assert reader.split.side.isHidden()
    assert reader.canvas.page_count == 3


def test_large_type_shows_the_pages_words_and_follows(desk: Desk) -> None:
    reader = desk.open(1)
    reader.looks.large_button.click()
    desk.settle()
    large = reader.large.page
    assert reader.stack.currentWidget() is large
    lines = large.text.toPlainText().split("\n")
    assert f"Điều 2.1. {LINE}" in " ".join(lines)
    assert large.number.text() == "Trang 2 / 8"
    assert large.text.document().defaultFont().pixelSize() == SIZES_PX[1]
    assert reader.canvas.scene.stamp is not None
    with_stamp = large.text.viewport().grab().toImage()
    reader.canvas.scene.stamp = None
    assert large.text.viewport().grab().toImage() != with_stamp, "the watermark lies over large type too"
    large.larger.click()
    assert large.text.document().defaultFont().pixelSize() == SIZES_PX[2]
    assert not large.larger.isEnabled()
    large.after.click()
    desk.settle()
    assert "Điều 3.1." in large.text.toPlainText()
    assert reader.canvas.page == 2
    large.close_button.click()
    assert reader.stack.currentWidget() is reader.canvas
    assert not reader.looks.large_button.isChecked()


def test_a_page_without_good_text_says_so_in_large_type(desk: Desk) -> None:
    reader = desk.open(7)
    reader.looks.large_button.click()
    desk.settle()
    assert reader.large.page.text.toPlainText() == "Trang này không có lớp chữ đủ tốt. Xin xem trang tài liệu."


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)], ids=["landscape", "portrait"])
@pytest.mark.parametrize("percent", [100, 150])
def test_both_have_room(
    ui_app: QApplication, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    put_in_force(ui_app, Settings(text_percent=percent))
    desk = Desk(device, qtbot, size)
    reader = split(desk)
    reader.room.want(size[0] > size[1])  # as it opens
    for _ in range(3):
        QApplication.processEvents()
    assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])
    side, main = reader.split.side, reader.stack
    assert min(side.width(), side.height(), main.width(), main.height()) > 300
    assert side.page_button.width() >= side.page_button.sizeHint().width()
    reader.looks.split_button.click()
    reader.looks.large_button.click()
    desk.settle()
    for _ in range(3):
        QApplication.processEvents()
    assert (too_small(desk.window), unnamed(desk.window), cut_off(desk.window)) == ([], [], [])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader on a real store and a real render process: opening, marks that survive, place, faults, versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.domain.annotation import Bookmark, Highlight, InkStroke, TextNote
from client.domain.ids import AnnotationId
from client.domain.paper import PaperVersion
from client.errors import DiskFull
from client.store import annotations as marks
from client.store import comments, outbox, packs, papers, reading, search
from client.ui import navigator as places
from client.ui.main_window import MainWindow
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_edits import Saving
from client.ui.screens.reader_note import NoteSheet
from client.ui.screens.reader_panel import Tab
from client.ui.screens.registry import factories
from client.ui.theme.tokens import Tone
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.page_pad import PagePad
from client.ui.widgets.text import Label
from client.viewer.document_state import Tool
from tests.helpers.pointers import ERASER_END, drag_pen
from tests.helpers.reader_world import (
    ABSENT,
    BROKEN,
    DRAFT,
    PACK,
    STUB,
    ReaderWorld,
    keep_paper,
    make_pdf,
    reader_world,
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(12)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path, pdf: bytes) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", pdf) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


class Desk:
    """A window on the device, and its reader."""

    def __init__(self, device: ReaderWorld, qtbot: QtBot, size: tuple[int, int] = (1368, 912)) -> None:
        self.device, self.qtbot = device, qtbot
        self.window = MainWindow(device.world.bridge, device.world.tasks, factories())
        qtbot.addWidget(self.window)
        self.window.resize(*size)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.show_workspace(device.world.ctx, places.Papers())
        self.settle()

    @property
    def reader(self) -> ReaderScreen:
        assert self.window.workspace is not None
        screen = self.window.workspace.screen_of(places.Paper)
        assert isinstance(screen, ReaderScreen)
        return screen

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.device.world.tasks.running == 0)
        QApplication.processEvents()
        self.qtbot.waitUntil(lambda: self.device.world.tasks.running == 0)

    def go(self, route: places.Route) -> None:
        assert self.window.workspace is not None
        self.window.workspace.go(route)
        self.settle()

    def open(self, page: int | None = None, paper: object = DRAFT) -> ReaderScreen:
        self.go(places.Paper(PACK, paper, page))  # type: ignore[arg-type]
        return self.reader

    def sheet(self, kind: type[QWidget]) -> QWidget:
        found: list[QWidget] = [one for one in self.window.findChildren(kind) if one.isVisible()]
        assert len(found) == 1
        return found[0]

    def message(self) -> list[str]:
        shown = self.reader.stack.currentWidget()
        assert isinstance(shown, EmptyState)
        return [label.text() for label in shown.findChildren(Label) if label.text()]


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


@pytest.fixture
def again(device: ReaderWorld, qtbot: QtBot) -> Callable[[], Desk]:
    """A new window on the same device, as after a restart."""
    return lambda: Desk(device, qtbot)


# -- opening ---------------------------------------------------------------------------------------------------


def test_a_paper_opens_with_title_pages_and_contents(desk: Desk) -> None:
    reader = desk.open()
    assert reader.stack.currentWidget() is reader.canvas
    assert reader.canvas.page_count == 12
    assert reader.header.title.text().startswith("Dự thảo Nghị định")
    assert reader.heading() == reader.header.title.text()
    assert "12 trang" in reader.header.note.text()
    assert reader.tools.page_button.text() == "Trang 1 / 12"
    assert len(reader.panel.outline.lines) == 12
    assert reader.header.chip.isHidden()
    assert desk.window.workspace is not None
    assert desk.window.workspace.rail.isHidden()
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.scene.pictures))
    assert reader.canvas.scene.words.watermark.startswith("Thành viên thứ 17 (dữ liệu giả định) · SURFACE-017 · ")


def test_outline_strip_and_pad_lead_to_pages(desk: Desk) -> None:
    reader = desk.open()
    reader.panel.outline.chosen.emit(reader.panel.outline.lines[4])
    assert reader.canvas.page == 4
    assert reader.tools.page_button.text() == "Trang 5 / 12"
    reader.panel.tabs.button(Tab.PAGES).click()
    assert reader.panel.stack.currentWidget() is reader.panel.strip
    reader.panel.strip.chosen.emit(8)
    assert reader.canvas.page == 8
    reader.tools.page_button.click()
    pad = desk.sheet(PagePad)
    assert isinstance(pad, PagePad)
    QTest.keyClicks(pad, "11")
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert reader.canvas.page == 10
    reader.tools.page_button.click()
    pad = desk.sheet(PagePad)
    assert isinstance(pad, PagePad)
    QTest.keyClicks(pad, "099")
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert reader.canvas.page == 11


def test_small_pages_come_for_what_is_in_sight(desk: Desk) -> None:
    reader = desk.open()
    reader.panel.tabs.button(Tab.PAGES).click()
    cache = reader.canvas.scene.pictures
    assert cache is not None
    desk.qtbot.waitUntil(lambda: len({key.page for key in cache._previews}) >= 6)


def test_a_paper_with_a_grade_is_refused_without_reading_anything(desk: Desk) -> None:
    reader = desk.open(paper=STUB)
    assert desk.message()[0] == "Tài liệu mật – nhận bản giấy"
    assert reader.tools.isHidden()
    assert reader.canvas.page_count == 0


def test_a_damaged_file_is_told_in_its_place_and_others_still_open(desk: Desk) -> None:
    reader = desk.open(paper=BROKEN)
    assert desk.message() == ["Tệp tài liệu bị hỏng", "Các tài liệu khác vẫn mở được. Báo Thư ký."]
    assert reader.header.title.text() == "Phụ lục hỏng"
    assert desk.open().canvas.page_count == 12


def test_a_paper_that_is_not_here_opens_when_it_comes(desk: Desk, pdf: bytes) -> None:
    reader = desk.open(paper=ABSENT)
    assert desk.message()[0] == "Tài liệu chưa có trên máy này"
    world = desk.device.world
    now = world.core.record.read(lambda c: packs.readable(c, PACK)).result()
    assert now is not None
    late = keep_paper(world, make_pdf(4, salt="muộn"), next(one for one in now.papers if one.id == ABSENT))
    rest = tuple(late if one.id == ABSENT else one for one in now.papers)
    world.write(lambda c: packs.upsert(c, msgspec.structs.replace(now, rev=2, papers=rest)))
    desk.qtbot.waitUntil(lambda: reader.canvas.page_count == 4)
    assert reader.stack.currentWidget() is reader.canvas


def test_bytes_that_are_not_the_promised_ones_are_not_shown(desk: Desk) -> None:
    world, draft = desk.device.world, desk.device.draft
    assert draft.blob is not None
    blob = draft.blob

    def damage(conn: object) -> tuple[None, object]:
        from client.store.changes import NOTHING

        conn.execute("UPDATE chunks SET data = zeroblob(length(data))")  # type: ignore[attr-defined]
        return None, NOTHING

    world.core.papers.write(damage).result()  # type: ignore[arg-type]
    reader = desk.open()
    assert reader.canvas.page_count == 0
    assert len(desk.message()) == 2
    assert not world.core.papers.read(lambda c: papers.is_present(c, blob)).result()


def test_a_paper_opened_again_is_there_at_once_and_one_taken_back_leaves_no_picture(desk: Desk) -> None:
    reader = desk.open(2)
    desk.qtbot.waitUntil(lambda: reader.canvas.scene.is_sharp(reader.canvas.frame()))
    desk.open(paper=BROKEN)
    assert reader.canvas.sheet is None
    sharp: list[bool] = []
    reader.loader.opened.connect(lambda *_: sharp.append(reader.canvas.scene.is_sharp(reader.canvas.frame())))
    desk.open(2)
    assert sharp == [True], "before the render process has drawn anything anew"
    desk.open(paper=STUB)
    assert len(reader._cache) == 0


def test_a_new_version_is_offered_and_never_forced(desk: Desk) -> None:
    reader = desk.open(3)
    world = desk.device.world
    now = world.core.record.read(lambda c: packs.readable(c, PACK)).result()
    assert now is not None
    fresh: PaperVersion = keep_paper(world, make_pdf(7, salt="mới"), msgspec.structs.replace(now.papers[0], version=2))
    revised = msgspec.structs.replace(now, rev=2, papers=(fresh, *now.papers[1:]))
    world.write(lambda c: packs.upsert(c, revised))
    desk.qtbot.waitUntil(lambda: not reader.changed.newer.isHidden())
    assert reader.canvas.page_count == 12
    reader._open_newer()
    desk.settle()
    assert reader.canvas.page_count == 7
    assert "(bản 2)" in reader.header.title.text()
    assert reader.changed.newer.isHidden()
    desk.settle()
    assert reader.header.changes_button.isVisible()
    reader.header.changes_button.click()
    desk.settle()
    assert desk.window.workspace is not None
    assert desk.window.workspace.route == places.Changes(PACK, DRAFT)


# -- ink and saving --------------------------------------------------------------------------------------------


def write_one(reader: ReaderScreen, y: int = 300) -> None:
    if reader.canvas.tool is not Tool.PEN:
        reader.tools.buttons[Tool.PEN].click()
    drag_pen(reader.canvas, (200, y), (600, y + 30))


def test_a_stroke_is_saved_at_once_and_survives(desk: Desk, again: Callable[[], Desk]) -> None:
    reader = desk.open()
    states: list[Saving] = []
    reader.marking.saving.connect(states.append)
    write_one(reader)
    assert states == [Saving.SAVING]
    desk.settle()
    assert states == [Saving.SAVING, Saving.SAVED]
    assert (reader.header.chip.text, reader.header.chip.tone) == ("Đã lưu", Tone.OK)
    (stored,) = desk.device.marks()
    assert isinstance(stored, InkStroke)
    desk.window.close()
    second = again()
    fresh = second.open()
    assert list(fresh.canvas.scene.ink.strokes(0)) == [stored.id]
    assert fresh.panel.notes.lines[0].title == "Nét bút: 1"


def test_unsaved_ink_says_so_stays_and_can_be_saved_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = desk.open()

    def full(*_args: object) -> None:
        raise DiskFull("test")

    with monkeypatch.context() as broken:
        broken.setattr("client.ui.screens.reader_edits.marks.add", full)
        write_one(reader)
        desk.settle()
        assert reader.header.chip.text == "Chưa lưu"
        assert reader.header.chip.tone is Tone.DANGER
        assert not reader.header.retry_button.isHidden()
        assert desk.device.marks() == ()
        write_one(reader, 500)
        desk.settle()
        assert reader.header.chip.text == "Chưa lưu"
        desk.open(paper=STUB)  # going elsewhere does not lose it
        reader = desk.open()
        assert len(reader.canvas.scene.ink.strokes(0)) == 2
        assert reader.header.chip.text == "Chưa lưu"
    reader.header.retry_button.click()
    desk.settle()
    assert reader.header.chip.text == "Đã lưu"
    assert reader.header.retry_button.isHidden()
    assert len(desk.device.marks()) == 2


def test_undo_redo_and_erasing_reach_the_store(desk: Desk) -> None:
    reader = desk.open()
    assert not reader.tools.undo_button.isEnabled()
    write_one(reader)
    write_one(reader, 500)
    desk.settle()
    assert len(desk.device.marks()) == 2
    drag_pen(reader.canvas, (400, 250), (400, 360), device=ERASER_END)
    desk.settle()
    assert len(desk.device.marks()) == 1
    reader.tools.undo_button.click()
    desk.settle()
    assert len(desk.device.marks()) == 2
    assert len(reader.canvas.scene.ink.strokes(0)) == 2
    QTest.keyClick(reader.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(reader.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.device.marks() == ()
    assert not reader.tools.undo_button.isEnabled()
    QTest.keyClick(reader.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert len(desk.device.marks()) == 1
    assert {mark.id for mark in desk.device.marks()} == set(reader.canvas.scene.ink.strokes(0))


def test_second_press_offers_pens(desk: Desk) -> None:
    reader = desk.open()
    pen = reader.tools.buttons[Tool.PEN]
    pen.click()
    assert reader.picker.isHidden()
    pen.click()
    assert not reader.picker.isHidden()
    reader.picker._pens._group.button(1).click()
    reader.picker._widths._group.button(2).click()
    write_one(reader)
    desk.settle()
    assert reader.picker.isHidden()
    (stroke,) = desk.device.marks()
    assert isinstance(stroke, InkStroke)
    assert (stroke.colour, stroke.width) == ("#B3261E", 3.0)


# -- highlights, notes, bookmarks, comments ---------------------------------------------------------------------


def highlight_one(desk: Desk) -> Highlight:
    reader = desk.reader
    reader.tools.buttons[Tool.HIGHLIGHT].click()
    desk.settle()
    words = desk.device.world.ctx.render.text(desk.device.plain, 0).result().words
    to_view = reader.canvas.frame().to_view(0)
    start, end = (to_view.map(QPointF((w.x0 + w.x1) / 2, (w.y0 + w.y1) / 2)) for w in (words[2], words[5]))
    drag_pen(reader.canvas, (start.x(), start.y()), (end.x(), end.y()))
    desk.settle()
    return next(mark for mark in desk.device.marks() if isinstance(mark, Highlight))


def test_highlight_comment_on_it_and_delete_it(desk: Desk) -> None:
    reader = desk.open()
    mark = highlight_one(desk)
    assert mark.quote is not None
    assert reader.panel.notes.lines[0].title == mark.quote.text
    reader.canvas.mark_pressed.emit(mark)
    assert not reader.passage.isHidden()
    reader.passage.comment_button.click()
    sheet = desk.sheet(CommentSheet)
    assert isinstance(sheet, CommentSheet)
    sheet.text.setPlainText("Đề nghị làm rõ")
    sheet.send_button.click()
    desk.settle()
    record = desk.device.world.core.record
    (sent,) = record.read(lambda c: comments.of_pack(c, PACK)).result()
    assert (sent.draft.paper, sent.draft.page, sent.draft.quote) == (DRAFT, 0, mark.quote.text)
    assert sent.draft.item == "r_item"
    assert len(record.read(outbox.pending).result()) == 1
    reader.canvas.mark_pressed.emit(mark)
    reader.passage.delete_button.click()
    desk.settle()
    assert desk.device.marks() == ()
    assert reader.canvas.scene.marks[0] == []


def test_notes_are_written_changed_and_deleted(desk: Desk) -> None:
    reader = desk.open()
    reader.tools.buttons[Tool.NOTE].click()
    view = reader.canvas.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    sheet = desk.sheet(NoteSheet)
    assert isinstance(sheet, NoteSheet)
    assert not sheet.keep_button.isEnabled()
    sheet.text.setPlainText("Hỏi lại Bộ Tư pháp")
    sheet.keep_button.click()
    desk.settle()
    (note,) = desk.device.marks()
    assert isinstance(note, TextNote)
    assert note.text == "Hỏi lại Bộ Tư pháp"
    desk.qtbot.waitUntil(lambda: not [one for one in desk.window.findChildren(NoteSheet) if one.isVisible()])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(503, 303))
    sheet = desk.sheet(NoteSheet)
    assert isinstance(sheet, NoteSheet)
    sheet.text.setPlainText("Đã hỏi")
    sheet.keep_button.click()
    desk.settle()
    (changed,) = desk.device.marks()
    assert isinstance(changed, TextNote)
    assert changed.text == "Đã hỏi"
    assert changed.id != note.id
    reader.tools.undo_button.click()
    desk.settle()
    (back,) = desk.device.marks()
    assert isinstance(back, TextNote)
    assert back.text == "Hỏi lại Bộ Tư pháp"


def test_bookmarks_toggle(desk: Desk) -> None:
    reader = desk.open(4)
    reader.tools.bookmark_button.click()
    desk.settle()
    (mark,) = desk.device.marks()
    assert isinstance(mark, Bookmark)
    assert mark.page == 4
    assert reader.tools.bookmark_button.accessibleName() == "Bỏ đánh dấu trang"
    QTest.keyClick(reader.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    assert desk.device.marks() == ()


# -- place -----------------------------------------------------------------------------------------------------


def test_place_is_kept_and_pages_count_as_seen_when_they_stand_still(desk: Desk, again: Callable[[], Desk]) -> None:
    reader = desk.open()
    record, plain = desk.device.world.core.record, desk.device.plain
    desk.qtbot.waitUntil(lambda: 0 in record.read(lambda c: reading.seen(c, plain)).result())
    for page in range(1, 9):
        reader.canvas.go_to_page(page)  # flies past
    reader.canvas.pan(0, 200)
    desk.qtbot.waitUntil(lambda: 8 in record.read(lambda c: reading.seen(c, plain)).result())
    assert record.read(lambda c: reading.seen(c, plain)).result() == {0, 8}
    there = reader.canvas.place_now()
    desk.go(places.Papers())
    kept = record.read(lambda c: reading.recall(c, plain)).result()
    assert kept is not None
    assert kept.page == 8
    desk.window.close()
    second = again()
    fresh = second.open()
    assert fresh.canvas.page == 8
    assert fresh.canvas.place_now().y == pytest.approx(there.y, abs=1.5)
    assert record.read(reading.last_opened).result()[0] == plain


def test_a_route_with_a_page_wins_over_the_place(desk: Desk) -> None:
    desk.open(5)
    desk.go(places.Papers())
    assert desk.open(2).canvas.page == 2
    desk.go(places.Papers())
    assert desk.open().canvas.page == 2


# -- find ------------------------------------------------------------------------------------------------------


def test_find_marks_places_without_accents(desk: Desk) -> None:
    reader = desk.open()
    desk.device.index()
    QTest.keyClick(reader.canvas, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert not reader.find_bar.isHidden()
    reader.find_bar.field.setText("thong nhat")
    desk.qtbot.waitUntil(lambda: len(reader.canvas.scene.hits) > 10)
    assert reader.finder.pages == tuple(range(12))
    assert reader.find_bar.count.text() == "1 / 12 trang"
    reader.find_bar.next_button.click()
    desk.settle()
    assert reader.canvas.page == 1
    reader.find_bar.field.setText("khongcotu")
    desk.qtbot.waitUntil(lambda: reader.find_bar.count.text() == "Không thấy")
    assert reader.canvas.scene.hits == []
    QTest.keyClick(reader.find_bar.field, Qt.Key.Key_Escape)
    assert reader.find_bar.isHidden()


def test_find_shows_pages_with_the_words_in_a_row_if_there_are_any(desk: Desk) -> None:
    reader = desk.open()
    texts = {
        3: "Theo quy định, kiến nghị được gửi trước.",
        5: "Nghị định này có hiệu lực.",
        8: "Nghị quyết, quyết định.",
    }
    for page, text in texts.items():
        desk.device.world.core.papers.write(
            lambda c, page=page, text=text: search.index_page(c, desk.device.plain, page, text)
        ).result()
    reader.finder.open()
    reader.find_bar.field.setText("nghi dinh")
    desk.qtbot.waitUntil(lambda: reader.finder.pages == (5,))
    desk.settle()
    assert reader.canvas.page == 5
    reader.find_bar.field.setText("hieu nghi")  # in a row nowhere
    desk.qtbot.waitUntil(lambda: reader.find_bar.count.text() == "1 / 1 trang")
    assert reader.finder.pages == (5,)


def test_from_a_search_the_words_are_marked_on_the_page(desk: Desk) -> None:
    desk.device.index()
    for page in (4, 6):  # opened by it, and already open
        desk.go(places.Paper(PACK, DRAFT, page, "nghi quyet"))
        desk.qtbot.waitUntil(lambda page=page: bool(desk.reader.canvas.scene.hits) and desk.reader.canvas.page == page)
        assert desk.reader.find_bar.field.text() == "nghi quyet"


def test_marks_from_elsewhere_appear_and_go_while_one_reads(desk: Desk) -> None:
    reader = desk.open(page=0)
    write_one(reader)
    desk.settle()
    (mine,) = reader.marking.present
    theirs = msgspec.structs.replace(mine, id=AnnotationId("a_elsewhere"), page=2)
    desk.device.world.write(lambda c: marks.add(c, theirs))
    desk.qtbot.waitUntil(lambda: {one.id for one in reader.marking.present} == {mine.id, theirs.id})
    desk.device.world.write(lambda c: marks.delete(c, mine.id, theirs.made))
    desk.qtbot.waitUntil(lambda: [one.id for one in reader.marking.present] == [theirs.id])
    assert not reader.tools.undo_button.isEnabled(), "a step that another device took back is not undone here"

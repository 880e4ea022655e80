# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sharing on the screens: private until somebody is named, seen in its author's colour, never edited by its reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.annotation import Annotation, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId, MemberId, Moment
from client.domain.people import Person
from client.domain.sharing import ShareChange
from client.store import annotations as marks
from client.store import received, share_chains, shares
from client.ui import navigator as places
from client.ui import people_words
from client.ui.screens.notes_export import ExportSheet
from client.ui.screens.notes_list import NoteRow, NotesScreen
from client.ui.screens.notes_rows import GuestRow, PaperPick, Whose
from client.ui.screens.outbox import SharedRow
from client.ui.screens.reader_guests import GuestSheet
from client.ui.screens.reader_note import NoteSheet
from client.ui.screens.share_sheet import ShareSheet
from client.ui.theme.tokens import AUTHOR_COLOURS, contrast
from client.ui.widgets.chip import Chip
from client.ui.widgets.list_rows import Row
from client.ui.widgets.text import Label
from client.viewer.document_state import Tool
from client.viewer.ink import InkPoint, pack_points
from client.viewer.view.guests import band_colour
from tests.helpers.pointers import ERASER_END, drag_pen
from tests.helpers.reader_world import DRAFT, PACK, ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.ui.test_lists import seen_of
from tests.ui.test_reader import Desk
from tests.ui.test_reader_pens import take

AIDE, OTHER = MemberId("m_003"), MemberId("m_005")
AT = Moment("2026-11-23T03:00:00.000Z")
PINNED = Rect(120, 150, 140, 170)
EVERYBODY = 26
LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return make_pdf(6)


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path, pdf: bytes) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", pdf) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


def give(device: ReaderWorld, *things: Annotation, author: MemberId = AIDE, count: int = 0) -> None:
    """As ``sync.sharing`` stores what came."""
    changes = tuple(ShareChange(one.id, count, one if count % 2 == 0 else None) for one in things)
    device.world.write(lambda conn: received.apply(conn, author, changes, at=AT))


def note(device: ReaderWorld, name: str, text: str) -> TextNote:
    return TextNote(id=AnnotationId(name), paper=DRAFT, plain=device.plain, page=0, made=AT, at=PINNED, text=text)


def ink(device: ReaderWorld) -> InkStroke:
    points = pack_points([InkPoint(150 + 4 * k, 300, 0.6, 4) for k in range(60)])
    return InkStroke(
        id=AnnotationId("an_ink"),
        paper=DRAFT,
        plain=device.plain,
        page=0,
        made=AT,
        colour="#0F4C81",
        width=3,
        points=points,
    )


def chosen(device: ReaderWorld, item: AnnotationId) -> tuple[MemberId, ...]:
    return device.world.core.record.read(lambda conn: shares.chosen(conn, item)).result()


def pick(desk: Desk, *people: MemberId) -> None:
    """Name people in the open picker and agree."""
    sheet = desk.sheet(ShareSheet)
    assert isinstance(sheet, ShareSheet)
    desk.qtbot.waitUntil(lambda: len(sheet.boxes()) == EVERYBODY)  # built in slices
    for box in sheet.boxes():
        if box.on is not (box.person.id in people):
            box.click()
    sheet.share_button.click()
    desk.settle()


def test_a_note_is_private_until_somebody_is_named_and_follows_its_changed_words(desk: Desk) -> None:
    reader = desk.open()
    reader.tools.buttons[Tool.NOTE].click()
    view = reader.canvas.viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    sheet = desk.sheet(NoteSheet)
    assert isinstance(sheet, NoteSheet)
    assert sheet.standing.text() == "Riêng tôi"
    sheet.text.setPlainText("Hỏi về kinh phí")
    sheet.share_button.click()
    pick(desk, AIDE)
    assert sheet.standing.text() == "Chia sẻ với Thành viên thứ 3 khi lưu"
    assert desk.device.world.core.record.read(share_chains.addressed).result() == (), "not before it is saved"
    sheet.keep_button.click()
    desk.settle()
    (first,) = desk.device.marks()
    assert chosen(desk.device, first.id) == (AIDE,)
    desk.qtbot.waitUntil(lambda: not [one for one in desk.window.findChildren(NoteSheet) if one.isVisible()])
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(503, 303))
    again = desk.sheet(NoteSheet)
    assert isinstance(again, NoteSheet)
    desk.qtbot.waitUntil(lambda: again.standing.text() == "Chia sẻ với Thành viên thứ 3")
    again.text.setPlainText("Hỏi lại về kinh phí")
    again.keep_button.click()
    desk.settle()
    (second,) = desk.device.marks()
    assert second.id != first.id
    assert chosen(desk.device, second.id) == (AIDE,)
    told = desk.device.world.core.record.read(lambda c: share_chains.untold(c, AIDE, most=9, size=10**6)).result()
    assert [one.id for one in told] == [second.id], "the old words were never sent and are not"


def test_putting_a_new_note_aside_shares_nothing(desk: Desk) -> None:
    reader = desk.open()
    reader.tools.buttons[Tool.NOTE].click()
    QTest.mouseClick(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    sheet = desk.sheet(NoteSheet)
    assert isinstance(sheet, NoteSheet)
    sheet.share_button.click()
    pick(desk, AIDE)
    sheet.reject()
    desk.settle()
    assert desk.device.marks() == ()
    assert desk.device.world.core.record.read(share_chains.addressed).result() == ()


def test_what_others_share_is_on_the_page_and_no_tool_takes_it_away(desk: Desk) -> None:
    stroke = ink(desk.device)
    give(desk.device, note(desk.device, "an_theirs", "Nên hỏi về kinh phí"), stroke)
    reader = desk.open()
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.scene.guests.marks))
    on_page = reader.canvas.scene.guests.marks[0]
    assert {one.mark.colour for one in on_page} == {people_words.colour_of(AIDE)}  # type: ignore[union-attr]
    assert [line.title for line in reader.panel.notes.lines] == [
        "Thành viên thứ 3: Ghi chú: “Nên hỏi về kinh phí”",
        "Thành viên thứ 3: Bút mực",
    ]
    frame = reader.canvas.frame()
    to_view = frame.to_view(0)
    box = to_view.mapRect(reader.canvas.scene.guests.shapes[0][0].box)
    middle = box.center().y()
    drag_pen(reader.canvas, (box.left(), middle), (box.right(), middle), device=ERASER_END)
    desk.settle()
    assert len(reader.canvas.scene.guests.marks[0]) == 2
    assert desk.device.world.core.record.read(received.all_live).result()[0].author == AIDE
    give(desk.device, stroke, count=1)  # its author takes it back
    desk.qtbot.waitUntil(lambda: len(reader.canvas.scene.guests.marks[0]) == 1)


def test_a_shared_note_is_read_copied_and_hidden(desk: Desk) -> None:
    theirs = note(desk.device, "an_theirs", "Nên hỏi về kinh phí")
    give(desk.device, theirs)
    reader = desk.open()
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.scene.guests.marks))
    reader.tools.buttons[Tool.HAND].click()
    where = reader.canvas.frame().to_view(0).map(theirs.at.x0, theirs.at.y0)
    QTest.mouseClick(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(where[0]), round(where[1])))
    sheet = desk.sheet(GuestSheet)
    assert isinstance(sheet, GuestSheet)
    assert sheet.words.text() == "Nên hỏi về kinh phí"
    sheet.copy_button.click()
    desk.settle()
    (mine,) = desk.device.marks()
    assert isinstance(mine, TextNote)
    assert mine.text == "Nên hỏi về kinh phí\n(theo ghi chú của Thành viên thứ 3)"
    assert mine.id != theirs.id
    reader.guests.open(theirs)
    sheet = desk.sheet(GuestSheet)
    assert isinstance(sheet, GuestSheet)
    sheet.hide_button.click()
    desk.settle()
    desk.qtbot.waitUntil(lambda: not reader.canvas.scene.guests.marks)
    assert [mark.id for mark in desk.device.marks()] == [mine.id]


def undo(desk: Desk) -> None:
    """Press Undo where the last choice of sharing is shown."""
    assert desk.window.workspace is not None
    bar = desk.window.workspace.undo_bar
    desk.qtbot.waitUntil(bar.isVisible)
    bar.undo_button.click()
    desk.settle()


def test_strokes_caught_by_the_lasso_are_shared_together_stay_shared_when_moved_and_undo_takes_it_back(
    desk: Desk,
) -> None:
    reader = desk.open()
    take(reader, Tool.PEN)
    for height in (300, 330, 480):
        drag_pen(reader.canvas, (200, height), (400, height + 10))
    desk.settle()
    take(reader, Tool.LASSO)
    drag_pen(reader.canvas, (150, 250), (150, 380), via=[(650, 250), (650, 380)])
    held = reader.canvas.scene.selection
    assert held is not None
    desk.qtbot.waitUntil(lambda: reader.selection.standing.text() == "Riêng tôi")
    reader.selection.share_button.click()
    desk.settle()
    sheet = desk.sheet(ShareSheet)
    assert "Bút mực (2 nét)" in [label.text() for label in sheet.findChildren(Label)]
    pick(desk, AIDE)
    assert [chosen(desk.device, mark.id) for mark in held.marks] == [(AIDE,)] * 2
    desk.qtbot.waitUntil(lambda: reader.selection.standing.text() == "Chia sẻ với Thành viên thứ 3")
    drag_pen(reader.canvas, (300, 315), (330, 365))
    desk.settle()
    moved = reader.canvas.scene.selection
    assert moved is not None
    assert not {mark.id for mark in moved.marks} & {mark.id for mark in held.marks}
    assert [chosen(desk.device, mark.id) for mark in moved.marks] == [(AIDE,)] * 2, "where they are now, too"
    told = desk.device.world.core.record.read(lambda c: share_chains.untold(c, AIDE, most=9, size=10**6)).result()
    assert {one.id for one in told} == {mark.id for mark in moved.marks}, "the old place was never sent and is not"
    undo(desk)
    assert [chosen(desk.device, mark.id) for mark in held.marks] == [()] * 2


def test_strokes_are_shared_with_keys_alone(desk: Desk) -> None:
    desk.device.world.write(lambda conn: marks.add(conn, ink(desk.device)))
    reader = desk.open()
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.scene.ink.strokes(0)))
    reader.canvas.setFocus()
    QTest.keyClick(reader.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    desk.qtbot.waitUntil(reader.selection.share_button.hasFocus)
    QTest.keyClick(reader.selection.share_button, Qt.Key.Key_Return)
    desk.settle()
    pick(desk, AIDE)
    assert chosen(desk.device, AnnotationId("an_ink")) == (AIDE,)


class ListDesk(Desk):
    @property
    def screen(self) -> NotesScreen:
        assert self.window.workspace is not None
        found = self.window.workspace.screen_of(places.Notes)
        assert isinstance(found, NotesScreen)
        return found

    def rows(self) -> list[str]:
        return [row.accessibleName() for row in seen_of(self.screen, Row) if isinstance(row, NoteRow | GuestRow)]


@pytest.fixture
def full(device: ReaderWorld) -> ReaderWorld:
    private, shared = note(device, "an_private", "Riêng"), note(device, "an_shared", "Chung")
    line = Highlight(
        id=AnnotationId("an_line"),
        paper=DRAFT,
        plain=device.plain,
        page=1,
        made=AT,
        colour="#FFE08A",
        rects=(Rect(1, 2, 3, 4),),
    )
    for one in (private, shared, line):
        device.world.write(lambda conn, one=one: marks.add(conn, one))
    device.world.write(lambda conn: shares.choose(conn, (shared.id,), (AIDE, OTHER)))
    give(device, note(device, "an_theirs", "Của người giúp việc"))
    return device


@pytest.mark.parametrize(
    ("whose", "rows"),
    [
        (Whose.ALL, 4),
        (Whose.MINE, 2),
        (Whose.SHARED, 1),
        (Whose.RECEIVED, 1),
        (Whose.HIDDEN, 0),
    ],
)
def test_the_list_says_whose_a_note_is_and_who_reads_it(
    full: ReaderWorld, qtbot: QtBot, whose: Whose, rows: int
) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    desk.screen.whose.button(whose).click()
    assert len(desk.rows()) == rows
    if whose is Whose.SHARED:
        assert [chip.text for chip in seen_of(desk.screen, Chip)] == [
            "Chờ Thành viên thứ 3, Thành viên thứ 5 có thiết bị"
        ]


def test_a_hidden_one_can_be_shown_again(full: ReaderWorld, qtbot: QtBot) -> None:
    full.world.write(lambda conn: received.hide(conn, AIDE, (AnnotationId("an_theirs"),), hidden=True))
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    assert len(desk.rows()) == 3
    desk.screen.whose.button(Whose.HIDDEN).click()
    (row,) = seen_of(desk.screen, GuestRow)
    row.back.click()
    desk.settle()
    qtbot.waitUntil(lambda: desk.rows() == [])
    desk.screen.whose.button(Whose.RECEIVED).click()
    assert len(desk.rows()) == 1


def test_all_notes_of_a_paper_are_shared_at_once(full: ReaderWorld, qtbot: QtBot) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    next(b for b in desk.screen.findChildren(type(desk.screen.which)) if b.text() == "Chia sẻ tất cả…").click()
    desk.settle()
    pick(desk, AIDE)
    for name in ("an_private", "an_shared", "an_line"):
        assert chosen(full, AnnotationId(name)) == (AIDE,)


def test_strokes_of_a_page_are_one_row_shared_and_hidden_together(full: ReaderWorld, qtbot: QtBot) -> None:
    mine = [replace(ink(full), id=AnnotationId(f"an_mine{n}"), page=2) for n in range(3)]
    for one in mine:
        full.world.write(lambda conn, one=one: marks.add(conn, one))
    give(full, *(replace(ink(full), id=AnnotationId(f"an_guest{n}"), page=3) for n in range(4)))
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    (row,) = [row for row in seen_of(desk.screen, NoteRow) if row.title.text() == "Bút mực (3 nét)"]
    row.share_button.click()
    desk.settle()
    pick(desk, OTHER)
    assert [chosen(full, one.id) for one in mine] == [(OTHER,)] * 3
    undo(desk)
    assert [chosen(full, one.id) for one in mine] == [()] * 3
    assert [row.title.text() for row in seen_of(desk.screen, GuestRow)][1:] == ["Bút mực (4 nét)"]
    reader = desk.open(page=3)
    qtbot.waitUntil(lambda: 3 in reader.canvas.scene.guests.marks)
    assert "Thành viên thứ 3: Bút mực (4 nét)" in [line.title for line in reader.panel.notes.lines]
    reader.guests.open(reader.canvas.scene.guests.marks[3][0].mark)
    sheet = desk.sheet(GuestSheet)
    assert isinstance(sheet, GuestSheet)
    assert sheet.words.text() == "Bút mực (4 nét)"
    sheet.hide_button.click()
    desk.settle()
    qtbot.waitUntil(lambda: 3 not in reader.canvas.scene.guests.marks)


def test_a_copy_holds_the_members_own_notes_under_the_members_name_and_nobody_elses(
    full: ReaderWorld, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    for name in ("copy.txt", "copy.pdf"):
        next(b for b in desk.screen.findChildren(type(desk.screen.which)) if b.text() == "Xuất ra tệp").click()
        sheet = desk.sheet(ExportSheet)
        assert isinstance(sheet, ExportSheet)
        with qtbot.waitSignal(sheet.written, timeout=30_000):
            sheet.write_to(tmp_path / name)
        desk.settle()
    text = (tmp_path / "copy.txt").read_text("utf-8")
    assert ("Chung" in text, "Riêng" in text, "Của người giúp việc" in text) == (True, True, False)
    with pymupdf.open(tmp_path / "copy.pdf") as made:
        notes = [annotation.info for page in made for annotation in page.annots()]
    assert sorted(one["content"] for one in notes if one["content"]) == ["Chung", "Riêng"]
    assert {one["title"] for one in notes} == {full.world.ctx.member.name}


def test_the_agenda_says_what_was_shared_and_leads_there(full: ReaderWorld, qtbot: QtBot) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Meeting(PACK))
    name = "Ghi chú được chia sẻ với đồng chí. Thành viên thứ 3: 1"

    def rows() -> list[Row]:
        return [row for row in seen_of(desk.window, Row) if row.accessibleName() == name]

    qtbot.waitUntil(lambda: len(rows()) == 1)
    rows()[0].activated.emit()
    desk.settle()
    assert desk.window.workspace is not None
    assert desk.window.workspace.route == places.Notes(PACK)


def test_what_waits_to_be_shared_stands_in_the_outbox(full: ReaderWorld, qtbot: QtBot) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Outbox())
    rows = [row.accessibleName() for row in seen_of(desk.window, SharedRow)]
    assert rows == [
        "Chia sẻ với Thành viên thứ 3. 1 mục chờ gửi · chưa có thiết bị: sẽ nhận khi có",
        "Chia sẻ với Thành viên thứ 5. 1 mục chờ gửi · chưa có thiết bị: sẽ nhận khi có",
    ]
    full.world.write(lambda conn: shares.choose(conn, (AnnotationId("an_shared"),), (OTHER,)))
    qtbot.waitUntil(lambda: len(seen_of(desk.window, SharedRow)) == 1)


def test_one_paper_only(full: ReaderWorld, qtbot: QtBot) -> None:
    desk = ListDesk(full, qtbot)
    desk.go(places.Notes(PACK))
    desk.screen.which.click()
    sheet = desk.sheet(PaperPick)
    qtbot.waitUntil(lambda: len(sheet.findChildren(Row)) == 2)  # built in slices
    entries = list(sheet.findChildren(Row))
    entries[1].activated.emit()
    desk.settle()
    assert desk.screen.which.accessibleName().startswith("Tài liệu: ")
    assert len(desk.rows()) == 4


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Nguyễn Văn An (dữ liệu giả định)", "Nguyễn Văn An"),
        ("Thư ký của Bộ trưởng (dữ liệu giả định)", "Thư ký của Bộ trưởng"),
        ("Bộ trưởng Bộ Nông nghiệp và Môi trường", "Bộ trưởng Bộ Nông ngh…"),
    ],
)
def test_a_tag_never_names_somebody_elses_office(name: str, tag: str) -> None:
    assert people_words.short_name(name) == tag


def test_words_can_be_read_on_a_band_of_every_author() -> None:
    for colour in AUTHOR_COLOURS:
        assert contrast("#000000", band_colour(colour)) >= 7, colour


def test_people_stand_in_vietnamese_order_those_near_first() -> None:
    names = ["Trần Văn Ân", "Lê Thị Ẩn", "Đỗ Dũng", "Phạm Đức", "Ngô Ánh", "Vũ An (dữ liệu giả định)", "Bùi Bình"]
    people = {(ident := MemberId(f"m_{n:03}")): Person(ident, name, "member") for n, name in enumerate(names, 1)}
    me, aide = MemberId("m_me1"), MemberId("m_zz1")
    people[me] = Person(me, "Tôi", "member")
    people[aide] = Person(aide, "Thư ký", "aide", (me,))
    near, others = people_words.offered(people, me)
    assert [one.id for one in near] == [aide]
    assert [people_words.given_name(one.name) for one in others] == ["An", "Ánh", "Ân", "Ẩn", "Bình", "Dũng", "Đức"]


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT])
def test_sheets_and_list_are_whole_named_and_large_enough(
    full: ReaderWorld, qtbot: QtBot, size: tuple[int, int]
) -> None:
    desk = ListDesk(full, qtbot, size)
    desk.go(places.Notes(PACK))
    assert (too_small(desk.screen), unnamed(desk.screen), cut_off(desk.screen)) == ([], [], [])
    sheet = ShareSheet(full.world.ctx, desk.window, what="Ghi chú này", before=(AIDE,))
    sheet.open()
    desk.settle()
    assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])
    sheet.search.setText("thu 3")
    qtbot.waitUntil(lambda: [box.person.id for box in sheet.boxes()] == [AIDE])

# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tap on a reference goes where it leads, within the pack, and there is a way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pymupdf
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.domain.ids import PaperId
from client.domain.paper import PaperKind
from client.store import packs
from client.ui import navigator as places
from client.ui.screens.reader_citations import paper_for
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.viewer.citations import find_citations
from client.viewer.document_state import Tool
from client.viewer.geometry import PagePoint
from tests.helpers.reader_world import DRAFT, PACK, keep_paper, reader_pack, reader_world
from tests.helpers.replaced import FONT, settled
from tests.helpers.ui_world import paper
from tests.ui.test_reader import Desk

OTHER = PaperId("r_decree")


def law(*pages: tuple[str, ...]) -> bytes:
    file = next(path for path in sorted(FONT.glob("**/*.ttf")) if "Regular" in path.name)
    with pymupdf.open() as made:
        for lines in pages:
            page = made.new_page(width=595, height=842)
            page.insert_font(fontname="F0", fontfile=str(file))
            for row, line in enumerate(lines):
                page.insert_text((60, 120 + 40 * row), line, fontname="F0", fontsize=11)
        return bytes(made.tobytes(garbage=3))


MAIN = law(
    ("Căn cứ khoản 2 Điều 5 và Nghị định số 39/2022/NĐ-CP", "Theo Điều 3 của Nghị định số 39/2022/NĐ-CP", "Xem Điều 9"),
    ("Điều 4. Phạm vi (dữ liệu giả định)",),
    ("Điều 5. Thời hạn", "1. Sáu tháng", "2. Mười hai tháng", "theo Luật số 117/2025/QH15"),
)
DECREE = law(("Nghị định (dữ liệu giả định)",), ("Điều 3. Nguyên tắc",))


@pytest.fixture
def desk(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with reader_world(tmp_path / "device", MAIN) as made:
        title = "Nghị định ban hành Quy chế (dữ liệu giả định)"
        other = paper(OTHER, title, PaperKind.OTHER, 2, number="39/2022/NĐ-CP")
        kept = keep_paper(made.world, DECREE, other)
        made.world.write(lambda c: packs.upsert(c, reader_pack(made.draft, kept, rev=2)))
        made.world.core.indexer.start()
        settled(made)
        yield Desk(made, qtbot)
        made.world.core.indexer.stop()
        for window in ui_app.topLevelWidgets():
            window.close()


def tap(desk: Desk, page: int, word: str) -> None:
    reader = desk.reader
    reader.canvas.go_to_page(page)
    desk.qtbot.waitUntil(lambda: bool(reader.canvas.words_of(page)))
    found = next(one for one in reader.canvas.words_of(page) or () if one.text == word)
    reader.canvas.place_tapped.emit(PagePoint(page, (found.x0 + found.x1) / 2, (found.y0 + found.y1) / 2))
    desk.settle()


def test_a_clause_of_this_paper(desk: Desk) -> None:
    reader = desk.open(page=0)
    tap(desk, 0, "khoản")
    desk.qtbot.waitUntil(lambda: reader.canvas.page == 2)


def test_another_paper_by_its_number_and_back(desk: Desk) -> None:
    desk.open(page=0)
    tap(desk, 0, "39/2022/NĐ-CP")
    desk.qtbot.waitUntil(lambda: desk.reader.found is not None and desk.reader.found.paper.id == OTHER)
    assert desk.window.workspace is not None
    desk.window.workspace.back()
    desk.qtbot.waitUntil(lambda: desk.reader.found is not None and desk.reader.found.paper.id == DRAFT)


def test_an_article_of_another_paper_opens_at_its_page(desk: Desk) -> None:
    desk.open(page=0)
    tap(desk, 0, "Theo")
    assert desk.reader.found is not None
    assert desk.reader.found.paper.id == DRAFT, "an ordinary word leads nowhere"
    tap(desk, 0, "3")
    assert desk.window.workspace is not None
    desk.qtbot.waitUntil(lambda: desk.window.workspace.route == places.Paper(PACK, OTHER, 1))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("page", "word", "said"),
    [
        (0, "9", "Không thấy Điều 9 trong tài liệu này."),
        (2, "117/2025/QH15", "117/2025/QH15 không có trong hồ sơ phiên họp này."),
    ],
)
def test_what_is_not_here_is_said(desk: Desk, page: int, word: str, said: str) -> None:
    desk.open(page=page)
    tap(desk, page, word)
    desk.qtbot.waitUntil(lambda: any(one.isVisible() for one in desk.window.findChildren(Sheet)))
    sheet = desk.sheet(Sheet)
    assert said in [label.text() for label in sheet.findChildren(Label)]
    assert isinstance(sheet, Sheet)
    sheet.reject()
    assert desk.reader.canvas.tool is Tool.HAND


def test_a_paper_whose_title_names_the_number() -> None:
    (wanted,) = find_citations("Nghị định số 39/2022/NĐ-CP")
    first = paper("p_one1", "Báo cáo về việc thi hành Nghị định số 39/2022/NĐ-CP", PaperKind.ANNEX)
    second = msgspec.structs.replace(first, id=PaperId("p_two2"), kind=PaperKind.REPORT)
    third = msgspec.structs.replace(first, id=PaperId("p_thr3"), title="Khác", number="39/2022/NĐ-CP")
    assert paper_for([first, second], wanted) is second
    assert paper_for([first, second, third], wanted) is third
    assert paper_for([msgspec.structs.replace(first, title="Khác")], wanted) is None


def linked(uri: str, kind: int = pymupdf.LINK_GOTOR) -> bytes:
    with pymupdf.open(stream=MAIN, filetype="pdf") as made:
        spot = pymupdf.Rect(60, 300, 300, 320)
        made[0].insert_link({"kind": kind, "file": uri, "page": 1, "to": pymupdf.Point(0, 0), "from": spot})
        return bytes(made.tobytes())


def test_a_link_to_the_file_of_another_paper_opens_that_paper(
    ui_app: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    with reader_world(tmp_path / "device", linked("du thao/39-2022-ND-CP.pdf")) as made:
        other = paper(OTHER, "Nghị định ban hành Quy chế (dữ liệu giả định)", pages=2, number="39/2022/NĐ-CP")
        kept = keep_paper(made.world, DECREE, other)
        made.world.write(lambda c: packs.upsert(c, reader_pack(made.draft, kept, rev=2)))
        desk = Desk(made, qtbot)
        reader = desk.open(page=0)
        reader.canvas.place_tapped.emit(PagePoint(0, 100, 310))
        desk.settle()
        qtbot.waitUntil(lambda: reader.found is not None and reader.found.paper.id == OTHER)
        assert reader.canvas.page == 1
        desk.window.close()


def test_a_link_to_a_file_that_is_no_paper_of_the_pack_goes_nowhere(
    ui_app: QApplication, tmp_path: Path, qtbot: QtBot
) -> None:
    with reader_world(tmp_path / "device", linked("ngoai ho so.pdf")) as made:
        desk = Desk(made, qtbot)
        reader = desk.open(page=0)
        reader.canvas.place_tapped.emit(PagePoint(0, 100, 310))
        desk.settle()
        sheet = desk.sheet(Sheet)
        assert any("ngoai" in label.text() for label in sheet.findChildren(Label))
        assert reader.found is not None
        assert reader.found.paper.id == DRAFT
        desk.window.close()

# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links in a paper and what a paper carries that is never run: followed within, shown in words, never opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from client.ui.screens.reader import ReaderScreen
from client.ui.screens.reader_links import left_out_words, link_at
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.viewer.messages import Link
from tests.helpers.reader_world import ReaderWorld, make_pdf, reader_world
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.ui.test_reader import Desk

WEB = "https://example.gov.vn/tai-lieu"


def with_links() -> bytes:
    """A link to page 5, one to the web, scripts, an attachment, a form."""
    with pymupdf.open(stream=make_pdf(6), filetype="pdf") as made:
        page = made[0]
        page.insert_link({"kind": pymupdf.LINK_GOTO, "page": 4, "from": pymupdf.Rect(60, 80, 300, 95)})
        page.insert_link({"kind": pymupdf.LINK_URI, "uri": WEB, "from": pymupdf.Rect(60, 136, 300, 151)})
        made.embfile_add("note", b"x", filename="note.exe")
        field = pymupdf.Widget()
        field.rect, field.field_type, field.field_name = pymupdf.Rect(60, 700, 200, 720), 7, "f"
        field.script = "app.alert(1)"
        page.add_widget(field)
        catalog = made.pdf_catalog()
        made.xref_set_key(catalog, "OpenAction", "<</S/JavaScript/JS(app.launchURL\\('http://x'\\))>>")
        return bytes(made.tobytes(deflate=True, garbage=3, use_objstms=1))


@pytest.fixture
def device(ui_app: QApplication, tmp_path: Path) -> Iterator[ReaderWorld]:
    with reader_world(tmp_path / "device", with_links()) as made:
        yield made
        for window in ui_app.topLevelWidgets():
            window.close()


@pytest.fixture
def desk(device: ReaderWorld, qtbot: QtBot) -> Desk:
    return Desk(device, qtbot)


def tap(reader: ReaderScreen, desk: Desk, x: float, y: float) -> None:
    at = reader.canvas.frame().to_view(0).map(QPointF(x, y)) / reader.canvas.ratio
    QTest.mouseClick(reader.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(at.x()), round(at.y())))
    desk.settle()


def texts(sheet: Sheet) -> list[str]:
    return [label.text() for label in sheet.findChildren(Label)]


def test_a_link_within_the_paper_is_followed_with_a_way_back(desk: Desk) -> None:
    reader = desk.open()
    tap(reader, desk, 150, 88)
    assert reader.canvas.page == 4
    reader.header.way_back.click()
    assert reader.canvas.page == 0


def test_a_link_out_of_the_paper_is_shown_and_goes_nowhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    reader = desk.open()
    tap(reader, desk, 150, 143)
    sheet = desk.sheet(Sheet)
    assert isinstance(sheet, Sheet)
    assert WEB in texts(sheet)
    assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])
    assert reader.canvas.page == 0
    assert opened == []
    tap(reader, desk, 150, 600)


def test_what_is_left_out_is_listed_even_when_it_hides_in_compressed_objects(desk: Desk) -> None:
    reader = desk.open()
    assert reader._left_out == ("embedded_files", "forms", "javascript", "open_action")
    assert not reader.header.left_out_button.isHidden()
    reader.header.left_out_button.click()
    sheet = desk.sheet(Sheet)
    assert isinstance(sheet, Sheet)
    shown = texts(sheet)
    assert all(words in shown for words in left_out_words(reader._left_out))
    assert (too_small(sheet), unnamed(sheet), cut_off(sheet)) == ([], [], [])


def test_every_feature_the_render_process_names_has_words(ui_app: QApplication) -> None:
    from client.viewer.worker import render

    names = sorted({name for _, name in (*render._CATALOG_FEATURES, *render._BYTE_FEATURES)})
    assert all(words != name for words, name in zip(left_out_words(names), names, strict=True))


def test_of_two_links_the_smaller_is_meant() -> None:
    large, small = Link(0, 0, 100, 100, 1), Link(40, 40, 60, 60, 2)
    assert link_at([large, small], 50, 50) == small
    assert link_at([large, small], 90, 90) == large
    assert link_at([large, small], 103, 50) == large
    assert link_at([large, small], 105, 50) is None

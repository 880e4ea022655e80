# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists that lead to pages: ten thousand lines cost no more than a screenful, and notes are listed by page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from client.domain.annotation import Bookmark
from client.domain.ids import AnnotationId, Moment, PaperId
from client.ui.screens.reader_panel import note_lines
from client.ui.theme.apply import tokens
from client.ui.theme.fonts import font
from client.ui.widgets import page_lines
from client.ui.widgets.page_lines import Index, Line, PageLines
from tests.helpers.ui_world import digest

TITLE = "Quy định chi tiết một số điều của Luật mẫu về tổ chức bộ máy (dữ liệu giả định)"


def test_a_very_long_list_is_not_measured_line_by_line(
    ui_app: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[int] = set()
    really = page_lines._Delegate.sizeHint

    def counted(self: page_lines._Delegate, option: QStyleOptionViewItem, index: Index) -> QSize:
        asked.add(index.row())
        return really(self, option, index)

    monkeypatch.setattr(page_lines._Delegate, "sizeHint", counted)
    made = PageLines("Mục lục")
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show_lines([Line(page, TITLE, str(page + 1)) for page in range(10_000)])
    with qtbot.waitExposed(made):
        made.show()
    made.mark_page(7_000)
    here = made.currentIndex()
    assert here.row() == 7_000
    assert made.visualRect(here).intersects(made.viewport().rect())
    assert len(asked) < 10
    assert made.visualRect(here).height() >= 2 * QFontMetrics(font(tokens().measures.note)).lineSpacing()
    made.show_lines([Line(0, "Ngắn", "1"), Line(1, TITLE, "2")])
    one, two = (made.sizeHintForIndex(made.model().index(row, 0)).height() for row in (0, 1))
    assert one < two, "a short list keeps its own heights"


def test_notes_are_listed_by_page_whatever_their_order(ui_app: QApplication) -> None:
    made = Moment("2026-11-26T01:00:00.000Z")
    marks = [
        Bookmark(
            id=AnnotationId(f"a_{page}"),
            paper=PaperId("x_paper"),
            plain=digest("x"),
            page=page,
            made=made,
            label=str(page),
        )
        for page in (7, 2, 7, 0)
    ]
    assert [(line.page, line.title) for line in note_lines(marks)] == [(0, "0"), (2, "2"), (7, "7"), (7, "7")]
